"""A supervisor writes a rule, tries it, switches it on; an officer sees what it suggests and takes back what it did."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from omnichannel.domain.case import Kind
from omnichannel.workers.ruling import Ruler
from tests.browser.test_desk_live import sitting
from tests.web.afternoon import Afternoon, an_afternoon
from tests.web.cast import a_verdict

LIGHTS = a_verdict(Kind.COMPLAINT, 0.92, topic="pju", unit="pupr")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        await Ruler(found.house).turn()
        await found.says("Warga A", "tg-humas", "PJU mati di gang mawar", verdict=LIGHTS, ago=timedelta(days=1))
        yield found


async def test_a_rule_is_tried_switched_on_and_taken_back(chromium: Browser, desk: Afternoon) -> None:
    reply = desk.house.office.replies[0]
    async with sitting(chromium, desk, "m") as page:
        await page.goto(f"{desk.address}/kelola/aturan/baru")
        await page.get_by_label("Nama aturan").fill("PJU ke Dishub")
        await page.get_by_label("Menyebut salah satu kata").fill("PJU")
        await page.get_by_label("Serahkan ke unit").select_option("dishub")
        await page.get_by_label("Tawarkan balasan siap pakai").select_option(reply.key)
        await page.get_by_role("button", name="Coba pada 30 hari terakhir").press("Enter")
        await expect(page.locator("#hasil")).to_contain_text("1 percakapan akan tersentuh")
        await expect(page.locator("#hasil")).to_contain_text("Warga A")
        await page.get_by_role("button", name="Simpan aturan").press("Enter")
        await expect(page.locator(".rule")).to_contain_text("Mati")
        await page.get_by_role("button", name="Nyalakan PJU ke Dishub").press("Enter")
        await expect(page.locator(".rule .tag.ok")).to_have_text("Menyala")

        message = await desk.says("Warga B", "tg-humas", "Lampu PJU padam", verdict=LIGHTS)
        await page.goto(f"{desk.address}/kotak/semua/{message.conversation_id}")
        await expect(page.locator("#langsung")).to_have_class(re.compile(r"\bon\b"))
        await expect(page.locator(".ruled")).to_have_count(0)
        await page.locator("#tulis").fill("Terima kasih, kami")
        while await Ruler(desk.house).turn():
            pass
        # The rule acts while the conversation stands open, and what is being written there stays.
        await expect(page.locator(".ruled")).to_contain_text(f"menyarankan: {reply.title}")
        await expect(page.locator("#tulis")).to_be_focused()
        await expect(page.locator("#tulis")).to_have_value("Terima kasih, kami")
        await page.locator(".ruled").get_by_role("link", name="Lihat saran").click()
        await expect(page.locator("#balasan [role=option]")).to_have_count(1)
        await page.keyboard.press("Escape")
        await page.locator(".ruled").get_by_role("button", name="Urungkan").click()

        await expect(page.locator(".ruled")).to_have_count(0)
        held = await desk.read(lambda work: work.conversations.get(message.conversation_id))
        assert held is not None
        assert held.unit == "pupr"
