"""Perhaps danger to life: too unsure for the alarm and for sending the citizen to 112, too grave to wait its turn.

The talk stands in the lists as due today, marked "Mungkin darurat", until somebody has looked at it; nobody outside is told
anything.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.work import MACHINE, Message, Work

LOOK_BACK = 50


def ask(work: Work, conversation: Conversation, message: Message, words: Sequence[str], now: datetime) -> Conversation:
    """Ask for a look at once; the same message judged again asks no second time."""
    seen = work.screens.history(conversation.id, LOOK_BACK)
    if any(one.verb == "perhaps_danger" and one.thing_id == message.id for one in seen):
        return conversation
    work.note(
        MACHINE,
        "perhaps_danger",
        "message",
        message.id,
        at=now,
        conversation_id=conversation.id,
        why=", ".join(f"“{one}”" for one in words),
    )
    if conversation.urgent:
        return conversation
    return work.conversations.save(conversation, replace(conversation, urgent=True))
