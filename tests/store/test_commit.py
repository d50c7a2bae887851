"""One transaction a story, one commit a batch, and nobody hurt by their neighbour."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.errors import Conflict, Invalid, NotFound, StoreAway
from omnichannel.domain.work import MACHINE, Actor, Happening, Work
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore, open_store
from tests.build import NOON, a_message, a_staff
from tests.house import HandClock, opened

AT_ONCE = timedelta(0)


def noting(thing_id: int):
    def story(work: Work) -> int:
        return work.note(MACHINE, "tested", "thing", thing_id, at=NOON)

    return story


def happened_after(last: int) -> Callable[[Work], list[Happening]]:
    return lambda work: work.screens.happened(last)


async def noted(store: SqlStore) -> list[int]:
    return [one.thing_id for one in await store.read(lambda work: work.screens.happened(0, 10_000))]


async def test_a_story_that_raises_undoes_itself_and_nobody_else(store: SqlStore) -> None:
    def failing(work: Work) -> None:
        work.note(MACHINE, "tested", "thing", 999, at=NOON)
        work.ring("never")
        raise NotFound("there is no such thing")

    stories = [noting(place) if place % 3 else failing for place in range(60)]
    answers = await asyncio.gather(*(store.write(story) for story in stories), return_exceptions=True)

    assert await noted(store) == [place for place in range(60) if place % 3]
    assert [isinstance(answer, NotFound) for answer in answers] == [place % 3 == 0 for place in range(60)]


async def test_a_fault_of_the_database_is_the_storys_own(store: SqlStore) -> None:
    def swallowing(work: Work) -> None:
        """A story that goes on after the database refused: what stands after it cannot be half of anything."""
        with contextlib.suppress(Exception):
            work.people.open_session("hash", 10_000, "csrf", NOON, NOON)
        work.note(MACHINE, "tested", "thing", 2, at=NOON)

    def for_nobody(work: Work) -> None:
        work.people.open_session("hash", 10_000, "csrf", NOON, NOON)

    stories = (for_nobody, noting(3), swallowing)
    answers = await asyncio.gather(*(store.write(story) for story in stories), return_exceptions=True)

    assert isinstance(answers[0], Conflict), "a session of nobody"
    assert isinstance(answers[1], int)
    # SQLite lets a story go on after a refused statement, PostgreSQL does not: whole or not at all, on both.
    assert await noted(store) == ([3, 2] if answers[2] is None else [3])


async def test_event_ids_are_in_the_order_of_commits(store: SqlStore) -> None:
    seen: list[int] = []

    async def watch() -> None:
        last = 0
        while len(seen) < 200:
            for one in await store.read(happened_after(last)):
                seen.append(one.id)
                last = one.id
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(watch())
        for place in range(200):
            tasks.create_task(store.write(noting(place)))

    assert seen == sorted(seen)
    assert len(set(seen)) == 200


async def test_bells_ring_after_the_commit_and_only_for_what_was_kept(store: SqlStore, bell: LocalBell) -> None:
    route, never, screens = bell.ear("route"), bell.ear("never"), bell.ear("screens")

    def good(work: Work) -> None:
        work.ring("route")
        work.note(MACHINE, "tested", "thing", 1, at=NOON)

    def bad(work: Work) -> None:
        work.ring("never")
        raise NotFound("no")

    await asyncio.gather(store.write(good), store.write(bad), return_exceptions=True)

    assert await route.heard(AT_ONCE)
    assert await screens.heard(AT_ONCE)
    assert not await never.heard(AT_ONCE)
    assert await noted(store) == [1]


async def test_whoever_stops_waiting_loses_nothing_that_was_begun(store: SqlStore) -> None:
    task = asyncio.create_task(store.write(noting(1)))
    await asyncio.sleep(0)
    await store.write(noting(2))
    task.cancel()

    assert set(await noted(store)) >= {2}


async def test_a_story_cannot_await(store: SqlStore) -> None:
    async def story(work: Work) -> None:
        work.note(MACHINE, "tested", "thing", 1, at=NOON)

    with pytest.raises(TypeError, match="plain function"):
        await store.write(story)  # type: ignore[unused-coroutine]

    assert await noted(store) == []


async def test_odd_endings_of_a_story_reach_only_its_caller(store: SqlStore) -> None:
    def stopping(_: Work) -> None:
        raise StopIteration

    def leaving(_: Work) -> None:
        raise SystemExit(3)

    with pytest.raises(RuntimeError):
        await store.write(stopping)
    with pytest.raises(SystemExit):
        await store.write(leaving)

    assert await store.write(noting(1)) > 0


async def test_a_question_must_not_write(store: SqlStore) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only"):
        await store.read(noting(1))

    assert await noted(store) == []


async def test_a_question_sees_one_moment(store: SqlStore) -> None:
    """Between its first and its last statement nothing changes, though others write meanwhile."""
    loop = asyncio.get_running_loop()
    ready, go = asyncio.Event(), asyncio.Event()
    await store.write(noting(1))

    def question(work: Work) -> tuple[int, int]:
        first = work.screens.last_happening()
        loop.call_soon_threadsafe(ready.set)
        return first, work.screens.last_happening()

    asked = asyncio.create_task(store.read(question))
    await ready.wait()
    await store.write(noting(2))
    go.set()
    first, last = await asked

    assert first == last


async def test_words_that_no_database_holds_cost_nobody_their_message(store: SqlStore) -> None:
    odd = "a\x00b \ud83d c \udc4d \U0001f44d"

    def story(work: Work) -> int:
        message = a_message(work, text=odd, external_id="x" * 50_000)
        work.note(Actor(odd, odd), "received", "message", message.id, at=NOON, why=odd)
        work.jobs.put("route", {"text": odd}, key="y" * 50_000, run_at=NOON)
        return message.id

    message_id = await store.write(story)
    kept = await store.read(lambda work: work.messages.get(message_id))
    found = await store.read(lambda work: work.messages.by_external("wa-humas", "x" * 50_000))

    assert kept is not None
    assert kept.text == "a\ufffdb \ufffd c \ufffd \U0001f44d"
    assert found == kept
    assert await store.read(lambda work: work.messages.by_external("wa-humas", "x" * 49_999)) is None
    assert not await store.write(lambda work: work.jobs.put("route", {}, key="y" * 50_000, run_at=NOON))


async def test_a_number_that_fits_nowhere_is_invalid_not_an_outage(store: SqlStore) -> None:
    with pytest.raises(Invalid):
        await store.write(noting(10**30))

    assert await store.write(noting(1)) > 0


async def test_a_closed_store_says_so_and_keeps_what_it_promised(store_url: str, clock: HandClock) -> None:
    store = open_store(store_url, LocalBell(), clock)
    with pytest.raises(StoreAway):
        await store.write(noting(0))
    await store.open()
    await store.open()

    promised = [asyncio.create_task(store.write(noting(place))) for place in range(50)]
    await asyncio.sleep(0)
    await store.close()
    await store.close()
    await asyncio.gather(*promised)
    with pytest.raises(StoreAway):
        await store.write(noting(51))
    with pytest.raises(StoreAway):
        await store.read(lambda work: work.screens.last_happening())
    await store.open()

    assert await noted(store) == list(range(50))
    assert store.kept_at == clock.now()
    await store.close()


async def test_staff_of_a_failed_story_leaves_no_login_behind(store: SqlStore) -> None:
    def story(work: Work) -> None:
        a_staff(work, login="sari")
        raise Conflict("changed my mind")

    with pytest.raises(Conflict):
        await store.write(story)

    assert await store.read(lambda work: work.people.by_login("sari")) is None


async def test_what_an_office_commits_lies_on_the_disk_before_anybody_is_told(
    dear_commits: None, tmp_path: Path, bell: LocalBell, clock: HandClock
) -> None:
    """The tests' own stores do not wait for the disk; an office's does."""

    def asked(work: Work) -> tuple[int, str]:
        ask = work.connection.exec_driver_sql  # type: ignore[attr-defined]
        return ask("PRAGMA synchronous").scalar(), ask("PRAGMA journal_mode").scalar()

    async with opened(f"sqlite:///{tmp_path / 'desk.db'}", bell, clock) as store:
        assert await store.write(asked) == (2, "wal")
