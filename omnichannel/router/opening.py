"""A case is opened: its number, its clock, and the citizen's receipt."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from omnichannel.domain import stated
from omnichannel.domain.case import QUEUE_OF, Case, CaseState, Kind, Queue
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid
from omnichannel.domain.forwarding import Forward, ForwardState
from omnichannel.domain.privacy import mask
from omnichannel.domain.tracking import HELD, case_code, office_secret
from omnichannel.domain.work import MACHINE, Actor, Message, Work
from omnichannel.router.decide import supervision
from omnichannel.router.desk import Desk, case_of
from omnichannel.router.formal import ask_at_once
from omnichannel.router.standing import show_nearest
from omnichannel.router.tell import in_words, tell, track_link

TITLE = 90
UNSURE = "perlu dipastikan"
GIVEN_TO_US = "Terverifikasi"  # what LAPOR calls a report that it has passed to its agency
RECEIPT = {
    Kind.INFORMATION_REQUEST: "terima_permohonan",
    Kind.COMPLAINT: "terima_pengaduan",
    Kind.ASPIRATION: "terima_aspirasi",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a new case is about, whoever decided it: the machine's verdict or a person."""

    kind: Kind
    topic: str
    unit: str | None
    kecamatan: str | None
    desa: str | None
    certain: bool
    confidence: float
    reasons: list[dict[str, Any]]


def open_case(
    work: Work,
    desk: Desk,
    conversation: Conversation,
    message: Message,
    matter: Matter,
    now: datetime,
    *,
    actor: Actor,
    received_at: datetime | None = None,
) -> Case:
    """A numbered case whose clock starts at the citizen's message, and the receipt with its number.

    The number's year is that of the receipt in the office's own zone: 23.30 UTC on 31 December is next year in WITA.
    """
    if matter.kind not in RECEIPT:
        raise Invalid("Percakapan biasa tidak mendapat nomor register.")
    received = received_at or message.sent_at
    watched = supervision(matter.kind, matter.topic)
    deadlines = desk.clocks.for_case(matter.kind.value, received, supervision=watched)
    queue = QUEUE_OF[matter.kind]
    year = received.astimezone(desk.office.zone).year
    sequence = work.cases.next_number(queue, year)
    case = work.cases.add(
        conversation_id=conversation.id,
        message_id=message.id,
        contact_id=message.contact_id or conversation.contact_id,
        kind=matter.kind,
        queue=queue,
        number=desk.office.number(queue, year, sequence),
        year=year,
        sequence=sequence,
        topic=matter.topic,
        unit=matter.unit,
        kecamatan=matter.kecamatan,
        desa=matter.desa,
        received_at=received,
        created_at=now,
        due=deadlines.due,
        provisional=deadlines.provisional,
        calendar_version=deadlines.calendar_version,
        clocks=deadlines.as_json(),
        certain=matter.certain,
        confidence=matter.confidence,
        reasons=matter.reasons,
        title=title_of(message),
    )
    said = stated.of(work, message)
    if watched or said.anonymous or said.secret:
        unnamed, closed = watched or said.anonymous, watched or said.secret
        case = work.cases.save(case, replace(case, anonymous=unnamed, secret=closed))
    if said.tracking is not None:
        case = _from_lapor(work, case, said.tracking)
    why = None if matter.certain else UNSURE
    where = conversation.id
    work.note(actor, "case_opened", "case", case.id, at=now, conversation_id=where, after=case.number, why=why)
    show_nearest(work, conversation.id)
    _acknowledge(work, desk, conversation, case, now)
    if case.kind is Kind.INFORMATION_REQUEST:
        ask_at_once(work, desk, case, MACHINE, now)
        case = case_of(work, case.id)
    return case


def _from_lapor(work: Work, case: Case, tracking: str) -> Case:
    """It lies in LAPOR already, so nothing forwards it there; it is ours to answer from the day on which it was written."""
    state = CaseState.FORWARDED if case.queue is Queue.LAPOR else case.state
    case = work.cases.save(
        case,
        replace(case, tracking_id=tracking, lapor_status=GIVEN_TO_US, lapor_at=case.received_at, state=state),
    )
    received = Forward(case_id=case.id, state=ForwardState.RECEIVED, since=case.received_at, complaint_id=tracking)
    work.forwards.add(received)
    return case


def retouch(work: Work, desk: Desk, case: Case, topic: str, unit: str | None) -> Case:
    """A person put topic or unit right. Whether officials are complained about changes the clock and who may know:
    14 working days or 60, open or secret."""
    after = replace(case, topic=topic, unit=unit, certain=True, confidence=1.0)
    watched = supervision(case.kind, topic)
    if watched is not supervision(case.kind, case.topic):
        deadlines = desk.clocks.for_case(case.kind.value, case.received_at, supervision=watched)
        message = work.messages.get(case.message_id)
        said = stated.of(work, message) if message is not None else stated.Stated()
        after = replace(
            after,
            due=deadlines.due,
            provisional=deadlines.provisional,
            calendar_version=deadlines.calendar_version,
            clocks=deadlines.as_json(),
            anonymous=watched or said.anonymous,
            secret=watched or said.secret,
        )
    return work.cases.save(case, after)


def title_of(message: Message, limit: int = TITLE) -> str:
    """One line for registers and boards. Masked before it is cut: half an identity number is seen by no mask."""
    line = " ".join(mask(message.subject or message.text).split()) or "Pesan tanpa teks"
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _acknowledge(work: Work, desk: Desk, conversation: Conversation, case: Case, now: datetime) -> None:
    text = desk.office.notice(RECEIPT[case.kind], nomor=case.number, batas=in_words(case.due), kantor=desk.office.name)
    text += _how_to_ask(work, desk, case)
    able = desk.ability(conversation.account, conversation.surface)
    tell(work, desk.office, case, text, key=f"ack:{case.id}", capabilities=able, now=now)


def _how_to_ask(work: Work, desk: Desk, case: Case) -> str:
    """The code goes where only its citizen reads it (`tell` sees to that); whoever used a form holds one already."""
    contact = work.contacts.get(case.contact_id)
    if contact is None or contact.external_id.startswith(HELD):
        return ""
    code = case_code(office_secret(work), case.number)
    return "\n" + desk.office.notice("lacak", nomor=case.number, kode=code, tautan=track_link(desk.office, case.number))
