"""Perhaps danger to life: too unsure for the alarm and for sending the citizen to 112, too grave to wait its turn.

The talk stands in the lists as due today, marked "Mungkin darurat", until somebody has looked at it; nobody outside is told
anything. In the talk itself the question stays until a person has answered it: it is danger, and all that an alarm does is
done, or it is none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid
from omnichannel.domain.people import Staff
from omnichannel.domain.work import MACHINE, Happening, Message, Work
from omnichannel.router.alarm import raise_alarm
from omnichannel.router.desk import Desk, by_staff

LOOK_BACK = 50
ASKED, CONFIRMED, RULED_OUT, RUNG = "perhaps_danger", "danger_confirmed", "danger_ruled_out", "alarm"


def ask(work: Work, conversation: Conversation, message: Message, words: Sequence[str], now: datetime) -> Conversation:
    """Ask for a look at once; the same message judged again asks no second time."""
    seen = work.screens.history(conversation.id, LOOK_BACK)
    if any(one.verb == ASKED and one.thing_id == message.id for one in seen):
        return conversation
    work.note(
        MACHINE,
        ASKED,
        "message",
        message.id,
        at=now,
        conversation_id=conversation.id,
        why=", ".join(f"“{one}”" for one in words),
    )
    if conversation.urgent:
        return conversation
    return work.conversations.save(conversation, replace(conversation, urgent=True))


def asked(happenings: Iterable[Happening]) -> Happening | None:
    """The newest question that nobody has answered yet; an alarm answers it too."""
    told = sorted(
        (one for one in happenings if one.verb in (ASKED, CONFIRMED, RULED_OUT, RUNG)), key=lambda one: one.id
    )
    return told[-1] if told and told[-1].verb == ASKED else None


def confirm(work: Work, desk: Desk, staff: Staff, conversation: Conversation, now: datetime) -> None:
    """A person says that it is danger: the citizen is told to call 112, and the alarm rings. Invalid: already answered."""
    question, message = _open(work, conversation)
    work.note(
        by_staff(staff), CONFIRMED, "message", message.id, at=now, conversation_id=conversation.id, why=question.why
    )
    able = desk.ability(conversation.account, conversation.surface)
    raise_alarm(work, desk.office, conversation, message, place=None, capabilities=able, now=now)


def rule_out(work: Work, staff: Staff, conversation: Conversation, now: datetime) -> None:
    """A person says that it is none; it is kept who, and of which words. Invalid: already answered."""
    question, message = _open(work, conversation)
    work.note(
        by_staff(staff), RULED_OUT, "message", message.id, at=now, conversation_id=conversation.id, why=question.why
    )
    ringing = any(one.conversation_id == conversation.id for one in work.alarms.open())
    if conversation.urgent and not ringing:
        work.conversations.save(conversation, replace(conversation, urgent=False))


def _open(work: Work, conversation: Conversation) -> tuple[Happening, Message]:
    question = asked(work.screens.history(conversation.id, LOOK_BACK))
    message = work.messages.get(question.thing_id) if question is not None else None
    if question is None or message is None:
        raise Invalid("Pertanyaan ini sudah dijawab petugas lain.")
    return question, message
