"""LAPOR's own export comes in: its news goes to the reports it speaks of, and what is not ours becomes a conversation here.

What a row says is told once, however often the file is imported, and never moves a case backwards: both by the same story
that hears the gateway (`router.news`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from omnichannel.domain.case import Case, CaseState, Queue
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.forwarding import Exported, Forward, ForwardState, News
from omnichannel.domain.inbound import kind_of
from omnichannel.domain.message import iso
from omnichannel.domain.people import Staff
from omnichannel.domain.ports import NewsBatch
from omnichannel.domain.work import Work
from omnichannel.router.desk import Desk, case_of
from omnichannel.router.lapor import keyed_in
from omnichannel.router.matching import Known, Match, match
from omnichannel.router.news import heard
from omnichannel.router.sheet import sheet

MOST = 2000  # reports that may wait at once
NO_TIME = "tanpa waktu"


@dataclass(frozen=True, slots=True)
class Held:
    """What a file is laid against."""

    known: Sequence[Known]
    by_number: Mapping[str, Case]
    by_tracking: Mapping[str, Case]


def held(work: Work, desk: Desk, rows: Sequence[Exported]) -> Held:
    """Our reports that LAPOR may hold without our knowing its number, and those whose number the file names."""
    waiting = work.cases.in_state(Queue.LAPOR, (CaseState.OPEN, CaseState.ANSWERED, CaseState.CLOSED), MOST)
    by_tracking: dict[str, Case] = {}
    by_number: dict[str, Case] = {}
    for row in rows:
        for case in work.cases.by_tracking(row.tracking_id) if row.tracking_id else ():
            if case.state is not CaseState.VOIDED:
                by_tracking[(row.tracking_id or "").casefold()] = case
        named = work.cases.by_number(row.number) if row.number else None
        if named is not None and named.queue is Queue.LAPOR:
            by_number[(row.number or "").casefold()] = named
    return Held([_known(work, desk, case) for case in waiting if case.tracking_id is None], by_number, by_tracking)


def laid_out(found: Held, rows: Sequence[Exported]) -> list[Match]:
    """Row by row what each is. Pure, and slow for many: to be called outside a transaction."""
    return match(rows, found.known, found.by_number, found.by_tracking)


def _known(work: Work, desk: Desk, case: Case) -> Known:
    report = sheet(work, case, desk.office, desk.organisation).report
    forward = work.forwards.get(case.id)
    titles = (forward.title if forward else None, report.title, case.title)
    return Known(case, tuple(dict.fromkeys(filter(None, titles))), report.content[:1000], case.received_at)


def take_news(
    work: Work, desk: Desk, staff: Staff, case_id: int, row: Exported, *, able: Capabilities | None, now: datetime
) -> bool:
    """What the row says of this report; True when anything of it was new. NotFound, Conflict: not this report."""
    case = case_of(work, case_id)
    if case.queue is not Queue.LAPOR and case.tracking_id is None:
        raise NotFound("Kasus itu bukan laporan untuk SP4N-LAPOR!.")
    if row.tracking_id and case.tracking_id and case.tracking_id.casefold() != row.tracking_id.casefold():
        raise Conflict(f"{case.number} sudah dicatat dengan tracking ID {case.tracking_id}.")
    fresh = False
    if case.tracking_id is None:
        if row.tracking_id is None:
            raise Invalid("Baris ini tidak menyebut tracking ID-nya.")
        if case.state.running:
            keyed_in(work, staff, case_id, row.tracking_id, row.url, office=desk.office, capabilities=able, now=now)
        else:
            # It ended here before its number was known: the number is kept, and nobody is told anything any more.
            work.cases.save(case, replace(case, tracking_id=row.tracking_id, lapor_url=row.url, lapor_at=now))
        fresh = True
    known = work.forwards.get(case_id)
    if known is None:
        known = Forward(
            case_id=case_id, state=ForwardState.SENT, since=now, complaint_id=row.complaint_id or row.tracking_id
        )
        work.forwards.add(known)
    batch = NewsBatch(_news(row, now), known.cursor)
    return bool(heard(work, desk, case_id, batch, now)) or fresh


def _news(row: Exported, now: datetime) -> tuple[News, ...]:
    """One piece: the words with the status, known by what they say and when it was said."""
    if not row.status and not row.follow_up:
        return ()
    when = iso(row.followed_at) if row.followed_at else NO_TIME
    said = hashlib.sha256(f"{row.status}|{when}|{' '.join(row.follow_up.split())}".encode()).hexdigest()[:24]
    at = row.followed_at if row.followed_at is not None and row.followed_at <= now else now
    return (News(f"export:{said}", at, row.status, None, row.follow_up, row.institution),)


def as_incoming(row: Exported, now: datetime) -> dict[str, Any]:
    """A row that is not ours, as the connector reads it: LAPOR's day is the day from which our clock runs."""
    if row.tracking_id is None:
        raise Invalid("Baris ini tidak menyebut tracking ID-nya, jadi tidak dapat dimasukkan.")
    at = row.at if row.at is not None and row.at <= now else now
    said = [row.content or row.title, f"Lokasi kejadian: {row.place}" if row.place else ""]
    if row.happened is not None:
        said.append(f"Tanggal kejadian: {row.happened:%d-%m-%Y}")
    return {
        "id": row.tracking_id,
        "complaint_id": row.complaint_id,
        "at": iso(at),
        "kind": kind_of(row.classification).value,
        "subject": row.title or None,
        "text": "\n\n".join(filter(None, said)),
        "name": None if row.anonymous else row.reporter,
        "anonymous": row.anonymous,
        "secret": row.secret,
    }
