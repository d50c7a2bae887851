"""Any JSON of X's becomes events: an answer of the API, one post, one message, a webhook. Pure, and never an exception."""

from typing import Any

from omnichannel.connectors.reading import (
    Unreadable,
    digest,
    load,
    part,
    parts,
    unreadable_body,
    unreadable_item,
    whole,
    word,
)
from omnichannel.connectors.wrapping import opened
from omnichannel.connectors.x.activity import account_activity, activity, guarded, is_account_activity, is_activity
from omnichannel.connectors.x.messages import is_message, message
from omnichannel.connectors.x.people import Cast, Item, cast, identity
from omnichannel.connectors.x.posts import is_post, post, unknown
from omnichannel.domain.message import Event


def events(body: bytes, own: str | None) -> tuple[Event, ...]:
    """Every event of a payload; `own` is our user id, None when no configuration says it."""
    try:
        thing = load(body)
        listed = opened(thing, _here)
        if listed is None:
            raise Unreadable(f"bukan JSON kiriman X{_trouble(thing)}")
        found: list[Event] = []
        for one in listed:
            try:
                found += _payload(one, own)
            except Unreadable as error:
                if len(listed) == 1:
                    raise
                found.append(unreadable_item(one, str(error)))
        return tuple(found)
    except Unreadable as error:
        return (unreadable_body(body, str(error)),)


def _here(thing: Item) -> list[Any] | None:
    """The payloads that this object is; v1.1's search and its single message are a list and a wrapper of their own."""
    if isinstance(thing.get("statuses"), list) and all(map(is_post, thing["statuses"])):
        return list(thing["statuses"])
    if part(thing, "messageCreate"):
        return [_from_an_archive(part(thing, "messageCreate"))]
    data = thing.get("data")
    if "data" in thing and not _is_wrapper(data):
        return [thing]
    known = is_activity(thing) or ("data" not in thing and is_account_activity(thing))
    if known or is_post(thing) or is_message(thing) or whole(part(thing, "meta"), "result_count") == 0:
        return [thing]
    return None


def _from_an_archive(said: Item) -> Item:
    """A direct message as the account's own download writes it, in v2's words."""
    names = {"senderId": "sender_id", "recipientId": "recipient_id", "createdAt": "created_at"}
    return {names.get(key, key): value for key, value in said.items()}


def _is_wrapper(data: object) -> bool:
    """Whether `data` is somebody else's word for a whole payload, and not X's own for its items."""
    if isinstance(data, str):
        return True
    inside = data if isinstance(data, dict) else {}
    item = is_activity(inside) or is_post(inside) or is_message(inside)
    return not item and opened(inside, _here) is not None


def _payload(thing: Any, own: str | None) -> list[Event]:
    if not isinstance(thing, dict):
        raise Unreadable(f"objek, bukan {type(thing).__name__}")
    data = thing.get("data")
    if isinstance(data, dict) and is_activity(data):
        return activity(data, thing, own)
    if is_activity(thing):
        return activity(thing, {}, own)
    if "data" not in thing and is_account_activity(thing):
        return account_activity(thing, own)
    if "data" in thing:
        listed = data if isinstance(data, list) else [data]
        known = cast(thing, own or _common(listed))
        return [guarded(_item, one, known) for one in listed]
    if is_post(thing) or is_message(thing):
        return [guarded(_item, thing, Cast(own=own))]
    if whole(part(thing, "meta"), "result_count") == 0:
        return []  # a page without anything on it
    raise Unreadable(f"bukan JSON kiriman X{_trouble(thing)}")


def _item(item: Item, known: Cast) -> Event:
    if is_message(item):
        return message(item, known)
    if is_post(item):
        return post(item, known)
    if identity(item) and word(item, "username"):
        return unknown(item, known, f"user:{identity(item)}:{digest(item)[:8]}")  # an account looked up: nobody's words
    raise Unreadable("butir yang bukan kiriman dan bukan pesan langsung")


def _trouble(thing: Item) -> str:
    """What the answer of an error says."""
    first = next(iter(parts(thing, "errors")), thing)
    said = word(first, "detail") or word(first, "message") or word(first, "title")
    return f": {said[:200]}" if said else ""


def _common(listed: list[Any]) -> str | None:
    """Our own id, where only the messages tell it: we take part in each of our conversations, and nobody else does."""
    threads = {word(one, "dm_conversation_id") for one in listed if is_message(one)}
    circles = [set(one.split("-")) for one in threads if one and one.count("-") == 1]
    common = set.intersection(*circles) if len(circles) > 1 else set()
    return common.pop() if len(common) == 1 else None
