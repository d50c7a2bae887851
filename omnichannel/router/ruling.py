"""The PPID decides: drafted, approved where the office wants a second pair of eyes, told to the citizen with its reasons."""

from dataclasses import replace
from datetime import datetime

from omnichannel.domain.calendar import in_words
from omnichannel.domain.case import Case, Outcome
from omnichannel.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.ppid_clock import last_asked, may_lapse
from omnichannel.domain.ppid_decision import (
    ConsequenceTest,
    Decision,
    DecisionState,
    Ruling,
    checked,
    flaw_of,
    reasons_in_words,
)
from omnichannel.domain.work import Work
from omnichannel.router import conclude as endings
from omnichannel.router import doorkey
from omnichannel.router.desk import Desk, by_staff
from omnichannel.router.formal import asked_for, request_of

REPLACED = "Diganti dengan rancangan baru."
SHORTEST_REMARK = 5


def decide(work: Work, desk: Desk, staff: Staff, case_id: int, ruling: Ruling, *, now: datetime, seen: int) -> Decision:
    """One officer's ruling on the case as they saw it (`seen` is its version). Where the office wants approval it becomes a
    draft; else it is the answer.

    Conflict: somebody changed or decided the case since. Invalid: the law wants more than was filled in.
    """
    case = asked_for(work, case_id, seen)
    if not case.state.running:
        raise Conflict(f"{case.number} sudah diputus. Lihat putusannya; buka lagi dulu bila berubah.")
    _may_end_so(work, desk, case, ruling, now)
    whole = checked(ruling, work.requests.tests(case.id))
    for earlier in work.requests.decisions(case.id):
        if earlier.state is DecisionState.DRAFT:
            _return(work, earlier, REPLACED)
    draft = work.requests.add_decision(case.id, whole, staff.id, staff.name, now)
    if desk.office.ppid.approval and ruling.outcome is not Outcome.WITHDRAWN:
        # The version rises, so that whoever else has the page open is told.
        case = work.cases.save(case, case)
        _note(work, staff, case, "ruling_drafted", now, after=whole.outcome.value)
        return draft
    return _final(work, desk, staff, case, draft, now)


def approve(work: Work, desk: Desk, staff: Staff, decision_id: int, *, now: datetime, seen: int) -> Decision:
    """The second pair of eyes. NotAllowed for whoever drafted it; Conflict: no longer a draft, or the case moved on."""
    draft = _draft(work, decision_id)
    case = asked_for(work, draft.case_id, seen)
    allowed = may(staff, Action.APPROVE, case)
    if not allowed:
        raise NotAllowed(allowed.why)
    if staff.id == draft.drafted_by:
        raise NotAllowed("Rancangan disetujui orang lain, bukan penyusunnya.")
    if not case.state.running:
        raise Conflict(f"{case.number} sudah diputus. Lihat putusannya; buka lagi dulu bila berubah.")
    checked(draft.ruling, work.requests.tests(case.id))
    return _final(work, desk, staff, case, draft, now)


def send_back(work: Work, staff: Staff, decision_id: int, remark: str, *, now: datetime) -> Decision:
    """The approver wants it otherwise, and says how."""
    draft = _draft(work, decision_id)
    words = remark.strip()
    if len(words) < SHORTEST_REMARK:
        raise Invalid("Tulis apa yang perlu diperbaiki.")
    case = asked_for(work, draft.case_id)
    after = _return(work, draft, words)
    case = work.cases.save(case, case)
    _note(work, staff, case, "ruling_returned", now, after=draft.ruling.outcome.value, why=words)
    return after


def record_test(work: Work, staff: Staff, test: ConsequenceTest, *, now: datetime) -> ConsequenceTest:
    """Keep one consequence test; it is never changed, a better one is one more."""
    case = asked_for(work, test.case_id)
    flaw = flaw_of(test)
    if flaw is not None:
        raise Invalid(flaw)
    made = work.requests.add_test(replace(test, by=staff.name, at=now))
    _note(work, staff, case, "consequence_tested", now, after=f"Pasal 17 huruf {test.basis}", why=test.information)
    return made


def _final(work: Work, desk: Desk, staff: Staff, case: Case, draft: Decision, now: datetime) -> Decision:
    ruling = draft.ruling
    final = replace(
        draft,
        state=DecisionState.FINAL,
        approved_by=staff.id,
        approved_by_name=staff.name,
        approved_at=now,
    )
    kept = work.requests.save_decision(draft, final)
    why = reasons_in_words(ruling)
    ended = endings.conclude(work, staff, case.id, ruling.outcome, now=now, why=why, seen=case.version)
    _clear_away(work, ended, now)
    conversation = work.conversations.get(ended.conversation_id)
    able = desk.ability(conversation.account, conversation.surface) if conversation else None
    endings.tell_outcome(work, desk.office, ended, why, capabilities=able, now=now)
    return kept


def _clear_away(work: Work, case: Case, now: datetime) -> None:
    """What was asked of units is no longer owed, and no link opens an answered case."""
    for task in work.errands.tasks(case.id):
        if task.open:
            work.errands.save_task(task, replace(task, cancelled_at=now))
    doorkey.close_all(work, case.id, now)


def _may_end_so(work: Work, desk: Desk, case: Case, ruling: Ruling, now: datetime) -> None:
    """A request lapses only when the citizen was asked and has had their time."""
    if ruling.outcome is not Outcome.LAPSED:
        return
    today = desk.clocks.calendar.day(now)
    again = last_asked(work.errands.links(case.id))
    first = may_lapse(request_of(work, case), desk.clocks.calendar, desk.office.ppid, today, asked_again=again)
    if first is None:
        raise Invalid("Hanya permohonan yang menunggu dilengkapi pemohon yang dapat ditutup begini.")
    if today < first:
        raise Invalid(f"Pemohon masih punya waktu; permohonan dapat ditutup mulai {in_words(first)}.")


def _draft(work: Work, decision_id: int) -> Decision:
    found = work.requests.decision(decision_id)
    if found is None:
        raise NotFound("Rancangan putusan itu tidak ada.")
    if found.state is not DecisionState.DRAFT:
        raise Conflict("Rancangan ini sudah disetujui atau dikembalikan oleh orang lain.")
    return found


def _return(work: Work, draft: Decision, remark: str) -> Decision:
    return work.requests.save_decision(draft, replace(draft, state=DecisionState.RETURNED, remark=remark))


def _note(
    work: Work, staff: Staff, case: Case, verb: str, now: datetime, *, after: str, why: str | None = None
) -> None:
    where = case.conversation_id
    work.note(by_staff(staff), verb, "case", case.id, at=now, conversation_id=where, after=after, why=why)
