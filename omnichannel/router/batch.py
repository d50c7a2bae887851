"""Everything that waits for SP4N-LAPOR! as rows of one file: new reports, and answers to reports that it gave to us."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from omnichannel.domain.case import Case, CaseState, Queue
from omnichannel.domain.errors import NotFound
from omnichannel.domain.forwarding import Forward, ForwardState, News
from omnichannel.domain.message import Delivery
from omnichannel.domain.people import Staff
from omnichannel.domain.samples import invented
from omnichannel.domain.scrub import scrub
from omnichannel.domain.work import Direction, Message, Work
from omnichannel.router.desk import Desk, by_staff, case_of
from omnichannel.router.sheet import sheet

# The form's own words, in its order; an import knows its own file again by the first two.
HEADS = (
    "Nomor kami", "Tracking ID", "Jenis baris", "Klasifikasi", "Judul", "Isi laporan", "Tanggal kejadian", "Lokasi kejadian",
    "Instansi tujuan", "Kategori", "Anonim", "Rahasia", "Nama pelapor", "Telepon", "Surel", "Lampiran",
)  # fmt: skip
WIDTHS = (18, 14, 14, 14, 40, 70, 14, 28, 34, 30, 8, 8, 22, 18, 24, 9)
NEW, ANSWER = "Laporan baru", "Tanggapan"
MOST = 1000
THREAD = 100
WAITS = (ForwardState.WAITING, ForwardState.FAILED, ForwardState.UNSURE)
GONE = (Delivery.SENT, Delivery.DELIVERED, Delivery.READ)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an officer wrote to a report from LAPOR and nobody has keyed in there yet."""

    case: Case
    message: Message


def rows(work: Work, desk: Desk) -> list[tuple[str, ...]]:
    """Below HEADS. Nobody's identity but that of a citizen who chose to be named."""
    return [*_reports(work, desk), *(_answer(one, desk) for one in answers(work))]


def _reports(work: Work, desk: Desk) -> Iterator[tuple[str, ...]]:
    for case in work.cases.in_state(Queue.LAPOR, (CaseState.OPEN,), MOST):
        forward = work.forwards.get(case.id)
        waits = case.tracking_id is None and case.certain and (forward is None or forward.state in WAITS)
        if waits and not invented(work.messages.get(case.message_id)):
            yield _report(work, desk, case, forward)


def _report(work: Work, desk: Desk, case: Case, forward: Forward | None) -> tuple[str, ...]:
    filled = sheet(work, case, desk.office, desk.organisation)
    told = {key: value for key, _, value in filled.fields}
    named = {key: value for key, _, value in filled.identity} if forward is not None and forward.named else {}
    return (
        case.number, "", NEW, told["classification"], told["title"], told["content"], told["date_of_incident"], told["location"],
        told["institution"], told["category"], _yes(case.anonymous), _yes(case.secret), named.get("name", ""), named.get("phone", ""),
        named.get("email", ""), str(len(filled.files) or ""),
    )  # fmt: skip


def _answer(one: Answer, desk: Desk) -> tuple[str, ...]:
    said = (one.case.number, one.case.tracking_id or "", ANSWER, "", one.case.title, scrub(one.message.text))
    return (*said, *[""] * (len(HEADS) - len(said)))


def answers(work: Work) -> list[Answer]:
    """Oldest first."""
    found: list[Answer] = []
    for forward in work.forwards.in_state(ForwardState.RECEIVED):
        case = work.cases.get(forward.case_id)
        if case is None or case.state is CaseState.VOIDED:
            continue
        keyed = {one.external_id for one in work.forwards.news(case.id) if one.ours}
        said = work.messages.thread(case.conversation_id, limit=THREAD)
        found += [Answer(case, one) for one in said if _to_key(one) and _name(one) not in keyed]
    return sorted(found, key=lambda one: one.message.id)


def keyed(work: Work, staff: Staff, case_id: int, message_id: int, *, now: datetime) -> Case:
    """An officer has keyed the answer in. Saying so twice changes nothing. NotFound: no answer of that report."""
    case, message = case_of(work, case_id), work.messages.get(message_id)
    forward = work.forwards.get(case_id)
    if forward is None or message is None or message.conversation_id != case.conversation_id or not _to_key(message):
        raise NotFound("Jawaban itu tidak ada pada laporan ini.")
    said = News(_name(message), now, None, None, message.text)
    if work.forwards.hear(case_id, said, now, ours=True):
        where = case.conversation_id
        work.note(by_staff(staff), "lapor_replied", "case", case_id, at=now, conversation_id=where)
    if not case.state.running and all(one.case.id != case_id for one in answers(work)):
        # Nothing is to be keyed in any more, so it leaves the list that is looked through.
        work.forwards.save(replace(forward, state=ForwardState.SENT))
    return case


def _to_key(message: Message) -> bool:
    return message.direction is Direction.OUT and not message.automatic and message.delivery in GONE


def _name(message: Message) -> str:
    return f"ours:{message.id}"


def _yes(on: bool) -> str:
    return "Ya" if on else "Tidak"
