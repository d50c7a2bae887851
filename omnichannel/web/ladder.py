"""A legal clock as a calendar: each cell a day, each day's number in the count, and why a day does not count."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any

from omnichannel.domain.work import Happening
from omnichannel.router.lapor import NEW

WEEK = 7
WEEKEND = frozenset({"Sabtu", "Minggu", "Saturday", "Sunday"})
LAPOR = "lapor"  # the track of SP4N-LAPOR's clocks there
VERIFY, FOLLOW_UP = "verify", "follow_up"  # the names of these clocks in deadlines.toml
Rung = tuple[date, int | None, str | None]  # a day, its number in the count, why it has none
STEPS = 30  # more segments than this are too thin to be seen


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the calendar. `look` is its class, `word` stands below the number, `title` says it in full."""

    day: date | None = None
    label: str = ""
    word: str = ""
    look: str = "none"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Off:
    """A weekday that did not count, and why."""

    day: date
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """One clock, ready to be drawn. `state` is running, met (on `met`, a step of the way), later (not begun) or ended."""

    name: str
    title: str
    main: bool
    state: str
    days: int
    due: date
    zero: date
    starts: str
    basis: str
    note: str
    provisional: bool
    why: tuple[str, ...]
    passed: int
    steps: tuple[str, ...]
    rungs: tuple[Rung, ...]
    today: date
    met: date | None = None

    @property
    def late(self) -> bool:
        """Whether a step was taken after its last day."""
        return self.met is not None and self.met > self.due

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The calendar, counted when somebody asks why it is that day."""
        return _cells(self.rungs, self.today)

    @property
    def offs(self) -> tuple[Off, ...]:
        """The weekdays that did not count."""
        return tuple(Off(day, off) for day, _, off in self.rungs[1:] if off and off not in WEEKEND)


def clocks(
    saved: Mapping[str, Any], today: date, *, running: bool, in_lapor: bool, met: Mapping[str, date] | None = None
) -> list[ClockView]:
    """Every clock that the case was opened with, the main one first; what is unreadable in an old row is left out.

    `met`: by clock, the day on which its step was taken. SP4N-LAPOR's own clock binds a request to the PPID only when
    it went through there (`in_lapor`): shown elsewhere it called requests late that were in time.
    """
    main = saved.get("main")
    known = met or {}
    tracks = {one.get("name"): one.get("track") for one in saved.get("clocks", ())}
    elsewhere = () if in_lapor or tracks.get(main) == LAPOR else (LAPOR,)
    found = [
        _clock(one, main, today, running, known.get(one.get("name", "")))
        for one in saved.get("clocks", ())
        if one.get("ladder") and one.get("track") not in elsewhere
    ]
    return sorted(found, key=lambda clock: (not clock.main, clock.due))


def steps_taken(happenings: Iterable[Happening], case_id: int, zone: tzinfo) -> dict[str, date]:
    """Which steps on LAPOR's way are behind us: verified and passed on, once it is in LAPOR; first followed up, once
    LAPOR shows another status than that of the day it came in."""
    taken: dict[str, date] = {}
    for one in sorted(happenings, key=lambda one: one.id):
        if one.thing != "case" or one.thing_id != case_id:
            continue
        day = one.at.astimezone(zone).date()
        if one.verb == "forwarded":
            taken.setdefault(VERIFY, day)
        elif one.verb == "lapor_status" and one.after != NEW:
            taken.setdefault(FOLLOW_UP, day)
    return taken


def _clock(one: Mapping[str, Any], main: str | None, today: date, running: bool, met: date | None) -> ClockView:
    rungs = tuple((date.fromisoformat(rung["date"]), rung["n"], rung["off"]) for rung in one["ladder"])
    zero, due = rungs[0][0], rungs[-1][0]
    state = "ended" if not running else "met" if met is not None else "later" if zero > today else "running"
    return ClockView(
        name=one["name"],
        title=one.get("title") or one["name"],
        main=one["name"] == main,
        state=state,
        days=one["days"],
        due=due,
        zero=zero,
        starts=one.get("starts", "receipt"),
        basis=one.get("basis", ""),
        note=one.get("note") or "",
        provisional=bool(one.get("provisional")),
        why=tuple(one.get("why_provisional") or ()),
        passed=sum(1 for day, n, off in rungs if n and not off and day <= today),
        steps=_steps(rungs, today, due) if one["days"] <= STEPS else (),
        rungs=rungs,
        today=today,
        met=met,
    )


def _steps(rungs: Sequence[Rung], today: date, due: date) -> tuple[str, ...]:
    """One segment a working day; a gap where days were skipped."""
    steps: list[str] = []
    for day, n, off in rungs[1:]:
        if off or not n:
            if steps and steps[-1] != "gap":
                steps.append("gap")
            continue
        if day == due:
            steps.append("dx" if due <= today else "d")
        else:
            steps.append("p" if day < today else "n" if day == today else "")
    return tuple(steps)


def _cells(rungs: Sequence[Rung], today: date) -> tuple[Cell, ...]:
    """Whole weeks from Monday: blank before day zero and after the last day."""
    first, due = rungs[0][0], rungs[-1][0]
    cells = [Cell()] * first.weekday()
    cells += [_cell(day, n, off, today, first, due) for day, n, off in _every_day(rungs)]
    return (*cells, *[Cell()] * (-len(cells) % WEEK))


def _every_day(
    rungs: Sequence[Rung],
) -> list[Rung]:
    """The ladder without holes: a day that it does not name is a day that does not count."""
    named = {day: (day, n, off) for day, n, off in rungs}
    span = (rungs[-1][0] - rungs[0][0]).days
    days = [rungs[0][0] + timedelta(days=step) for step in range(span + 1)]
    return [named.get(day, (day, None, "Sabtu" if day.weekday() == WEEK - 2 else "Minggu")) for day in days]


def _cell(day: date, n: int | None, off: str | None, today: date, zero: date, due: date) -> Cell:
    label = str(day.day)
    if day == due:
        look = "end red" if due <= today else "end"
        return Cell(day, label, "kini" if day == today else "batas", look, "Hari terakhir")
    if day == zero:
        return Cell(day, label, "terima", "zero now" if day == today else "zero", "Hari terima, tidak dihitung")
    if off in WEEKEND:
        return Cell(day, label, "", "off", off or "")
    if off:
        return Cell(day, label, "cuti" if off.lower().startswith("cuti") else "libur", "hol", off)
    if day == today:
        return Cell(day, label, "kini", "now", "Hari ini")
    return Cell(day, label, str(n or ""), "past" if day < today else "", "")
