"""What staff write leaves once, in order, only where it may; what failed is really sent again."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

import pytest

from omnichannel.domain.channel import Capabilities, Late, Surface
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.errors import Conflict, Invalid, NotFound, Refused, TooLong, Unsure, WindowClosed
from omnichannel.domain.message import Delivery, Sent
from omnichannel.domain.outbox import AUTOMATIC_PER_HOUR, mark, notify, preview, say
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Direction, Job, Message, Work
from omnichannel.inbox import deliver
from omnichannel.inbox.afterwards import tick
from omnichannel.inbox.reply import note, reply, resend, settle
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, NOON, a_conversation, a_message, a_staff, an_incoming
from tests.inbox.conftest import Tell, talk
from tests.plug import OPEN, narrowed

DAY = timedelta(hours=24)
SHUT = Capabilities(text_limit=100, window=DAY, late=Late.TEMPLATE)


async def a_talk(store: SqlStore) -> tuple[Staff, Conversation]:
    """A citizen wrote at noon, and an officer looks at it."""

    def story(work: Work) -> tuple[Staff, Conversation]:
        made = a_conversation(work, last_in_at=NOON, unread=3)
        a_message(work, conversation=made)
        return a_staff(work), made

    return await store.write(story)


def answering(
    staff: Staff, conversation: Conversation, text: str = "Sudah kami catat.", key: str = "k-1", **given: Any
) -> Callable[[Work], Message]:
    facts: dict[str, Any] = {"capabilities": OPEN, "now": NOON} | given
    return partial(reply, staff=staff, conversation_id=conversation.id, text=text, key=key, **facts)


async def claimed(store: SqlStore, at=NOON) -> list[Job]:
    return await store.write(lambda work: work.jobs.claim(f"send:{ACCOUNT}", "uji", at, timedelta(minutes=3), 100))


async def fresh(store: SqlStore, message: Message) -> Message:
    found = await store.read(lambda work: work.messages.get(message.id))
    assert found is not None
    return found


# ---------------------------------------------------------------- once


async def test_a_double_click_sends_once(store: SqlStore) -> None:
    staff, conversation = await a_talk(store)

    answers = await asyncio.gather(*(store.write(answering(staff, conversation)) for _ in range(5)))

    assert len({one.id for one in answers}) == 1
    assert len(await claimed(store)) == 1


async def test_a_key_of_another_conversation_answers_nobody_elses_citizen(quick_store: SqlStore) -> None:
    staff, first = await a_talk(quick_store)
    _, second = await a_talk(quick_store)
    await quick_store.write(answering(staff, first))

    with pytest.raises(Conflict):
        await quick_store.write(answering(staff, second))
    with pytest.raises(Conflict):
        await quick_store.write(lambda work: note(work, staff, second.id, "catatan", key="k-1", now=NOON))


@pytest.mark.parametrize("key", ["", "ack:1", "112:5", "k" * 201])
async def test_a_form_without_a_key_of_its_own_is_refused(quick_store: SqlStore, key: str) -> None:
    staff, conversation = await a_talk(quick_store)

    with pytest.raises(Invalid):
        await quick_store.write(answering(staff, conversation, key=key))


async def test_an_answer_turns_the_conversation_over_to_the_citizen(quick_store: SqlStore) -> None:
    staff, conversation = await a_talk(quick_store)

    await quick_store.write(answering(staff, conversation))

    found = await quick_store.read(lambda work: work.conversations.get(conversation.id))
    assert found is not None
    assert (found.state, found.unread, found.assignee_id) == (ConversationState.WAITING, 0, staff.id)
    assert found.preview == "Sudah kami catat."


async def test_a_story_that_changed_the_conversation_before_may_still_answer(quick_store: SqlStore) -> None:
    staff, conversation = await a_talk(quick_store)

    def story(work: Work) -> Message:
        work.conversations.save(conversation, replace(conversation, topic="pju"))
        return say(work, conversation, "halo", key="k", capabilities=OPEN, now=NOON, staff=staff)

    assert (await quick_store.write(story)).delivery is Delivery.QUEUED


# ---------------------------------------------------------------- only where it may


async def test_nothing_is_queued_once_the_window_has_shut(quick_store: SqlStore) -> None:
    staff, conversation = await a_talk(quick_store)

    with pytest.raises(WindowClosed, match="24 jam"):
        await quick_store.write(answering(staff, conversation, capabilities=SHUT, now=NOON + DAY))

    assert await claimed(quick_store, NOON + DAY) == []


async def test_a_text_too_long_is_refused_before_the_network(quick_store: SqlStore) -> None:
    staff, conversation = await a_talk(quick_store)

    with pytest.raises(TooLong, match="101 huruf"):
        await quick_store.write(answering(staff, conversation, "x" * 101, capabilities=narrowed(text_limit=100)))
    await quick_store.write(answering(staff, conversation, "x" * 100, capabilities=narrowed(text_limit=100)))


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
async def test_nothing_written_is_nothing_sent(quick_store: SqlStore, text: str) -> None:
    staff, conversation = await a_talk(quick_store)

    with pytest.raises(Invalid):
        await quick_store.write(answering(staff, conversation, text))
    with pytest.raises(Invalid):
        await quick_store.write(lambda work: note(work, staff, conversation.id, text, key="n", now=NOON))


async def test_an_account_that_left_the_configuration_cannot_answer(quick_store: SqlStore) -> None:
    staff, conversation = await a_talk(quick_store)

    with pytest.raises(Invalid, match="konfigurasi"):
        await quick_store.write(answering(staff, conversation, capabilities=None))
    with pytest.raises(NotFound):
        await quick_store.write(lambda work: reply(work, staff, 999, "x", key="k", capabilities=OPEN, now=NOON))


async def test_a_note_never_leaves_the_house(quick_store: SqlStore) -> None:
    staff, conversation = await a_talk(quick_store)

    first = await quick_store.write(lambda work: note(work, staff, conversation.id, "hati-hati", key="n", now=NOON))
    again = await quick_store.write(lambda work: note(work, staff, conversation.id, "hati-hati", key="n", now=NOON))

    assert (first.direction, first.delivery) == (Direction.NOTE, None)
    assert again.id == first.id
    assert await claimed(quick_store) == []


# ---------------------------------------------------------------- notices


async def test_a_notice_goes_out_once_and_leaves_the_citizens_words_in_the_list(
    quick_store: SqlStore, tell: Tell
) -> None:
    await tell(an_incoming("Lampu mati"))
    found = await talk(quick_store)

    for _ in range(2):
        await quick_store.write(
            lambda work: notify(work, found, "Kami terima.", key="ack:1", capabilities=OPEN, now=NOON)
        )

    after = await talk(quick_store)
    assert (after.preview, after.unread, after.state) == ("Lampu mati", 1, ConversationState.OPEN)
    assert len(await claimed(quick_store)) == 1


async def test_two_machines_that_answer_each_other_stop(quick_store: SqlStore, tell: Tell) -> None:
    """The other side answers each of our notices at once, three times."""
    sent = 0
    for round_ in range(30):
        await tell(*(an_incoming(f"balasan otomatis {round_}.{n}") for n in range(3)))
        found = await talk(quick_store)
        made = await quick_store.write(
            partial(notify, conversation=found, text="Kami terima.", key=f"ack:{round_}", capabilities=OPEN, now=NOON)
        )
        sent += made is not None

    assert sent == AUTOMATIC_PER_HOUR


async def test_an_hour_later_the_machine_may_speak_again(quick_store: SqlStore) -> None:
    _, conversation = await a_talk(quick_store)

    def speak(number: int, at):
        return lambda work: notify(work, conversation, "x", key=f"ack:{number}", capabilities=OPEN, now=at)

    early = [await quick_store.write(speak(number, NOON)) for number in range(AUTOMATIC_PER_HOUR + 1)]
    later = await quick_store.write(speak(99, NOON + timedelta(minutes=61)))

    assert [one is None for one in early] == [False] * AUTOMATIC_PER_HOUR + [True]
    assert later is not None


@pytest.mark.parametrize(
    ("capabilities", "why"),
    [
        (None, "konfigurasi"),
        (SHUT, "Jendela 24 jam"),
        (Capabilities(text_limit=3, window=None), "huruf"),
        (Capabilities(text_limit=99, window=DAY, late=Late.HUMAN_TAG, late_window=7 * DAY), "otomatis"),
    ],
)
async def test_a_notice_that_may_not_leave_is_withheld_and_the_history_says_why(
    quick_store: SqlStore, capabilities: Capabilities | None, why: str
) -> None:
    _, conversation = await a_talk(quick_store)
    at = NOON + DAY

    made = await quick_store.write(
        lambda work: notify(work, conversation, "Kami terima.", key="ack:1", capabilities=capabilities, now=at)
    )

    assert made is None
    (told,) = await quick_store.read(lambda work: work.screens.history(conversation.id))
    assert told.verb == "notice_withheld"
    assert why in (told.why or "")


async def test_a_person_may_answer_late_where_a_machine_may_not(quick_store: SqlStore) -> None:
    staff, conversation = await a_talk(quick_store)
    late = Capabilities(text_limit=99, window=DAY, late=Late.HUMAN_TAG, late_window=7 * DAY)

    made = await quick_store.write(answering(staff, conversation, capabilities=late, now=NOON + 2 * DAY))

    assert made.delivery is Delivery.QUEUED


# ---------------------------------------------------------------- again


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


# ---------------------------------------------------------------- the count of failed sends


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


# ---------------------------------------------------------------- in public


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
