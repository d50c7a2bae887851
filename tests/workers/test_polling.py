"""Asking: one process an account, the cursor with its batch, and troubles shown and waited out."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from omnichannel.domain.channel import Health
from omnichannel.domain.errors import AccountBroken, StoreAway, TryLater
from omnichannel.domain.house import House
from omnichannel.domain.ports import Batch
from omnichannel.domain.work import AccountState, Work
from omnichannel.inbox.deliver import ON_SENDING
from omnichannel.workers import polling
from omnichannel.workers.polling import FIRST_WAIT, LEASE, STANDBY, Poller, drop_leases, keep_open
from tests.build import ACCOUNT, an_incoming
from tests.house import HandClock
from tests.plug import Plug, PollingPlug
from tests.workers.conftest import Build

PATIENCE = timedelta(seconds=8)


class Enough(Exception):
    """The test has seen what it wanted."""


async def state(house: House) -> AccountState:
    found = await house.store.read(lambda work: work.accounts.get(ACCOUNT))
    assert found is not None
    return found


async def turn(poller: Poller, plug: PollingPlug) -> timedelta | None:
    """One turn that ends after the answers that the test gave (the last one takes the lease away)."""
    plug.polls.append(StoreAway("cukup"))
    return await poller.turn(PATIENCE)


async def test_batches_come_in_with_their_cursor(build: Build) -> None:
    plug = PollingPlug()
    house = build(plug)
    plug.polls.extend([Batch((plug.raw(an_incoming("a")),), "1"), Batch((plug.raw(an_incoming("b")),), "2")])

    await turn(Poller(house, plug, "satu"), plug)

    found = await state(house)
    assert (found.cursor, found.received, found.health) == ("2", 2, Health.WELL)
    assert plug.asked == [None, "1", "2"]


async def test_nothing_new_writes_nothing_but_the_lease(build: Build) -> None:
    plug = PollingPlug()
    house = build(plug)
    plug.polls.extend([Batch((), "1"), Batch((), "1"), Batch((), "1")])

    await turn(Poller(house, plug, "satu"), plug)

    assert (await state(house)).cursor == "1"
    assert await house.store.read(lambda work: work.ledger.entries(ACCOUNT, 0, 10)) == []


async def test_a_second_process_stands_by_and_takes_over_when_the_first_dies(build: Build, clock: HandClock) -> None:
    plug = PollingPlug()
    house = build(plug)
    await turn(Poller(house, plug, "satu"), plug)

    standby = Poller(house, plug, "dua")
    assert await standby.turn(PATIENCE) == STANDBY
    asked = len(plug.asked)
    clock.advance(LEASE)
    plug.polls.append(Batch((plug.raw(an_incoming()),), "9"))
    await turn(standby, plug)

    assert len(plug.asked) > asked
    assert (await state(house)).cursor == "9"


async def test_who_lost_the_lease_during_a_poll_keeps_nothing(build: Build, clock: HandClock) -> None:
    class Slow(PollingPlug):
        async def poll(self, cursor: str | None) -> Batch:
            """It takes so long that another process takes over, and reads the same batch first."""
            clock.advance(LEASE)
            await house.store.write(
                lambda work: work.accounts.take_lease(ACCOUNT, "dua", clock.now() + LEASE, clock.now())
            )
            return await super().poll(cursor)

    plug = Slow()
    house = build(plug)
    plug.polls.append(Batch((plug.raw(an_incoming()),), "1"))

    assert await Poller(house, plug, "satu").turn(PATIENCE) == PATIENCE

    found = await state(house)
    assert (found.cursor, found.received) == (None, 0)


async def test_a_clean_stop_hands_the_lease_over_at_once(build: Build) -> None:
    plug = PollingPlug()
    house = build(plug)
    await turn(Poller(house, plug, "satu"), plug)

    await drop_leases(house, "satu")

    assert await turn(Poller(house, plug, "dua"), plug) is not STANDBY


@pytest.mark.parametrize(
    ("error", "health", "wait"),
    [
        (TryLater("ramai", timedelta(seconds=33)), Health.TROUBLED, timedelta(seconds=33)),
        (TryLater("ramai"), Health.TROUBLED, PATIENCE),
        (AccountBroken("token mati"), Health.BROKEN, timedelta(seconds=30)),
        (TimeoutError(), Health.TROUBLED, PATIENCE),
        (ZeroDivisionError("cacat"), Health.TROUBLED, PATIENCE),
    ],
)
async def test_every_trouble_is_shown_and_waited_out(
    build: Build, error: Exception, health: Health, wait: timedelta
) -> None:
    plug = PollingPlug()
    house = build(plug)
    plug.polls.append(error)

    assert await Poller(house, plug, "satu").turn(PATIENCE) == wait

    found = await state(house)
    assert found.health is health
    assert found.error
    assert "ZeroDivisionError: cacat" not in (found.error or "")


async def test_an_account_that_can_no_longer_send_is_still_read(build: Build) -> None:
    plug = PollingPlug()
    house = build(plug)
    plug.refuses_to_open.append(AccountBroken("kata sandi SMTP salah"))

    await Poller(house, plug, "satu").turn(PATIENCE)

    assert plug.asked == [None]
    assert (await state(house)).health is Health.BROKEN


async def test_a_mended_account_is_well_again_and_the_change_is_told(build: Build) -> None:
    plug = PollingPlug()
    house = build(plug)
    plug.polls.append(AccountBroken("token mati"))
    poller = Poller(house, plug, "satu")
    await poller.turn(PATIENCE)

    await turn(poller, plug)

    told = [one.verb for one in await house.store.read(lambda work: work.screens.happened(0))]
    assert (await state(house)).health is Health.WELL
    assert [one for one in told if one.startswith("account_")][-2:] == ["account_broken", "account_well"]


async def test_a_good_poll_does_not_hide_that_sending_is_broken(build: Build) -> None:
    plug = PollingPlug()
    house = build(plug)
    poller = Poller(house, plug, "satu")
    await turn(poller, plug)

    def broken(work: Work) -> None:
        work.accounts.set_health(ACCOUNT, Health.BROKEN, ON_SENDING + "izin dicabut", house.clock.now())

    await house.store.write(broken)
    plug.polls.append(Batch((plug.raw(an_incoming()),), "1"))
    await turn(poller, plug)

    assert (await state(house)).health is Health.BROKEN


async def test_a_poller_runs_for_ever_and_its_patience_grows(build: Build) -> None:
    plug = PollingPlug()
    waits: list[timedelta] = []

    class Ending(HandClock):
        async def sleep(self, duration: timedelta) -> None:
            waits.append(duration)
            if len(waits) == 6:
                raise Enough

    house = build(plug)
    ending = replace(house, clock=Ending())
    plug.polls.extend(
        [TryLater("ramai"), ZeroDivisionError(), TimeoutError(), TryLater("x"), StoreAway("y"), OSError()]
    )

    with pytest.raises(Enough):
        await Poller(ending, plug, "satu").run()

    assert waits == [FIRST_WAIT * 2**step for step in range(6)]


async def test_a_webhook_account_is_opened_until_it_works(build: Build) -> None:
    plug = Plug()
    house = build(plug)
    plug.refuses_to_open.extend([TryLater("ramai"), AccountBroken("token mati"), ZeroDivisionError(), TimeoutError()])

    async with asyncio.timeout(5):
        await keep_open(house, plug)

    assert plug.opened == 5
    assert (await state(house)).health is Health.WELL


async def test_a_stop_that_comes_together_with_a_batch_keeps_the_batch_and_stops(build: Build) -> None:
    class Slow(PollingPlug):
        asked_first = asyncio.Event()
        answer: asyncio.Future[Batch] = asyncio.get_running_loop().create_future()

        async def poll(self, cursor: str | None) -> Batch:
            if self.asked_first.is_set():
                await asyncio.sleep(3600)
            self.asked_first.set()
            return await self.answer

    plug = Slow()
    house = build(plug)
    task = asyncio.create_task(Poller(house, plug, "satu").run())
    await plug.asked_first.wait()
    plug.answer.set_result(Batch((plug.raw(an_incoming("a")),), "1"))
    await asyncio.sleep(0)  # the batch is handed over
    task.cancel()

    done, _ = await asyncio.wait([task], timeout=30)
    task.cancel()
    assert done
    assert task.cancelled()


async def test_an_account_that_never_answers_the_opening_does_not_hang_the_service(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent(PollingPlug):
        async def open(self) -> None:
            await asyncio.sleep(3600)

    monkeypatch.setattr(polling, "OPEN_TIMEOUT", 0.01)
    plug = Silent()
    house = build(plug)

    assert await Poller(house, plug, "satu").turn(PATIENCE) == PATIENCE
    assert (await state(house)).error == "Platform tidak menjawab."
