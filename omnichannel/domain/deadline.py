"""The legal clocks of a case: until when we owe what, and each day explained.

UU 14/2008 rules requests, objections and disputes; the minister's rules on SP4N-LAPOR rule complaints and aspirations. No
period is written here: rules come from `deadlines.toml` with their article and the day since when they are in force, and the
rule in force on the day of receipt serves the case to its end.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from omnichannel.domain.calendar import Rung, WorkingCalendar
from omnichannel.domain.errors import Invalid

KINDS = ("information_request", "complaint", "aspiration", "objection", "dispute")
CONDITIONS = ("extended", "supervision")
RECEIPT, ANSWER, REASON = "receipt", "answer", "reason"
END_OF = "end of "


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One period of one clock, as one regulation sets it.

    `starts` names day zero: "receipt", "answer" (ours to the citizen), "end of <clock>", or "reason" for a clock that is the
    citizen's own and is only counted when asked for (`Clocks.window`). A rule with `when` replaces the plain rule of its
    clock in a case of that condition. `main` marks the clock whose end is the case's due date.
    """

    kind: str
    name: str
    title: str
    track: str
    starts: str
    days: int
    basis: str
    valid_from: date
    when: str | None = None
    main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A rule laid on the calendar. `why_provisional` is empty when nothing can move the date any more."""

    rule: Rule
    ladder: tuple[Rung, ...]
    why_provisional: tuple[str, ...] = ()
    note: str | None = None

    @property
    def name(self) -> str:
        """The clock's name, unique within its kind of case."""
        return self.rule.name

    @property
    def day_zero(self) -> date:
        """The day that is not counted."""
        return self.ladder[0].day

    @property
    def due(self) -> date:
        """The last allowed day."""
        return self.ladder[-1].day

    @property
    def provisional(self) -> bool:
        """Whether the date may still move; `why_provisional` says why."""
        return bool(self.why_provisional)

    def overdue(self, today: date) -> bool:
        """Computed, never stored."""
        return today > self.due

    def as_json(self) -> dict[str, Any]:
        """The shape that `omnichannel deadline` prints for one clock."""
        return {
            "name": self.rule.name,
            "title": self.rule.title,
            "track": self.rule.track,
            "starts": self.rule.starts,
            "day_zero": self.day_zero.isoformat(),
            "days": self.rule.days,
            "due": self.due.isoformat(),
            "basis": self.rule.basis,
            "valid_from": self.rule.valid_from.isoformat(),
            "provisional": self.provisional,
            "why_provisional": list(self.why_provisional),
            "note": self.note,
            "ladder": [{"date": day.isoformat(), "n": n, "off": off} for day, n, off in self.ladder],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """All clocks of one case; `main` is the one that the citizen may hold us to. `received` is in the office's zone."""

    kind: str
    received: datetime
    main: Clock
    clocks: tuple[Clock, ...]
    calendar: WorkingCalendar

    @property
    def due(self) -> date:
        """The main clock's last day: the answer to a request, the finish of a complaint."""
        return self.main.due

    @property
    def provisional(self) -> bool:
        """Whether `due` may still move."""
        return self.main.provisional

    @property
    def why_provisional(self) -> tuple[str, ...]:
        """Precisely what may move `due`, in sentences for staff."""
        return self.main.why_provisional

    @property
    def calendar_version(self) -> str:
        """Which calendar counted this; kept with the case."""
        return self.calendar.version

    def clock(self, name: str) -> Clock | None:
        """The clock of that name, if this case has it."""
        return next((clock for clock in self.clocks if clock.name == name), None)

    def as_json(self) -> dict[str, Any]:
        """What `omnichannel deadline --json` prints."""
        return {
            "kind": self.kind,
            "received": self.received.isoformat(),
            "due": self.due.isoformat(),
            "provisional": self.provisional,
            "why_provisional": list(self.why_provisional),
            "main": self.main.name,
            "clocks": [clock.as_json() for clock in self.clocks],
        }


class Clocks:
    """Every rule in force now or once, laid on one calendar."""

    def __init__(self, rules: Iterable[Rule], calendar: WorkingCalendar) -> None:
        self.rules = tuple(rules)
        self.calendar = calendar
        for position, key, expected in flaws(self.rules):
            raise ValueError(f"rule {position}: {key}: {expected}")
        self._shelves = {kind: _shelf(self.rules, kind) for kind in dict.fromkeys(rule.kind for rule in self.rules)}

    def for_case(
        self,
        kind: str,
        received: datetime,
        *,
        extended: bool = False,
        supervision: bool = False,
        answered: datetime | None = None,
    ) -> Deadlines:
        """The clocks of a case received at that moment. The day of receipt is day zero, holiday or not.

        A clock that runs from our answer is counted from `answered`, or, until we answer, as if on the last allowed day.
        Invalid for an unknown kind, and for an extension or a supervision that the law does not give to this kind.
        """
        flags = {"extended": extended, "supervision": supervision}
        conditions = frozenset(flag for flag, wanted in flags.items() if wanted)
        day_zero = self.calendar.day(received)
        chosen = self._in_force(kind, conditions, day_zero)
        count = _Count(chosen, self.calendar, day_zero, self.calendar.day(answered) if answered else None)
        return Deadlines(
            kind=str(kind),
            received=received.astimezone(self.calendar.zone),
            main=count.main(),
            clocks=tuple(count.clock(name) for name, rule in chosen.items() if rule.starts != REASON),
            calendar=self.calendar,
        )

    def resting(self, days: Mapping[date, str]) -> "Clocks":
        """The same rules on a calendar in which some more days do not count: those on which a case stood still."""
        return Clocks(self.rules, self.calendar.resting(days))

    def window(self, kind: str, name: str, opened: datetime) -> Clock:
        """One clock by itself, counted from an event that is not the receipt; the rule in force on that day applies."""
        day_zero = self.calendar.day(opened)
        rule = self._in_force(kind, frozenset(), day_zero).get(name)
        if rule is None:
            raise Invalid(f"Tidak ada tenggat {name!r} untuk {kind}.")
        return _Count({name: rule}, self.calendar, day_zero, None).from_day(rule, day_zero)

    def objection_window(self, found: datetime) -> Clock:
        """Until when a citizen may object, counted from the day the reason was found (UU 14/2008, Pasal 36 ayat (1))."""
        return self.window("objection", "filing", found)

    def knows(self, kind: str, condition: str) -> bool:
        """Whether the law gives that kind an extension ("extended") or another period under "supervision"."""
        return any(rule.kind == kind and rule.when == condition for rule in self.rules)

    def _in_force(self, kind: str, conditions: frozenset[str], day: date) -> dict[str, Rule]:
        """By clock, the rule that serves a case of that day, in the order of the file."""
        if kind not in self._shelves:
            raise Invalid(f"Jenis {kind!r} tidak punya tenggat; yang ada: {', '.join(self._shelves)}.")
        for condition in sorted(conditions):
            if not self.knows(kind, condition):
                raise Invalid(f"Aturan tidak mengenal {condition!r} untuk {kind}.")
        chosen = {}
        for name, rules in self._shelves[kind].items():
            special = [rule for rule in rules if rule.when in conditions]
            fitting = special or [rule for rule in rules if rule.when is None]
            if fitting:
                chosen[name] = _valid_on(fitting, day)
        return chosen


class _Count:
    """The counting of one case: each clock once, whatever order they lean on each other in."""

    def __init__(
        self, rules: dict[str, Rule], calendar: WorkingCalendar, received: date, answered: date | None
    ) -> None:
        self._rules = rules
        self._calendar = calendar
        self._received = received
        self._answered = answered
        self._done: dict[str, Clock] = {}

    def main(self) -> Clock:
        """Of the main clocks the one that ends last: an extension reaches beyond the answer that it extends."""
        return max((self.clock(name) for name, rule in self._rules.items() if rule.main), key=lambda clock: clock.due)

    def clock(self, name: str) -> Clock:
        if name not in self._done:
            self._done[name] = self._count(self._rules[name])
        return self._done[name]

    def _count(self, rule: Rule) -> Clock:
        if rule.starts == ANSWER and self._answered is not None:
            return self.from_day(rule, self._answered)
        if rule.starts == ANSWER:
            clock = self._after(rule, self.main())
            return replace(clock, note=_joined(clock.note, "Dihitung seolah dijawab pada hari terakhir."))
        if rule.starts.startswith(END_OF):
            return self._after(rule, self.clock(rule.starts.removeprefix(END_OF)))
        return self.from_day(rule, self._received)

    def _after(self, rule: Rule, earlier: Clock) -> Clock:
        """A clock that begins where another ends inherits its doubts: if that end moves, so does everything after it."""
        clock = self.from_day(rule, earlier.due)
        doubts = tuple(dict.fromkeys(earlier.why_provisional + clock.why_provisional))
        return replace(clock, why_provisional=doubts)

    def from_day(self, rule: Rule, day_zero: date) -> Clock:
        ladder = self._calendar.ladder(day_zero, rule.days)
        late = rule.valid_from > self._received
        note = "Diterima sebelum aturan ini berlaku; dipakai karena tidak ada yang lebih awal." if late else None
        doubts = self._calendar.doubts(day_zero, ladder[-1].day)
        return Clock(rule=rule, ladder=ladder, why_provisional=doubts, note=note)


def received_at(sent_at: datetime | None, arrived_at: datetime) -> datetime:
    """When the citizen's message counts as received: the platform's own time, never later than its arrival here. UTC.

    A message that waited at the platform while we were down was received when the citizen sent it; a sender's clock that
    runs ahead gains us nothing and costs the citizen nothing.
    """
    for moment in (sent_at, arrived_at):
        if moment is not None and moment.utcoffset() is None:
            raise ValueError(f"a naive time names no moment: {moment!r}")
    return min(sent_at or arrived_at, arrived_at).astimezone(UTC)


def flaws(rules: Sequence[Rule]) -> Iterator[tuple[int, str, str]]:
    """What makes these rules unusable together: (position of the rule, key, what was expected)."""
    seen: set[tuple[str, str, str | None, date]] = set()
    for position, rule in enumerate(rules):
        mates = [other for other in rules if other.kind == rule.kind]
        identity = (rule.kind, rule.name, rule.when, rule.valid_from)
        if identity in seen:
            yield position, "valid_from", "another day than the other period of this clock"
        seen.add(identity)
        if rule.days < 1:
            yield position, "days", "at least 1"
        if rule.when is not None and rule.when not in CONDITIONS:
            yield position, "when", f"one of {', '.join(CONDITIONS)}"
        if rule.main and rule.starts in (ANSWER, REASON):
            yield position, "starts", "a main clock runs from the receipt or from the end of another"
        if problem := _start_problem(rule, mates):
            yield position, "starts", problem
        if not any(mate.main and mate.when is None for mate in mates):
            yield position, "main", f"{rule.kind} needs one clock with main = true that holds without a condition"


def _start_problem(rule: Rule, mates: Sequence[Rule]) -> str | None:
    """Why this clock could not be started, following the clocks it leans on."""
    if rule.starts in (RECEIPT, ANSWER, REASON):
        return None
    expected = f'"{RECEIPT}", "{ANSWER}", "{REASON}" or "{END_OF}<a clock of {rule.kind}>"'
    if not rule.starts.startswith(END_OF):
        return expected
    before = rule.starts.removeprefix(END_OF)
    if not any(mate.name == before and mate.when in (None, rule.when) and mate.starts != REASON for mate in mates):
        return expected
    if before in _followers(rule.name, mates):
        return f"a clock that does not itself wait for {rule.name!r}"
    if rule.main and any(rule.name in _followers(mate.name, mates) for mate in mates if mate.starts == ANSWER):
        return "a main clock cannot wait for the answer that it limits"
    return None


def _followers(name: str, mates: Sequence[Rule]) -> set[str]:
    """The clock itself and all that begin, directly or not, at its end."""
    found, waiting = {name}, {name}
    while waiting:
        starts = {END_OF + before for before in waiting}
        waiting = {mate.name for mate in mates if mate.starts in starts} - found
        found |= waiting
    return found


def _shelf(rules: Iterable[Rule], kind: str) -> dict[str, list[Rule]]:
    """The rules of one kind by clock, the oldest regulation first."""
    shelf: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.kind == kind:
            shelf.setdefault(rule.name, []).append(rule)
    return {name: sorted(found, key=lambda rule: rule.valid_from) for name, found in shelf.items()}


def _valid_on(rules: Sequence[Rule], day: date) -> Rule:
    """The youngest rule in force that day; for a case older than every rule, the oldest one."""
    in_force = [rule for rule in rules if rule.valid_from <= day]
    return in_force[-1] if in_force else rules[0]


def _joined(*notes: str | None) -> str:
    return " ".join(note for note in notes if note)
