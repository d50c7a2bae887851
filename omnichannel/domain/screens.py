"""The rows that staff read: one shape a screen, filled by the store, drawn by the web."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from omnichannel.domain.case import Case
from omnichannel.domain.channel import Channel, Surface

Row = TypeVar("Row")


class View(StrEnum):
    """The work lists of the desk, as they stand in the address bar."""

    UNREAD = "perlu-dibaca"
    MINE = "milik-saya"
    UNIT = "unit-saya"
    NEAR = "mendekati-batas"
    FAILED = "gagal-kirim"
    SNOOZED = "ditunda"
    RESOLVED = "selesai"
    ASIDE = "disisihkan"
    ALL = "semua"


class Order(StrEnum):
    """How a work list is sorted, as it stands in the address bar."""

    BURNING = "genting"
    NEWEST = "terbaru"
    OLDEST = "terlama"


# Where nothing burns any more there is only the calendar.
BY_TIME_ALONE = (View.RESOLVED, View.ASIDE)
USUAL: Mapping[View, Order] = dict.fromkeys((View.ALL, *BY_TIME_ALONE), Order.NEWEST)


def orders_of(view: View) -> tuple[Order, ...]:
    """The orders that a list offers, its usual one first."""
    usual = USUAL.get(view, Order.BURNING)
    offered = [one for one in Order if one is not usual and not (one is Order.BURNING and view in BY_TIME_ALONE)]
    return (usual, *offered)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """One line of the work list. `due` belongs to the nearest running case."""

    id: int
    channel: Channel
    surface: Surface
    account: str
    contact_label: str
    preview: str
    last_at: datetime
    last_in_at: datetime | None
    unread: int
    failed: int
    state: str
    kind: str | None
    queue: str | None
    topic: str | None
    unit: str | None
    confidence: float | None
    needs_person: bool
    urgent: bool
    assignee_id: int | None
    assignee_name: str | None
    due: date | None
    case_number: str | None
    case_state: str | None
    tracking_id: str | None
    snoozed_until: datetime | None
    alarm_id: int | None = None
    aside: str | None = None
    labels: tuple[int, ...] = ()
    shuts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One keyset page; `after` fetches the next, None at the end."""

    rows: tuple[Row, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One line of the PPID register or of the LAPOR board."""

    case: Case
    contact_label: str
    channel: Channel
    assignee_name: str | None
    preview: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """The LAPOR board: waiting to be keyed in · sent · answered · overdue (a running case past its day, in any column)."""

    waiting: tuple[CaseRow, ...]
    sent: tuple[CaseRow, ...]
    answered: tuple[CaseRow, ...]
    overdue: tuple[CaseRow, ...]
