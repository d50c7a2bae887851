"""Staff put ten messages right in the browser, the machine learns, and the eleventh of the same sort is right."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from omnichannel import app, crew
from omnichannel.domain.case import Kind
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.house import House
from omnichannel.domain.people import Role
from omnichannel.domain.study import Study
from omnichannel.domain.work import Work
from omnichannel.inbox.receive import Intake
from omnichannel.settings.load import load
from omnichannel.web import guard
from tests.build import ACCOUNT, an_incoming
from tests.parts.browser import DESK
from tests.plug import Plug

pytestmark = pytest.mark.slow
END = "ditarik ke terminal lama"
TEN = (
    "Baiknya lapak pedagang",
    "Lapak sayur",
    "Pedagang ikan",
    "Menurut saya lapak buah",
    "Lapak kue",
    "Pedagang kaki lima",
    "Lapak bakso",
    "Pedagang pasar sore",
    "Lapak es",
    "Pedagang baju",
)
LEARNT_WITHIN = 500  # seconds; a process of its own on a busy machine


class Office:
    """The whole service, with one line on which citizens write."""

    def __init__(self, house: House, address: str, plug: Plug) -> None:
        self.house, self.address, self.plug = house, address, plug

    async def hears(self, text: str, thread: str) -> Conversation:
        """A citizen writes, and the machine has judged it."""
        now = self.house.clock.now()
        raw = self.plug.raw(an_incoming(text, external_id=f"k-{thread}", conversation=thread, sent_at=now))
        await Intake(self.house.store, self.house.files, self.house.clock).take_in(self.plug, [raw])
        for _ in range(1800):
            found = await self.house.store.read(partial(_thread, name=thread))
            if found.kind is not None:
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"{text!r} was not judged")

    async def studied(self) -> Study:
        """What it wrote down last of all, when the version was in use already."""
        for _ in range(LEARNT_WITHIN * 4):
            if found := await self.house.store.read(lambda work: work.studies.all()):
                return found[0]
            await asyncio.sleep(0.25)
        raise AssertionError("nothing was learnt")

    async def judges(self, text: str, kind: Kind) -> None:
        """The running service calls it so: at the latest when the version in use has been learnt and taken up."""
        for _ in range(LEARNT_WITHIN * 4):
            if self.house.classifier.classify(text).kind is kind:
                return
            await asyncio.sleep(0.25)
        raise AssertionError(f"{text!r} is not called {kind}")

    async def enter(self, chromium: Browser, role: Role) -> Page:
        house, token, now = self.house, secrets.token_urlsafe(32), self.house.clock.now()

        def story(work: Work) -> None:
            one = work.people.add(login=role, name=role.title(), role=role, unit=None, password_hash="!", at=now)
            hashed = guard.token_hash(token)
            work.people.open_session(hashed, one.id, secrets.token_urlsafe(32), now, now + timedelta(hours=2))

        await house.store.write(story)
        context = await chromium.new_context(**DESK)
        await context.add_cookies([{"name": guard.SESSION_COOKIE, "value": token, "url": self.address}])
        return await context.new_page()


def _thread(work: Work, name: str) -> Conversation:
    found = work.conversations.find(ACCOUNT, name, Surface.DIRECT)
    assert found is not None
    return found


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    config, plug = load(None, {}, data=tmp_path), Plug()
    async with (
        app.open_house(config, connectors={plug.account: plug}) as house,
        app.listening(house, "127.0.0.1", 0) as port,
    ):
        workers = asyncio.gather(
            crew.work(house, learn=partial(app.learn_apart, config)), app.watch_models(house), return_exceptions=True
        )
        yield Office(house, f"http://127.0.0.1:{port}", plug)
        workers.cancel()
        await asyncio.wait([workers])


async def put_right(page: Page, office: Office, conversation: Conversation, kind: str) -> None:
    """As an officer does it: open, Perbaiki, choose, save."""
    await page.goto(f"{office.address}/kotak/semua/{conversation.id}")
    await page.locator("#perbaiki summary").click()
    await page.locator("#perbaiki select[name=jenis]").select_option(kind)
    await page.locator("#perbaiki select[name=topik]").select_option("umkm")
    await page.locator("#perbaiki button", has_text="Simpan klasifikasi").click()
    await expect(page.locator("#klasifikasi")).to_contain_text("oleh petugas")


async def test_ten_corrections_teach_the_eleventh_and_the_page_shows_it(chromium: Browser, office: Office) -> None:
    page = await office.enter(chromium, Role.SUPERVISOR)
    for number, thing in enumerate(TEN):
        await put_right(page, office, await office.hears(f"{thing} {END}", f"u-{number}"), "aspiration")
    before = office.house.classifier.classify(f"Lapak gorengan {END}")
    assert before.kind is not Kind.ASPIRATION

    await page.goto(f"{office.address}/kelola/belajar")
    await expect(page.locator(".figure").last).to_contain_text("10")
    await page.get_by_role("button", name="Belajar sekarang").click()
    await expect(page.get_by_text("Permintaan belajar dicatat")).to_be_visible()
    await office.judges(f"Lapak gorengan {END}", Kind.ASPIRATION)
    study = await office.studied()
    assert (study.taken, study.name, study.by, study.corrections) == (True, "0001.model.gz", "Supervisor", len(TEN))
    assert "ditarik" in {word for word, *_ in study.learnt["gained"]}
    assert study.figures["corpus"]["new"]["n"] > 400, "measured on the whole corpus, against the carried model"
    assert 0 < study.size < 10_000_000

    await page.goto(f"{office.address}/kelola/belajar")
    learnt = page.locator("#dipelajari")
    await expect(learnt).to_contain_text("ditarik")
    await expect(page.locator(".versions")).to_contain_text("0001.model.gz")
    await expect(page.locator(".versions")).to_contain_text("Supervisor")
    eleventh = await office.hears(f"Lapak gorengan {END}", "u-11")
    assert eleventh.kind == "aspiration"
    await page.goto(f"{office.address}/kotak/semua/{eleventh.id}")
    await expect(page.locator("#klasifikasi .verdict")).to_contain_text("Aspirasi")

    await page.goto(f"{office.address}/kelola/belajar")
    await page.get_by_role("button", name="Pakai versi ini bawaan").click()
    await expect(page.get_by_text("Versi model diganti")).to_be_visible()
    await office.judges(f"Lapak gorengan {END}", before.kind)
    events = await office.house.store.read(lambda work: work.screens.happened(0, 1000))
    assert [(one.actor_name, one.before, one.after) for one in events if one.verb == "model_used"] == [
        ("Supervisor", "0001.model.gz", "bawaan")
    ]
