"""An objection is filed, answered by the PPID's superior, and may go on to the Komisi Informasi (UU 14/2008, Pasal 35 to 37)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from omnichannel.domain.case import Case
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.objection import (
    VERDICTS,
    Objection,
    ObjectionState,
    Verdict,
    dispute_window,
    filing_window,
    reason_found,
)
from omnichannel.domain.people import Staff
from omnichannel.domain.ppid_clock import Move
from omnichannel.domain.work import Actor, Work
from omnichannel.router.desk import Desk, by_staff
from omnichannel.router.formal import asked_for
from omnichannel.router.tell import in_words, tell

SHORTEST, LONGEST = 10, 10_000
ALL = 10_000  # open objections; more than any superior has
OTHERS = "Keberatan ini berubah sejak Anda membuka halaman. Muat ulang, lalu putuskan lagi."


def file(
    work: Work,
    desk: Desk,
    case_id: int,
    grounds: Sequence[str],
    story: str,
    who: Actor,
    *,
    now: datetime,
    proxy: str = "",
    received_at: datetime | None = None,
) -> Objection:
    """Put it into its register, in time or not, and tell the applicant what follows.

    An objection out of time gets its number too, and the law's answer. Invalid: no ground, no reason yet, or one that
    still runs already.
    """
    case = asked_for(work, case_id)
    words = story.strip()
    if len(words) < SHORTEST:
        raise Invalid("Ceritakan dulu keberatannya, paling sedikit satu kalimat.")
    if len(words) > LONGEST:
        raise Invalid("Uraiannya terlalu panjang: paling banyak 10.000 huruf.")
    for earlier in work.objections.of_case(case.id):
        if earlier.state is ObjectionState.OPEN:
            raise Conflict(f"Keberatan atas permohonan ini sudah tercatat dengan nomor {earlier.number}.")
    received, clocks = received_at or now, desk.clocks
    today, letters = clocks.calendar.day(received), tuple(dict.fromkeys(grounds))
    found = reason_found(case, letters, clocks, today)
    window = filing_window(found, clocks)
    counted = clocks.for_case("objection", received)
    year = received.astimezone(desk.office.zone).year
    sequence = work.objections.next_number(year)
    made = Objection(
        id=0,
        case_id=case.id,
        number=desk.office.ppid.objection_number.format(year=year, n=sequence),
        state=ObjectionState.TOO_LATE if today > window.due else ObjectionState.OPEN,
        grounds=letters,
        story=words,
        proxy=" ".join(proxy.split())[:200],
        received_at=received,
        found_on=found,
        due=counted.due,
        provisional=counted.provisional,
        calendar_version=counted.calendar_version,
        clocks=counted.as_json() | {"filing": window.as_json()},
    )
    objection = work.objections.add(made, year, sequence)
    late = objection.state is ObjectionState.TOO_LATE
    verb = "objection_late" if late else "objection_filed"
    _note(work, case, who, verb, now, after=objection.number, why=", ".join(letters))
    _tell_filed(work, desk, case, objection, now)
    return objection


def answer(
    work: Work,
    desk: Desk,
    staff: Staff,
    objection_id: int,
    verdict: Verdict,
    text: str,
    *,
    superior: str,
    post: str,
    now: datetime,
    seen: int,
) -> Objection:
    """The superior's written answer, with the way to the Komisi Informasi told to the applicant."""
    before = objection_of(work, objection_id, seen)
    if before.state is not ObjectionState.OPEN:
        raise Conflict(f"{before.number} sudah tidak menunggu tanggapan.")
    words, name = text.strip(), " ".join(superior.split())
    if len(words) < SHORTEST:
        raise Invalid("Tulis tanggapan atasan PPID beserta alasannya (UU 14/2008 Pasal 36 ayat (2)).")
    if not name:
        raise Invalid("Tulis nama atasan PPID yang menanggapi.")
    answered = replace(
        before,
        state=ObjectionState.ANSWERED,
        verdict=verdict,
        answer=words,
        superior=name,
        superior_post=" ".join(post.split()) or desk.office.ppid.superior,
        answered_at=now,
    )
    window = dispute_window(answered, desk.clocks)
    after = work.objections.save(before, replace(answered, dispute_due=window.due))
    case = asked_for(work, after.case_id)
    _note(work, case, by_staff(staff), "objection_answered", now, after=after.number, why=verdict.value)
    text = desk.office.notice(
        "tanggapan_keberatan",
        keberatan=after.number,
        nomor=case.number,
        hasil=VERDICTS[verdict],
        alasan=words,
        atasan=after.superior_post,
        batas=in_words(window.due),
    )
    _tell(work, desk, case, text, f"tanggapan:{after.id}", now)
    return after


def withdraw(work: Work, staff: Staff, objection_id: int, *, now: datetime, seen: int) -> Objection:
    """The applicant takes it back."""
    before = objection_of(work, objection_id, seen)
    if before.state is not ObjectionState.OPEN:
        raise Conflict(f"{before.number} sudah tidak menunggu tanggapan.")
    after = work.objections.save(before, replace(before, state=ObjectionState.WITHDRAWN))
    _note(work, asked_for(work, after.case_id), by_staff(staff), "objection_withdrawn", now, after=after.number)
    return after


def respond(work: Work, staff: Staff, objection_id: int, text: str, *, now: datetime, seen: int) -> Objection:
    """What the applicant says to the superior's answer: a column of the register."""
    before = objection_of(work, objection_id, seen)
    words = " ".join(text.split())
    if not words:
        raise Invalid("Tulis tanggapan pemohon.")
    after = work.objections.save(before, replace(before, response=words[:LONGEST]))
    _note(work, asked_for(work, after.case_id), by_staff(staff), "objection_response", now, after=after.number)
    return after


def dispute(
    work: Work, desk: Desk, staff: Staff, objection_id: int, number: str, filed: datetime, *, now: datetime, seen: int
) -> Objection:
    """The applicant has gone to the Komisi Informasi. Invalid: before the superior's time is over, or after the fourteen
    days; a filing that the Komisi took all the same is noted by the day on which it took it."""
    before = objection_of(work, objection_id, seen)
    day = desk.clocks.calendar.day(filed)
    if before.state not in (ObjectionState.ANSWERED, ObjectionState.OPEN):
        raise Conflict(f"{before.number} tidak dapat disengketakan lagi.")
    if before.state is ObjectionState.OPEN and day <= before.due:
        raise Invalid(f"Atasan PPID masih punya waktu sampai {in_words(before.due)}; sengketa diajukan sesudah itu.")
    window = dispute_window(before, desk.clocks)
    if day > window.due:
        raise Invalid(f"Batas sengketa {in_words(window.due)} sudah lewat (UU 14/2008 Pasal 37 ayat (2)).")
    if filed > now:
        raise Invalid("Tanggal pengajuan sengketa belum terjadi.")
    disputed = replace(
        before,
        state=ObjectionState.DISPUTED,
        disputed_at=filed,
        dispute_number=" ".join(number.split())[:100],
        dispute_due=window.due,
    )
    after = work.objections.save(before, disputed)
    case = asked_for(work, after.case_id)
    _note(work, case, by_staff(staff), "disputed", now, after=after.number, why=after.dispute_number or None)
    return after


def recount(work: Work, desk: Desk, now: datetime, why: str) -> list[Move]:
    """Lay every open objection on the calendar of today, as requests are; the day on which its filing ended stays."""
    moves = []
    for one in work.objections.near_due(date.max, ALL):
        if one.calendar_version == desk.clocks.calendar.version:
            continue
        counted = desk.clocks.for_case("objection", one.received_at)
        after = replace(
            one,
            due=counted.due,
            provisional=counted.provisional,
            calendar_version=counted.calendar_version,
            clocks=counted.as_json() | {"filing": one.clocks.get("filing")},
        )
        work.objections.save(one, after)
        if after.due != one.due:
            case = asked_for(work, one.case_id)
            moves.append(Move(case_id=case.id, number=one.number, before=one.due, after=after.due))
            where, days = case.conversation_id, (one.due.isoformat(), after.due.isoformat())
            who = Actor("machine:clock", "Jam")
            work.note(
                who, "due_moved", "case", case.id, at=now, conversation_id=where, before=days[0], after=days[1], why=why
            )
    return moves


def objection_of(work: Work, objection_id: int, seen: int | None = None) -> Objection:
    """NotFound; Conflict when it is no longer the version that the page showed."""
    found = work.objections.get(objection_id)
    if found is None:
        raise NotFound("Keberatan itu tidak ada.")
    if seen is not None and found.version != seen:
        raise Conflict(OTHERS)
    return found


def _tell_filed(work: Work, desk: Desk, case: Case, objection: Objection, now: datetime) -> None:
    office = desk.office
    if objection.state is ObjectionState.TOO_LATE:
        until = filing_window(objection.found_on, desk.clocks).due
        text = office.notice(
            "keberatan_terlambat",
            keberatan=objection.number,
            nomor=case.number,
            batas=in_words(until),
            kantor=office.name,
        )
    else:
        text = office.notice(
            "terima_keberatan",
            keberatan=objection.number,
            nomor=case.number,
            batas=in_words(objection.due),
            atasan=office.ppid.superior,
            kantor=office.name,
        )
    _tell(work, desk, case, text, f"keberatan:{objection.id}", now)


def _tell(work: Work, desk: Desk, case: Case, text: str, key: str, now: datetime) -> None:
    conversation = work.conversations.get(case.conversation_id)
    able = desk.ability(conversation.account, conversation.surface) if conversation is not None else None
    tell(work, desk.office, case, text, key=key, capabilities=able, now=now)


def _note(work: Work, case: Case, who: Actor, verb: str, now: datetime, *, after: str, why: str | None = None) -> None:
    work.note(who, verb, "case", case.id, at=now, conversation_id=case.conversation_id, after=after, why=why)
