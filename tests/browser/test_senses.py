"""For every eye, ear and hand: what is heard, what is read out, what keeps its focus, and what a reader's own settings change."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.test_desk_live import sitting
from tests.browser.test_desk_reach import looked_at
from tests.web.afternoon import Afternoon, an_afternoon

LAPTOP = {"width": 1440, "height": 900}
TONES = """
window.tones = 0;
const begin = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) { window.tones += 1; return begin.apply(this, at); };
"""
LISTENS = """
window.said = [];
new MutationObserver(() => window.said.push(document.querySelector("#kabar").textContent.replace(/\\u00a0/g, "")))
  .observe(document.querySelector("#kabar"), { childList: true, characterData: true, subtree: true });
"""
MOVING = """
[...document.querySelectorAll("*")].filter((one) => ["", "::before", "::after"].some((part) => {
  const style = getComputedStyle(one, part || null);
  const long = (times) => times.split(",").some((time) => parseFloat(time) > 0);
  return (style.animationName !== "none" && long(style.animationDuration)) || long(style.transitionDuration);
})).map((one) => one.outerHTML.slice(0, 80))
"""
UNSEEN = """
(selectors) => selectors.filter((selector) => {
  const box = document.querySelector(selector)?.getBoundingClientRect();
  return !box || box.width < 8 || box.height < 8 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < 0;
})
"""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        for n in range(34):
            await found.says(f"Warga {n:02}", "tg-humas", f"Lampu jalan mati {n}", ago=timedelta(minutes=60 - n))
        yield found


async def opened(page: Page, desk: Afternoon, name: str = "Warga 33") -> None:
    await page.goto(f"{desk.address}/kotak/semua/{desk.talks[name]}")
    await expect(page.locator("#langsung.on")).to_be_visible()


async def test_sound_is_off_until_asked_for_and_a_new_message_is_read_out_once(
    chromium: Browser, desk: Afternoon
) -> None:
    async with sitting(chromium, desk) as page:
        await page.add_init_script(TONES)
        await opened(page, desk)
        await page.evaluate(LISTENS)
        await page.locator("#baris .row .hit").nth(3).focus()
        held = await page.evaluate("document.activeElement.closest('.row').dataset.key")

        await desk.says("Warga 33", "tg-humas", "Sudah tiga malam gelap")
        await expect(page.locator("#kabar")).to_have_text("Warga 33: Sudah tiga malam gelap")
        await desk.says("Warga 50", "tg-humas", "Ada yang baru")
        await expect(page.locator("#baris .who").first).to_have_text("Warga 50")
        await expect(page.locator("#kabar")).to_have_text("1 pesan baru.", timeout=12_000)

        said = await page.evaluate("window.said")
        assert said.count("Warga 33: Sudah tiga malam gelap") == 1, said
        assert await page.evaluate("document.activeElement.closest('.row')?.dataset.key") == held, "focus was lost"
        assert await page.evaluate("window.tones") == 0, "a sound that nobody asked for"

        await page.goto(f"{desk.address}/saya/perangkat")
        await page.get_by_label("Nyalakan bunyi di peramban ini").check()
        await page.wait_for_function("window.tones === 2")
        await opened(page, desk)
        await page.mouse.click(700, 300)  # a browser plays nothing before somebody has touched the page
        await desk.says("Warga 51", "tg-humas", "Halo")
        await page.wait_for_function("window.tones === 2")
        await desk.says("Warga 52", "tg-humas", "Satu menit ramai")
        await expect(page.locator("#baris .who").first).to_have_text("Warga 52")
        assert await page.evaluate("window.tones") == 2, "a busy minute is one sound"

        await page.goto(f"{desk.address}/saya/perangkat")
        await page.get_by_label("Nyalakan bunyi di peramban ini").uncheck()
        await opened(page, desk)
        await desk.says("Warga 53", "tg-humas", "Halo")
        await expect(page.locator("#baris .who").first).to_have_text("Warga 53")
        assert await page.evaluate("window.tones") == 0


async def test_thirty_rows_at_once_and_twice_the_size(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk, viewport=LAPTOP) as page:
        await page.goto(f"{desk.address}/kotak/semua")
        rows = (
            "[...document.querySelectorAll('#baris .row')].filter((row) => { const box = row.getBoundingClientRect();"
            " const list = document.querySelector('#baris').getBoundingClientRect(); return box.bottom <= list.bottom + 1; }).length"
        )
        roomy = await page.evaluate(rows)
        await page.get_by_role("button", name="Satu baris per percakapan").click()
        await expect(page.get_by_role("button", name="Satu baris per percakapan")).to_have_attribute(
            "aria-pressed", "true"
        )
        await expect(page.locator("#langsung.on")).to_be_visible()
        dense = await page.evaluate(rows)
        assert dense >= 30 > roomy, (dense, roomy)
        await desk.says("Warga 50", "tg-humas", "Ada yang baru")
        await expect(page.locator("#baris .who").first).to_have_text("Warga 50")
    async with sitting(chromium, desk, viewport=LAPTOP) as elsewhere:
        await opened(elsewhere, desk)
        await expect(elsewhere.locator("html")).to_have_attribute("data-density", "compact")
        box = elsewhere.locator("#tulis")
        assert await box.evaluate("area => [area.spellcheck, area.lang]") == [True, "id"]

        # Twice the size of a 1366 × 768 laptop: half of it in CSS pixels.
        await elsewhere.set_viewport_size({"width": 683, "height": 384})
        await box.fill("Baik, kami periksa malam ini.")
        assert await elsewhere.evaluate("document.documentElement.scrollWidth") <= 683
        seen = ["#tulis", "#jawab button.main", ".talk h2", "#serahkan > summary", "#lainnya > summary"]
        assert await elsewhere.evaluate(UNSEEN, seen) == []
        stream = await elsewhere.locator("#aliran").bounding_box()
        assert stream is not None
        assert stream["height"] >= 80, "no room left to read"
        await elsewhere.keyboard.press("Control+Enter")
        await expect(elsewhere.locator(".msg.out .words")).to_have_text("Baik, kami periksa malam ini.")


async def test_a_readers_own_settings_are_followed(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk, reduced_motion="reduce") as still:
        await opened(still, desk)
        await still.keyboard.press("Control+k")
        assert await still.evaluate(MOVING) == []

    async with sitting(chromium, desk, contrast="more") as strong:
        await opened(strong, desk)
        style = "getComputedStyle(document.documentElement)"
        line, control = await strong.evaluate(
            f"['--line', '--control'].map((name) => {style}.getPropertyValue(name).trim())"
        )
        assert line == control

    async with sitting(chromium, desk, forced_colors="active") as chosen:
        await opened(chosen, desk)
        outlined = "(selector) => getComputedStyle(document.querySelector(selector)).outlineStyle"
        for selector in ("#baris .row.on > .hit", ".rail [aria-current]", ".where label:has(:checked)"):
            assert await chosen.evaluate(outlined, selector) != "none", f"{selector} is said by a shade alone"
        bordered = "(selector) => getComputedStyle(document.querySelector(selector)).borderTopStyle"
        assert await chosen.evaluate(bordered, ".bub") != "none"
        await looked_at(chosen, "warna-paksa")
