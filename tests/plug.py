"""A connector that plugs into the socket: it hears what a test says and answers what a test wants."""

import itertools
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace

from omnichannel.domain.channel import Capabilities, Channel, Surface
from omnichannel.domain.errors import BadSignature
from omnichannel.domain.message import Attachment, Event, Outgoing, Sent
from omnichannel.domain.ports import Batch, Hook, Raw
from tests.build import ACCOUNT

OPEN = Capabilities(text_limit=4000, receipts=True, attachment_limit=1_000_000, subject=True)


class Plug:
    """Payloads are numbers of what the test registered; sends are answered from `answers`, else with a new id."""

    channel: Channel = Channel.WHATSAPP

    def __init__(self, account: str = ACCOUNT, capabilities: Capabilities = OPEN) -> None:
        self.account = account
        self.surfaces: Mapping[Surface, Capabilities] = {Surface.DIRECT: capabilities, Surface.PUBLIC: capabilities}
        self.answers: deque[Sent | Exception] = deque()
        self.sent: list[Outgoing] = []
        self.opened = 0
        self.refuses_to_open: deque[Exception] = deque()
        self._payloads: dict[bytes, tuple[Event, ...] | Exception] = {}
        self._numbers = itertools.count(1)

    def raw(self, *events: Event) -> Raw:
        """One payload that means these events."""
        body = f"{self.account} payload {next(self._numbers)}".encode()
        self._payloads[body] = events
        return Raw(body, {"content-type": "text/plain"})

    def means(self, raw: Raw, meaning: Sequence[Event] | Exception) -> None:
        """The parser was mended (or broke): the same payload now means this."""
        self._payloads[raw.body] = meaning if isinstance(meaning, Exception) else tuple(meaning)

    async def open(self) -> None:
        self.opened += 1
        if self.refuses_to_open:
            raise self.refuses_to_open.popleft()

    async def close(self) -> None: ...

    def parse(self, raw: Raw) -> tuple[Event, ...]:
        meaning = self._payloads[raw.body]
        if isinstance(meaning, Exception):
            raise meaning
        return meaning

    async def send(self, outgoing: Outgoing) -> Sent:
        self.sent.append(outgoing)
        answer = self.answers.popleft() if self.answers else Sent(f"platform-{len(self.sent)}")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def greet(self, hook: Hook) -> str | None:
        return None

    def verify(self, hook: Hook) -> None:
        if hook.headers.get("x-plug") != "in":
            raise BadSignature("not plugged in")


class PollingPlug(Plug):
    """One that must be asked: each answer is a batch or an error; when they run out, it has nothing new."""

    def __init__(self, account: str = ACCOUNT, capabilities: Capabilities = OPEN) -> None:
        super().__init__(account, capabilities)
        self.polls: deque[Batch | Exception] = deque()
        self.asked: list[str | None] = []

    async def poll(self, cursor: str | None) -> Batch:
        self.asked.append(cursor)
        if not self.polls:
            return Batch((), cursor)
        answer = self.polls.popleft()
        if isinstance(answer, Exception):
            raise answer
        return answer


class MediaPlug(Plug):
    """One whose files are fetched in a second step."""

    def __init__(self, account: str = ACCOUNT, capabilities: Capabilities = OPEN) -> None:
        super().__init__(account, capabilities)
        self.contents: deque[bytes | Exception] = deque()
        self.fetched: list[Attachment] = []

    async def fetch(self, attachment: Attachment) -> bytes:
        self.fetched.append(attachment)
        answer = self.contents.popleft() if self.contents else b"isi berkas"
        if isinstance(answer, Exception):
            raise answer
        return answer


def narrowed(capabilities: Capabilities = OPEN, **changes: object) -> Capabilities:
    """The open capabilities, with less."""
    return replace(capabilities, **changes)  # type: ignore[arg-type]  # a test names its own fields
