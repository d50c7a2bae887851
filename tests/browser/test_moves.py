"""A ready move in a real browser: found behind "/", looked at, run; offered in the palette too."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from omnichannel.domain.composing import After, Move
from tests.browser.test_desk_live import sitting
from tests.browser.test_desk_reach import looked_at
from tests.web.afternoon import Afternoon, an_afternoon
from tests.web.cast import NOW


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        await found.says("Warga A", "tg-humas", "Lampu jalan mati")
        move = Move(
            id=0,
            name="PJU ke Dishub",
            text="Terima kasih, {nama}. Laporan Anda kami teruskan.",
            assign="saya",
            kind="complaint",
            topic="pju",
            after=After.WORKDAY,
            made_by=found.staff["m"].id,
            made_at=NOW,
        )
        await found.write(lambda work: work.moves.add(move))
        yield found


async def test_a_move_is_seen_and_then_run_from_the_menu(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga A']}")
        await expect(page.locator("#langsung.on")).to_be_visible()
        await page.keyboard.press("Control+k")
        await page.fill("#palet-cari", "PJU ke")
        await expect(page.locator("#palet-daftar [role=option]").first).to_contain_text("Membalas warga")
        await page.keyboard.press("Escape")

        await page.locator("#tulis").press_sequentially("/pju")
        await expect(page.locator("#balasan [role=option]")).to_have_count(1)
        await page.keyboard.press("Enter")
        dialog = page.locator("#langkah")
        await expect(dialog.locator("li")).to_have_count(4)
        await expect(dialog.locator("blockquote")).to_have_text("Terima kasih, Warga A. Laporan Anda kami teruskan.")
        await looked_at(page, "langkah")
        await dialog.locator("button.main").click()

        await expect(dialog).to_be_hidden()
        await expect(page.locator(".msg.out .words").last).to_have_text(
            "Terima kasih, Warga A. Laporan Anda kami teruskan."
        )
        await expect(page.locator("#tulis")).to_have_value("")
        await expect(page.locator("#kepala")).to_contain_text("Pengaduan")


async def test_the_page_that_makes_them_is_fit_to_be_seen(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk, "m") as page:
        await page.goto(f"{desk.address}/kelola/langkah")
        await page.locator("details summary", has_text="PJU ke Dishub").click()
        await looked_at(page, "kelola-langkah")
