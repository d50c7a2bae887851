"""A report that is not for us: LAPOR is asked to give it to another institution ("bukan wewenang"), once.

The claim is a commit of its own, as for a report: whoever dies between asking and noting leaves it asked for, and nothing
asks again by itself.
"""

from dataclasses import dataclass
from datetime import datetime

from omnichannel.domain.case import Case
from omnichannel.domain.errors import Conflict, Invalid
from omnichannel.domain.people import Staff
from omnichannel.domain.ports import Ref
from omnichannel.domain.work import Work
from omnichannel.router.desk import by_staff, case_of

SHORTEST_REASON = 10
ASKING, ASKED, FAILED, UNSURE = "transfer_asking", "transfer_asked", "transfer_failed", "transfer_unsure"
LOOK_BACK = 1000


@dataclass(frozen=True, slots=True)
class Asking:
    """What LAPOR is to be told."""

    ref: Ref
    institution: str
    name: str
    reason: str


def begin(
    work: Work, staff: Staff, case_id: int, institution: str, reason: str, *, now: datetime, seen: int | None
) -> Asking:
    """Invalid: an institution that LAPOR does not have, no reason. Conflict: not in LAPOR, over, or asked for already."""
    case, words = case_of(work, case_id, seen), reason.strip()
    forward, name = work.forwards.get(case_id), work.forwards.names("institution").get(institution)
    if name is None:
        raise Invalid("Pilih instansi dari daftar SP4N-LAPOR!.")
    if len(words) < SHORTEST_REASON:
        raise Invalid("Tulis alasannya; instansi itu membacanya.")
    if forward is None or forward.complaint_id is None or case.tracking_id is None or not case.state.running:
        raise Conflict("Laporan ini tidak sedang berjalan di SP4N-LAPOR!.")
    last = next(
        (
            one.verb
            for one in work.screens.history(case.conversation_id, LOOK_BACK)
            if _of(one.verb, one.thing_id, case)
        ),
        None,
    )
    if last in (ASKING, ASKED, UNSURE):
        raise Conflict("Pelimpahan laporan ini sudah diminta. Lihat laporannya di SP4N-LAPOR!.")
    _note(work, staff, case, ASKING, now, name, words)
    return Asking(Ref(forward.complaint_id, case.tracking_id), institution, name, words)


def ended(work: Work, staff: Staff, case_id: int, asking: Asking, verb: str, why: str, *, now: datetime) -> Case:
    """What LAPOR said: asked, refused (it may be tried again), or nobody knows."""
    case = case_of(work, case_id)
    _note(work, staff, case, verb, now, asking.name, why)
    return case


def _of(verb: str, thing_id: int, case: Case) -> bool:
    return verb in (ASKING, ASKED, FAILED, UNSURE) and thing_id == case.id


def _note(work: Work, staff: Staff, case: Case, verb: str, now: datetime, name: str, why: str) -> None:
    where = case.conversation_id
    work.note(by_staff(staff), verb, "case", case.id, at=now, conversation_id=where, after=name, why=why)
