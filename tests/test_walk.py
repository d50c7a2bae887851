"""The acceptance test: a citizen's message all the way, on real parts.

Telegram: a real aiogram Bot against a Bot API on loopback. Mail: a real Dovecot and a real SMTP server. The desk: a real
Chromium. On SQLite, and on PostgreSQL with Redis.

message in → case with number and deadline → seen in the page → reply typed in the page → arrives at the platform;
and → LAPOR sheet → tracking id → citizen told.
"""

import asyncio
import email
import email.policy
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from omnichannel import app, crew
from omnichannel.domain.house import House
from omnichannel.domain.people import Role
from omnichannel.settings.load import load
from omnichannel.toys.telegram import TelegramToy
from omnichannel.web.passwords import hash_password
from tests.parts.dovecot import Dovecot
from tests.parts.smtp import SmtpSink

PASSWORD = "lampu-jalan-menyala-lagi"
CITIZEN = "siti@contoh.id"
CONFIG = """
[store]
data_dir = "{data}"
[[account]]
name = "tg-humas"
channel = "telegram"
base_url = "{telegram}"
[[account]]
name = "surel-humas"
channel = "mail"
address = "humas@kantor.contoh.id"
imap_url = "{imap}"
smtp_url = "{smtp}"
"""


@dataclass
class Town:
    """The office and its citizens, for one walk."""

    url: str
    house: House
    telegram: TelegramToy
    dovecot: Dovecot
    smtp: SmtpSink
    page: Page

    async def login(self) -> None:
        await self.page.goto(f"{self.url}/login")
        await self.page.fill("input[name=login]", "petugas")
        await self.page.fill("input[name=password]", PASSWORD)
        await self.page.click("form[action='/login'] button.main")
        await self.page.wait_for_url("**/kotak/**")

    async def open_conversation(self, who: str) -> None:
        """The row appears by itself, without a reload; a click opens it."""
        row = self.page.locator("li.row", has_text=who)
        await expect(row).to_be_visible()
        await row.locator("a.hit").click()
        await expect(self.page.locator("#percakapan h2, #percakapan .who, #percakapan header").first).to_contain_text(
            who
        )

    async def reply(self, text: str) -> None:
        await self.page.fill("#tulis", text)
        await self.page.click("#jawab button.main")
        await expect(self.page.locator("#percakapan")).to_contain_text(text)

    def said_to(self, chat: int) -> list[str]:
        return [line.text for line in self.telegram.transcript(chat) if not line.mine]


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramToy]:
    toy = TelegramToy(token="4242:jalan", account="tg-humas")
    try:
        await toy.start()
        yield toy
    finally:
        await toy.stop()


@pytest.fixture
async def town(
    database_settings: dict[str, str],
    tmp_path: Path,
    telegram: TelegramToy,
    dovecot: Dovecot,
    smtp_sink: SmtpSink,
    page: Page,
) -> AsyncIterator[Town]:
    smtp_sink.user, smtp_sink.password = dovecot.user, dovecot.password
    config = tmp_path / "omnichannel.toml"
    config.write_text(
        CONFIG.format(
            data=tmp_path / "data",
            telegram=telegram.base,
            imap=f"imap://{dovecot.host}:{dovecot.port}",
            smtp=smtp_sink.url,
        )
    )
    environment = database_settings | {
        "OMNI_TG_HUMAS_TOKEN": telegram.token,
        "OMNI_SUREL_HUMAS_USER": dovecot.user,
        "OMNI_SUREL_HUMAS_PASSWORD": dovecot.password,
    }
    async with app.open_house(load(config, environment)) as house:
        now = house.clock.now()
        hashed = hash_password(PASSWORD)
        await house.store.write(
            lambda work: work.people.add(
                login="petugas", name="Petugas Uji", role=Role.SUPERVISOR, unit=None, password_hash=hashed, at=now
            )
        )
        async with app.listening(house, "127.0.0.1", 0) as port:
            workers = asyncio.create_task(crew.work(house))
            try:
                walk = Town(f"http://127.0.0.1:{port}", house, telegram, dovecot, smtp_sink, page)
                await walk.login()
                yield walk
            finally:
                workers.cancel()
                await asyncio.gather(workers, return_exceptions=True)


async def test_telegram_to_the_desk_and_back_and_on_to_lapor(town: Town) -> None:
    siti = town.telegram.citizen("Siti Walk")
    await siti.writes("Lampu jalan di Teluk Lingga mati sudah seminggu, gelap sekali. Mohon segera diperbaiki.")

    await town.open_conversation("Siti Walk")
    page = town.page
    number = await page.locator("text=/LAP-\\d{4}-\\d{6}/ >> visible=true").first.inner_text()
    await expect(page.locator("#tentang")).to_contain_text("Teluk Lingga")
    await expect(page.locator("#tentang .due").first).to_contain_text("hk")
    await until(lambda: any("LAP-" in text for text in town.said_to(siti.chat)))

    await town.reply("Terima kasih, Bu Siti. Tim Dishub ke lokasi besok pagi.")
    await until(lambda: "Terima kasih, Bu Siti. Tim Dishub ke lokasi besok pagi." in town.said_to(siti.chat))
    await expect(page.locator(".msg.out", has_text="Bu Siti").locator(".ticks")).to_contain_text("Terkirim")

    await page.goto(f"{town.url}/lapor/{clean(number)}")
    await expect(page.locator("#f-content")).to_contain_text("Lampu jalan di Teluk Lingga mati")
    await expect(page.locator("#f-location")).to_contain_text("Teluk Lingga")
    await page.fill("input[name=tracking]", "1048576")
    await page.click("text=Simpan, lalu kabari warga")
    await expect(page.locator("main")).to_contain_text("1048576")
    await until(lambda: any("1048576" in text for text in town.said_to(siti.chat)))


async def test_mail_to_the_desk_and_back_in_its_own_thread(town: Town) -> None:
    letter = EmailMessage()
    letter["From"] = f"Budi Walk <{CITIZEN}>"
    letter["To"] = "humas@kantor.contoh.id"
    letter["Subject"] = "Permohonan salinan ringkasan APBD 2026"
    letter["Message-ID"] = "<walk-1@contoh.id>"
    letter.set_content("Dengan hormat,\n\nSaya mohon salinan dokumen ringkasan APBD 2026.\n\nBudi")
    await asyncio.to_thread(town.dovecot.deliver, town.dovecot.user, letter.as_bytes())

    await town.open_conversation("Budi Walk")
    await expect(town.page.locator("text=/PPID-\\d{4}-\\d{6}/ >> visible=true").first).to_be_visible()
    await until(lambda: len(town.smtp.messages) == 1)
    receipt = parsed(town.smtp.messages[0].raw)
    assert "PPID-" in receipt.get_content()
    assert receipt["Auto-Submitted"] == "auto-replied"

    await town.reply("Salinan ringkasan APBD 2026 kami kirim besok.")
    await until(lambda: len(town.smtp.messages) == 2)
    answer = parsed(town.smtp.messages[1].raw)
    assert "Salinan ringkasan APBD 2026 kami kirim besok." in answer.get_content()
    assert answer["To"] == CITIZEN or CITIZEN in answer["To"]
    assert answer["Subject"] == "Re: Permohonan salinan ringkasan APBD 2026"
    assert "<walk-1@contoh.id>" in answer["References"]
    assert answer["In-Reply-To"] is not None

    again = EmailMessage()
    again["From"] = f"Budi Walk <{CITIZEN}>"
    again["To"] = "humas@kantor.contoh.id"
    again["Subject"] = "Re: Permohonan salinan ringkasan APBD 2026"
    again["Message-ID"] = "<walk-2@contoh.id>"
    again["In-Reply-To"] = answer["Message-ID"]
    again["References"] = f"<walk-1@contoh.id> {answer['Message-ID']}"
    again.set_content("Terima kasih, saya tunggu.")
    await asyncio.to_thread(town.dovecot.deliver, town.dovecot.user, again.as_bytes())
    await expect(town.page.locator("#percakapan")).to_contain_text("Terima kasih, saya tunggu.")


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def clean(text: str) -> str:
    """The register number in a piece of the page."""
    found = re.search(r"(?:LAP|PPID)-\d{4}-\d{6}", text)
    assert found is not None, f"no number in {text!r}"
    return found[0]


async def until(true: Callable[[], bool], patience: float = 90) -> None:
    """Wait for something on the other side; fails loudly when it never comes."""
    for _ in range(int(patience * 20)):
        if true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen in time")
