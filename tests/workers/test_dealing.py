"""What waits is dealt to whoever is on duty, knows it and is not full; never taken, never twice."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from omnichannel.domain.house import House
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.turns import SWITCH, Turn, tongue
from omnichannel.domain.work import Message
from omnichannel.inbox import triage
from omnichannel.workers import dealing
from tests.house import HandClock
from tests.plug import Plug
from tests.workers.conftest import Build, wrote
from tests.workers.test_pushing import an_officer, plug_of

WITA = ZoneInfo("Asia/Makassar")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=WITA)
WEEK = {day: ((time(8), time(16)),) for day in range(5)}


@pytest.fixture
async def house(build: Build, clock: HandClock) -> House:
    clock.at = MONDAY
    made = build(Plug())
    await made.store.write(lambda work: work.turns.switch(SWITCH, True, "Penyelia", MONDAY))
    return made


async def on_duty(house: House, role: Role = Role.AGENT, unit: str | None = None, **facts: Any) -> Staff:
    officer = await an_officer(house, role, unit)
    facts.setdefault("days", WEEK)
    await house.store.write(lambda work: work.turns.keep(Turn(staff_id=officer.id, on=True, **facts)))
    return officer


async def holder(house: House, message: Message) -> int | None:
    found = await house.store.read(lambda work: work.conversations.get(message.conversation_id))
    assert found is not None
    return found.assignee_id


async def waiting(house: House, *threads: str, text: str = "Lampu mati") -> list[Message]:
    plug = await plug_of(house)
    return [await wrote(house, plug, text, conversation=thread) for thread in threads]


async def test_work_is_spread_by_load_and_stops_where_everybody_is_full(house: House) -> None:
    one, other = await on_duty(house, most=2), await on_duty(house, most=1)

    said = await waiting(house, "a", "b", "c", "d")
    await dealing.turn(house)

    holders = [await holder(house, message) for message in said]
    assert sorted(str(found) for found in holders) == sorted([str(one.id), str(one.id), str(other.id), "None"])


async def test_what_somebody_holds_or_gave_back_is_left_alone(house: House) -> None:
    officer, outside = await on_duty(house), await an_officer(house)
    held, back = await waiting(house, "a", "b")
    now = house.clock.now()
    where = held.conversation_id
    await house.store.write(lambda work: triage.assign(work, outside, where, outside.id, now=now))
    await dealing.turn(house)
    assert await holder(house, back) == officer.id
    await house.store.write(lambda work: triage.assign(work, officer, back.conversation_id, None, now=now))

    await dealing.turn(house)

    assert (await holder(house, held), await holder(house, back)) == (outside.id, None)


@pytest.mark.parametrize(
    "facts",
    [
        {"topics": ("air_bersih",)},
        {"channels": ("mail",)},
        {"languages": ("en",)},
        {"days": {5: ((time(8), time(16)),)}},
        {"days": {0: ((time(13), time(16)),)}},
    ],
)
async def test_who_does_not_know_it_or_is_not_in_gets_nothing(house: House, facts: dict[str, Any]) -> None:
    await on_duty(house, **facts)
    (message,) = await waiting(house, "a")

    await dealing.turn(house)

    assert await holder(house, message) is None


async def test_who_knows_just_this_comes_before_who_knows_everything(house: House) -> None:
    await on_duty(house)
    english = await on_duty(house, languages=("en",))
    (message,) = await waiting(house, "a", text="Hello, please can you help us with the water in our street?")

    await dealing.turn(house)

    assert await holder(house, message) == english.id


async def test_a_unit_officer_gets_only_what_lies_with_their_unit(house: House) -> None:
    await on_duty(house, Role.UNIT, "dishub")
    (message,) = await waiting(house, "a")

    await dealing.turn(house)

    assert await holder(house, message) is None


async def test_switched_off_nothing_moves_and_the_morning_deals_the_night(house: House, clock: HandClock) -> None:
    officer = await on_duty(house)
    (message,) = await waiting(house, "a")
    await house.store.write(lambda work: work.turns.switch(SWITCH, False, "Penyelia", MONDAY))
    await dealing.turn(house)
    assert await holder(house, message) is None
    await house.store.write(lambda work: work.turns.switch(SWITCH, True, "Penyelia", MONDAY))
    clock.at = MONDAY + timedelta(hours=10)
    await dealing.turn(house)
    assert await holder(house, message) is None

    clock.at = MONDAY + timedelta(days=1)
    await dealing.turn(house)

    assert await holder(house, message) == officer.id


@pytest.mark.parametrize(
    ("text", "found"),
    [("", "id"), ("Lampu mati", "id"), ("What is the status of my report", "en"), ("ok the", "id"), ("PJU 123", "id")],
)
def test_a_language_is_guessed_by_small_words(text: str, found: str) -> None:
    assert tongue(text) == found
