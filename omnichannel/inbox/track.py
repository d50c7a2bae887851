"""A citizen without an account comes back: a number and a code open their own thread, and nobody else's."""

from collections.abc import Sequence
from dataclasses import dataclass

from omnichannel.domain.case import Case
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.message import Delivery
from omnichannel.domain.tracking import ALIKE, code_of, fits, holder, number_of, spelt
from omnichannel.domain.work import Direction, Message, Work
from omnichannel.inbox.acts import alarmed

__all__ = ["Tracked", "code_of", "find", "fits", "holder", "number_of", "spelt", "view"]

SHOWN = 200  # messages
ARRIVED = (Delivery.SENT, Delivery.DELIVERED, Delivery.READ)


@dataclass(frozen=True, slots=True)
class Tracked:
    """What the citizen may see of their thread: their own words, what reached them from us, and the cases."""

    conversation: Conversation
    cases: tuple[Case, ...]
    messages: tuple[Message, ...]
    danger: bool = False


def find(work: Work, account: str, number: str) -> tuple[Conversation, str] | None:
    """The thread behind a tracking or register number, and who holds it; None is answered like a wrong code."""
    case = work.cases.by_number(number)
    if case is not None:
        found = work.conversations.get(case.conversation_id)
    else:
        found = work.conversations.find(account, number.translate(ALIKE), Surface.DIRECT)
    if found is None or found.account != account:
        return None
    contact = work.contacts.get(found.contact_id)
    return (found, contact.external_id) if contact is not None else None


def view(work: Work, conversation_id: int) -> Tracked | None:
    """What stands on the tracking page."""
    conversation = work.conversations.get(conversation_id)
    if conversation is None:
        return None
    said = work.messages.thread(conversation_id, limit=SHOWN)
    cases = tuple(work.cases.of_conversation(conversation_id))
    return Tracked(conversation, cases, tuple(_open_to_them(said)), alarmed(work, conversation_id))


def _open_to_them(said: Sequence[Message]) -> list[Message]:
    """Notes stay among staff, and nothing looks sent that was not."""
    return [
        one
        for one in said
        if one.direction is Direction.IN or (one.direction is Direction.OUT and one.delivery in ARRIVED)
    ]
