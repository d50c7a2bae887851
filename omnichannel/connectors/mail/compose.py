"""One answer of ours as RFC 5322 bytes. Headers are written by hand: the standard library folds a long Message-ID into
encoded words, and then no mail program finds the thread."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from omnichannel.connectors.mail.header import safe_name
from omnichannel.connectors.mail.settings import Post
from omnichannel.domain.message import Outgoing, OutgoingFile

_POLICY = SMTP.clone(cte_type="7bit")
_ID = re.compile(r"[!-;=?-~]{1,900}")  # printable ASCII without blanks and angle brackets
_NO_ID = re.compile(r"[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_MEDIA_TYPE = re.compile(r"(application|audio|font|image|model|text|video)/([A-Za-z0-9][A-Za-z0-9.+_-]*)")
_TRAIL = 50


def message_id(outgoing: Outgoing, post: Post) -> str:
    """Without brackets. Made of our own key, so that a second attempt is the same mail."""
    given = (outgoing.message_id or "").strip("<> ")
    if _ID.fullmatch(given):
        return given
    return f"{_NO_ID.sub('-', outgoing.key)[:200]}.{_NO_ID.sub('-', post.account)}@{post.domain}"


def composed(outgoing: Outgoing, post: Post, *, to: str, own_id: str, now: datetime) -> bytes:
    """The whole mail, CRLF line ends, ASCII only."""
    answered = (outgoing.reply_to or "").strip("<> ")
    trail = _trail([*outgoing.references, answered])
    headers = [
        ("From", post.address),
        ("To", to),
        ("Subject", _worded(outgoing.subject or "Balasan", "Subject")),
        ("Date", format_datetime(now.astimezone(UTC))),
        ("Message-ID", f"<{own_id}>"),
    ]
    if _ID.fullmatch(answered):
        headers.append(("In-Reply-To", f"<{answered}>"))
    if trail:
        headers.append(("References", "\r\n ".join(f"<{one}>" for one in trail)))
    if outgoing.token and post.plus_address:
        local, _, domain = post.address.rpartition("@")
        headers.append(("Reply-To", f"{local}+{_NO_ID.sub('', outgoing.token)}@{domain}"))
    if outgoing.automatic:
        # RFC 3834, section 5; the second is Exchange's own ([MS-OXCMAIL] 2.2.3.2.14, read 2026-11-22).
        headers += [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")]
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return head.encode("ascii") + _body(outgoing).as_bytes()


def _trail(ids: Iterable[str]) -> list[str]:
    """Each id once; of a very long thread its root and its end."""
    found = list(dict.fromkeys(one for one in (given.strip("<> ") for given in ids) if _ID.fullmatch(one)))
    return found if len(found) <= _TRAIL else [found[0], *found[1 - _TRAIL :]]


def _worded(text: str, name: str) -> str:
    """A header's words on as many lines as it takes; a line break in them can start no header of its own."""
    text = _BREAKS.sub(" ", text).encode("utf-8", "replace").decode("utf-8").strip()
    if text.isascii() and len(text) < 70 and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name=name, maxlinelen=76).encode(linesep="\r\n")


def _body(outgoing: Outgoing) -> EmailMessage:
    body = EmailMessage(policy=_POLICY)
    text = outgoing.text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    if outgoing.quoted:
        text = f"{text.rstrip()}\n\n{outgoing.quoted}".encode("utf-8", "replace").decode("utf-8")
    body.set_content(text.rstrip("\n") + "\n", charset="utf-8")
    for file in outgoing.files:
        _attach(body, file)
    return body


def _attach(body: EmailMessage, file: OutgoingFile) -> None:
    kind = _MEDIA_TYPE.fullmatch(file.media_type)
    main, sub = kind.groups() if kind else ("application", "octet-stream")
    name = (safe_name(file.name) or "lampiran").encode("utf-8", "replace").decode("utf-8")
    body.add_attachment(file.content, maintype=main, subtype=sub, filename=name)
