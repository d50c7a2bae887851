"""A mail whose thread cannot be found by its headers: the number in its subject, and what it may belong to.

A number in a subject is no secret, so it leads into a thread only for the citizen whose case it is; anybody else's mail stays
by itself, and staff read what it may be part of.
"""

import re
from datetime import datetime

from omnichannel.domain.case import Case
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.guesses import Guess
from omnichannel.domain.message import Event
from omnichannel.domain.people import Contact
from omnichannel.domain.work import MACHINE, Work

MAYBE = "maybe_part_of"
# As register numbers read on paper, whatever prefix the office chose.
NUMBER = re.compile(r"(?<![A-Z0-9-])[A-Z]{2,10}-[0-9]{4}-[0-9]{3,8}(?![0-9-])")
MENTIONED = 5  # numbers of one subject that are looked up


def by_number(work: Work, account: str, event: Event, contact: Contact) -> Conversation | None:
    """The thread of the case that the subject names, if it is this citizen's own."""
    for case in _cases(work, event):
        conversation = work.conversations.get(case.conversation_id)
        if conversation is None or conversation.account != account or conversation.surface is not event.surface:
            continue
        if conversation.contact_id == contact.id:
            return conversation
    return None


def guess(work: Work, account: str, event: Event, made: Conversation, now: datetime) -> None:
    """Note what a thread that was just begun may be part of: the mails it answers, the case it names."""
    if event.message_id is None or event.auto is not None or event.surface is not Surface.DIRECT:
        return
    answered = [one for one in (event.reply_to, *reversed(event.references)) if one]
    found = [one.id for one in work.conversations.by_message_ids(account, answered)]
    found += [case.conversation_id for case in _cases(work, event)]
    for other in [one for one in dict.fromkeys(found) if one != made.id][:3]:
        why = _named(work, other)
        work.guesses.add(Guess(made.id, other, why, now))
        work.note(MACHINE, MAYBE, "conversation", made.id, at=now, conversation_id=made.id, after=str(other), why=why)


def _cases(work: Work, event: Event) -> list[Case]:
    if event.message_id is None or not event.subject:
        return []
    numbers = list(dict.fromkeys(NUMBER.findall(event.subject.upper())))[:MENTIONED]
    return [case for number in numbers if (case := work.cases.by_number(number)) is not None]


def _named(work: Work, conversation_id: int) -> str:
    """What staff find it by: its case's number, else who writes there."""
    numbers = [case.number for case in work.cases.of_conversation(conversation_id)]
    if numbers:
        return ", ".join(numbers)
    conversation = work.conversations.get(conversation_id)
    contact = work.contacts.get(conversation.contact_id) if conversation else None
    return contact.label if contact else f"#{conversation_id}"
