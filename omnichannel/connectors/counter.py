"""Visits, telephone calls and letters as channels: staff write them down, and write down what was answered.

The page is `web.counter`; it writes this body, which the ledger keeps:

    {"id": "…", "at": "2026-11-22T06:05:00Z", "kind": "complaint", "secret": false, "subject": "…", "text": "…",
     "person": {"name": "…", "phone": "+62…", "mail": "…", "address": "…", "nik": "…"}, "by": "staff:3",
     "files": [{"name": "…", "media_type": "application/pdf", "size": 1234, "sha256": "…"}]}

Each record is a thread of its own. Whoever leaves the same telephone number is the same contact.
"""

import re
from collections.abc import Mapping
from typing import Any

from omnichannel.connectors.reading import (
    Unreadable,
    clean,
    load,
    moment,
    part,
    parts,
    size,
    unreadable_body,
    word,
)
from omnichannel.domain.case import Kind
from omnichannel.domain.channel import Capabilities, Channel, Surface
from omnichannel.domain.errors import Refused
from omnichannel.domain.message import Attachment, Author, Event, EventType, Outgoing, Sent
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Raw
from omnichannel.domain.stated import Stated

HASH = re.compile(r"[0-9a-f]{64}")
# The record keeps a copy of what was handed over: the answer's letter, the document.
_CAN = Capabilities(text_limit=10_000, by_hand=True, attachment_limit=25 * 1024 * 1024)


class CounterConnector:
    """Nothing leaves the house: sending is writing down that it was said."""

    surfaces: Mapping[Surface, Capabilities] = {Surface.DIRECT: _CAN}

    def __init__(self, account: Account) -> None:
        self.account = account.name
        self.channel: Channel = account.channel

    async def open(self) -> None:
        """There is no account to prove."""

    async def close(self) -> None:
        """Nothing is held."""

    async def probe(self) -> str:
        """Where staff find it."""
        return "/catat"

    def parse(self, raw: Raw) -> tuple[Event, ...]:
        try:
            return (_read(load(raw.body)),)
        except Unreadable as error:
            return (unreadable_body(raw.body, str(error)),)

    async def send(self, outgoing: Outgoing) -> Sent:
        """It stands in our record from now on."""
        if not outgoing.text.strip() and not outgoing.files:
            raise Refused("Pesan kosong.", code="empty")
        return Sent(external_id=f"catat:{outgoing.key}")


def build(account: Account) -> CounterConnector:
    """The catalogue's builder."""
    return CounterConnector(account)


def _read(body: object) -> Event:
    if not isinstance(body, dict):
        raise Unreadable("objek JSON")
    name, person = word(body, "id"), part(body, "person")
    text = body.get("text", "")
    if name is None or not isinstance(text, str):
        raise Unreadable("id dan text: teks")
    kind = word(body, "kind") or ""
    said = Stated(kind=Kind(kind) if kind in set(Kind) else None, secret=body.get("secret") is True)
    phone = word(person, "phone")
    return Event(
        type=EventType.INCOMING,
        external_id=name,
        conversation=name,
        author=Author(
            f"telp:{phone}" if phone else f"catatan:{name}",
            name=word(person, "name"),
            phone=phone,
            address=word(person, "mail"),
        ),
        sent_at=moment(body.get("at")),
        subject=word(body, "subject"),
        text=clean(text),
        quoted=_identity(person),
        attachments=tuple(_file(one) for one in parts(body, "files")),
        extra=said.as_extra(),
    )


def _identity(person: dict[str, Any]) -> str | None:
    """Who asks, apart from what they ask: it is folded away on the screen, and no machine reads it."""
    named = (("Nama", "name"), ("NIK", "nik"), ("Alamat", "address"), ("Telepon", "phone"), ("Surel", "mail"))
    lines = [f"{title}: {word(person, key)}" for title, key in named if word(person, key)]
    return "\n".join(lines) or None


def _file(found: dict[str, Any]) -> Attachment:
    sha256 = word(found, "sha256") or ""
    if not HASH.fullmatch(sha256):
        raise Unreadable("files: sha256")
    media_type = word(found, "media_type") or "application/octet-stream"
    return Attachment(media_type, name=word(found, "name"), size=size(found, "size"), sha256=sha256)
