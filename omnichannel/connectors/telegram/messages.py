"""One Telegram message becomes one event: whose it is, where it was said, what it answers."""

import re
from dataclasses import replace
from typing import Any

from omnichannel.connectors.reading import Unreadable, clean, glance, integer, part, parts, unix, word
from omnichannel.connectors.telegram.contents import contents
from omnichannel.connectors.telegram.thread import surface_of, thread_of
from omnichannel.domain.message import OVERHEARD, Author, Auto, Event, EventType, iso

QUOTED = 1000
_BOT = re.compile(r"@\w{2,32}bot\b", re.IGNORECASE)


def message_id(message: dict[str, Any]) -> str:
    """`chat:message`, unique within the bot's account."""
    chat = integer(part(message, "chat"), "id")
    if chat is None:
        raise Unreadable("chat.id: bilangan bulat")
    ephemeral = integer(message, "ephemeral_message_id")
    if ephemeral is not None:
        return f"{chat}:e{ephemeral}"
    number = integer(message, "message_id")
    if number is None:
        raise Unreadable("message_id: bilangan bulat")
    return f"{chat}:{number}"


def said(message: dict[str, Any], own: int | None) -> Event:
    """A new message: a citizen's, our own, news of the chat, or a kind we do not know yet."""
    inside = contents(message)
    base = _base(message)
    if inside.notice is not None:
        # Told in both chats: the old one names the new, and the new one the old.
        moves = {"moved_to": word(message, "migrate_to_chat_id"), "moved_from": word(message, "migrate_from_chat_id")}
        extra = {key: chat for key, chat in moves.items() if chat}
        return replace(base, type=EventType.NOTICE, text=inside.notice, extra=extra)
    if not inside.known:
        return replace(base, type=EventType.UNKNOWN, text=glance(_without_envelope(message)))
    sender = part(message, "from")
    machine = sender.get("is_bot") is True and not part(message, "sender_chat")
    return replace(
        base,
        type=EventType.ECHO if ours(message, own) else EventType.INCOMING,
        text=inside.text,
        attachments=inside.attachments,
        location=inside.location,
        # Another bot in the group is no person: an automatic answer to it could start a loop.
        auto=Auto.AUTO_REPLY if machine and not ours(message, own) else None,
        extra=_forwarded(message) | ({OVERHEARD: "yes"} if _overheard(message) else {}),
    )


def _overheard(message: dict[str, Any]) -> bool:
    """Talk of a group among itself, which a bot hears where it is administrator or its privacy mode is off
    (https://core.telegram.org/bots/features#privacy-mode, 2026-11-22). Addressed to us is what names a bot, is a command,
    answers a bot, or stands in a thread: a comment under our channel's post, a topic."""
    if part(message, "chat").get("type") not in ("group", "supergroup"):
        return False
    if message.get("message_thread_id") is not None or part(message, "via_bot") or part(message, "sender_chat"):
        return False
    before = part(message, "reply_to_message")
    if before and (part(before, "from").get("is_bot") is True or before.get("is_automatic_forward") is True):
        return False
    text = word(message, "text") or word(message, "caption") or ""
    kinds = {word(one, "type") for key in ("entities", "caption_entities") for one in parts(message, key)}
    # The name of every bot ends in “bot” (https://core.telegram.org/bots/features#creating-a-new-bot, 2026-11-22).
    return not (kinds & {"bot_command", "text_mention"}) and _BOT.search(text) is None


def edited(message: dict[str, Any], own: int | None) -> Event:
    """A new text of a message. The id carries the time, so that the second edit is not taken for the first."""
    inside = contents(message)
    base = _base(message)
    at = unix(message.get("edit_date")) or base.sent_at
    return replace(
        base,
        type=EventType.EDITED,
        external_id=f"{base.external_id}#edited#{iso(at) if at else ''}",
        target=base.external_id,
        sent_at=at,
        text=inside.text,
        attachments=inside.attachments,
        location=inside.location,
        extra={"ours": "yes"} if ours(message, own) else {},
    )


def ours(message: dict[str, Any], own: int | None) -> bool:
    """Whether our own side wrote this: the bot, the business account's owner, or our channel.

    A channel's posts are its owner's. So is what Telegram forwards from it into the linked group (`is_automatic_forward`).
    """
    sender, chat = part(message, "from"), part(message, "chat")
    if word(message, "business_connection_id") is not None:
        theirs = chat.get("type") == "private" and integer(sender, "id") == integer(chat, "id")
        return bool(part(message, "sender_business_bot")) or not theirs
    if chat.get("type") == "channel" or message.get("is_automatic_forward") is True:
        return True
    if own is None:
        return sender.get("is_bot") is True and not part(message, "sender_chat")
    return own in (integer(sender, "id"), integer(part(message, "via_bot"), "id"))


def author_of(message: dict[str, Any]) -> Author:
    """Who wrote: a person, or the chat in whose name they wrote (anonymous administrators, channels)."""
    chat = part(message, "chat")
    for found in (
        part(message, "sender_chat"),
        part(message, "from"),
        part(part(message, "direct_messages_topic"), "user"),
    ):
        if integer(found, "id") is not None:
            return _with_phone(person(found), message)
    return person(chat)


def person(found: dict[str, Any]) -> Author:
    """A User or a Chat as an author."""
    number = integer(found, "id")
    if number is None:
        raise Unreadable("id penulis: bilangan bulat")
    name = " ".join(filter(None, (word(found, "first_name"), word(found, "last_name")))) or word(found, "title")
    return Author(id=str(number), name=name, handle=word(found, "username"))


def _with_phone(author: Author, message: dict[str, Any]) -> Author:
    """A citizen who shares their own contact tells us their number."""
    card = part(message, "contact")
    digits = "".join(one for one in word(card, "phone_number") or "" if one.isascii() and one.isdigit())
    if word(card, "user_id") != author.id or not 7 <= len(digits) <= 15:
        return author
    return replace(author, phone=f"+62{digits[1:]}" if digits.startswith("0") else f"+{digits}")


def _base(message: dict[str, Any]) -> Event:
    reply_to, quoted = _answers(message)
    return Event(
        type=EventType.INCOMING,
        external_id=message_id(message),
        conversation=str(thread_of(message)),
        surface=surface_of(message),
        author=author_of(message),
        sent_at=unix(message.get("date")),
        reply_to=reply_to,
        quoted=quoted,
        album=word(message, "media_group_id"),
    )


def _without_envelope(message: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in message.items() if key not in ("message_id", "from", "chat", "date")}


def _answers(message: dict[str, Any]) -> tuple[str | None, str | None]:
    """The message answered and the words quoted from it."""
    quote = part(message, "quote").get("text")
    before = part(message, "reply_to_message")
    # In a forum topic every message "answers" the service message that opened the topic.
    if not before or part(before, "forum_topic_created"):
        outside = part(message, "external_reply")
        return _id_or_none(outside), _cut(quote)
    return _id_or_none(before), _cut(quote) or _cut(before.get("text")) or _cut(before.get("caption"))


def _id_or_none(message: dict[str, Any]) -> str | None:
    chat, number = integer(part(message, "chat"), "id"), integer(message, "message_id")
    return None if chat is None or number is None else f"{chat}:{number}"


def _cut(text: object) -> str | None:
    return clean(text[:QUOTED]) if isinstance(text, str) and text else None


def _forwarded(message: dict[str, Any]) -> dict[str, str]:
    """Whose words these were before the citizen passed them on."""
    origin = part(message, "forward_origin")
    if not origin:
        return {}
    for key in ("sender_user", "sender_chat", "chat"):
        if integer(part(origin, key), "id") is not None:
            found = person(part(origin, key))
            return {"forwarded_from": found.name or found.handle or found.id}
    return {"forwarded_from": word(origin, "sender_user_name") or "?"}
