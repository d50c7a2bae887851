"""The days off as the yearly decree of three ministers prints them, typed by hand: the tests count on nothing else.

2025 and 2026 from the decrees; 2027 with Idul Fitri and Idul Adha still estimated.
"""

import tomllib
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from omnichannel.domain.calendar import WorkingCalendar, YearDays
from omnichannel.domain.deadline import Clocks
from omnichannel.settings.calendar import load_clocks

CONFIG = Path(__file__).parents[2] / "config"
WITA = timezone(timedelta(hours=8), "WITA")

HOLIDAYS = {
    2025: "1-1 1-27 1-29 3-29 3-31 4-1 4-18 4-20 5-1 5-12 5-29 6-1 6-6 6-27 8-17 9-5 12-25",
    2026: "1-1 1-16 2-17 3-19 3-21 3-22 4-3 4-5 5-1 5-14 5-27 5-31 6-1 6-16 8-17 8-25 12-25",
    2027: "1-1 1-5 2-6 3-8 3-10 3-11 3-26 3-28 5-1 5-6 5-17 5-20 6-1 6-6 8-15 8-17 12-25 12-26",
}
CUTI_BERSAMA = {
    2025: "1-28 3-28 4-2 4-3 4-4 4-7 5-13 5-30 6-9 8-18 12-26",
    2026: "2-16 3-18 3-20 3-23 3-24 5-15 5-28 12-24",
    2027: "2-5 3-9 3-12 3-15 3-25 5-18 5-19 12-24",
}
ESTIMATED = {2027: "3-10 3-11 5-17"}


def days(table: dict[int, str], year: int) -> set[date]:
    """The days of one year in such a table."""
    return {date(year, *map(int, day.split("-"))) for day in table.get(year, "").split()}


def decreed(year: int) -> YearDays:
    """One year as decreed; a year after 2027 has no decree yet."""
    off = dict.fromkeys(days(HOLIDAYS, year), "Libur nasional")
    off |= dict.fromkeys(days(CUTI_BERSAMA, year), "Cuti bersama")
    estimated = days(ESTIMATED, year)
    off |= dict.fromkeys(estimated, "Hari raya (perkiraan)")
    unsure = f"Daftar cuti bersama tahun {year} belum ditetapkan." if year > 2027 else None
    return YearDays(off=off, estimated=frozenset(estimated), unsure=unsure)


CALENDAR = WorkingCalendar(decreed, WITA)


def clocks(calendar: WorkingCalendar = CALENDAR) -> Clocks:
    """The shipped legal periods on that calendar."""
    file = CONFIG / "deadlines.toml"
    return load_clocks(tomllib.loads(file.read_text()), str(file), calendar)


def at(text: str) -> datetime:
    """A moment; WITA unless the text says otherwise."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=WITA)
