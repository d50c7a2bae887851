"""Why a conversation sleeps: until a moment, until the citizen writes, or until some working days before its deadline."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.errors import Invalid

WHENEVER = datetime(2999, 1, 1, tzinfo=UTC)  # no moment: only the citizen's word, or the deadline, wakes it
OPENS = time(8)  # when the desk opens
MOST_DAYS = 30


class Rule(StrEnum):
    """time: at that moment · writes: when the citizen writes · before: working days before the deadline, wherever that
    moves to. A citizen's word wakes all three."""

    TIME = "time"
    WRITES = "writes"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Snooze:
    """`staff_id` is told when it wakes. `days` belong to BEFORE."""

    conversation_id: int
    staff_id: int
    rule: Rule
    at: datetime
    days: int | None = None


def before_due(due: date, days: int, calendar: WorkingCalendar) -> datetime:
    """When the desk opens on the day that is `days` working days before the deadline."""
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"Pilih 1 sampai {MOST_DAYS} hari kerja sebelum batas.")
    day, left = due, days
    while left:
        day -= timedelta(days=1)
        left -= calendar.is_working(day)
    return datetime.combine(day, OPENS, calendar.zone).astimezone(UTC)


def overslept(snooze: Snooze, due: str | None, today: date) -> bool:
    """A deadline wakes whoever only waits for the citizen: the law does not wait along."""
    return snooze.rule is Rule.WRITES and due is not None and date.fromisoformat(due) <= today
