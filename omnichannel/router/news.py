"""What SP4N-LAPOR! tells of a report: kept as history, shown to staff, told to the citizen in plain words.

LAPOR tells things late, twice and out of order: whatever was heard before is nothing new, and a status that stands
earlier in a report's life than the one we know moves nothing back.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from omnichannel.domain.case import Case, CaseState
from omnichannel.domain.forwarding import ForwardState, News
from omnichannel.domain.ports import NewsBatch
from omnichannel.domain.work import Actor, Job, Work
from omnichannel.router.desk import Desk
from omnichannel.router.forward import NEWS_QUEUE
from omnichannel.router.lapor import with_status
from omnichannel.router.standing import show_nearest
from omnichannel.router.tell import tell

LAPOR = Actor("platform:lapor", "SP4N-LAPOR!")
# How far a report has come, as the partner API and the admin guide name its states.
RANK = {
    "belum terverifikasi": 0, "terverifikasi": 1, "sudah terverifikasi": 1, "dalam proses": 2, "ditunda": 2,
    "bukan wewenang": 2, "selesai": 3, "diarsipkan": 3, "ditolak": 3,
}  # fmt: skip
ENDED = 3
FINISHED_AT_LAPOR = frozenset(name for name, rank in RANK.items() if rank == ENDED)


def heard(work: Work, desk: Desk, case_id: int, batch: NewsBatch, now: datetime) -> list[News]:
    """Keep what is new, move the case forward, tell the citizen once for the whole batch; returns what was new."""
    case, forward = work.cases.get(case_id), work.forwards.get(case_id)
    if case is None or forward is None:
        return []
    spoken = {one.text for one in work.forwards.news(case_id) if one.ours}
    fresh: list[News] = []
    for news in batch.news:
        late = _moves_back(case, news.status_name)
        ours = bool(news.text) and news.text in spoken
        if not work.forwards.hear(case_id, news, now, ours=ours, late=late) or ours:
            continue
        moved = not late and news.status_name not in (None, case.lapor_status)
        if moved or news.text:
            fresh.append(news if moved else replace(news, status_name=None))
        if not late:
            case = _moved(work, case, news, now)
    work.forwards.save(replace(forward, cursor=batch.cursor, checked_at=now))
    if fresh and forward.state is ForwardState.SENT:
        _tell(work, desk, case, fresh, now)
    return fresh


def ask_again(work: Work, desk: Desk, job: Job, now: datetime) -> None:
    """News is asked for as long as the report lives; what ended is looked at once a day, for LAPOR may open it again."""
    case = work.cases.get(int(job.body["case"]))
    if not work.jobs.done(job) or case is None or case.state is CaseState.VOIDED:
        return
    pause = desk.office.lapor_poll if case.state.running else max(desk.office.lapor_poll * 24, desk.office.lapor_poll)
    if case.state is not CaseState.CLOSED:
        work.jobs.put(NEWS_QUEUE, dict(job.body), key=f"news:{case.id}", run_at=now + pause)


def rank(status: str | None) -> int | None:
    """None for a status that nobody has told us of before: then it is taken as it comes."""
    return RANK.get((status or "").strip().casefold())


def _moves_back(case: Case, status: str | None) -> bool:
    new, old = rank(status), rank(case.lapor_status)
    return new is not None and old is not None and new < old


def _moved(work: Work, case: Case, news: News, now: datetime) -> Case:
    """The case with its new status, noted with who said so; a case that is over here only keeps the history."""
    before = case.lapor_status
    if (
        news.status_name
        and news.status_name != before
        and case.state in (CaseState.OPEN, CaseState.FORWARDED, CaseState.ANSWERED)
    ):
        case = work.cases.save(case, with_status(case, news.status_name, now))
        show_nearest(work, case.conversation_id)
    elif not news.text:
        return case
    work.note(
        LAPOR,
        "lapor_status",
        "case",
        case.id,
        at=now,
        conversation_id=case.conversation_id,
        before=before,
        after=news.status_name or before,
        why=news.text or None,
    )
    return case


def _tell(work: Work, desk: Desk, case: Case, fresh: Sequence[News], now: datetime) -> None:
    """One message for all of it: the status where it stands now, then what was written, oldest first."""
    said = [f"{one.institution}: {one.text}" if one.institution else one.text for one in fresh if one.text]
    files = sum(len(one.attachments) for one in fresh)
    if files:
        said.append(f"({files} lampiran dapat dilihat di SP4N-LAPOR!)")
    conversation = work.conversations.get(case.conversation_id)
    able = desk.ability(conversation.account, conversation.surface) if conversation else None
    status = case.lapor_status or "sedang diproses"
    text = desk.office.notice(
        "kabar_lapor", nomor=case.number, tracking=case.tracking_id or "-", status=status, kabar="\n".join(said)
    )
    tell(work, desk.office, case, text, key=f"kabar:{case.id}:{fresh[-1].id}", capabilities=able, now=now)
