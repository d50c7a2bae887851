"""What an officer writes before it leaves: drafts, answers that wait for their moment, and ready moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from omnichannel.domain.message import Attachment


class Way(StrEnum):
    """Where a text is to go, as the composer's form says it."""

    REPLY = "balas"
    ASIDE = "pribadi"
    NOTE = "catatan"


@dataclass(frozen=True, slots=True)
class Rival:
    """A text that another tab or device of the same person had written: never thrown away unasked."""

    tab: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What one officer has begun to write in one conversation. `files` are the names of what was chosen to go along.

    `tab` names the open page that wrote it; `rivals` are the texts of others that it went past unseen, oldest first.
    """

    staff_id: int
    conversation_id: int
    text: str
    way: Way = Way.REPLY
    comment_id: int | None = None
    files: tuple[str, ...] = ()
    rivals: tuple[Rival, ...] = ()
    tab: str = ""
    version: int = 1
    saved_at: datetime


class PlanState(StrEnum):
    """waiting: its moment has not come · sent · cancelled by a person · stopped: the citizen wrote first · failed: refused."""

    WAITING = "waiting"
    SENT = "sent"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    FAILED = "failed"


class After(StrEnum):
    """What a move does with the conversation in the end; the middle ones put it off until eight in the morning."""

    STAY = ""
    TOMORROW = "besok"
    WORKDAY = "hari-kerja"
    WEEK = "seminggu"
    RESOLVE = "selesai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """What a ready move does beside its answer, settled when it was run. It waits with the answer and is taken back with it."""

    move_id: int
    name: str
    note: str = ""
    assignee_id: int | None = None
    unit: str = ""
    kind: str = ""
    topic: str = ""
    labels: tuple[int, ...] = ()
    unlabels: tuple[int, ...] = ()
    after: After = After.STAY
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An answer that leaves at `at` and not before. `brief`: it only waits the seconds in which it can be taken back.

    `unless`: it is not to leave if the citizen has written since `made_at`. `key` is the form's own, as a message's.
    `deeds`: what is done together with it, or not at all; then the text may be empty.
    """

    id: int
    conversation_id: int
    staff_id: int
    text: str
    key: str
    at: datetime
    made_at: datetime
    brief: bool = False
    unless: bool = False
    comment_id: int | None = None
    files: tuple[Attachment, ...] = ()
    state: PlanState = PlanState.WAITING
    why: str = ""
    message_id: int | None = None
    deeds: Deeds | None = None
    version: int = 1

    def overtaken(self, last_in_at: datetime | None) -> bool:
        """The citizen wrote after it was planned, and it was planned for silence only."""
        return self.unless and last_in_at is not None and last_in_at > self.made_at


ME = "saya"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Several acts under one name. Empty: not done. `assign` is `saya` or a login; `unit` a key of organisation.toml.
    `labels` are put on, `unlabels` taken off."""

    id: int
    name: str
    text: str = ""
    note: str = ""
    assign: str = ""
    unit: str = ""
    kind: str = ""
    topic: str = ""
    after: After = After.STAY
    labels: tuple[int, ...] = ()
    unlabels: tuple[int, ...] = ()
    made_by: int
    made_at: datetime
    removed_at: datetime | None = None
    version: int = 1

    @property
    def does_nothing(self) -> bool:
        return not (
            self.text
            or self.note
            or self.assign
            or self.unit
            or self.kind
            or self.after
            or self.labels
            or self.unlabels
        )


class Drafts(Protocol):
    """One a person and conversation."""

    def get(self, staff_id: int, conversation_id: int) -> Draft | None: ...
    def save(self, draft: Draft) -> None:
        """Whole; the caller has compared versions."""

    def drop(self, staff_id: int, conversation_id: int) -> None: ...
    def of(self, staff_id: int) -> Sequence[int]:
        """The conversations in which this person has a draft, the youngest first."""
        ...

    def forget(self, staff_id: int, before: datetime) -> int:
        """Drafts nobody came back to since then; returns how many."""
        ...


class Plans(Protocol):
    """Answers that wait for their moment."""

    def add(self, plan: Plan) -> Plan:
        """Its id is given here."""
        ...

    def get(self, plan_id: int) -> Plan | None: ...
    def by_key(self, key: str) -> Plan | None: ...
    def save(self, before: Plan, after: Plan) -> Plan:
        """Conflict when somebody was faster."""
        ...

    def brief(self, staff_id: int) -> bool:
        """Whether this person wants their answers to wait the few seconds in which they can be taken back."""
        ...

    def set_brief(self, staff_id: int, brief: bool) -> None: ...
    def shown(self, conversation_id: int) -> Sequence[Plan]:
        """Those that still wait and those that failed, by their moment."""
        ...


class Moves(Protocol):
    """Ready moves."""

    def add(self, move: Move) -> Move:
        """Its id is given here."""
        ...

    def get(self, move_id: int) -> Move | None: ...
    def save(self, before: Move, after: Move) -> Move:
        """Conflict when somebody was faster."""
        ...

    def all(self) -> Sequence[Move]:
        """Those in use, by name."""
        ...
