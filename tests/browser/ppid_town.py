"""An office whose clock is set by hand, with a citizen on Telegram, one at the post office, and officers in a browser.

Everything between them is the real thing: connectors, workers, pages and letters. Only the moment is ours.
"""

import asyncio
import re
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pypdfium2
from playwright.async_api import Browser, BrowserContext, Page, expect

from omnichannel import app, crew
from omnichannel.demo.clock import DemoClock
from omnichannel.domain.case import Case
from omnichannel.domain.house import House
from omnichannel.domain.people import Role, Staff
from omnichannel.settings.load import load
from omnichannel.store.clock import SystemClock
from omnichannel.toys.base import Line, ToyFile
from omnichannel.toys.mail import MailToy
from omnichannel.toys.telegram import TelegramToy
from omnichannel.web import guard
from tests.domain.decree import at
from tests.parts.browser import DESK

CONFIG = """
[server]
public_url = "{url}"
[store]
data_dir = "{data}"
[letters]
head = ["PEMERINTAH KABUPATEN KUTAI TIMUR", "PEJABAT PENGELOLA INFORMASI DAN DOKUMENTASI"]
address = "Jalan Contoh 1, Sangatta"
signer = "Pejabat Uji, S.Sos."
signer_id = "197001012000011001"
[[account]]
name = "tg-humas"
channel = "telegram"
base_url = "{telegram}"
[[account]]
name = "surel-humas"
channel = "mail"
address = "humas@kutim.example"
imap_url = "{imap}"
smtp_url = "{smtp}"
"""
PHONE = {**DESK, "viewport": {"width": 390, "height": 844}, "java_script_enabled": False}
EDGE = 50  # points of the paper that stay white at each side
FEWEST = 7  # lines of a page: its foot, a sentence and a signature are that many
NUMBER = re.compile(r"PPID-\d{4}-\d{6}")


@dataclass
class Town:
    """One office for all paths; each path sets the clock to a moment of its own."""

    url: str
    house: House
    clock: DemoClock
    telegram: TelegramToy
    mail: MailToy
    staff: Staff
    desk: BrowserContext
    phone: BrowserContext

    async def at(self, moment: str) -> None:
        """It is that moment in WITA; the officer has just come in, for a session does not outlive the day."""
        self.clock.hold(at(moment))
        token, now = secrets.token_urlsafe(32), self.clock.now()
        hashed, until = guard.token_hash(token), now + timedelta(hours=12)
        await self.house.store.write(
            lambda work: work.people.open_session(hashed, self.staff.id, secrets.token_urlsafe(32), now, until)
        )
        await self.desk.add_cookies([{"name": guard.SESSION_COOKIE, "value": token, "url": self.url}])

    async def sheet(self, number: str) -> Page:
        """The request's sheet, on the officer's screen."""
        page = self.desk.pages[0]
        await page.goto(f"{self.url}/ppid/permohonan/{number}")
        return page

    async def case(self, number: str) -> Case:
        found = await self.house.store.read(lambda work: work.cases.by_number(number))
        assert found is not None
        return found


@dataclass
class Citizen:
    """Somebody who asked, as the other side of the channel shows them."""

    name: str
    lines: Callable[[], list[Line]]
    says: Callable[[str], object]
    file: Callable[[str], bytes]

    async def hears(self, words: str) -> str:
        """The first message of ours with these words; waited for."""
        for _ in range(1800):
            found = next((one.text for one in self.lines() if not one.mine and words in one.text), None)
            if found is not None:
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"{words!r} never reached {self.name}: {[one.text for one in self.lines()]}")

    async def gets(self, name: str) -> bytes:
        """The file of that name, as it lies on the citizen's side; waited for."""
        for _ in range(1800):
            if any(name in one.files for one in self.lines() if not one.mine):
                return self.file(name)
            await asyncio.sleep(0.05)
        raise AssertionError(f"{name} never reached {self.name}: {[one.files for one in self.lines()]}")


def by_telegram(town: Town, name: str) -> Citizen:
    person = town.telegram.citizen(name)

    def file(wanted: str) -> bytes:
        held: list[ToyFile] = [one for one in town.telegram.files.values() if one.name == wanted]
        return held[-1].content

    return Citizen(name, lambda: town.telegram.transcript(person.chat), person.writes, file)


def by_mail(town: Town, name: str) -> Citizen:
    person = town.mail.citizen(name)

    async def says(text: str) -> None:
        person.writes(text)

    def file(wanted: str) -> bytes:
        assert person.heard is not None
        parts = [part for part in person.heard.iter_attachments() if part.get_filename() == wanted]
        content = parts[0].get_payload(decode=True)
        assert isinstance(content, bytes)
        return content

    return Citizen(name, lambda: list(person.lines), says, file)


def text_of(pdf: bytes) -> str:
    """Every word of a document, in one line."""
    document = pypdfium2.PdfDocument(pdf)
    found = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(found.split())


def untidy(pdf: bytes) -> list[str]:
    """What a look at the drawn pages finds: ink on the paper's edge, a page that holds next to nothing, wrong page numbers."""
    document, found = pypdfium2.PdfDocument(pdf), []
    for n, page in enumerate(document, 1):
        drawn = page.render(scale=1, grayscale=True).to_pil()
        inked = drawn.point(lambda grey: 255 if grey < 200 else 0).getbbox() or (0, 0, 0, 0)
        if inked[0] < EDGE or inked[2] > drawn.width - EDGE or inked[3] > drawn.height - EDGE / 2:
            found.append(f"page {n} has ink at {inked} of {drawn.size}")
        lines = page.get_textpage().get_text_range().split("\r\n")
        if len(lines) < FEWEST:
            found.append(f"page {n} holds nothing but {lines}")
        if f"Halaman {n} dari {len(document)}" not in " ".join(" ".join(lines).split()):
            found.append(f"page {n} does not say its number")
    document.close()
    return found


async def letter(town: Town, number: str, title: str, objection: str = "") -> tuple[bytes, str]:
    """Make it with the page's own button, open it by the page's own link, send it; the PDF and its name."""
    page = town.desk.pages[0]
    await page.goto(f"{town.url}/ppid/permohonan/{number}/surat")
    await page.locator("li", has_text=title).get_by_role("button", name="Buat dan beri nomor").click()
    kept = page.locator("#surat li", has_text=title).first
    await expect(kept).to_be_visible()
    address = await kept.get_by_role("link", name="Buka PDF").get_attribute("href")
    answer = await page.request.get(f"{town.url}{address}")
    assert answer.headers["content-type"] == "application/pdf"
    name = re.search(r'filename="([^"]+)"', answer.headers["content-disposition"])
    assert name is not None
    await kept.get_by_role("button", name="Kirim ke pemohon").click()
    await expect(page.locator("#surat li", has_text=title).first).to_contain_text("sebagai berkas")
    drawn = await answer.body()
    assert untidy(drawn) == []
    return drawn, name[1]


@asynccontextmanager
async def a_town(folder: Path, chromium: Browser, more: str = "") -> AsyncIterator[Town]:
    """The office, open, with its workers at work. `more` is added to its settings."""
    clock = DemoClock(SystemClock())
    telegram = TelegramToy(token="4242:jalan", account="tg-humas", now=clock.now)
    mail = MailToy(account="surel-humas", now=clock.now)
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        async with AsyncExitStack() as parts:
            for toy in (telegram, mail):
                await toy.start()
                parts.push_async_callback(toy.stop)
            config = folder / "omnichannel.toml"
            addresses = {"telegram": telegram.base, "imap": mail.imap_url, "smtp": mail.smtp_url}
            config.write_text(CONFIG.format(url=url, data=folder / "data", **addresses) + more)
            secrets = {
                "OMNI_TG_HUMAS_TOKEN": telegram.token,
                "OMNI_SUREL_HUMAS_USER": mail.user,
                "OMNI_SUREL_HUMAS_PASSWORD": mail.password,
            }
            clock.hold(at("2026-03-13T08:00"))
            house = await parts.enter_async_context(app.open_house(load(config, secrets), clock=clock))
            staff = await house.store.write(
                lambda work: work.people.add(
                    login="ppid", name="Petugas P", role=Role.PPID, unit=None, password_hash="!", at=clock.now()
                )
            )
            await parts.enter_async_context(app.listening(house, "127.0.0.1", 0, taken=door))
            workers = asyncio.create_task(crew.work(house))
            parts.push_async_callback(_stopped, workers)
            contexts = [await chromium.new_context(**one) for one in (DESK, PHONE)]
            for context in contexts:
                parts.push_async_callback(context.close)
                await context.new_page()
            yield Town(url, house, clock, telegram, mail, staff, *contexts)


async def _stopped(workers: "asyncio.Task[None]") -> None:
    workers.cancel()
    await asyncio.gather(workers, return_exceptions=True)
