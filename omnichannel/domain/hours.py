"""When the office is open: hours of each weekday, and the calendar's days of rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from omnichannel.domain.calendar import MONTHS, WEEKDAYS, WorkingCalendar

FARTHEST = 60  # days without an open hour; no holiday is so long


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """`days`: 0 is Monday; a day may have several spans, such as a break for prayer on Friday. `notify` False: kept for
    rules and rosters, but no citizen is told."""

    days: Mapping[int, tuple[tuple[time, time], ...]]
    notify: bool = True

    def open_at(self, moment: datetime, calendar: WorkingCalendar) -> bool:
        """Whether somebody is in."""
        local = moment.astimezone(calendar.zone)
        return any(begin <= local < end for begin, end in self._spans(local.date(), calendar))

    def closed_since(self, moment: datetime, calendar: WorkingCalendar) -> datetime | None:
        """When the closing began in which that moment lies: one closing, one name. None within the hours."""
        if self.open_at(moment, calendar):
            return None
        local = moment.astimezone(calendar.zone)
        for back in range(FARTHEST):
            ends = [end for _, end in self._spans(local.date() - timedelta(days=back), calendar) if end <= local]
            if ends:
                return max(ends)
        return datetime.combine(local.date() - timedelta(days=FARTHEST), time(), calendar.zone)

    def opens(self, moment: datetime, calendar: WorkingCalendar) -> datetime | None:
        """The next moment at which somebody is in; None where the hours name none."""
        local = moment.astimezone(calendar.zone)
        for ahead in range(FARTHEST):
            begins = [
                begin for begin, _ in self._spans(local.date() + timedelta(days=ahead), calendar) if begin > local
            ]
            if begins:
                return min(begins)
        return None

    def _spans(self, day: date, calendar: WorkingCalendar) -> list[tuple[datetime, datetime]]:
        """Where the office works on Saturdays its hours say so, and only a holiday closes it."""
        why = calendar.why_off(day)
        if why is not None and why not in WEEKDAYS:
            return []
        zone = calendar.zone
        return [
            (datetime.combine(day, begin, zone), datetime.combine(day, end, zone))
            for begin, end in self.days.get(day.weekday(), ())
        ]


def said(moment: datetime, zone_name: str) -> str:
    """Senin, 23 November pukul 08.00 WITA."""
    day = f"{WEEKDAYS[moment.weekday()]}, {moment.day} {MONTHS[moment.month - 1]}"
    return f"{day} pukul {moment:%H.%M} {zone_name}"
