"""What platforms send is kept, once, whatever it is; and a database that is away loses nothing and blames nobody."""

import asyncio
import errno
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import Conflict, StoreAway
from omnichannel.domain.message import Attachment, Author, Event, EventType, Location
from omnichannel.domain.ports import Raw
from omnichannel.domain.work import Message, Work
from omnichannel.inbox.clean import ID_LIMIT, TEXT_LIMIT
from omnichannel.inbox.receive import Intake, Received
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from omnichannel.store.files import DiskFiles
from tests.build import ACCOUNT, NOON, an_incoming
from tests.house import HandClock, migrated_postgres, opened
from tests.parts.postgres import Postgres
from tests.plug import Plug

SURROGATE = "rusak \ud83d di tengah"


@pytest.fixture
def intake(store: SqlStore, clock: HandClock, tmp_path: Path) -> Intake:
    return Intake(store, DiskFiles(tmp_path / "files"), clock)


@pytest.fixture
def quick_intake(quick_store: SqlStore, clock: HandClock, tmp_path: Path) -> Intake:
    return Intake(quick_store, DiskFiles(tmp_path / "files"), clock)


async def said(store: SqlStore, thread: str = "utas-1") -> list[Message]:
    def question(work: Work) -> list[Message]:
        found = work.conversations.find(ACCOUNT, thread, an_incoming().surface)
        return work.messages.thread(found.id, limit=500) if found else []

    return await store.read(question)


async def quarantined(store: SqlStore) -> list[str]:
    return [one.problem for one in await store.read(lambda work: work.ledger.quarantined())]


# ---------------------------------------------------------------- once, and all of it


async def test_every_item_of_a_batch_is_kept(store: SqlStore, intake: Intake) -> None:
    plug = Plug()

    received = await intake.take_in(plug, [plug.raw(*(an_incoming(f"pesan {n}") for n in range(45)))])

    assert received == Received(new=45)
    assert len(await said(store)) == 45


async def test_a_repeated_webhook_adds_nothing(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    raw = plug.raw(an_incoming("satu"), an_incoming("dua"))

    await intake.take_in(plug, [raw])
    again = await intake.take_in(plug, [raw])

    assert again == Received(known=2)
    assert [one.text for one in await said(store)] == ["satu", "dua"]
    entries = await store.read(lambda work: work.ledger.entries(ACCOUNT, 0, 10))
    assert len(entries) == 2, "the receipt of the repetition is kept too"


async def test_the_same_message_twice_in_one_batch_is_one(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    event = an_incoming("sekali saja")

    received = await intake.take_in(plug, [plug.raw(event, event), plug.raw(event)])

    assert received == Received(new=1, known=2)
    assert len(await said(store)) == 1


async def test_a_hundred_webhooks_at_once_make_one_conversation(store: SqlStore, intake: Intake) -> None:
    plug = Plug()

    await asyncio.gather(*(intake.take_in(plug, [plug.raw(an_incoming(f"{n}"))]) for n in range(100)))

    messages = await said(store)
    assert len(messages) == 100
    assert len({one.conversation_id for one in messages}) == 1


async def test_the_counts_of_an_account_add_up(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    poison = an_incoming(external_id="")

    await intake.take_in(plug, [plug.raw(an_incoming(), an_incoming(), poison)])

    state = await store.read(lambda work: work.accounts.get(ACCOUNT))
    assert state is not None
    assert (state.received, state.quarantined, state.last_in_at) == (2, 1, NOON)


# ---------------------------------------------------------------- poison


POISON: Sequence[tuple[str, Event]] = [
    ("no id", an_incoming(external_id="")),
    ("no thread", an_incoming(conversation="")),
    ("no sender", an_incoming(author=Author(id=""))),
    ("an id of two megabytes", an_incoming(external_id="x" * 2_000_000)),
    ("an id one letter too long", an_incoming(external_id="x" * (ID_LIMIT + 1))),
    ("NUL in the id", an_incoming(external_id="a\x00b")),
    ("half an emoji in the sender", an_incoming(author=Author(id=SURROGATE))),
    ("an id too long for the thread", an_incoming(conversation="u" * 5000)),
    ("a naive time", an_incoming(sent_at=datetime(2026, 11, 23, 4, 0))),  # noqa: DTZ001 — a parser's broken word
    ("a problem of its own", an_incoming(problem="jenis tak dikenal")),
    ("a size that is no number", an_incoming(attachments=(Attachment("image/jpeg", size="besar"),))),  # type: ignore[arg-type]
    ("a receipt without an id", an_incoming(type=EventType.RECEIPT, external_id="")),
    ("an edit by nobody of an unknown message", an_incoming(type=EventType.EDITED, target="x", author=Author(id=""))),
]


@pytest.mark.parametrize(("what", "poison"), POISON, ids=[what for what, _ in POISON])
async def test_a_poisoned_item_is_quarantined_alone(store: SqlStore, intake: Intake, what: str, poison: Event) -> None:
    plug = Plug()
    before, after = ([an_incoming(f"{n}") for n in range(22)] for _ in "ab")

    received = await intake.take_in(plug, [plug.raw(*before, poison, *after)])

    assert received == Received(new=44, quarantined=1), what
    assert len(await said(store)) == 44
    assert len(await quarantined(store)) == 1
    last = await intake.take_in(plug, [plug.raw(an_incoming("sesudahnya"))])
    assert last.new == 1, "the channel goes on"


async def test_what_can_be_mended_is_no_poison(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    event = an_incoming(
        f"satu\x00dua {SURROGATE}",
        author=Author(id="warga-1", name="Wa\x00rga", phone=SURROGATE),
        subject="\x00",
        html="<p>\x00</p>",
        location=Location(float("nan"), 117.0),
        references=("ok@x", "x" * 3000, "a\x00b"),
        message_id="y" * 5000,
        attachments=(Attachment("image/jpeg", name="a\x00.jpg", size=10**30),),
    )

    received = await intake.take_in(plug, [plug.raw(event)])

    (message,) = await said(store)
    assert received == Received(new=1)
    assert message.text == "satudua rusak ? di tengah"
    assert message.references == ("ok@x",)
    assert message.message_id is None
    assert message.location is None
    assert (message.files[0].name, message.files[0].size) == ("a.jpg", None)


async def test_a_book_is_cut_and_says_so(store: SqlStore, intake: Intake) -> None:
    plug = Plug()

    await intake.take_in(plug, [plug.raw(an_incoming("a" * 3_000_000))])

    (message,) = await said(store)
    assert TEXT_LIMIT < len(message.text) < TEXT_LIMIT + 100
    assert "dipotong" in message.text[-100:]


async def test_a_parser_that_breaks_costs_a_quarantine_not_a_message(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    raw = plug.raw()
    plug.means(raw, KeyError("entry"))

    received = await intake.take_in(plug, [raw, plug.raw(an_incoming("berikutnya"))])

    assert received == Received(new=1, quarantined=1)
    assert await quarantined(store) == ["parse: KeyError"]


async def test_many_poisoned_items_leave_the_healthy_ones(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    events = [an_incoming(f"{n}", sent_at=NOON if n % 3 else NOON.replace(tzinfo=None)) for n in range(30)]

    received = await intake.take_in(plug, [plug.raw(*events[:15]), plug.raw(*events[15:])])

    assert received == Received(new=20, quarantined=10)


# ---------------------------------------------------------------- replay


async def test_after_a_mend_the_quarantine_is_replayed_and_nothing_doubles(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    healthy, sick = an_incoming("sehat"), an_incoming("sakit")
    raw = plug.raw(healthy, replace(sick, problem="belum dikenal"))
    await intake.take_in(plug, [raw])
    (entry,) = await store.read(lambda work: work.ledger.entries(ACCOUNT, 0, 10))

    plug.means(raw, [healthy, sick])
    first = await intake.replay(plug, entry)
    second = await intake.replay(plug, entry)

    assert first == Received(new=1, known=1)
    assert second == Received(known=2)
    assert sorted(one.text for one in await said(store)) == ["sakit", "sehat"]
    assert await quarantined(store) == []
    state = await store.read(lambda work: work.accounts.get(ACCOUNT))
    assert state is not None
    assert (state.received, state.quarantined) == (2, 0)


async def test_a_payload_that_no_parser_could_read_is_replayed_whole(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    raw = plug.raw()
    plug.means(raw, RuntimeError("x"))
    await intake.take_in(plug, [raw])
    (entry,) = await store.read(lambda work: work.ledger.entries(ACCOUNT, 0, 10))

    still = await intake.replay(plug, entry)
    plug.means(raw, [an_incoming("satu"), an_incoming("dua"), an_incoming("tiga")])
    mended = await intake.replay(plug, entry)

    assert still == Received(quarantined=1)
    assert mended == Received(new=3)
    assert await quarantined(store) == []


async def test_an_item_that_is_none_any_more_leaves_the_quarantine(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    raw = plug.raw(an_incoming("satu"), an_incoming(problem="sepotong"), an_incoming(problem="potong lain"))
    await intake.take_in(plug, [raw])
    (entry,) = await store.read(lambda work: work.ledger.entries(ACCOUNT, 0, 10))

    plug.means(raw, [an_incoming("satu"), an_incoming("utuh")])
    await intake.replay(plug, entry)

    assert await quarantined(store) == []


async def test_a_parser_that_got_worse_quarantines_nothing_that_was_read(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    raw = plug.raw(an_incoming("terbaca"))
    await intake.take_in(plug, [raw])
    (entry,) = await store.read(lambda work: work.ledger.entries(ACCOUNT, 0, 10))

    plug.means(raw, RuntimeError("x"))
    await intake.replay(plug, entry)

    assert await quarantined(store) == []


async def test_an_item_that_still_cannot_be_stored_stays_and_its_neighbours_are_taken_in(
    store: SqlStore, intake: Intake
) -> None:
    plug = Plug()
    raw = plug.raw()
    plug.means(raw, RuntimeError("x"))
    await intake.take_in(plug, [raw])
    (entry,) = await store.read(lambda work: work.ledger.entries(ACCOUNT, 0, 10))

    plug.means(raw, [an_incoming(sent_at=NOON.replace(tzinfo=None)), an_incoming("utuh")])
    received = await intake.replay(plug, entry)

    assert received == Received(new=1, quarantined=1)
    assert len(await quarantined(store)) == 1


# ---------------------------------------------------------------- cursor


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


# ---------------------------------------------------------------- the database is away


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


# ---------------------------------------------------------------- files that came along


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
