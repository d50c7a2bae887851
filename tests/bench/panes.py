"""From the click on a row to the conversation painted, in Chromium on loopback."""

import asyncio
import gzip
import re
from dataclasses import dataclass, field

from playwright.async_api import Page, Response, async_playwright

from tests.drills.service import PASSWORD
from tests.parts.browser import DESK, FLAGS, program

ROWS = 40
PATIENCE = 20  # seconds for one click on a busy machine
REST = 250  # ms on the row before the second kind of click
# The moment of the click is the event's own; painted is the first message after the frame that shows the swap.
WATCH = """(pane) => {
  let clicked = 0, before = null;
  window.painted = null;
  addEventListener("click", (event) => {
    [clicked, before, window.painted] = [event.timeStamp, document.querySelector(pane), null];
  }, true);
  new MutationObserver(() => {
    if (!clicked || document.querySelector(pane) === before) return;
    const since = clicked;
    clicked = 0;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => { window.painted = performance.now() - since; };
      after.port2.postMessage(0);
    });
  }).observe(document.body, { childList: true, subtree: true });
}"""
# The page's policy forbids what Playwright's own waiting evaluates.
PAINTED = """() => new Promise((told) => {
  const look = () => (window.painted === null ? setTimeout(look, 5) : told(window.painted));
  look();
})"""


@dataclass
class Clicks:
    """Seconds, and the bytes of our own files, packed."""

    cold: list[float] = field(default_factory=list)
    hovered: list[float] = field(default_factory=list)
    own: int = 0
    files: int = 0


async def measure_clicks(floor: str, desk: str) -> tuple[list[float], Clicks]:
    """The floor's clicks and the desk's, in the same browser."""
    clicks = Clicks()
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=program(), args=list(FLAGS))
        page = await (await chromium.new_context(**DESK)).new_page()
        await page.goto(floor)
        lowest = await _clicked(page, "#pane > p", "#rows .row", rest=0)
        page = await (await chromium.new_context(**DESK)).new_page()
        await page.goto(f"{desk}/login")
        await page.fill("[name=login]", "petugas")
        await page.fill("[name=password]", PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/kotak/**")
        came: list[Response] = []
        page.on("response", lambda answer: came.append(answer))
        await page.goto(f"{desk}/kotak/semua")
        await page.wait_for_selector("#langsung.on")
        own = sorted({one.url for one in came if re.search(r"/static/(?!.*vendor)", one.url)})
        clicks.files, clicks.own = len(own), sum([await _packed(page, one) for one in own])
        clicks.cold = await _clicked(page, "#percakapan", "#baris .hit", rest=0)
        await page.goto(f"{desk}/kotak/selesai")
        await page.wait_for_selector("#langsung.on")
        clicks.hovered = await _clicked(page, "#percakapan", "#baris .hit", rest=REST)
        await chromium.close()
    return lowest, clicks


async def _packed(page: Page, address: str) -> int:
    answer = await page.request.get(address)
    return len(gzip.compress(await answer.body(), 6))


async def _clicked(page: Page, pane: str, rows: str, *, rest: int) -> list[float]:
    """One row after another, each once; the first two warm the browser."""
    await page.evaluate(WATCH, pane)
    took = []
    for number in range(ROWS):
        row = page.locator(rows).nth(number)
        await row.scroll_into_view_if_needed()
        box = await row.bounding_box()
        assert box is not None
        await page.mouse.move(5, 5)
        if rest:
            await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            await page.wait_for_timeout(rest)
        await page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        took.append(await asyncio.wait_for(page.evaluate(PAINTED), PATIENCE) / 1000)
    return took[2:]
