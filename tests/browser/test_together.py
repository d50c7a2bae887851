"""Two officers, two browsers, one inbox: who is there, who holds it, what they tell each other."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from omnichannel.domain.work import Work
from omnichannel.inbox import kin
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


async def test_a_claim_a_word_and_a_mention_reach_the_other_browser(chromium: Browser, desk: Afternoon) -> None:
    talk = desk.talks["Warga A"]
    async with sitting(chromium, desk, "r", "409") as rina, sitting(chromium, desk, "s", "409") as sari:
        for page in (rina, sari):
            await page.goto(f"{desk.address}/kotak/semua/{talk}")
            await expect(page.locator("#langsung.on")).to_be_visible()
            page.on("dialog", lambda dialog: dialog.accept())
        # Sari's page is held at "free" while Rina takes it.
        await sari.evaluate("document.querySelector('#kepala').append(document.createElement('details'))")
        await sari.evaluate("document.querySelector('#kepala > details').open = true")
        await rina.get_by_role("button", name="Ambil").click()
        await expect(rina.locator("#kepala .from")).to_contain_text("Anda")
        await sari.get_by_role("button", name="Ambil").click()
        await expect(sari.locator("#toast")).to_contain_text("Petugas R memegang percakapan ini")
        await sari.evaluate("document.querySelector('#kepala > details')?.remove()")

        await rina.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga B']}")
        await sari.reload()
        await sari.get_by_role("button", name="Ambil alih").click()
        await expect(rina.locator("#toast")).to_contain_text("Petugas S mengambil alih percakapan Anda")
        await expect(rina.locator('.rail [data-count="kabar"]')).to_have_text("1")

        await sari.keyboard.press("n")
        await sari.locator("#tulis").press_sequentially("@pet")
        await expect(sari.locator("#sebut [role=option]").first).to_be_visible()
        await sari.locator("#tulis").press_sequentially("ugas")
        await sari.locator("#tulis").fill("")
        await sari.locator("#tulis").press_sequentially("@r")
        await sari.keyboard.press("Enter")
        await expect(sari.locator("#tulis")).to_have_value("@r ")
        await sari.locator("#tulis").press_sequentially("tolong cek tiangnya")
        await sari.keyboard.press("Control+Enter")
        toast = rina.locator("#toast .toast", has_text="Petugas S menyebut Anda")
        await expect(toast).to_contain_text("tolong cek tiangnya")
        await toast.click()
        await expect(rina.locator(".memo.found, .memo", has_text="tolong cek tiangnya")).to_be_visible()

        await sari.keyboard.press("Escape")
        await sari.locator("#serahkan > summary").click()
        await sari.locator("#tugaskan").select_option(label="Petugas R")
        await sari.get_by_label("Pesan untuk penerima").fill("Sudah ditelepon.")
        await sari.get_by_role("button", name="Tugaskan").click()
        await expect(rina.locator("#toast")).to_contain_text("menyerahkan percakapan kepada Anda")
        await rina.reload()
        await expect(rina.locator("#pesan-serah q")).to_have_text("Sudah ditelepon.")
        await rina.get_by_role("button", name="Sudah dibaca").click()
        await expect(rina.locator("#pesan-serah q")).to_have_count(0)
        await expect(rina.locator('.rail [data-count="kabar"]')).to_be_hidden()


async def test_two_threads_become_one_and_news_of_either_appear(chromium: Browser, desk: Afternoon) -> None:
    await desk.says("Siti R", "wa-layanan", "Lampu gang mati", ago=timedelta(minutes=5))
    chat = desk.talks["Siti R"]
    await desk.says("Siti R", "surel-layanan", "Menyambung WhatsApp saya", ago=timedelta(minutes=4))
    mail = desk.talks["Siti R"]
    now, staff = desk.clock.now(), desk.staff["r"]

    def linked(work: Work) -> None:
        one, other = work.conversations.get(chat), work.conversations.get(mail)
        assert one is not None
        assert other is not None
        kin.link(work, staff, one.contact_id, other.contact_id, now)

    await desk.write(linked)
    async with sitting(chromium, desk, "r") as rina, sitting(chromium, desk, "s") as sari:
        await rina.goto(f"{desk.address}/kotak/semua/{chat}")
        await rina.locator("#warga-lain").get_by_role("button", name="Gabungkan").click()
        await expect(rina.locator("#lewat")).to_contain_text("Jawab lewat")
        await expect(rina.locator(".stream .words", has_text="Menyambung WhatsApp saya")).to_be_visible()
        await expect(rina.locator(f'#baris [data-key="{mail}"]')).to_have_count(0)
        await expect(rina.locator("#langsung.on")).to_be_visible()

        await sari.goto(f"{desk.address}/kotak/semua/{mail}")
        await sari.locator("#tulis").press_sequentially("Baik")
        await expect(rina.locator("#hadir")).to_contain_text("Petugas S sedang menulis…")
        await desk.says("Siti R", "surel-layanan", "Ini fotonya")
        await expect(rina.locator(".stream .words", has_text="Ini fotonya")).to_be_visible()

        await rina.locator("#lewat a").click()
        await expect(rina.locator("#jawab")).to_have_attribute("data-conversation", str(mail))
        await rina.locator("#lainnya > summary").click()
        await rina.locator("#lainnya").get_by_label("Tunda sampai").select_option("warga")
        await rina.locator("#lainnya").get_by_role("button", name="Tunda").click()
        await expect(rina.locator(".caseline")).to_contain_text("Ditunda sampai warga menulis")
