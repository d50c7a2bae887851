"""One item of `messages` or `message_echoes` becomes one event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from omnichannel.connectors.reading import Unreadable, glance, part, parts, unix, word
from omnichannel.connectors.whatsapp.contents import CONTENT, Contents, contents, kind_of, raw_text
from omnichannel.connectors.whatsapp.people import Circle, e164
from omnichannel.connectors.whatsapp.words import EPHEMERAL, PREFERENCES, RENAMED, SYSTEM, UNSUPPORTED, WELCOME
from omnichannel.domain.channel import Surface
from omnichannel.domain.message import Author, Event, EventType, Problem, iso

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scene:
    """Who says it, where, and on whose side."""

    author: Author
    conversation: str
    surface: Surface
    ours: bool


def message(item: object, circle: Circle, *, echo: bool) -> Event:
    """What one item means. Unreadable: it cannot be read, and its neighbours go on without it."""
    if not isinstance(item, dict):
        raise Unreadable(f"pesan: objek, bukan {type(item).__name__}")
    kind, number = kind_of(item), word(item, "id")
    if number is None and kind in _ABOUT:
        number = ""  # what speaks of another message bears that one's name
    if number is None:
        raise Unreadable("pesan tanpa id")
    if kind == "system":
        return _system(item, number, circle)
    scene = _scene(item, circle, echo=echo)
    if not scene.author.id or not scene.conversation:
        raise Unreadable("pesan tanpa pengirim (from atau from_user_id)")
    return _KINDS.get(kind, _said)(item, number, scene, circle)


def when(item: Mapping[str, Any], key: str = "timestamp") -> datetime | None:
    """Seconds as text or number; milliseconds, which some relays write, are told by their size."""
    text = word(item, key) or ""
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
    return unix(value / 1000 if value > 10**11 else value)


def problem_of(item: Mapping[str, Any]) -> Problem | None:
    """The first error that stands beside something."""
    for error in parts(item, "errors"):
        code = word(error, "code")
        if code is not None:
            return Problem(code, word(error, "title") or word(error, "message") or code)
    return None


def why(item: Mapping[str, Any]) -> str:
    """The same in words, with the details that Meta adds: “: Title (code): details”."""
    for error in parts(item, "errors"):
        code, title = word(error, "code"), word(error, "title") or word(error, "message")
        # `details` stood beside the title before version 16.
        details = word(part(error, "error_data"), "details") or word(error, "details")
        named = " ".join(filter(None, (title, f"({code})" if code else None)))
        return "".join(f": {one.rstrip('.')}" for one in (named, details) if one)
    return ""


def _scene(item: Item, circle: Circle, *, echo: bool) -> Scene:
    """An echo is ours; so is what comes from our own number."""
    group = word(item, "group_id")
    sender = word(item, "from")
    surface = Surface.PUBLIC if group else Surface.DIRECT
    to, to_user = word(item, "to"), word(item, "to_user_id")
    own = bool(circle.ours) and sender is not None and e164(sender) == e164(circle.ours)
    if echo or (own and (to or to_user)):
        citizen = circle.person(to_user, to)
        us = Author(id=sender, phone=e164(sender)) if sender else circle.us
        return Scene(us, group or citizen.id, surface, ours=True)
    author = circle.person(word(item, "from_user_id"), sender)
    return Scene(author, group or author.id, surface, ours=False)


def _base(item: Item, number: str, scene: Scene) -> Event:
    context = part(item, "context")
    return Event(
        type=EventType.ECHO if scene.ours else EventType.INCOMING,
        external_id=number,
        conversation=scene.conversation,
        surface=scene.surface,
        author=scene.author,
        sent_at=when(item),
        reply_to=word(context, "id") or word(context, "message_id"),
        error=problem_of(item),
    )


def _said(item: Item, number: str, scene: Scene, circle: Circle) -> Event:
    """A citizen's own words (or ours, written in the telephone's app)."""
    base = _base(item, number, scene)
    try:
        inside = contents(item)
    except Unreadable:
        # A known kind without its content: what WhatsApp says about it is then all there is.
        if base.error is None and not (item.get(kind_of(item)) is None and problem_of(circle.trouble)):
            raise
        told = why(item) or why(circle.trouble)
        inside = Contents(text=UNSUPPORTED.format(kind=f" ({kind_of(item)})", why=told), known=False)
    known = inside.known or scene.ours
    parent = word(item, "from_parent_user_id") or circle.parent(word(item, "from_user_id"), word(item, "from"))
    return replace(
        base,
        type=base.type if known else EventType.UNKNOWN,
        author=replace(scene.author, phone=scene.author.phone or inside.phone) if not scene.ours else scene.author,
        text=inside.text,
        attachments=inside.attachments,
        location=inside.location,
        quoted=_quoted(item),
        extra={**inside.extra, **_circumstances(item), **({"parent_user_id": parent} if parent else {})},
    )


def _quoted(item: Item) -> str | None:
    """What the citizen speaks of, where it is no message: the advertisement or the product they came from."""
    ad = part(item, "referral")
    if ad:
        lines = (word(ad, "headline"), word(ad, "body"), word(ad, "source_url"))
        return "\n".join(filter(None, lines)) or None
    product = part(part(item, "context"), "referred_product")
    return word(product, "product_retailer_id") if product else None


def _circumstances(item: Item) -> dict[str, str]:
    context, ad = part(item, "context"), part(item, "referral")
    facts = {}
    if context.get("frequently_forwarded") is True:
        facts["forwarded"] = "often"
    elif context.get("forwarded") is True:
        facts["forwarded"] = "yes"
    if ad:
        facts["referral"] = word(ad, "source_type") or "ad"
        facts["referral_id"] = word(ad, "source_id") or ""
    return {key: value for key, value in facts.items() if value}


def _reaction(item: Item, number: str, scene: Scene, circle: Circle) -> Event:
    """Put, changed, or (without an emoji) taken back."""
    held = part(item, "reaction")
    target = word(held, "message_id")
    if target is None:
        raise Unreadable("reaction.message_id: teks")
    emoji = word(held, "emoji") or ""
    return _about(item, EventType.REACTION, target, scene, f"{emoji or '-'}:{scene.author.id}:", emoji)


def _edited(item: Item, number: str, scene: Scene, circle: Circle) -> Event:
    held = part(item, "edit")
    target = word(held, "original_message_id") or word(held, "message_id") or word(part(item, "context"), "id")
    if target is None:
        raise Unreadable("edit.original_message_id: teks")
    now = part(held, "message") or held
    inside = contents(now)
    found = _about(item, EventType.EDITED, target, scene, "", inside.text)
    return replace(found, attachments=inside.attachments, location=inside.location)


def _withdrawn(item: Item, number: str, scene: Scene, circle: Circle) -> Event:
    held = part(item, kind_of(item))
    target = word(held, "original_message_id") or word(held, "message_id") or word(part(item, "context"), "id")
    if target is None:
        raise Unreadable("revoke.original_message_id: teks")
    return _about(item, EventType.WITHDRAWN, target, scene, "", "")


def _about(item: Item, type: EventType, target: str, scene: Scene, mark: str, text: str) -> Event:
    at = when(item)
    return Event(
        type=type,
        external_id=f"{target}#{type}#{mark}{iso(at) if at else ''}",
        target=target,
        conversation=scene.conversation,
        surface=scene.surface,
        author=scene.author,
        sent_at=at,
        text=text,
        extra={"ours": "yes"} if scene.ours else {},
    )


def _unsupported(item: Item, number: str, scene: Scene, circle: Circle) -> Event:
    """WhatsApp keeps the content to itself (a poll, a view-once photo): staff must at least know that it came."""
    kind = word(part(item, "unsupported"), "type")
    text = UNSUPPORTED.format(kind=f" ({kind})" if kind else "", why=why(item))
    said = [word(part(item, key), "body") or word(part(item, key), "caption") for key in CONTENT]
    text = "\n".join([*filter(None, said), text])
    return replace(_base(item, number, scene), type=EventType.UNKNOWN, text=text)


def _ephemeral(item: Item, number: str, scene: Scene, circle: Circle) -> Event:
    held = part(item, "text") or part(item, "ephemeral")
    text = word(held, "body") or EPHEMERAL
    return replace(_base(item, number, scene), type=EventType.UNKNOWN, text=text)


def _welcome(item: Item, number: str, scene: Scene, circle: Circle) -> Event:
    return _notice(item, number, scene.author, WELCOME, {})


def _system(item: Item, number: str, circle: Circle) -> Event:
    """The citizen changed number, telephone or id. The thread is the old one, as far as it is named."""
    held = part(item, "system")
    before = word(held, "previous_user_id") or word(item, "from_user_id")
    author = circle.person(before, word(item, "from") or word(held, "customer"))
    kind = word(held, "type") or ""
    numbers = (word(held, "new_wa_id"), word(held, "wa_id"))
    new = next(filter(None, numbers), None)
    if SYSTEM.get(kind) == RENAMED or new is None:
        new = word(held, "user_id") or new
    return _notice(item, number, author, _system_text(item, held, kind, author, new), {"moved_to": new} if new else {})


def _system_text(item: Item, held: Item, kind: str, author: Author, new: str | None) -> str:
    preference = PREFERENCES.get(word(held, "marketing") or "")
    if preference is not None:
        return preference
    phrase = SYSTEM.get(kind)
    if phrase is None or ("{new}" in phrase and new is None):
        return word(held, "body") or raw_text(item) or glance(item)
    return phrase.format(old=author.phone or author.id or "?", new=e164(new) or new)


def _notice(item: Item, number: str, author: Author, text: str, extra: Mapping[str, str]) -> Event:
    at = when(item)
    return Event(
        type=EventType.NOTICE,
        external_id=f"{number}#notice#{iso(at) if at else ''}",
        conversation=author.id,
        author=author,
        sent_at=at,
        text=text,
        extra=extra,
    )


_ABOUT = ("reaction", "edit", "revoke", "delete", "deleted")
_KINDS: dict[str, Callable[[Item, str, Scene, Circle], Event]] = {
    "reaction": _reaction,
    "edit": _edited,
    "revoke": _withdrawn,
    "delete": _withdrawn,
    "deleted": _withdrawn,
    "unsupported": _unsupported,
    "unknown": _unsupported,
    "ephemeral": _ephemeral,
    "request_welcome": _welcome,
}
