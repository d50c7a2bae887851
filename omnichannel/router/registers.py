"""The rows of the registers, gathered for whoever shows or prints them."""

from collections.abc import Sequence

from omnichannel.domain.case import Case
from omnichannel.domain.objection import VERDICTS, Objection, ObjectionState
from omnichannel.domain.ppid_register import (
    ObjectionRow,
    PublicRow,
    RequestRow,
    objection_row,
    public_row,
    request_row,
)
from omnichannel.domain.work import Work
from omnichannel.router.desk import case_of
from omnichannel.router.formal import request_of

UNHEARD = {
    ObjectionState.TOO_LATE: "tidak dapat diterima, lewat 30 hari kerja",
    ObjectionState.WITHDRAWN: "dicabut pemohon",
}


def request_rows(work: Work, cases: Sequence[Case]) -> list[RequestRow]:
    """One row a case, in their order."""
    ids = [case.id for case in cases]
    known, decided = work.requests.of(ids), work.requests.decided(ids)
    return [request_row(case, known.get(case.id) or request_of(work, case), decided.get(case.id)) for case in cases]


def objection_rows(work: Work, objections: Sequence[Objection]) -> list[ObjectionRow]:
    """One row an objection, in their order."""
    rows = []
    for one in objections:
        case = case_of(work, one.case_id)
        rows.append(objection_row(one, case, request_of(work, case), verdict_in_words(one)))
    return rows


def public_rows(work: Work, cases: Sequence[Case]) -> list[PublicRow]:
    """The published register. A secret case is not in it."""
    open_ = [case for case in cases if not case.secret]
    ids = [case.id for case in open_]
    decided, known = work.requests.decided(ids), work.requests.of(ids)
    rows = []
    for case in open_:
        contact, request = work.contacts.get(case.contact_id), known.get(case.id)
        names = [one for one in (contact and contact.name, contact and contact.handle, request and request.name) if one]
        rows.append(public_row(case, decided.get(case.id), names))
    return rows


def verdict_in_words(objection: Objection) -> str:
    """What became of it, as the register says it."""
    if objection.verdict is not None:
        return VERDICTS[objection.verdict]
    return UNHEARD.get(objection.state, "")
