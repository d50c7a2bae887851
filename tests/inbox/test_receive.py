"""What platforms send is kept, once, whatever it is; and a database that is away loses nothing and blames nobody."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from omnichannel.domain.channel import Late, Surface
from omnichannel.domain.message import Attachment, Author, Event, EventType, Location
from omnichannel.inbox.clean import ID_LIMIT, TEXT_LIMIT
from omnichannel.inbox.receive import Intake, Received
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, NOON, an_incoming
from tests.inbox.conftest import talk
from tests.inbox.payloads import quarantined, said
from tests.plug import Plug, narrowed

SURROGATE = "rusak \ud83d di tengah"


async def test_every_item_of_a_batch_is_kept(store: SqlStore, intake: Intake) -> None:
    plug = Plug()

    received = await intake.take_in(plug, [plug.raw(*(an_incoming(f"pesan {n}") for n in range(45)))])

    assert received == Received(new=45)
    assert len(await said(store)) == 45


@pytest.mark.parametrize(
    ("late", "days"), [(Late.TEMPLATE, 1), (Late.REFUSED, 1), (Late.HUMAN_TAG, 7), (Late.ALLOWED, None)]
)
async def test_a_word_opens_the_window_until_an_officer_may_say_no_more(
    store: SqlStore, intake: Intake, late: Late, days: int | None
) -> None:
    plug = Plug(capabilities=narrowed(window=timedelta(days=1), late=late, late_window=timedelta(days=7)))
    said_at = NOON - timedelta(hours=2)

    await intake.take_in(plug, [plug.raw(an_incoming("satu", sent_at=said_at))])
    await intake.take_in(plug, [plug.raw(an_incoming("lebih lama", sent_at=said_at - timedelta(hours=9)))])

    conversation = await talk(store)
    assert conversation.shuts_at == (None if days is None else said_at + timedelta(days=days))
    allowed = conversation.may_answer(plug.surfaces[Surface.DIRECT], NOON)
    shut = conversation.may_answer(plug.surfaces[Surface.DIRECT], conversation.shuts_at or NOON)
    assert (allowed.allowed, shut.allowed) == (True, days is None)


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
