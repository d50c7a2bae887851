"""Tolerant reading of somebody else's JSON: a wrong shape costs one item, never its payload and never the channel.

Every function takes what the platform gave, whatever it is, and returns the value or nothing. `Unreadable` is raised
only for what an item cannot do without; the connector catches it at the item's edge.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from omnichannel.domain.message import Author, Event, EventType

GLANCE = 4000
# RFC 7464 sets its record separator (U+001E) before each value.
_BETWEEN = re.compile(r"[ \t\r\n,\x1e]*")
_NEXT = re.compile(r"(?<=\n)[ \t\x1e]*(?=[{\[])")
_DECIMAL = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?")
_DECODER = json.JSONDecoder()
_TORN = 1000  # Torn values in one payload; beyond them it is no log, and looking for the next costs too much.


class Unreadable(ValueError):
    """An item lacks what it cannot do without; the text says what was expected."""


def load(body: bytes) -> Any:
    """The JSON value of a payload; of several, one after another or one a line as logs keep them, the list.

    A bottomless nest of brackets is as unreadable as a torn one.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        several = _several(body) if isinstance(error, ValueError) else None
        if several is None:
            raise Unreadable(f"bukan JSON yang utuh: {type(error).__name__}") from error
        return several


def _several(body: bytes) -> list[Any] | None:
    """JSON values in a row, the first of them whole. What is torn between them stays as its text, an item of its own."""
    text = body.decode("utf-8-sig", "replace")
    found: list[Any] = []
    at, torn = _BETWEEN.match(text).end(), 0  # type: ignore[union-attr]  # matches the empty text, too
    while at < len(text):
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            torn += 1
            following = _NEXT.search(text, at + 1) if torn < _TORN else None
            end = following.start() if following else len(text)
            value, at = text[at:end].strip(), end
        found.append(value)
        if not isinstance(found[0], dict | list):
            return None
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
    return found or None


def clean(text: str) -> str:
    """Text that every database and screen can hold: no NUL, no half of a surrogate pair (JSON may carry both)."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def part(thing: object, key: str) -> dict[str, Any]:
    """The object under `key`, empty when there is none."""
    found = thing.get(key) if isinstance(thing, Mapping) else None
    return found if isinstance(found, dict) else {}


def parts(thing: object, key: str) -> list[dict[str, Any]]:
    """The objects in the array under `key`; what is no object is left out."""
    return [item for item in things(thing, key) if isinstance(item, dict)]


def things(thing: object, key: str) -> list[Any]:
    """The array under `key`, empty when there is none."""
    found = thing.get(key) if isinstance(thing, Mapping) else None
    return found if isinstance(found, list) else []


def word(thing: object, key: str) -> str | None:
    """A short text or a number written as text; None when empty or anything else."""
    found = thing.get(key) if isinstance(thing, Mapping) else None
    if isinstance(found, str):
        return clean(found) or None
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return None


def whole(thing: object, key: str) -> int | None:
    """A whole number. True is not one, and neither is 1.5."""
    found = thing.get(key) if isinstance(thing, Mapping) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def size(thing: object, key: str) -> int | None:
    """A count of bytes; a negative one is no count."""
    found = whole(thing, key)
    return found if found is not None and found >= 0 else None


def degrees(thing: object, key: str, limit: float) -> float | None:
    """A coordinate within ±`limit`, also written as text; NaN and infinity, which JSON parsers let through, are none."""
    found = thing.get(key) if isinstance(thing, Mapping) else None
    if isinstance(found, str) and _DECIMAL.fullmatch(found):
        found = float(found)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    value = float(found) if abs(found) <= limit else math.nan
    return value if math.isfinite(value) else None


def integer(thing: object, key: str) -> int | None:
    """A whole number, also one that a relay wrote as text."""
    found = thing.get(key) if isinstance(thing, Mapping) else None
    if isinstance(found, str) and len(found) < 20 and found.isascii() and found.removeprefix("-").isdigit():
        return int(found)
    return whole(thing, key)


def unix(value: object) -> datetime | None:
    """Seconds since 1970 as aware UTC, also written as text; None for zero, nonsense and years that do not exist."""
    if isinstance(value, str) and len(value) < 16 and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def moment(value: object) -> datetime | None:
    """An ISO 8601 text as aware UTC; a naive one is taken as UTC."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def glance(thing: object) -> str:
    """The item itself, as much of it as a person would read: the best raw text of what we do not understand."""
    return clean(_dumped(thing)[:GLANCE])


def digest(thing: object) -> str:
    """A short name for an item that has none of its own: the same item has the same name."""
    return hashlib.sha256(_dumped(thing).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def unreadable_item(item: object, problem: str) -> Event:
    """The UNKNOWN that stands for one item nobody could read; its neighbours go on without it."""
    return _unknown(digest(item), glance(item), problem)


def unreadable_body(body: bytes, problem: str) -> Event:
    """The UNKNOWN that stands for a whole payload. Its id is made of the bytes: a repeat is the same."""
    return _unknown(hashlib.sha256(body).hexdigest()[:32], clean(body[:GLANCE].decode("utf-8", "replace")), problem)


def _dumped(thing: object) -> str:
    try:
        return json.dumps(thing, ensure_ascii=False, separators=(", ", ": "))
    except (ValueError, TypeError, RecursionError):
        return type(thing).__name__


def _unknown(name: str, shown: str, problem: str) -> Event:
    return Event(
        type=EventType.UNKNOWN,
        external_id=f"{name}#unknown",
        conversation="",
        author=Author(id=""),
        text=shown,
        problem=problem,
    )
