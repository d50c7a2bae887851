"""What a Telegram message holds: words, files, a place, or news about the chat itself (Bot API 10.3).

https://core.telegram.org/bots/api#message (2026-11-22): of the optional fields about a message's content one is present,
except that captions accompany media and an animation also fills `document`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from omnichannel.connectors.reading import Unreadable, clean, degrees, part, parts, size, things, whole, word
from omnichannel.connectors.telegram.gist import with_gist
from omnichannel.connectors.telegram.words import SERVICE
from omnichannel.domain.message import Attachment, Location

DEPTH = 40

_FILES = {
    "animation": "video/mp4",
    "document": "application/octet-stream",
    "audio": "audio/mpeg",
    "video": "video/mp4",
    "video_note": "video/mp4",
    "voice": "audio/ogg",
    "voice_note": "audio/ogg",
    "live_photo": "video/mp4",
}


@dataclass(frozen=True, slots=True)
class Contents:
    """`notice` is set when the message is no citizen's word but news of the chat; `known` is False for what is new to us."""

    text: str
    attachments: tuple[Attachment, ...]
    location: Location | None
    notice: str | None
    known: bool


def contents(message: dict[str, Any]) -> Contents:
    """Read every part of a message that a person would see."""
    files = tuple(_files(message))
    place = _place(message)
    text = _words(message)
    notice = None if text or files or place else _notice(message)
    return Contents(text, files, place, notice, known=bool(text or files or place or notice))


def _words(message: dict[str, Any]) -> str:
    """The citizen's own text, else what the special kinds say in words."""
    for key in ("text", "caption"):
        found = message.get(key)
        if found is None:
            continue
        if not isinstance(found, str):
            raise Unreadable(f"{key}: teks, bukan {type(found).__name__}")
        if found:
            return clean(found)
    for key, tell in _TELLERS.items():
        if isinstance(message.get(key), dict):
            told = tell(message[key])
            if told:
                return clean(told)
    return ""


def _notice(message: dict[str, Any]) -> str | None:
    """The news in our words, with the names and words that it is about. Some news are an empty object."""
    for key, phrase in SERVICE.items():
        held = message.get(key)
        if held or isinstance(held, dict):
            return with_gist(phrase, held)
    return None


def _place(message: dict[str, Any]) -> Location | None:
    for holder in (message, part(message, "venue")):
        found = part(holder, "location")
        lat, lon = degrees(found, "latitude", 90), degrees(found, "longitude", 180)
        if lat is not None and lon is not None:
            return Location(lat, lon)
    return None


def _files(message: dict[str, Any], depth: int = 0) -> Iterator[Attachment]:
    """Every file of a message, the best size of each photo, and those inside paid media and rich blocks."""
    for key, media_type in _FILES.items():
        found = part(message, key)
        if found and not (key == "document" and part(message, "animation")):
            yield _file(found, media_type)
    if part(message, "sticker"):
        yield _sticker(part(message, "sticker"))
    photo = _largest(parts(message, "photo")) or _largest(parts(part(message, "live_photo"), "photo"))
    if photo:
        yield _file(photo, "image/jpeg")
    if depth > DEPTH:
        return
    for item in parts(part(message, "paid_media"), "paid_media"):
        yield from _files(item, depth + 1)
    for block in _blocks(message):
        yield from _files(block, depth + 1)


def _blocks(thing: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from parts(part(thing, "rich_message"), "blocks")
    for key in ("blocks", "items"):
        yield from parts(thing, key)


def _largest(photo: list[dict[str, Any]]) -> dict[str, Any]:
    """Telegram sends a photo in several sizes; only the largest is worth keeping."""
    return max(photo, key=lambda one: (whole(one, "width") or 0) * (whole(one, "height") or 0), default={})


def _file(found: dict[str, Any], media_type: str) -> Attachment:
    return Attachment(
        media_type=word(found, "mime_type") or media_type,
        name=word(found, "file_name"),
        size=size(found, "file_size"),
        id=word(found, "file_id"),
    )


def _sticker(found: dict[str, Any]) -> Attachment:
    kinds = {"is_animated": "application/x-tgsticker", "is_video": "video/webm"}
    media_type = next((kind for key, kind in kinds.items() if found.get(key) is True), "image/webp")
    return _file(found, media_type)


def _contact(found: dict[str, Any]) -> str:
    name = " ".join(filter(None, (word(found, "first_name"), word(found, "last_name"))))
    return f"Kontak: {', '.join(filter(None, (name, word(found, 'phone_number'))))}"


def _venue(found: dict[str, Any]) -> str:
    return ", ".join(filter(None, (word(found, "title"), word(found, "address"))))


def _poll(found: dict[str, Any]) -> str:
    options = [f"• {word(option, 'text') or ''}" for option in parts(found, "options")]
    return "\n".join([word(found, "question") or "", *options]).strip()


def _checklist(found: dict[str, Any]) -> str:
    tasks = [
        f"{'☑' if task.get('completion_date') else '☐'} {word(task, 'text') or ''}" for task in parts(found, "tasks")
    ]
    return "\n".join([word(found, "title") or "", *tasks]).strip()


def _dice(found: dict[str, Any]) -> str:
    return " ".join(filter(None, (word(found, "emoji"), word(found, "value"))))


def _game(found: dict[str, Any]) -> str:
    return "\n".join(filter(None, (word(found, "title"), word(found, "description"))))


def _story(found: dict[str, Any]) -> str:
    """A forwarded story cannot be fetched by a bot; who reads must at least know that it came."""
    owner = part(found, "chat")
    name = word(owner, "title") or word(owner, "first_name") or word(owner, "username")
    return f"[Cerita Telegram dari {name}]" if name else "[Cerita Telegram]"


def _gift(found: dict[str, Any]) -> str:
    return word(found, "text") or ""


def _rich(found: dict[str, Any]) -> str:
    return _plain(found.get("blocks"), "\n").strip()


def _plain(node: object, joint: str = "", depth: int = 0) -> str:
    """The words inside rich text: strings, arrays of runs, and objects that wrap either."""
    if isinstance(node, str):
        return node
    if depth > DEPTH:
        return ""
    if isinstance(node, list):
        return joint.join(_plain(one, joint if isinstance(one, list) else "", depth + 1) for one in node)
    if not isinstance(node, dict):
        return ""
    said = [_plain(node.get(key), "", depth + 1) for key in ("summary", "text", "label", "caption", "credit")]
    said += [_plain(things(node, key), "\n", depth + 1) for key in ("blocks", "items", "cells")]
    return ("\n" if "blocks" in node or "items" in node or "cells" in node else "").join(filter(None, said))


_TELLERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "rich_message": _rich,
    "sticker": lambda found: word(found, "emoji") or "",
    "contact": _contact,
    "venue": _venue,
    "poll": _poll,
    "checklist": _checklist,
    "dice": _dice,
    "game": _game,
    "story": _story,
    "gift": _gift,
    "web_app_data": lambda found: word(found, "data") or "",
}
