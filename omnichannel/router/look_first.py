"""First look into the list of public information: what is open already is offered by its address, and counts as answered
once the citizen accepts (UU 14/2008, Pasal 22 ayat (7) asks for the information, not for a delay)."""

from dataclasses import replace
from datetime import datetime

from omnichannel.domain.case import Case, Outcome
from omnichannel.domain.dip import Item
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.people import Staff
from omnichannel.domain.ppid_decision import Ruling
from omnichannel.domain.work import Actor, Message, Work
from omnichannel.router import ruling
from omnichannel.router.desk import Desk, by_staff, conversation_of
from omnichannel.router.formal import asked_for, request_of
from omnichannel.router.tell import tell

ACCEPTED = frozenset({"sudah cukup", "sudah cukup terima kasih", "sudah cukup, terima kasih", "cukup", "sudah, cukup"})


def offer(work: Work, desk: Desk, staff: Staff, case_id: int, item_id: int, *, now: datetime) -> Case:
    """Send the citizen the address of an item. The request stays open and its clock runs on until they accept."""
    case, item = asked_for(work, case_id), work.catalogue.get(item_id)
    if item is None or item.removed_at is not None or not item.public:
        raise NotFound("Informasi itu tidak ada di daftar informasi publik.")
    if not case.state.running:
        raise Conflict(f"{case.number} sudah selesai; tidak ada yang perlu ditawarkan.")
    before = request_of(work, case)
    offered = replace(before, offered_item=item.id, offered_by=staff.id, offered_at=now)
    work.requests.save(before, offered)
    note(work, case, by_staff(staff), "item_offered", now, item.title)
    conversation = conversation_of(work, case.conversation_id)
    text = desk.office.notice("sudah_tersedia", nomor=case.number, judul=item.title, tautan=address(desk, item))
    able = desk.ability(conversation.account, conversation.surface)
    tell(work, desk.office, case, text, key=f"tawaran:{case.id}:{item.id}", capabilities=able, now=now)
    return case


def accept(work: Work, desk: Desk, case_id: int, who: Actor, *, now: datetime) -> Case:
    """It was what they wanted: the request is answered, with the item as its answer."""
    case = asked_for(work, case_id)
    request = request_of(work, case)
    item = work.catalogue.get(request.offered_item) if request.offered_item is not None else None
    staff = work.people.get(request.offered_by) if request.offered_by is not None else None
    if item is None or staff is None:
        raise Invalid("Belum ada informasi yang ditawarkan kepada pemohon.")
    if not case.state.running:
        return case
    note(work, case, who, "item_accepted", now, item.title)
    given = Ruling(
        outcome=Outcome.GRANTED,
        reason=f"Informasi sudah tersedia untuk umum: {item.title} ({address(desk, item)}).",
        medium="softcopy",
    )
    # What is public needs no second person to approve it.
    plain = replace(desk, office=replace(desk.office, ppid=replace(desk.office.ppid, approval=False)))
    ruling.decide(work, plain, staff, case.id, given, now=now, seen=case.version)
    return asked_for(work, case_id)


def accepted_by_contact(work: Work, desk: Desk, message: Message, now: datetime) -> Case | None:
    """SUDAH CUKUP, by the citizen who was offered something: their own words end their request."""
    if " ".join(message.text.casefold().strip(" .!").split()) not in ACCEPTED:
        return None
    for case in work.cases.of_conversation(message.conversation_id):
        request = work.requests.get(case.id) if case.state.running else None
        mine = message.contact_id is None or message.contact_id == case.contact_id
        if request is not None and request.offered_item is not None and mine:
            return accept(work, desk, case.id, Actor(f"citizen:{case.contact_id}", "Pemohon"), now=now)
    return None


def address(desk: Desk, item: Item) -> str:
    """Where the public finds it: its own address, else its place in our list."""
    if item.url.startswith("/"):
        return f"{desk.office.public_url}{item.url}"
    return item.url or f"{desk.office.public_url}/publik/dip/{item.id}"


def note(work: Work, case: Case, who: Actor, verb: str, now: datetime, after: str) -> None:
    """A line of the case's history."""
    work.note(who, verb, "case", case.id, at=now, conversation_id=case.conversation_id, after=after)
