"""Walk a mail's parts: what a person reads, the files that came along, and reports of machines."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass, field, replace

from omnichannel.connectors.mail import charset, header, html, mime, packed, tnef, transfer
from omnichannel.connectors.mail.mime import Part
from omnichannel.connectors.mail.quote import Line
from omnichannel.domain.message import Attachment

_PARTS_LIMIT = 2000
_BYTES_LOOKED_THROUGH = 1_000_000_000  # each level of nesting is looked through once more; a second's work
_INNER_MAILS_KEPT = 3
_REPORTS = {"message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
            "message/global-disposition-notification", "message/feedback-report"}  # fmt: skip
_ONLY_HEADERS = {"text/rfc822-headers", "message/global-headers", "text/rfc822-header"}
_MAILS = {"message/rfc822", "message/global", "message/news"}
_NOTE = 400  # characters; programs that speak to older programs are brief
_NOBODY_READS = {"text/x-amp-html", "text/watch-html"}  # a third rendering beside plain and HTML, for a few programs
_FILES = {"text/calendar", "text/csv", "text/vcard", "text/x-vcard", "text/directory", "text/rtf", "text/xml"}
_KNOWN_KINDS = {"text", "image", "audio", "video", "application", "message", "multipart", "font", "model", "chemical", "x-world",
                "example", "haptics", "drawing", "i-world"}  # fmt: skip
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,80}/[a-z0-9][a-z0-9.+_-]{0,120}")
_SHOWN = (("from", "Dari"), ("date", "Tanggal"), ("to", "Kepada"), ("subject", "Perihal"))
_BOILERPLATE = re.compile(r"\bMIME\b|multi-?part|\bOpenPGP\b", re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(
    rb"\s*(?:<!--.{0,200}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


@dataclass(slots=True)
class Segment:
    """A stretch of the letter: the same words as plain text and as HTML, or only one of them.

    `aside` is text that is not the writer's own: a forwarded mail's, a machine's report.
    """

    aside: bool = False
    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Letter:
    """A mail taken apart. `spare` is text to fall back on when no part is meant to be read."""

    segments: list[Segment] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)
    originals: list[Part] = field(default_factory=list)
    spare: list[str] = field(default_factory=list)
    spare_html: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)
    hint: str | None = None  # the charset of the headers' encoded words, for text that names none


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the tree a part hangs: in a choice of alternatives, in a forwarded mail (and how many deep)."""

    group: Segment | None = None
    aside: bool = False
    mails: int = 0
    report: bool = False


_Branch = list[tuple[Part, _Place]]


def take_apart(root: Part) -> Letter:
    """Every part in its order. The work is bounded however deeply a mail is nested."""
    letter = Letter(hint=header.charset_of(root.first("subject")) or header.charset_of(root.first("from")))
    budget = _BYTES_LOOKED_THROUGH
    count = 0
    waiting: _Branch = [(root, _Place())]
    while waiting:
        part, place = waiting.pop()
        budget -= part.end - part.start
        count += 1
        if count > _PARTS_LIMIT or budget < 0:
            _keep(letter, part, part.body)
        else:
            waiting += reversed(_opened(letter, part, place, _PARTS_LIMIT - count))
    return letter


def _opened(letter: Letter, part: Part, place: _Place, limit: int) -> _Branch:
    """What is inside a part; a leaf is put where it belongs and holds nothing more."""
    kind = part.media_type
    if kind.startswith("multipart/") or mime.is_hidden_multipart(part):
        inside = mime.pieces(part, limit) or mime.pieces(mime.bare(part), limit)
        if inside is not None:
            letter.quoted += _around(inside.around)
            place = _deeper(letter, kind, place)
            return [(child, place) for child in inside.parts]
    name = header.file_name(part.disposition, part.content_type) or ""
    if kind in _MAILS or (name.lower().endswith(".eml") and kind == "application/octet-stream"):
        return _inner_mail(letter, part, place)
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime") or name.lower() == "smime.p7m":
        return _signed(letter, part, place)
    if kind == "application/ms-tnef" or name.lower() == "winmail.dat":
        _outlook_bag(letter, part)
    elif kind in _REPORTS:
        letter.reports.append((kind, _text(letter, part)))
        letter.quoted.append(letter.reports[-1][1])
    elif kind in _ONLY_HEADERS:
        letter.originals.append(mime.message(part.content() + b"\n\n"))
        letter.quoted.append(_text(letter, part))
    else:
        _leaf(letter, part, place, name)
    return []


def _deeper(letter: Letter, kind: str, place: _Place) -> _Place:
    if kind == "multipart/alternative" and place.group is None:
        letter.segments.append(Segment(aside=place.aside))
        return replace(place, group=letter.segments[-1])
    return replace(place, report=True) if kind == "multipart/report" else place


def _around(texts: list[bytes]) -> list[str]:
    """Text before the first part and behind each closing delimiter: a short note to programs, or the letter itself."""
    found = [charset.decode(text).strip() for text in texts]
    if len(found[0]) < _NOTE and _BOILERPLATE.search(found[0]):
        del found[0]
    return [text for text in found if any(map(str.isalnum, text))]


def _inner_mail(letter: Letter, part: Part, place: _Place) -> _Branch:
    """A mail within the mail is a file, and its words and files can be reached too."""
    content = part.content()
    inner = mime.message(content)
    inner.depth = part.depth
    if place.mails < _INNER_MAILS_KEPT:
        subject = header.decoded(inner.first("subject"))
        given = header.file_name(part.disposition, part.content_type)
        _attach(letter, content, "message/rfc822", given or header.safe_name((subject or "surat")[:80] + ".eml"))
    if place.report:
        letter.originals.append(inner)
    heads = [(label, header.decoded(inner.first(name))) for name, label in _SHOWN]
    letter.segments.append(
        Segment(aside=True, plain=["\n".join(f"{label}: {value}" for label, value in heads if value)])
    )
    return [(inner, _Place(aside=True, mails=place.mails + 1))]


def _signed(letter: Letter, part: Part, place: _Place) -> _Branch:
    content = part.content()
    _keep(letter, part, content)
    inner = packed.signed_content(content)
    return [] if inner is None else [(mime.message(inner), place)]


def _outlook_bag(letter: Letter, part: Part) -> None:
    content = part.content()
    bag = tnef.unpacked(content)
    if bag is None:
        _keep(letter, part, content)
        return
    for file in bag.files:
        _attach(letter, file.content, file.media_type.lower(), header.safe_name(file.name))
    if bag.html:
        letter.spare_html.append(bag.html)
    letter.spare.append(bag.text or tnef.rtf_text(bag.rtf))
    if not bag.files and not bag.text and not bag.html and not bag.rtf:
        _keep(letter, part, content)


def _leaf(letter: Letter, part: Part, place: _Place, name: str) -> None:
    kind = part.media_type
    if kind.startswith("multipart/"):
        kind = "text/plain"  # it holds no parts after all: what it holds is text
    if part.first("content-type") is None and _LOOKS_LIKE_HTML.match(part.raw, part.start, part.end):
        kind = "text/html"
    if kind.partition("/")[0] not in _KNOWN_KINDS and part.disposition.value != "attachment":
        kind = "text/html" if "html" in kind else "text/plain"  # "plain/text" and its like
    content = part.content()
    filed = part.disposition.value == "attachment" or (bool(name) and place.group is None)
    if kind in _NOBODY_READS and not filed:
        return
    if filed or kind in _FILES or not kind.startswith("text/"):
        _keep(letter, part, content)
        if kind == "text/calendar":
            letter.spare.append(packed.invitation(_text(letter, part, content)))
        elif kind in _FILES and part.depth == 0:
            text = _text(letter, part, content)  # the whole mail is this one file
            letter.spare.append(tnef.rtf_text(text.encode("utf-8")) if kind == "text/rtf" else text)
        elif kind in ("text/plain", "text/html") and part.disposition.value != "attachment":
            text = _text(letter, part, content)
            letter.spare.append(text if kind == "text/plain" else text_of(html.lines(text)))
        return
    segment = place.group
    if segment is None:
        segment = Segment(aside=place.aside)
        letter.segments.append(segment)
    if kind == "text/html":
        segment.html.append(_text(letter, part, content))
    else:
        segment.plain.append(_written(letter, part, kind, content))


def _written(letter: Letter, part: Part, kind: str, content: bytes) -> str:
    """Plain text; files written into the middle of it are taken out."""
    if b"begin" in content:
        files, content = transfer.uuencoded(content)
        _inline(letter, files)
    if b"=ybegin " in content:
        files, content = transfer.yencoded(content)
        _inline(letter, files)
    text = _text(letter, part, content)
    if kind in ("text/enriched", "text/richtext"):
        text = packed.enriched(text)
    named = part.content_type.named
    if named.get("format", "").strip().lower() == "flowed":
        text = packed.unflowed(text, delete_space=named.get("delsp", "").strip().lower() == "yes")
    text, armour = packed.without_armour(text)
    if armour:
        letter.quoted.append(armour)
    return text


def _inline(letter: Letter, files: list[transfer.Inline]) -> None:
    for file in files:
        _attach(letter, file.content, "", header.safe_name(charset.decode(file.name)))


def _text(letter: Letter, part: Part, content: bytes | None = None) -> str:
    content = part.content() if content is None else content
    label = part.content_type.named.get("charset")
    if part.media_type == "text/html" and not charset.known(label):
        label = html.declared_charset(content) or label
    return charset.decode(content, label, None if label else letter.hint)


def text_of(lines: list[Line]) -> str:
    return "\n".join(line.text for line in lines)


def _keep(letter: Letter, part: Part, content: bytes) -> None:
    name = header.file_name(part.disposition, part.content_type)
    _attach(letter, content, part.media_type, name)


def _attach(letter: Letter, content: bytes, media_type: str, name: str | None) -> None:
    if not _MEDIA_TYPE.fullmatch(media_type) or media_type == "application/octet-stream":
        media_type = mimetypes.guess_type(name or "")[0] or "application/octet-stream"
    digest = hashlib.sha256(content).hexdigest()
    letter.attachments.append(
        Attachment(media_type=media_type, name=name, size=len(content), sha256=digest, content=content)
    )
