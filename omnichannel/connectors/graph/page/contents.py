"""What a direct message on Messenger or Instagram holds: words, files, a place, something shared.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/messages
(of 2026-03-27) and …/business-messaging/instagram-messaging/webhooks (both seen 2026-11-22).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from omnichannel.connectors.reading import Unreadable, clean, degrees, glance, part, parts, word
from omnichannel.domain.message import Attachment, Location

# Meta never says the media type; the suffix of the link does, where it has one.
FILES = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/mp4",
    "file": "application/octet-stream",
    "sticker": "image/png",
    "animated_image_share": "image/gif",
    "reel": "video/mp4",
    "ig_reel": "video/mp4",
}
SUFFIXES = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "heic": "image/heic", "mp4": "video/mp4", "mov": "video/quicktime", "3gp": "video/3gpp", "webm": "video/webm",
    "m4a": "audio/mp4", "aac": "audio/aac", "mp3": "audio/mpeg", "ogg": "audio/ogg", "wav": "audio/wav",
    "pdf": "application/pdf", "txt": "text/plain", "csv": "text/csv", "zip": "application/zip",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip
# Pages for people, not files: what lies behind such a link is a screen of Meta's.
SITES = ("facebook.com", "instagram.com", "messenger.com", "fb.watch", "fb.me", "m.me", "ig.me")
SHARED = {
    "story_mention": "Menyebut akun kita di story.",
    "share": "Membagikan sebuah kiriman.",
    "post": "Membagikan sebuah kiriman.",
    "ig_post": "Membagikan sebuah kiriman Instagram.",
    "reel": "Membagikan sebuah reel.",
    "ig_reel": "Membagikan sebuah reel Instagram.",
    "ig_story": "Membagikan sebuah story.",
    "story": "Membagikan sebuah story.",
}
# Three sizes of Messenger's thumb, and Instagram's heart: words of a kind.
THUMBS = {"369239263222822", "369239343222814", "369239383222810"}
HEART = "like_heart"
ENVELOPE = {"mid", "seq", "is_echo", "app_id", "metadata", "reply_to", "is_unsupported", "is_self"}


@dataclass(frozen=True, slots=True)
class Contents:
    """`known` is False for what Meta keeps to itself, or a kind that we have yet to learn; the text is then the best there is."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    known: bool = True


@dataclass(slots=True)
class _Found:
    lines: list[str] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    location: Location | None = None
    extra: dict[str, str] = field(default_factory=dict)
    known: bool = True

    def say(self, *lines: str | None) -> None:
        """Lines that are not there already: a shared link often stands in the words, too."""
        self.lines += [line for line in lines if line and not any(line in said for said in self.lines)]

    def keep(self, file: Attachment) -> None:
        """A file, once: a sticker comes as sticker and as image, with one link."""
        if not any(file.url == known.url for known in self.files):
            self.files.append(file)


def contents(message: Mapping[str, Any]) -> Contents:
    """Everything a person would see of a message. Unreadable: its words are none."""
    found = _Found()
    found.say(_words(message, "text"))
    for attachment in _attachments(message):
        _attached(attachment, found)
    choice = word(part(message, "quick_reply"), "payload")
    if choice:
        found.extra["choice"] = choice
        if not found.lines:
            found.say(choice)
    empty = not (found.lines or found.files or found.location)
    if empty:
        rest = {key: value for key, value in message.items() if key not in ENVELOPE}
        found.say(UNSUPPORTED if message.get("is_unsupported") is True else glance(rest))
    known = found.known and not empty
    return Contents("\n".join(found.lines), tuple(found.files), found.location, found.extra, known)


UNSUPPORTED = "Warga mengirim sesuatu yang tidak diteruskan Meta kepada kita. Buka percakapannya di aplikasi Meta."


def _words(message: Mapping[str, Any], key: str) -> str | None:
    text = message.get(key)
    if text is not None and not isinstance(text, str):
        raise Unreadable(f"message.{key}: teks, bukan {type(text).__name__}")
    return clean(text) if text else None


def _attachments(message: Mapping[str, Any]) -> list[Any]:
    held = message.get("attachments")
    if held is None:
        held = message.get("attachment")
    if held is None:
        return []
    if not isinstance(held, list | dict):
        raise Unreadable(f"message.attachments: larik, bukan {type(held).__name__}")
    return held if isinstance(held, list) else [held]


def _attached(attachment: object, found: _Found) -> None:
    if not isinstance(attachment, dict):
        found.say(glance(attachment))
        return
    kind, payload = word(attachment, "type") or "", part(attachment, "payload")
    if kind == "location":
        _located(attachment, payload, found)
    elif kind == "template":
        _template(attachment, payload, found)
    elif kind == "fallback":
        # A link that the citizen wrote: it may lead anywhere, so it is shown and never fetched.
        link = word(payload, "url") or word(attachment, "url") or word(attachment, "URL")
        title = word(payload, "title") or word(attachment, "title")
        found.say(title, link)
        if not (title or link):
            found.say("Membagikan sesuatu yang tidak diteruskan Meta.")
    elif kind == HEART:
        found.say("❤️")
    elif (word(payload, "sticker_id") or "") in THUMBS:
        found.say("👍")
    else:
        _file(kind, attachment, payload, found)


def _file(kind: str, attachment: Mapping[str, Any], payload: Mapping[str, Any], found: _Found) -> None:
    link = word(payload, "url") or word(attachment, "url")
    if kind not in FILES or kind in SHARED:
        found.say(SHARED.get(kind))
        found.say(word(payload, "title") or word(attachment, "title"))
    sticker = word(payload, "sticker_id")
    if sticker:
        found.extra["sticker"] = sticker
    if link is None:
        if kind not in SHARED:
            found.say(glance(attachment))
            found.known = found.known and kind in FILES
    elif is_page(link):
        found.say(link)
    else:
        found.keep(file(link, FILES.get(kind, "application/octet-stream"), kind, payload))


def file(link: str, otherwise: str, kind: str = "", payload: Mapping[str, Any] | None = None) -> Attachment:
    """A file behind a link; its type by the suffix, else the kind's own. Only documents have names worth keeping."""
    name = unquote(_path(link).rpartition("/")[2])
    media_type = SUFFIXES.get(name.rpartition(".")[2].lower(), otherwise)
    if not otherwise.startswith("application/") and otherwise.partition("/")[0] != media_type.partition("/")[0]:
        media_type = otherwise  # A voice message ends in .mp4, too.
    named = word(payload, "name") or word(payload, "title") or (name if "." in name else None)
    return Attachment(media_type=media_type, name=named if kind == "file" else None, url=link)


def is_page(link: str) -> bool:
    """Whether a link shows a page of Meta's own sites. Their files lie at fbcdn.net, fbsbx.com and cdninstagram.com."""
    try:
        host = (urlsplit(link).hostname or "").lower()
    except ValueError:
        return True
    return any(host in (site, f"www.{site}", f"m.{site}", f"web.{site}") for site in SITES)


def _path(link: str) -> str:
    try:
        return urlsplit(link).path
    except ValueError:
        return ""


def _located(attachment: Mapping[str, Any], payload: Mapping[str, Any], found: _Found) -> None:
    point = part(payload, "coordinates")
    lat = degrees(point, "lat", 90)
    lon = degrees(point, "long", 180)
    lon = degrees(point, "lon", 180) if lon is None else lon
    if lat is not None and lon is not None:
        found.location = Location(lat, lon)
    title = word(attachment, "title")
    found.say(title, None if found.location else word(attachment, "url") or glance(attachment))


def _template(attachment: Mapping[str, Any], payload: Mapping[str, Any], found: _Found) -> None:
    """Buttons and cards, mostly our own side's: their words in order."""
    found.say(word(attachment, "title"), word(payload, "text"))
    for card in parts(payload, "elements") or parts(part(payload, "product"), "elements"):
        found.say(word(card, "title"), word(card, "subtitle"))
        found.say(*(f"[{title}]" for button in parts(card, "buttons") if (title := word(button, "title"))))
    for button in parts(payload, "buttons"):
        title = word(button, "title")
        found.say(f"[{title}]" if title else None)
    if not found.lines:
        found.say(word(attachment, "url") or glance(payload or attachment))
