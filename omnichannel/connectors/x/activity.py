"""The activity APIs: what X posts to a webhook, every array of it and every item.

Account Activity: {"for_user_id", "tweet_create_events": […], "direct_message_events": […], "users": {…}, …}
(https://docs.x.com/x-api/enterprise-gnip-2.0/fundamentals/account-activity, 2026-11-22).
X Activity: {"data": {"event_type", "event_uuid", "filter", "payload", "includes"}}
(https://docs.x.com/x-api/activity/event-payloads, 2026-11-22).
"""

from collections.abc import Callable, Mapping

from omnichannel.connectors.reading import Unreadable, digest, part, unreadable_item, word
from omnichannel.connectors.x import messages
from omnichannel.connectors.x.people import Cast, Item, bare, cast, identity, person
from omnichannel.connectors.x.posts import author_of, post, unknown, when
from omnichannel.connectors.x.words import ACTIVITIES, LIKED, NEWS, RELATIONS, REVOKED
from omnichannel.domain.channel import Surface
from omnichannel.domain.message import Author, Event, EventType, iso

Reader = Callable[[Item, Cast], Event]
ARRAY = "_events"


def is_account_activity(thing: Item) -> bool:
    """Whether any key is one of that API's: its arrays end in `_events`."""
    return "for_user_id" in thing or any(key.endswith(ARRAY) or key in ("user_event", "events") for key in thing)


def account_activity(thing: Item, own: str | None) -> list[Event]:
    """Every array of a webhook, whatever else stands in it."""
    known = cast(thing, own or word(thing, "for_user_id"))
    arrays = [key for key in thing if key.endswith(ARRAY) or key in ("user_event", "events")]
    if not arrays:
        return [unknown(thing, known, f"activity:{digest(thing)}")]
    found: list[Event] = []
    for key in arrays:
        value, read = thing[key], READERS.get(key) or _relation(key) or _strange(key)
        found += [guarded(read, item, known) for item in (value if isinstance(value, list) else [value])]
    return found


def guarded(read: Reader, item: object, known: Cast) -> Event:
    """One item; what cannot be read costs itself alone."""
    try:
        if not isinstance(item, dict):
            raise Unreadable(f"butir: objek, bukan {type(item).__name__}")
        return read(item, known)
    except Unreadable as error:
        return unreadable_item(item, str(error))


def is_activity(thing: Item) -> bool:
    """Whether this is one event of the X Activity API."""
    return "event_type" in thing and ("payload" in thing or "event_uuid" in thing)


def activity(event: Item, outer: Item, own: str | None) -> list[Event]:
    """One event of the X Activity API; a direct message's payload may hold several."""
    kind, payload = word(event, "event_type") or "", part(event, "payload")
    beside = {"includes": part(event, "includes") or part(outer, "includes"), "users": part(payload, "users")}
    known = cast(beside, own or word(part(event, "filter"), "user_id"))
    if account := [key for key in payload if key.endswith(ARRAY)]:
        return account_activity({key: payload[key] for key in account} | {"users": payload.get("users")}, known.own)
    mark = word(event, "event_uuid") or digest(event)
    read = (
        _ACTIVITIES.get(kind) or _of_a_family(kind, mark) or (lambda item, who: unknown(event, who, f"{kind}:{mark}"))
    )
    return [guarded(read, payload, known)]


def _of_a_family(kind: str, mark: str) -> Reader | None:
    if kind in ACTIVITIES:
        return lambda item, known: _between(item, known, kind, ACTIVITIES[kind], mark)
    news = NEWS.get(kind) or NEWS.get(kind.rpartition(".")[0])
    return None if news is None else (lambda item, known: _news(item, known, kind, news, mark))


def _relation(key: str) -> Reader | None:
    said = RELATIONS.get(key)
    return None if said is None else (lambda item, known: _between(item, known, key, said, ""))


def _strange(key: str) -> Reader:
    """An array of the future."""
    return lambda item, known: unknown(item, known, f"{key}:{identity(item) or digest(item)}")


def _between(item: Item, known: Cast, kind: str, said: str, mark: str) -> Event:
    """One account did something to another: `source` to `target`."""
    source, target = person(bare(part(item, "source"))), person(bare(part(item, "target")))
    citizen = target if known.ours(source.id) else source
    at = when(item, "created_timestamp") or when(item)
    when_ = mark or (iso(at) if at else digest(item)[:16])
    return Event(
        type=EventType.NOTICE,
        external_id=f"{kind}:{source.id}:{target.id}#notice#{when_}",
        conversation=citizen.id,
        author=source,
        sent_at=at,
        text=f"{_label(source)} {said} {_label(target)}.",
    )


def _label(who: Author) -> str:
    return f"@{who.handle}" if who.handle else who.name or who.id or "akun"


def _news(item: Item, known: Cast, kind: str, said: str, mark: str) -> Event:
    return Event(
        type=EventType.NOTICE,
        external_id=f"{kind}:{known.own or 'akun'}#notice#{mark}",
        conversation=word(item, "conversation_id") or known.own or "",
        author=known.person(word(item, "sender_id") or known.own),
        sent_at=when(item, "created_at_msec") or when(item),
        text=said,
    )


def _liked(item: Item, known: Cast) -> Event:
    """A heart under a post: v1.1 carries the post, v2 its id."""
    held = part(item, "favorited_status")
    target = word(item, "liked_tweet_id") or identity(held)
    if target is None:
        raise Unreadable("suka: id kiriman")
    held = held or known.posts.get(target, {})
    fan = author_of(item, known)
    if not fan.id:
        # v2 does not name the fan: outbound likes are the filtered user's, and inbound ones come with two users.
        writer = word(item, "liked_tweet_author_id")
        fan = next((person(one) for number, one in known.users.items() if number != writer), known.person(known.own))
    at = when(item, "timestamp_ms") or when(item)
    return Event(
        type=EventType.REACTION,
        external_id=f"{target}#reaction#{LIKED}:{fan.id}:{iso(at) if at else ''}",
        target=target,
        conversation=word(held, "conversation_id") or target,
        surface=Surface.PUBLIC,
        author=fan,
        sent_at=at,
        text=LIKED,
    )


def _deleted(item: Item, known: Cast) -> Event:
    """A post was taken back by whoever wrote it."""
    held = part(item, "status") or item
    target = identity(held)
    if target is None:
        raise Unreadable("hapus: id kiriman")
    return Event(
        type=EventType.WITHDRAWN,
        external_id=f"{target}#withdrawn",
        target=target,
        conversation=target,
        surface=Surface.PUBLIC,
        author=known.person(word(held, "user_id") or word(held, "author_id")),
        sent_at=when(item, "timestamp_ms") or when(item),
    )


def _revoked(item: Item, known: Cast) -> Event:
    """Whoever holds our account took our app's rights away."""
    held = part(item, "revoke") or item
    who = word(part(held, "source"), "user_id") or word(held, "user_id") or known.own or ""
    at = when(held, "date_time")
    return Event(
        type=EventType.NOTICE,
        external_id=f"{who}#notice#revoke:{iso(at) if at else digest(item)[:16]}",
        conversation=who,
        author=known.person(who),
        sent_at=at,
        text=REVOKED,
    )


def _typed(item: Item, known: Cast) -> Event:
    """v1.1's direct messages say their kind; only one is known."""
    if "message_create" in item:
        return messages.message(item, known)
    return unknown(item, known, identity(item) or digest(item))


READERS: Mapping[str, Reader] = {
    "tweet_create_events": post,
    "tweet_delete_events": _deleted,
    "favorite_events": _liked,
    "direct_message_events": _typed,
    "events": _typed,
    "direct_message_indicate_typing_events": messages.typing,
    "direct_message_mark_read_events": messages.read,
    "user_event": _revoked,
}
_ACTIVITIES: Mapping[str, Reader] = {
    "post.create": post,
    "post.mention.create": post,
    "post.reply.create": post,
    "post.quote.create": post,
    "post.delete": _deleted,
    "post.mention.delete": _deleted,
    "like.create": _liked,
    "dm.read": messages.read,
    "dm.indicate_typing": messages.typing,
    "chat.received": messages.encrypted,
    "chat.sent": messages.encrypted,
    "oauth.revoke": _revoked,
}
