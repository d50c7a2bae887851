"""Two officers keep things in sight: put off and back at its hour, followed, one citizen found in two channels, a search kept."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from omnichannel.inbox import snoozing
from tests.browser.test_desk_live import sitting
from tests.web.afternoon import Afternoon, an_afternoon

PHONE = "+6281255500011"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        await found.says("Warga A", "tg-humas", "Lampu jalan mati", ago=timedelta(minutes=3))
        await found.says("Warga B", "tg-humas", "Sampah menumpuk", ago=timedelta(minutes=2))
        yield found


async def test_put_off_until_an_hour_it_comes_back_by_itself_and_followers_hear(
    chromium: Browser, desk: Afternoon
) -> None:
    talk = desk.talks["Warga A"]
    async with sitting(chromium, desk, "r") as rina, sitting(chromium, desk, "s") as sari:
        await sari.goto(f"{desk.address}/kotak/semua/{talk}")
        await sari.locator("#lainnya > summary").click()
        await sari.get_by_role("button", name="Ikuti percakapan ini").click()
        await sari.locator("#lainnya > summary").click()
        await expect(sari.locator("#lainnya")).to_contain_text("Berhenti mengikuti")
        await sari.goto(f"{desk.address}/kotak/semua")
        await expect(sari.locator("#langsung.on")).to_be_visible()

        await rina.goto(f"{desk.address}/kotak/semua/{talk}")
        await rina.locator("#lainnya > summary").click()
        await rina.locator("#lainnya").get_by_label("atau waktu sendiri (jam kantor)").fill("2026-12-17T20:30")
        await rina.locator("#lainnya").get_by_role("button", name="Tunda").click()
        await expect(rina.locator(".caseline")).to_contain_text("Ditunda sampai 17 Des 2026, 20.30 WITA")
        await expect(sari.locator("#baris .row.asleep .who")).to_have_text(["Warga A"])
        await expect(sari.locator('.rail [data-count="ditunda"]')).to_have_text("1")

        # The clock's worker calls this story once a minute.
        desk.clock.moment = datetime(2026, 12, 17, 12, 29, tzinfo=UTC)
        assert await desk.write(lambda work: snoozing.wake(work, desk.clock.now())) == 0
        desk.clock.moment = datetime(2026, 12, 17, 12, 31, tzinfo=UTC)
        assert await desk.write(lambda work: snoozing.wake(work, desk.clock.now())) == 1

        await expect(sari.locator("#baris .row.asleep")).to_have_count(0)
        await expect(sari.locator('.rail [data-count="ditunda"]')).to_be_hidden()
        await expect(rina.locator(".caseline")).not_to_contain_text("Ditunda")
        await expect(rina.locator('.rail [data-count="kabar"]')).to_have_text("1")

        await desk.says("Warga A", "tg-humas", "Masih gelap, Pak")
        await expect(sari.locator('.rail [data-count="kabar"]')).to_have_text("1")
        await sari.goto(f"{desk.address}/kabar")
        await sari.locator("#isi a", has_text="Warga A").first.click()
        await expect(sari.locator(".stream .words", has_text="Masih gelap, Pak")).to_be_visible()


async def test_one_citizen_is_suggested_linked_and_parted_again(chromium: Browser, desk: Afternoon) -> None:
    for name, account, text in (
        ("Warga K", "wa-layanan", "Banjir lagi di gang kami"),
        ("Kaka", "tg-humas", "Ini foto banjirnya"),
    ):
        who: dict[str, Any] = {"from": {"id": f"id-{name}", "name": name, "phone": PHONE}}
        await desk.says(name, account, text, ago=timedelta(minutes=1), **who)
    async with sitting(chromium, desk, "r") as rina, sitting(chromium, desk, "s") as sari:
        await rina.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga K']}")
        kin = rina.locator("#warga-lain")
        await expect(kin.locator(".maybe")).to_contain_text("Mungkin warga yang sama: Kaka")
        await expect(kin.locator(".maybe")).to_contain_text("Karena nomor telepon sama.")
        await kin.get_by_role("button", name="Hubungkan").click()
        await expect(kin.locator(".linkrows")).to_contain_text("Ini foto banjirnya")
        await expect(kin.locator(".maybe")).to_have_count(0)

        await sari.goto(f"{desk.address}/kotak/semua/{desk.talks['Kaka']}")
        await expect(sari.locator("#warga-lain")).to_contain_text("Dihubungkan oleh Petugas R: nomor telepon sama.")
        await sari.locator("#warga-lain a", has_text="Warga K").click()
        await expect(sari.locator(".talk h2")).to_have_text("Warga K")
        await sari.get_by_role("button", name="Lepas hubungan").click()
        await expect(sari.locator("#warga-lain .linkrows li")).to_have_count(0)

        await rina.reload()
        await expect(rina.locator("#warga-lain .linkrows li")).to_have_count(0)
        await expect(rina.locator("#tentang .log")).to_contain_text("Petugas S")


async def test_a_search_is_kept_opened_again_and_thrown_away(chromium: Browser, desk: Afternoon) -> None:
    await desk.says("Warga W", "wa-layanan", "Kapan loket buka?")
    async with sitting(chromium, desk, "r") as rina, sitting(chromium, desk, "s") as sari:
        await rina.goto(f"{desk.address}/kotak/semua")
        await rina.keyboard.press("/")
        await rina.keyboard.type("kanal:wa")
        await rina.keyboard.press("Enter")
        await expect(rina.locator("#baris .who")).to_have_text(["Warga W"])
        await rina.get_by_text("Simpan pencarian ini").click()
        await rina.get_by_label("Nama pencarian").fill("WhatsApp saja")
        await rina.get_by_role("button", name="Simpan", exact=True).click()
        await rina.goto(f"{desk.address}/kotak/selesai")

        await rina.locator(".rail .kept a", has_text="WhatsApp saja").click()
        await rina.wait_for_url("**cari=kanal%3Awa**")
        await expect(rina.locator("#baris .who")).to_have_text(["Warga W"])
        await desk.says("Warga V", "wa-layanan", "Saya juga bertanya")
        await desk.says("Warga T", "tg-humas", "Saya lewat Telegram")
        await expect(rina.locator("#baris .row")).to_have_count(2)
        await expect(rina.locator("#baris .who", has_text="Warga V")).to_be_visible()

        await sari.goto(f"{desk.address}/kotak/semua")
        await expect(sari.locator(".rail .kept")).to_have_count(0)
        await rina.locator(".rail .kept").hover()
        await rina.locator(".rail .kept button").click()
        await expect(rina.locator(".rail .kept")).to_have_count(0)
