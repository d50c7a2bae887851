"""What was said while nobody listened: conversations and comments, read again and told in the words of a webhook.

A message and a comment bear the same id in both, so whatever a webhook told already is known by its id. Each stretch is one
page of one list; the cursor says which. https://developers.facebook.com/documentation/business-messaging/
messenger-platform/conversations (of 2026-02-11).
"""

import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from omnichannel.connectors.graph.page.asking import Asking, following, listed
from omnichannel.connectors.graph.page.scene import Item, when
from omnichannel.connectors.reading import part, parts, word
from omnichannel.domain.errors import AccountBroken, Refused
from omnichannel.domain.ports import Batch, Raw

log = logging.getLogger(__name__)

CONVERSATIONS = 25
MESSAGES = 20
OLDER_PAGES = 10
FIELDS = (
    "id,created_time,from,to,message,sticker,shares{link,name},"
    "attachments{id,mime_type,name,size,image_data,video_data,file_url}"
)
READ = "x-omnichannel-read"
# The right to this list is missing, not the account's health: the rest is read all the same.
NO_RIGHT = {"3", "10", *map(str, range(200, 300))}


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a walk stands: which list, which page of it, how many were read."""

    part: str
    after: str | None = None
    page: int = 0

    @classmethod
    def load(cls, text: str | None, first: str) -> "Mark":
        try:
            held: Any = json.loads(text or "{}")
        except (ValueError, RecursionError):
            held = {}
        number = held.get("page") if isinstance(held, dict) else 0
        return cls(word(held, "part") or first, word(held, "after"), number if isinstance(number, int) else 0)

    def dump(self) -> str:
        return json.dumps({"part": self.part, "after": self.after, "page": self.page})


@dataclass(frozen=True, slots=True)
class Stretch:
    """One page of a list, read: what it held, and the name of the next page."""

    raws: tuple[Raw, ...] = ()
    after: str | None = None


ReadPart = Callable[[datetime, Mark], Awaitable[Stretch]]


class History:
    """Walks through an account's lists, in the order they are given."""

    def __init__(self, account: str, readers: dict[str, ReadPart]) -> None:
        self._account = account
        self._readers = readers

    async def missed(self, since: datetime, cursor: str | None) -> Batch:
        """The next stretch. A list that we may not read is left out, and the log says so."""
        names = list(self._readers)
        mark = Mark.load(cursor, names[0])
        if mark.part not in names:
            return Batch((), None)
        try:
            stretch = await self._readers[mark.part](since, mark)
        except AccountBroken as error:
            if error.code not in NO_RIGHT:
                raise
            log.warning("no right to read", extra={"account": self._account, "list": mark.part, "error": error.reason})
            stretch = Stretch()
        if stretch.after is not None:
            return Batch(stretch.raws, Mark(mark.part, stretch.after, mark.page + 1).dump())
        rest = names[names.index(mark.part) + 1 :]
        return Batch(stretch.raws, Mark(rest[0]).dump() if rest else None)


@dataclass(frozen=True, slots=True)
class Conversations:
    """Direct messages. `object` and `own` are what a webhook's envelope says of us; `platform` is messenger or instagram.

    Of an Instagram conversation only the 20 newest messages can be read (page above): `deep` is False there.
    """

    asking: Asking
    page: str
    platform: str
    object: str
    own: frozenset[str]
    entry_id: str
    deep: bool = True

    async def __call__(self, since: datetime, mark: Mark) -> Stretch:
        fields = f"id,updated_time,messages.limit({MESSAGES}){{{FIELDS}}}"
        said = await self.asking.ask(
            f"{self.page}/conversations", platform=self.platform, fields=fields, limit=CONVERSATIONS, after=mark.after
        )
        talks = listed(said)
        fresh = [talk for talk in talks if is_since(talk, "updated_time", since)]
        raws = [raw for talk in fresh for raw in await self._talk(talk, since)]
        # The newest conversations come first: a page with nothing new is the last one worth reading.
        return Stretch(tuple(raws), following(said) if fresh else None)

    async def _talk(self, talk: Item, since: datetime) -> list[Raw]:
        """A conversation's messages since then, oldest first."""
        page = part(talk, "messages")
        found = [one for one in listed(page) if is_since(one, "created_time", since)]
        for _ in range(OLDER_PAGES if self.deep else 0):
            after = following(page)
            if after is None or len(found) % MESSAGES or not found:
                break
            try:
                page = await self.asking.ask(f"{word(talk, 'id')}/messages", fields=FIELDS, limit=MESSAGES, after=after)
            except Refused:
                break  # older than what Meta still shows
            older = [one for one in listed(page) if is_since(one, "created_time", since)]
            found += older
            if len(older) < MESSAGES:
                break
        return [self._raw(one) for one in reversed(found) if word(one, "id")]

    def _raw(self, message: Item) -> Raw:
        """A message as the webhook would have told it."""
        sender = part(message, "from")
        readers = parts(part(message, "to"), "data")
        ours = word(sender, "id") in self.own
        us = {"id": self.entry_id}
        at = when(message, "created_time")
        item: Item = {
            "sender": us if ours else sender,
            "recipient": (readers[0] if readers else {}) if ours else us,
            "message": {"mid": message["id"], **_contents(message), **({"is_echo": True} if ours else {})},
        }
        if at is not None:
            item["timestamp"] = int(at.timestamp() * 1000)
        return enveloped(self.object, self.entry_id, "conversations", messaging=[item])


def enveloped(object: str, entry_id: str, read: str, **entry: Any) -> Raw:
    """One item in a webhook's envelope; the header says that we asked for it."""
    body = {"object": object, "entry": [{"id": entry_id, **entry}]}
    return Raw(json.dumps(body, separators=(",", ":")).encode(), {READ: read})


def commented(object: str, entry_id: str, field: str, value: Item) -> Raw:
    """One change in a webhook's envelope."""
    return enveloped(object, entry_id, "comments", changes=[{"field": field, "value": value}])


def is_since(thing: object, key: str, since: datetime) -> bool:
    """Whether it is not older than that; what says no time may be new."""
    at = when(thing, key)
    return at is None or at >= since


def _contents(message: Item) -> Item:
    """Words and files, in a webhook's shapes."""
    held: Item = {}
    text = word(message, "message")
    if text:
        held["text"] = text
    files = [_file(one) for one in listed(part(message, "attachments"))]
    sticker = word(message, "sticker")
    if sticker:
        files.append({"type": "image", "payload": {"url": sticker}})
    shared = [
        {"type": "fallback", "title": word(one, "name"), "payload": {"url": word(one, "link")}}
        for one in listed(part(message, "shares"))
    ]
    if files or shared:
        held["attachments"] = [*files, *shared]
    return held or {"is_unsupported": True}


def _file(attachment: Item) -> Item:
    family = (word(attachment, "mime_type") or "").partition("/")[0]
    kind = family if family in ("image", "video", "audio") else "file"
    links = [word(part(attachment, key), "url") for key in ("image_data", "video_data")]
    links.append(word(attachment, "file_url"))
    payload = {"url": next((one for one in links if one), None), "name": word(attachment, "name")}
    return {"type": kind, "payload": {key: value for key, value in payload.items() if value}}
