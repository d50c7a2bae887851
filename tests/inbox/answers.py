"""Answers for the tests of the inbox."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from omnichannel.domain.channel import Capabilities, Late
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Job, Message, Work
from omnichannel.inbox.reply import reply
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, NOON, a_conversation, a_message, a_staff
from tests.plug import OPEN

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
