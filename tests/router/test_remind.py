"""Deadlines near or past are told once a working day, by one process, and only while the case runs."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from omnichannel.domain.case import CaseState
from omnichannel.domain.work import Work
from omnichannel.router import remind
from omnichannel.store.database import SqlStore
from tests.build import NOON, TODAY, a_case
from tests.desk import carried
from tests.router.conftest import history

CALENDAR = carried().clocks.calendar
MORNING = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # 07.00 WITA on Tuesday the 24th


async def goes(store: SqlStore, at: datetime) -> int:
    """What the worker does; how many cases were told."""

    def story(work: Work) -> int:
        remind.plan(work, at)
        jobs = work.jobs.claim(remind.QUEUE, "uji", at, timedelta(seconds=30), 1)
        return sum(remind.go_round(work, job, CALENDAR, at) for job in jobs)

    return await store.write(story)


async def test_what_is_near_or_past_is_told_and_the_rest_is_left_in_peace(store: SqlStore) -> None:
    def prepare(work: Work):
        days = {"lewat": -3, "hari ini": 0, "dekat": 2, "jauh": 9}
        return {name: a_case(work, due=TODAY + timedelta(days=n)) for name, n in days.items()}

    cases = await store.write(prepare)

    assert await goes(store, NOON) == 3

    said = {name: await history(store, one.conversation_id) for name, one in cases.items()}
    assert {name: [line.verb for line in lines] for name, lines in said.items()} == {
        "lewat": ["overdue"],
        "hari ini": ["near_due"],
        "dekat": ["near_due"],
        "jauh": [],
    }
    assert said["dekat"][0].why == "2 hari kerja"
    assert said["lewat"][0].why == "1 hari kerja", "Friday to Monday"
    assert said["dekat"][0].after == (TODAY + timedelta(days=2)).isoformat()


async def test_an_ended_case_is_not_told(quick_store: SqlStore) -> None:
    def prepare(work: Work) -> None:
        for state in (CaseState.ANSWERED, CaseState.CLOSED, CaseState.VOIDED):
            made = a_case(work, due=TODAY)
            work.cases.save(made, replace(made, state=state))

    await quick_store.write(prepare)

    assert await goes(quick_store, NOON) == 0


async def test_once_a_day_and_again_the_next_morning(quick_store: SqlStore) -> None:
    await quick_store.write(lambda work: a_case(work, due=TODAY))

    rounds = [await goes(quick_store, NOON + timedelta(minutes=n)) for n in range(0, 600, 30)]
    early = await goes(quick_store, MORNING - timedelta(seconds=1))
    next_day = await goes(quick_store, MORNING)

    assert rounds == [1] + [0] * 19
    assert (early, next_day) == (0, 1)


async def test_on_a_day_of_rest_nobody_is_told_and_the_round_goes_on(quick_store: SqlStore) -> None:
    await quick_store.write(lambda work: a_case(work, due=date(2026, 11, 27)))
    saturday = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)

    assert await goes(quick_store, saturday) == 0
    assert await goes(quick_store, saturday + timedelta(days=1)) == 0
    assert await goes(quick_store, saturday + timedelta(days=2)) == 1


async def test_two_processes_plan_one_round(store: SqlStore) -> None:
    await store.write(lambda work: a_case(work, due=TODAY))
    for _ in range(3):
        await store.write(partial(remind.plan, now=NOON))

    assert (await store.read(lambda work: work.jobs.depths()))[remind.QUEUE] == (1, 0)


async def test_a_round_that_lost_its_lease_tells_nobody(quick_store: SqlStore) -> None:
    await quick_store.write(lambda work: a_case(work, due=TODAY))

    def story(work: Work) -> tuple[int, int]:
        remind.plan(work, NOON)
        (slow,) = work.jobs.claim(remind.QUEUE, "lambat", NOON, timedelta(seconds=30), 1)
        (quick,) = work.jobs.claim(remind.QUEUE, "cepat", NOON + timedelta(minutes=1), timedelta(seconds=30), 1)
        return remind.go_round(work, quick, CALENDAR, NOON), remind.go_round(work, slow, CALENDAR, NOON)

    assert await quick_store.write(story) == (1, 0)
