"""Photographs, films and places that come with a post or a message."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qs, urlsplit

from omnichannel.connectors.reading import degrees, part, parts, things, whole, word
from omnichannel.connectors.x.people import identity
from omnichannel.domain.message import Attachment, Location

PICTURES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}


def of_keys(item: object, known: Mapping[str, dict[str, Any]]) -> tuple[Attachment, ...]:
    """v2: `attachments.media_keys` name what lies in `includes.media`; a key that came without its object is kept too."""
    keys = [key for key in things(part(item, "attachments"), "media_keys") if isinstance(key, str) and key]
    return tuple(attachment(known.get(key, {"media_key": key})) for key in dict.fromkeys(keys))


def of_entities(*holders: object) -> tuple[Attachment, ...]:
    """v1.1: `extended_entities.media` has every picture, `entities.media` only the first."""
    for name in ("extended_entities", "entities"):
        for holder in holders:
            found = parts(part(holder, name), "media")
            if found:
                return tuple(attachment(one) for one in found)
    return ()


def attachment(media: object) -> Attachment:
    """One media object of either version. Of a film the sharpest file is taken."""
    name = word(media, "media_key") or identity(media)
    film = _film(media)
    if film is not None:
        return Attachment(media_type=word(film, "content_type") or "video/mp4", id=name, url=word(film, "url"))
    url = word(media, "url") if word(media, "media_key") else None
    url = url or word(media, "media_url_https") or word(media, "media_url") or word(media, "preview_image_url")
    return Attachment(media_type=_kind(word(media, "type"), url), id=name, url=url)


def place(item: object) -> Location | None:
    """A point as GeoJSON has it: longitude first."""
    for holder in (part(item, "coordinates"), part(part(item, "geo"), "coordinates")):
        pair = things(holder, "coordinates")
        if len(pair) == 2:
            lon, lat = degrees({"_": pair[0]}, "_", 180), degrees({"_": pair[1]}, "_", 90)
            if lon is not None and lat is not None:
                return Location(lat=lat, lon=lon)
    return None


def _film(media: object) -> dict[str, Any] | None:
    variants = parts(media, "variants") or parts(part(media, "video_info"), "variants")
    files = [one for one in variants if word(one, "url") and word(one, "content_type") != "application/x-mpegURL"]
    return max(files, key=lambda one: whole(one, "bit_rate") or whole(one, "bitrate") or 0, default=None)


def _kind(kind: str | None, url: str | None) -> str:
    """X never says a picture's media type: its address does, as a suffix or as ?format=."""
    if url is not None:
        parsed = _split(url)
        suffix = (parsed[1] or PurePosixPath(parsed[0]).suffix.lstrip(".")).lower()
        if suffix in PICTURES:
            return PICTURES[suffix]
        if suffix == "mp4":
            return "video/mp4"
    return "image/jpeg" if kind == "photo" else "video/mp4" if kind else "application/octet-stream"


def _split(url: str) -> tuple[str, str]:
    try:
        parsed = urlsplit(url)
    except ValueError:
        return "", ""
    return parsed.path, parse_qs(parsed.query).get("format", [""])[0]
