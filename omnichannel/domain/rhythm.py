"""A channel's own rhythm, and when its silence is no longer like it. Pure; it would rather miss a silence than cry wolf.

What the account heard in each hour of the last weeks gives a rate for every hour of the week. A silence is measured in what
should have come in meanwhile: a night counts for nothing where nobody writes at night, a Sunday for little. It is an alarm
when more is missing than twice the second-longest silence this account ever had, so one past outage teaches nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise

HOUR = timedelta(hours=1)
WEEK = 7 * 24
WEEKS = timedelta(weeks=6)  # how far back the rhythm is learned
ENOUGH_TIME, ENOUGH_HEARD = timedelta(weeks=3), 60  # less history than this raises no alarm
SHORTEST = timedelta(hours=2)
FEWEST = 8.0  # so many must be missing: by chance that silence comes once in three thousand times
SUNDAY = 6

Rest = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Silence:
    """Since when, and how many messages are missing against the account's own rhythm (`most` would still be like it)."""

    since: datetime
    missing: float
    most: float

    @property
    def alarming(self) -> bool:
        return self.missing > self.most


def silence(
    hours: Mapping[datetime, int], last_heard: datetime, now: datetime, *, zone: tzinfo, rests: Rest
) -> Silence | None:
    """How the present silence compares; None where there is too little history to say, or it is too short.

    `hours` are the hours (UTC) in which something was heard, and how much. `rests` tells the office's days of rest: such a
    weekday is taken for a Sunday.
    """
    past = {hour: n for hour, n in hours.items() if n > 0 and hour <= last_heard and hour > now - WEEKS}
    if not past or now - last_heard < SHORTEST:
        return None
    first, last = min(past), max(past)
    if last - first < ENOUGH_TIME or sum(past.values()) < ENOUGH_HEARD:
        return None
    rate = _Rates(past, first, last, zone, rests)
    most = max(FEWEST, 2 * _second_longest(past, rate))
    return Silence(last_heard, rate.between(last_heard, now), most)


class _Rates:
    """What an hour of the week brings, without its best week: a flood, or one busy day, is not the rhythm."""

    def __init__(
        self, past: Mapping[datetime, int], first: datetime, last: datetime, zone: tzinfo, rests: Rest
    ) -> None:
        self._zone, self._rests = zone, rests
        self._slots: dict[datetime, int] = {}
        values: dict[int, list[int]] = {slot: [] for slot in range(WEEK)}
        hour = first
        while hour <= last:
            values[self._slot(hour)].append(past.get(hour, 0))
            hour += HOUR
        plain = [_without_best(values[slot]) for slot in range(WEEK)]
        # Half from the hours beside it: of six weeks no hour has seen enough by itself.
        self._rate = [(plain[slot - 1] + 2 * plain[slot] + plain[(slot + 1) % WEEK]) / 4 for slot in range(WEEK)]

    def __call__(self, hour: datetime) -> float:
        return self._rate[self._slot(hour)]

    def between(self, heard: datetime, now: datetime) -> float:
        """What should have come in the whole hours between."""
        total, hour = 0.0, _floor(heard) + HOUR
        while hour + HOUR <= now:
            total += self(hour)
            hour += HOUR
        return total

    def _slot(self, hour: datetime) -> int:
        found = self._slots.get(hour)
        if found is None:
            local = hour.astimezone(self._zone)
            weekday = local.weekday()
            if weekday != SUNDAY and weekday < 5 and self._rests(local.date()):
                weekday = SUNDAY
            found = self._slots[hour] = weekday * 24 + local.hour
        return found


def _second_longest(past: Mapping[datetime, int], rate: _Rates) -> float:
    """Of all silences so far, in what was missing."""
    heard = sorted(past)
    missing = sorted(rate.between(one, other) for one, other in pairwise(heard) if other - one > HOUR)
    return missing[-2] if len(missing) > 1 else 0.0


def _without_best(values: list[int]) -> float:
    kept = sorted(values)[:-1] if len(values) > 2 else values
    return sum(kept) / len(kept) if kept else 0.0


def _floor(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def by_hour(moments: list[datetime]) -> dict[datetime, int]:
    """Counted by the hour in which they fell."""
    found: dict[datetime, int] = {}
    for moment in moments:
        hour = _floor(moment)
        found[hour] = found.get(hour, 0) + 1
    return found
