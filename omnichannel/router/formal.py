"""The formal request grows beside its case: filled in by citizen or staff, asked for by a link, its clock kept right."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from omnichannel.domain.case import Case, Kind
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.forms import ACCESS, APPLICANTS, DELIVERY
from omnichannel.domain.letter import ReceiptAt
from omnichannel.domain.people import Staff
from omnichannel.domain.ppid import NIK, Lack, Paper, PaperKind, Request, Wait, lacking, listed
from omnichannel.domain.ppid_clock import Move, count, extended
from omnichannel.domain.ppid_first import first_words
from omnichannel.domain.work import Actor, Work
from omnichannel.router import doorkey, receipts
from omnichannel.router.desk import Desk, by_staff, case_of, conversation_of
from omnichannel.router.standing import show_nearest
from omnichannel.router.tell import in_words, tell

FILLED = (
    "applicant", "name", "identity", "address", "job", "phone", "mail", "deed", "details", "purpose", "access",
    "delivery",
)  # fmt: skip
LINE, TEXT = 300, 10_000  # characters
LONG = ("details", "purpose")
CHOICES: Mapping[str, Mapping[str, str]] = {"applicant": APPLICANTS, "access": ACCESS, "delivery": DELIVERY}
BATCH = 200
IN_PUBLIC = "Tautan isian hanya dikirim lewat pesan pribadi. Ajak warga menulis lewat pesan langsung, atau isi sendiri."


def asked_for(work: Work, case_id: int, seen: int | None = None) -> Case:
    """The case, which must be a request for information."""
    case = case_of(work, case_id, seen)
    if case.kind is not Kind.INFORMATION_REQUEST:
        raise Invalid(f"{case.number} bukan permohonan informasi.")
    return case


def request_of(work: Work, case: Case) -> Request:
    """The formal request; before anything was filled in, what the citizen's own message says."""
    found = work.requests.get(case.id)
    if found is not None:
        return found
    return first_words(case, work.messages.get(case.message_id), work.contacts.get(case.contact_id))


def lacks_of(work: Work, case: Case) -> tuple[Lack, ...]:
    """What still lacks."""
    return lacking(request_of(work, case), work.requests.papers(case.id))


def fill(
    work: Work,
    desk: Desk,
    case_id: int,
    given: Mapping[str, str],
    who: Actor,
    *,
    now: datetime,
    seen: int | None = None,
) -> Request:
    """Write what was filled in; whatever `given` does not name stays. Conflict: somebody filled in since (`seen` is the
    version of the request). Invalid: a value that is none."""
    case = asked_for(work, case_id)
    before = request_of(work, case)
    if seen is not None and before.version != seen:
        raise Conflict("Isian ini berubah sejak Anda membuka halaman. Muat ulang, lalu isi lagi.")
    changed: dict[str, Any] = {name: value for name, value in clean(given).items() if getattr(before, name) != value}
    after = replace(before, **changed)
    saved = _settled(work, desk, case, before, after, now)
    if changed:
        _note(work, case, who, "request_filled", now, after=", ".join(sorted(changed)))
    return saved


def clean(given: Mapping[str, str]) -> dict[str, str]:
    """The known fields, tidied. Invalid for a choice that is none and for an identity number that cannot be one."""
    found = {}
    for name in FILLED:
        if name not in given:
            continue
        value = given[name].strip() if name in LONG else " ".join(given[name].split())
        if len(value) > (TEXT if name in LONG else LINE):
            raise Invalid("Isiannya terlalu panjang. Ringkas, atau lampirkan sebagai berkas.")
        if value and name in CHOICES and value not in CHOICES[name]:
            raise Invalid("Pilih salah satu dari daftar.")
        found[name] = value
    number = found.get("identity", "")
    digits = number.replace(" ", "").replace(".", "")
    if digits.isdigit() and len(digits) > 9:
        # A passport is letters and digits; what is all digits and as long as this is meant for a NIK.
        if not NIK.fullmatch(digits):
            raise Invalid("NIK terdiri atas 16 angka. Periksa lagi, atau kirim foto KTP saja.")
        found["identity"] = digits
    return found


def add_papers(
    work: Work,
    desk: Desk,
    case_id: int,
    papers: Iterable[tuple[PaperKind, Mapping[str, object]]],
    who: Actor,
    now: datetime,
) -> list[Paper]:
    """Files that prove something: each as the disk describes it (name, media_type, size, sha256)."""
    case = asked_for(work, case_id)
    before = request_of(work, case)
    added = [
        work.requests.add_paper(
            case.id, kind, str(one["name"]), str(one["media_type"]), int(str(one["size"])), str(one["sha256"]), now
        )
        for kind, one in papers
    ]
    if added:
        kinds = ", ".join(sorted({paper.kind.value for paper in added}))
        _note(work, case, who, "papers_added", now, after=kinds)
        _settled(work, desk, case, before, before, now)
    return added


def fault_paper(work: Work, desk: Desk, staff: Staff, paper_id: int, fault: str, *, now: datetime) -> Request:
    """Staff cannot use this paper (an unreadable photo), or can after all (an empty `fault`). The citizen is asked anew
    by `ask`; the number and the day of receipt stand."""
    paper = work.requests.paper(paper_id)
    if paper is None:
        raise NotFound("Berkas itu tidak ada.")
    case = asked_for(work, paper.case_id)
    before = request_of(work, case)
    words = " ".join(fault.split())[:LINE]
    work.requests.set_fault(paper.id, words)
    saved = _settled(work, desk, case, before, before, now)
    _note(work, case, by_staff(staff), "paper_faulted" if words else "paper_accepted", now, after=paper.name, why=words)
    return saved


def ask(work: Work, desk: Desk, case_id: int, who: Actor, *, now: datetime) -> str:
    """Send the citizen a link to what still lacks, on their own channel; returns the link's address.

    Invalid: nothing lacks, or the talk is public, where anybody could follow the link.
    """
    case = asked_for(work, case_id)
    if not case.state.running:
        raise Invalid(f"{case.number} sudah selesai; tidak ada yang perlu dilengkapi.")
    lacks = lacks_of(work, case)
    if not lacks:
        raise Invalid("Permohonan ini sudah lengkap.")
    conversation = conversation_of(work, case.conversation_id)
    if conversation.surface is Surface.PUBLIC:
        raise Invalid(IN_PUBLIC)
    before = request_of(work, case)
    token, link = doorkey.for_citizen(work, desk, case, who, now)
    after = before if before.waiting else replace(before, waits=(*before.waits, Wait(asked_at=now)))
    _settled(work, desk, case, before, after, now)
    address = doorkey.address(desk, token)
    text = desk.office.notice(
        "lengkapi",
        nomor=case.number,
        kurang=listed(lacks, work.requests.papers(case.id)),
        tautan=address,
        sampai=in_words(desk.clocks.calendar.day(link.expires_at)),
    )
    _tell(work, desk, conversation, case, text, f"lengkapi:{link.id}", now)
    _note(work, case, who, "completion_asked", now, after=", ".join(lacks))
    return address


def ask_at_once(work: Work, desk: Desk, case: Case, who: Actor, now: datetime) -> None:
    """Right after the number: only where the kind is certain and the talk is private, and only what the office wants."""
    receipts.plan(work, desk, case, ReceiptAt.RECEIVED, now)
    conversation = conversation_of(work, case.conversation_id)
    private = conversation.surface is Surface.DIRECT
    if desk.office.ppid.ask_at_once and case.certain and private and not work.errands.links(case.id):
        if lacks_of(work, case):
            ask(work, desk, case.id, who, now=now)
        else:
            before = request_of(work, case)
            _settled(work, desk, case, before, before, now)


def extend(work: Work, desk: Desk, staff: Staff, case_id: int, reason: str, *, now: datetime, seen: int) -> Case:
    """Seven working days more, once, with its reason told to the citizen in writing (UU 14/2008, Pasal 22 ayat (8))."""
    case = asked_for(work, case_id, seen)
    if not case.state.running:
        raise Conflict(f"{case.number} sudah selesai; tidak ada yang perlu diperpanjang.")
    before = request_of(work, case)
    after = extended(before, reason, desk.clocks, desk.office.ppid, now)
    _settled(work, desk, case, before, after, now)
    case = case_of(work, case_id)
    _note(work, case, by_staff(staff), "extended", now, after=case.due.isoformat(), why=after.extension_reason)
    conversation = conversation_of(work, case.conversation_id)
    text = desk.office.notice(
        "perpanjangan",
        nomor=case.number,
        batas=in_words(case.due),
        alasan=after.extension_reason,
        kantor=desk.office.name,
    )
    _tell(work, desk, conversation, case, text, f"perpanjangan:{case.id}", now)
    return case


def recount(work: Work, desk: Desk, case: Case, now: datetime, why: str | None = None) -> Move | None:
    """Lay this request's clock on the calendar as it is today. None: nothing moved."""
    request = request_of(work, case)
    counted = count(request, desk.clocks, desk.office.ppid, now)
    clocks = counted.as_json()
    if (case.due, case.clocks, case.calendar_version) == (counted.due, clocks, counted.calendar_version):
        return None
    after = replace(
        case,
        due=counted.due,
        provisional=counted.provisional,
        calendar_version=counted.calendar_version,
        clocks=clocks,
    )
    work.cases.save(case, after)
    if case.due == counted.due:
        return None
    where = case.conversation_id
    work.note(
        Actor("machine:clock", "Jam"),
        "due_moved",
        "case",
        case.id,
        at=now,
        conversation_id=where,
        before=case.due.isoformat(),
        after=counted.due.isoformat(),
        why=why,
    )
    show_nearest(work, where)
    return Move(case_id=case.id, number=case.number, before=case.due, after=counted.due)


def recount_batch(work: Work, desk: Desk, after_id: int, now: datetime, why: str) -> tuple[list[Move], int | None]:
    """The next running requests whose calendar changed or who wait; with the id to go on from, None at the end."""
    cases = work.requests.running(after_id, BATCH)
    version = desk.clocks.calendar.version
    moves = []
    for case in cases:
        request = work.requests.get(case.id)
        waiting = request is not None and request.waiting is not None
        if case.calendar_version != version or waiting:
            move = recount(work, desk, case, now, why)
            moves += [move] if move else []
    return moves, cases[-1].id if len(cases) == BATCH else None


def _settled(work: Work, desk: Desk, case: Case, before: Request, after: Request, now: datetime) -> Request:
    """Save, with what follows: whether it is complete now, whether anybody still waits, and where the clock stands."""
    complete = not lacking(after, work.requests.papers(case.id))
    if complete:
        waits = tuple(one if one.answered_at else replace(one, answered_at=now) for one in after.waits)
        after = replace(after, complete_at=after.complete_at or now, waits=waits)
    else:
        after = replace(after, complete_at=None)
    newly = complete and before.complete_at is None
    saved = before if after == before and before.version else work.requests.save(before, after)
    if newly:
        _note(work, case, Actor("machine:ppid", "Sistem"), "request_complete", now)
        receipts.plan(work, desk, case, ReceiptAt.COMPLETE, now)
    if case.state.running:
        recount(work, desk, case_of(work, case.id), now)
    return saved


def _tell(work: Work, desk: Desk, conversation: Conversation, case: Case, text: str, key: str, now: datetime) -> None:
    able = desk.ability(conversation.account, conversation.surface)
    tell(work, desk.office, case, text, key=key, capabilities=able, now=now)


def _note(
    work: Work,
    case: Case,
    who: Actor,
    verb: str,
    now: datetime,
    *,
    after: str | None = None,
    why: str | None = None,
) -> None:
    work.note(who, verb, "case", case.id, at=now, conversation_id=case.conversation_id, after=after, why=why or None)
