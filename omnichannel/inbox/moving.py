"""A citizen (or a group) goes on under another id: a new number, a new user id, a group that became a supergroup.

The contact and the thread take the new id, so that the same citizen keeps one conversation; what had begun under the new id
already joins it. The old id is free afterwards: a telephone company gives an old number to somebody else.
"""

from dataclasses import replace
from datetime import datetime

from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.label import united
from omnichannel.domain.message import Event
from omnichannel.domain.work import Actor, Entry, Work

MOVED = "moved"
# What a thread or a contact is called once another has taken its place. No platform writes such an id.
PARKED = "#pindah-"


def moved(work: Work, entry: Entry, event: Event, now: datetime) -> None:
    """The platform says that somebody moved: in the old thread, or in the new one."""
    new, old = event.extra.get("moved_to"), event.extra.get("moved_from")
    if new:
        _move(work, entry, event.surface, event.conversation, new, now)
    elif old:
        _move(work, entry, event.surface, old, event.conversation, now)


def known_by_number(work: Work, entry: Entry, event: Event, now: datetime) -> None:
    """A citizen we know by telephone number writes under a user id for the first time: the number comes along once more.

    WhatsApp named people by number until usernames came (2026), and tells nobody when it begins to name them otherwise.
    """
    author = event.author
    if author.phone is None or event.surface is not Surface.DIRECT or event.conversation != author.id:
        return
    number = author.phone.removeprefix("+")
    if number != author.id and author.id and work.contacts.find(entry.account, number) is not None:
        _move(work, entry, event.surface, number, author.id, now)


def _move(work: Work, entry: Entry, surface: Surface, old: str, new: str, now: datetime) -> None:
    if not old or not new or old == new:
        return
    if surface is Surface.DIRECT:
        _contact(work, entry.account, old, new, now)
    conversation = work.conversations.find(entry.account, old, surface)
    if conversation is None:
        return
    newer = work.conversations.find(entry.account, new, surface)
    if newer is not None:
        if newer.case_id is not None or newer.urgent:
            # It has a number or an alarm of its own: both stay, and both say where the other is.
            _note(work, entry, newer, old, new, now)
            _note(work, entry, conversation, old, new, now)
            return
        conversation = _joined(work, conversation, newer, now)
    conversation = work.conversations.rename(conversation, new)
    _note(work, entry, conversation, old, new, now)


def _contact(work: Work, account: str, old: str, new: str, now: datetime) -> None:
    """The one we know keeps their row; one who wrote under the new id already is the same person."""
    known, newer = work.contacts.find(account, old), work.contacts.find(account, new)
    if known is None:
        return
    if newer is not None:
        work.contacts.rename(newer.id, f"{new}{PARKED}{newer.id}")
        work.contacts.link(known.id, newer.id, now)
    work.contacts.rename(known.id, new)


def _joined(work: Work, known: Conversation, newer: Conversation, now: datetime) -> Conversation:
    """What was said under the new id becomes part of the conversation we know; the empty shell is put away."""
    work.messages.move(newer.id, known.id)
    heard = [one for one in (known.last_in_at, newer.last_in_at) if one is not None]
    shutting = [one for one in (known.shuts_at, newer.shuts_at) if one is not None]
    latest = newer if newer.last_at >= known.last_at else known
    joined = replace(
        known,
        state=newer.state if newer.unread else known.state,
        unread=known.unread + newer.unread,
        failed=known.failed + newer.failed,
        last_at=latest.last_at,
        last_in_at=max(heard, default=None),
        shuts_at=max(shutting, default=None),
        preview=latest.preview,
        needs_person=known.needs_person or newer.needs_person,
        labels=united(known.labels, newer.labels),
    )
    empty = replace(newer, state=ConversationState.RESOLVED, unread=0, failed=0, needs_person=False, snoozed_until=None)
    work.conversations.rename(work.conversations.save(newer, empty), f"{newer.external_id}{PARKED}{newer.id}")
    return work.conversations.save(known, joined)


def _note(work: Work, entry: Entry, conversation: Conversation, old: str, new: str, now: datetime) -> None:
    who = Actor(f"platform:{entry.account}")
    work.note(
        who, MOVED, "conversation", conversation.id, at=now, conversation_id=conversation.id, before=old, after=new
    )
