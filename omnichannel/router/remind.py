"""Deadlines that are near or past are told to staff as rows of the history, once a working day.

The round is a job like any other: the one of today puts the one of tomorrow, in the same commit.
"""

from datetime import date, datetime, time, timedelta

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.case import Case
from omnichannel.domain.objection import Objection
from omnichannel.domain.ppid import UnitTask
from omnichannel.domain.work import MACHINE, Job, Work
from omnichannel.router import lapor_clock

QUEUE = "remind"
NEAR = 2
MORNING = time(7, 0)
ALL = 10_000  # cases; more than any office has near its deadlines at once


def plan(work: Work, now: datetime) -> None:
    """Make sure that a round is planned: the first one starts at once."""
    if work.jobs.next_at(QUEUE) is None:
        work.jobs.put(QUEUE, {}, key=QUEUE, run_at=now)


def go_round(work: Work, job: Job, calendar: WorkingCalendar, now: datetime) -> int:
    """Today's round, and the plan for tomorrow's; returns how many cases were told. On a day of rest nobody is told."""
    if not work.jobs.done(job):
        return 0
    today = calendar.day(now)
    tomorrow = datetime.combine(today + timedelta(days=1), MORNING, calendar.zone)
    work.jobs.put(QUEUE, {}, key=QUEUE, run_at=tomorrow)
    return remind(work, calendar, today, now) if calendar.is_working(today) else 0


def remind(work: Work, calendar: WorkingCalendar, today: date, now: datetime) -> int:
    """Note every running case and open objection with at most two working days left, every overdue one, and the units
    that have let their inner deadline pass; then each step of SP4N-LAPOR!'s way, once at half, last day and overdue."""
    until = calendar.add(today, NEAR)
    cases, objections = work.cases.near_due(until, ALL), work.objections.near_due(until, ALL)
    late = [task for task in work.errands.open_tasks(None, ALL) if task.due < today]
    for case in cases:
        _note(work, case, calendar, today, now)
    for objection in objections:
        _note_objection(work, objection, calendar, today, now)
    for task in late:
        _note_task(work, task, now)
    return len(cases) + len(objections) + len(late) + lapor_clock.remind(work, today, now, ALL)


def _note_objection(work: Work, objection: Objection, calendar: WorkingCalendar, today: date, now: datetime) -> None:
    case = work.cases.get(objection.case_id)
    left = calendar.working_days_between(today, objection.due)
    work.note(
        MACHINE,
        "objection_overdue" if objection.overdue(today) else "objection_near",
        "case",
        objection.case_id,
        at=now,
        conversation_id=case.conversation_id if case is not None else None,
        before=objection.number,
        after=objection.due.isoformat(),
        why=f"{abs(left)} hari kerja",
    )


def _note_task(work: Work, task: UnitTask, now: datetime) -> None:
    case = work.cases.get(task.case_id)
    where = case.conversation_id if case is not None else None
    work.note(MACHINE, "task_late", "case", task.case_id, at=now, conversation_id=where, after=task.unit)


def _note(work: Work, case: Case, calendar: WorkingCalendar, today: date, now: datetime) -> None:
    left = calendar.working_days_between(today, case.due)
    work.note(
        MACHINE,
        "overdue" if case.overdue(today) else "near_due",
        "case",
        case.id,
        at=now,
        conversation_id=case.conversation_id,
        after=case.due.isoformat(),
        why=f"{abs(left)} hari kerja",
    )
