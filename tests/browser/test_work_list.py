"""The work list in a real browser: many at once and back again, a place that is kept, and a click that needs no page."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_desk_live import sitting
from tests.web.afternoon import Afternoon, an_afternoon


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        for n in range(5):
            await found.says(f"Warga {n}", "tg-humas", f"Lampu jalan mati {n}", ago=timedelta(minutes=30 - n))
        yield found


async def test_many_are_done_by_keyboard_and_put_back(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/perlu-dibaca")
        await expect(page.locator("#langsung.on")).to_be_visible()
        for key in ("j", "x", "j", "j", "X"):
            await page.keyboard.press(key)
        await expect(page.locator("#massal [data-n]")).to_have_text("3 dipilih")
        await expect(page.locator("#kabar")).to_have_text("3 dipilih")

        await page.locator("#massal [value=selesai]").press("Enter")

        await expect(page.locator("#sekaligus")).to_contain_text("3 percakapan ditandai selesai.")
        await expect(page.locator("#baris .row")).to_have_count(2)
        assert await page.evaluate("document.activeElement.matches('#baris .hit')"), "focus is not lost with the rows"
        await page.keyboard.press("z")
        await expect(page.locator("#sekaligus")).to_contain_text("3 percakapan dikembalikan seperti semula.")
        await expect(page.locator("#baris .row")).to_have_count(5)
        await expect(page.locator("#massal")).to_be_hidden()


async def test_a_range_by_the_mouse_survives_what_arrives(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua")
        await expect(page.locator("#langsung.on")).to_be_visible()
        await page.locator("#baris .row .pick").nth(1).click()
        await page.locator("#baris .row .hit").nth(3).click(modifiers=["Shift"])
        await expect(page.locator("#massal [data-n]")).to_have_text("3 dipilih")
        picked = await page.locator("#baris .row.picked").evaluate_all("rows => rows.map((row) => row.dataset.key)")

        await page.mouse.move(900, 400)
        await desk.says("Warga 9", "tg-humas", "Baru saja")

        await expect(page.locator("#baris .row")).to_have_count(6)
        still = await page.locator("#baris .row:has(.pick:checked)").evaluate_all(
            "rows => rows.map((row) => row.dataset.key)"
        )
        assert still == picked
        await page.keyboard.press("Escape")
        await expect(page.locator("#massal")).to_be_hidden()


async def test_a_look_ahead_reads_nothing_and_the_click_does(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url.removeprefix(desk.address)))
        await page.goto(f"{desk.address}/kotak/semua")
        await expect(page.locator("#langsung.on")).to_be_visible()
        number = desk.talks["Warga 2"]
        row = page.locator(f'#baris .row[data-key="{number}"]')

        async with page.expect_response(lambda one: f"/{number}/panel?" in one.url):
            await row.hover()
        before = await desk.read(lambda work: work.conversations.get(number))
        await row.locator(".hit").click()

        await expect(page.locator(".talk h2")).to_have_text("Warga 2")
        await expect(page.locator('.rail [data-count="perlu-dibaca"]').first).to_have_text("4")
        assert before is not None
        assert before.unread == 1
        assert sum(f"/kotak/semua/{number}/panel" in one for one in asked) == 1, (
            "what was fetched ahead is what is shown"
        )
        assert f"/kotak/semua/{number}" not in asked
        assert page.url.endswith(f"/kotak/semua/{number}")
        await page.go_back()
        await expect(page.locator(".talk h2", has_text="Pilih percakapan")).to_be_visible()
