"""A WhatsApp webhook becomes events: every entry, every change, every item of every array. Pure, and never an exception.

{"object", "entry": [{"id", "changes": [{"field", "value": {"metadata", "contacts": […], "messages": […], "statuses": […],
"errors": […], …}}]}]}: Meta batches, and what comes first in an array may not be the only thing in it.
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview (2026-11-22).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from omnichannel.connectors.graph import entries
from omnichannel.connectors.reading import (
    Unreadable,
    digest,
    glance,
    parts,
    things,
    unreadable_body,
    unreadable_item,
    word,
)
from omnichannel.connectors.whatsapp import notices
from omnichannel.connectors.whatsapp.messages import message, when
from omnichannel.connectors.whatsapp.people import NOBODY, Circle
from omnichannel.connectors.whatsapp.statuses import status
from omnichannel.connectors.whatsapp.words import FIELDS
from omnichannel.domain.message import Event, EventType, iso

Item = dict[str, Any]
Reader = Callable[[Any, Circle, str, str], Event]


def events(body: bytes, own: str | None) -> tuple[Event, ...]:
    """Every event of a payload; `own` is our phone_number_id, None when no configuration says it."""
    try:
        found = entries(body, _bare)
    except Unreadable as error:
        return (unreadable_body(body, str(error)),)
    out: list[Event] = []
    for entry in found:
        try:
            out += _entry(entry, own)
        except Unreadable as error:
            out.append(unreadable_item(entry, str(error)))
    return tuple(out)


def _entry(entry: object, own: str | None) -> list[Event]:
    if not isinstance(entry, dict):
        raise Unreadable(f"entry: objek, bukan {type(entry).__name__}")
    if "changes" not in entry:
        raise Unreadable("entry tanpa changes: bukan webhook WhatsApp")
    found: list[Event] = []
    for change in _each(entry["changes"]):
        try:
            found += _change(change, entry, own)
        except Unreadable as error:
            found.append(unreadable_item(change, str(error)))
    return found


def _change(change: object, entry: Item, own: str | None) -> list[Event]:
    if not isinstance(change, dict):
        raise Unreadable(f"perubahan: objek, bukan {type(change).__name__}")
    value, field = change.get("value"), word(change, "field") or "messages"
    if not isinstance(value, dict):
        raise Unreadable(f"value: objek, bukan {type(value).__name__}")
    subject = word(entry, "id") or "akun"
    circle = Circle(value, own)
    if field == "history":
        return [notices.history(value, subject), *_history(value, circle)]
    found = [
        replace(event, extra={**event.extra, **circle.elsewhere}) if circle.elsewhere else event
        for key, read in _READERS.items()
        for event in _all(value, key, read, circle, field, subject)
    ]
    if found:
        return found
    if any(value.get(key) == [] for key in _READERS):
        return []  # an empty batch holds nothing to lose
    return [notices.news(field, value, entry, subject) if field in FIELDS else _unknown(field, value, circle, subject)]


def _history(value: Item, circle: Circle) -> list[Event]:
    """What was written before we came: notices, whichever kind they were, so that no deadline starts from them."""
    listed = [one for chunk in parts(value, "history") for thread in parts(chunk, "threads") for one in _past(thread)]
    told = _all({"messages": [*listed, *things(value, "messages")]}, "messages", _READERS["messages"], circle, "", "")
    return [notices.past(event) for event in told]


def _past(thread: Item) -> list[Any]:
    """The items of one thread, which bears the citizen's id. Ours name the citizen only there."""
    citizen = word(thread, "id")
    return [
        {"to": citizen, **one} if isinstance(one, dict) and word(one, "from") != citizen else one
        for one in things(thread, "messages")
    ]


def _all(value: Item, key: str, read: Reader, circle: Circle, field: str, subject: str) -> list[Event]:
    found: list[Event] = []
    for item in _each(value.get(key)) if value.get(key) is not None else ():
        try:
            found.append(read(item, circle, field, subject))
        except Unreadable as error:
            found.append(unreadable_item(item, str(error)))
    return found


def _each(thing: object) -> list[Any]:
    """The items of an array; whatever stands in its place is one item, so that nothing falls out."""
    return thing if isinstance(thing, list) else [thing]


def _unknown(field: str, value: Item, circle: Circle, subject: str) -> Event:
    """A field of the future, kept whole."""
    citizen = circle.person(word(value, "user_id"), word(value, "wa_id"))
    at = when(value)
    return Event(
        type=EventType.UNKNOWN,
        external_id=f"{field}:{subject}#unknown#{iso(at) if at else ''}:{digest(value)[:16]}",
        conversation=citizen.id,
        author=citizen if citizen.id else NOBODY,
        sent_at=at,
        text=glance(value),
    )


def _object(read: Callable[[Item, Circle, str], Event]) -> Reader:
    """A reader that needs an object."""

    def checked(item: Any, circle: Circle, field: str, subject: str) -> Event:
        if not isinstance(item, dict):
            raise Unreadable(f"{field}: objek, bukan {type(item).__name__}")
        return read(item, circle, subject)

    return checked


def _of_a_group(item: Any, circle: Circle, field: str, subject: str) -> Event:
    return _object(lambda held, _, about: notices.group(held, field, about))(item, circle, field, subject)


_READERS: Mapping[str, Reader] = {
    "messages": lambda item, circle, field, subject: message(item, circle, echo=False),
    "message_echoes": lambda item, circle, field, subject: message(item, circle, echo=True),
    "statuses": lambda item, circle, field, subject: status(item, circle),
    "errors": _object(notices.error),
    "user_preferences": _object(notices.preference),
    "user_id_update": _object(notices.new_id),
    "calls": _object(notices.call),
    "state_sync": _object(notices.contact),
    "groups": _of_a_group,
}


def _bare(thing: Item) -> Item | None:
    """What archives keep of a webhook: a change's value, one message, one status."""
    if any(isinstance(thing.get(key), list) for key in _READERS) or (
        "metadata" in thing and "messaging_product" in thing
    ):
        return _stripped("messages", thing)
    if "message_template_name" in thing or "message_template_id" in thing:
        return _stripped("message_template_status_update", thing)
    if word(thing, "status") and word(thing, "id") and ("recipient_id" in thing or "recipient_user_id" in thing):
        return _stripped("messages", {"statuses": [thing]})
    if word(thing, "id") and word(thing, "type") and any(key in thing for key in ("from", "from_user_id", "timestamp")):
        echo = "to" in thing or "to_user_id" in thing
        return _stripped("messages", {"message_echoes" if echo else "messages": [thing]})
    return None


def _stripped(field: str, value: Item) -> Item:
    return {"changes": [{"field": field, "value": value}]}
