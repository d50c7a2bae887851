"""The shelves that a story finds in a unit of work: what each can be asked, and what it promises."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from omnichannel.domain.case import Case, CaseState, Kind, Queue
from omnichannel.domain.channel import Channel, Health, Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.message import Attachment, Author, Auto, Delivery, Location
from omnichannel.domain.people import Contact, Role, Staff
from omnichannel.domain.records import (
    AccountState,
    Alarm,
    Direction,
    Entry,
    File,
    Happening,
    Message,
    Quarantined,
    Scope,
    Session,
)
from omnichannel.domain.screens import Board, CaseRow, Order, Page, WorkRow
from omnichannel.domain.search import Sought


class Ledger(Protocol):
    """Receipts: an entry never changes; its payload may be erased by law."""

    def append(self, account: str, body: bytes, headers: Mapping[str, str], at: datetime) -> Entry: ...
    def first_time(self, account: str, external_id: str, entry_id: int, position: int, type: str) -> bool:
        """True exactly once per (account, external id): the database's own UNIQUE decides."""
        ...

    def seen(self, account: str, external_ids: Sequence[str]) -> set[str]:
        """Those of these ids that came in before."""
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
    def owners(self) -> set[str]: ...  # everybody who holds a lease

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

    def find(self, account: str, external_id: str) -> Contact | None: ...
    def page(self, scope: Scope, *, after_id: int | None = None, limit: int = 50) -> list[Contact]:
        """Those who have written where these eyes may look, newest first; `after_id` is the last one of the page before."""
        ...

    def rename(self, contact_id: int, external_id: str) -> None:
        """The platform calls this citizen by another id from now on."""

    def link(self, contact_id: int, other_id: int, at: datetime) -> None:
        """Both are one person."""


class Conversations(Protocol):
    """`save` is the only way to change one: it keeps the counters of every view right by the difference."""

    def shut(self, now: datetime, limit: int = 500) -> int:
        """Reply windows that have shut burn no more: those conversations stand where the law puts them. How many."""
        ...

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

    def rename(self, before: Conversation, external_id: str) -> Conversation:
        """The platform calls this thread by another id from now on. Conflict when somebody was faster."""
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

    def move(self, from_conversation: int, to_conversation: int) -> int:
        """Every message of a thread becomes part of another one; returns how many."""
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

    def set_location(self, message_id: int, at: Location) -> None:
        """Where a live location is now."""

    def set_quoted(self, message_id: int, quoted: str) -> None:
        """The history that an answer carried below its words."""

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

    def answer_to(self, conversation_id: int, message_id: int) -> tuple[str, datetime] | None:
        """The first words that a person wrote to the citizen after that message, and when."""
        ...

    def mail_trail(self, conversation_id: int) -> list[str]:
        """Message-IDs of the thread, oldest first, for References."""
        ...


class Cases(Protocol):
    def get(self, case_id: int) -> Case | None: ...
    def by_number(self, number: str) -> Case | None: ...
    def by_tracking(self, tracking_id: str) -> list[Case]: ...  # the number of SP4N-LAPOR!; voided ones too
    def of_conversation(self, conversation_id: int) -> list[Case]: ...
    def of_contact(self, contact_id: int, limit: int) -> list[Case]: ...  # in threads of their own, the newest first
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
    def close_sessions(self, staff_id: int) -> int:
        """Every one of theirs, on every machine; returns how many."""
        ...

    def failed_logins(self, login: str, since: datetime) -> int: ...
    def note_login(self, login: str, ok: bool, at: datetime) -> None: ...


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


class Screens(Protocol):
    """Rows that staff read (domain.screens), made for one screen each; flat however old the office is."""

    def answered(self, accounts: Sequence[str]) -> bool: ...
    def work_list(
        self,
        view: str,
        scope: Scope,
        *,
        today: date,
        near: date | None = None,
        after: str | None = None,
        limit: int = 50,
        narrow: Sought | None = None,
        order: Order | None = None,
    ) -> Page[WorkRow]:
        """`view` is a View; `order` one that it offers, its usual one when left out. BURNING is: alarms, then the nearest
        day on which something ends: the law's, the reply window's (while the citizen waits), for what is urgent
        the day it was said. `near` is the last day of NEAR (`today` when left
        out). `narrow` keeps what its filters fit."""
        ...

    def row(self, conversation_id: int) -> WorkRow | None: ...
    def counts(self, scope: Scope, today: date, near: date | None = None) -> dict[str, int]:
        """How many conversations each View lists, by its word; and `queue:ppid` … for the cases that run there."""
        ...

    def cases_list(
        self, queue: Queue, scope: Scope, *, state: str, today: date, after: str | None = None, limit: int = 100
    ) -> Page[CaseRow]: ...
    def board(self, today: date, scope: Scope) -> Board: ...
    def history(self, conversation_id: int, limit: int = 100) -> list[Happening]:
        """The last ones, newest first."""
        ...

    def of_thing(self, thing: str, thing_id: int, limit: int = 20) -> list[Happening]: ...
    def happened(self, after_id: int, limit: int = 200) -> list[Happening]: ...
    def last_happening(self) -> int: ...
