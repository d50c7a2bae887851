"""The clock of one request: when it starts, where it stands still, what an extension adds; each day explained.

UU 14/2008, Pasal 22 ayat (7): ten working days from receipt. Ayat (8): seven more, once, with written reasons. Nothing in
either speaks of waiting for the applicant; whether the days of waiting count is therefore a setting with its basis.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from omnichannel.domain.calendar import WorkingCalendar, in_words
from omnichannel.domain.deadline import Clocks, Deadlines
from omnichannel.domain.errors import Conflict, Invalid
from omnichannel.domain.ppid import ClockStart, Link, LinkPurpose, PpidRules, Request, Wait

KIND = "information_request"
WAITING = "Menunggu pemohon melengkapi"
SHORTEST_REASON = 10
NOT_BEGUN = "Permohonan belum lengkap; menurut pengaturan kantor hitungan baru mulai ketika lengkap."


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A due day that is not what it was."""

    case_id: int
    number: str
    before: date
    after: date


def count(request: Request, clocks: Clocks, rules: PpidRules, now: datetime) -> Deadlines:
    """The clocks of this request as they stand now. While it waits for the citizen, each day of waiting moves the end."""
    zero = day_zero(request, rules)
    resting = _resting(request.waits, clocks.calendar, now) if rules.waiting_stops else {}
    counted = clocks.resting(resting) if resting else clocks
    found = counted.for_case(KIND, zero, extended=request.extended_at is not None)
    if rules.clock_starts is ClockStart.COMPLETE and request.complete_at is None:
        return _doubted(found, NOT_BEGUN)
    return found


def day_zero(request: Request, rules: PpidRules) -> datetime:
    """The moment that the count starts from; without completeness the receipt, so that nothing is forgotten."""
    if rules.clock_starts is ClockStart.COMPLETE and request.complete_at is not None:
        return request.complete_at
    return request.received_at


def first_end(request: Request, clocks: Clocks, rules: PpidRules, now: datetime) -> date:
    """The last of the ten days, extension or not."""
    return count(replace(request, extended_at=None), clocks, rules, now).due


def extended(request: Request, reason: str, clocks: Clocks, rules: PpidRules, now: datetime) -> Request:
    """The request with its one extension. Conflict: it had it already. Invalid: no reason, or the ten days are over.

    The notice of an extension is itself a written notice within the ten days (UU 14/2008, Pasal 22 ayat (7) dan (8)): on
    the tenth day it still may be given, on the eleventh it may not.
    """
    words = reason.strip()
    if request.extended_at is not None:
        raise Conflict("Permohonan ini sudah diperpanjang; undang-undang memberi satu kali saja (Pasal 22 ayat (8)).")
    if len(words) < SHORTEST_REASON:
        raise Invalid("Tulis alasan perpanjangan; alasan itu disampaikan tertulis kepada pemohon.")
    end = first_end(request, clocks, rules, now)
    if clocks.calendar.day(now) > end:
        raise Invalid(f"Sepuluh hari kerja sudah habis pada {in_words(end)}; perpanjangan tidak dapat diberikan lagi.")
    return replace(request, extended_at=now, extension_reason=words)


def may_lapse(
    request: Request, calendar: WorkingCalendar, rules: PpidRules, today: date, *, asked_again: datetime | None = None
) -> date | None:
    """The first day on which a request that the citizen never completed may be closed; None where it waits for nobody.

    Whoever was asked again, or sent a part of it, has their time again: `asked_again` is the last such moment.
    """
    wait = request.waiting
    if wait is None or request.complete_at is not None:
        return None
    since = max(wait.asked_at, asked_again or wait.asked_at)
    return calendar.add(calendar.day(since), rules.lapse_after) + timedelta(days=1)


def last_asked(links: Iterable[Link]) -> datetime | None:
    """When the citizen last got a link to complete it, or last sent something by one."""
    mine = [one for one in links if one.purpose is LinkPurpose.COMPLETE]
    return max((one.used_at or one.made_at for one in mine), default=None)


def _resting(waits: Iterable[Wait], calendar: WorkingCalendar, now: datetime) -> dict[date, str]:
    """The day of our question still counts, the days after it do not, up to the day of the answer itself."""
    days: dict[date, str] = {}
    for wait in waits:
        day, last = calendar.day(wait.asked_at), calendar.day(wait.answered_at or max(now, wait.asked_at))
        while day < last:
            day += timedelta(days=1)
            days[day] = WAITING
    return days


def _doubted(found: Deadlines, why: str) -> Deadlines:
    main = replace(found.main, why_provisional=(*found.main.why_provisional, why))
    rest = tuple(main if clock.name == main.name else clock for clock in found.clocks)
    return replace(found, main=main, clocks=rest)
