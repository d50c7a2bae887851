"""The history that goes below an answer, where the channel's letters repeat it: taken once, when the answer first leaves.

It is kept with the message, so that staff see what was sent along and a second attempt is the same letter.
"""

from datetime import tzinfo

from omnichannel.domain.channel import Capabilities
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.history import Turn, repeated
from omnichannel.domain.message import Delivery
from omnichannel.domain.work import Direction, Message, Work

LOOK_BACK = 50
ARRIVED = (Delivery.SENT, Delivery.DELIVERED, Delivery.READ)


def below(
    work: Work, message: Message, conversation: Conversation, able: Capabilities | None, zone: tzinfo
) -> str | None:
    """The words to repeat under this answer; None where nothing is. A machine's own notice repeats nothing: whoever forged
    a sender must not have their letter carried on by us."""
    if able is None or not able.history or message.automatic:
        return None
    if message.quoted is not None:
        return message.quoted
    earlier = [
        one
        for one in work.messages.thread(conversation.id, limit=LOOK_BACK)
        if one.id != message.id and one.sent_at <= message.sent_at and one.surface is message.surface
    ]
    said = [_turn(work, one) for one in earlier if _may_be_repeated(one, conversation)]
    if all(turn.who is None for turn in said):
        return None
    found = repeated(said, zone)
    if found is not None:
        work.messages.set_quoted(message.id, found)
    return found


def _may_be_repeated(message: Message, conversation: Conversation) -> bool:
    """Only what these two have read already: no note, nothing that failed, nothing taken back, nobody else's letter."""
    if message.direction is Direction.OUT:
        return message.delivery in ARRIVED and not message.automatic
    return (
        message.direction is Direction.IN
        and message.auto is None
        and message.withdrawn_at is None
        and not message.unknown
        and message.contact_id == conversation.contact_id
    )


def _turn(work: Work, message: Message) -> Turn:
    if message.direction is Direction.OUT:
        return Turn(message.delivered_at or message.sent_at, None, message.text)
    contact = work.contacts.get(message.contact_id) if message.contact_id is not None else None
    return Turn(message.sent_at, (contact.name if contact else None) or "", message.text)
