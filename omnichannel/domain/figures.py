"""Open figures: how much came in, was answered, in time, and in how many days; with nothing in them that names anybody. Pure.

A count below five is never broken down: it joins "the rest", and the rest takes the next smallest along until it, too, is
large enough, or the hidden one could be worked out from the total.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Protocol

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """`days` is the sum over what was answered; `overdue` runs past its due day and is still not answered."""

    received: int = 0
    answered: int = 0
    in_time: int = 0
    days: int = 0
    overdue: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.received + other.received,
            self.answered + other.answered,
            self.in_time + other.in_time,
            self.days + other.days,
            self.overdue + other.overdue,
        )

    @property
    def punctual(self) -> float | None:
        """The share of the answered that was answered in time."""
        return self.in_time / self.answered if self.answered else None

    @property
    def average(self) -> float | None:
        """Calendar days from receipt to answer."""
        return self.days / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class Bucket:
    """What one month brought of one sort."""

    month: int
    kind: str
    topic: str
    unit: str | None
    channel: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table; `key` None is the rest. `tally` None: too few to be shown."""

    key: str | None
    tally: Tally | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A year."""

    year: int
    total: Tally | None
    months: tuple[Line, ...]
    kinds: tuple[Line, ...]
    units: tuple[Line, ...]
    topics: tuple[Line, ...]
    channels: tuple[Line, ...]


class OpenFigures(Protocol):
    """The shelf that counts."""

    def cases(self, month: int, since: datetime, until: datetime, today: date, zone: tzinfo) -> list[Bucket]:
        """Numbered cases received in that span, voided ones left out, as `month`."""
        ...

    def years(self, zone: tzinfo) -> tuple[int, int] | None:
        """The first and the last year in which anything came in."""
        ...


def figures(year: int, buckets: Iterable[Bucket], months: int = 12) -> Figures:
    """Every table of the year; `months` have begun."""
    held = list(buckets)
    total = _sum(one.tally for one in held)
    by_month = {str(month): Tally() for month in range(1, months + 1)} | _by(held, lambda one: str(one.month))
    return Figures(
        year=year,
        total=total if total.received >= FEWEST else None,
        months=_in_order(by_month),
        kinds=_merged(_by(held, lambda one: one.kind)),
        units=_merged(_by(held, lambda one: one.unit or "")),
        topics=_merged(_by(held, lambda one: one.topic)),
        channels=_merged(_by(held, lambda one: one.channel)),
    )


def _by(buckets: Sequence[Bucket], key: Callable[[Bucket], str]) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for one in buckets:
        found[key(one)] = found.get(key(one), Tally()) + one.tally
    return found


def _merged(tallies: Mapping[str, Tally]) -> tuple[Line, ...]:
    """Largest first, the small ones together at the end."""
    ranked = sorted(tallies.items(), key=lambda one: (-one[1].received, one[0]))
    rest, shown = Tally(), list(ranked)
    while shown and (shown[-1][1].received < FEWEST or 0 < rest.received < FEWEST):
        rest += shown.pop()[1]
    lines = [Line(key, tally) for key, tally in shown]
    if rest.received:
        lines.append(Line(None, rest if rest.received >= FEWEST else None))
    return tuple(lines)


def _in_order(tallies: Mapping[str, Tally]) -> tuple[Line, ...]:
    """Months stay where they are. One hidden month could be worked out from the year, so a second one is hidden with it."""
    hidden = {key for key, tally in tallies.items() if 0 < tally.received < FEWEST}
    if len(hidden) == 1:
        others = [key for key, tally in tallies.items() if key not in hidden and tally.received]
        hidden |= {min(others, key=lambda key: tallies[key].received)} if others else set()
    ordered = sorted(tallies.items(), key=lambda one: int(one[0]))
    return tuple(Line(key, None if key in hidden else tally) for key, tally in ordered)


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for one in tallies:
        total += one
    return total
