"""Payloads as archives, proxies, queues and test suites keep them: within somebody else's envelope, opened generously.

A recording is often a request with its headers, a queue's record, an item of a workflow, a list, a file of named examples;
its body an object, a text of JSON, or base64. What a channel's own shapes look like, the channel says (`here`).
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any

from omnichannel.connectors.reading import digest

# A wrapper within a wrapper, and no deeper: what lies below is somebody's text, not an envelope.
DEPTH = 8
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}\s*")

# The payload's own items if this object is one of the channel's shapes, else None: then it may be a wrapper.
Here = Callable[[dict[str, Any]], list[Any] | None]


def opened(thing: object, here: Here, depth: int = 0) -> list[Any] | None:
    """The items within, as they came; None when there is nothing of the channel's."""
    if depth > DEPTH:
        return None
    if isinstance(thing, str):
        return _open_text(thing, here, depth)
    if isinstance(thing, list):
        return _open_list(thing, here, depth)
    if not isinstance(thing, dict):
        return None
    found = here(thing)
    return found if found is not None else _open_wrapper(thing, here, depth)


def _open_text(text: str, here: Here, depth: int) -> list[Any] | None:
    if text.lstrip()[:1] not in ("{", "["):
        text = _plain(text)
    if not text:
        return None
    try:
        return opened(json.loads(text), here, depth + 1)
    except (ValueError, RecursionError):
        return None


def _plain(text: str) -> str:
    """JSON out of base64, which gateways and queues wrap bodies in; empty when there is none."""
    if not _BASE64.fullmatch(text):
        return ""
    try:
        found = base64.b64decode(text.strip().translate(str.maketrans("-_", "+/")) + "==").decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return found if found.lstrip()[:1] in ("{", "[") else ""


def _open_list(things: list[Any], here: Here, depth: int) -> list[Any] | None:
    """A list of payloads. Beside one that opens, one that does not is an item that cannot be read."""
    inside = [opened(one, here, depth + 1) for one in things]
    if all(one is None for one in inside):
        return None
    either = ([thing] if found is None else found for thing, found in zip(things, inside, strict=True))
    return [item for found in either for item in found]


def _open_wrapper(thing: dict[str, Any], here: Here, depth: int) -> list[Any] | None:
    """Whatever is inside an envelope of somebody else's; said twice (as text and as JSON), it is read once."""
    found: dict[str, list[Any]] = {}
    for value in thing.values():
        inside = opened(value, here, depth + 1)
        if inside is not None:
            found.setdefault(digest(inside), inside)
    return [item for inside in found.values() for item in inside] if found else None
