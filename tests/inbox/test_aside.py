"""A public comment goes on in private: once, within the platform's days, in a thread that shows the same case."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from omnichannel.domain.aside import answer_aside
from omnichannel.domain.channel import Capabilities, Channel, Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, TooLong, WindowClosed
from omnichannel.domain.message import Sent
from omnichannel.domain.work import Direction, Message, Work
from omnichannel.inbox import deliver
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, NOON, a_case, a_contact, a_conversation, a_message, a_staff
from tests.inbox.answers import DAY, claimed

DIRECT = Capabilities(text_limit=100, window=DAY)
CAN = Capabilities(text_limit=8000, private_reply=True, hide=True, private=DIRECT, private_window=7 * DAY)
HOUR = timedelta(hours=1)


async def a_comment(store: SqlStore, author: str = "warga-7") -> Message:
    def story(work: Work) -> Message:
        contact = a_contact(work, id=author, channel=Channel.FACEBOOK)
        public = a_conversation(work, contact=contact, channel=Channel.FACEBOOK, surface=Surface.PUBLIC, unit="dishub")
        return a_message(work, conversation=public, external_id=f"komentar-{public.id}")

    return await store.write(story)


async def answering(
    store: SqlStore, comment: Message, key: str = "k-1", text: str = "Boleh minta alamat?", **more: Any
):
    given: dict[str, Any] = {"capabilities": CAN, "now": NOON + HOUR} | more

    def story(work: Work) -> Message:
        return answer_aside(work, comment, text, key=key, staff=a_staff(work), **given)

    return await store.write(story)


async def the_talk(store: SqlStore, message: Message) -> Conversation:
    found = await store.read(lambda work: work.conversations.get(message.conversation_id))
    assert found is not None
    return found


async def test_it_opens_a_private_thread_of_the_same_case(quick_store: SqlStore) -> None:
    comment = await a_comment(quick_store)
    case = await quick_store.write(
        lambda work: a_case(work, conversation=work.conversations.get(comment.conversation_id), unit="dishub")
    )

    made = await answering(quick_store, comment)

    talk = await the_talk(quick_store, made)
    assert (talk.surface, talk.external_id, talk.case_id, talk.unit) == (Surface.DIRECT, "warga-7", case.id, "dishub")
    (job,) = await claimed(quick_store, NOON + HOUR)
    begun = await quick_store.write(lambda work: deliver.begin(work, job, NOON + HOUR))
    assert begun is not None
    assert begun[0].private_to == comment.external_id
    told = await quick_store.read(lambda work: work.screens.history(comment.conversation_id))
    assert "answered_aside" in [one.verb for one in told]


async def test_a_double_click_is_one_and_a_second_answer_is_refused_with_a_reason(quick_store: SqlStore) -> None:
    comment = await a_comment(quick_store)

    first = await answering(quick_store, comment)
    again = await answering(quick_store, comment)

    assert first.id == again.id
    with pytest.raises(WindowClosed, match="sekali"):
        await answering(quick_store, comment, key="k-2")
    other = await a_comment(quick_store, "warga-8")
    with pytest.raises(Conflict):
        await answering(quick_store, other, key="k-1")
    assert len(await claimed(quick_store, NOON + HOUR)) == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"now": NOON + 7 * DAY}, "7 hari"),
        ({"capabilities": Capabilities(text_limit=100)}, "tidak mengizinkan"),
        ({"capabilities": None}, "konfigurasi"),
    ],
)
async def test_where_it_is_not_possible_it_says_why(quick_store: SqlStore, more: dict[str, Any], words: str) -> None:
    comment = await a_comment(quick_store)

    with pytest.raises(WindowClosed, match=words):
        await answering(quick_store, comment, **more)
    with pytest.raises(TooLong):
        await answering(quick_store, comment, text="x" * 101)
    assert await claimed(quick_store, NOON + 8 * DAY) == []


async def test_our_own_words_are_no_comment(quick_store: SqlStore) -> None:
    comment = await a_comment(quick_store)
    talk = await the_talk(quick_store, comment)
    ours = await quick_store.write(
        lambda work: a_message(work, conversation=talk, direction=Direction.OUT, contact_id=talk.contact_id)
    )

    with pytest.raises(WindowClosed, match="komentar warga"):
        await answering(quick_store, ours)


async def sent(store: SqlStore, thread: str | None) -> None:
    (job,) = await claimed(store, NOON + HOUR)
    await store.write(lambda work: deliver.begin(work, job, NOON + HOUR))
    answer = Sent("m-1", thread=thread)
    await store.write(partial(deliver.sent, job=job, answer=answer, now=NOON + HOUR))


async def test_the_platform_names_the_thread_that_it_opened(quick_store: SqlStore) -> None:
    comment = await a_comment(quick_store, "komentar:99")
    made = await answering(quick_store, comment)

    await sent(quick_store, "psid-5")

    assert (await the_talk(quick_store, made)).external_id == "psid-5"


async def test_into_a_thread_that_we_have_the_answer_moves(quick_store: SqlStore) -> None:
    comment = await a_comment(quick_store, "komentar:99")
    known = await quick_store.write(
        lambda work: a_conversation(work, channel=Channel.FACEBOOK, external_id="psid-5", last_in_at=NOON)
    )
    made = await answering(quick_store, comment)

    await sent(quick_store, "psid-5")

    moved = await quick_store.read(lambda work: work.messages.get(made.id))
    assert moved is not None
    assert moved.conversation_id == known.id
    (answer,) = await quick_store.read(lambda work: work.outreach.answers_in(known.id))
    assert (answer.comment_id, answer.public_id) == (comment.id, comment.conversation_id)
    assert moved.account == ACCOUNT


async def test_on_both_databases_two_officers_at_once_answer_once(store: SqlStore) -> None:
    comment = await a_comment(store)

    await answering(store, comment, key="a")
    with pytest.raises(WindowClosed):
        await answering(store, comment, key="b")

    assert await store.read(lambda work: len(work.outreach.answers_from(comment.conversation_id))) == 1
