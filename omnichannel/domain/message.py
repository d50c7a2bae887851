"""What platforms tell us (events) and what we tell them (Outgoing); the shapes of `omnichannel parse`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from omnichannel.domain.channel import Address, Surface


class EventType(StrEnum):
    """The eight things a platform can tell us."""

    INCOMING = "incoming"
    ECHO = "echo"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    REACTION = "reaction"
    RECEIPT = "receipt"
    NOTICE = "notice"
    UNKNOWN = "unknown"


# In an event's `extra`: said in a group among its people, not to us. It is kept and shown; no machine looks at it.
OVERHEARD = "overheard"


class Auto(StrEnum):
    """Mail that no person wrote; it never gets an automatic answer."""

    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LIST = "list"


class Delivery(StrEnum):
    """The state of something we send. It never goes back, except that `unsure` may be settled."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNSURE = "unsure"

    @property
    def rank(self) -> int:
        """How far along; receipts in any order may only raise it."""
        return _RANK[self]

    @property
    def needs_a_look(self) -> bool:
        """Whether a person must decide what happens next: it counts as failed on its conversation until they have."""
        return self in (Delivery.FAILED, Delivery.UNSURE)

    def after(self, news: "Delivery") -> "Delivery":
        """The state once `news` came in: later receipts win, a late failure never hides a delivery."""
        if news is Delivery.FAILED and self.rank >= Delivery.DELIVERED.rank:
            return self
        return news if news.rank >= self.rank else self


_RANK = {
    Delivery.QUEUED: 0,
    Delivery.SENDING: 1,
    Delivery.UNSURE: 2,
    Delivery.SENT: 3,
    Delivery.FAILED: 4,
    Delivery.DELIVERED: 5,
    Delivery.READ: 6,
}


@dataclass(frozen=True, slots=True)
class Author:
    """A citizen (or one of us) as the platform names them. `id` is opaque and is the identity."""

    id: str
    name: str | None = None
    handle: str | None = None
    phone: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message. `id`/`url` fetch it from the platform; `content` is set when it came along."""

    media_type: str
    name: str | None = None
    size: int | None = None
    sha256: str | None = None
    id: str | None = None
    url: str | None = None
    content: bytes | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Location:
    """Degrees, WGS 84."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Problem:
    """What a platform says went wrong."""

    code: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened on one account.

    `external_id` names this event and is unique within the account; `target` is the message it is about.
    `conversation` is the platform's thread. `sent_at` is the platform's time, aware UTC, or None where it gave none.
    `album` marks parts that are one message (a media group). `problem` on an UNKNOWN says why it could not be read:
    such an item is quarantined. `html` is the unsafe original of a mail; it is cleaned before anyone sees it.
    `token` is our own thread token found in the address the citizen wrote to.
    """

    type: EventType
    external_id: str
    conversation: str
    author: Author
    surface: Surface = Surface.DIRECT
    target: str | None = None
    sent_at: datetime | None = None
    subject: str | None = None
    message_id: str | None = None
    reply_to: str | None = None
    references: tuple[str, ...] = ()
    text: str = ""
    quoted: str | None = None
    html: str | None = field(default=None, repr=False)
    auto: Auto | None = None
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    status: Delivery | None = None
    error: Problem | None = None
    album: str | None = None
    token: str | None = None
    problem: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The shape of interfaces.md; keys marked `?` there are left out when empty."""
        out: dict[str, Any] = {
            "type": self.type.value,
            "external_id": self.external_id,
            "surface": self.surface.value,
            "conversation": self.conversation,
            "author": _present(self.author, ("id", "name", "handle", "phone", "address")),
            "sent_at": None if self.sent_at is None else iso(self.sent_at),
            "text": self.text,
            "auto": None if self.auto is None else self.auto.value,
            "attachments": [
                _present(part, ("name", "media_type", "size", "sha256", "id", "url")) for part in self.attachments
            ],
        }
        for key in ("target", "subject", "message_id", "reply_to", "quoted", "problem"):
            if getattr(self, key) is not None:
                out[key] = getattr(self, key)
        if self.references:
            out["references"] = list(self.references)
        if self.location is not None:
            out["location"] = {"lat": self.location.lat, "lon": self.location.lon}
        if self.status is not None:
            out["status"] = self.status.value
        if self.error is not None:
            out["error"] = {"code": self.error.code, "title": self.error.title}
        return out


def _present(thing: object, keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: getattr(thing, key) for key in keys if getattr(thing, key) is not None}


def iso(moment: datetime) -> str:
    """UTC in ISO 8601 with a Z, whole seconds unless there is more: 2026-11-22T06:05:00Z."""
    if moment.utcoffset() is None:
        raise ValueError(f"a naive time names no moment: {moment!r}")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file of ours to send, already on our disk and read into memory by the worker."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Template:
    """A text that the platform approved beforehand. `text` has {{1}} or {{name}} where values go.

    `state` is approved, pending, rejected, paused or disabled; `plain` says that words are all it needs (no picture,
    no button with a value of its own). `why` is the platform's reason for a refusal.
    """

    name: str
    language: str
    state: str
    category: str = ""
    text: str = ""
    plain: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """A template chosen, with a value for each of its places ("1", "2" or names)."""

    name: str
    language: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message of ours on its way out. `key` is ours and stable, so platforms that dedupe can.

    With `template` the platform sends that; `text` is then what staff see of it. `late`: the reply window has shut and a
    person answers all the same, which platforms that allow it want to be told. `private_to` names the public comment to
    which this is the private answer. `quoted` is the history that a letter repeats below its words.
    """

    key: str
    address: Address
    text: str
    subject: str | None = None
    reply_to: str | None = None
    references: tuple[str, ...] = ()
    message_id: str | None = None
    token: str | None = None
    automatic: bool = False
    files: tuple[OutgoingFile, ...] = ()
    template: TemplateUse | None = None
    late: bool = False
    private_to: str | None = None
    quoted: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took it; `external_id` is its id for our message (the one receipts will name).

    `thread` is the direct thread that a private answer to a comment opened, where the platform says so.
    """

    external_id: str
    at: datetime | None = None
    message_id: str | None = None
    thread: str | None = None
