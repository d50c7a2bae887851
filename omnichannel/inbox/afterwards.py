"""What is said of a message once it is there: a new text, a withdrawal, a reaction, a receipt.

Platforms deliver in any order. What comes before its message waits a moment and is tried again by a worker.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from omnichannel.domain.channel import Surface
from omnichannel.domain.deadline import received_at
from omnichannel.domain.geography import distance
from omnichannel.domain.message import Delivery, Event, EventType, Location
from omnichannel.domain.outbox import mark, preview
from omnichannel.domain.work import Actor, Direction, Entry, Message, Work

ON_ITS_WAY = (Delivery.SENDING, Delivery.UNSURE)
PAGE, PAGES = 100, 20
CLOCKS_DIFFER = timedelta(seconds=30)  # ours and the platform's; what leaves later than this was surely not meant
STEP = 0.05  # km that a live location must have moved before the history says so
PATIENCE = timedelta(seconds=3)  # The first wait; a worker then waits longer and longer.


def edited(work: Work, entry: Entry, event: Event, now: datetime) -> Message | None:
    """A new text; the old one stays as a version. Returns the message that changed.

    An edit that is older than what stands there changes nothing: two edits may overtake each other.
    """
    message = target_of(work, entry.account, event)
    if message is None:
        return None
    at = received_at(event.sent_at, now)
    if at < (message.edited_at or message.sent_at):
        return None
    if event.location is not None and message.location is not None:
        _moved(work, message, event.location, now)
    if event.text == message.text:
        return None
    work.messages.set_text(message.id, event.text, at)
    conversation = work.conversations.get(message.conversation_id)
    if conversation is not None and conversation.preview == preview(message.text):
        work.conversations.save(conversation, replace(conversation, preview=preview(event.text)))
    _note(work, message, "edited", now)
    return work.messages.get(message.id)


def _moved(work: Work, message: Message, to: Location, now: datetime) -> None:
    """A location that is shared live: the message shows the newest point, the history each that is worth a look. Platforms
    tell of every step, and a screen that is drawn anew for each would never stand still."""
    before = message.location
    if before is None or before == to:
        return
    work.messages.set_location(message.id, to)
    if distance(before, to) >= STEP:
        _note(work, message, "place_moved", now, before=_said(before), after=_said(to))


def _said(at: Location) -> str:
    return f"{at.lat:.6f}, {at.lon:.6f}"


def later(work: Work, entry: Entry, event: Event, now: datetime) -> None:
    """Do what the event says to its message; wait a moment when that message is not here yet.

    A platform may tell of a message before our own send call has returned, or before the citizen's message itself.
    """
    if event.target is None and "watermark" not in event.extra:
        return
    body = {
        "type": event.type.value,
        "account": entry.account,
        "target": event.target,
        "author": event.author.id,
        "text": event.text,
        "status": event.status.value if event.status else None,
        "why": f"{event.error.title} ({event.error.code})" if event.error else None,
        "key": event.extra.get("key"),
        "thread": event.conversation,
        "watermark": event.extra.get("watermark"),
    }
    if not settle(work, body, now):
        key = f"later:{entry.account}:{event.external_id}"
        work.jobs.put("later", body, key=key, run_at=now + PATIENCE)


def settle(work: Work, body: Mapping[str, Any], now: datetime) -> bool:
    """Carry out what `later` wrote down; False while the message is still unknown."""
    if body["target"] is None:
        return _up_to(work, body, now)
    message = work.messages.by_external(str(body["account"]), str(body["target"])) or _by_key(work, body, now)
    if message is None:
        return False
    if body["type"] == EventType.RECEIPT.value:
        if body["status"] is not None:
            tick(work, message, Delivery(body["status"]), now, body["why"])
    elif body["type"] == EventType.REACTION.value:
        work.messages.react(message.id, str(body["author"]), str(body["text"]) or None, now)
        _note(work, message, "reacted", now, after=str(body["text"]))
    elif message.withdrawn_at is None:
        # The citizen took it back: marked, while the law's record keeps the words.
        work.messages.set_withdrawn(message.id, now)
        _note(work, message, "withdrawn", now)
    return True


def _by_key(work: Work, body: Mapping[str, Any], now: datetime) -> Message | None:
    """Our own key came back with the platform's id: what nobody was sure of has arrived, or has certainly failed.

    A message of several parts bears one key, and a word about one part says nothing of the others.
    """
    if body["type"] != EventType.RECEIPT.value or not body.get("key") or body["status"] is None:
        return None
    message = arrived(work, str(body["account"]), str(body["key"]))
    failed = Delivery(body["status"]) is Delivery.FAILED
    if message is None or (failed and message.delivery is not Delivery.UNSURE):
        return None
    # A failure names the message as well: the tick that follows says so.
    return _settled(work, message, str(body["target"]), now, failed=failed)


def arrived(work: Work, account: str, key: str) -> Message | None:
    """The message of ours with that key, if its answer has not come (or never came) and one word settles it."""
    message = work.messages.by_client_key(key)
    if message is None or message.account != account or message.direction is not Direction.OUT or message.files:
        return None
    return message if message.delivery in ON_ITS_WAY else None


def _settled(work: Work, message: Message, external_id: str, now: datetime, *, failed: bool) -> Message | None:
    before = message.delivery
    after = Delivery.UNSURE if failed else Delivery.SENT
    mark(work, message, after, now, external_id=external_id)
    if not failed:
        _note(work, message, "sent", now, before=before.value if before else None, after=after.value)
    return work.messages.get(message.id)


def _up_to(work: Work, body: Mapping[str, Any], now: datetime) -> bool:
    """Messenger names no message, only a moment: everything of ours that had left until then was read (or delivered).

    https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/message-reads
    (2026-11-22). False while one of them is still on the wire: its turn comes when it has left.
    """
    thread = work.conversations.find(str(body["account"]), str(body["thread"]), Surface.DIRECT)
    if thread is None or body["status"] is None:
        return True
    until, status = datetime.fromisoformat(str(body["watermark"])), Delivery(body["status"])
    waits, before = False, None
    for _ in range(PAGES):
        page = work.messages.thread(thread.id, before_id=before, limit=PAGE)
        ours = [one for one in page if one.direction is Direction.OUT and one.sent_at <= until]
        waits = waits or any(one.delivery is Delivery.SENDING for one in ours)
        for one in ours:
            left = one.delivered_at or one.sent_at
            if one.delivery in (Delivery.SENT, Delivery.DELIVERED) and left <= until + CLOCKS_DIFFER:
                tick(work, one, status, now, None)
        # What was read before was read with everything above it.
        if len(page) < PAGE or any(one.delivery is status for one in ours):
            break
        before = page[0].id
    return not waits


def tick(work: Work, message: Message, status: Delivery, now: datetime, why: str | None) -> None:
    """Raise the tick of one of our messages. Receipts in any order only raise it."""
    if message.direction is not Direction.OUT or message.delivery is None:
        return
    after = message.delivery.after(status)
    if after is message.delivery:
        return
    mark(work, message, after, now, error=why if after is Delivery.FAILED else None)
    if after is Delivery.FAILED:
        work.accounts.count(message.account, failed=1)
    _note(work, message, after.value, now, before=message.delivery.value, after=after.value, why=why)


def our_mail(work: Work, account: str, mail_id: str) -> Message | None:
    """The message of ours that bears this Message-ID."""
    named = work.messages.by_external(account, mail_id)
    if named is not None:
        return named if named.direction is Direction.OUT else None
    for conversation in work.conversations.by_message_ids(account, [mail_id]):
        for message in reversed(work.messages.thread(conversation.id, limit=200)):
            if message.message_id == mail_id and message.direction is Direction.OUT:
                return message
    return None


def target_of(work: Work, account: str, event: Event) -> Message | None:
    """The message an event is about: by its id, else as a part of an album, which stands under its first part's id."""
    found = work.messages.by_external(account, event.target or event.external_id)
    if found is not None or not event.album:
        return found
    conversation = work.conversations.find(account, event.conversation, event.surface)
    return work.messages.by_album(conversation.id, event.album) if conversation else None


def _note(
    work: Work,
    message: Message,
    verb: str,
    now: datetime,
    *,
    before: str | None = None,
    after: str | None = None,
    why: str | None = None,
) -> None:
    work.note(
        Actor(f"platform:{message.account}"),
        verb,
        "message",
        message.id,
        at=now,
        conversation_id=message.conversation_id,
        before=before,
        after=after,
        why=why,
    )
