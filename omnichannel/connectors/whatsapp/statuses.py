"""One item of `statuses` becomes a receipt. They come in any order, more than once, and a failure names nobody.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status (2026-11-22).
What a message cost (`pricing`, `conversation`) is not ours to keep.
"""

from typing import Any

from omnichannel.connectors.reading import Unreadable, word
from omnichannel.connectors.whatsapp.messages import problem_of, when, why
from omnichannel.connectors.whatsapp.people import Circle
from omnichannel.connectors.whatsapp.words import CALL, STATUS, WARNING
from omnichannel.domain.channel import Surface
from omnichannel.domain.message import Author, Delivery, Event, EventType, iso

# `played` is a voice message that was listened to.
TICKS = {
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "played": Delivery.READ,
    "failed": Delivery.FAILED,
}


def status(item: object, circle: Circle) -> Event:
    """What one status means."""
    if not isinstance(item, dict):
        raise Unreadable(f"status: objek, bukan {type(item).__name__}")
    target, told = word(item, "id"), word(item, "status")
    if target is None or told is None:
        raise Unreadable("status tanpa id atau tanpa status")
    group = word(item, "recipient_type") == "group"
    citizen = _citizen(item, circle, group=group)
    at = when(item)
    type_, mark, text = _meaning(told, item, iso(at) if at else "")
    return Event(
        type=type_,
        # In a group every participant tells of the same message.
        external_id=f"{target}#{type_}#{mark}{f':{citizen.id}' if group and citizen.id else ''}",
        target=target,
        conversation=(word(item, "recipient_id") if group else None) or citizen.id,
        surface=Surface.PUBLIC if group else Surface.DIRECT,
        author=citizen,
        sent_at=at,
        text=text,
        status=TICKS.get(told),
        error=problem_of(item),
        extra=_key(item),
    )


def _meaning(told: str, item: dict[str, Any], at: str) -> tuple[EventType, str, str]:
    if told in TICKS:
        return EventType.RECEIPT, told, ""
    if told == "deleted":
        return EventType.WITHDRAWN, at, ""
    if told == "warning":
        return EventType.NOTICE, f"{told}:{at}", WARNING.format(why=why(item))
    phrase = CALL.format(event=told) if word(item, "type") == "call" else STATUS.format(status=told)
    return EventType.NOTICE, f"{told}:{at}", phrase


def _citizen(item: dict[str, Any], circle: Circle, *, group: bool) -> Author:
    if group:
        user = word(item, "recipient_participant_user_id") or word(item, "recipient_user_id")
        return circle.person(user, word(item, "recipient_participant_id"))
    return circle.person(word(item, "recipient_user_id"), word(item, "recipient_id"))


def _key(item: dict[str, Any]) -> dict[str, str]:
    """The key that we gave our message: it settles a send whose answer never came."""
    key = word(item, "biz_opaque_callback_data")
    return {"key": key} if key else {}
