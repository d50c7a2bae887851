"""A report leaves for SP4N-LAPOR! by itself: thought of once, sent once, and what came of it on the board.

The claim is a commit of its own. Whoever dies between the claim and the answer leaves the row in `sending`; the next
owner of the job finds it so and tells a person, unless LAPOR itself can be asked for the title. Nothing that may have
been heard is said again by a machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from omnichannel.domain import stated
from omnichannel.domain.case import Case, CaseState, Queue
from omnichannel.domain.channel import Surface
from omnichannel.domain.errors import AccountBroken, Conflict, Refused, TryLater, Unsure
from omnichannel.domain.forwarding import TO_LAPOR, Forward, ForwardState
from omnichannel.domain.message import OutgoingFile
from omnichannel.domain.outbox import notify
from omnichannel.domain.people import Staff
from omnichannel.domain.ports import Forwarded, Report
from omnichannel.domain.samples import NEVER_LEAVES, invented
from omnichannel.domain.work import MACHINE, Actor, File, FileState, Job, Work
from omnichannel.router.desk import Desk, by_staff, case_of
from omnichannel.router.lapor import arrived
from omnichannel.router.sheet import sheet

QUEUE = TO_LAPOR
NEWS_QUEUE = "lapor-news"
BY_ITSELF = frozenset({"api", "sandbox"})  # ways that need no officer's hand
FIRST_WAIT, NEXT_WAIT, GIVE_UP = timedelta(minutes=5), timedelta(minutes=30), timedelta(days=1)
FOR_FILES = timedelta(minutes=2)  # a photograph still on its way to our disk is waited for, then left out
LOOK_AGAIN = timedelta(seconds=5)
REST = timedelta(minutes=5)
ASK = "ask"  # `lapor.consent`
# States in which a report may be there without our knowing its id.
TRIED = frozenset(
    {ForwardState.WAITING, ForwardState.SENDING, ForwardState.UNSURE, ForwardState.FAILED, ForwardState.HELD}
)
TAKEN = "SP4N-LAPOR! menjawab dengan nomor {id}, padahal itu nomor laporan {number}. Cari judulnya di sana."
CUT_OFF = "Pengiriman terputus di tengah jalan. Cari judulnya di SP4N-LAPOR!, lalu simpan ID-nya atau kirim ulang."


@dataclass(frozen=True, slots=True)
class Begun:
    """What is to be sent now. `lost`: an earlier attempt was cut off, so LAPOR is only asked whether it is there.
    `again`: LAPOR is asked first where it can be; `since` is before any attempt."""

    report: Report
    files: Sequence[File]
    since: datetime
    lost: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Others:
    """Other reports of ours under the same title: the ids of those that are there, and whether one more may be."""

    taken: frozenset[str]
    doubtful: bool


def key(case_id: int) -> str:
    return f"forward:{case_id}"


def consider(work: Work, desk: Desk, case_id: int, now: datetime) -> Forward | None:
    """Take a new report up once: it waits for the sender, for an officer's hand, or for the citizen's word."""
    case = work.cases.get(case_id)
    if case is None or not _may_leave(case) or not case.certain or work.forwards.get(case_id) is not None:
        return None
    message = work.messages.get(case.message_id)
    if invented(message):
        forward = Forward(case_id=case_id, state=ForwardState.HELD, since=now, error=NEVER_LEAVES)
        return forward if work.forwards.add(forward) else None
    said = stated.of(work, message) if message is not None else stated.Stated()
    # Whoever wrote a name into the form and did not ask to stay unnamed chose to be named.
    named = said.kind is not None and not said.anonymous and not case.anonymous
    # The form says that reports go to LAPOR, and was sent with consent; elsewhere the office may want to ask first.
    asks = desk.office.lapor_consent == ASK and said.kind is None
    state = ForwardState.ASKING if asks else ForwardState.WAITING
    forward = Forward(case_id=case_id, state=state, since=now, named=named)
    if not work.forwards.add(forward):
        return None
    if asks:
        _ask(work, desk, case, now)
    elif by_itself(desk, case):
        put(work, case_id, now + desk.office.lapor_wait)
    return forward


def _ask(work: Work, desk: Desk, case: Case, now: datetime) -> None:
    """In private alone: under a comment the question waits for an officer, who sees it on the board."""
    conversation = work.conversations.get(case.conversation_id)
    if conversation is None or conversation.surface is Surface.PUBLIC:
        return
    able = desk.ability(conversation.account, conversation.surface)
    text = desk.office.notice("izin_lapor", nomor=case.number)
    notify(work, conversation, text, key=f"izin:{case.id}", capabilities=able, now=now)


def by_itself(desk: Desk, case: Case) -> bool:
    """Whether this unit's reports leave without an officer's hand."""
    return desk.office.lapor_way in BY_ITSELF and (case.unit or "") not in desk.office.lapor_by_hand


def send_now(work: Work, staff: Staff, case_id: int, *, now: datetime, seen: int | None = None) -> Forward:
    """An officer sends it, or sends again what LAPOR does not have. Conflict: it is there, or on its way."""
    case = case_of(work, case_id, seen)
    forward = work.forwards.get(case_id)
    if case.tracking_id is not None:
        raise Conflict(f"Laporan ini sudah ada di SP4N-LAPOR! dengan tracking ID {case.tracking_id}.")
    if not _may_leave(case):
        raise Conflict("Kasus ini sudah selesai atau dibatalkan, jadi tidak diteruskan lagi.")
    if invented(work.messages.get(case.message_id)):
        raise Conflict(NEVER_LEAVES)
    if forward is not None and forward.state is ForwardState.SENDING:
        raise Conflict("Laporan ini sedang dikirim. Tunggu jawaban SP4N-LAPOR!.")
    before = forward.state.value if forward else None
    if forward is None:
        forward = Forward(case_id=case_id, state=ForwardState.WAITING, since=now)
        work.forwards.add(forward)
    forward = replace(forward, state=ForwardState.WAITING, since=now, attempts=0, error=None)
    work.forwards.save(forward)
    put(work, case_id, now)
    _note(work, by_staff(staff), case, "forward_asked", now, before=before, after=forward.state)
    return forward


def hold(work: Work, who: Actor, case_id: int, why: str, *, now: datetime, own: bool = False) -> Forward:
    """Nobody sends it: the citizen objects, an officer says so, or (`own`) the citizen handed it in themselves."""
    case, forward = case_of(work, case_id), work.forwards.get(case_id)
    if case.tracking_id is not None or (forward is not None and forward.state is ForwardState.SENDING):
        raise Conflict("Laporan ini sudah dikirim ke SP4N-LAPOR!.")
    state = ForwardState.OWN if own else ForwardState.HELD
    before = forward.state.value if forward else None
    if forward is None:
        forward = Forward(case_id=case_id, state=state, since=now)
        work.forwards.add(forward)
    forward = replace(forward, state=state, error=why or None)
    work.forwards.save(forward)
    _note(work, who, case, "forward_held", now, before=before, after=state, why=why)
    return forward


def begin(work: Work, desk: Desk, job: Job, now: datetime) -> Begun | None:
    """Claimed: mark the row `sending` and say what to send; None when there is nothing (more) to do now."""
    case, forward = work.cases.get(int(job.body["case"])), work.forwards.get(int(job.body["case"]))
    if case is None or forward is None or forward.state not in (ForwardState.WAITING, ForwardState.SENDING):
        work.jobs.done(job)
        return None
    if invented(work.messages.get(case.message_id)):
        work.jobs.done(job)
        work.forwards.save(replace(forward, state=ForwardState.HELD, error=NEVER_LEAVES))
        return None
    filled = sheet(work, case, desk.office, desk.organisation)
    report = filled.report if forward.named else _unnamed(filled.report)
    if forward.state is ForwardState.SENDING:
        return Begun(replace(report, title=forward.title or report.title), (), case.created_at, lost=True)
    if not _may_leave(case):
        # Solved or voided here before it left: nothing to report any more, and the row says so.
        work.jobs.done(job)
        work.forwards.save(replace(forward, state=ForwardState.HELD, error="Kasusnya selesai sebelum dikirim."))
        return None
    files = [file for number, _ in filled.files if (file := work.messages.file(number)) is not None]
    if _on_their_way(work, case) and now - forward.since < FOR_FILES:
        work.jobs.retry(job, now + LOOK_AGAIN, "lampirannya masih diambil")
        return None
    tries = forward.attempts + 1
    begun = replace(forward, state=ForwardState.SENDING, attempts=tries, tried_at=now, title=report.title, error=None)
    work.forwards.save(begun)
    return Begun(report, files, case.created_at, again=forward.title == report.title)


def others(work: Work, report: Report) -> Others:
    """What is found in LAPOR under a title is ours only if it is no other report of ours: two citizens often report the
    same lamp in the same words."""
    rows = [row for row in work.forwards.titled(report.title) if row.case_id != report.case_id]
    there = [row for row in rows if row.complaint_id is not None]
    cases = [case for row in there if (case := work.cases.get(row.case_id)) is not None]
    ids = {row.complaint_id for row in there} | {case.tracking_id for case in cases}
    doubtful = any(row.complaint_id is None and row.state in TRIED for row in rows)
    return Others(frozenset(one for one in ids if one is not None), doubtful)


def with_files(report: Report, files: Sequence[OutgoingFile]) -> Report:
    """The same, with the bytes read from disk outside the transaction."""
    return replace(report, files=tuple(files))


def sent(work: Work, desk: Desk, job: Job, answer: Forwarded, now: datetime) -> None:
    """LAPOR has it. Recorded even when the lease was lost: we know, and the other owner does not."""
    work.jobs.done(job)
    case = work.cases.get(int(job.body["case"]))
    forward = work.forwards.get(int(job.body["case"]))
    if case is None or forward is None:
        return
    holder = work.forwards.by_complaint(answer.complaint_id)
    if holder is not None and holder.case_id != case.id:
        # The answer to another report came a second time. Recorded even when the row was settled meanwhile: it was not.
        if forward.complaint_id is None and forward.state is ForwardState.SENDING:
            theirs = work.cases.get(holder.case_id)
            why = TAKEN.format(id=answer.complaint_id, number=theirs.number if theirs else "-")
            _ends(work, case, forward, ForwardState.UNSURE, why, now)
        return
    settle(work, desk, MACHINE, case, answer, now)


def settle(work: Work, desk: Desk, who: Actor, case: Case, answer: Forwarded, now: datetime) -> Case:
    """The row knows LAPOR's id, the case its tracking id, the citizen is told, and news will be asked for."""
    forward = work.forwards.get(case.id) or Forward(case_id=case.id, state=ForwardState.SENT, since=now)
    work.forwards.add(forward)
    work.forwards.save(replace(forward, state=ForwardState.SENT, complaint_id=answer.complaint_id, error=None))
    if desk.office.lapor_way in BY_ITSELF:
        work.jobs.put(NEWS_QUEUE, {"case": case.id}, key=f"news:{case.id}", run_at=now + desk.office.lapor_poll)
    if case.tracking_id is not None:
        return case
    conversation = work.conversations.get(case.conversation_id)
    able = desk.ability(conversation.account, conversation.surface) if conversation else None
    tracking = answer.tracking_id or answer.complaint_id
    return arrived(work, who, case, tracking, answer.url, office=desk.office, capabilities=able, now=now)


def failed(work: Work, job: Job, error: Exception, now: datetime) -> timedelta | None:
    """What went wrong decides: wait and try again, or a person looks. Returns how long the whole queue should rest."""
    case, forward = work.cases.get(int(job.body["case"])), work.forwards.get(int(job.body["case"]))
    if case is None or forward is None or forward.state is not ForwardState.SENDING:
        work.jobs.done(job)
        return None
    if isinstance(error, AccountBroken):
        # The key is at fault, so for the report this was no attempt.
        if work.jobs.release(job):
            back = replace(
                forward, state=ForwardState.WAITING, attempts=max(0, forward.attempts - 1), error=error.reason
            )
            work.forwards.save(back)
        return REST
    if isinstance(error, TryLater) and now - forward.since < GIVE_UP:
        wait = error.after or (FIRST_WAIT if forward.attempts < 2 else NEXT_WAIT)
        if work.jobs.retry(job, now + wait, error.reason):
            work.forwards.save(replace(forward, state=ForwardState.WAITING, error=error.reason))
        return None
    if not work.jobs.done(job):
        return None
    if isinstance(error, TryLater):
        _ends(work, case, forward, ForwardState.FAILED, f"Tidak berhasil dikirim selama sehari: {error.reason}", now)
    elif isinstance(error, Refused):
        _ends(work, case, forward, ForwardState.FAILED, error.reason, now)
    else:
        # Unsure, or a fault of ours after the claim: nobody can say whether bytes left.
        _ends(work, case, forward, ForwardState.UNSURE, error.reason if isinstance(error, Unsure) else CUT_OFF, now)
    return None


def _ends(work: Work, case: Case, forward: Forward, state: ForwardState, why: str, now: datetime) -> None:
    work.forwards.save(replace(forward, state=state, error=why))
    verb = "forward_unsure" if state is ForwardState.UNSURE else "forward_failed"
    _note(work, MACHINE, case, verb, now, before=forward.state.value, after=state, why=why)


def put(work: Work, case_id: int, now: datetime) -> None:
    work.jobs.put(QUEUE, {"case": case_id}, key=key(case_id), run_at=now)
    work.ring(QUEUE)


def _may_leave(case: Case) -> bool:
    return case.queue is Queue.LAPOR and case.state is CaseState.OPEN and case.tracking_id is None


def _on_their_way(work: Work, case: Case) -> bool:
    message = work.messages.get(case.message_id)
    return message is not None and any(file.state is FileState.WAITING for file in message.files)


def _unnamed(report: Report) -> Report:
    return replace(report, reporter_name=None, reporter_phone=None, reporter_mail=None)


def _note(
    work: Work,
    who: Actor,
    case: Case,
    verb: str,
    now: datetime,
    *,
    before: str | None,
    after: ForwardState,
    why: str | None = None,
) -> None:
    where = case.conversation_id
    work.note(who, verb, "case", case.id, at=now, conversation_id=where, before=before, after=after.value, why=why)
