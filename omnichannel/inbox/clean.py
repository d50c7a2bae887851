"""From a platform's bytes to events that every database and every screen can hold. The ledger keeps them as they came."""

import logging
import math
from dataclasses import replace

from omnichannel.domain import pasted
from omnichannel.domain.message import Attachment, Author, Event, EventType, Location, Problem
from omnichannel.domain.ports import Connector, Raw

log = logging.getLogger(__name__)

ID_LIMIT = 1000  # characters; the longest real one is a mail's Message-ID (RFC 5322, section 2.1.1: a line of 998)
TEXT_LIMIT = 500_000  # characters; what is longer is a file, and no screen shows it
CUT = "\n… (dipotong; teks lengkapnya ada di arsip penerimaan)"
BIGGEST = 2**62  # bytes; a size beyond this is no size
HAS_A_CITIZEN = frozenset({EventType.INCOMING, EventType.UNKNOWN})
HAS_A_THREAD = HAS_A_CITIZEN | {EventType.ECHO}


def read(connector: Connector, raw: Raw) -> tuple[Event, ...]:
    """Parse, and clean what no database can hold. A connector that breaks its word costs a quarantine, not a message."""
    try:
        events = connector.parse(raw)
    except Exception as error:
        log.exception("parse failed", extra={"account": connector.account})
        return (_unreadable(f"parse: {type(error).__name__}"),)
    return tuple(_cleaned_alone(connector, pasted.remembered(event, raw.headers)) for event in events)


def flaw(event: Event) -> str | None:
    """Why this event cannot be kept under its name, or None.

    A name is never mended: two different ones could become the same, and the second citizen's words would be lost as a
    repetition. An empty name matches every other empty one: once, somewhere, all later mail was filed in one thread.
    """
    if not event.external_id:
        return "tanpa id"
    if event.type in HAS_A_THREAD and not event.conversation:
        return "tanpa utas"
    if event.type in HAS_A_CITIZEN and not event.author.id:
        return "tanpa pengirim"
    for name in (event.external_id, event.conversation, event.author.id, event.target or "", event.album or ""):
        if len(name) > ID_LIMIT:
            return f"id terlalu panjang ({len(name)} huruf)"
        if plain(name) != name:
            return "id berisi tanda yang tidak dapat disimpan"
    return None


def cleaned(event: Event) -> Event:
    """NUL bytes and lone surrogates cannot be stored by PostgreSQL, and no screen can show a book."""
    author = event.author
    return replace(
        event,
        author=Author(author.id, *map(_short, (author.name, author.handle, author.phone, author.address))),
        subject=_short(event.subject),
        message_id=_name(event.message_id),
        reply_to=_name(event.reply_to),
        references=tuple(kept for one in event.references if (kept := _name(one)) is not None),
        text=_text(event.text),
        quoted=None if event.quoted is None else _text(event.quoted),
        html=None if event.html is None else plain(event.html),
        token=_name(event.token),
        location=_place(event.location),
        error=Problem(plain(event.error.code), plain(event.error.title)) if event.error else None,
        problem=None if event.problem is None else plain(event.problem)[:ID_LIMIT],
        attachments=tuple(_part(part) for part in event.attachments),
    )


def plain(text: str) -> str:
    """Text that every database and every screen can hold."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _cleaned_alone(connector: Connector, event: Event) -> Event:
    """A field that is not what the types promise breaks this item, never its neighbours."""
    try:
        return cleaned(event)
    except Exception as error:
        log.exception("item not readable", extra={"account": connector.account})
        return _unreadable(f"parse: {type(error).__name__}")


def _unreadable(problem: str) -> Event:
    return Event(type=EventType.UNKNOWN, external_id="", conversation="", author=Author(id=""), problem=problem)


def _text(text: str) -> str:
    kept = plain(text)
    return kept if len(kept) <= TEXT_LIMIT else kept[:TEXT_LIMIT] + CUT


def _short(text: str | None) -> str | None:
    return None if text is None else plain(text)[:ID_LIMIT]


def _name(text: str | None) -> str | None:
    """A Message-ID that cannot be kept whole names nothing: it is left out rather than cut."""
    return None if not text or len(text) > ID_LIMIT or plain(text) != text else text


def _place(location: Location | None) -> Location | None:
    if location is None or not (math.isfinite(location.lat) and math.isfinite(location.lon)):
        return None
    return location if abs(location.lat) <= 90 and abs(location.lon) <= 180 else None


def _part(part: Attachment) -> Attachment:
    size = part.size if part.size is not None and 0 <= part.size < BIGGEST else None
    return replace(
        part,
        name=_short(part.name),
        media_type=plain(part.media_type)[:ID_LIMIT],
        size=size,
        id=None if part.id is None else plain(part.id),
        url=None if part.url is None else plain(part.url),
    )
