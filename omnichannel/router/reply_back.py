"""The citizen answers what SP4N-LAPOR! told them: their words go back there, for as long as a reporter may reply.

Ten working days after the answer (PermenPANRB 62/2018; `reply` in deadlines.toml). Only what answers something: before an
agency has spoken, what a citizen adds belongs to the conversation here, and thanks are not posted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from omnichannel.domain.case import Case, CaseState, Kind, Queue
from omnichannel.domain.errors import AccountBroken, Refused, TryLater
from omnichannel.domain.forwarding import ForwardState, News
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import MACHINE, Job, Message, Work
from omnichannel.router.desk import Desk
from omnichannel.router.forward import BY_ITSELF, FIRST_WAIT, GIVE_UP, NEXT_WAIT
from omnichannel.router.sheet import public

QUEUE = "lapor-reply"
CUT_OFF = "Tidak pasti apakah tanggapan warga sampai di SP4N-LAPOR!. Lihat laporannya di sana."


@dataclass(frozen=True, slots=True)
class Saying:
    """What is to be posted under which report."""

    complaint_id: str
    text: str


def awaited(work: Work, desk: Desk, cases: Sequence[Case], now: datetime) -> list[Case]:
    """Answered reports whose reporter may still reply: their next word is about them, not about something new."""
    today = now.astimezone(desk.office.zone).date()
    return [
        case
        for case in cases
        if case.queue is Queue.LAPOR
        and case.state is CaseState.ANSWERED
        and case.tracking_id is not None
        and case.closed_at is not None
        and today <= desk.clocks.window(case.kind.value, "reply", case.closed_at).due
    ]


def consider(work: Work, desk: Desk, case: Case, message: Message, verdict: Verdict, now: datetime) -> bool:
    """Put the citizen's reply on its way; False where it answers nothing, or LAPOR is not spoken to by machine."""
    forward = work.forwards.get(case.id)
    if desk.office.lapor_way not in BY_ITSELF or forward is None or forward.state is not ForwardState.SENT:
        return False
    spoken = any(one.text and not one.ours for one in work.forwards.news(case.id))
    courtesy = verdict.kind is Kind.OTHER and not verdict.needs_person
    if not spoken or courtesy or not message.text.strip():
        return False
    work.jobs.put(QUEUE, {"case": case.id, "message": message.id}, key=f"lapor-reply:{message.id}", run_at=now)
    work.ring(QUEUE)
    return True


def begin(work: Work, job: Job, now: datetime) -> Saying | None:
    """Claimed. A second claim of the same job finds the note of the first, and tells a person instead."""
    case_id = int(job.body["case"])
    case, forward = work.cases.get(case_id), work.forwards.get(case_id)
    message = work.messages.get(int(job.body["message"]))
    if case is None or forward is None or forward.complaint_id is None or message is None or message.withdrawn_at:
        work.jobs.done(job)
        return None
    contact = work.contacts.get(message.contact_id or case.contact_id)
    names = tuple(name for name in (contact.name, contact.handle) if name) if contact is not None else ()
    text = f"Tanggapan pelapor: {public(message.text, names)}"
    said = News(id=f"ours:{message.id}", at=now, status_name=None, status_code=None, text=text)
    if not work.forwards.hear(case_id, said, now, ours=True) and not job.body.get("tried"):
        work.jobs.done(job)
        _note(work, case, "lapor_reply_unsure", now, CUT_OFF)
        return None
    return Saying(forward.complaint_id, text)


def posted(work: Work, job: Job, now: datetime) -> None:
    case = work.cases.get(int(job.body["case"]))
    if work.jobs.done(job) and case is not None:
        _note(work, case, "lapor_replied", now, None)


def failed(work: Work, job: Job, error: Exception, now: datetime) -> None:
    """Wait where it surely did not arrive; else a person looks."""
    case = work.cases.get(int(job.body["case"]))
    if isinstance(error, TryLater | AccountBroken) and now - job.run_at < GIVE_UP:
        wait = NEXT_WAIT if job.attempts > 1 else FIRST_WAIT
        if work.jobs.done(job):
            again = dict(job.body) | {"tried": True}
            work.jobs.put(QUEUE, again, key=f"lapor-reply:{job.body['message']}", run_at=now + wait)
        return
    if work.jobs.done(job) and case is not None:
        why = error.reason if isinstance(error, Refused | TryLater | AccountBroken) else CUT_OFF
        _note(work, case, "lapor_reply_unsure", now, why)


def _note(work: Work, case: Case, verb: str, now: datetime, why: str | None) -> None:
    work.note(MACHINE, verb, "case", case.id, at=now, conversation_id=case.conversation_id, why=why)
