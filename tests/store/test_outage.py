"""The database goes away in the worst moment: everybody hears it, nothing is half kept, and then work goes on."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from omnichannel.domain.errors import StoreAway
from omnichannel.domain.work import MACHINE, Work
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from omnichannel.store.sqlite import SqliteStore
from tests.build import NOON, a_message
from tests.house import HandClock, migrated, migrated_postgres, opened

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
input()
"""


def noting(thing_id: int):
    def story(work: Work) -> int:
        return work.note(MACHINE, "tested", "thing", thing_id, at=NOON)

    return story


async def noted(store: SqlStore) -> list[int]:
    return [one.thing_id for one in await store.read(lambda work: work.screens.happened(0, 10_000))]


async def answers(store: SqlStore, *stories):
    return await asyncio.gather(*(store.write(story) for story in stories), return_exceptions=True)


# ------------------------------------------------------------------ PostgreSQL


async def test_a_connection_killed_inside_a_batch_loses_the_whole_batch_and_no_more(postgres) -> None:
    url = await migrated_postgres(postgres)
    killer = await asyncpg.connect(url)

    def killed(work: Work) -> None:
        """Ends its own connection in the middle of its story."""
        work.note(MACHINE, "tested", "thing", 2, at=NOON)
        work.connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")  # type: ignore[attr-defined]

    async with opened(url, LocalBell(), HandClock()) as store:
        await store.write(noting(0))
        heard = await answers(store, noting(1), killed, noting(3))
        after = await store.write(noting(4))

        assert all(isinstance(one, StoreAway) for one in heard)
        assert after > 0
        assert await noted(store) == [0, 4]

        # Connections that died while they lay idle cost nobody an error.
        await killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        await store.write(noting(5))
        assert await noted(store) == [0, 4, 5]
    await killer.close()
    await postgres.drop(url)


async def test_a_story_that_swallows_the_cut_line_is_not_believed(postgres) -> None:
    url = await migrated_postgres(postgres)

    def swallowing(work: Work) -> str:
        try:
            work.connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")  # type: ignore[attr-defined]
        except Exception as error:
            return type(error).__name__
        return "alive"

    async with opened(url, LocalBell(), HandClock()) as store:
        with pytest.raises(StoreAway):
            await store.write(swallowing)

        assert await store.write(noting(1)) > 0
    await postgres.drop(url)


async def test_a_server_that_crashes_and_comes_back(postgres) -> None:
    url = await migrated_postgres(postgres)
    async with opened(url, LocalBell(), HandClock()) as store:
        await store.write(noting(1))
        postgres.stop()
        try:
            assert [type(one) for one in await answers(store, noting(2), noting(3))] == [StoreAway, StoreAway]
            with pytest.raises(StoreAway):
                await store.read(lambda work: work.screens.last_happening())
            with pytest.raises(StoreAway):
                await store.ready()
        finally:
            postgres.start()

        await store.write(noting(4))
        assert await noted(store) == [1, 4]
    await postgres.drop(url)


async def test_two_processes_stand_in_line(postgres) -> None:
    """Two stores are two processes as far as the database can tell."""
    url = await migrated_postgres(postgres)
    async with (
        opened(url, LocalBell(), HandClock()) as one,
        opened(url, LocalBell(), HandClock()) as two,
    ):

        def draw(work: Work) -> int:
            work.ledger.append("wa", b"x", {}, NOON)
            return work.cases.next_number("ppid", 2026)  # type: ignore[arg-type]

        drawn = await asyncio.gather(*(store.write(draw) for _ in range(25) for store in (one, two)))
        entries = await one.read(lambda work: work.ledger.entries("wa", 0, 100))

        assert sorted(drawn) == list(range(1, 51))
        assert [entry.previous for entry in entries] == [None, *(entry.chain for entry in entries[:-1])]
    await postgres.drop(url)


# ------------------------------------------------------------------ SQLite


async def test_a_file_that_another_process_holds_is_a_store_away_and_then_ours_again(sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    store = SqliteStore(Path(path), LocalBell(), HandClock(), patience=timedelta(milliseconds=50))
    await store.open()
    with holding(path) as let_go:
        assert [type(one) for one in await answers(store, noting(1), noting(2))] == [StoreAway, StoreAway]
        assert await noted(store) == [], "readers go on meanwhile"
        let_go()

        await store.write(noting(3))
        assert await noted(store) == [3]
    await store.close()


async def test_whoever_came_while_another_waited_hears_it_with_them(sqlite_url: str) -> None:
    """Three waits one after another would outlast any browser."""
    path = sqlite_url.removeprefix("sqlite:///")
    store = SqliteStore(Path(path), LocalBell(), HandClock(), patience=timedelta(milliseconds=400))
    await store.open()
    with holding(path):
        first = asyncio.create_task(store.write(noting(1)))
        await asyncio.sleep(0.1)
        later = [asyncio.create_task(store.write(noting(place))) for place in (2, 3)]
        with pytest.raises(StoreAway):
            await first
        await asyncio.sleep(0.05)

        assert [type(one.exception()) if one.done() else None for one in later] == [StoreAway, StoreAway]
    await store.close()


@contextmanager
def holding(path: str) -> Iterator[Callable[[], object]]:
    """Another process in the middle of a writing transaction, until it is told to let go."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        yield lambda: other.communicate("\n")


async def test_two_writers_of_one_file_stand_in_line(sqlite_url: str) -> None:
    async with (
        opened(sqlite_url, LocalBell(), HandClock()) as one,
        opened(sqlite_url, LocalBell(), HandClock()) as two,
    ):
        await asyncio.gather(*(store.write(noting(place)) for place in range(50) for store in (one, two)))

        assert sorted(await noted(one)) == sorted([*range(50), *range(50)])


@pytest.fixture
def tiny_disk() -> Iterator[Path]:
    """A disk of 2 MiB; only root can make one."""
    if os.geteuid() != 0:
        pytest.skip("a tiny disk needs root")
    folder = Path(tempfile.mkdtemp(prefix="omnichannel-tiny-"))
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], check=False)
    if done.returncode:
        folder.rmdir()
        pytest.skip("this machine lets nobody mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()


async def test_a_full_disk_keeps_nothing_by_halves_and_work_goes_on_when_there_is_room(tiny_disk: Path) -> None:
    url = f"sqlite:///{tiny_disk / 'omnichannel.db'}"
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(b"0" * 500_000)
    await migrated(url)

    def receive(work: Work, place: int) -> int:
        entry = work.ledger.append("wa", os.urandom(20_000), {}, NOON)
        return a_message(work, external_id=f"m{place}", ledger_id=entry.id).id

    async with opened(url, LocalBell(), HandClock()) as store:
        heard = await answers(store, *(lambda work, place=place: receive(work, place) for place in range(5)))
        kept = [place for place, one in enumerate(heard) if isinstance(one, int)]
        place = 5
        while place < 500:
            wave = range(place, place + 5)
            heard = await answers(store, *(lambda work, place=place: receive(work, place) for place in wave))
            kept += [number for number, one in zip(wave, heard, strict=True) if isinstance(one, int)]
            place += 5
            if any(isinstance(one, StoreAway) for one in heard):
                assert all(isinstance(one, StoreAway) for one in heard), "a batch is kept whole or not at all"
                break
        else:
            pytest.fail("the disk never filled")
        ballast.unlink()
        last = await store.write(lambda work: receive(work, 1000))
        entries = await store.read(lambda work: work.ledger.entries("wa", 0, 1000))
        found = [
            number
            for number in range(place)
            if await store.read(lambda work, number=number: work.messages.by_external("wa-humas", f"m{number}"))  # type: ignore[misc]
        ]

    assert last > 0
    assert found == kept
    assert len(entries) == len(kept) + 1
    with sqlite3.connect(tiny_disk / "omnichannel.db") as check:
        assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()


async def test_a_dying_reader_leaves_the_others_alone(quick_store: SqlStore) -> None:
    """A question runs on a thread of its own; what it raises is its caller's alone."""
    threads: set[str] = set()

    def question(work: Work) -> None:
        threads.add(threading.current_thread().name)
        raise MemoryError

    with pytest.raises(MemoryError):
        await quick_store.read(question)

    assert await quick_store.read(lambda work: work.screens.last_happening()) == 0
    assert all(name.startswith("store-reader") for name in threads)
