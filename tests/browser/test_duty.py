"""Who is on duty, in the browsers of three: rosters deal by skill and load, the closed office says so once, the morning's
letter names what waits, and what one ticks off the other sees."""

import re
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.work import Work
from omnichannel.web import guard
from tests.browser.ppid_town import Town, a_town, by_telegram
from tests.domain.decree import at
from tests.parts.browser import DESK
from tests.test_walk import until

HOURS = "".join(f'{day} = ["08.00-16.00"]\n' for day in ("senin", "selasa", "rabu", "kamis", "jumat"))
SOON = 15_000
PAUSE = timedelta(seconds=0.05)


@pytest.fixture
async def town(tmp_path: Path, chromium: Browser) -> AsyncIterator[Town]:
    async with a_town(tmp_path, chromium, f"[hours]\n{HOURS}") as made:
        yield made


async def hired(town: Town, login: str, name: str, role: Role) -> Staff:
    now = town.clock.now()
    return await town.house.store.write(
        lambda work: work.people.add(login=login, name=name, role=role, unit=None, password_hash="!", at=now)
    )


async def comes_in(town: Town, page: Page, who: Staff) -> None:
    """A login of this moment: a session does not outlive the day."""
    token, now = secrets.token_urlsafe(32), town.clock.now()
    hashed, until_then = guard.token_hash(token), now + timedelta(hours=12)
    await town.house.store.write(
        lambda work: work.people.open_session(hashed, who.id, secrets.token_urlsafe(32), now, until_then)
    )
    await page.context.add_cookies([{"name": guard.SESSION_COOKIE, "value": token, "url": town.url}])


async def talk_of(town: Town, name: str) -> Conversation:
    """Their conversation, once the machine has read it."""

    def question(work: Work) -> Conversation | None:
        for number in range(1, 10):
            talk = work.conversations.get(number)
            contact = work.contacts.get(talk.contact_id) if talk is not None else None
            if talk is not None and talk.kind and contact is not None and contact.name == name:
                return talk
        return None

    for _ in range(400):
        if (found := await town.house.store.read(question)) is not None:
            return found
        await town.clock.sleep(PAUSE)
    raise AssertionError(f"{name} never stood in the list")


async def dealt(town: Town) -> None:
    """The minute of the rosters has come."""
    town.house.bell.ring("dealing")


async def joins(page: Page, name: str, most: int, topic: str = "") -> None:
    card = page.locator(".roster details", has_text=name)
    await card.locator("summary").click()
    await card.get_by_label("Ikut giliran").check()
    await card.get_by_label("Paling banyak percakapan terbuka").fill(str(most))
    if topic:
        await card.locator(f"[name=topik][value={topic}]").check()
    await card.get_by_role("button", name="Simpan").click()
    await expect(page.locator(".roster details", has_text=name)).to_contain_text("bertugas")


async def test_the_roster_deals_the_night_is_told_and_the_morning_sums_up(town: Town, chromium: Browser) -> None:
    town.clock.hold(at("2026-12-17T10:00"))
    rina, sari = (
        await hired(town, "rina", "Rina Uji", Role.AGENT),
        await hired(town, "sari", "Sari Uji", Role.AGENT),
    )
    boss = await hired(town, "boss", "Penyelia Uji", Role.SUPERVISOR)
    pages: list[Page] = []
    for who in (rina, sari, boss):
        context = await chromium.new_context(**DESK)
        pages.append(await context.new_page())
        await comes_in(town, pages[-1], who)
    at_rina, at_sari, at_boss = pages
    try:
        await at_boss.goto(f"{town.url}/kelola/giliran")
        await joins(at_boss, "Rina Uji", 5, "air_bersih")
        await joins(at_boss, "Sari Uji", 2)
        await at_boss.get_by_role("button", name="Nyalakan pembagian").click()
        await expect(at_boss.locator(".title")).to_contain_text("Menyala")
        await at_rina.goto(f"{town.url}/saya/perangkat")
        await at_rina.get_by_label("Kirim ringkasan").check()
        await at_rina.get_by_label("Alamat surel").fill("rina@kutim.example")
        await at_rina.get_by_role("button", name="Simpan ringkasan").click()
        await expect(at_rina.get_by_label("Kirim ringkasan")).to_be_checked()
        for page in (at_rina, at_sari):
            await page.goto(f"{town.url}/kotak/milik-saya")
            await expect(page.locator("#langsung.on")).to_be_visible()

        # By skill, then by load; who is full gets no more.
        said = {
            "Warga Air": "Air PDAM di Singa Gembara keruh dan berbau sudah tiga hari, mohon diperiksa.",
            "Warga Lampu": "Lampu jalan di Gang Mawar Teluk Lingga mati sudah seminggu, mohon diperbaiki.",
            "Warga Sampah": "Sampah menumpuk di pasar induk Sangatta sudah empat hari belum diangkut.",
            "Warga Jalan": "Jalan berlubang besar di depan SMP 2 Sangatta Utara, mohon ditambal.",
        }
        for name, text in said.items():
            await town.telegram.citizen(name).writes(text)
            await talk_of(town, name)
            await dealt(town)
            if name != "Warga Jalan":
                mine = at_rina if name == "Warga Air" else at_sari
                await expect(mine.locator("#baris .who", has_text=name)).to_be_visible(timeout=SOON)
        await expect(at_sari.locator("#baris .row")).to_have_count(2)
        await expect(at_rina.locator("#baris .row")).to_have_count(1)
        assert (await talk_of(town, "Warga Jalan")).assignee_id is None
        await at_boss.reload()
        await expect(at_boss.locator(".roster details", has_text="Sari Uji")).to_contain_text("memegang 2 dari 2")

        # The shift is over: nobody is given anything, and whoever writes is told once when we open.
        town.clock.hold(at("2026-12-17T21:30"))
        await comes_in(town, at_boss, boss)
        await at_boss.reload()
        await expect(at_boss.locator(".roster details", has_text="Rina Uji")).to_contain_text("di luar jam")
        night = by_telegram(town, "Warga Malam")
        await town.telegram.citizen("Warga Malam").writes("Kapan loket kartu keluarga buka?")
        told = await night.hears("Kantor sedang tutup")
        assert "buka lagi Jumat, 18 Desember pukul 08.00 WITA" in told
        await town.telegram.citizen("Warga Malam").writes("Halo, apakah ada orang?")
        await until(lambda: len([one for one in night.lines() if one.mine]) == 2)
        number = (await talk_of(town, "Warga Malam")).id

        async def heard() -> int:
            found = await town.house.store.read(lambda work: work.messages.thread(number))
            return len([one for one in found if one.direction == "in"])

        while await heard() < 2:
            await town.clock.sleep(PAUSE)
        await dealt(town)

        # The morning's letter: numbers, no citizen's words, and its link opens the conversation.
        town.clock.hold(at("2026-12-18T07:02"))
        before = len(town.mail.sent)
        town.house.bell.ring("digest")
        await until(lambda: len(town.mail.sent) > before)
        envelope = town.mail.sent[-1]
        letter = message_from_bytes(envelope.raw, policy=policy.default)
        words = str(letter.get_body().get_content())  # type: ignore[union-attr]
        assert list(envelope.recipients) == ["rina@kutim.example"]
        assert "yang menunggu Anda hari ini" in str(letter["Subject"])
        assert "Yang Anda pegang (1 terbuka)" in words
        assert "keruh" not in words
        assert "Warga" not in words
        link = re.search(r"LAP-2026-\d{6}.*?(http://\S+/kotak/semua/\d+)", words)
        assert link is not None, words
        await comes_in(town, at_rina, rina)
        await at_rina.goto(link[1])
        await expect(at_rina.locator(".stream .words").first).to_contain_text("keruh dan berbau")
        notices = [one for one in night.lines() if not one.mine and "Kantor sedang tutup" in one.text]
        assert len(notices) == 1, "told twice in one closing"
        assert (await talk_of(town, "Warga Malam")).assignee_id is None

        # The office opens; whoever finishes one has room for the next.
        town.clock.hold(at("2026-12-18T08:05"))
        await comes_in(town, at_sari, sari)
        await comes_in(town, at_boss, boss)
        await at_sari.goto(f"{town.url}/kotak/milik-saya/{(await talk_of(town, 'Warga Lampu')).id}")
        await expect(at_sari.locator("#langsung.on")).to_be_visible()
        await at_boss.goto(at_sari.url.replace("milik-saya", "semua"))
        await expect(at_boss.locator("#langsung.on")).to_be_visible()
        first = at_sari.locator("#periksa [role=checkbox]").first
        await first.click()
        await expect(at_boss.locator("#periksa [role=checkbox]").first).to_have_attribute("aria-checked", "true")
        await expect(at_boss.locator("#periksa")).to_contain_text("Sari Uji")
        await at_boss.locator("#periksa [role=checkbox]").first.click()
        await expect(first).to_have_attribute("aria-checked", "false")
        await at_sari.locator("#aliran").focus()
        await at_sari.keyboard.press("e")
        await expect(at_sari.locator("#baris .who")).to_have_text(["Warga Sampah"])
        await dealt(town)
        await expect(at_sari.locator("#baris .who", has_text=re.compile("Warga (Jalan|Malam)"))).to_be_visible(
            timeout=SOON
        )
        await expect(at_sari.locator("#baris .row")).to_have_count(2)
    finally:
        for page in pages:
            await page.context.close()
