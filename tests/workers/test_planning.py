"""The worker of waiting answers: at their moment, in time, and never because a clock was set back."""

from datetime import timedelta

from omnichannel.domain.composing import PlanState
from omnichannel.domain.work import Direction
from omnichannel.inbox import plans
from omnichannel.workers.loop import REST
from omnichannel.workers.planning import Planner
from tests.build import a_staff
from tests.house import HandClock
from tests.plug import OPEN, Plug
from tests.workers.conftest import Build, wrote

SECONDS = timedelta(seconds=5)


async def test_it_rests_no_longer_than_until_the_next_is_due_and_then_sends_it(build: Build, clock: HandClock) -> None:
    plug = Plug()
    house = build(plug)
    asked = await wrote(house, plug)
    planner = Planner(house, "uji")
    assert await planner.turn() is False
    assert planner.rest() == REST
    staff = await house.store.write(a_staff)
    plan = await house.store.write(
        lambda work: plans.plan(
            work,
            staff,
            asked.conversation_id,
            "Baik.",
            key="k-1",
            at=clock.now() + timedelta(seconds=2),
            ability=lambda one: OPEN,
            now=clock.now(),
            brief=True,
        )
    )

    assert await planner.turn() is False
    assert planner.rest() == timedelta(seconds=2)
    await clock.sleep(timedelta(seconds=2))
    assert await planner.turn() is True
    assert await planner.turn() is False

    thread = await house.store.read(lambda work: work.messages.thread(asked.conversation_id))
    assert [one.text for one in thread if one.direction is Direction.OUT] == ["Baik."]
    after = await house.store.read(lambda work: work.plans.get(plan.id))
    assert after is not None
    assert after.state is PlanState.SENT


async def test_a_clock_that_was_set_back_hurries_nothing_out_of_the_house(build: Build, clock: HandClock) -> None:
    plug = Plug()
    house = build(plug)
    asked = await wrote(house, plug)
    staff = await house.store.write(a_staff)
    await house.store.write(
        lambda work: plans.plan(
            work,
            staff,
            asked.conversation_id,
            "Besok.",
            key="k-1",
            at=clock.now() + timedelta(hours=3),
            ability=lambda one: OPEN,
            now=clock.now(),
        )
    )
    await house.store.write(lambda work: work.jobs.hasten(clock.now(), but="remind"))
    planner = Planner(house, "uji")

    assert await planner.turn() is True
    assert await planner.turn() is False

    thread = await house.store.read(lambda work: work.messages.thread(asked.conversation_id))
    assert [one for one in thread if one.direction is Direction.OUT] == []
    await clock.sleep(timedelta(hours=3))
    assert await planner.turn() is True
