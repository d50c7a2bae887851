"""What one event does to the inbox: a new message, a new text, a tick, a mark. Called inside `receive`'s transaction."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.deadline import received_at
from omnichannel.domain.errors import Invalid
from omnichannel.domain.message import Author, Delivery, Event, EventType
from omnichannel.domain.outbox import mark
from omnichannel.domain.ports import Connector
from omnichannel.domain.work import Actor, Direction, Entry, Message, Work
from omnichannel.inbox import afterwards, incoming, moving, news
from omnichannel.inbox.clean import flaw

NOTICE = 500


def event(work: Work, connector: Connector, entry: Entry, event: Event, now: datetime) -> None:
    """Put one event, seen for the first time, where it belongs."""
    moving.known_by_number(work, entry, event, now)
    _VERBS[event.type](work, connector, entry, event, now)


def _edited(work: Work, connector: Connector, entry: Entry, event: Event, now: datetime) -> None:
    """An edit that overtakes its message becomes the message; else the machine looks at the new words."""
    if afterwards.target_of(work, entry.account, event) is None:
        first = replace(event, type=EventType.INCOMING, external_id=event.target or event.external_id, target=None)
        problem = flaw(first)
        if problem is not None:
            raise Invalid(problem)
        if event.extra.get("ours") == "yes":
            # Our own page edited what it wrote before we were here: no citizen has said anything.
            _echo(work, connector, entry, replace(first, type=EventType.ECHO), now)
            return
        incoming.message(work, connector, entry, first, now)
        return
    message = afterwards.edited(work, entry, event, now)
    if message is not None and message.direction is Direction.IN and message.auto is None:
        incoming.ask_route(work, message, now)


def _later(work: Work, connector: Connector, entry: Entry, event: Event, now: datetime) -> None:
    afterwards.later(work, entry, event, now)


def _echo(work: Work, connector: Connector, entry: Entry, event: Event, now: datetime) -> None:
    """Our own side wrote elsewhere (in the platform's app): it belongs in the thread, and nobody is owed an answer.

    An echo of what this system itself sent is already here under the platform's id, or is on its way: an echo may
    overtake the platform's answer to our own call, and then it is the proof that the message arrived.
    """
    if work.messages.by_external(entry.account, event.external_id) is not None:
        return
    conversation = _thread_of(work, connector, entry, event, now)
    ours = afterwards.arrived(work, entry.account, event.extra.get("key", "")) or _on_its_way(work, conversation, event)
    if ours is not None:
        mark(work, ours, Delivery.SENT, now, external_id=event.external_id, mail_id=event.message_id)
        _note(work, ours, "sent", now)
        return
    message = work.messages.add(
        conversation_id=conversation.id,
        account=entry.account,
        external_id=event.external_id,
        direction=Direction.OUT,
        text=event.text,
        sent_at=received_at(event.sent_at, now),
        arrived_at=now,
        surface=event.surface,
        subject=event.subject,
        message_id=event.message_id,
        reply_to=event.reply_to,
        references=event.references,
        location=event.location,
        delivery=Delivery.SENT,
        ledger_id=entry.id,
    )
    incoming.files(work, message, event, now)
    shown = incoming.shown(event)
    work.conversations.save(conversation, replace(conversation, last_at=max(conversation.last_at, now), preview=shown))
    _note(work, message, "wrote_elsewhere", now)


def _thread_of(work: Work, connector: Connector, entry: Entry, event: Event, now: datetime) -> Conversation:
    """The thread we wrote in. The echo's author is ourselves: of the citizen only the thread's id is known yet."""
    found = work.conversations.find(entry.account, event.conversation, event.surface)
    if found is not None:
        return found
    contact = work.contacts.meet(entry.account, connector.channel, Author(id=event.conversation), now)
    return work.conversations.add(
        account=entry.account,
        channel=connector.channel,
        surface=event.surface,
        external_id=event.conversation,
        contact_id=contact.id,
        at=now,
    )


def _on_its_way(work: Work, conversation: Conversation, event: Event) -> Message | None:
    """The message of ours whose answer has not come (or never came) and that says the same."""
    words = event.text.split()
    recent = work.messages.thread(conversation.id, limit=50)
    waiting = [one for one in recent if one.direction is Direction.OUT and one.delivery in afterwards.ON_ITS_WAY]
    return next((one for one in waiting if one.text.split() == words), None)


def _notice(work: Work, connector: Connector, entry: Entry, event: Event, now: datetime) -> None:
    """The platform speaks of the thread itself (blocked, number changed): a line in the history, nobody's unread mail."""
    conversation = work.conversations.find(entry.account, event.conversation, event.surface)
    news.notice(work, entry.account, event, now)
    work.note(
        Actor(f"platform:{entry.account}"),
        "notice",
        "conversation",
        conversation.id if conversation else 0,
        at=now,
        conversation_id=conversation.id if conversation else None,
        why=event.text[:NOTICE],
    )
    moving.moved(work, entry, event, now)


def _note(work: Work, message: Message, verb: str, now: datetime) -> None:
    actor = Actor(f"platform:{message.account}")
    work.note(actor, verb, "message", message.id, at=now, conversation_id=message.conversation_id)


Verb = Callable[[Work, Connector, Entry, Event, datetime], None]
_VERBS: Mapping[EventType, Verb] = {
    EventType.INCOMING: incoming.message,
    EventType.UNKNOWN: incoming.message,
    EventType.ECHO: _echo,
    EventType.EDITED: _edited,
    EventType.WITHDRAWN: _later,
    EventType.REACTION: _later,
    EventType.RECEIPT: _later,
    EventType.NOTICE: _notice,
}
