"""A busy hour: conversations arrive at 200 a minute while an officer reads, scrolls and types.

No key press is lost, no draft, and nothing that is looked at moves by itself.
"""

import asyncio
import json
import time
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, expect

from tests.bench.load import SECRET
from tests.bench.stand import Stand
from tests.drills.service import PASSWORD
from tests.parts.browser import DESK
from tests.web.front import a_batch, signed

pytestmark = pytest.mark.drill

A_MINUTE, ARRIVING = 200, 60  # conversations a minute, and how many of them in this drill
WRITTEN = "Selamat siang, laporan Anda kami terima dan sedang kami periksa bersama Dinas Perhubungan. " * 2


def an_arrival(n: int, text: str = "Lampu jalan mati") -> bytes:
    item: dict[str, object] = {
        "type": "incoming",
        "id": f"sibuk-{n}",
        "thread": f"utas-{n}",
        "surface": "direct",
        "from": {"id": f"warga-{n}", "name": f"Warga {n:03}"},
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "text": text,
    }
    return a_batch([item])


async def write(session: aiohttp.ClientSession, url: str, body: bytes) -> None:
    async with session.post(f"{url}/hooks/coba", data=body, headers=signed(body, SECRET)) as answer:
        assert answer.status == 200, await answer.text()


async def test_a_busy_hour_moves_nothing_and_loses_no_key(chromium: Browser, tmp_path: Path) -> None:
    service = Stand(tmp_path).service(tmp_path, roles="web,workers")
    await service.hire()
    async with service, aiohttp.ClientSession() as session:
        for n in range(80):
            await write(session, service.url, an_arrival(n))
        context = await chromium.new_context(**DESK)
        page = await context.new_page()
        await page.goto(f"{service.url}/login")
        await page.locator("[name=login]").fill("petugas")
        await page.locator("[name=password]").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/kotak/**")
        await page.goto(f"{service.url}/kotak/semua")
        await expect(page.locator("#langsung.on")).to_be_visible()
        await page.locator("#baris .row").nth(30).locator(".hit").click()
        await expect(page.locator("#tulis")).to_be_visible()
        await page.mouse.move(900, 300)
        await page.evaluate(WATCHED)

        async def arrive() -> None:
            for n in range(ARRIVING):
                await write(session, service.url, an_arrival(1000 + n))
                await asyncio.sleep(60 / A_MINUTE)

        await page.locator("#tulis").focus()
        arriving = asyncio.create_task(arrive())
        await page.keyboard.type(WRITTEN, delay=60)
        await arriving
        newest = f"Warga {1000 + ARRIVING - 1}"
        await expect(page.locator('.rail [data-count="semua"]')).to_have_text(str(80 + ARRIVING), timeout=15_000)

        assert await page.locator("#tulis").input_value() == WRITTEN
        assert await page.evaluate("document.activeElement.id") == "tulis"
        jumps = json.loads(await page.evaluate("JSON.stringify(window.jumps)"))
        assert jumps["list"] <= 2, "what is looked at in the list moved by itself"
        assert jumps["talk"] <= 2
        assert jumps["steady"] > 50, "the drill looked often enough to see a jump"
        await page.locator("#baris").evaluate("list => (list.scrollTop = 0)")
        await expect(page.locator("#baris .who", has_text=newest)).to_be_visible()
        await page.reload()
        await expect(page.locator("#tulis")).to_have_value(WRITTEN)
        await context.close()


# The open row and the first message are watched at every frame: how far each ever stood from where it stood at first.
WATCHED = """() => {
  const list = document.querySelector('#baris');
  document.querySelector('#baris .row.on').scrollIntoView({ block: 'center' });
  const where = (one) => one && one.isConnected ? one.getBoundingClientRect().top : null;
  const row = () => document.querySelector('#baris .row.on');
  const said = () => document.querySelector('#aliran .msg');
  const first = { list: where(row()), talk: where(said()) };
  window.jumps = { list: 0, talk: 0, steady: 0 };
  const look = () => {
    // Read after the frame's own work, as an eye would see it.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      for (const [name, now] of [['list', where(row())], ['talk', where(said())]]) {
        if (now !== null) window.jumps[name] = Math.max(window.jumps[name], Math.abs(now - first[name]));
      }
      window.jumps.steady += 1;
    };
    channel.port2.postMessage(0);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
