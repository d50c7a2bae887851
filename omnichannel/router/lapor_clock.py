"""SP4N-LAPOR!'s clocks are told to those who can still do something: at half, on the last day, and once they have run out.

Each of the three once a clock, to the assignee, to those who answer for the unit, and to the supervisors. A step that has
been taken (it is in LAPOR; LAPOR shows that somebody works on it) is not reminded of.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from omnichannel.domain.case import Case, CaseState, Queue
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.work import MACHINE, Work
from omnichannel.router.lapor import NEW

HALF, LAST, OVER = "clock_half", "clock_last", "clock_over"
VERIFY, FOLLOW_UP = "verify", "follow_up"
TRACK = "lapor"
LOOK_BACK = 1000
NOBODY = "belum ada penanggung jawab"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where one clock stands today."""

    verb: str
    title: str
    due: date


def remind(work: Work, today: date, now: datetime, limit: int) -> int:
    """Note what is new today; returns how much."""
    staff = [one for one in work.people.all() if one.disabled_at is None]
    told = 0
    for case in work.cases.in_state(Queue.LAPOR, (CaseState.OPEN, CaseState.FORWARDED), limit):
        stages = list(reached(case, today))
        if stages:
            told += _tell(work, case, stages, staff, now)
    return told


def reached(case: Case, today: date) -> Iterator[Stage]:
    """The furthest stage of each running clock; none before its half."""
    for one in case.clocks.get("clocks", ()):
        if one.get("track") == TRACK and one.get("starts", "receipt") == "receipt" and not _met(case, one.get("name")):
            verb = _stage(one, today)
            if verb is not None:
                yield Stage(verb, str(one.get("title") or one["name"]), date.fromisoformat(one["due"]))


def _stage(one: Mapping[str, Any], today: date) -> str | None:
    due = date.fromisoformat(one["due"])
    if today > due:
        return OVER
    if today == due:
        return LAST
    # Half of the working days are gone; of three days that is the second.
    half = next((rung["date"] for rung in one.get("ladder", ()) if rung["n"] and 2 * rung["n"] >= one["days"]), None)
    return HALF if half is not None and today >= date.fromisoformat(half) else None


def _met(case: Case, name: str | None) -> bool:
    if name == VERIFY:
        return case.tracking_id is not None
    return name == FOLLOW_UP and case.lapor_status not in (None, NEW)


def _tell(work: Work, case: Case, stages: Sequence[Stage], staff: Sequence[Staff], now: datetime) -> int:
    known = {
        (one.verb, one.before, one.after)
        for one in work.screens.history(case.conversation_id, LOOK_BACK)
        if one.thing == "case" and one.thing_id == case.id
    }
    fresh = [one for one in stages if (one.verb, one.title, one.due.isoformat()) not in known]
    whom = ", ".join(one.name for one in answerable(work, case, staff)) or NOBODY
    for one in fresh:
        where = case.conversation_id
        work.note(
            MACHINE,
            one.verb,
            "case",
            case.id,
            at=now,
            conversation_id=where,
            before=one.title,
            after=one.due.isoformat(),
            why=whom,
        )
    return len(fresh)


def answerable(work: Work, case: Case, staff: Sequence[Staff]) -> list[Staff]:
    """The assignee, whoever answers for the unit, and the supervisors; each once."""
    conversation = work.conversations.get(case.conversation_id)
    assignee = conversation.assignee_id if conversation is not None else None
    groups = (
        [one for one in staff if one.id == assignee],
        [one for one in staff if one.role is Role.UNIT and case.unit is not None and one.unit == case.unit],
        [one for one in staff if one.role is Role.SUPERVISOR and one.unit in (None, case.unit)],
    )
    return list({one.id: one for group in groups for one in group}.values())
