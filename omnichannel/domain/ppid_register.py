"""The two registers in the columns of the law's forms: one row type each, for the screen, the sheet and the letter alike.

Permohonan: the form of Perki (columns as kabupaten print them). Keberatan: letters a to k of its minimum content.
Nothing here is formatted; a column that is not known yet is empty or None.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from omnichannel.domain.case import Case, Outcome
from omnichannel.domain.objection import Objection
from omnichannel.domain.ppid import Request
from omnichannel.domain.ppid_decision import EXEMPTIONS, Decision, reasons_in_words

WORD = re.compile(r"[^\W\d_]+")
NAME_WORD = 3  # letters


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One line of the register permohonan."""

    case: Case
    number: str
    received_at: datetime
    complete_at: datetime | None
    name: str
    address: str
    contact: str
    job: str
    details: str
    purpose: str
    held: bool | None
    medium: str
    access: str
    outcome: Outcome | None
    refusal: str
    grounds: tuple[str, ...]
    notified_at: datetime | None
    given_at: datetime | None
    cost: int | None
    payment: str
    due: date
    extended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRow:
    """One line of the register keberatan: a number, b day, c applicant or proxy, d the request, e what it asked, f purpose,
    g grounds, h decision, i day of the answer, j the superior, k what the applicant says to it."""

    objection: Objection
    case: Case
    number: str
    received_at: datetime
    applicant: str
    proxy: str
    request_number: str
    details: str
    purpose: str
    grounds: tuple[str, ...]
    decision: str
    answered_at: datetime | None
    superior: str
    superior_post: str
    response: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRow:
    """A line of the published register: what was asked and what became of it, and nobody's name (UU 27/2022).

    `title` is empty until somebody has answered: what no person has read may hold a street, a neighbour or an illness, so
    until then only the topic is told.
    """

    number: str
    received_at: datetime
    title: str
    topic: str
    unit: str | None
    outcome: Outcome | None
    running: bool
    answered_at: datetime | None
    grounds: tuple[str, ...]


def request_row(case: Case, request: Request, decision: Decision | None) -> RequestRow:
    """The ruling counts only while it stands: a reopened case shows none."""
    ruling = decision.ruling if decision is not None and case.outcome is not None else None
    giving = case.outcome in (Outcome.GRANTED, Outcome.PARTLY)
    refusing = case.outcome in (Outcome.PARTLY, Outcome.REFUSED, Outcome.NOT_HELD, Outcome.TRANSFERRED)
    return RequestRow(
        case=case,
        number=case.number,
        received_at=request.received_at,
        complete_at=request.complete_at,
        name=request.name,
        address=request.address,
        contact=", ".join(one for one in (request.phone, request.mail) if one),
        job=request.job,
        details=request.details or case.title,
        purpose=request.purpose,
        held=ruling.held if ruling is not None else None,
        medium=ruling.medium if ruling is not None else "",
        access=request.access,
        outcome=case.outcome,
        refusal=reasons_in_words(ruling) if ruling is not None and refusing else "",
        grounds=ruling.grounds if ruling is not None else (),
        notified_at=case.closed_at if case.outcome is not None else None,
        given_at=case.closed_at if giving else None,
        cost=ruling.cost if ruling is not None and giving else None,
        payment=ruling.payment if ruling is not None else "",
        due=case.due,
        extended=request.extended_at is not None,
    )


def objection_row(objection: Objection, case: Case, request: Request, decision: str) -> ObjectionRow:
    """`decision` is the superior's verdict in words, empty while there is none."""
    return ObjectionRow(
        objection=objection,
        case=case,
        number=objection.number,
        received_at=objection.received_at,
        applicant=request.name,
        proxy=objection.proxy,
        request_number=case.number,
        details=request.details or case.title,
        purpose=request.purpose,
        grounds=objection.grounds,
        decision=decision,
        answered_at=objection.answered_at,
        superior=objection.superior,
        superior_post=objection.superior_post,
        response=objection.response,
    )


def public_row(case: Case, decision: Decision | None, names: Iterable[str] = ()) -> PublicRow:
    """Numbers are masked in the title when the case is opened; here the applicant's own `names` go, too, word by word."""
    standing = decision if case.outcome is not None else None
    return PublicRow(
        number=case.number,
        received_at=case.received_at,
        title=nameless(case.title, names) if case.certain and case.outcome is not None else "",
        topic=case.topic,
        unit=case.unit,
        outcome=case.outcome,
        running=case.state.running,
        answered_at=case.closed_at if case.outcome is not None else None,
        grounds=standing.ruling.grounds if standing is not None else (),
    )


def nameless(text: str, names: Iterable[str]) -> str:
    """The text without any word of these names; short words such as "bin" or "I" tell nobody."""
    words = {word for name in names for word in WORD.findall(name) if len(word) >= NAME_WORD}
    if not words:
        return text
    any_of = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.sub(rf"\b(?:{any_of})\b", "…", text, flags=re.IGNORECASE)


def grounds_in_words(letters: tuple[str, ...]) -> str:
    """Pasal 17 huruf h (mengungkap rahasia pribadi)."""
    return "; ".join(f"Pasal 17 huruf {letter} ({EXEMPTIONS[letter]})" for letter in letters if letter in EXEMPTIONS)
