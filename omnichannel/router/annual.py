"""The yearly report, counted from the rows page by page; and the rows behind each of its figures."""

from collections.abc import Iterator
from datetime import date, datetime

from omnichannel.domain.annual import FIGURES, OBJECTIONS, Annual, Counted, counted
from omnichannel.domain.books import Span
from omnichannel.domain.case import Case, Kind
from omnichannel.domain.errors import NotFound
from omnichannel.domain.objection import Objection
from omnichannel.domain.ports import Store
from omnichannel.domain.work import Work
from omnichannel.router.desk import Desk
from omnichannel.router.extracts import span_of
from omnichannel.router.formal import request_of

PAGE = 500
MOST = 500  # rows behind a figure; the register holds them all


async def count(store: Store, desk: Desk, year: int, now: datetime) -> Annual:
    """Every request received and every objection filed in that year."""
    found, span, today = Annual(year), _span(desk, year), desk.clocks.calendar.day(now)
    after = 0
    while page := await store.read(lambda work: _cases(work, desk, span, after, today)):  # noqa: B023 (read at once)
        for _, one in page:
            found.take(one)
        after = page[-1][0]
    after = 0
    while objections := await store.read(lambda work: work.books.objections(span, after, PAGE)):  # noqa: B023
        for objection in objections:
            found.take_objection(objection)
        after = objections[-1].id
    return found


async def behind(store: Store, desk: Desk, year: int, figure: str, now: datetime) -> list[tuple[str, str]]:
    """Number and title of each row that the figure counts, the first so many. NotFound: no such figure."""
    span, today = _span(desk, year), desk.clocks.calendar.day(now)
    rows: list[tuple[str, str]] = []
    after = 0
    if figure in OBJECTIONS:
        while found := await store.read(lambda work: work.books.objections(span, after, PAGE)):  # noqa: B023
            rows += [(one.number, _line(one)) for one in found if OBJECTIONS[figure].fits(one)]
            after = found[-1].id
        return rows[:MOST]
    if figure not in FIGURES:
        raise NotFound("Angka itu tidak ada di laporan.")
    while page := await store.read(lambda work: _cases(work, desk, span, after, today)):  # noqa: B023
        rows += [(one.number, one.title) for _, one in page if FIGURES[figure].fits(one)]
        after = page[-1][0]
        if len(rows) >= MOST:
            break
    return rows[:MOST]


def _cases(work: Work, desk: Desk, span: Span, after: int, today: date) -> list[tuple[int, Counted]]:
    cases = work.books.cases(span, after, PAGE, kind=Kind.INFORMATION_REQUEST)
    return [(case.id, one) for case, one in _measured(work, desk, cases, today)]


def _measured(work: Work, desk: Desk, cases: list[Case], today: date) -> Iterator[tuple[Case, Counted]]:
    ids = [case.id for case in cases]
    known, decided = work.requests.of(ids), work.requests.decided(ids)
    calendar, rules = desk.clocks.calendar, desk.office.ppid
    for case in cases:
        request = known.get(case.id) or request_of(work, case)
        yield case, counted(case, request, decided.get(case.id), calendar, rules, today)


def _span(desk: Desk, year: int) -> Span:
    return span_of(date(year, 1, 1), date(year, 12, 31), desk.office.zone)


def _line(objection: Objection) -> str:
    words = " ".join(objection.story.split())
    return words if len(words) <= 120 else f"{words[:119]}…"
