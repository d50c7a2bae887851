"""Builds the working-day calendar and the legal clocks from `holidays.toml`, `deadlines.toml` and the `holidays` package.

The package knows the national days and, as its category "government", the cuti bersama; our file adds what the region
decrees and corrects what a later decree changes. This is the only place that imports the package.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta, timezone, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

from omnichannel.domain.calendar import ESTIMATED, WEEKDAYS, WorkingCalendar, YearDays
from omnichannel.domain.deadline import CONDITIONS, KINDS, Clocks, Rule, flaws
from omnichannel.domain.errors import BadConfig
from omnichannel.settings.rows import Row

# Keppres 41/1987: Indonesia's three zones, without summer time.
ZONES = {name: timezone(timedelta(hours=hours), name) for name, hours in (("WIB", 7), ("WITA", 8), ("WIT", 9))}
TRACKS = ("ppid", "lapor", "office")
# "other" has no period in law; an office may give itself one.
OPTIONAL_KINDS = ("other",)
CLOCK_KEYS = ("kind", "name", "title", "track", "starts", "main", "periods")
PERIOD_KEYS = ("days", "basis", "valid_from", "when", "starts")


@dataclass(frozen=True, slots=True)
class LocalDay:
    """One entry of `holidays.toml`: a day that the region or a correction takes from work or gives back to it."""

    day: date
    name: str
    working: bool


class DecreedDays:
    """Answers for one year: what the package knows, then our own file over it."""

    def __init__(self, local: Mapping[date, LocalDay], decreed: frozenset[int]) -> None:
        self._local = local
        self._decreed = decreed

    def __call__(self, year: int) -> YearDays:
        off = self._national(year)
        if year in self._decreed:
            off = {day: name.replace(ESTIMATED, "") for day, name in off.items()}
        local = [entry for entry in self._local.values() if entry.day.year == year]
        off.update({entry.day: entry.name for entry in local if not entry.working})
        return YearDays(
            off=off,
            working=frozenset(entry.day for entry in local if entry.working),
            estimated=frozenset(day for day, name in off.items() if ESTIMATED in name),
            unsure=None if year in self._decreed else self._why_unsure(year),
        )

    def _national(self, year: int) -> dict[date, str]:
        """Holidays and cuti bersama of one year by name; a day that is both carries both names."""
        off: dict[date, str] = {}
        for category in ("public", "government"):
            for day, name in _listed(year, category).items():
                off[day] = f"{off[day]}; {name}" if day in off else name
        return off

    def _why_unsure(self, year: int) -> str | None:
        if year not in self._known:
            return f"Daftar hari libur tahun {year} tidak tersedia."
        if year > self._last_listed:
            return f"Daftar cuti bersama tahun {year} belum ditetapkan."
        return None

    @cached_property
    def _known(self) -> range:
        """The years for which the package knows holidays at all."""
        indonesia = country_holidays("ID")
        return range(indonesia.start_year, indonesia.end_year + 1)

    @cached_property
    def _last_listed(self) -> int:
        """The last year whose cuti bersama the package knows.

        Asked of the package, so that an update moves it. A year before the first list (2002) lacks none: there was no
        cuti bersama yet.
        """
        return next((year for year in reversed(self._known) if _listed(year, "government")), self._known[-1])


def _listed(year: int, category: str) -> HolidayBase:
    return country_holidays("ID", years=year, expand=False, categories=(category,), language="id")


def load_calendar(holidays_toml: Mapping[str, object], file: str) -> WorkingCalendar:
    """The calendar that a parsed `holidays.toml` describes; BadConfig names the key that is wrong."""
    top = Row(holidays_toml, file, "", ("zone", "weekend", "estimate_margin", "day", "decree"))
    return WorkingCalendar(
        DecreedDays(_local_days(top), _decreed_years(top)),
        _zone(top),
        weekend=_weekend(top),
        estimate_margin=timedelta(days=top.number("estimate_margin", range(8), default=1)),
    )


def load_clocks(deadlines_toml: Mapping[str, object], file: str, calendar: WorkingCalendar) -> Clocks:
    """The legal clocks that a parsed `deadlines.toml` describes; BadConfig names the key that is wrong."""
    top = Row(deadlines_toml, file, "", ("clock",))
    rules: list[Rule] = []
    places: list[str] = []
    for clock in top.rows("clock", CLOCK_KEYS):
        for period in clock.rows("periods", PERIOD_KEYS) or clock.wrong("periods", "at least one period"):
            rules.append(_rule(clock, period))
            places.append(period.where)
    for position, key, expected in flaws(rules):
        raise BadConfig(file, f"{places[position]}.{key}", expected)
    for kind in KINDS:
        if not any(rule.kind == kind for rule in rules):
            raise BadConfig(file, "clock", f"a clock of kind {kind!r}")
    return Clocks(rules, calendar)


def _rule(clock: Row, period: Row) -> Rule:
    """One period with what its clock says of all of them; a period may start elsewhere than its predecessors."""
    return Rule(
        kind=_one_of(clock, "kind", KINDS + OPTIONAL_KINDS),
        name=clock.text("name"),
        title=clock.text("title"),
        track=_one_of(clock, "track", TRACKS),
        starts=period.optional_text("starts") or clock.text("starts"),
        days=period.number("days", range(1, 366)),
        basis=period.text("basis"),
        valid_from=period.day("valid_from"),
        when=_one_of(period, "when", CONDITIONS) if period.optional_text("when") else None,
        main=clock.flag("main"),
    )


def _one_of(row: Row, key: str, allowed: tuple[str, ...]) -> str:
    value = row.text(key)
    return value if value in allowed else row.wrong(key, f"one of {', '.join(allowed)}")


def _zone(top: Row) -> tzinfo:
    name = top.text("zone", default="WITA")
    if name in ZONES:
        return ZONES[name]
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        top.wrong("zone", "WIB, WITA, WIT or a zone name such as Asia/Makassar")


def _weekend(top: Row) -> frozenset[int]:
    names = top.items("weekend", default=("Sabtu", "Minggu"))
    if any(name not in WEEKDAYS for name in names) or len(set(map(str, names))) not in range(7):
        top.wrong("weekend", f"a list of weekdays ({', '.join(WEEKDAYS)}), not all of them")
    return frozenset(WEEKDAYS.index(str(name)) for name in names)


def _local_days(top: Row) -> dict[date, LocalDay]:
    found: dict[date, LocalDay] = {}
    for row in top.rows("day", ("date", "name", "source", "working")):
        day = row.day("date")
        if day in found:
            row.wrong("date", "a day that has no other entry")
        row.text("source")
        found[day] = LocalDay(day, row.text("name"), row.flag("working"))
    return found


def _decreed_years(top: Row) -> frozenset[int]:
    rows = top.rows("decree", ("year", "source"))
    for row in rows:
        row.text("source")
    return frozenset(row.number("year", range(1900, 2201)) for row in rows)
