"""The envelope of Meta's webhooks, opened generously: {"object", "entry": [{"id", "time", "changes" | "messaging": […]}]}.

What lies in archives and proxies' logs is often wrapped (a request with its body, a queue's message, a list, a file of
named examples) or stripped (one entry, one change, one value). All of that is found; an entry that is none stays in the
list as it came, for the channel to say what it cannot read.
"""

import json
from collections.abc import Callable
from typing import Any

from omnichannel.connectors.reading import Unreadable, digest, load

# A wrapper within a wrapper, and no deeper: what lies below is somebody's text, not an envelope.
DEPTH = 6
MARKS = ("changes", "messaging", "standby")

Bare = Callable[[dict[str, Any]], dict[str, Any] | None]


def entries(body: bytes, bare: Bare) -> list[Any]:
    """The entries of a payload. `bare` makes an entry of the channel's own stripped shapes. Unreadable: there is none."""
    found = _open(load(body), bare, 0)
    if found is None:
        raise Unreadable("webhook Meta: objek dengan larik entry")
    return found


def _open(thing: object, bare: Bare, depth: int) -> list[Any] | None:
    """The entries within, None when there is nothing of the kind."""
    if depth > DEPTH:
        return None
    if isinstance(thing, str):
        return _open_text(thing, bare, depth)
    if isinstance(thing, list):
        return _open_list(thing, bare, depth)
    if not isinstance(thing, dict):
        return None
    if "entry" in thing:
        entry = thing["entry"]
        if isinstance(entry, dict):
            return [entry]
        return entry if isinstance(entry, list) else None
    if any(mark in thing for mark in MARKS):
        return [thing]
    if "value" in thing and "field" in thing:
        return [{"changes": [thing]}]
    stripped = bare(thing)
    return [stripped] if stripped is not None else _open_wrapper(thing, bare, depth)


def _open_text(text: str, bare: Bare, depth: int) -> list[Any] | None:
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return _open(json.loads(text), bare, depth + 1)
    except (ValueError, RecursionError):
        return None


def _open_list(things: list[Any], bare: Bare, depth: int) -> list[Any] | None:
    """A list of payloads. Beside one that opens, one that does not is an item that cannot be read."""
    opened = [_open(one, bare, depth + 1) for one in things]
    if all(one is None for one in opened):
        return None
    either = ([thing] if inside is None else inside for thing, inside in zip(things, opened, strict=True))
    return [entry for inside in either for entry in inside]


def _open_wrapper(thing: dict[str, Any], bare: Bare, depth: int) -> list[Any] | None:
    """Whatever is inside an envelope of somebody else's; said twice (as text and as JSON), it is read once."""
    found: dict[str, list[Any]] = {}
    for value in thing.values():
        inside = _open(value, bare, depth + 1)
        if inside is not None:
            found.setdefault(digest(inside), inside)
    return [entry for inside in found.values() for entry in inside] if found else None
