"""Open figures are right on both databases, and counted from one index however many cases there are."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from omnichannel.domain.case import Case, CaseState, Kind, Outcome
from omnichannel.domain.figures import Bucket, Tally
from omnichannel.domain.work import Work
from omnichannel.store.database import SqlStore
from omnichannel.store.figures import COUNT
from tests.build import a_case

WITA = ZoneInfo("Asia/Makassar")
SINCE, UNTIL = datetime(2026, 11, 1, tzinfo=WITA), datetime(2026, 12, 1, tzinfo=WITA)
TODAY = date(2026, 11, 30)


def counted(work: Work) -> list[Bucket]:
    return work.figures.cases(11, SINCE, UNTIL, TODAY, WITA)


async def test_what_was_answered_when_is_counted_in_the_offices_own_days(store: SqlStore) -> None:
    def story(work: Work) -> None:
        def made(received: datetime, due: date, closed: datetime | None, **more: Any) -> Case:
            case = a_case(work, received_at=received, due=due, unit="dishub")
            state = CaseState.OPEN if closed is None else CaseState.ANSWERED
            outcome = None if closed is None else Outcome.RESOLVED
            return work.cases.save(case, replace(case, state=state, closed_at=closed, outcome=outcome, **more))

        first = datetime(2026, 11, 2, 1, tzinfo=UTC)
        made(first, date(2026, 11, 5), datetime(2026, 11, 5, 15, 59, tzinfo=UTC))  # 23.59 on the due day, in WITA
        made(first, date(2026, 11, 5), datetime(2026, 11, 5, 16, 0, tzinfo=UTC))  # a minute later: the day after
        made(first, date(2026, 11, 29), None)  # overdue
        made(first, TODAY, None)  # due today
        made(datetime(2026, 10, 31, 15, 59, tzinfo=UTC), date(2026, 11, 5), None)  # October still
        made(datetime(2026, 10, 31, 16, 0, tzinfo=UTC), TODAY, None)  # November already
        withdrawn = made(first, date(2026, 11, 29), first + timedelta(days=1))
        work.cases.save(withdrawn, replace(withdrawn, outcome=Outcome.WITHDRAWN))
        voided = made(first, TODAY, None)
        work.cases.save(voided, replace(voided, state=CaseState.VOIDED, closed_at=first))
        a_case(work, kind=Kind.INFORMATION_REQUEST, received_at=first, due=TODAY, topic="pajak")

    await store.write(story)
    found = {one.kind: one for one in await store.read(counted)}

    assert found["complaint"] == Bucket(11, "complaint", "pju", "dishub", "whatsapp", Tally(6, 2, 1, 7, 1))
    assert found["information_request"].tally == Tally(1)
    assert await store.read(lambda work: work.figures.years(WITA)) == (2026, 2026)


async def test_an_empty_office_has_no_years(store: SqlStore) -> None:
    assert await store.read(counted) == []
    assert await store.read(lambda work: work.figures.years(WITA)) is None


async def test_the_index_alone_is_read(quick_store: SqlStore) -> None:
    def question(work: Work) -> list[str]:
        connection: sa.Connection = work.connection  # type: ignore[attr-defined]
        told: list[tuple[str, Any]] = []
        sa.event.listen(connection, "before_cursor_execute", lambda *facts: told.append((facts[2], facts[3])))
        counted(work)
        text, values = told[0]
        return [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]

    steps = await quick_store.read(question)

    assert any("COVERING INDEX ix_cases_figures (received_at>? AND received_at<?)" in step for step in steps), steps
    assert set(COUNT) == {"sqlite", "postgresql"}
