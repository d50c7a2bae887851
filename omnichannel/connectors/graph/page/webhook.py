"""A Page's or an Instagram account's webhook becomes events: every entry, every item of every array. Pure, no exception.

{"object", "entry": [{"id", "time", "messaging" | "standby": […], "changes": [{"field", "value"}]}]}: Meta batches, and what
comes first in an array may not be the only thing in it. With Instagram's own login a change stands in the entry itself.
https://developers.facebook.com/docs/graph-api/webhooks/getting-started (2026-11-22).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from omnichannel.connectors.graph.envelope import entries
from omnichannel.connectors.graph.page.messaging import direct, is_direct
from omnichannel.connectors.graph.page.scene import Item, Place, party, when
from omnichannel.connectors.reading import Unreadable, digest, glance, unreadable_body, unreadable_item, word
from omnichannel.domain.channel import Surface
from omnichannel.domain.message import Event, EventType, iso

# Reads the value of one change; None when the channel does not know the field.
ReadChange = Callable[[str, Item, Place], "Event | None"]
# Makes a change of a value that archives stripped of its field; None when it is none of this channel's.
FieldOf = Callable[[Item], "str | None"]


class Reading:
    """How one account reads: `own` are its ids, `read_change` and `field_of` the channel's public side.

    `page` is the id that entries bear where it is known: what came for another Page of the same app says so.
    """

    def __init__(
        self, own: frozenset[str], read_change: ReadChange, field_of: FieldOf, page: str | None = None
    ) -> None:
        self._own = own
        self._read_change = read_change
        self._field_of = field_of
        self._page = page

    def events(self, body: bytes) -> tuple[Event, ...]:
        """Every event of a payload."""
        try:
            found = entries(body, self._bare)
        except Unreadable as error:
            return (unreadable_body(body, str(error)),)
        return tuple(event for entry in found for event in self._entry(entry))

    def _entry(self, entry: object) -> list[Event]:
        if not isinstance(entry, dict):
            return [unreadable_item(entry, f"entry: objek, bukan {type(entry).__name__}")]
        page = word(entry, "id")
        place = Place(self._own | ({page} if page else set()), when(entry, "time"))
        told = [
            event
            for key, read in (("messaging", self._direct), ("standby", self._standby), ("changes", self._change))
            for item in _each(entry.get(key))
            for event in _one(read, item, place)
        ]
        if "field" in entry and "value" in entry:
            told += _one(self._change, {"field": entry["field"], "value": entry["value"]}, place)
        elif not any(key in entry for key in ("messaging", "standby", "changes")):
            told.append(unreadable_item(entry, "entry tanpa messaging, standby, atau changes"))
        if self._page and page and page != self._page:
            told = [replace(event, extra={**event.extra, "page": page}) for event in told]
        return told

    def _direct(self, item: object, place: Place) -> list[Event]:
        return direct(item, place)

    def _standby(self, item: object, place: Place) -> list[Event]:
        return direct(item, place, standby=True)

    def _change(self, change: object, place: Place) -> list[Event]:
        if not isinstance(change, dict):
            raise Unreadable(f"perubahan: objek, bukan {type(change).__name__}")
        field, value = word(change, "field"), change.get("value")
        if isinstance(value, list):
            return [event for one in value for event in _one(self._change, {**change, "value": one}, place)]
        if "value" not in change and field and word(change, "verb"):
            value = change  # news of permissions say all in the change itself
        if not isinstance(value, dict):
            raise Unreadable(f"value: objek, bukan {type(value).__name__}")
        inside = [one for key in ("messaging", "standby") for one in _each(value.get(key))]
        if inside:
            return [event for one in inside for event in _one(self._direct, one, place)]
        # Meta's test button sends direct messages as changes, too.
        if is_direct(value):
            return direct(value, place, standby=field == "standby")
        field = field or self._field_of(value) or "?"
        found = self._read_change(field, value, place)
        return [found if found is not None else _unknown(field, value, place)]

    def _bare(self, thing: Item) -> Item | None:
        """What archives keep of a webhook: one item of messaging, the value of one change."""
        if is_direct(thing):
            return {"messaging": [thing]}
        field = self._field_of(thing)
        return {"changes": [{"field": field, "value": thing}]} if field else None


def _one(read: Callable[[Any, Place], list[Event]], item: object, place: Place) -> list[Event]:
    try:
        return read(item, place)
    except Unreadable as error:
        return [unreadable_item(item, str(error))]


def _each(thing: object) -> list[Any]:
    """The items of an array; whatever stands in its place is one item, so that nothing falls out."""
    if thing is None:
        return []
    return thing if isinstance(thing, list) else [thing]


def _unknown(field: str, value: Item, place: Place) -> Event:
    """A field or an item of the future, kept whole: with whoever it names, under the post it names."""
    at = when(value, "created_time", "timestamp", "time") or place.at
    author = party(value, "from")
    return Event(
        type=EventType.UNKNOWN,
        external_id=f"{field}#unknown#{iso(at) if at else ''}:{digest(value)[:16]}",
        conversation=(word(value, "post_id") or word(value, "media_id") or author.id) if author.id else "",
        author=author,
        surface=Surface.PUBLIC,
        sent_at=at,
        text=glance(value),
    )
