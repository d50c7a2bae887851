"""Every socket to the outside: connectors, LAPOR, the classifier, the bell, the clock, the disk.

The socket to our own database is `domain.work`. Only `omnichannel.app` chooses what is plugged in.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar, runtime_checkable

from omnichannel.domain.channel import Address, Capabilities, Channel, Surface
from omnichannel.domain.forwarding import Exported, News
from omnichannel.domain.message import Attachment, Event, Outgoing, OutgoingFile, Sent, Template
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import Work

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Raw:
    """What the ledger keeps: one webhook body, one polled update, one RFC 5322 mail, with the headers that matter."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Hook:
    """One HTTP request to `/hooks/{account}`. Header names are lower case."""

    method: str
    headers: Mapping[str, str] = field(repr=False)
    query: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one poll brought, and the cursor to save in the same commit."""

    raws: tuple[Raw, ...]
    cursor: str | None


class Connector(Protocol):
    """One outside account: we hear citizens through it and answer through it."""

    account: str
    channel: Channel
    surfaces: Mapping[Surface, Capabilities]

    async def open(self) -> None:
        """Prove the credentials and learn our own id. AccountBroken, TryLater."""

    async def close(self) -> None:
        """Let go of every connection; harmless when called twice."""

    def parse(self, raw: Raw) -> tuple[Event, ...]:
        """Every item of a payload, pure. What cannot be read is an UNKNOWN event with its `problem`."""
        ...

    async def send(self, outgoing: Outgoing) -> Sent:
        """Hand one message to the platform. TryLater, Refused, AccountBroken, Unsure."""
        ...


@runtime_checkable
class Polling(Protocol):
    """A connector that asks. The same cursor gives at least the same batch."""

    async def poll(self, cursor: str | None) -> Batch: ...


@runtime_checkable
class Webhook(Protocol):
    """A connector that is told: pure functions of bytes."""

    def greet(self, hook: Hook) -> str | None:
        """The platform's handshake answer, or None when this is not a handshake."""

    def verify(self, hook: Hook) -> None:
        """BadSignature unless one of the configured secrets fits (constant time)."""


@runtime_checkable
class MediaSource(Protocol):
    """A connector whose attachments are fetched in a second step, before the link dies."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes. TryLater, Refused (gone for good), AccountBroken."""
        ...


@runtime_checkable
class Probe(Protocol):
    """A connector that can be asked whether its credentials still hold."""

    async def probe(self) -> str:
        """A word on our own account there ("@humas_kutim_bot"). AccountBroken, TryLater."""
        ...


@runtime_checkable
class Expiring(Protocol):
    """A connector whose credentials may die on a day that the platform tells."""

    async def expires(self) -> datetime | None:
        """That moment; None when they never die or the platform does not say. AccountBroken, TryLater."""
        ...


@runtime_checkable
class Reading(Protocol):
    """A connector that can show the citizen that their message was read."""

    async def mark_read(self, external_id: str, address: Address) -> None:
        """That message and those before it, in that thread. TryLater, Refused, AccountBroken; harmless when repeated."""
        ...


@runtime_checkable
class Templates(Protocol):
    """A connector that may send approved texts once the reply window has shut (`Outgoing.template`)."""

    async def templates(self) -> tuple[Template, ...]:
        """Every one, whatever its state. TryLater, AccountBroken."""
        ...


@runtime_checkable
class Hiding(Protocol):
    """A connector that can take a public comment out of everybody's sight (one with a citizen's NIK in it, say)."""

    async def hide(self, external_id: str) -> None:
        """TryLater, Refused, AccountBroken; harmless when repeated."""
        ...

    async def show(self, external_id: str) -> None:
        """Bring it back. TryLater, Refused, AccountBroken; harmless when repeated."""
        ...


@runtime_checkable
class PrivateReply(Protocol):
    """A connector that may answer a public comment with one direct message, while the platform still allows it."""

    async def answer_privately(self, external_id: str, text: str, *, key: str, author: str = "") -> Sent:
        """`author` is the comment's, by the platform's id. TryLater, Refused (used up, too old), AccountBroken, Unsure."""
        ...


class Classifier(Protocol):
    """Kind, topic, unit, place, urgency, with reasons and how sure."""

    def classify(self, text: str, *, channel: str | None = None) -> Verdict: ...


class Models(Protocol):
    """The versions of the model on our disk. Blocking."""

    def names(self) -> list[str]:
        """Oldest first."""
        ...

    def current(self) -> str | None:
        """The version in use; None: the one that the package carries."""
        ...

    def use(self, name: str) -> None:
        """NotFound, StoreAway."""

    def use_carried(self) -> None:
        """StoreAway."""


class Clock(Protocol):
    """Time, so that tests never sleep."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...

    async def sleep(self, duration: timedelta) -> None: ...


class Ear(Protocol):
    """Hears every ring since it last listened."""

    async def heard(self, timeout: timedelta) -> bool:
        """True at the first ring, at once if one came since the last call; False after `timeout`."""
        ...

    def close(self) -> None: ...


class Bell(Protocol):
    """Wakes workers and screens. Losing a ring costs seconds, never a message."""

    def ring(self, topic: str) -> None:
        """Wake whoever listens to `topic`, in this process and (with Redis) in the others."""

    def ear(self, *topics: str) -> Ear: ...

    def tell(self, topic: str, words: str) -> None:
        """Say something that is true for seconds only, to all who `listen` in this process and the others. A topic has no
        space in it; nothing is kept, and while Redis is away the others hear nothing."""

    def listen(self, topic: str, hears: Callable[[str], None]) -> Callable[[], None]:
        """Have `hears` called with what is told, on the loop; the answer ends it."""
        ...

    async def close(self) -> None: ...


class Files(Protocol):
    """Attachments on disk, named by their SHA-256."""

    def keep(self, content: bytes) -> str:
        """Write durably and return the hash; the same content twice is one file."""
        ...

    def read(self, sha256: str) -> bytes: ...

    def size(self, sha256: str) -> int | None:
        """Bytes on disk, None when it is not there."""
        ...


class Store(Protocol):
    """Our database. A story is a plain function of a `Work`: it cannot await, so no network call can ever stand
    inside a transaction."""

    async def write(self, story: Callable[[Work], T]) -> T:
        """Run the story in a transaction and return once it is durable. Stories that arrive together share one
        commit, a savepoint each; a story that raises undoes only itself. StoreAway when the database is."""
        ...

    async def read(self, question: Callable[[Work], T]) -> T:
        """Run a question on a reader's snapshot; it must not write."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What SP4N-LAPOR receives. Identity stands in its own fields and nowhere else."""

    case_id: int
    number: str
    classification: str
    title: str
    content: str
    place: str | None
    incident_at: datetime | None
    institution: str | None
    category: str | None
    anonymous: bool
    secret: bool
    reporter_name: str | None = None
    reporter_phone: str | None = None
    reporter_mail: str | None = None
    files: tuple[OutgoingFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """A report in LAPOR."""

    complaint_id: str
    tracking_id: str | None = None


@dataclass(frozen=True, slots=True)
class Forwarded:
    """LAPOR (or the officer who keyed it in) took the report."""

    complaint_id: str
    tracking_id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class NewsBatch:
    """News since the cursor."""

    news: tuple[News, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """LAPOR's own lists: (id, name) pairs."""

    institutions: tuple[tuple[str, str], ...] = ()
    categories: tuple[tuple[str, str], ...] = ()
    templates: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, str], ...] = ()  # of the templates, by the same code


@dataclass(frozen=True, slots=True)
class NotOffered:
    """This way of sending cannot do that; `instead` says what a person does."""

    instead: str


class Forwarder(Protocol):
    """SP4N-LAPOR by API, sheet or batch. What a way cannot do, it says."""

    way: str

    async def forward(self, report: Report) -> Forwarded | NotOffered:
        """TryLater, Refused, AccountBroken, Unsure."""
        ...

    async def news(self, ref: Ref, cursor: str | None) -> NewsBatch | NotOffered: ...

    async def reply(self, ref: Ref, text: str, files: Sequence[OutgoingFile]) -> Sent | NotOffered: ...

    async def transfer(self, ref: Ref, institution: str, reason: str) -> Sent | NotOffered: ...

    async def catalogue(self) -> Catalogue | NotOffered: ...

    async def find(
        self, report: Report, *, since: datetime | None = None, taken: Collection[str] = ()
    ) -> Ref | None | NotOffered:
        """The report by its title, made there after `since`; what is in `taken` is another report of ours."""
        ...

    async def disposed(self, cursor: str | None) -> Batch | NotOffered: ...

    def exported(self, table: Sequence[Sequence[str]]) -> tuple[Exported, ...]:
        """The rows of an export of LAPOR's own screen. Invalid, in words for whoever uploaded it."""
        ...

    async def close(self) -> None:
        """Let go of what is open; harmless when called twice."""
