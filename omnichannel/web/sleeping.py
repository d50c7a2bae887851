"""What a form chose to put a conversation off to: a moment of the list or of one's own, the citizen's word, the deadline."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Work
from omnichannel.inbox import snoozing, triage

WRITES = "warga"
BEFORE = "batas-"
DAYS = (1, 2, 3, 5)  # offered in the list
Story = Callable[[Work, Conversation], object]


def chosen(fields: Mapping[str, Any], staff: Staff, calendar: WorkingCalendar, now: datetime) -> Story:
    """The story of the choice; Invalid. `saat` is a moment of one's own, by the office's clock."""
    own, until = str(fields.get("saat", "")), str(fields.get("sampai", ""))
    if own:
        at = _local(own, calendar)
        return lambda work, one: triage.snooze(work, staff, one.id, at, now=now)
    if until == WRITES:
        return lambda work, one: snoozing.until_written(work, staff, one.id, now=now)
    if until.startswith(BEFORE):
        days = until.removeprefix(BEFORE)
        if not (days.isascii() and days.isdigit() and len(days) < 4):
            raise Invalid("Pilih waktunya dari daftar.")
        return lambda work, one: snoozing.until_near(work, staff, one.id, int(days), calendar=calendar, now=now)
    listed = moment(until)
    return lambda work, one: triage.snooze(work, staff, one.id, listed, now=now)


def moment(text: str) -> datetime:
    """An aware moment from a form; Invalid."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("Pilih waktunya.") from None
    if found.utcoffset() is None:
        raise Invalid("Pilih waktunya dari daftar.")
    return found


def _local(text: str, calendar: WorkingCalendar) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return found if found.utcoffset() is not None else found.replace(tzinfo=calendar.zone)
    except (ValueError, OverflowError):
        raise Invalid("Pilih waktunya.") from None
