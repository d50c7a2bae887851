"""The envelope of Meta's webhooks, opened generously: {"object", "entry": [{"id", "time", "changes" | "messaging": […]}]}.

What lies in archives and proxies' logs is often wrapped (`connectors/wrapping.py`) or stripped (one entry, one change, one
value). All of that is found; an entry that is none stays in the list as it came, for the channel to say what it cannot read.
"""

from collections.abc import Callable
from typing import Any

from omnichannel.connectors.reading import Unreadable, load
from omnichannel.connectors.wrapping import opened

MARKS = ("changes", "messaging", "standby")

Bare = Callable[[dict[str, Any]], dict[str, Any] | None]


def entries(body: bytes, bare: Bare) -> list[Any]:
    """The entries of a payload. `bare` makes an entry of the channel's own stripped shapes. Unreadable: there is none."""
    found = opened(load(body), lambda thing: _here(thing, bare))
    if found is None:
        raise Unreadable("webhook Meta: objek dengan larik entry")
    return found


def _here(thing: dict[str, Any], bare: Bare) -> list[Any] | None:
    """The entries of an envelope, or what is left of one."""
    if "entry" in thing:
        entry = thing["entry"]
        if isinstance(entry, dict):
            return [entry]
        return entry if isinstance(entry, list) else None
    if any(mark in thing for mark in MARKS):
        return [thing]
    if "field" in thing and ("value" in thing or "verb" in thing):
        return [{"changes": [thing]}]
    stripped = bare(thing)
    return [stripped] if stripped is not None else None
