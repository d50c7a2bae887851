"""What staff did in the month before: who was answered is given, who was sorted, forwarded and closed is drawn here. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.case import Kind
from omnichannel.domain.deadline import Clocks
from omnichannel.router.decide import supervision
from omnichannel.toys.citizens import Past

OPENS, SHUTS = time(8), time(15, 30)
LATE, NEAR = 2, 3  # of requests and of reports each: how many are left past their day, and how many near it
LONGEST_SPAN = timedelta(hours=14)
MOST = 60


class Do(StrEnum):
    """Everything that happens in the past."""

    HEAR = "hear"
    SAY = "say"
    SORT = "sort"
    NOTE = "note"
    KEY_IN = "key_in"
    NEWS = "news"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happened in one thread."""

    at: datetime
    do: Do
    past: Past


def acts(pasts: Sequence[Past], clocks: Clocks, until: datetime, rng: Random) -> list[Act]:
    """Everything that happened, in order of time; nothing at or after `until`."""
    threads: dict[int, list[Past]] = {}
    for past in pasts:
        threads.setdefault(past.thread, []).append(past)
    left = _left_alone(list(threads.values()), clocks, until)
    found = [Act(past.at, Do.SAY if past.ours else Do.HEAR, past) for past in pasts]
    for thread in threads.values():
        found += _desk(thread, clocks.calendar, until, rng, left=thread[0].thread in left)
    return sorted((act for act in found if act.at < until), key=lambda act: (act.at, act.past.thread))


def slots(acts: Iterable[Act]) -> list[list[Act]]:
    """Stretches of the month in which no citizen answers what staff did in the same stretch."""
    found: list[list[Act]] = []
    touched: set[int] = set()
    for act in acts:
        fresh = not found or act.at - found[-1][0].at > LONGEST_SPAN or len(found[-1]) == MOST
        if fresh or (act.do is Do.HEAR and act.past.thread in touched):
            found.append([])
            touched = set()
        found[-1].append(act)
        touched.add(act.past.thread)
    return found


def office_hours(at: datetime, calendar: WorkingCalendar) -> datetime:
    """That moment, or the next in which the office is open; `at` is in the office's zone."""
    day = at
    if day.time() >= SHUTS:
        day = (day + timedelta(days=1)).replace(hour=OPENS.hour, minute=day.minute)
    elif day.time() < OPENS:
        day = day.replace(hour=OPENS.hour)
    while not calendar.is_working(day.date()):
        day += timedelta(days=1)
    return day


def _left_alone(threads: Sequence[Sequence[Past]], clocks: Clocks, until: datetime) -> set[int]:
    """The few that nobody finished: their day has passed, or is today or in the next two."""
    today = clocks.calendar.day(until)
    left: set[int] = set()
    for request in (True, False):
        running = [
            (due, thread[0].thread)
            for thread in threads
            if (thread[0].story.kind is Kind.INFORMATION_REQUEST) is request
            and not thread[0].story.urgent
            and (due := _due(thread[0], clocks)) is not None
        ]
        late = sorted(pair for pair in running if pair[0] < today)
        near = sorted(pair for pair in running if 0 <= clocks.calendar.working_days_between(today, pair[0]) <= 2)
        left |= {number for _, number in (*late[-LATE:], *[pair for pair in near if pair[0] >= today][:NEAR])}
    return left


def _due(past: Past, clocks: Clocks) -> date | None:
    kind = past.story.kind
    if kind is Kind.OTHER:
        return None
    watched = supervision(kind, past.story.topic)
    return clocks.for_case(kind.value, past.at, supervision=watched).due


def _desk(thread: Sequence[Past], calendar: WorkingCalendar, until: datetime, rng: Random, *, left: bool) -> list[Act]:
    """What staff did with one thread."""
    first, last = thread[0], thread[-1]
    story = first.story
    age = until - first.at
    found = []
    if age > timedelta(hours=20):
        found.append((Do.SORT, office_hours(first.at + timedelta(minutes=rng.randrange(20, 200)), calendar)))
    if rng.random() < 0.12:
        found.append((Do.NOTE, first.at + timedelta(minutes=rng.randrange(30, 300))))
    if story.kind in (Kind.COMPLAINT, Kind.ASPIRATION) and age > timedelta(days=2) and rng.random() < 0.75:
        sorted_at = max((at for do, at in found if do is Do.SORT), default=first.at)
        keyed_in = office_hours(sorted_at + timedelta(hours=rng.uniform(1, 26)), calendar)
        found.append((Do.KEY_IN, keyed_in))
        if rng.random() < 0.6:
            found.append((Do.NEWS, office_hours(keyed_in + timedelta(hours=rng.uniform(20, 90)), calendar)))
    finished = rng.random() < (0.97 if age > timedelta(days=9) else 0.5 if age > timedelta(days=3) else 0.12)
    if finished and not left:
        begun = max([last.at, *(at for _, at in found)])
        found.append((Do.CLOSE, office_hours(begun + timedelta(hours=rng.uniform(1, 60)), calendar)))
    return [Act(at, do, first) for do, at in found]
