"""Who says it, to whom, and when: what every item of a Page's or an Instagram account's webhook is read against."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from omnichannel.connectors.reading import clean, moment, unix, word
from omnichannel.domain.channel import Surface
from omnichannel.domain.message import Author, Event, EventType, iso

Item = dict[str, Any]
NOBODY = Author(id="")


@dataclass(frozen=True, slots=True)
class Place:
    """The entry an item stands in: the ids that are ourselves, and the time Meta wrote on the envelope."""

    own: frozenset[str] = frozenset()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """One item: whose words, in which thread, on whose side. `thread` is the citizen (direct) or the post (public)."""

    author: Author
    thread: str
    at: datetime | None
    surface: Surface = Surface.DIRECT
    ours: bool = False
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def stamp(self) -> str:
        """The time as part of an event's name."""
        return iso(self.at) if self.at else ""

    def event(self, type: EventType, external_id: str, **facts: Any) -> Event:
        """An event of this scene."""
        extra = {**self.extra, **facts.pop("extra", {})}
        return Event(
            type=type,
            external_id=external_id,
            conversation=facts.pop("conversation", self.thread),
            surface=self.surface,
            author=self.author,
            sent_at=self.at,
            extra=extra,
            **facts,
        )

    def about(self, type: EventType, target: str, mark: str, **facts: Any) -> Event:
        """An event about a message: its name is made of the message's, so that a repeat is the same."""
        facts["extra"] = {**facts.get("extra", {}), **({"ours": "yes"} if self.ours else {})}
        return self.event(type, f"{target}#{type}#{mark}", target=target, **facts)


def when(thing: object, *keys: str) -> datetime | None:
    """The first of these times. Direct messages count milliseconds, comments seconds; Meta's own test button and relays
    write either as text: the size tells them apart. What the Graph itself is asked for comes in ISO 8601."""
    for key in keys:
        text = word(thing, key) or ""
        value = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
        found = unix(value / 1000 if value > 10**11 else value) or (moment(text) if "-" in text else None)
        if found is not None:
            return found
    return None


def party(thing: object, key: str) -> Author:
    """A person or Page under `key`: an object with an id, or the id itself. NOBODY when there is none.

    A citizen who came by a plugin is known by `user_ref` until they write.
    """
    held = thing.get(key) if isinstance(thing, dict) else None
    if isinstance(held, dict):
        handle = word(held, "username")
        id = word(held, "id") or word(held, "user_ref") or word(held, "user_id")
        return Author(id=id or "", name=word(held, "name"), handle=handle.removeprefix("@") if handle else None)
    bare = word(thing, key)
    return Author(id=clean(bare)) if bare else NOBODY
