"""One reader of the events table for all live streams of this process, and the streams it writes to."""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import OmnichannelError
from omnichannel.domain.house import House
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may, scope
from omnichannel.domain.work import Happening, Work
from omnichannel.web.metrics import Metrics

TOPIC = "screens"
PAGE = 200
BEAT = timedelta(seconds=15)  # proxies cut a silent connection after 30 to 60 seconds
LISTEN = timedelta(seconds=5)  # a ring may be lost between processes; then a change is at most this late
PATIENCE = timedelta(seconds=10)  # longer than any transaction of ours stays open
BUFFER_LIMIT = 1 << 20  # bytes that a stalled reader may owe us before it is cut and resumes by itself

# Things without a conversation: who may hear that they changed.
ASKS = {"account": Action.SEE_DESK, "staff": Action.MANAGE_STAFF, "label": Action.SEE_DESK}

log = structlog.get_logger("web.live")


@dataclass(frozen=True, slots=True)
class Frame:
    """One event of the stream, encoded once: as it is, and as a chunk of HTTP/1.1."""

    plain: bytes
    chunk: bytes
    id: int | None = None


def frame(event: str, data: Mapping[str, object], id: int | None = None) -> Frame:
    """Server-sent event; `id` is where a browser resumes."""
    head = f"id: {id}\n" if id is not None else ""
    plain = f"{head}event: {event}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
    return Frame(plain, b"%x\r\n%s\r\n" % (len(plain), plain), id)


def summary(happening: Happening) -> dict[str, object]:
    """What a screen needs to know to fetch the change itself: numbers and a verb, no words of anybody."""
    return {
        "seq": happening.id,
        "conversation": happening.conversation_id,
        "verb": happening.verb,
        "thing": happening.thing,
        "thing_id": happening.thing_id,
    }


def limited(staff: Staff) -> bool:
    """Whether the answer depends on the conversation: a unit officer's does."""
    return scope(staff).unit is not None


def audible(staff: Staff, happening: Happening, conversation: Conversation | None) -> bool:
    """Whether this change may be told to them. `conversation` is asked for only when they are `limited`."""
    if happening.conversation_id is None:
        known = happening.thing in ASKS or not limited(staff)
        return known and bool(may(staff, ASKS.get(happening.thing, Action.SEE_DESK)))
    if not limited(staff):
        return bool(may(staff, Action.READ))
    if conversation is not None and may(staff, Action.READ, conversation):
        return True
    # What has just been taken from a unit must leave its list.
    return (
        bool(may(staff, Action.READ)) and staff.unit is not None and staff.unit in (happening.before, happening.after)
    )


@dataclass(eq=False, slots=True)
class Client:
    """One open stream. Bytes go straight to the transport: two hundred streams need no two hundred wake-ups."""

    staff: Staff
    token_hash: str
    transport: asyncio.WriteTransport
    chunked: bool
    had: frozenset[int] = frozenset()
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def push(self, event: Frame) -> bool:
        """False when the reader was too slow and has been cut."""
        if self.gone.is_set() or event.id in self.had:
            return True
        if self.transport.is_closing():
            self.gone.set()
            return True
        if self.transport.get_write_buffer_size() > BUFFER_LIMIT:
            self.transport.abort()
            self.gone.set()
            return False
        self.transport.write(event.chunk if self.chunked else event.plain)
        return True

    def hang_up(self, why: str) -> None:
        """Say why, then end; the browser asks again and learns the rest from the answer."""
        self.push(frame("bye", {"why": why}))
        self.gone.set()


class Tail:
    """Follows a growing table by id. Two processes may commit 11 before 10: a number that is missing is waited for."""

    def __init__(self, last: int) -> None:
        self.last = last
        self._missing: dict[int, datetime] = {}

    @property
    def after(self) -> int:
        """Where to ask from."""
        return min(self._missing) - 1 if self._missing else self.last

    def take(self, rows: Iterable[Happening], now: datetime) -> list[Happening]:
        """Those not seen before."""
        fresh = []
        for row in rows:
            if row.id > self.last:
                self._missing.update(dict.fromkeys(range(max(self.last + 1, row.id - PAGE), row.id), now + PATIENCE))
                self.last = row.id
                fresh.append(row)
            elif self._missing.pop(row.id, None) is not None:
                fresh.append(row)
        # A story that was undone leaves its number unused for ever.
        self._missing = {id: until for id, until in self._missing.items() if until > now}
        return fresh


class Hub:
    """Reads what happened, once, and tells every stream that may hear it."""

    def __init__(self, house: House, metrics: Metrics) -> None:
        self._house = house
        self._metrics = metrics
        self._clients: set[Client] = set()
        self._tail: Tail | None = None
        self._beat_at = house.clock.now() + BEAT

    @property
    def last(self) -> int:
        """The newest id that went out."""
        return self._tail.last if self._tail is not None else 0

    async def ready(self) -> None:
        """Know where the table ends. StoreAway when nobody can tell."""
        if self._tail is None:
            last = await self._house.store.read(lambda work: work.screens.last_happening())
            self._tail = Tail(last)

    def add(self, client: Client) -> None:
        self._clients.add(client)
        self._metrics.live.set(len(self._clients))

    def remove(self, client: Client) -> None:
        self._clients.discard(client)
        self._metrics.live.set(len(self._clients))

    def say(self, event: Frame, may_hear: Callable[[Staff], bool]) -> None:
        """Something that is true for seconds: told now, never again, to whoever may hear it."""
        for client in self._clients:
            if may_hear(client.staff) and not client.push(event):
                self._metrics.dropped.inc()

    def hang_up(self, token_hash: str) -> None:
        """End the streams of one session."""
        for client in [client for client in self._clients if client.token_hash == token_hash]:
            client.hang_up("session")

    def close(self) -> None:
        """We are stopping; browsers come back to whoever serves next."""
        for client in list(self._clients):
            client.hang_up("stopping")

    async def run(self) -> None:
        """Until cancelled. Whatever goes wrong is told and tried again: silence would look like a quiet day."""
        ear = self._house.bell.ear(TOPIC)
        try:
            while True:
                try:
                    await self.ready()
                    await self._look()
                    await self._beat()
                except OmnichannelError as error:
                    log.warning("live stream waits", kind=type(error).__name__)
                except Exception as error:
                    log.error("live reader stumbled", exc_info=error)
                await ear.heard(LISTEN)
        finally:
            ear.close()

    async def _look(self) -> None:
        """Read to the end of the table."""
        tail = self._tail
        assert tail is not None
        after = tail.after
        while True:
            rows, conversations = await self.read(after, any(limited(client.staff) for client in self._clients))
            self._tell(tail.take(rows, self._house.clock.now()), conversations)
            if len(rows) < PAGE:
                return
            after = rows[-1].id

    async def read(self, after: int, with_conversations: bool) -> tuple[list[Happening], Mapping[int, Conversation]]:
        """One page of what happened, and where it needs them the conversations it happened to."""

        def question(work: Work) -> tuple[list[Happening], dict[int, Conversation]]:
            rows = work.screens.happened(after, PAGE)
            wanted = (
                {row.conversation_id for row in rows if row.conversation_id is not None} if with_conversations else ()
            )
            found = (work.conversations.get(id) for id in wanted)
            return rows, {conversation.id: conversation for conversation in found if conversation is not None}

        return await self._house.store.read(question)

    def _tell(self, happenings: Sequence[Happening], conversations: Mapping[int, Conversation]) -> None:
        for happening in happenings:
            event = frame("changed", summary(happening), happening.id)
            conversation = conversations.get(happening.conversation_id or 0)
            # Rights hang on role and unit: with 200 streams there are a handful of answers, not 200.
            answers: dict[tuple[str, str | None], bool] = {}
            for client in self._clients:
                eyes = (client.staff.role, client.staff.unit)
                if eyes not in answers:
                    answers[eyes] = audible(client.staff, happening, conversation)
                if answers[eyes] and not client.push(event):
                    self._metrics.dropped.inc()

    async def _beat(self) -> None:
        """Every 15 s: a sign of life with our newest number, and a look whether each login still stands."""
        now = self._house.clock.now()
        if now < self._beat_at:
            return
        self._beat_at = now + BEAT
        hashes = {client.token_hash for client in self._clients}
        sessions = await self._house.store.read(lambda work: {held: work.people.session(held) for held in hashes})
        ping = frame("ping", {"seq": self.last})
        for client in list(self._clients):
            held = sessions.get(client.token_hash)
            if client.token_hash in hashes and (held is None or held.expires_at <= now or held.staff.disabled_at):
                client.hang_up("session")
                continue
            if held is not None:
                client.staff = held.staff
            client.push(ping)
