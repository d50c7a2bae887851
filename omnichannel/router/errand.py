"""The PPID asks a unit within the same case, with a deadline before the law's own; the unit answers from its desk or from
a link on a phone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.case import Case
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.people import Staff
from omnichannel.domain.ppid import Link, LinkPurpose, PaperKind, UnitTask
from omnichannel.domain.work import Actor, Work
from omnichannel.router import doorkey
from omnichannel.router.desk import Desk, by_staff
from omnichannel.router.formal import add_papers, asked_for

SHORTEST = 5
LONGEST = 10_000


def give(
    work: Work,
    desk: Desk,
    staff: Staff,
    case_id: int,
    unit: str,
    question: str,
    *,
    now: datetime,
    days: int | None = None,
) -> UnitTask:
    """Ask a unit. Its last day is some working days from now, and always before the day on which we owe the citizen.

    Invalid: no such unit, nothing asked, or the unit already owes an answer in this case.
    """
    case = asked_for(work, case_id)
    words = question.strip()
    if not case.state.running:
        raise Conflict(f"{case.number} sudah selesai; tidak ada yang perlu ditanyakan lagi.")
    if unit not in desk.organisation:
        raise Invalid("Pilih unitnya dari daftar.")
    if len(words) < SHORTEST:
        raise Invalid("Tulis apa yang perlu dijawab unit itu.")
    if any(task.open and task.unit == unit for task in work.errands.tasks(case.id)):
        raise Invalid("Unit itu masih punya tugas yang belum dijawab pada permohonan ini.")
    wanted = days if days is not None else desk.office.ppid.unit_days
    if not 1 <= wanted <= 9:
        raise Invalid("Tenggat unit 1 sampai 9 hari kerja.")
    task = work.errands.add_task(
        UnitTask(
            id=0,
            case_id=case.id,
            unit=unit,
            question=words[:LONGEST],
            due=inner_due(desk.clocks.calendar, now, wanted, case.due),
            given_by=staff.name,
            given_at=now,
        )
    )
    _note(work, case, by_staff(staff), "task_given", now, after=unit, why=words[:200])
    return task


def inner_due(calendar: WorkingCalendar, now: datetime, days: int, legal: date) -> date:
    """So many working days from today, but before the legal day; where that is today or tomorrow, today."""
    today = calendar.day(now)
    before = legal - timedelta(days=1)
    while before > today and not calendar.is_working(before):
        before -= timedelta(days=1)
    return max(today, min(calendar.add(today, days), before))


def answer(
    work: Work,
    task_id: int,
    text: str,
    held: bool | None,
    who: Actor,
    *,
    now: datetime,
    seen: int | None = None,
) -> UnitTask:
    """The unit's answer. Conflict: it was answered or taken back meanwhile."""
    task = task_of(work, task_id)
    words = text.strip()
    if not task.open or (seen is not None and task.version != seen):
        raise Conflict("Tugas ini sudah dijawab atau ditarik. Muat ulang untuk melihat keadaannya.")
    if len(words) < SHORTEST:
        raise Invalid("Tulis jawabannya, paling sedikit satu kalimat.")
    if len(words) > LONGEST:
        raise Invalid("Jawabannya terlalu panjang. Ringkas, atau lampirkan sebagai berkas.")
    if held is None:
        raise Invalid("Pilih apakah informasinya dikuasai unit Anda.")
    after = replace(task, answer=words, held=held, answered_by=who.name or who.key, answered_at=now)
    saved = work.errands.save_task(task, after)
    doorkey.close_all(work, task.case_id, now, task_id=task.id)
    _note(work, asked_for(work, task.case_id), who, "task_answered", now, after=task.unit)
    return saved


def answer_by_link(
    work: Work,
    desk: Desk,
    token: str,
    text: str,
    held: bool | None,
    files: Sequence[Mapping[str, object]],
    *,
    now: datetime,
) -> UnitTask:
    """The same from a phone without an account: the link names the task and who holds it."""
    link = field_link(work, token, now)
    who = doorkey.actor(link)
    if files:
        add_papers(work, desk, link.case_id, [(PaperKind.OTHER, one) for one in files], who, now)
    doorkey.used(work, link, now)
    return answer(work, link.task_id or 0, text, held, who, now=now)


def field_link(work: Work, token: str, now: datetime) -> Link:
    """An open link to a task. NotFound, NotAllowed."""
    link = doorkey.opened(work, token, now)
    if link.purpose is not LinkPurpose.FIELD or link.task_id is None:
        raise NotFound(doorkey.UNKNOWN)
    return link


def withdraw(work: Work, staff: Staff, task_id: int, *, now: datetime) -> UnitTask:
    """It need not be answered any more."""
    task = task_of(work, task_id)
    if not task.open:
        raise Conflict("Tugas ini sudah dijawab atau ditarik. Muat ulang untuk melihat keadaannya.")
    saved = work.errands.save_task(task, replace(task, cancelled_at=now))
    doorkey.close_all(work, task.case_id, now, task_id=task.id)
    _note(work, asked_for(work, task.case_id), by_staff(staff), "task_withdrawn", now, after=task.unit)
    return saved


def task_of(work: Work, task_id: int) -> UnitTask:
    """NotFound in words for staff."""
    task = work.errands.task(task_id)
    if task is None:
        raise NotFound("Tugas itu tidak ada.")
    return task


def _note(work: Work, case: Case, who: Actor, verb: str, now: datetime, *, after: str, why: str | None = None) -> None:
    work.note(who, verb, "case", case.id, at=now, conversation_id=case.conversation_id, after=after, why=why)
