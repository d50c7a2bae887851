"""Two officers, two browsers, one inbox: who is there, who holds it, what they tell each other."""

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
        await found.says("Warga A", "tg-humas", "Lampu jalan mati", ago=timedelta(minutes=3))
        await found.says("Warga B", "tg-humas", "Sampah menumpuk", ago=timedelta(minutes=2))
        yield found


async def test_each_sees_that_the_other_reads_and_writes(chromium: Browser, desk: Afternoon) -> None:
    talk = desk.talks["Warga A"]
    async with sitting(chromium, desk, "r") as rina, sitting(chromium, desk, "s") as sari:
        await rina.goto(f"{desk.address}/kotak/semua/{talk}")
        await sari.goto(f"{desk.address}/kotak/semua")
        row = sari.locator(f'#baris [data-key="{talk}"] .here')
        await expect(row).to_have_text("Petugas R membaca")

        await rina.locator("#tulis").press_sequentially("Baik, kami")
        await expect(row).to_have_text("Petugas R menulis…")
        await sari.goto(f"{desk.address}/kotak/semua/{talk}")
        strip = sari.locator("#hadir")
        await expect(strip).to_have_text("PPetugas R sedang menulis…")
        await sari.locator("#tulis").fill("Selamat siang")
        await expect(strip).to_contain_text("Jawaban Anda dapat berbenturan.")
        await expect(rina.locator("#hadir")).to_contain_text("Petugas S sedang menulis…")

        await rina.close()
        await expect(strip).to_have_class("hadir empty")
