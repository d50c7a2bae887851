"""The machine learns at night, in one process only, and when somebody asks."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from omnichannel.domain.house import House
from omnichannel.domain.ports import Bell
from omnichannel.store.database import SqlStore
from omnichannel.workers.studying import ASKED, NIGHTLY, QUEUE, SCHEDULE, tonight, turn
from tests.desk import a_house
from tests.house import HandClock


class Lessons:
    """Stands where `omnichannel learn` is started."""

    def __init__(self, *codes: int) -> None:
        self.codes, self.asked = list(codes), list[str]()

    async def __call__(self, by: str) -> int:
        self.asked.append(by)
        return self.codes.pop(0) if self.codes else 0


@pytest.fixture
def house(quick_store: SqlStore, tmp_path, clock: HandClock, bell: Bell) -> House:
    clock.at = datetime(2026, 12, 17, 6, 0, tzinfo=UTC)  # 14.00 in Sangatta

    return replace(a_house(quick_store, tmp_path, clock=clock, bell=bell, learn_at=time(2, 30)), can_learn=True)


async def test_it_is_planned_for_the_night_and_planned_anew_after_it(house: House, clock: HandClock) -> None:
    lessons = Lessons()
    await turn(house, "a", lessons)
    planned = await house.store.read(lambda work: work.jobs.next_at(QUEUE))
    assert planned == datetime(2026, 12, 17, 18, 30, tzinfo=UTC)  # 02.30 in Sangatta
    assert lessons.asked == []

    clock.advance(timedelta(hours=13))
    await turn(house, "a", lessons)
    await turn(house, "a", lessons)

    assert lessons.asked == [SCHEDULE]
    assert await house.store.read(lambda work: work.jobs.next_at(QUEUE)) == planned + timedelta(days=1)


async def test_of_two_processes_one_learns(house: House, clock: HandClock) -> None:
    first, second = Lessons(), Lessons()
    await turn(house, "a", first)
    clock.advance(timedelta(hours=13))

    async def meanwhile(by: str) -> int:
        await turn(house, "b", second)
        return await first(by)

    await turn(house, "a", meanwhile)

    assert (first.asked, second.asked) == ([SCHEDULE], [])


async def test_somebody_asks_and_a_fault_is_tried_again(house: House, clock: HandClock) -> None:
    lessons = Lessons(2, 1)
    now = clock.now()
    await house.store.write(lambda work: work.jobs.put(QUEUE, {"by": "Ani"}, key=ASKED, run_at=now))

    await turn(house, "a", lessons)
    await turn(house, "a", lessons)
    clock.advance(timedelta(minutes=11))
    await turn(house, "a", lessons)
    await turn(house, "a", lessons)

    assert lessons.asked == ["Ani", "Ani"]
    assert await house.store.read(lambda work: work.jobs.next_at(QUEUE)) == datetime(2026, 12, 17, 18, 30, tzinfo=UTC)


async def test_without_the_libraries_or_the_hour_nothing_is_planned(house: House) -> None:

    off = replace(house, office=replace(house.office, learn_at=None))

    await turn(replace(house, can_learn=False), "a", Lessons())
    await turn(off, "a", Lessons())

    assert await house.store.read(lambda work: work.jobs.next_at(QUEUE)) is None
    assert tonight(off.office, house.clock.now()) is None
    assert NIGHTLY != ASKED
