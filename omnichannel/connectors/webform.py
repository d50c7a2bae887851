"""The public forms as a channel: what a citizen sent in is read here, and an answer is on their tracking page at once.

The pages themselves are `web.public`; they write this body, which the ledger keeps:

    {"id": "…", "thread": "WEB-4F7K2-M9QXT", "holder": "kode:…", "at": "2026-11-22T06:05:00Z", "kind": "complaint",
     "anonymous": true, "secret": false, "doubts": ["too_fast"], "held": false, "subject": "…", "text": "…",
     "place": {"text": "…", "lat": 0.5, "lon": 117.6}, "happened": "2026-11-20",
     "request": {"purpose": "…", "access": "salinan_digital", "delivery": "surel"},
     "person": {"applicant": "perorangan", "name": "…", "nik": "…", "address": "…", "job": "…", "phone": "…", "mail": "…"},
     "files": [{"name": "…", "media_type": "image/jpeg", "size": 1234, "sha256": "…"}]}

Without `kind` it is a later word in the same thread. `holder` is a hash of the code that only the sender has. Files lie on
our disk already; their hash stands here. Who writes anonymously is named in this body alone, and on no screen.
"""

import re
from collections.abc import Mapping
from typing import Any

from omnichannel.connectors.reading import (
    Unreadable,
    clean,
    degrees,
    load,
    moment,
    part,
    parts,
    size,
    things,
    unreadable_body,
    word,
)
from omnichannel.domain.case import Kind
from omnichannel.domain.channel import Capabilities, Channel, Surface
from omnichannel.domain.errors import Refused, TooLong
from omnichannel.domain.forms import ACCESS, APPLICANTS, DELIVERY
from omnichannel.domain.message import Attachment, Author, Event, EventType, Location, Outgoing, Sent
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Raw
from omnichannel.domain.stated import Stated

THREAD = re.compile(r"WEB-[0-9A-Z]{5}-[0-9A-Z]{5}")
HASH = re.compile(r"[0-9a-f]{64}")
# A page has room; more than this nobody reads. Files are handed over there, to whoever has the code.
_CAN = Capabilities(text_limit=10_000, attachment_limit=25 * 1024 * 1024)


class WebformConnector:
    """Our own pages. Nothing leaves the house, so nothing can fail on the way."""

    channel: Channel = Channel.WEB
    surfaces: Mapping[Surface, Capabilities] = {Surface.DIRECT: _CAN}

    def __init__(self, account: Account) -> None:
        self.account = account.name

    async def open(self) -> None:
        """There is no account to prove."""

    async def close(self) -> None:
        """Nothing is held."""

    async def probe(self) -> str:
        """Where citizens find it."""
        return "/publik"

    def parse(self, raw: Raw) -> tuple[Event, ...]:
        try:
            return (_read(load(raw.body)),)
        except Unreadable as error:
            return (unreadable_body(raw.body, str(error)),)

    async def send(self, outgoing: Outgoing) -> Sent:
        """It stands in our database, so the tracking page shows it from now on."""
        if len(outgoing.text) > _CAN.text_limit:
            raise TooLong(f"Pesan {len(outgoing.text)} huruf; paling banyak {_CAN.text_limit}.", code="too_long")
        if not outgoing.text.strip() and not outgoing.files:
            raise Refused("Pesan kosong.", code="empty")
        if not THREAD.fullmatch(outgoing.address.conversation):
            raise Refused("Tidak ada halaman lacak untuk percakapan ini.", code="no_page")
        return Sent(external_id=f"web:{outgoing.key}")


def build(account: Account) -> WebformConnector:
    """The catalogue's builder."""
    return WebformConnector(account)


def _read(body: object) -> Event:
    if not isinstance(body, dict):
        raise Unreadable("objek JSON")
    thread, place, said = _needed(body, "thread"), part(body, "place"), _stated(body)
    return Event(
        type=EventType.INCOMING,
        external_id=_needed(body, "id"),
        conversation=thread,
        author=_author(body, named=not said.anonymous),
        sent_at=moment(body.get("at")),
        subject=word(body, "subject"),
        text=_text(body),
        quoted=None if said.anonymous else _identity(part(body, "person")),
        attachments=tuple(_file(one) for one in parts(body, "files")),
        location=_location(place),
        extra=said.as_extra(),
    )


def _needed(body: dict[str, Any], key: str) -> str:
    found = word(body, key)
    if found is None:
        raise Unreadable(f"{key}: teks")
    return found


def _stated(body: dict[str, Any]) -> Stated:
    kind = word(body, "kind") or ""
    return Stated(
        kind=Kind(kind) if kind in set(Kind) else None,
        anonymous=body.get("anonymous") is True,
        secret=body.get("secret") is True,
        doubts=tuple(one for one in things(body, "doubts") if isinstance(one, str) and one.isidentifier()),
        held=body.get("held") is True,
    )


def _author(body: dict[str, Any], *, named: bool) -> Author:
    holder, person = _needed(body, "holder"), part(body, "person")
    if not named:
        return Author(holder)
    return Author(holder, name=word(person, "name"), phone=word(person, "phone"), address=word(person, "mail"))


def _text(body: dict[str, Any]) -> str:
    """The citizen's words, then what they filled in beside them, a line each."""
    request = part(body, "request")
    lines = _lines(
        ("Tempat kejadian", word(part(body, "place"), "text")),
        ("Waktu kejadian", word(body, "happened")),
        ("Tujuan penggunaan", word(request, "purpose")),
        ("Cara memperoleh", _named(request, "access", ACCESS)),
        ("Cara mendapat salinan", _named(request, "delivery", DELIVERY)),
    )
    words = body.get("text", "")
    if not isinstance(words, str):
        raise Unreadable("text: teks")
    return "\n\n".join(one for one in (clean(words), lines) if one)


def _identity(person: dict[str, Any]) -> str | None:
    """Who asks, apart from what they ask: it is folded away on the screen, and no machine reads it."""
    lines = _lines(
        ("Pemohon", _named(person, "applicant", APPLICANTS)),
        ("Nama", word(person, "name")),
        ("NIK", word(person, "nik")),
        ("Alamat", word(person, "address")),
        ("Pekerjaan", word(person, "job")),
        ("Telepon", word(person, "phone")),
        ("Surel", word(person, "mail")),
    )
    return lines or None


def _lines(*pairs: tuple[str, str | None]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in pairs if value)


def _named(thing: dict[str, Any], key: str, names: Mapping[str, str]) -> str | None:
    code = word(thing, key)
    return None if code is None else names.get(code, code)


def _file(found: dict[str, Any]) -> Attachment:
    sha256 = word(found, "sha256") or ""
    if not HASH.fullmatch(sha256):
        raise Unreadable("files: sha256")
    media_type = word(found, "media_type") or "application/octet-stream"
    return Attachment(media_type, name=word(found, "name"), size=size(found, "size"), sha256=sha256)


def _location(found: dict[str, Any]) -> Location | None:
    lat, lon = degrees(found, "lat", 90), degrees(found, "lon", 180)
    return None if lat is None or lon is None else Location(lat, lon)
