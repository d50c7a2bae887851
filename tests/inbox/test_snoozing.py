"""What sleeps comes back by itself: at its moment, at the citizen's word, before its deadline wherever that moves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.snooze import WHENEVER, before_due
from omnichannel.domain.together import NudgeKind
from omnichannel.domain.work import Work
from omnichannel.inbox import snoozing, triage
from omnichannel.store.database import SqlStore
from tests.build import NOON, TODAY, a_conversation, a_staff, an_incoming
from tests.inbox.conftest import Tell, talk

DAY = timedelta(days=1)
ZONE = ZoneInfo("Asia/Makassar")
CALENDAR = WorkingCalendar.of({date(2026, 12, 25): "Natal"}, ZONE)


@pytest.mark.parametrize(
    ("due", "days", "wakes"),
    [
        (date(2026, 12, 17), 1, date(2026, 12, 16)),
        (date(2026, 12, 21), 1, date(2026, 12, 18)),  # over the weekend
        (date(2026, 12, 28), 1, date(2026, 12, 24)),  # over Christmas and the weekend
        (date(2026, 12, 28), 3, date(2026, 12, 22)),
        (date(2026, 12, 27), 1, date(2026, 12, 24)),  # a deadline on a day off still counts back from itself
    ],
)
def test_working_days_are_counted_back_and_the_desk_opens_at_eight(due: date, days: int, wakes: date) -> None:
    moment = before_due(due, days, CALENDAR)

    assert moment.astimezone(ZONE) == datetime(wakes.year, wakes.month, wakes.day, 8, tzinfo=ZONE)


@pytest.mark.parametrize("days", [0, -1, 31])
def test_a_number_of_days_that_makes_no_sense_is_refused(days: int) -> None:
    with pytest.raises(Invalid):
        before_due(TODAY, days, CALENDAR)


async def a_desk(store: SqlStore, due: date | None = None) -> tuple[Staff, Conversation]:
    def prepare(work: Work) -> tuple[Staff, Conversation]:
        made = a_conversation(work)
        if due is not None:
            made = work.conversations.save(made, replace(made, due=due.isoformat()))
        return a_staff(work), made

    return await store.write(prepare)


async def asleep(store: SqlStore, number: int) -> datetime | None:
    found = await store.read(lambda work: work.conversations.get(number))
    assert found is not None
    return found.snoozed_until


async def news(store: SqlStore, staff: Staff) -> list[NudgeKind]:
    return await store.read(lambda work: [one.kind for one in work.together.nudges(staff.id)])


async def test_who_put_it_off_is_told_when_it_comes_back(store: SqlStore) -> None:
    staff, made = await a_desk(store)
    await store.write(lambda work: triage.snooze(work, staff, made.id, NOON + DAY, now=NOON))

    early = await store.write(lambda work: snoozing.wake(work, NOON + DAY - timedelta(seconds=1)))
    woken = await store.write(lambda work: snoozing.wake(work, NOON + DAY))

    assert (early, woken, await asleep(store, made.id)) == (0, 1, None)
    assert await news(store, staff) == [NudgeKind.WOKE]


async def test_until_the_citizen_writes_is_until_they_write(quick_store: SqlStore, tell: Tell) -> None:
    await tell(an_incoming())
    made, staff = await talk(quick_store), await quick_store.write(a_staff)
    await quick_store.write(lambda work: snoozing.until_written(work, staff, made.id, now=NOON))
    for days in (1, 400):
        await quick_store.write(partial(snoozing.wake, now=NOON + days * DAY))
        await quick_store.write(partial(snoozing.recount, calendar=CALENDAR, now=NOON + days * DAY))
    still = await asleep(quick_store, made.id)

    await tell(an_incoming(text="halo?"))

    assert still == WHENEVER
    assert await asleep(quick_store, made.id) is None
    await quick_store.write(lambda work: snoozing.recount(work, CALENDAR, NOON))
    assert await quick_store.write(lambda work: work.together.awake(made.id)) is None


async def test_the_law_does_not_wait_for_the_citizen(store: SqlStore) -> None:
    staff, made = await a_desk(store, due=TODAY + 2 * DAY)
    await store.write(lambda work: snoozing.until_written(work, staff, made.id, now=NOON))

    before = await store.write(lambda work: snoozing.recount(work, CALENDAR, NOON + DAY))
    on_the_day = await store.write(lambda work: snoozing.recount(work, CALENDAR, NOON + 2 * DAY))

    assert (before, on_the_day, await asleep(store, made.id)) == (0, 1, None)


async def test_sleep_before_a_deadline_follows_it(store: SqlStore) -> None:
    staff, made = await a_desk(store, due=date(2026, 12, 28))
    await store.write(lambda work: snoozing.until_near(work, staff, made.id, 2, calendar=CALENDAR, now=NOON))
    first = await asleep(store, made.id)

    def extended(work: Work) -> None:
        now = work.conversations.get(made.id)
        assert now is not None
        work.conversations.save(now, replace(now, due="2027-01-08"))

    await store.write(extended)
    moved = await store.write(lambda work: snoozing.recount(work, CALENDAR, NOON))
    again = await store.write(lambda work: snoozing.recount(work, CALENDAR, NOON))

    assert first == datetime(2026, 12, 23, 0, tzinfo=UTC)
    assert (moved, again) == (1, 0)
    assert await asleep(store, made.id) == datetime(2027, 1, 6, 0, tzinfo=UTC)


async def test_a_deadline_that_is_too_near_or_not_there_is_told(quick_store: SqlStore) -> None:
    staff, none = await a_desk(quick_store)
    _, near = await a_desk(quick_store, due=TODAY + DAY)

    for made in (none, near):
        with pytest.raises(Invalid):
            await quick_store.write(
                partial(snoozing.until_near, staff=staff, conversation_id=made.id, days=2, calendar=CALENDAR, now=NOON)
            )
        assert await asleep(quick_store, made.id) is None


async def test_who_may_no_longer_read_it_is_not_told(quick_store: SqlStore) -> None:
    def prepare(work: Work) -> tuple[Staff, Conversation]:
        return a_staff(work, role=Role.UNIT, unit="dishub"), a_conversation(work, unit="dishub")

    staff, made = await quick_store.write(prepare)
    await quick_store.write(lambda work: triage.snooze(work, staff, made.id, NOON + DAY, now=NOON))

    def passed(work: Work) -> int:
        now = work.conversations.get(made.id)
        assert now is not None
        work.conversations.save(now, replace(now, unit="pdam"))
        return snoozing.wake(work, NOON + DAY)

    assert await quick_store.write(passed) == 1
    assert await news(quick_store, staff) == []
