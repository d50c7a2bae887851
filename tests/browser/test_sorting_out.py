"""A list is read from another end, and what belongs to another matter leaves its conversation and comes back."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from omnichannel.domain.case import Kind
from tests.browser.test_desk_live import sitting
from tests.web.afternoon import Afternoon, an_afternoon
from tests.web.cast import a_verdict

SAID = ("Lampu jalan mati", "Satu lagi: sampah menumpuk", "Sampahnya sudah seminggu")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        await found.says("Warga A", "tg-humas", "Terima kasih", ago=timedelta(minutes=30))
        urgent = a_verdict(Kind.COMPLAINT, 0.9, topic="lampu", unit="dishub", urgent=True)
        await found.says("Warga B", "tg-humas", "Kabel putus di jalan", ago=timedelta(minutes=20), verdict=urgent)
        for n, text in enumerate(SAID):
            await found.says("Warga C", "tg-humas", text, ago=timedelta(minutes=10 - n))
        yield found


async def test_the_order_changes_the_first_row_and_lives_in_the_address(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua")
        first, orders = page.locator("#baris .who").first, page.locator(".orders")
        await expect(first).to_have_text("Warga C")
        for word, name in (
            ("Terlama", "Warga A"),
            ("Genting", "Warga B"),
            ("Terbaru", "Warga C"),
            ("Terlama", "Warga A"),
        ):
            await orders.get_by_role("link", name=word, exact=True).click()
            await expect(first).to_have_text(name)
            await expect(orders.locator("[aria-current]")).to_have_text(word)
            # The usual order of a list needs no word in its address.
            await expect(page).to_have_url(re.compile(f"urut={word.lower()}$" if word != "Terbaru" else "/semua$"))

        await page.reload()
        await expect(first).to_have_text("Warga A")
        await expect(page.locator("#langsung.on")).to_be_visible()
        await desk.says("Warga D", "tg-humas", "Air keruh")
        await expect(page.locator("#baris .who").last).to_have_text("Warga D")  # news comes in where this order has it
        await expect(first).to_have_text("Warga A")
        await page.go_back()
        await expect(first).to_have_text("Warga D")
        await expect(orders.locator("[aria-current]")).to_have_text("Terbaru")


async def test_ticked_messages_leave_for_a_conversation_of_their_own_and_come_back(
    chromium: Browser, desk: Afternoon
) -> None:
    talk = f"{desk.address}/kotak/semua/{desk.talks['Warga C']}"
    async with sitting(chromium, desk, "r") as rina, sitting(chromium, desk, "s") as sari:
        await sari.goto(f"{desk.address}/kotak/semua")
        await expect(sari.locator("#baris .row")).to_have_count(3)
        await expect(sari.locator("#langsung.on")).to_be_visible()
        await rina.goto(talk)
        await rina.locator("#lainnya > summary").click()
        await rina.get_by_role("link", name="Pisahkan pesan…").click()
        for text in SAID[1:]:
            await rina.get_by_role("checkbox", name=text).check()
        await rina.get_by_role("button", name="Pisahkan yang dicentang").click()

        said = rina.locator("#aliran .msg .words")
        await expect(rina.locator(".talk")).to_contain_text("Dipisahkan dari percakapan lain warga ini.")
        await expect(said).to_have_text(SAID[1:])
        await expect(sari.locator("#baris .row")).to_have_count(4)
        await rina.get_by_role("link", name="Buka asalnya").click()
        await expect(rina).to_have_url(re.compile(f"{re.escape(talk)}$"))
        await expect(said).to_have_text(SAID[:1])

        await rina.go_back()
        await expect(said).to_have_text(SAID[1:])
        await rina.get_by_role("button", name="Satukan lagi").click()
        await expect(said).to_have_text(SAID)
        await expect(sari.locator("#baris .row")).to_have_count(3)
