"""The socket to our own database: one unit of work, and the shelves a story finds in it.

Stories are plain functions `story(work, …)`. They read rows (frozen dataclasses), decide with the domain, and save.
Everything a story does stands in one transaction; `ring` is kept until the commit is durable.
All moments are aware UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from omnichannel.domain.case import Case, CaseState, Kind, Queue
from omnichannel.domain.channel import Channel, Health, Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.message import Attachment, Author, Auto, Delivery, Location
from omnichannel.domain.people import Contact, Role, Staff
from omnichannel.domain.screens import Board, CaseRow, Page, WorkRow


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


class Ledger(Protocol):
    """Receipts: an entry never changes; its payload may be erased by law."""

    def append(self, account: str, body: bytes, headers: Mapping[str, str], at: datetime) -> Entry: ...
    def first_time(self, account: str, external_id: str, entry_id: int, position: int, type: str) -> bool:
        """True exactly once per (account, external id): the database's own UNIQUE decides."""
        ...

    def quarantine(self, entry_id: int, position: int, account: str, problem: str, at: datetime) -> None: ...
    def quarantined(self, account: str | None = None, limit: int = 1000) -> list[Quarantined]: ...
    def release(self, entry_id: int, position: int) -> None:
        """The item was read after all."""

    def entries(self, account: str | None, after_id: int, limit: int) -> list[Entry]: ...
    def payload(self, entry_id: int) -> tuple[Mapping[str, str], bytes] | None:
        """Headers and bytes, None when erased."""
        ...


class Accounts(Protocol):
    """Cursor, health and lease of each account."""

    def ensure(self, account: str, channel: Channel) -> None: ...
    def get(self, account: str) -> AccountState | None: ...
    def all(self) -> list[AccountState]: ...
    def set_cursor(self, account: str, cursor: str | None, owner: str | None = None) -> None:
        """Conflict when `owner` no longer holds the lease: another process polls this account now."""

    def take_lease(self, account: str, owner: str, until: datetime, now: datetime) -> bool:
        """True when the lease is ours (renewed or taken over after it ran out)."""
        ...

    def drop_lease(self, account: str, owner: str) -> None: ...
    def owners(self) -> set[str]:
        """Everybody who holds a lease."""
        ...

    def release_from(self, owner: str) -> int:
        """Take every lease from an owner who will never come back; returns how many."""
        ...

    def set_health(
        self, account: str, health: Health, error: str | None, at: datetime, whoami: str | None = None
    ) -> bool:
        """True when the health changed."""
        ...

    def count(
        self,
        account: str,
        *,
        received: int = 0,
        quarantined: int = 0,
        failed: int = 0,
        in_at: datetime | None = None,
        out_at: datetime | None = None,
    ) -> None: ...


class Contacts(Protocol):
    def get(self, contact_id: int) -> Contact | None: ...
    def meet(self, account: str, channel: Channel, author: Author, at: datetime) -> Contact:
        """Find or make the contact; new attributes fill in and overwrite, empty ones change nothing."""
        ...


class Conversations(Protocol):
    """`save` is the only way to change one: it keeps the counters of every view right by the difference."""

    def get(self, conversation_id: int) -> Conversation | None: ...
    def find(self, account: str, external_id: str, surface: Surface) -> Conversation | None: ...
    def by_message_ids(self, account: str, message_ids: Sequence[str]) -> list[Conversation]:
        """Conversations (latest first) that hold a mail with one of these Message-IDs, in or out."""
        ...

    def by_token(self, token: str) -> Conversation | None: ...
    def add(
        self,
        *,
        account: str,
        channel: Channel,
        surface: Surface,
        external_id: str,
        contact_id: int,
        at: datetime,
        subject: str | None = None,
        unit: str | None = None,
    ) -> Conversation:
        """New, open, empty; a thread token is drawn."""
        ...

    def save(self, before: Conversation, after: Conversation) -> Conversation:
        """Write the difference; returns it with its version raised. Conflict when somebody was faster."""
        ...

    def wake(self, now: datetime, limit: int = 100) -> list[Conversation]:
        """Snoozed ones whose moment has come."""
        ...


class Messages(Protocol):
    def get(self, message_id: int) -> Message | None: ...
    def by_external(self, account: str, external_id: str) -> Message | None: ...
    def by_client_key(self, key: str) -> Message | None: ...
    def by_album(self, conversation_id: int, album: str) -> Message | None: ...
    def add(
        self,
        *,
        conversation_id: int,
        account: str,
        external_id: str,
        direction: Direction,
        text: str,
        sent_at: datetime,
        arrived_at: datetime,
        surface: Surface = Surface.DIRECT,
        contact_id: int | None = None,
        staff_id: int | None = None,
        quoted: str | None = None,
        html: str | None = None,
        subject: str | None = None,
        message_id: str | None = None,
        reply_to: str | None = None,
        references: Sequence[str] = (),
        auto: Auto | None = None,
        automatic: bool = False,
        location: Location | None = None,
        delivery: Delivery | None = None,
        album: str | None = None,
        client_key: str | None = None,
        unknown: bool = False,
        ledger_id: int | None = None,
    ) -> Message:
        """Conflict when `client_key` was used before."""
        ...

    def add_files(self, message_id: int, attachments: Sequence[Attachment]) -> list[File]:
        """`kept` when the attachment has a sha256, else `waiting`. Positions continue."""
        ...

    def file(self, file_id: int) -> File | None: ...
    def file_kept(self, file_id: int, sha256: str, size: int, media_type: str) -> None: ...
    def file_lost(self, file_id: int, error: str) -> None: ...
    def set_text(self, message_id: int, text: str, at: datetime) -> None:
        """The old text becomes a version."""

    def append_text(self, message_id: int, text: str) -> None:
        """Another part of an album brought a caption."""

    def set_withdrawn(self, message_id: int, at: datetime) -> None: ...
    def react(self, message_id: int, author: str, emoji: str | None, at: datetime) -> None:
        """None takes the reaction back."""

    def set_delivery(
        self,
        message_id: int,
        delivery: Delivery,
        at: datetime,
        error: str | None = None,
        external_id: str | None = None,
        mail_id: str | None = None,
    ) -> None: ...
    def versions(self, message_id: int) -> list[tuple[datetime, str]]: ...
    def thread(
        self, conversation_id: int, *, before_id: int | None = None, after_id: int | None = None, limit: int = 50
    ) -> list[Message]:
        """With files and reactions, oldest first; by platform time, then arrival."""
        ...

    def mail_trail(self, conversation_id: int) -> list[str]:
        """Message-IDs of the thread, oldest first, for References."""
        ...


class Cases(Protocol):
    def get(self, case_id: int) -> Case | None: ...
    def by_number(self, number: str) -> Case | None: ...
    def of_conversation(self, conversation_id: int) -> list[Case]: ...
    def next_number(self, queue: Queue, year: int) -> int:
        """The next in the series; a number is never used twice nor skipped (it rolls back with the story)."""
        ...

    def add(
        self,
        *,
        conversation_id: int,
        message_id: int,
        contact_id: int,
        kind: Kind,
        queue: Queue,
        number: str,
        year: int,
        sequence: int,
        topic: str,
        unit: str | None,
        kecamatan: str | None,
        desa: str | None,
        received_at: datetime,
        created_at: datetime,
        due: date,
        provisional: bool,
        calendar_version: str,
        clocks: Mapping[str, Any],
        certain: bool,
        confidence: float,
        reasons: Sequence[Mapping[str, Any]],
        title: str,
    ) -> Case: ...
    def save(self, before: Case, after: Case) -> Case:
        """Conflict when somebody was faster."""
        ...

    def near_due(self, until: date, limit: int = 500) -> list[Case]:
        """Running cases due on or before that day, oldest due first."""
        ...

    def in_state(self, queue: Queue, states: Sequence[CaseState], limit: int = 500) -> list[Case]: ...


class People(Protocol):
    """Staff and their sessions."""

    def add(self, *, login: str, name: str, role: Role, unit: str | None, password_hash: str, at: datetime) -> Staff:
        """Conflict when the login exists."""
        ...

    def get(self, staff_id: int) -> Staff | None: ...
    def by_login(self, login: str) -> tuple[Staff, str] | None:
        """With the password hash. Logins are compared in lower case."""
        ...

    def all(self) -> list[Staff]: ...
    def set_password(self, staff_id: int, password_hash: str) -> None: ...
    def disable(self, staff_id: int, at: datetime) -> None:
        """Ends their sessions too."""

    def set_lang(self, staff_id: int, lang: str) -> None: ...
    def open_session(self, token_hash: str, staff_id: int, csrf: str, now: datetime, expires_at: datetime) -> None: ...
    def session(self, token_hash: str) -> Session | None: ...
    def touch_session(self, token_hash: str, now: datetime, expires_at: datetime) -> None: ...
    def close_session(self, token_hash: str) -> None: ...
    def failed_logins(self, login: str, since: datetime) -> int: ...
    def note_login(self, login: str, ok: bool, at: datetime) -> None: ...


class Jobs(Protocol):
    def put(self, queue: str, body: Mapping[str, Any], *, key: str | None = None, run_at: datetime) -> bool:
        """False when the key is already there."""
        ...

    def claim(self, queue: str, owner: str, now: datetime, lease: timedelta, limit: int = 10) -> list[Job]: ...
    def done(self, job: Job) -> bool:
        """False when the lease was lost to another owner: then nothing may be concluded."""
        ...

    def retry(self, job: Job, at: datetime, error: str) -> bool: ...
    def release(self, job: Job) -> bool:
        """Give a claim back as if it had never been: to its old place, and the attempt does not count."""
        ...

    def owners(self) -> set[str]:
        """Everybody who holds a claim."""
        ...

    def release_from(self, owner: str, queue: str | None = None) -> int:
        """Take every claim (of that queue) from an owner who forgot it or will never come back; returns how many."""
        ...

    def bury(self, job: Job, error: str) -> bool:
        """Dead: a person must look."""
        ...

    def next_at(self, queue: str) -> datetime | None:
        """When the earliest job that nobody holds is due."""
        ...

    def depths(self) -> dict[str, tuple[int, int]]:
        """queue → (waiting, dead)."""
        ...


class Alarms(Protocol):
    def raise_(
        self,
        *,
        conversation_id: int,
        message_id: int,
        at: datetime,
        text: str,
        place: str | None,
        sender: str,
        channel: Channel,
    ) -> Alarm | None:
        """None when this conversation already has an open alarm."""
        ...

    def get(self, alarm_id: int) -> Alarm | None: ...
    def open(self) -> list[Alarm]: ...
    def told(self, alarm_id: int, at: datetime) -> None: ...
    def acknowledge(self, alarm_id: int, by: str, at: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose eyes: `staff_id` for "mine", `unit` limits a unit officer to their own unit (the conversation's or one of
    its cases'), `hidden` names the queues whose conversations and cases these eyes do not see."""

    staff_id: int | None = None
    unit: str | None = None
    hidden: frozenset[str] = field(default_factory=frozenset)


class Screens(Protocol):
    """Rows that staff read (domain.screens), made for one screen each; flat however old the office is."""

    def work_list(
        self,
        view: str,
        scope: Scope,
        *,
        today: date,
        near: date | None = None,
        after: str | None = None,
        limit: int = 50,
        search: str | None = None,
    ) -> Page[WorkRow]:
        """`view` is a View. ALL (what is not resolved) and RESOLVED are newest first; the others burn from the top:
        alarms, then the nearest due day, then the newest word. `near` is the last day that NEAR still shows (`today`
        when left out). `search` looks in every conversation, resolved ones too, whatever the view."""
        ...

    def row(self, conversation_id: int) -> WorkRow | None: ...
    def counts(self, scope: Scope, today: date, near: date | None = None) -> dict[str, int]:
        """How many conversations each View lists, by its word; and `queue:ppid` … for what is not resolved there."""
        ...

    def cases_list(
        self, queue: Queue, scope: Scope, *, state: str, today: date, after: str | None = None, limit: int = 100
    ) -> Page[CaseRow]: ...
    def board(self, today: date, scope: Scope) -> Board: ...
    def history(self, conversation_id: int, limit: int = 100) -> list[Happening]:
        """The last ones, newest first."""
        ...

    def happened(self, after_id: int, limit: int = 200) -> list[Happening]: ...
    def last_happening(self) -> int: ...


class Work(Protocol):
    """One unit of work."""

    ledger: Ledger
    accounts: Accounts
    contacts: Contacts
    conversations: Conversations
    messages: Messages
    cases: Cases
    people: People
    jobs: Jobs
    alarms: Alarms
    screens: Screens

    def note(
        self,
        actor: Actor,
        verb: str,
        thing: str,
        thing_id: int,
        *,
        at: datetime,
        conversation_id: int | None = None,
        before: str | None = None,
        after: str | None = None,
        why: str | None = None,
    ) -> int:
        """Append one row to the events table, in this transaction; returns its id. Also rings `screens`."""
        ...

    def ring(self, topic: str) -> None:
        """Ring once this transaction is durable."""
