"""Slow clocks: alarms told apart from each other, sleepers woken, reminders once a day, an idle minute without a write."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from omnichannel.domain.case import Kind
from omnichannel.domain.channel import Late
from omnichannel.domain.message import Author
from omnichannel.domain.office import AlarmContact
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import Work
from omnichannel.inbox.triage import snooze
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from omnichannel.workers import reminding, routing
from omnichannel.workers.reminding import recount
from tests.build import ACCOUNT, TODAY, a_case, a_staff
from tests.desk import a_house, a_verdict
from tests.house import HandClock
from tests.plug import Plug, narrowed
from tests.workers.conftest import Build, answered, now_is, wrote

PIKET = AlarmContact(account=ACCOUNT, address="piket", name="Piket")


class Afraid:
    """Takes everything for a danger to life."""

    def classify(self, text: str, *, channel: str | None = None) -> Verdict:
        return a_verdict(Kind.COMPLAINT, urgent=True)


async def test_from_the_citizens_word_to_the_duty_contacts_outbox(build: Build, clock: HandClock) -> None:
    plug = Plug()
    house = build(plug, classifier=Afraid(), alarm_contacts=(PIKET,))
    await wrote(house, plug, "Kebakaran!")

    await routing.turn(house, "satu")
    await reminding.alarms(house, "satu")
    again = await reminding.alarms(house, "satu")

    depths = await house.store.read(lambda work: work.jobs.depths())
    assert depths[f"send-first:{ACCOUNT}"] == (2, 0), "the citizen's notice and the desk's"
    assert again is False


async def test_an_alarm_that_cannot_be_told_stops_no_other(build: Build, clock: HandClock) -> None:
    plug = Plug()
    house = build(plug, classifier=Afraid(), alarm_contacts=(PIKET,))
    for name in ("a", "b"):
        await wrote(house, plug, f"Kebakaran {name}", conversation=name, author=Author(id=name))
    await routing.turn(house, "satu")
    await house.store.write(lambda work: work.jobs.put("alarm", {"alarm": "bukan angka"}, run_at=clock.now()))

    with pytest.raises(ValueError, match="bukan angka"):
        await reminding.alarms(house, "satu")

    depths = await house.store.read(lambda work: work.jobs.depths())
    assert depths[f"send-first:{ACCOUNT}"] == (4, 0), "two notices to citizens, two to the desk"


async def test_a_minute_wakes_reminds_and_tells_writers_of_accounts_that_are_gone(
    build: Build, clock: HandClock
) -> None:
    plug, gone = Plug(), Plug("wa-lama")
    house = build(plug, gone)
    sleeper = await wrote(house, plug)
    stranded = await answered(house, await wrote(house, gone))

    def prepare(work: Work) -> int:
        until = clock.now() + timedelta(minutes=5)
        snooze(work, a_staff(work), sleeper.conversation_id, until, now=clock.now())
        return a_case(work, due=TODAY).conversation_id

    near = await house.store.write(prepare)
    clock.advance(timedelta(minutes=5))
    after = build(plug)

    for _ in range(3):
        await reminding.clockwork(after)

    woken = await after.store.read(lambda work: work.conversations.get(sleeper.conversation_id))
    told = await after.store.read(lambda work: work.screens.history(near))
    assert woken is not None
    assert woken.snoozed_until is None
    assert [one.verb for one in told] == ["near_due"]
    assert (await now_is(after, stranded)).error == "Akun kanal ini tidak ada lagi di konfigurasi."


async def test_a_window_that_has_shut_is_let_go(build: Build, clock: HandClock) -> None:
    plug = Plug(capabilities=narrowed(window=timedelta(hours=24), late=Late.TEMPLATE))
    house = build(plug)
    message = await wrote(house, plug)

    async def shuts() -> object:
        await reminding.clockwork(house)
        found = await house.store.read(lambda work: work.conversations.get(message.conversation_id))
        return found.shuts_at if found else found

    before = await shuts()
    clock.advance(timedelta(hours=25))

    assert before is not None
    assert await shuts() is None


async def test_a_clock_that_was_set_back_leaves_nobody_waiting(build: Build, clock: HandClock) -> None:
    """A machine that takes its local time for UTC begins eight hours fast, until the network tells it."""
    plug = Plug()
    house = build(plug)
    clock.advance(timedelta(hours=8))
    message = await wrote(house, plug)
    clock.advance(-timedelta(hours=8))
    assert not await routing.turn(house, "satu")
    assert await house.store.read(lambda work: work.jobs.next_at(routing.QUEUE)) == clock.now() + timedelta(hours=8)

    await reminding.clockwork(house, "satu")
    await routing.turn(house, "satu")

    assert await house.store.read(lambda work: work.jobs.next_at(routing.QUEUE)) is None
    assert (await now_is(house, message)).text == "Lampu mati"


async def test_a_clock_that_is_right_hastens_nothing(build: Build, clock: HandClock) -> None:
    house = build(Plug())
    later = clock.now() + timedelta(minutes=5)
    await house.store.write(lambda work: work.jobs.put("send:x", {"message": 1}, run_at=later))

    await reminding.clockwork(house, "satu")

    assert await house.store.read(lambda work: work.jobs.next_at("send:x")) == later


async def test_every_morning_open_requests_are_laid_on_the_calendar_of_the_day(
    quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell
) -> None:
    house = a_house(quick_store, tmp_path, clock=clock, bell=bell)
    old = await quick_store.write(lambda work: a_case(work, kind=Kind.INFORMATION_REQUEST, due=date(2026, 11, 25)))

    moves = await recount(house, "Kalender kerja berubah.")

    # Mon 23 Nov 2026 is zero: 24=1 25=2 26=3 27=4 30=5, December 1=6 2=7 3=8 4=9 [5 6] 7=10.
    assert [(one.number, one.after) for one in moves] == [(old.number, date(2026, 12, 7))]
    assert await recount(house, "Kalender kerja berubah.") == []
