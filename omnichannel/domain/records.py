"""What lies on the shelves of our database: one frozen row each. All moments are aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from omnichannel.domain.channel import Channel, Health, Surface
from omnichannel.domain.message import Auto, Delivery, Location
from omnichannel.domain.people import Staff


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: `staff:3`, `citizen:17`, `machine:routing`, `platform:tg-humas`. For people use `name`."""

    key: str
    name: str | None = None


MACHINE = Actor("machine:omnichannel", "Sistem")


@dataclass(frozen=True, slots=True)
class Entry:
    """One payload as the ledger keeps it. `previous` and `sha256` make the chain of the account."""

    id: int
    account: str
    at: datetime
    sha256: str
    previous: str | None
    chain: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One item of a payload that could not be read; replayed after a mend."""

    ledger_id: int
    position: int
    account: str
    problem: str
    at: datetime


class Direction(StrEnum):
    """in: the citizen · out: us · note: staff among themselves."""

    IN = "in"
    OUT = "out"
    NOTE = "note"


class FileState(StrEnum):
    """waiting: still at the platform · kept: on our disk · lost: its link died, and the screen says so."""

    WAITING = "waiting"
    KEPT = "kept"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An attachment of a message."""

    id: int
    message_id: int
    name: str | None
    media_type: str
    size: int | None
    sha256: str | None
    state: FileState
    remote_id: str | None = None
    remote_url: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as it stands now; earlier texts of an edited one are in its versions."""

    id: int
    conversation_id: int
    account: str
    external_id: str
    direction: Direction
    text: str
    sent_at: datetime
    arrived_at: datetime
    surface: Surface = Surface.DIRECT
    contact_id: int | None = None
    staff_id: int | None = None
    quoted: str | None = None
    html: str | None = None
    subject: str | None = None
    message_id: str | None = None
    reply_to: str | None = None
    references: tuple[str, ...] = ()
    auto: Auto | None = None
    automatic: bool = False
    location: Location | None = None
    delivery: Delivery | None = None
    delivered_at: datetime | None = None
    error: str | None = None
    edited_at: datetime | None = None
    withdrawn_at: datetime | None = None
    album: str | None = None
    client_key: str | None = None
    unknown: bool = False
    ledger_id: int | None = None
    reactions: tuple[tuple[str, str], ...] = ()
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work to be done once `run_at` has come. `owner` is the fence: a late owner acknowledges nothing."""

    id: int
    queue: str
    key: str | None
    body: Mapping[str, Any]
    run_at: datetime
    attempts: int
    owner: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """One row of the append-only events table: who did what to which thing, from, to, why. `id` orders everything."""

    id: int
    at: datetime
    actor: str
    actor_name: str | None
    thing: str
    thing_id: int
    verb: str
    conversation_id: int | None = None
    before: str | None = None
    after: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """How an account of config is doing."""

    account: str
    channel: Channel
    cursor: str | None = None
    health: Health = Health.UNKNOWN
    error: str | None = None
    checked_at: datetime | None = None
    last_in_at: datetime | None = None
    last_out_at: datetime | None = None
    received: int = 0
    quarantined: int = 0
    failed: int = 0
    whoami: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A login. Only the hash of its token is stored."""

    token_hash: str
    staff: Staff
    csrf: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Danger to life: told to the 112 desk again and again until somebody acknowledges."""

    id: int
    conversation_id: int
    message_id: int
    at: datetime
    text: str
    place: str | None
    sender: str
    channel: Channel
    told: int = 0
    told_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose eyes: `staff_id` for "mine", `unit` limits a unit officer to their own unit (the conversation's or one of
    its cases'), `hidden` names the queues whose conversations and cases these eyes do not see."""

    staff_id: int | None = None
    unit: str | None = None
    hidden: frozenset[str] = field(default_factory=frozenset)
