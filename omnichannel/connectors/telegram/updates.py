"""A Telegram update becomes events. Pure: bytes in, events out, whatever the bytes are.

A payload is one Update (a webhook body, or one polled update), or any number of them as files hold them (`envelope`).
https://core.telegram.org/bots/api#update (Bot API 10.3, 2026-11-22).
"""

from collections.abc import Callable
from typing import Any

from omnichannel.connectors.reading import (
    Unreadable,
    digest,
    glance,
    integer,
    load,
    part,
    parts,
    things,
    unix,
    unreadable_body,
    unreadable_item,
    whole,
    word,
)
from omnichannel.connectors.telegram.envelope import updates
from omnichannel.connectors.telegram.gist import with_gist
from omnichannel.connectors.telegram.messages import author_of, edited, person, said
from omnichannel.connectors.telegram.thread import surface_of, thread_of
from omnichannel.connectors.telegram.words import MEMBERSHIP_GROUP, MEMBERSHIP_PRIVATE, UPDATES
from omnichannel.domain.channel import Surface
from omnichannel.domain.message import Author, Event, EventType, iso

# Asked for by name: reactions and membership changes come only to those who ask (same page, `allowed_updates`).
ALLOWED = (
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
    "edited_business_message", "deleted_business_messages", "guest_message", "message_reaction",
    "message_reaction_count", "callback_query", "my_chat_member", "chat_member", "chat_join_request",
)  # fmt: skip

Item = dict[str, Any]


def events(body: bytes, own: int | None) -> tuple[Event, ...]:
    """Every event of a payload; `own` is our bot's id, None when no token says it."""
    try:
        held = updates(load(body), NAMES)
    except Unreadable as error:
        return (unreadable_body(body, str(error)),)
    found: list[Event] = []
    for update in held:
        try:
            found += _read(update, own)
        except Unreadable as error:
            found.append(unreadable_item(update, str(error)))
    return tuple(found)


def _read(update: object, own: int | None) -> list[Event]:
    if not isinstance(update, dict):
        raise Unreadable(f"pembaruan: objek, bukan {type(update).__name__}")
    known = [key for key in update if key in _KINDS or key in UPDATES]
    # What stands beside a kind we know is a new field of Update, not a second thing that happened.
    kinds = known or [key for key, held in update.items() if isinstance(held, dict)]
    if not kinds:
        raise Unreadable("pembaruan tanpa isi")
    found: list[Event] = []
    for kind in kinds:
        try:
            found += _one(kind, update[kind], update, own)
        except Unreadable as error:
            if len(kinds) == 1:
                raise
            found.append(unreadable_item({kind: update[kind]}, str(error)))
    return found


def _one(kind: str, item: object, update: Item, own: int | None) -> list[Event]:
    if not isinstance(item, dict):
        raise Unreadable(f"{kind}: objek, bukan {type(item).__name__}")
    return _KINDS[kind](item, own) if kind in _KINDS else [_other(kind, item, whole(update, "update_id"))]


def _withdrawn(item: Item, own: int | None) -> list[Event]:
    """Messages of a business chat were deleted; Telegram tells neither when nor by whom."""
    chat = part(item, "chat")
    numbers = [one for one in things(item, "message_ids") if isinstance(one, int) and not isinstance(one, bool)]
    if not numbers:
        raise Unreadable("message_ids: larik bilangan")
    return [
        Event(
            type=EventType.WITHDRAWN,
            external_id=f"{chat.get('id')}:{number}#withdrawn#deleted",
            target=f"{chat.get('id')}:{number}",
            conversation=str(thread_of(item)),
            surface=surface_of(item),
            author=person(chat),
        )
        for number in numbers
    ]


def _reaction(item: Item, own: int | None) -> list[Event]:
    """What changed between the old and the new set of one person's reactions.

    Each reaction that is new is an event. When some were only taken back, one event tells what is left: an emoji or none.
    """
    before, after = (_reactions(things(item, key)) for key in ("old_reaction", "new_reaction"))
    added = [one for one in after if one not in before]
    removed = [one for one in before if one not in after]
    if added:
        return [_react(item, after[one], one) for one in added]
    if removed:
        return [_react(item, next(reversed(after.values()), ""), f"-{''.join(removed)}")]
    return []


def _react(item: Item, emoji: str, mark: str) -> Event:
    author = person(part(item, "user") or part(item, "actor_chat") or part(item, "chat"))
    return _about(item, EventType.REACTION, author, emoji, f"{mark}:{author.id}:{_when(item)}")


def _reactions(listed: list[Any]) -> dict[str, str]:
    """The emoji of each ReactionType by its name; two custom ones look alike, and are two."""
    shown = {f"{_emoji([one])[0]}{word(one, 'custom_emoji_id') or ''}": one for one in listed if isinstance(one, dict)}
    return {name: _emoji([one])[0] for name, one in shown.items()}


def _reaction_count(item: Item, own: int | None) -> list[Event]:
    """Anonymous reactions are only counted: the chat itself stands as their author."""
    counts = [
        f"{''.join(_emoji([part(one, 'type')]))} {whole(one, 'total_count') or 0}" for one in parts(item, "reactions")
    ]
    text = " ".join(counts)
    return [_about(item, EventType.REACTION, person(part(item, "chat")), text, f"{text}:{_when(item)}")]


def _about(item: Item, type: EventType, author: Author, text: str, detail: str) -> Event:
    """An event about a message that `item` names by chat and message_id."""
    chat, number = integer(part(item, "chat"), "id"), integer(item, "message_id")
    if chat is None or number is None:
        raise Unreadable("chat.id dan message_id: bilangan bulat")
    target = f"{chat}:{number}"
    return Event(
        type=type,
        external_id=f"{target}#{type}#{detail}",
        target=target,
        conversation=str(thread_of(item)),
        surface=surface_of(item),
        author=author,
        sent_at=unix(item.get("date")),
        text=text,
    )


def _emoji(reactions: list[Any]) -> list[str]:
    """Emoji of ReactionType objects; custom and paid ones have no emoji of their own."""
    kinds = {"paid": "⭐", "custom_emoji": "🧩"}
    return [word(one, "emoji") or kinds.get(str(one.get("type")), "❔") for one in reactions if isinstance(one, dict)]


def _pressed(item: Item, own: int | None) -> list[Event]:
    """A citizen pressed a button; what it carries is what they say."""
    author = person(part(item, "from"))
    number = word(item, "id")
    if number is None:
        raise Unreadable("callback_query.id: teks")
    message = part(item, "message")
    here = integer(part(message, "chat"), "id") is not None
    about = f"{message['chat']['id']}:{message.get('message_id')}" if here else None
    return [
        Event(
            type=EventType.INCOMING,
            external_id=f"callback:{number}",
            target=about,
            reply_to=about,
            conversation=str(thread_of(message)) if here else author.id,
            surface=surface_of(message),
            author=author,
            text=word(item, "data") or word(item, "game_short_name") or "",
        )
    ]


def _our_membership(item: Item, own: int | None) -> list[Event]:
    private = part(item, "chat").get("type") == "private"
    return [_membership(item, MEMBERSHIP_PRIVATE if private else MEMBERSHIP_GROUP)]


def _their_membership(item: Item, own: int | None) -> list[Event]:
    who = person(part(part(item, "new_chat_member"), "user"))
    return [_membership(item, {}, f"Keanggotaan {who.name or who.id} berubah", who.id)]


def _membership(
    item: Item, phrases: dict[str, str], otherwise: str = "Keanggotaan bot berubah", who: str = ""
) -> Event:
    status = word(part(item, "new_chat_member"), "status") or "?"
    mark = ":".join(filter(None, (who, status, _when(item))))
    return _notice(item, phrases.get(status, f"{otherwise}: {status}."), f"#{mark}")


def _notice(item: Item, text: str, mark: str) -> Event:
    thread = thread_of(item)
    return Event(
        type=EventType.NOTICE,
        external_id=f"{thread.chat}#notice{mark}",
        conversation=str(thread),
        surface=surface_of(item),
        author=author_of(item),
        sent_at=unix(item.get("date")),
        text=text,
    )


def _other(kind: str, item: Item, update_id: int | None) -> Event:
    """News with no message in it, and kinds that Telegram has yet to invent: kept with whoever they name."""
    phrase = UPDATES.get(kind)
    author, conversation = _named(item)
    mark = word(item, "id") or (str(update_id) if update_id is not None else digest(item))
    if kind == "poll":
        mark = f"{mark}:{update_id if update_id is not None else digest(item)}"  # every new count of one poll
    return Event(
        type=EventType.UNKNOWN if phrase is None else EventType.NOTICE,
        external_id=f"{kind}:{mark}#{'unknown' if phrase is None else 'notice'}#{_when(item)}",
        conversation=conversation,
        surface=surface_of(item) if part(item, "chat") else Surface.DIRECT,
        author=author,
        sent_at=unix(item.get("date")),
        text=word(item, "text") or word(item, "caption") or glance(item) if phrase is None else with_gist(phrase, item),
    )


def _named(item: Item) -> tuple[Author, str]:
    """The person and the thread that an item speaks of, as far as it says. A private chat has its person's id."""
    people = [part(item, key) for key in ("from", "user", "voter_chat", "sender_chat", "chat")]
    author = next((person(one) for one in people if integer(one, "id") is not None), Author(id=""))
    if integer(part(item, "chat"), "id") is not None:
        return author, str(thread_of(item))
    return author, author.id


def _when(item: Item) -> str:
    at = unix(item.get("date"))
    return iso(at) if at else ""


_KINDS: dict[str, Callable[[Item, int | None], list[Event]]] = {
    "message": lambda item, own: [said(item, own)],
    "channel_post": lambda item, own: [said(item, own)],
    "business_message": lambda item, own: [said(item, own)],
    "guest_message": lambda item, own: [said(item, own)],
    "edited_message": lambda item, own: [edited(item, own)],
    "edited_channel_post": lambda item, own: [edited(item, own)],
    "edited_business_message": lambda item, own: [edited(item, own)],
    "deleted_business_messages": _withdrawn,
    "message_reaction": _reaction,
    "message_reaction_count": _reaction_count,
    "callback_query": _pressed,
    "my_chat_member": _our_membership,
    "chat_member": _their_membership,
}

NAMES = frozenset(_KINDS) | frozenset(UPDATES)
