"""A whole front door for tests: the real store on SQLite, the real application on 127.0.0.1, a clock set by hand."""

import hashlib
import hmac
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from omnichannel.connectors.lapor import SheetForwarder
from omnichannel.connectors.sandbox import SandboxConnector
from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.case import Kind, Queue
from omnichannel.domain.channel import Channel
from omnichannel.domain.checklist import Item
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.deadline import Clocks
from omnichannel.domain.errors import StoreAway
from omnichannel.domain.house import House
from omnichannel.domain.letter import LetterRules
from omnichannel.domain.message import Attachment
from omnichannel.domain.office import Account, Office, RoutingMode, Secret
from omnichannel.domain.organisation import Level, Organisation, Unit
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.ports import Raw
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import File, Work
from omnichannel.inbox.receive import Intake
from omnichannel.printing.printer import OfficePrinter
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore, open_store
from omnichannel.store.files import DiskFiles
from omnichannel.web import guard, server

WITA = ZoneInfo("Asia/Makassar")
THURSDAY = datetime(2026, 12, 17, 6, 5, tzinfo=UTC)  # 14.05 in Sangatta
SECRET = "rahasia-uji"

T = TypeVar("T")
Client = TestClient[web.Request, web.Application]


class SetClock:
    """Time that stands still until a test moves it."""

    def __init__(self, now: datetime = THURSDAY) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def go(self, by: timedelta) -> None:
        self._now += by

    async def sleep(self, duration: timedelta) -> None:
        self._now += duration


class Gate:
    """The real store behind a gate, so that a test can take the database away and give it back."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self.shut = False

    async def write(self, story: Callable[[Work], T]) -> T:
        self._pass()
        return await self._store.write(story)

    async def read(self, question: Callable[[Work], T]) -> T:
        self._pass()
        return await self._store.read(question)

    async def ready(self) -> None:
        self._pass()
        await self._store.ready()

    def _pass(self) -> None:
        if self.shut:
            raise StoreAway("database is locked")


class NoClassifier:
    """Nothing is classified at the front door."""

    def classify(self, text: str, *, channel: str | None = None) -> Verdict:
        raise AssertionError("the web never classifies")


def an_office(public_url: str = "") -> Office:
    return Office(
        name="Pemerintah Kabupaten Uji",
        region="Kabupaten Uji",
        short="Uji",
        zone=WITA,
        zone_name="WITA",
        public_url=public_url,
        accent_hue=215,
        desk_unit="humas",
        routing_mode=RoutingMode.SUGGEST,
        sure=0.9,
        lapor_way="sheet",
        lapor_consent="notice",
        patterns={
            Queue.PPID: "PPID-{year}-{n:06d}",
            Queue.LAPOR: "LAP-{year}-{n:06d}",
            Queue.HUMAS: "HUM-{year}-{n:06d}",
        },
        alarm_contacts=(),
        alarm_repeat_minutes=5,
        replies=(),
        notices={},
        session_hours=12,
        checklists=(
            Item(Kind.COMPLAINT, "lokasi", "Lokasi di lapangan"),
            Item(Kind.COMPLAINT, "foto", "Foto atau bukti lain"),
        ),
    )


@dataclass
class Front:
    """The application, who may knock at it, and the hands behind it."""

    house: House
    clock: SetClock
    gate: Gate
    server: TestServer
    clients: list[Client] = field(default_factory=list)

    async def client(self) -> Client:
        """A browser nobody has logged in with; it follows no redirect by itself in tests that look at one."""
        client: Client = TestClient(self.server)
        self.clients.append(client)
        return client

    async def staff(
        self, login: str = "petugas", role: Role = Role.AGENT, unit: str | None = None, password: str = "!"
    ) -> Staff:
        return await self.house.store.write(
            lambda work: work.people.add(
                login=login, name=login.title(), role=role, unit=unit, password_hash=password, at=self.clock.now()
            )
        )

    async def session(self, staff: Staff) -> str:
        """A session's token, as a login would have made it."""
        token, now = secrets.token_urlsafe(32), self.clock.now()
        until = now + timedelta(hours=self.house.office.session_hours)
        hashed = guard.token_hash(token)
        await self.house.store.write(
            lambda work: work.people.open_session(hashed, staff.id, secrets.token_urlsafe(32), now, until)
        )
        return token

    async def signed_in(self, role: Role = Role.AGENT, unit: str | None = None, login: str | None = None) -> Client:
        """A browser of somebody with that role, its token ready in `X-CSRF-Token` (see `csrf`)."""
        person = await self.staff(login or f"{role.value}-{secrets.token_hex(3)}", role, unit)
        client = await self.client()
        client.session.cookie_jar.update_cookies(
            {guard.SESSION_COOKIE: await self.session(person)}, self.server.make_url("/")
        )
        return client

    async def incoming(
        self,
        text: str = "Lampu jalan mati",
        thread: str = "t1",
        files: tuple[Attachment, ...] = (),
        at: str = "2026-12-17T06:00:00Z",
    ) -> Conversation:
        """A citizen has written; what a connector would have handed over, through the real intake."""
        connector = self.house.connectors["uji"]
        body = a_batch([an_item(text, thread) | {"at": at}])
        await Intake(self.house.store, self.house.files, self.clock).take_in(connector, [Raw(body)])
        return await self.house.store.read(lambda work: _last(work))

    async def place(self, conversation: Conversation, unit: str) -> Conversation:
        """Lay it on a unit's table, whatever has happened to it since."""

        def story(work: Work) -> Conversation:
            now = work.conversations.get(conversation.id)
            assert now is not None
            return work.conversations.save(now, replace(now, unit=unit))

        return await self.house.store.write(story)

    async def attach(self, conversation: Conversation, content: bytes, media_type: str, name: str | None) -> File:
        """A file of the conversation's last message, on the disk."""
        digest = self.house.files.keep(content)
        part = Attachment(media_type=media_type, name=name, size=len(content), sha256=digest)

        def story(work: Work) -> File:
            message = work.messages.thread(conversation.id)[-1]
            return work.messages.add_files(message.id, [part])[0]

        return await self.house.store.write(story)

    async def close(self) -> None:
        for client in self.clients:
            await client.session.close()
        await self.server.close()


def _last(work: Work) -> Conversation:
    happening = [one for one in work.screens.happened(0, 10_000) if one.conversation_id is not None][-1]
    found = work.conversations.get(happening.conversation_id or 0)
    assert found is not None
    return found


def an_item(text: str, thread: str = "t1", id: str | None = None) -> dict[str, object]:
    return {
        "type": "incoming",
        "id": id or secrets.token_hex(6),
        "thread": thread,
        "surface": "direct",
        "from": {"id": f"warga-{thread}", "name": "Warga Uji"},
        "at": "2026-12-17T06:00:00Z",
        "text": text,
    }


def a_batch(items: list[dict[str, object]]) -> bytes:
    return json.dumps({"events": items}).encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Sandbox-Signature": f"sha256={digest}", "Content-Type": "application/json"}


async def csrf(client: Client) -> str:
    """A token for this browser's forms."""
    answer = await client.get("/sesi")
    assert answer.status == 200
    return str((await answer.json())["csrf"])


async def _empty_database() -> bytes:
    """A migrated database, made once a run: two hundred migrations would take longer than all tests together."""
    if not _made:
        with TemporaryDirectory() as folder:
            path, bell = Path(folder) / "empty.db", LocalBell()
            store = open_store(f"sqlite:///{path}", bell, SetClock())
            await store.open()
            await store.migrate()
            await store.close()
            await bell.close()
            _made.append(path.read_bytes())
    return _made[0]


_made: list[bytes] = []


@asynccontextmanager
async def a_front(folder: Path, public_url: str = "", *, migrated: bool = True) -> AsyncIterator[Front]:
    clock, bell, database = SetClock(), LocalBell(), folder / "omnichannel.db"
    if migrated:
        database.write_bytes(await _empty_database())
    store = open_store(f"sqlite:///{database}", bell, clock)
    await store.open()
    gate = Gate(store)
    account = Account("uji", Channel.SANDBOX, secrets={"SECRET": Secret(SECRET)})
    connector = SandboxConnector(account)
    calendar = WorkingCalendar.of({date(2026, 12, 25): "Natal"}, WITA)
    house = House(
        office=an_office(public_url),
        organisation=Organisation(
            [
                Unit("kab", "Kabupaten Uji", Level.KABUPATEN, code="64.99"),
                Unit("dishub", "Dinas Perhubungan", Level.OPD, "kab"),
            ]
        ),
        store=gate,
        files=DiskFiles(folder / "files"),
        bell=bell,
        clock=clock,
        clocks=Clocks((), calendar),
        classifier=NoClassifier(),
        connectors={"uji": connector},
        forwarder=SheetForwarder(),
        printer=OfficePrinter(LetterRules()),
    )
    front = Front(house, clock, gate, TestServer(server.build(house)))
    await front.server.start_server()
    try:
        yield front
    finally:
        await front.close()
        await connector.close()
        await store.close()
        await bell.close()
