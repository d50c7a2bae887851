"""What a citizen stated beside their words is kept in the message's own history, and nothing else is read into it."""

import pytest

from omnichannel.domain import stated
from omnichannel.domain.case import Kind
from omnichannel.domain.stated import Stated, from_extra
from omnichannel.store.database import SqlStore
from tests.build import CITIZEN, NOON, a_conversation, a_message

SAID = [
    Stated(),
    Stated(kind=Kind.COMPLAINT),
    Stated(kind=Kind.INFORMATION_REQUEST, anonymous=True, secret=True),
    Stated(kind=Kind.COMPLAINT, doubts=("too_fast", "many")),
    Stated(doubts=("trap",), held=True),
]


@pytest.mark.parametrize("said", SAID)
def test_an_event_carries_it_whole(said: Stated) -> None:
    assert from_extra(said.as_extra()) == said


@pytest.mark.parametrize("said", SAID)
async def test_the_history_carries_it_whole(store: SqlStore, said: Stated) -> None:
    def story(work):
        conversation = a_conversation(work)
        message, later = (a_message(work, conversation=conversation) for _ in range(2))
        stated.note(work, message, said, CITIZEN, NOON)
        return stated.of(work, message), stated.of(work, later)

    assert await store.write(story) == (said, Stated())


def test_strange_words_state_nothing() -> None:
    assert from_extra({"kind": "gossip", "anonymous": "true", "doubts": ",,", "else": "x"}) == Stated()
