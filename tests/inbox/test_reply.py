"""What staff write leaves once, in order, only where it may; what failed is really sent again."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from omnichannel.domain.channel import Capabilities, Late
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.errors import Conflict, Invalid, NotFound, TooLong, WindowClosed
from omnichannel.domain.message import Delivery
from omnichannel.domain.outbox import AUTOMATIC_PER_HOUR, notify, say
from omnichannel.domain.work import Direction, Message, Work
from omnichannel.inbox.reply import note, reply
from omnichannel.store.database import SqlStore
from tests.build import NOON, an_incoming
from tests.inbox.answers import DAY, SHUT, a_talk, answering, claimed
from tests.inbox.conftest import Tell, talk
from tests.plug import OPEN, narrowed


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
