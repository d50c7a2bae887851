"""Which days count: the working-day calendar of an Indonesian office.

The law counts in *hari kerja* and says nowhere which days those are; the yearly decree of three ministers (SKB 3 Menteri)
names the national holidays and the cuti bersama, the region adds its own. So the days come from outside, one year at a time
and only when somebody asks for that year; this file counts them and can say why each other day did not count.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import NamedTuple

from omnichannel.domain.errors import Invalid

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ESTIMATED = " (perkiraan)"
ONE_DAY = timedelta(days=1)


class Rung(NamedTuple):
    """One calendar day of a ladder: `n` counts working days, and `off` says why a day is none.

    Day zero always has `n` 0, and keeps its `off` when the citizen wrote on a day of rest.
    """

    day: date
    n: int | None
    off: str | None


@dataclass(frozen=True, slots=True)
class YearDays:
    """What is decreed for one year. Weekends are not in `off`: the calendar knows them.

    `working` are days that a correction gives back to work, a weekend day too. `estimated` are the holidays whose date is
    computed and waits for its decree; `unsure` says why the whole year is not final, or is None.
    """

    off: Mapping[date, str] = field(default_factory=dict)
    working: frozenset[date] = frozenset()
    estimated: frozenset[date] = frozenset()
    unsure: str | None = None


class WorkingCalendar:
    """Counts working days in one office's zone.

    `days` answers for one year and is asked once a year. `estimate_margin` is how far an estimated holiday may still move.
    `versioned` are the years that `version` speaks for.
    """

    def __init__(
        self,
        days: Callable[[int], YearDays],
        zone: tzinfo,
        *,
        weekend: frozenset[int] = frozenset({5, 6}),
        estimate_margin: timedelta = ONE_DAY,
        versioned: range = range(1990, 2091),
    ) -> None:
        if not weekend < frozenset(range(7)):
            raise ValueError("weekend: some of the weekdays 0 (Monday) to 6 (Sunday), never all of them")
        self.zone = zone
        self.weekend = weekend
        self.estimate_margin = estimate_margin
        self._days = days
        self._versioned = versioned
        self._years: dict[int, YearDays] = {}
        self._off: dict[int, dict[date, str]] = {}

    @classmethod
    def of(cls, off: Mapping[date, str], zone: tzinfo) -> "WorkingCalendar":
        """A calendar from one plain table of days off, taken as final for every year."""
        return cls(lambda year: YearDays({day: why for day, why in off.items() if day.year == year}), zone)

    def resting(self, days: Mapping[date, str]) -> "WorkingCalendar":
        """The same calendar for one case in which some more days do not count, each with its reason.

        It keeps the version: what the decree says has not changed, so a later decree still finds this case.
        """
        more = {day: why for day, why in days.items() if self.is_working(day)}

        def decreed(year: int) -> YearDays:
            known = self._year(year)
            off = dict(known.off) | {day: why for day, why in more.items() if day.year == year}
            return replace(known, off=off, working=known.working - more.keys())

        made = WorkingCalendar(
            decreed,
            self.zone,
            weekend=self.weekend,
            estimate_margin=self.estimate_margin,
            versioned=self._versioned,
        )
        made.__dict__["version"] = self.version
        return made

    def day(self, moment: datetime) -> date:
        """The office's own date at that moment: 16.30 UTC is already tomorrow in WITA."""
        if not isinstance(moment, datetime):
            raise TypeError(f"a moment was expected, not {moment!r}")
        if moment.utcoffset() is None:
            raise ValueError(f"a naive time names no moment: {moment!r}; read it with read_moment(text, zone)")
        try:
            return moment.astimezone(self.zone).date()
        except OverflowError as error:
            raise Invalid(f"Tanggal {moment} di luar jangkauan kalender.") from error

    def is_working(self, day: date) -> bool:
        """Whether that day counts."""
        return self.why_off(day) is None

    def why_off(self, day: date) -> str | None:
        """None for a working day, else the reason in Indonesian: a holiday's name before a weekday's."""
        _refuse_datetime(day)
        return self._off_days(day.year).get(day)

    def add(self, day_zero: date, n: int) -> date:
        """The n-th working day after day zero; day zero itself for 0, whatever kind of day it is."""
        return self.ladder(day_zero, n)[-1].day

    def ladder(self, day_zero: date, n: int) -> tuple[Rung, ...]:
        """Every calendar day from day zero to the n-th working day after it, each with its number or its excuse."""
        _refuse_datetime(day_zero)
        if n < 0:
            raise ValueError(f"a period cannot be negative: {n}")
        rungs = [Rung(day_zero, 0, self.why_off(day_zero))]
        day, counted = day_zero, 0
        try:
            while counted < n:
                day += ONE_DAY
                why = self._off_days(day.year).get(day)
                counted += why is None
                rungs.append(Rung(day, counted if why is None else None, why))
        except OverflowError as error:
            raise Invalid(f"Hitungan {n} hari kerja sejak {day_zero} melewati ujung kalender.") from error
        return tuple(rungs)

    def working_days_between(self, today: date, due: date) -> int:
        """Whole working days left until the end of `due`; today is not counted. Negative: working days since it passed.

        Zero on the last day, and also on a Saturday after a Friday's due date: whether it is late is a matter of dates.
        """
        _refuse_datetime(today)
        _refuse_datetime(due)
        if due < today:
            return -self.working_days_between(due, today)
        span = (due - today).days
        return sum(self.is_working(today + timedelta(days=step)) for step in range(1, span + 1))

    def doubts(self, day_zero: date, due: date) -> tuple[str, ...]:
        """Why a count over these days may still change, in sentences for staff; empty when nothing can move it.

        An estimated holiday may move by the margin: one just after `due` can still fall on it, one on day zero can fall
        on the first day that counts.
        """
        years = range(day_zero.year, due.year + 1)
        found = [unsure for year in years if (unsure := self._year(year).unsure)]
        first, last = _near(day_zero, ONE_DAY - self.estimate_margin), _near(due, self.estimate_margin)
        for year in range(first.year, last.year + 1):
            off = self._off_days(year)
            days = sorted(day for day in self._year(year).estimated if first <= day <= last and day in off)
            found += [f"{_estimated_part(off[day])} pada {in_words(day)} masih perkiraan." for day in days]
        return tuple(found)

    @cached_property
    def version(self) -> str:
        """A short name for everything this calendar says: the same days and rules give the same version anywhere.

        Stored with each deadline, so that a changed decree finds the deadlines which were counted before it.
        """
        digest = hashlib.sha256(repr((sorted(self.weekend), self.estimate_margin, self._offsets())).encode())
        for line in self._facts():
            digest.update(line.encode())
        return digest.hexdigest()[:12]

    def _facts(self) -> Iterator[str]:
        for year in self._versioned:
            days = self._year(year)
            yield f"{year} {days.unsure}\n"
            yield from (f"{day} {why} {day in days.estimated}\n" for day, why in sorted(self._off_days(year).items()))

    def _offsets(self) -> list[str]:
        """The zone by what it does, since two names may mean one clock."""
        return [str(datetime(year, 1, 1, tzinfo=self.zone).utcoffset()) for year in self._versioned]

    def _year(self, year: int) -> YearDays:
        if year not in self._years:
            self._years[year] = self._days(year)
        return self._years[year]

    def _off_days(self, year: int) -> dict[date, str]:
        if year not in self._off:
            self._off[year] = self._lay_out(year)
        return self._off[year]

    def _lay_out(self, year: int) -> dict[date, str]:
        """Every day of that year that does not count: weekends, then the names over them, then corrections."""
        decreed = self._year(year)
        first = date(year, 1, 1).toordinal()
        days = [date.fromordinal(first + step) for step in range(date(year, 12, 31).toordinal() - first + 1)]
        off = {day: WEEKDAYS[day.weekday()] for day in days if day.weekday() in self.weekend}
        off.update(decreed.off)
        return {day: why for day, why in off.items() if day not in decreed.working}


def read_moment(text: str, zone: tzinfo) -> datetime:
    """A time as a person types it, ISO 8601; without an offset it is the office's own, a bare date its first minute."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid(f"{text!r} bukan waktu ISO 8601; contoh: 2026-03-13T23:59 atau 2026-03-13T15:59:00Z.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def in_words(day: date) -> str:
    """A date as an Indonesian letter writes it: 10 Maret 2027."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _refuse_datetime(day: date) -> None:
    # A datetime is a date to Python, and would silently be equal to no day of the table: every day would count.
    if isinstance(day, datetime):
        raise TypeError(f"a date was expected, not the moment {day!r}; use calendar.day(moment)")


def _near(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day


def _estimated_part(names: str) -> str:
    """Of several holidays on one day, those that carry the mark, without it; all where none does."""
    marked = [name.removesuffix(ESTIMATED) for name in names.split("; ") if name.endswith(ESTIMATED)]
    return "; ".join(marked) or names
