"""A citizen shares where they are while the conversation stands open: the map comes by itself and opens by keyboard."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from tests.browser.test_desk_live import sitting
from tests.web.afternoon import Afternoon, an_afternoon


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        await found.says("Warga A", "wa-layanan", "Pohon tumbang menutup jalan", ago=timedelta(minutes=3))
        yield found


async def test_a_shared_place_arrives_as_a_map_and_opens_by_keyboard(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga A']}")
        await expect(page.locator("#langsung.on")).to_be_visible()
        await page.locator("#tulis").fill("Kami ke sana")
        message = await desk.says("Warga A", "wa-layanan", "", location={"lat": 0.4831, "lon": 117.5061})
        link = page.locator(f'a[href="/pesan/{message.id}/peta"]')
        await expect(link.get_by_role("img")).to_have_attribute(
            "aria-label", "Peta. 3,4 km di barat daya Sangatta. Mungkin Kec. Sangatta Utara"
        )
        await expect(page.locator("#tulis")).to_have_value("Kami ke sana")

        await link.press("Enter")
        dialog = page.get_by_role("dialog", name="Lokasi warga")
        await expect(dialog).to_contain_text("8,9 km di selatan tengah Kec. Teluk Lingga")
        await expect(dialog.get_by_role("link", name="Buka di OpenStreetMap")).to_have_attribute("target", "_blank")
        found = await Axe().run(page, context=".viewer")
        assert [one["id"] for one in found.response["violations"]] == []
        await page.keyboard.press("Escape")

        await expect(dialog).to_be_hidden()
        await expect(link).to_be_focused()
