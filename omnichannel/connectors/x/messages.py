"""Direct messages: v2's events, v1.1's, and the news that arrive beside them."""

from dataclasses import replace

from omnichannel.connectors.reading import Unreadable, part, things, word
from omnichannel.connectors.x.media import attachment, of_keys, place
from omnichannel.connectors.x.people import Cast, Item, identity, pair
from omnichannel.connectors.x.posts import QUOTED, unknown, when, words
from omnichannel.connectors.x.words import ENCRYPTED, JOINED, LEFT, READ_ELSEWHERE, TYPING
from omnichannel.domain.message import Delivery, Event, EventType, Location, iso

HAPPENED = {"ParticipantsJoin": JOINED, "ParticipantsLeave": LEFT}


def is_message(item: object) -> bool:
    """v2 names a kind of event or the conversation; v1.1 has its envelope; both, and older ones, have a sender."""
    if not isinstance(item, dict):
        return False
    if "sender_id" in item and "text" in item:
        return True  # never a post: that has an author, and everybody may read it
    return "message_create" in item or "dm_conversation_id" in item or ("event_type" in item and "payload" not in item)


def message(item: Item, cast: Cast) -> Event:
    """One event of a conversation, of either version."""
    return _old(item, cast) if "message_create" in item else _new(item, cast)


def _new(item: Item, cast: Cast) -> Event:
    """v2: https://docs.x.com/x-api/direct-messages/lookup/integrate (2026-11-22)."""
    number = identity(item)
    if number is None:
        raise Unreadable("id pesan langsung: teks")
    kind, sender = word(item, "event_type") or "MessageCreate", word(item, "sender_id")
    thread = word(item, "dm_conversation_id") or pair(sender, word(item, "recipient_id"))
    if kind in HAPPENED:
        return _membership(item, number, HAPPENED[kind], thread, cast)
    if kind != "MessageCreate":
        return replace(unknown(item, cast, number, thread), author=cast.person(sender))
    shared = next((identity(one) for one in things(item, "referenced_tweets") if isinstance(one, dict)), None)
    return Event(
        type=EventType.ECHO if cast.ours(sender) else EventType.INCOMING,
        external_id=number,
        conversation=thread,
        author=cast.person(sender),
        sent_at=when(item),
        text=words(item),
        quoted=words(cast.posts.get(shared or "", {}))[:QUOTED] or None,
        attachments=of_keys(item, cast.media),
    )


def _membership(item: Item, number: str, what: str, thread: str, cast: Cast) -> Event:
    """Somebody came to a group or left it."""
    who = [cast.person(word({"_": one}, "_")) for one in things(item, "participant_ids")]
    names = ", ".join(one.name or one.id for one in who)
    author = next(iter(who), cast.person(word(item, "sender_id")))
    return Event(
        type=EventType.NOTICE,
        external_id=f"{thread}#notice#{number}",
        conversation=thread,
        author=author,
        sent_at=when(item),
        text=f"{names or 'Seseorang'} {what}",
    )


def _old(item: Item, cast: Cast) -> Event:
    """v1.1, which the activity APIs still speak."""
    number, made = identity(item), part(item, "message_create")
    sender, recipient = word(made, "sender_id"), word(part(made, "target"), "recipient_id")
    if number is None or sender is None:
        raise Unreadable("message_create: id dan sender_id")
    said = part(made, "message_data")
    held = part(said, "attachment")
    pressed = word(part(said, "quick_reply_response"), "metadata")
    return Event(
        type=EventType.ECHO if cast.ours(sender) else EventType.INCOMING,
        external_id=number,
        conversation=word(item, "dm_conversation_id") or pair(sender, recipient),
        author=cast.person(sender),
        sent_at=when(item, "created_timestamp"),
        text=words(said) or pressed or "",
        attachments=(attachment(part(held, "media")),) if part(held, "media") else (),
        location=_where(held),
    )


def _where(held: Item) -> Location | None:
    """A place shared in a message: a point, or a named place with its centre."""
    shared = part(part(part(held, "location"), "shared_coordinate"), "coordinates")
    named = part(part(part(held, "location"), "shared_place"), "place")
    return place({"coordinates": shared}) or place({"coordinates": part(named, "centroid")})


def read(item: Item, cast: Cast) -> Event:
    """A citizen has read up to here; or we have, in the app, which settles nothing."""
    sender, target = word(item, "sender_id"), word(item, "last_read_event_id")
    thread = pair(sender, word(part(item, "target"), "recipient_id"))
    if target is None:
        raise Unreadable("last_read_event_id: teks")
    at = when(item, "created_timestamp")
    base = Event(
        type=EventType.RECEIPT,
        external_id=f"{target}#receipt#read",
        target=target,
        conversation=thread,
        author=cast.person(sender),
        sent_at=at,
        status=Delivery.READ,
    )
    if not cast.ours(sender):
        return base
    mark = f"{target}#notice#read:{iso(at) if at else ''}"
    return replace(base, type=EventType.NOTICE, external_id=mark, status=None, text=READ_ELSEWHERE)


def typing(item: Item, cast: Cast) -> Event:
    """Somebody is typing: news of the moment, no words."""
    author = cast.person(word(item, "sender_id"))
    at = when(item, "created_timestamp")
    thread = pair(author.id, word(part(item, "target"), "recipient_id"))
    return Event(
        type=EventType.NOTICE,
        external_id=f"{thread}#notice#typing:{author.id}:{iso(at) if at else ''}",
        conversation=thread,
        author=author,
        sent_at=at,
        text=f"{author.name or author.id or 'Warga'} {TYPING}",
    )


def encrypted(item: Item, cast: Cast) -> Event:
    """X Chat is encrypted between its ends: all that can be known is that somebody wrote, and who."""
    sender, number = word(item, "sender_id"), identity(item)
    if number is None:
        raise Unreadable("id pesan terenkripsi: teks")
    ours = cast.ours(sender)
    return Event(
        type=EventType.ECHO if ours else EventType.UNKNOWN,
        external_id=number if ours else f"{number}#unknown",
        conversation=word(item, "conversation_id") or sender or "",
        author=cast.person(sender),
        sent_at=when(item, "created_at_msec") or when(item),
        text=ENCRYPTED,
    )
