"""The platform tells later: our own key settles an unsure message, and a watermark raises every earlier tick."""

from datetime import datetime, timedelta

import pytest

from omnichannel.domain.channel import Capabilities, Late
from omnichannel.domain.message import Attachment, Author, Delivery, Event, EventType, Problem, Sent, iso
from omnichannel.domain.work import Direction, Message, Work
from omnichannel.inbox import deliver
from omnichannel.inbox.afterwards import settle
from omnichannel.inbox.reply import reply
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, NOON, a_conversation, a_message, a_staff
from tests.inbox.answers import DAY, a_talk, answering, claimed
from tests.inbox.conftest import Tell
from tests.plug import OPEN

SECOND = timedelta(seconds=1)


def receipt(status: Delivery, *, target: str | None = "p-1", mark: str = "", **extra: str) -> Event:
    return Event(
        type=EventType.RECEIPT,
        external_id=f"{target}#receipt#{status}{mark}",
        target=target,
        conversation="utas-1",
        author=Author(id="warga-1"),
        status=status,
        error=Problem("131026", "tidak terkirim") if status is Delivery.FAILED else None,
        extra=extra,
    )


async def unsure(store: SqlStore, key: str = "k-1", *, again: bool = False) -> Message:
    """An answer that left while the line broke; `again`: it is on the wire, and nothing has come back yet."""
    made = await store.write(answering(*await a_talk(store), key=key))
    (job,) = await claimed(store)
    await store.write(lambda work: deliver.begin(work, job, NOON))
    if not again:
        await store.write(lambda work: deliver.failed(work, job, RuntimeError("putus"), NOON))
    return made


async def now_is(store: SqlStore, message: Message) -> Message:
    found = await store.read(lambda work: work.messages.get(message.id))
    assert found is not None
    return found


@pytest.mark.parametrize("status", [Delivery.SENT, Delivery.DELIVERED, Delivery.READ])
async def test_a_receipt_with_our_key_settles_what_nobody_was_sure_of(
    quick_store: SqlStore, tell: Tell, status: Delivery
) -> None:
    made = await unsure(quick_store)
    assert (await now_is(quick_store, made)).delivery is Delivery.UNSURE

    await tell(receipt(status, key="k-1"))

    after = await now_is(quick_store, made)
    assert (after.delivery, after.external_id) == (status, "p-1")
    conversation = await quick_store.read(lambda work: work.conversations.get(made.conversation_id))
    assert conversation is not None
    assert conversation.failed == 0


async def test_a_failure_with_our_key_is_sure_knowledge_too(quick_store: SqlStore, tell: Tell) -> None:
    made = await unsure(quick_store)

    await tell(receipt(Delivery.FAILED, key="k-1"))

    after = await now_is(quick_store, made)
    assert after.delivery is Delivery.FAILED
    assert "131026" in (after.error or "")


async def test_a_receipt_faster_than_the_answer_is_not_lost_and_sends_nothing_twice(
    quick_store: SqlStore, tell: Tell
) -> None:
    made = await unsure(quick_store, again=True)

    await tell(receipt(Delivery.DELIVERED, key="k-1"))

    assert (await now_is(quick_store, made)).delivery is Delivery.DELIVERED
    assert await claimed(quick_store, NOON + timedelta(minutes=1)) == []


@pytest.mark.parametrize("key", ["", "k-lain", "k-1:x"])
async def test_a_key_that_is_not_ours_settles_nothing(quick_store: SqlStore, tell: Tell, key: str) -> None:
    made = await unsure(quick_store)

    await tell(receipt(Delivery.DELIVERED, key=key))

    assert (await now_is(quick_store, made)).delivery is Delivery.UNSURE


async def test_a_word_about_one_part_settles_no_message_of_several(quick_store: SqlStore, tell: Tell) -> None:
    made = await unsure(quick_store)
    photo = Attachment("image/png", sha256="a" * 64, size=3)
    await quick_store.write(lambda work: work.messages.add_files(made.id, [photo]))

    await tell(receipt(Delivery.DELIVERED, key="k-1"))

    assert (await now_is(quick_store, made)).delivery is Delivery.UNSURE


async def test_an_echo_in_other_words_settles_by_its_key(quick_store: SqlStore, tell: Tell) -> None:
    """Meta may reformat what it echoes; the key beside it does not change."""
    made = await unsure(quick_store)
    talk = await quick_store.read(lambda work: work.conversations.get(made.conversation_id))
    assert talk is not None

    echo = Event(
        type=EventType.ECHO,
        external_id="m-9",
        conversation=talk.external_id,
        author=Author(id="kami"),
        sent_at=NOON,
        text="kata yang lain",
        extra={"key": "k-1"},
    )
    await tell(echo)

    after = await now_is(quick_store, made)
    assert (after.delivery, after.external_id) == (Delivery.SENT, "m-9")
    assert len(await quick_store.read(lambda work: work.messages.thread(talk.id))) == 2


def an_answer(work: Work, talk: int, at: datetime, delivery: Delivery | None, direction=Direction.OUT) -> Message:
    conversation = work.conversations.get(talk)
    assert conversation is not None
    made = a_message(work, conversation=conversation, direction=direction, at=at, delivery=Delivery.QUEUED)
    if delivery is not None:
        work.messages.set_delivery(made.id, delivery, at)
    return made


async def test_a_watermark_raises_every_earlier_tick(quick_store: SqlStore, tell: Tell) -> None:
    def story(work: Work) -> list[Message]:
        talk = a_conversation(work, external_id="utas-1", last_in_at=NOON)
        states = (Delivery.READ, Delivery.SENT, Delivery.DELIVERED, Delivery.FAILED, Delivery.SENT)
        return [an_answer(work, talk.id, NOON + n * timedelta(minutes=1), one) for n, one in enumerate(states)]

    made = await quick_store.write(story)
    until = iso(NOON + timedelta(minutes=3, seconds=30))

    await tell(receipt(Delivery.READ, target=None, mark=until, watermark=until))

    after = [(await now_is(quick_store, one)).delivery for one in made]
    read = Delivery.READ
    assert after == [read, read, read, Delivery.FAILED, Delivery.SENT]


async def test_a_watermark_reaches_beyond_one_page(quick_store: SqlStore, tell: Tell) -> None:
    def story(work: Work) -> int:
        talk = a_conversation(work, external_id="utas-1", last_in_at=NOON)
        for n in range(230):
            an_answer(work, talk.id, NOON + n * SECOND, Delivery.SENT)
        return talk.id

    talk = await quick_store.write(story)
    until = iso(NOON + timedelta(hours=1))
    await tell(receipt(Delivery.READ, target=None, mark=until, watermark=until))

    found = await quick_store.read(lambda work: work.messages.thread(talk, limit=500))
    assert {one.delivery for one in found} == {Delivery.READ}


async def test_a_watermark_faster_than_our_own_answer_waits_for_it(quick_store: SqlStore, tell: Tell) -> None:
    def story(work: Work) -> Message:
        talk = a_conversation(work, external_id="utas-1", last_in_at=NOON)
        return reply(work, a_staff(work), talk.id, "Baik.", key="k-9", capabilities=OPEN, now=NOON)

    made = await quick_store.write(story)
    (job,) = await claimed(quick_store)
    await quick_store.write(lambda work: deliver.begin(work, job, NOON))
    until = iso(NOON + SECOND)

    await tell(receipt(Delivery.READ, target=None, mark=until, watermark=until))
    await quick_store.write(lambda work: deliver.sent(work, job, Sent("m-1"), NOON + 2 * SECOND))
    assert (await now_is(quick_store, made)).delivery is Delivery.SENT

    def late(work: Work) -> list[bool]:
        jobs = work.jobs.claim("later", "uji", NOON + timedelta(minutes=1), timedelta(minutes=1), 10)
        return [settle(work, one.body, NOON) for one in jobs]

    assert await quick_store.write(late) == [True]
    assert (await now_is(quick_store, made)).delivery is Delivery.READ


@pytest.mark.parametrize(
    ("after", "late"), [(timedelta(hours=23), False), (timedelta(hours=30), True), (8 * DAY, False)]
)
async def test_a_late_answer_says_so_from_the_start(quick_store: SqlStore, after: timedelta, late: bool) -> None:
    can = Capabilities(text_limit=2000, window=DAY, late=Late.HUMAN_TAG, late_window=7 * DAY)
    await quick_store.write(answering(*await a_talk(quick_store), capabilities=can))
    (job,) = await claimed(quick_store)

    begun = await quick_store.write(lambda work: deliver.begin(work, job, NOON + after, lambda *_: can))

    assert begun is not None
    assert begun[0].late is late


async def test_a_long_answer_leaves_as_several_where_that_is_allowed(quick_store: SqlStore) -> None:
    can = Capabilities(text_limit=40, several=True)
    text = "Kalimat pertama yang panjang. Kalimat kedua yang panjang. Selesai."
    talk = await a_talk(quick_store)
    once = answering(*talk, text=text, capabilities=can)

    first = await quick_store.write(once)
    assert (await quick_store.write(once)).id == first.id

    found = await quick_store.read(lambda work: work.messages.thread(talk[1].id))
    assert [one.text for one in found if one.direction is Direction.OUT] == [
        "Kalimat pertama yang panjang.",
        "Kalimat kedua yang panjang. Selesai.",
    ]
    assert len(await claimed(quick_store)) == 2
    assert first.account == ACCOUNT
