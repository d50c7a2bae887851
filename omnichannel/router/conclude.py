"""A case ends: with what outcome, why, and a word to the citizen; or it comes back."""

from dataclasses import replace
from datetime import datetime

from omnichannel.domain.case import OUTCOMES, Case, CaseState, Kind, Outcome
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.errors import Conflict, Invalid
from omnichannel.domain.office import Office
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Work
from omnichannel.router.desk import by_staff, case_of
from omnichannel.router.standing import show_nearest
from omnichannel.router.tell import tell
from omnichannel.router.trials import ended_as_it_is

SHORTEST_REASON = 5
# As the register and the citizen read them.
WORDS = {
    Outcome.GRANTED: "dikabulkan",
    Outcome.PARTLY: "dikabulkan sebagian",
    Outcome.REFUSED: "ditolak",
    Outcome.NOT_HELD: "informasi tidak dikuasai",
    Outcome.WITHDRAWN: "dicabut oleh Anda",
    Outcome.RESOLVED: "selesai ditangani",
    Outcome.TRANSFERRED: "dilimpahkan ke instansi yang berwenang",
    Outcome.LAPSED: "ditutup karena tidak dilengkapi",
}
MAY_BE_OBJECTED_TO = (Outcome.PARTLY, Outcome.REFUSED, Outcome.NOT_HELD)


def conclude(
    work: Work,
    staff: Staff,
    case_id: int,
    outcome: Outcome,
    *,
    now: datetime,
    why: str | None = None,
    seen: int | None = None,
) -> Case:
    """Its clock stops and the register shows how it ended. Concluding twice alike is concluding once.

    Invalid: an outcome that this kind does not know, or less than a yes without a reason. Conflict: somebody concluded it
    otherwise, it was voided, or it changed since the page was drawn (`seen` is its version).
    """
    case = case_of(work, case_id)
    if case.outcome is outcome and case.state is outcome.state:
        return case
    case = case_of(work, case_id, seen)
    if not case.state.running:
        raise Conflict(f"{case.number} sudah {_ended(case)}. Buka lagi dulu bila putusannya berubah.")
    if outcome not in OUTCOMES[case.kind]:
        raise Invalid("Hasil itu tidak berlaku untuk jenis kasus ini.")
    reason = (why or "").strip()
    if outcome.needs_reason and len(reason) < SHORTEST_REASON:
        raise Invalid("Tulis alasannya; alasan itu tercatat dan disampaikan kepada warga.")
    ended = replace(case, state=outcome.state, outcome=outcome, closed_at=now, certain=True)
    after = work.cases.save(case, ended)
    ended_as_it_is(work, after, by_staff(staff), now)
    _note(work, staff, after, "concluded", now, before=case.state, after_=outcome, why=reason or None)
    show_nearest(work, case.conversation_id)
    return after


def tell_outcome(
    work: Work, office: Office, case: Case, why: str | None, *, capabilities: Capabilities | None, now: datetime
) -> None:
    """Tell the citizen how it ended and, where the law gives it, of the right to object (UU 14/2008, Pasal 35)."""
    if case.outcome is None:
        raise Invalid(f"{case.number} belum diputus.")
    reason = (why or "").strip()
    text = office.notice(
        "putusan",
        nomor=case.number,
        hasil=WORDS[case.outcome],
        alasan=f"Alasan: {reason}" if reason else "",
        kantor=office.name,
    )
    if case.kind is Kind.INFORMATION_REQUEST and case.outcome in MAY_BE_OBJECTED_TO:
        text = f"{text.rstrip()}\n\n{office.notice('hak_keberatan')}"
    key = f"putusan:{case.id}:{case.version}"
    tell(work, office, case, text, key=key, capabilities=capabilities, now=now)


def reopen(work: Work, staff: Staff, case_id: int, why: str, *, now: datetime, seen: int | None = None) -> Case:
    """It is not over: the old clock runs on from the day it always ran from. A void case stays void."""
    case = case_of(work, case_id)
    if case.state.running:
        return case
    case = case_of(work, case_id, seen)
    if case.state is CaseState.VOIDED:
        raise Conflict(f"{case.number} sudah dibatalkan; buat kasus baru dari pesannya.")
    reason = why.strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid("Tulis alasan membukanya lagi; alasan itu tercatat.")
    state = CaseState.FORWARDED if case.tracking_id else CaseState.OPEN
    after = work.cases.save(case, replace(case, state=state, outcome=None, closed_at=None))
    _note(work, staff, after, "case_reopened", now, before=case.outcome, after_=state, why=reason)
    show_nearest(work, case.conversation_id)
    return after


def _ended(case: Case) -> str:
    return "dibatalkan" if case.state is CaseState.VOIDED or case.outcome is None else WORDS[case.outcome]


def _note(
    work: Work,
    staff: Staff,
    case: Case,
    verb: str,
    now: datetime,
    *,
    before: str | None,
    after_: str | None,
    why: str | None,
) -> None:
    work.note(
        by_staff(staff),
        verb,
        "case",
        case.id,
        at=now,
        conversation_id=case.conversation_id,
        before=before,
        after=after_,
        why=why,
    )
