"""Drafts in a real browser: on another device, beside another tab, over a cut line and the end of a session."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from omnichannel.web.passwords import hash_password
from tests.browser.test_desk_live import sitting
from tests.browser.test_desk_reach import looked_at
from tests.web.afternoon import Afternoon, an_afternoon

PASSWORD = "kuda-laut-sangatta"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        await found.says("Warga A", "tg-humas", "Lampu jalan mati", ago=timedelta(minutes=3))
        await found.says("Warga B", "tg-humas", "Sampah menumpuk", ago=timedelta(minutes=2))
        yield found


async def opened(page: Page, desk: Afternoon, name: str = "Warga A") -> None:
    await page.goto(f"{desk.address}/kotak/semua/{desk.talks[name]}")
    await expect(page.locator("#langsung.on")).to_be_visible()


async def kept(desk: Afternoon) -> list[str]:
    """What the server holds for this officer."""
    held = await desk.read(lambda work: work.drafts.get(desk.staff["r"].id, desk.talks["Warga A"]))
    return [] if held is None else [held.text, *(one.text for one in held.rivals)]


async def test_a_draft_goes_from_desk_to_phone_and_two_tabs_lose_nothing(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as office, sitting(chromium, desk) as phone:
        await opened(office, desk)
        await office.locator("#tulis").press_sequentially("Baik, kami periksa")
        await expect(office.locator(".saved")).to_have_text("Draf tersimpan")
        await expect(office.locator("#baris .row.on .tag.draft")).to_be_visible()

        await opened(phone, desk)
        await expect(phone.locator("#tulis")).to_have_value("Baik, kami periksa")
        await phone.locator("#tulis").fill("Baik, kami periksa malam ini")
        await expect(phone.locator(".saved")).to_have_text("Draf tersimpan")
        await office.locator("#tulis").fill("Baik, kami periksa besok")
        await expect(office.locator(".rivals q")).to_have_text("Baik, kami periksa malam ini")
        await looked_at(office, "draf-lain")
        await office.locator(".rivals button", has_text="Pakai yang itu").click()
        await expect(office.locator("#tulis")).to_have_value("Baik, kami periksa malam ini")
        await expect(office.locator(".rivals q")).to_have_text("Baik, kami periksa besok")
        assert sorted(await kept(desk)) == ["Baik, kami periksa besok", "Baik, kami periksa malam ini"]

        await office.locator(".rivals button", has_text="Buang").click()
        await expect(office.locator(".rivals form")).to_have_count(0)
        await office.locator("#jawab button.main").click()
        await expect(office.locator(".msg.out .words")).to_have_text("Baik, kami periksa malam ini")
        await expect(office.locator("#tulis")).to_have_value("")
        await expect(office.locator("#baris .tag.draft")).to_have_count(0)
        assert await kept(desk) == []


async def test_a_cut_line_and_an_ended_session_lose_no_word_and_the_reply_goes_once(
    chromium: Browser, desk: Afternoon
) -> None:
    hashed = hash_password(PASSWORD)
    await desk.write(lambda work: work.people.set_password(desk.staff["r"].id, hashed))
    async with sitting(chromium, desk, expected="Failed to load resource") as page:
        await opened(page, desk)
        await page.context.set_offline(True)
        await page.locator("#tulis").fill("ditulis tanpa sambungan")
        await expect(page.locator(".saved")).to_have_text("Draf tersimpan di peramban ini")
        assert await kept(desk) == []
        await page.context.set_offline(False)
        await expect(page.locator(".saved")).to_have_text("Draf tersimpan")
        assert await kept(desk) == ["ditulis tanpa sambungan"]

        await desk.write(lambda work: work.people.close_sessions(desk.staff["r"].id))
        await page.locator("#tulis").fill("ditulis saat sesi habis")
        await expect(page.locator("#terputus")).to_contain_text("Sesi Anda berakhir")
        await page.locator("#jawab button.main").click()
        dialog = page.locator("#masuk-lagi")
        await expect(dialog).to_contain_text("Balasan yang tadi Anda kirim berangkat setelah Anda masuk.")
        await looked_at(page, "masuk-lagi")
        await dialog.locator("[name=password]").fill("keliru")
        await dialog.locator("button.main").click()
        await expect(dialog.locator(".error-line")).to_contain_text("tidak cocok")
        await dialog.locator("[name=password]").fill(PASSWORD)
        await dialog.locator("button.main").click()

        await expect(page.locator(".msg.out .words")).to_have_text("ditulis saat sesi habis")
        await expect(page.locator("#tulis")).to_have_value("")
        assert await kept(desk) == []
        ours = await desk.read(lambda work: work.messages.thread(desk.talks["Warga A"]))
        assert [one.text for one in ours if one.direction == "out"] == ["ditulis saat sesi habis"]
        await page.locator("#tulis").fill("dan terus")
        await expect(page.locator(".saved")).to_have_text("Draf tersimpan")
