"""One RFC 5322 mail, as bytes, to one event. Pure; it never raises and never loses a word."""

import hashlib
import re
from collections.abc import Iterable
from itertools import chain

from omnichannel.connectors.mail import address, body, header, html, mime, quote, report
from omnichannel.connectors.mail.address import Mailbox
from omnichannel.connectors.mail.body import Letter, Segment
from omnichannel.connectors.mail.mime import Part
from omnichannel.connectors.mail.quote import Folded, Line
from omnichannel.domain.message import Author, Delivery, Event, EventType

_FORWARD_SUBJECT = re.compile(r"\s*(?:re\s*:\s*)?(?:fwd?|tr|trs|wg|i|terusan|teruskan|rv|enc)\s*:", re.IGNORECASE)
_STUB = re.compile(
    r"\bhtml\b|view (?:this|it)(?: (?:e-?mail|message|newsletter))? (?:in|as|on)\b|web ?page|browser|peramban|e-?mail client|mail reader",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w+")
_RECIPIENT_HEADERS = (
    "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "to", "cc", "resent-to", "bcc",
)  # fmt: skip


def parse(raw: bytes, *, ours: str = "") -> Event:
    """What a mail means. `ours` is the account's address: mail from it is our own, `+token` in it is a thread."""
    digest = hashlib.sha256(raw).hexdigest()
    if not raw.strip(b"\r\n\t \x00"):
        return _unreadable(digest, "Surat kosong: tidak ada satu huruf pun.")
    try:
        return _event(raw, digest, ours.lower())
    except Exception as error:  # a fault of ours on one mail must stop neither the mail nor the mailbox
        text = raw[:200_000].decode("utf-8", "replace").replace("\x00", "")
        return _unreadable(digest, f"Surat tidak terbaca: {type(error).__name__}: {error}", text)


def _unreadable(digest: str, problem: str, text: str = "") -> Event:
    author = Author(id="surat:" + digest[:16])
    return Event(
        type=EventType.UNKNOWN, external_id=digest, conversation=digest, author=author, text=text, problem=problem
    )


def _event(raw: bytes, digest: str, ours: str) -> Event:
    root = mime.message(raw)
    letter = body.take_apart(root)
    hint = root.content_type.named.get("charset")
    subject = header.decoded(root.first("subject"), hint)
    # A machine's report shows the head of the mail it speaks of; that is its message, not its history.
    folded = _words(letter, forwarded=bool(letter.reports) or _FORWARD_SUBJECT.match(subject) is not None)
    message_id = next(iter(header.ids(root.first("message-id"))), None)
    reply_to = next(iter(header.ids(root.first("in-reply-to"))), None)
    references = tuple(dict.fromkeys(chain.from_iterable(map(header.ids, root.every("references")))))
    kind, author = _who(root, digest, hint, ours)
    verdict = report.judged(root, letter, sender=author.address or author.name or "", subject=subject, text=folded.text)
    external_id, status = digest, None
    if (verdict.read or verdict.delivered) and verdict.target:
        kind, status = EventType.RECEIPT, Delivery.READ if verdict.read else Delivery.DELIVERED
        external_id = f"{verdict.target}#receipt#{status.value}"
    sources = [piece for segment in letter.segments if not segment.aside for piece in segment.html]
    return Event(
        type=kind,
        external_id=external_id,
        conversation=next(iter(references), None) or reply_to or message_id or digest,
        author=author,
        target=verdict.target,
        sent_at=header.moment(root.first("date")),
        subject=subject or None,
        message_id=message_id,
        reply_to=reply_to,
        references=references,
        text=folded.text,
        quoted=folded.quoted,
        html="\n".join(sources or letter.spare_html) or None,
        auto=verdict.auto,
        attachments=tuple(letter.attachments),
        status=status,
        error=verdict.error,
        token=_token(root, ours, hint),
        extra=_extra(root, author, hint),
    )


def _who(root: Part, digest: str, hint: str | None, ours: str) -> tuple[EventType, Author]:
    """The writer. Forms on web sites send as ourselves and name the citizen in Reply-To: then the citizen wrote."""
    writers = _mailboxes(root, ("from",), hint)
    answers = _mailboxes(root, ("reply-to",), hint)
    if ours and any(_base(one.address) == ours for one in writers[:1]):
        others = [one for one in answers if one.address and _base(one.address) != ours]
        if not others:
            return EventType.ECHO, address.author(writers, digest)
        writers = others
    fallbacks = _mailboxes(root, ("sender", "reply-to", "resent-from", "return-path"), hint)
    known = [*writers, *fallbacks] if not any(one.address or one.name for one in writers) else writers
    return EventType.INCOMING, address.author(known, digest)


def _mailboxes(root: Part, names: Iterable[str], hint: str | None) -> list[Mailbox]:
    return [one for name in names for value in root.every(name) for one in address.mailboxes(value, hint)]


def _base(mailbox: str | None) -> str:
    """Without the plus-address part."""
    local, at, domain = (mailbox or "").rpartition("@")
    return local.partition("+")[0] + at + domain


def _token(root: Part, ours: str, hint: str | None) -> str | None:
    """Our thread token, where the mail was sent to `humas+token@…`."""
    local, at, domain = ours.rpartition("@")
    if not at:
        return None
    pattern = re.compile(re.escape(local) + r"\+([^@\s<>\"]+)@" + re.escape(domain) + r"(?![\w.-])", re.IGNORECASE)
    for name in _RECIPIENT_HEADERS:
        for value in root.every(name):
            found = pattern.search(header.decoded(value, hint))
            if found is not None:
                return found.group(1)
    return None


def _extra(root: Part, author: Author, hint: str | None) -> dict[str, str]:
    """Where the writer wants the answer, and who else was written to."""
    out: dict[str, str] = {}
    wanted = [one.address for one in _mailboxes(root, ("reply-to",), hint) if one.address]
    if wanted and wanted[0] != author.id:
        out["answer_to"] = wanted[0]
    for name in ("to", "cc"):
        named = [one.address for one in _mailboxes(root, (name,), hint) if one.address]
        if named:
            out[name] = ", ".join(dict.fromkeys(named))
    return out


def _words(letter: Letter, *, forwarded: bool) -> Folded:
    """The letter's new words and its folded ones. A mail that is only a forwarded mail says what that one says."""
    aside = list(letter.quoted)
    lines = _lines((one for one in letter.segments if not one.aside), aside)
    inner = body.text_of(_lines((one for one in letter.segments if one.aside), aside))
    if not _has_words(lines):
        spare = "\n\n".join(piece for piece in letter.spare if piece.strip())
        if not spare.strip() and letter.spare_html:
            spare = body.text_of([line for page in letter.spare_html for line in html.lines(page)])
        if not spare.strip() and inner.strip():
            spare, inner = inner, ""
        if not spare.strip() and aside:
            spare, aside = "\n\n".join(aside), []
        lines = [*lines, *quote.lines_of(spare)]
    folded = quote.fold(lines, forwarded=forwarded)
    pieces = [folded.quoted or "", inner, *aside]
    return Folded(folded.text, "\n\n".join(piece.strip("\n") for piece in pieces if piece.strip()) or None)


def _lines(segments: Iterable[Segment], aside: list[str]) -> list[Line]:
    out: list[Line] = []
    for segment in segments:
        plain = "\n\n".join(piece.strip("\n") for piece in segment.plain if piece.strip())
        page = [line for piece in segment.html for line in html.lines(piece)] if _needs_page(plain, segment) else []
        found = quote.lines_of(plain) if plain else []
        if _has_words(page):
            if not segment.plain and out and _vocabulary(page) <= _vocabulary(out):
                continue  # the same letter once more, as a part of its own
            if plain and not _vocabulary(found) <= _vocabulary(page):
                aside.append(plain)
            found = page
        if found:
            out += [Line(""), *found] if out else found
    return out


def _vocabulary(lines: list[Line]) -> set[str]:
    return set(_WORDS.findall(body.text_of(lines).lower()))


def _needs_page(plain: str, segment: Segment) -> bool:
    """The plain rendering is preferred unless it is empty or only says that there is another one."""
    if not segment.html:
        return False
    if not any(map(str.isalnum, plain)):
        return True
    if len(plain) > 1500:
        return False
    if not any(map(str.isalnum, "".join(line for line in plain.splitlines() if not _STUB.search(line)))):
        return True
    size = sum(len(piece) for piece in segment.html)
    if not _STUB.search(plain):
        return len(plain) < 40 and size > 100 * len(plain) + 5000
    shown = sum(len(_WORDS.findall(re.sub(r"(?s)<style.*?</style>|<[^>]*>", " ", piece))) for piece in segment.html)
    return shown > 2 * len(_WORDS.findall(plain))


def _has_words(lines: list[Line]) -> bool:
    return any(character.isalnum() for line in lines for character in line.text)
