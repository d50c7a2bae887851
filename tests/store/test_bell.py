"""Bells: heard at once, never lost for good, and harmless when Redis is away."""

import asyncio
from datetime import timedelta

from omnichannel.store.bell import LocalBell, RedisBell, open_bell

AT_ONCE = timedelta(0)
SOON = timedelta(seconds=60)


async def test_a_ring_before_listening_is_heard_once() -> None:
    bell = LocalBell()
    ear = bell.ear("route", "send")

    bell.ring("route")
    bell.ring("send")
    bell.ring("another")

    assert await ear.heard(SOON)
    assert not await ear.heard(AT_ONCE)


async def test_a_sleeper_wakes_at_once() -> None:
    bell = LocalBell()
    ear = bell.ear("route")
    listening = asyncio.create_task(ear.heard(SOON))
    await asyncio.sleep(0)

    bell.ring("route")

    async with asyncio.timeout(SOON.total_seconds() / 2):
        assert await listening


async def test_every_ear_hears_and_a_closed_one_does_not() -> None:
    bell = LocalBell()
    one, two, closed = bell.ear("route"), bell.ear("route"), bell.ear("route")
    closed.close()
    closed.close()

    bell.ring("route")

    assert await one.heard(AT_ONCE + timedelta(milliseconds=50))
    assert await two.heard(AT_ONCE + timedelta(milliseconds=50))
    assert not await closed.heard(AT_ONCE)


async def test_without_redis_the_bell_is_local() -> None:
    assert isinstance(open_bell(None), LocalBell)


async def test_another_process_hears_through_redis(redis_url: str) -> None:
    here, there = RedisBell(redis_url), RedisBell(redis_url)
    ear_here, ear_there = here.ear("route"), there.ear("route")
    assert await ear_there.heard(SOON), "once connected, everybody looks"
    assert await ear_here.heard(SOON)

    here.ring("route")

    assert await ear_here.heard(AT_ONCE + timedelta(milliseconds=50)), "in our own process without any Redis"
    assert await ear_there.heard(SOON)
    assert not await ear_here.heard(timedelta(milliseconds=200)), "our own ring does not come back to us"
    await here.close()
    await there.close()
    await here.close()


async def test_what_is_told_reaches_listeners_here_and_in_another_process(redis_url: str) -> None:
    here, there = RedisBell(redis_url), RedisBell(redis_url)
    ear = there.ear("any")
    assert await ear.heard(SOON), "once connected, everybody looks"
    heard_here: list[str] = []
    heard_there, arrived = list[str](), asyncio.Event()

    def hears(words: str) -> None:
        heard_there.append(words)
        arrived.set()

    here.listen("presence", heard_here.append)
    there.listen("presence", hears)
    end = there.listen("presence", lambda words: heard_there.append("after the end"))
    end()

    here.tell("presence", '["Rina W", 7]')

    async with asyncio.timeout(SOON.total_seconds()):
        await arrived.wait()
    assert heard_here == heard_there == ['["Rina W", 7]']
    await here.close()
    await there.close()


async def test_losing_redis_costs_only_time(redis) -> None:
    here, there = RedisBell(redis.url), RedisBell(redis.url)
    ear_here, ear_there = here.ear("route"), there.ear("route")
    assert await ear_here.heard(SOON)
    assert await ear_there.heard(SOON)

    redis.stop()
    for _ in range(100):
        here.ring("route")
    assert await ear_here.heard(AT_ONCE + timedelta(milliseconds=50))
    assert not await ear_there.heard(timedelta(milliseconds=200))

    redis.start()
    assert await ear_there.heard(SOON), "back: whoever may have missed something looks"
    await here.close()
    await there.close()


async def test_a_redis_that_never_answers_troubles_nobody() -> None:
    bell = open_bell("redis://127.0.0.1:1/0")
    ear = bell.ear("route")

    bell.ring("route")
    await asyncio.sleep(0.1)

    assert await ear.heard(AT_ONCE)
    await bell.close()
