"""A fault never ends a worker; a database that is away is waited out with growing patience; a stop stops."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.errors import StoreAway
from omnichannel.domain.work import Work
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from omnichannel.workers.loop import LONGEST_AFTER_FAULT, due, forever
from tests.build import NOON
from tests.desk import a_house
from tests.house import HandClock

Turn = Callable[[], Awaitable[bool]]


class Turns:
    """Does what the list says, turn by turn; then asks for the stop."""

    def __init__(self, *does: bool | Exception) -> None:
        self.does = list(does)
        self.begun = asyncio.Event()
        self.done = asyncio.Event()
        self.count = 0

    async def __call__(self) -> bool:
        self.begun.set()
        if self.count == len(self.does):
            self.done.set()
            return False
        self.count += 1
        now = self.does[self.count - 1]
        if isinstance(now, Exception):
            raise now
        return now


async def run(turns: Turns, bell: LocalBell, clock: HandClock, rest: timedelta = timedelta(milliseconds=1)) -> None:
    task = asyncio.create_task(forever("uji", turns, bell=bell, clock=clock, topic="uji", rest=rest))
    try:
        async with asyncio.timeout(5):
            await turns.done.wait()
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_fault_never_ends_a_worker(bell: LocalBell, clock: HandClock, caplog: pytest.LogCaptureFixture) -> None:
    turns = Turns(RuntimeError("cacat"), KeyError("x"), True, StoreAway("penuh"), False, RuntimeError("lagi"))

    await run(turns, bell, clock)

    assert turns.count == 6
    assert caplog.text.count("worker fault") == 3
    assert caplog.text.count("store away") == 1


async def test_patience_grows_to_a_limit_and_is_forgotten_after_a_good_turn(bell: LocalBell, clock: HandClock) -> None:
    waits: list[float] = []

    class Noting(HandClock):
        async def sleep(self, duration: timedelta) -> None:
            waits.append(duration.total_seconds())
            await asyncio.sleep(0)

    away = StoreAway("penuh")
    await run(Turns(*[away] * 8, True, away), bell, Noting())

    assert waits == [1, 2, 4, 8, 16, 30, 30, 30, 1]
    assert max(waits) == LONGEST_AFTER_FAULT.total_seconds()


async def test_it_recovers_before_the_first_turn_after_a_fault_and_only_then(bell: LocalBell, clock: HandClock) -> None:
    turns = Turns(True, StoreAway("penuh"), True, RuntimeError("cacat"), RuntimeError("lagi"), True, True)
    recovered: list[int] = []

    async def recover() -> None:
        recovered.append(turns.count)
        if len(recovered) == 1:
            raise StoreAway("masih penuh")

    task = asyncio.create_task(forever("uji", turns, bell=bell, clock=clock, topic="uji", recover=recover))
    async with asyncio.timeout(5):
        await turns.done.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert recovered == [2, 2, 4, 5]


async def test_while_there_is_more_it_does_not_rest(bell: LocalBell, clock: HandClock) -> None:
    async with asyncio.timeout(2):
        await run(Turns(*[True] * 50), bell, clock, rest=timedelta(hours=1))


async def test_a_ring_ends_the_rest(bell: LocalBell, clock: HandClock) -> None:
    turns = Turns(False)
    task = asyncio.create_task(forever("uji", turns, bell=bell, clock=clock, topic="uji", rest=timedelta(hours=1)))
    await turns.begun.wait()

    bell.ring("lain")
    bell.ring("uji")

    async with asyncio.timeout(2):
        await turns.done.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_stop_in_the_middle_of_a_turn_is_a_stop(bell: LocalBell, clock: HandClock) -> None:
    started = asyncio.Event()

    async def endless() -> bool:
        started.set()
        await asyncio.sleep(3600)
        return True

    task = asyncio.create_task(forever("uji", endless, bell=bell, clock=clock, topic="uji"))
    await started.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_stop_that_comes_together_with_an_answer_is_a_stop(bell: LocalBell, clock: HandClock) -> None:
    """Python 3.11 hands the answer out and forgets the stop; a mail poller once kept a service from ever stopping so."""
    asked, answer = asyncio.Event(), asyncio.get_running_loop().create_future()

    async def turn() -> bool:
        if not asked.is_set():
            asked.set()
            await asyncio.wait_for(answer, 600)
            return True
        await asyncio.sleep(3600)
        return True

    task = asyncio.create_task(forever("uji", turn, bell=bell, clock=clock, topic="uji"))
    await asked.wait()
    answer.set_result(None)
    task.cancel()

    done, _ = await asyncio.wait([task], timeout=5)
    task.cancel()
    assert done
    assert task.cancelled()


async def test_an_idle_desk_is_asked_and_not_written(
    quick_store: SqlStore, clock: HandClock, bell: LocalBell, tmp_path: Path
) -> None:
    house = a_house(quick_store, tmp_path, clock=clock, bell=bell)

    def put(work: Work) -> None:
        work.jobs.put("uji", {}, run_at=NOON + timedelta(seconds=5))

    assert not await due(house, "uji", "lain")
    await quick_store.write(put)
    kept_at = quick_store.kept_at
    clock.advance(timedelta(seconds=4))
    assert not await due(house, "uji")
    clock.advance(timedelta(seconds=1))
    assert await due(house, "lain", "uji")
    assert quick_store.kept_at == kept_at
