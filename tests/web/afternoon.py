"""One afternoon at the desk: Thursday 17 Des 2026, 14.05 WITA, told through the real stories into the real store.

Tests and pictures share it. Every kind of row, bubble and clock that the desk can show stands in it once.
"""

import html
import io
import json
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from aiohttp import ClientSession, CookieJar, FormData, web
from aiohttp.test_utils import TestServer

from omnichannel.connectors.lapor import SheetForwarder
from omnichannel.domain.case import Case
from omnichannel.domain.deadline import Clocks
from omnichannel.domain.house import House
from omnichannel.domain.letter import LetterRules
from omnichannel.domain.message import Attachment, Delivery
from omnichannel.domain.organisation import Organisation
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.ports import Raw
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import reply
from omnichannel.inbox.receive import Intake
from omnichannel.printing.printer import OfficePrinter
from omnichannel.router import route
from omnichannel.settings.load import load_legal_clocks
from omnichannel.settings.source import Source
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import open_store
from omnichannel.store.files import DiskFiles
from omnichannel.web import guard, server
from tests.house import migrated
from tests.web.cast import ACCOUNTS, NOW, PLACES, UNITS, Line, SetClock, Sure, an_office
from tests.web.story import tell

T = TypeVar("T")


@dataclass
class Seen:
    """An answer that has been read: status, where it ended, its HTML and its bare words."""

    status: int
    path: str
    html: str

    @property
    def words(self) -> str:
        bare = re.sub(r"<(script|style).*?</\\1>", "", self.html, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


class Visitor:
    """Reads pages and sends their forms as a browser without script does."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    async def get(self, path: str, **headers: str) -> Seen:
        async with self._session.get(path, headers=headers) as answer:
            return Seen(answer.status, answer.url.path_qs, await answer.text())

    async def draws(self, path: str) -> bool:
        """Whether a whole page stands at this address itself."""
        async with self._session.get(path, allow_redirects=False) as answer:
            page = answer.status == 200 and answer.content_type == "text/html"
            return page and (await answer.read()).startswith(b"<!doctype html>")

    async def post(
        self,
        path: str,
        fields: Mapping[str, str] | None = None,
        follow: bool = True,
        files: Sequence[tuple[str, bytes]] = (),
        **headers: str,
    ) -> Seen:
        """With a token, as a page of ours would send it."""
        async with self._session.get("/sesi") as answer:
            token = (await answer.json())["csrf"] if answer.status == 200 else ""
        named = {"csrf": token} | dict(fields or {})
        body = FormData(named, quote_fields=False, default_to_multipart=bool(files))
        for name, content in files:
            body.add_field("berkas", io.BytesIO(content), filename=name, content_type="application/x-lie")
        async with self._session.post(path, data=body, headers=headers, allow_redirects=follow) as answer:
            return Seen(answer.status, answer.url.path_qs, await answer.text())


@dataclass
class Afternoon:
    """The house, the people in it, and what citizens have written."""

    house: House
    clock: SetClock
    address: str
    staff: dict[str, Staff]
    talks: dict[str, int]
    application: web.Application

    async def read(self, question: Callable[[Work], T]) -> T:
        return await self.house.store.read(question)

    async def write(self, story: Callable[[Work], T]) -> T:
        return await self.house.store.write(story)

    async def token(self, login: str) -> str:
        """A session, as a login would have made it."""
        token, now = secrets.token_urlsafe(32), self.clock.now()
        hashed = guard.token_hash(token)
        await self.write(
            lambda work: work.people.open_session(
                hashed, self.staff[login].id, secrets.token_urlsafe(32), now, now + timedelta(hours=12)
            )
        )
        return token

    @asynccontextmanager
    async def visitor(self, login: str | None, lang: str = "id") -> AsyncIterator[Visitor]:
        """Somebody's browser without script."""
        jar = CookieJar(unsafe=True)
        async with ClientSession(base_url=self.address, cookie_jar=jar) as session:
            if login is not None:
                await self.write(lambda work: work.people.set_lang(self.staff[login].id, lang))
                jar.update_cookies({guard.SESSION_COOKIE: await self.token(login)}, session._build_url("/"))
            yield Visitor(session)

    async def says(
        self,
        name: str,
        account: str,
        text: str,
        *,
        ago: timedelta = timedelta(0),
        public: bool = False,
        verdict: Verdict | None = None,
        **more: object,
    ) -> Message:
        """A citizen writes; the machine sorts it when a verdict is given. Time goes back to what it was."""
        back, self.clock.moment = self.clock.moment, self.clock.moment - ago
        thread = f"{name}-{'p' if public else 'd'}".replace(" ", "")
        item = {
            "type": "incoming",
            "id": secrets.token_hex(8),
            "thread": thread,
            "surface": "public" if public else "direct",
            "from": {"id": f"id-{name}", **_names(name)},
            "at": self.clock.now().isoformat().replace("+00:00", "Z"),
            "text": text,
            **more,
        }
        connector = self.house.connectors[account]
        body = json.dumps({"events": [item]}).encode()
        await Intake(self.house.store, self.house.files, self.clock).take_in(connector, [Raw(body)])
        message = await self.read(lambda work: work.messages.by_external(account, str(item["id"])))
        assert message is not None
        self.talks[name] = message.conversation_id
        if verdict is not None:
            now = self.clock.now()
            await self.write(lambda work: route.route(work, self.desk, message.id, verdict, now))
        self.clock.moment = back
        return message

    async def answers(
        self,
        login: str,
        name: str,
        text: str,
        delivery: Delivery,
        *,
        ago: timedelta = timedelta(0),
        error: str | None = None,
    ) -> Message:
        """An officer answers, and the channel has told what became of it."""
        moment, number = self.clock.now() - ago, self.talks[name]

        def story(work: Work) -> Message:
            conversation = work.conversations.get(number)
            assert conversation is not None
            able = self.house.capabilities(conversation.account, conversation.surface)
            message = reply.reply(
                work, self.staff[login], number, text, key=secrets.token_hex(8), capabilities=able, now=moment
            )
            work.messages.set_delivery(message.id, delivery, moment, error, external_id=f"x{message.id}")
            if delivery in (Delivery.FAILED, Delivery.UNSURE):
                now = work.conversations.get(number)
                assert now is not None
                work.conversations.save(now, replace(now, failed=now.failed + 1))
            return message

        return await self.write(story)

    async def attaches(self, message: Message, *parts: Attachment) -> None:
        await self.write(lambda work: work.messages.add_files(message.id, parts))

    def file(self, content: bytes, media_type: str, name: str | None) -> Attachment:
        """A file that already lies on the disk."""
        digest = self.house.files.keep(content)
        return Attachment(media_type=media_type, name=name, size=len(content), sha256=digest)

    @property
    def desk(self) -> route.Desk:
        return route.Desk(
            office=self.house.office,
            organisation=self.house.organisation,
            clocks=self.house.clocks,
            ability=self.house.capabilities,
        )


def _names(name: str) -> dict[str, str]:
    if name.startswith("@"):
        return {"handle": name[1:]}
    return {"phone": name} if name.startswith("+") else {"name": name}


async def case_of(desk: Afternoon, name: str) -> Case:
    """The newest case of that citizen."""
    return (await desk.read(lambda work: work.cases.of_conversation(desk.talks[name])))[-1]


@asynccontextmanager
async def an_afternoon(
    folder: Path,
    *,
    told: bool = True,
    extra: Callable[[web.Application], None] | None = None,
    undo: timedelta = timedelta(),
) -> AsyncIterator[Afternoon]:
    """The desk on 127.0.0.1; `told` False leaves it empty, as on the first day."""
    before = await _day(told)
    shutil.copytree(before.folder, folder, dirs_exist_ok=True)
    async with _opened(folder, extra, undo) as desk:
        desk.staff.update(before.staff)
        desk.talks.update(before.talks)
        yield desk


@dataclass(frozen=True)
class Day:
    """A desk as it was left: its files, its people, who wrote where."""

    folder: Path
    staff: Mapping[str, Staff]
    talks: Mapping[str, int]


_days: dict[bool, Day] = {}
_folders: list[TemporaryDirectory[str]] = []  # gone with the process


async def _day(told: bool) -> Day:
    """Lived through once a process, and copied: a hundred tests begin with it."""
    if told not in _days:
        _folders.append(TemporaryDirectory(prefix="omnichannel-afternoon-"))
        folder = Path(_folders[-1].name)
        await migrated(f"sqlite:///{folder / 'desk.db'}")
        async with _opened(folder) as desk:
            await _hire(desk)
            if told:
                await tell(desk)
        _days[told] = Day(folder, dict(desk.staff), dict(desk.talks))
    return _days[told]


@asynccontextmanager
async def _opened(
    folder: Path, extra: Callable[[web.Application], None] | None = None, undo: timedelta = timedelta()
) -> AsyncIterator[Afternoon]:
    """The desk over whatever lies in the folder."""
    clock, bell = SetClock(), LocalBell()
    store = open_store(f"sqlite:///{folder / 'desk.db'}", bell, clock)
    await store.open()
    connectors = {name: Line(name, channel) for name, channel in ACCOUNTS.items()}
    house = House(
        office=replace(an_office(), undo=undo),
        organisation=Organisation(UNITS, PLACES),
        store=store,
        files=DiskFiles(folder / "files"),
        bell=bell,
        clock=clock,
        clocks=_clocks(),
        classifier=Sure(),
        connectors=connectors,
        forwarder=SheetForwarder(),
        printer=OfficePrinter(LetterRules()),
    )
    served = TestServer(server.build(house, extra=extra))
    await served.start_server()
    try:
        yield Afternoon(house, clock, str(served.make_url("/")).rstrip("/"), {}, {}, served.app)
    finally:
        await served.close()
        for connector in connectors.values():
            await connector.close()
        await store.close()
        await bell.close()


@cache
def _clocks() -> Clocks:
    return load_legal_clocks(Source.find(None, {}))


async def _hire(desk: Afternoon) -> None:
    people = (
        ("r", "Petugas R", Role.AGENT, None),
        ("s", "Petugas S", Role.AGENT, None),
        ("m", "Petugas M", Role.SUPERVISOR, None),
        ("ppid", "Petugas P", Role.PPID, None),
        ("lapor", "Petugas L", Role.LAPOR, None),
        ("unit", "Petugas U", Role.UNIT, "dishub"),
        ("admin", "Petugas A", Role.ADMINISTRATOR, None),
        ("auditor", "Petugas D", Role.AUDITOR, None),
    )
    for login, name, role, unit in people:
        desk.staff[login] = await desk.write(
            lambda work, a=login, b=name, c=role, d=unit: work.people.add(  # type: ignore[misc]
                login=a, name=b, role=c, unit=d, password_hash="!", at=NOW - timedelta(days=30)
            )
        )
