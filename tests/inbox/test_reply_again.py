"""What failed is really sent again, the count of it is right, and a public answer hangs under the citizen's words."""

from functools import partial
from random import Random

import pytest

from omnichannel.domain.channel import Surface
from omnichannel.domain.errors import Conflict, NotFound, Refused, Unsure, WindowClosed
from omnichannel.domain.message import Delivery, Sent
from omnichannel.domain.outbox import mark, preview
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import deliver
from omnichannel.inbox.afterwards import tick
from omnichannel.inbox.reply import reply, resend, settle
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, NOON, a_conversation, a_message, a_staff
from tests.inbox.answers import DAY, SHUT, a_talk, answering, claimed
from tests.plug import OPEN


async def fresh(store: SqlStore, message: Message) -> Message:
    found = await store.read(lambda work: work.messages.get(message.id))
    assert found is not None
    return found


async def failed_message(store: SqlStore, error: Exception) -> tuple[Staff, Message]:
    staff, conversation = await a_talk(store)
    made = await store.write(answering(staff, conversation))
    (job,) = await claimed(store)
    await store.write(lambda work: deliver.begin(work, job, NOON))
    await store.write(lambda work: deliver.failed(work, job, error, NOON))
    return staff, made


@pytest.mark.parametrize("error", [Refused("nomor tidak aktif"), Unsure("putus"), ValueError("cacat")])
async def test_what_failed_is_really_sent_again(store: SqlStore, error: Exception) -> None:
    staff, message = await failed_message(store, error)
    assert (await fresh(store, message)).delivery in (Delivery.FAILED, Delivery.UNSURE)

    again = await store.write(lambda work: resend(work, staff, message.id, capabilities=OPEN, now=NOON))

    assert again.delivery is Delivery.QUEUED
    (job,) = await claimed(store)
    outgoing = await store.write(lambda work: deliver.begin(work, job, NOON))
    assert outgoing is not None
    assert outgoing[0].text == message.text
    await store.write(lambda work: deliver.sent(work, job, Sent("p-2"), NOON))
    assert (await fresh(store, message)).delivery is Delivery.SENT
    assert await failed_count(store, message) == 0


async def failed_count(store: SqlStore, message: Message) -> int:
    found = await store.read(lambda work: work.conversations.get(message.conversation_id))
    assert found is not None
    return found.failed


async def test_resending_twice_is_refused_the_second_time(quick_store: SqlStore) -> None:
    staff, message = await failed_message(quick_store, Refused("x"))
    await quick_store.write(lambda work: resend(work, staff, message.id, capabilities=OPEN, now=NOON))

    with pytest.raises(Conflict):
        await quick_store.write(lambda work: resend(work, staff, message.id, capabilities=OPEN, now=NOON))

    assert len(await claimed(quick_store)) == 1


async def test_a_late_receipt_for_the_first_try_does_not_swallow_the_second(quick_store: SqlStore) -> None:
    """The platform took it, said that it failed; a person sends again; then its older "sent" comes in."""
    staff, conversation = await a_talk(quick_store)
    message = await quick_store.write(answering(staff, conversation))
    (job,) = await claimed(quick_store)
    await quick_store.write(lambda work: deliver.begin(work, job, NOON))
    await quick_store.write(lambda work: deliver.sent(work, job, Sent("p-1"), NOON))
    sent = await fresh(quick_store, message)
    await quick_store.write(lambda work: tick(work, sent, Delivery.FAILED, NOON, "tidak aktif"))
    await quick_store.write(lambda work: resend(work, staff, message.id, capabilities=OPEN, now=NOON))

    assert await quick_store.read(lambda work: work.messages.by_external(ACCOUNT, "p-1")) is None
    (again,) = await claimed(quick_store)
    assert await quick_store.write(lambda work: deliver.begin(work, again, NOON)) is not None


async def test_resending_asks_for_the_window_again(quick_store: SqlStore) -> None:
    staff, message = await failed_message(quick_store, Refused("x"))

    for capabilities in (SHUT, None):
        with pytest.raises(WindowClosed):
            await quick_store.write(
                partial(resend, staff=staff, message_id=message.id, capabilities=capabilities, now=NOON + DAY)
            )

    assert (await fresh(quick_store, message)).delivery is Delivery.FAILED


async def test_a_person_settles_what_nobody_was_sure_of(quick_store: SqlStore) -> None:
    staff, message = await failed_message(quick_store, Unsure("putus"))
    assert await failed_count(quick_store, message) == 1

    settled = await quick_store.write(lambda work: settle(work, staff, message.id, now=NOON))

    assert settled.delivery is Delivery.SENT
    assert await failed_count(quick_store, message) == 0
    with pytest.raises(Conflict):
        await quick_store.write(lambda work: settle(work, staff, message.id, now=NOON))


async def test_a_citizens_message_is_neither_resent_nor_settled(quick_store: SqlStore) -> None:
    staff, conversation = await a_talk(quick_store)
    theirs = await quick_store.write(lambda work: a_message(work, conversation=conversation))

    with pytest.raises(NotFound):
        await quick_store.write(lambda work: resend(work, staff, theirs.id, capabilities=OPEN, now=NOON))
    with pytest.raises(NotFound):
        await quick_store.write(lambda work: settle(work, staff, theirs.id, now=NOON))


async def test_the_count_of_failed_sends_follows_every_change(quick_store: SqlStore) -> None:
    """Every walk through the states of three messages leaves the count at what one sees by looking."""
    staff, conversation = await a_talk(quick_store)
    messages = [await quick_store.write(answering(staff, conversation, key=f"k{n}")) for n in range(3)]
    chance = Random(20261123)

    def step(work: Work) -> None:
        current = work.messages.get(chance.choice(messages).id)
        assert current is not None
        mark(work, current, chance.choice(list(Delivery)), NOON)

    for _ in range(200):
        await quick_store.write(step)
        thread = await quick_store.read(lambda work: work.messages.thread(conversation.id))
        seen = sum(one.delivery is not None and one.delivery.needs_a_look for one in thread)
        assert await failed_count(quick_store, messages[0]) == seen


@pytest.mark.parametrize("error", [Refused("x"), Unsure("x")])
async def test_a_late_delivery_clears_the_failed_count(quick_store: SqlStore, error: Exception) -> None:
    _, message = await failed_message(quick_store, error)
    assert await failed_count(quick_store, message) == 1

    current = await fresh(quick_store, message)
    await quick_store.write(lambda work: tick(work, current, Delivery.DELIVERED, NOON, None))

    assert await failed_count(quick_store, message) == 0


async def test_an_unsure_message_that_then_fails_counts_once(quick_store: SqlStore) -> None:
    _, message = await failed_message(quick_store, Unsure("x"))

    current = await fresh(quick_store, message)
    await quick_store.write(lambda work: tick(work, current, Delivery.FAILED, NOON, "gagal"))

    assert await failed_count(quick_store, message) == 1


def test_the_preview_is_one_line_and_short() -> None:
    assert preview("satu\n\n dua\t tiga") == "satu dua tiga"
    assert len(preview("kata " * 100)) <= 140
    assert preview("kata " * 100).endswith("…")


async def test_a_public_thread_is_answered_in_public(quick_store: SqlStore) -> None:
    def story(work: Work) -> Message:
        made = a_conversation(work, surface=Surface.PUBLIC, last_in_at=NOON)
        return reply(work, a_staff(work), made.id, "Terima kasih", key="k", capabilities=OPEN, now=NOON)

    assert (await quick_store.write(story)).surface is Surface.PUBLIC


@pytest.mark.parametrize(("surface", "under"), [(Surface.PUBLIC, "komentar-2"), (Surface.DIRECT, None)])
async def test_in_public_an_answer_hangs_under_the_citizens_latest_words(
    store: SqlStore, surface: Surface, under: str | None
) -> None:
    def story(work: Work) -> Message:
        made = a_conversation(work, surface=surface, last_in_at=NOON)
        a_message(work, conversation=made, external_id="komentar-1")
        a_message(work, conversation=made, external_id="komentar-2")
        return reply(work, a_staff(work), made.id, "Sudah kami catat.", key="k-9", capabilities=OPEN, now=NOON)

    assert (await store.write(story)).reply_to == under
