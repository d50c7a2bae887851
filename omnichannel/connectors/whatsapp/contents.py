"""What a WhatsApp message holds: words, a file, a place, or a kind that we do not know.

Kinds: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages (2026-11-22).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from omnichannel.connectors.reading import Unreadable, clean, degrees, glance, part, parts, size, things, word
from omnichannel.connectors.whatsapp.people import e164
from omnichannel.domain.message import Attachment, Location

# Where WhatsApp leaves out the type: photos are JPEG or PNG, voice is Ogg (…/whatsapp/business-phone-numbers/media).
MEDIA = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/ogg",
    "voice": "audio/ogg",
    "document": "application/octet-stream",
    "sticker": "image/webp",
}
# Fields of a flow's answer that are the machine's and not the citizen's.
MACHINE = {"flow_token", "wa_flow_response_params"}


@dataclass(frozen=True, slots=True)
class Contents:
    """`known` is False for a kind that we have yet to learn; its text is then the best there is."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    phone: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    known: bool = True


def kind_of(item: Mapping[str, Any]) -> str:
    """The declared type, else the one whose content is there."""
    return word(item, "type") or next((kind for kind in _READERS if kind in item), "")


def contents(item: Mapping[str, Any]) -> Contents:
    """Read the part of a message that a person would see. Unreadable: it is of a known kind, and broken."""
    kind = kind_of(item)
    read = _READERS.get(kind)
    if read is None:
        return Contents(text=raw_text(item), known=False)
    held = item.get(kind)
    if kind == "text" and isinstance(held, str):
        held = {"body": held}
    if kind == "contacts" and isinstance(held, list):
        held = {"cards": held}
    if not isinstance(held, dict):
        raise Unreadable(f"{kind}: objek, bukan {type(held).__name__}")
    return read(kind, held, item)


def raw_text(item: Mapping[str, Any]) -> str:
    """The best of a kind we do not know: its words where it has some, else itself."""
    held = item.get(word(item, "type") or "")
    if isinstance(held, str):
        return clean(held)
    for holder in (held, part(item, "text")):
        for key in ("body", "caption", "text", "title", "name"):
            said = word(holder, key)
            if said is not None:
                more = any(isinstance(one, list | dict) for one in part({"_": holder}, "_").values())
                return f"{said}\n{glance(holder)}" if more else said
    envelope = ("from", "from_user_id", "id", "timestamp", "context")
    return glance(held if held else {key: value for key, value in item.items() if key not in envelope})


def _text(kind: str, held: dict[str, Any], item: Mapping[str, Any]) -> Contents:
    body = held.get("body")
    if not isinstance(body, str):
        raise Unreadable(f"text.body: teks, bukan {type(body).__name__}")
    return Contents(text=clean(body))


def _media(kind: str, held: dict[str, Any], item: Mapping[str, Any]) -> Contents:
    file = Attachment(
        media_type=word(held, "mime_type") or MEDIA[kind],
        name=word(held, "filename"),
        size=size(held, "file_size"),
        id=word(held, "id"),
        url=word(held, "url") or word(held, "link"),
    )
    voice = held.get("voice") is True or kind == "voice"
    return Contents(text=word(held, "caption") or "", attachments=(file,), extra={"voice": "yes"} if voice else {})


def _location(kind: str, held: dict[str, Any], item: Mapping[str, Any]) -> Contents:
    lat, lon = degrees(held, "latitude", 90), degrees(held, "longitude", 180)
    text = "\n".join(filter(None, (word(held, key) for key in ("name", "address", "url"))))
    if lat is None or lon is None:
        if not text:
            raise Unreadable("location: latitude dan longitude")
        return Contents(text=text)
    return Contents(text=text, location=Location(lat, lon))


def _contacts(kind: str, held: dict[str, Any], item: Mapping[str, Any]) -> Contents:
    cards = things(held, "cards")
    text = "\n".join(_card(card) for card in cards)
    if not text:
        raise Unreadable("contacts: larik kartu nama")
    # A citizen who answers our request for their number tells it in a card.
    asked = (word(item, "origin") or "").startswith("contact_request")
    phones = [e164(word(one, "wa_id")) or e164(word(one, "phone")) for card in cards for one in parts(card, "phones")]
    return Contents(text=text, phone=next(filter(None, phones), None) if asked else None)


def _card(card: object) -> str:
    """One visiting card in one line, vCard included."""
    if not isinstance(card, dict):
        return f"Kontak: {glance(card)}"
    name = part(card, "name")
    halves = " ".join(filter(None, (word(name, "first_name"), word(name, "last_name"))))
    said: list[str | None] = [word(name, "formatted_name") or halves]
    said += [word(one, "phone") or word(one, "wa_id") for one in parts(card, "phones")]
    said += [word(one, "email") for one in parts(card, "emails")]
    said += [word(part(card, "org"), key) for key in ("company", "department", "title")] + [word(card, "birthday")]
    for place in parts(card, "addresses"):
        said += [word(place, key) for key in ("street", "city", "state", "zip", "country")]
    said += [word(one, "url") for one in parts(card, "urls")]
    said = [one for one in said if one] or _vcard(word(card, "vcard") or "")
    return f"Kontak: {', '.join(filter(None, said)) or glance(card)}"


def _vcard(text: str) -> list[str | None]:
    """Name, numbers and mail of a vCard (RFC 6350), whatever parameters stand before the colon."""
    lines = [line.partition(":") for line in text.splitlines()]
    wanted = {"FN", "TEL", "EMAIL", "ORG", "ADR"}
    named = [(name.split(";")[0].rpartition(".")[2].upper(), value) for name, _, value in lines]
    return [value.replace(";", " ").strip() for name, value in named if name in wanted]


def _interactive(kind: str, held: dict[str, Any], item: Mapping[str, Any]) -> Contents:
    for name in ("button_reply", "list_reply"):
        chosen = part(held, name)
        if chosen:
            text = word(chosen, "title") or word(chosen, "description") or word(chosen, "id") or glance(chosen)
            return Contents(text=text, extra=_some(choice=word(chosen, "id"), about=word(chosen, "description")))
    flow = part(held, "nfm_reply")
    if flow:
        return Contents(text=_flow(flow), extra=_some(form=word(flow, "name")))
    call = part(held, "call_permission_reply")
    if call:
        return Contents(text=f"Izin menelepon: {word(call, 'response') or glance(call)}")
    return Contents(text=glance(held), known=False)


def _flow(flow: dict[str, Any]) -> str:
    """A form that the citizen filled in, one line a field."""
    answers: Any = flow.get("response_json")
    if isinstance(answers, str):
        try:
            answers = json.loads(answers)
        except (ValueError, RecursionError):
            return clean(answers)
    if isinstance(answers, list) and answers:
        return clean(_plain(answers))
    if not isinstance(answers, dict):
        return word(flow, "body") or glance(flow)
    lines = [f"{key}: {_plain(value)}" for key, value in answers.items() if key not in MACHINE]
    return clean("\n".join(lines)) or word(flow, "body") or glance(flow)


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(_plain(one) if isinstance(one, str) else glance(one) for one in value)
    return glance(value)


def _button(kind: str, held: dict[str, Any], item: Mapping[str, Any]) -> Contents:
    text = word(held, "text") or word(held, "payload")
    if text is None:
        raise Unreadable("button.text: teks")
    return Contents(text=text, extra=_some(choice=word(held, "payload")))


def _order(kind: str, held: dict[str, Any], item: Mapping[str, Any]) -> Contents:
    lines = [word(held, "text") or "Pesanan:"]
    for product in parts(held, "product_items"):
        cost = product.get("item_price")
        price = " ".join(
            filter(
                None,
                (f"{cost:g}" if isinstance(cost, float) else word(product, "item_price"), word(product, "currency")),
            )
        )
        name = word(product, "product_retailer_id") or "?"
        lines.append(f"• {word(product, 'quantity') or '1'} × {name}{f' ({price})' if price else ''}")
    return Contents(text="\n".join(lines))


def _some(**facts: str | None) -> dict[str, str]:
    return {key: value for key, value in facts.items() if value}


_READERS: dict[str, Callable[[str, dict[str, Any], Mapping[str, Any]], Contents]] = {
    "text": _text,
    **dict.fromkeys(MEDIA, _media),
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
}
CONTENT = tuple(_READERS)
