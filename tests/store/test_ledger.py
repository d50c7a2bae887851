"""Receipts: kept as they came, chained, and seen once."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from omnichannel.domain.errors import Conflict
from omnichannel.domain.work import MACHINE, Work
from omnichannel.store.database import SqlStore
from omnichannel.store.ledger import link
from tests.build import ACCOUNT, NOON

HEADERS = {"content-type": "application/json", "x-signature": "sha256=0"}


async def test_a_payload_comes_back_byte_for_byte(store: SqlStore) -> None:
    body = bytes(range(256)) * 3

    entry = await store.write(lambda work: work.ledger.append(ACCOUNT, body, HEADERS, NOON))

    assert await store.read(lambda work: work.ledger.payload(entry.id)) == (HEADERS, body)
    assert await store.read(lambda work: work.ledger.entries(None, 0, 10)) == [entry]
    assert await store.read(lambda work: work.ledger.payload(entry.id + 1)) is None


async def test_each_entry_is_tied_to_the_one_before_it_on_its_account(store: SqlStore) -> None:
    def receive(work: Work) -> None:
        for place in range(3):
            work.ledger.append("x-pemkab", f"x {place}".encode(), {}, NOON + timedelta(seconds=place))
            work.ledger.append(ACCOUNT, f"wa {place}".encode(), {}, NOON + timedelta(seconds=place))

    await store.write(receive)
    chain = await store.read(lambda work: work.ledger.entries(ACCOUNT, 0, 10))

    assert [entry.previous for entry in chain] == [None, chain[0].chain, chain[1].chain]
    assert all(entry.chain == link(entry.previous, ACCOUNT, entry.at, entry.sha256) for entry in chain)
    assert [entry.id for entry in await store.read(lambda work: work.ledger.entries(ACCOUNT, chain[0].id, 1))] == [
        chain[1].id
    ]


async def test_a_hundred_parallel_repeats_are_one_item(store: SqlStore) -> None:
    def receive(work: Work) -> bool:
        entry = work.ledger.append(ACCOUNT, b"the same", {}, NOON)
        return work.ledger.first_time(ACCOUNT, "pesan-1", entry.id, 0, "incoming")

    first = await asyncio.gather(*(store.write(receive) for _ in range(100)))

    assert first.count(True) == 1
    entries = await store.read(lambda work: work.ledger.entries(ACCOUNT, 0, 1000))
    assert len(entries) == 100, "every receipt is kept, also of a repeat"
    assert len({entry.previous for entry in entries}) == 100, "the chain never forks"


async def test_the_chain_has_no_gap_where_a_story_failed_after_its_receipt(store: SqlStore) -> None:
    def receive(work: Work, place: int) -> None:
        work.ledger.append(ACCOUNT, str(place).encode(), {}, NOON)
        if place % 2:
            raise Conflict("and then something went wrong")

    stories = [lambda work, place=place: receive(work, place) for place in range(40)]
    await asyncio.gather(*(store.write(story) for story in stories), return_exceptions=True)
    chain = await store.read(lambda work: work.ledger.entries(ACCOUNT, 0, 100))

    assert len(chain) == 20
    assert [entry.previous for entry in chain] == [None, *(entry.chain for entry in chain[:-1])]


async def test_the_same_name_on_another_account_is_another_item(store: SqlStore) -> None:
    def receive(work: Work, account: str) -> bool:
        entry = work.ledger.append(account, b"one", {}, NOON)
        return work.ledger.first_time(account, "pesan-1", entry.id, 0, "incoming")

    assert await store.write(lambda work: (receive(work, "a"), receive(work, "b"), receive(work, "a"))) == (
        True,
        True,
        False,
    )


async def test_quarantine_holds_an_item_until_it_is_read_after_all(store: SqlStore) -> None:
    def receive(work: Work) -> int:
        entry = work.ledger.append(ACCOUNT, b"?", {}, NOON)
        work.ledger.quarantine(entry.id, 1, ACCOUNT, "no `from`", NOON)
        work.ledger.quarantine(entry.id, 0, ACCOUNT, "no `id`", NOON)
        work.ledger.quarantine(entry.id, 0, ACCOUNT, "no `id` still", NOON + timedelta(hours=1))
        return entry.id

    entry_id = await store.write(receive)
    waiting = await store.read(lambda work: work.ledger.quarantined(ACCOUNT))

    assert [(item.position, item.problem) for item in waiting] == [(0, "no `id` still"), (1, "no `from`")]
    await store.write(lambda work: work.ledger.release(entry_id, 0))
    assert [item.position for item in await store.read(lambda work: work.ledger.quarantined())] == [1]
    assert await store.read(lambda work: work.ledger.quarantined("another")) == []


@pytest.mark.parametrize("deed", ["UPDATE ledger SET account = 'x'", "DELETE FROM ledger", "DELETE FROM events"])
async def test_the_database_itself_refuses_to_change_what_was_received(store: SqlStore, deed: str) -> None:
    def receive(work: Work) -> None:
        entry = work.ledger.append(ACCOUNT, b"kept", {}, NOON)
        work.note(MACHINE, "received", "entry", entry.id, at=NOON)

    await store.write(receive)

    with pytest.raises(Conflict):
        await store.write(_saying(deed))

    assert len(await store.read(lambda work: work.ledger.entries(None, 0, 10))) == 1
    assert len(await store.read(lambda work: work.screens.happened(0))) == 1


async def test_a_payload_can_be_erased_by_law_and_its_receipt_stays(store: SqlStore) -> None:
    entry = await store.write(lambda work: work.ledger.append(ACCOUNT, b"a citizen's words", {}, NOON))

    await store.write(_saying("DELETE FROM payloads"))

    assert await store.read(lambda work: work.ledger.payload(entry.id)) is None
    assert await store.read(lambda work: work.ledger.entries(None, 0, 10)) == [entry]


def _saying(deed: str) -> Callable[[Work], None]:
    """A story as no code of ours tells it: past the shelves, straight to the tables."""

    def story(work: Work) -> None:
        work.connection.execute(sa.text(deed))  # type: ignore[attr-defined]

    return story
