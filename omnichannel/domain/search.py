"""Looking for what was said, by whom and about which number, over all years: what is asked, and what is found."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from omnichannel.domain.records import Scope
from omnichannel.domain.screens import Page, WorkRow

# Filters that by themselves only narrow the list that is open.
NARROW = frozenset(
    {"channels", "accounts", "units", "kinds", "topics", "queues", "surfaces", "staff", "nobody", "places", "labels"}
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One word, or several that stand together. `prefix`: the last is only a beginning. `without`: must not be there."""

    terms: tuple[str, ...]
    prefix: bool = False
    without: bool = False


class Standing(StrEnum):
    """How a conversation stands, as `status:` asks for it."""

    NEW = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    ASIDE = "aside"
    FAILED = "failed"
    UNREAD = "unread"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What somebody looks for. Of several values of one filter any will do; different filters must all fit."""

    pieces: tuple[Piece, ...] = ()
    channels: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    standings: tuple[Standing, ...] = ()
    units: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = ()
    staff: tuple[int, ...] = ()
    nobody: bool = False
    numbers: tuple[str, ...] = ()
    names: tuple[Piece, ...] = ()
    tails: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    labels: tuple[int, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    files: bool | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing at all is asked."""
        return self == Sought()

    @property
    def wide(self) -> bool:
        """Whether all years are searched; else the filters only narrow the list that is open."""
        return any(
            getattr(self, one.name) not in ((), None, False) for one in fields(self) if one.name not in NARROW
        ) or (self.files is False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A message that says it, whole: what is shown of it is the screen's matter."""

    id: int
    text: str
    subject: str | None
    sent_at: datetime
    direction: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A conversation, and those of its messages on this page that say what was asked. `secret`: a report that is kept
    from everybody who does not serve it."""

    row: WorkRow
    passages: tuple[Passage, ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search somebody has given a name."""

    id: int
    name: str
    query: str


class Search(Protocol):
    """Finding; and the names people give to what they look for again and again."""

    def find(self, sought: Sought, scope: Scope, *, after: str | None = None, limit: int = 30) -> Page[Hit]:
        """What is called so first (names, numbers), then what says so, each newest first. Invalid for a cursor that is
        not ours. A page may be shorter than `limit` and still have one after it, where filters leave little."""
        ...

    def saved(self, staff_id: int) -> Sequence[SavedSearch]: ...
    def save(self, staff_id: int, name: str, query: str, at: datetime) -> int:
        """Under a name that this person has already, the new words take its place."""
        ...

    def drop(self, staff_id: int, saved_id: int) -> SavedSearch | None:
        """What was dropped; None where it is not theirs."""
        ...
