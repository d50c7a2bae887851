"""A hurried officer: clicks twice, goes back, pastes a whole page, turns the phone, changes the language half-way."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.test_desk_live import sitting
from tests.web.afternoon import Afternoon, an_afternoon

NARROW = (320, 390, 761, 844, 910, 1024, 1181, 1280, 1366)  # a phone on its side, small windows, a laptop at 150 %
CUT = """
() => ["#jawab button.main", ".bar .acts", ".talk h2"].filter((selector) => {
  const [box, talk] = [selector, ".talk"].map((one) => document.querySelector(one).getBoundingClientRect());
  return box.width < 40 || box.right > talk.right || box.left < talk.left;
})
"""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False, undo=timedelta(seconds=5)) as found:
        for name in ("Warga A", "Warga B"):
            await found.says(name, "tg-humas", "Lampu jalan mati", ago=timedelta(minutes=3))
        yield found


async def opened(page: Page, desk: Afternoon, name: str = "Warga A") -> None:
    await page.goto(f"{desk.address}/kotak/semua/{desk.talks[name]}")
    await expect(page.locator("#langsung.on")).to_be_visible()


async def waiting(desk: Afternoon, name: str = "Warga A") -> list[str]:
    found = await desk.read(lambda work: work.plans.shown(desk.talks[name]))
    return [one.text for one in found]


async def test_twice_clicked_is_once_sent_and_going_back_loses_nothing(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        await opened(page, desk)
        await page.fill("#tulis", "Dua kali klik")
        await page.locator("#jawab button.main").dblclick()
        await expect(page.locator(".plan .words")).to_have_text(["Dua kali klik"])
        await page.fill("#tulis", "Tiga kali tekan")
        for _ in range(3):
            await page.keyboard.press("Control+Enter")
        await expect(page.locator(".plan .words")).to_have_text(["Dua kali klik", "Tiga kali tekan"])
        await expect(page.locator("#urungkan")).to_contain_text("Jawaban untuk Warga A terkirim dalam")

        # The notice stays with its citizen, and covers nothing of the next answer.
        await page.locator("#baris .hit", has_text="Warga B").click()
        await expect(page.locator(".talk h2")).to_have_text("Warga B")
        await expect(page.locator("#urungkan")).to_contain_text("Jawaban untuk Warga A")
        bar, composer = await page.locator("#urungkan").bounding_box(), await page.locator("#jawab").bounding_box()
        assert bar is not None
        assert composer is not None
        assert bar["x"] + bar["width"] <= composer["x"]

        await page.fill("#tulis", "Sedang ditulis")
        await page.go_back()
        await expect(page.locator(".talk h2")).to_have_text("Warga A")
        await page.go_forward()
        await expect(page.locator("#tulis")).to_have_value("Sedang ditulis")
        await page.locator('.rail a[href="/ppid"]').click()
        await page.wait_for_url("**/ppid")
        await page.go_back()
        await expect(page.locator("#tulis")).to_have_value("Sedang ditulis")
        await page.locator("#tulis").press("Control+Enter")
        await expect(page.locator(".plan .words")).to_have_text("Sedang ditulis")
        await page.go_back()
        await page.go_forward()
        await expect(page.locator("#tulis")).to_have_value("")
        assert await waiting(desk, "Warga B") == ["Sedang ditulis"]
        assert await waiting(desk) == ["Dua kali klik", "Tiga kali tekan"]


async def test_a_whole_page_is_pasted_the_window_turned_and_the_language_changed(
    chromium: Browser, desk: Afternoon
) -> None:
    page_full = ("Kalimat panjang yang ditempel petugas. " * 300)[:9_999] + "."
    async with sitting(chromium, desk, expected="422", permissions=["clipboard-read", "clipboard-write"]) as page:
        await opened(page, desk)
        await page.evaluate("words => navigator.clipboard.writeText(words)", page_full)
        await page.locator("#tulis").focus()
        await page.keyboard.press("Control+v")
        await expect(page.locator("#tulis")).to_have_value(page_full)
        await expect(page.locator(".limit.over")).to_have_text("10.000/4.096 huruf")
        assert await page.evaluate(CUT) == []
        await page.locator("#jawab button.main").click()
        await expect(page.locator(".composer .error-line")).to_contain_text("paling banyak 4096")
        await expect(page.locator("#tulis")).to_have_value(page_full)
        assert await waiting(desk) == []

        await page.fill("#tulis", "Jawaban yang belum selesai")
        for width in NARROW:
            await page.set_viewport_size({"width": width, "height": 700})
            assert await page.evaluate(CUT) == [], f"at {width}"
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
        for width, height in ((390, 844), (844, 390), (390, 844)):
            await page.set_viewport_size({"width": width, "height": height})
            await expect(page.locator("#tulis")).to_have_value("Jawaban yang belum selesai")
            await expect(page.locator("#jawab button.main")).to_be_in_viewport(ratio=1)
        await page.set_viewport_size({"width": 1440, "height": 900})

        await expect(page.locator(".saved")).to_have_text("Draf tersimpan")
        other = await page.context.new_page()
        await other.goto(f"{desk.address}/saya")
        await other.get_by_role("button", name="English").click()
        await other.close()
        await page.reload()
        await expect(page.locator("#tulis")).to_have_value("Jawaban yang belum selesai")
        await expect(page.locator("#jawab button.main")).to_contain_text("Send")
        await page.locator("#jawab button.main").click()
        await expect(page.locator(".plan .words")).to_have_text("Jawaban yang belum selesai")
