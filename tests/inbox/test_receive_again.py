"""Payloads that come again, by lease and cursor, and are read again after a mend."""

import asyncio
import errno
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import Conflict, StoreAway
from omnichannel.domain.message import Attachment
from omnichannel.domain.ports import Raw
from omnichannel.domain.work import Work
from omnichannel.inbox.receive import Intake, Received
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from omnichannel.store.files import DiskFiles
from tests.build import ACCOUNT, NOON, an_incoming
from tests.house import HandClock, migrated_postgres, opened
from tests.inbox.payloads import quarantined, said
from tests.parts.postgres import Postgres
from tests.plug import Plug


@pytest.fixture
def quick_intake(quick_store: SqlStore, clock: HandClock, tmp_path: Path) -> Intake:
    return Intake(quick_store, DiskFiles(tmp_path / "files"), clock)


async def leased(store: SqlStore, owner: str) -> bool:
    def story(work: Work) -> bool:
        work.accounts.ensure(ACCOUNT, Channel.WHATSAPP)
        return work.accounts.take_lease(ACCOUNT, owner, NOON + timedelta(seconds=90), NOON)

    return await store.write(story)


async def cursor(store: SqlStore) -> str | None:
    state = await store.read(lambda work: work.accounts.get(ACCOUNT))
    return state.cursor if state else None


async def test_the_cursor_is_saved_with_its_batch(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    await leased(store, "satu")

    await intake.take_in(plug, [plug.raw(an_incoming())], cursor="7", owner="satu")

    assert await cursor(store) == "7"


async def test_who_lost_the_lease_keeps_neither_cursor_nor_messages(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    await leased(store, "dua")

    with pytest.raises(Conflict):
        await intake.take_in(plug, [plug.raw(an_incoming())], cursor="7", owner="satu")

    assert await cursor(store) is None
    assert await said(store) == []
    assert await store.read(lambda work: work.ledger.entries(ACCOUNT, 0, 10)) == []


async def test_a_webhook_moves_no_cursor(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    await leased(store, "satu")
    await intake.take_in(plug, [plug.raw(an_incoming())], cursor="7", owner="satu")

    await intake.take_in(plug, [plug.raw(an_incoming())])

    assert await cursor(store) == "7"


async def test_a_full_disk_quarantines_nothing_and_keeps_nothing(quick_store: SqlStore, quick_intake: Intake) -> None:
    """SQLite is told that its file may not grow: the same answer as a full disk (SQLITE_FULL)."""
    plug = Plug()
    raws = [plug.raw(*(an_incoming("x" * 20_000) for _ in range(40)))]

    def limit(work: Work) -> None:
        run = work.connection.exec_driver_sql  # type: ignore[attr-defined]
        run(f"PRAGMA max_page_count = {run('PRAGMA page_count').scalar() + 30}")

    await quick_store.write(limit)
    with pytest.raises(StoreAway):
        await quick_intake.take_in(plug, raws)

    assert await quarantined(quick_store) == []
    assert await said(quick_store) == []
    small = await quick_intake.take_in(plug, [plug.raw(an_incoming("kecil"))])
    assert small == Received(new=1), "the store opened a new connection and goes on"
    assert await quick_intake.take_in(plug, raws) == Received(new=40)


async def test_a_database_that_somebody_holds_locked_quarantines_nothing(
    quick_store: SqlStore, quick_intake: Intake, sqlite_url: str
) -> None:
    plug = Plug()
    raw = plug.raw(an_incoming("menunggu"))
    await quick_store.write(lambda work: work.connection.exec_driver_sql("PRAGMA busy_timeout = 50"))  # type: ignore[attr-defined]
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StoreAway):
            await quick_intake.take_in(plug, [raw])
    finally:
        other.execute("ROLLBACK")
        other.close()

    assert await quarantined(quick_store) == []
    assert await quick_intake.take_in(plug, [raw]) == Received(new=1)


async def test_a_closed_store_says_so(quick_store: SqlStore, quick_intake: Intake) -> None:
    plug = Plug()
    await quick_store.close()

    with pytest.raises(StoreAway):
        await quick_intake.take_in(plug, [plug.raw(an_incoming())])


@pytest.mark.real
async def test_a_cut_line_to_postgresql_quarantines_nothing(
    postgres: Postgres, clock: HandClock, bell: LocalBell, tmp_path: Path
) -> None:
    """The server ends our connection while the story shares a transaction with another."""
    url = await migrated_postgres(postgres)
    plug = Plug()
    raw = plug.raw(an_incoming("menunggu"))
    async with opened(url, bell, clock) as store:
        intake = Intake(store, DiskFiles(tmp_path), clock)

        def kill(work: Work) -> None:
            work.connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")  # type: ignore[attr-defined]

        cut, swept_along = await asyncio.gather(store.write(kill), intake.take_in(plug, [raw]), return_exceptions=True)
        again = await intake.take_in(plug, [raw])

        assert isinstance(cut, StoreAway)
        assert isinstance(swept_along, StoreAway) or swept_along == Received(new=1)
        assert again.new + again.known == 1
        assert [one.text for one in await said(store)] == ["menunggu"]
        assert await quarantined(store) == []
    await postgres.drop(url)


class NoDisk(DiskFiles):
    """A disk that is full, as the operating system says it."""

    def keep(self, content: bytes) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_file_that_came_along_is_kept_before_the_commit_that_names_it(
    store: SqlStore, intake: Intake, tmp_path: Path
) -> None:
    plug = Plug()
    photo = Attachment("image/jpeg", name="jalan.jpg", content=b"isi foto")

    await intake.take_in(plug, [plug.raw(an_incoming("lihat", attachments=(photo,)))])

    (file,) = (await said(store))[0].files
    assert file.sha256 is not None
    assert file.state.value == "kept"
    assert DiskFiles(tmp_path / "files").read(file.sha256) == b"isi foto"


async def test_no_room_for_a_file_means_that_nothing_was_kept(
    quick_store: SqlStore, clock: HandClock, tmp_path: Path
) -> None:
    plug = Plug()
    intake = Intake(quick_store, NoDisk(tmp_path), clock)

    with pytest.raises(StoreAway):
        await intake.take_in(plug, [plug.raw(an_incoming(attachments=(Attachment("image/jpeg", content=b"x"),)))])

    assert await said(quick_store) == []
    assert await quarantined(quick_store) == []


async def test_an_unknown_payload_body_is_kept_as_it_came(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    raw = Raw(b"\x00\xff\xfe bukan teks", {"content-type": "application/octet-stream"})

    await intake.take_in(plug, [raw])

    (entry,) = await store.read(lambda work: work.ledger.entries(ACCOUNT, 0, 10))
    assert await store.read(lambda work: work.ledger.payload(entry.id)) == (dict(raw.headers), raw.body)
