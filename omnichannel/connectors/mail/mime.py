"""A mail as a tree of parts, cut by offsets and without recursion.

The standard parser goes line by line and calls itself for every level: 1,000 nested parts end in RecursionError. This
one looks for the delimiters only, so its work grows with the bytes and not with the nesting.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from omnichannel.connectors.mail import transfer
from omnichannel.connectors.mail.header import Parameters, parameters

Header = tuple[str, bytes]

_NEWLINE = rb"(?>\r\n|\n|\r)"
_BLANK_LINE = re.compile(_NEWLINE + rb"[ \t]*" + _NEWLINE)
_HEADER_LINE = re.compile(rb"[\x21-\x39\x3b-\x7e]{1,100}[ \t]*:")
_MBOX_LINE = re.compile(rb">?From [ \t]*+(?!:)[^\r\n]*" + _NEWLINE)
_DELIMITER_END = re.compile(rb"(--)?[ \t\x00]*(?:" + _NEWLINE + rb"|\Z)")
# What is left of a mail with more parts than any person sends is kept in one piece.
_REST: list[Header] = [("content-disposition", b'attachment; filename="sisa-surat.eml"')]
_GUESS = re.compile(rb"(?:\A|[\r\n])--([^\r\n]{1,200}?)[ \t]*(?>\r\n|\n|\r)(?=content-|mime-)", re.IGNORECASE)
_KNOWN = re.compile(
    rb"(?:from|to|cc|bcc|subject|date|sender|reply-to|message-id|in-reply-to|references|received|return-path|mime-version"
    rb"|content-[a-z-]+|delivered-to|resent-[a-z-]+|precedence|auto-submitted|list-[a-z-]+|dkim-signature|x-[a-z0-9-]+"
    rb"|importance|priority|organization|user-agent|thread-[a-z]+|arc-[a-z-]+|authentication-results|envelope-to"
    rb"|errors-to|disposition-notification-to|received-spf|status|return-receipt-to|keywords|comments|newsgroups)[ \t]*:",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Part:
    """One entity: its headers (lower-case name, raw unfolded value) and where its body lies in `raw`."""

    raw: bytes
    headers: list[Header]
    start: int
    end: int
    default_type: str = "text/plain"
    depth: int = 0
    _type: Parameters | None = None

    def first(self, name: str) -> bytes | None:
        """The first header of that name; later ones of the same name are forgeries or accidents."""
        return next((value for key, value in self.headers if key == name), None)

    def every(self, name: str) -> list[bytes]:
        return [value for key, value in self.headers if key == name]

    @property
    def content_type(self) -> Parameters:
        if self._type is None:
            declared = parameters(self.first("content-type") or b"")
            self._type = declared if "/" in declared.value else Parameters(self.default_type, declared.named)
        return self._type

    @property
    def media_type(self) -> str:
        return self.content_type.value

    @property
    def disposition(self) -> Parameters:
        return parameters(self.first("content-disposition") or b"")

    @property
    def body(self) -> bytes:
        """As it was sent, transfer encoding and all."""
        return self.raw[self.start : self.end]

    def content(self) -> bytes:
        """With the transfer encoding taken off."""
        encoding = (self.first("content-transfer-encoding") or b"").decode("latin-1")
        return transfer.decode(self.body, encoding, text=self.media_type.startswith("text/"))


def message(raw: bytes) -> Part:
    """A whole mail as a part. Text without a single mail header is all body."""
    raw = _as_bytes_of_mail(raw)
    start = len(raw) - len(raw.lstrip(b"\r\n \t")) if raw[:1] in b"\r\n" else 0
    while (mbox := _MBOX_LINE.match(raw, start)) is not None:
        start = mbox.end()
    return entity(raw, start, len(raw))


def _as_bytes_of_mail(raw: bytes) -> bytes:
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    # Some gateways end every line with CR CR LF; read plainly, the first header line would be the only one.
    first = raw[: raw.find(b"\n") + 1]
    return raw.replace(b"\r\r\n", b"\r\n") if first.endswith(b"\r\r\n") else raw


def entity(raw: bytes, start: int, end: int, default_type: str = "text/plain", depth: int = 0) -> Part:
    """Headers up to the first blank line, body behind it; whatever is no header belongs to the body."""
    if raw[start : start + 1] in (b"\r", b"\n"):
        return Part(raw, [], start + (2 if raw.startswith(b"\r\n", start) else 1), end, default_type, depth)
    blank = _BLANK_LINE.search(raw, start, end)
    while blank is not None and _KNOWN.match(raw, blank.end(), end) and blank.group().strip(b"\r\n"):
        blank = _BLANK_LINE.search(raw, blank.end(), end)  # a line of blanks alone: the headers go on behind it
    head_end, body_start = (blank.start(), blank.end()) if blank else (end, end)
    headers, foreign = _headers(raw, start, head_end)
    if foreign is not None:
        body_start = foreign
    return Part(raw, headers, body_start, end, default_type, depth)


def _headers(raw: bytes, start: int, end: int) -> tuple[list[Header], int | None]:
    """The header block; and where the body begins if that is earlier than the blank line."""
    lines = raw[start:end].splitlines(keepends=True)
    if not lines or not _HEADER_LINE.match(lines[0]) or not any(_KNOWN.match(line) for line in lines):
        return [], start
    found: list[tuple[bytes, list[bytes]]] = []
    at = start
    last_known = max(number for number, line in enumerate(lines) if _KNOWN.match(line))
    for number, line in enumerate(lines):
        is_header = _HEADER_LINE.match(line) is not None
        if is_header:
            name, _, value = line.partition(b":")
            found.append((name.strip(), [value]))
        elif line[:1] in b" \t" or number < last_known:
            # A value broken without the blank that should continue it is still a value: real headers follow.
            found[-1][1].append(line)
        else:
            return _unfolded(found), at
        at += len(line)
    return _unfolded(found), None


def _unfolded(found: list[tuple[bytes, list[bytes]]]) -> list[Header]:
    return [
        (name.decode("ascii").lower(), b" ".join(line.strip(b"\r\n\x00 \t") for line in lines).strip())
        for name, lines in found
    ]


@dataclass(slots=True)
class Pieces:
    """The inside of a multipart: its parts, and what stands before and behind them."""

    parts: list[Part]
    around: list[bytes]


def pieces(part: Part, limit: int) -> Pieces | None:
    """Cut a multipart at its boundary, or at the one it really uses. None when it holds no parts at all."""
    declared = part.content_type.named.get("boundary", "").strip()
    for boundary in _candidates(part, declared):
        cuts = list(_delimiters(part.raw, part.start, part.end, boundary))
        if any(not closing for _, _, closing in cuts):
            return _cut(part, cuts, limit)
    return None


def bare(part: Part) -> Part:
    """The same part with a transfer encoding taken off that no multipart may have, yet some do."""
    content = part.content()
    headers = [pair for pair in part.headers if pair[0] != "content-transfer-encoding"]
    return Part(content, headers, 0, len(content), part.default_type, part.depth)


def _candidates(part: Part, declared: str) -> Iterator[bytes]:
    if declared:
        yield declared.encode("utf-8", "surrogateescape")
    guess = _GUESS.search(part.raw, part.start, part.end)
    if guess is not None:
        yield guess.group(1)


def is_hidden_multipart(part: Part) -> bool:
    """A multipart whose own header was lost on the way, or calls it something else though it names a boundary."""
    if part.first("content-type") is None:
        guess = _GUESS.search(part.raw, part.start, min(part.end, part.start + 4000))
        return guess is not None and part.raw.find(b"--" + guess.group(1) + b"--", guess.end(), part.end) >= 0
    boundary = part.content_type.named.get("boundary")
    return bool(boundary) and part.body[:200].lstrip().startswith(b"--" + str(boundary).encode("utf-8", "replace"))


def _delimiters(raw: bytes, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """(where the line begins, where the next begins, is it the closing one) of every delimiter line."""
    needle = b"--" + boundary
    at = start
    while (at := raw.find(needle, at, end)) >= 0:
        after = at + len(needle)
        if at == start or raw[at - 1 : at] in (b"\n", b"\r"):
            line_end = _DELIMITER_END.match(raw, after, end)
            if line_end is not None:
                yield at, line_end.end(), line_end.group(1) is not None
        at = after


def _cut(part: Part, cuts: list[tuple[int, int, bool]], limit: int) -> Pieces:
    """Some programs use one boundary for two levels, so a closing delimiter is not believed to be the end."""
    kind = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
    parts: list[Part] = []
    around = [part.raw[part.start : cuts[0][0]]]
    for number, (_, begin, closing) in enumerate(cuts):
        last = number + 1 == len(cuts)
        stop = part.end if last else _without_newline(part.raw, begin, cuts[number + 1][0])
        if closing:
            around.append(part.raw[begin:stop])
        elif len(parts) >= limit:
            parts.append(Part(part.raw, _REST, begin, part.end, "application/octet-stream", part.depth + 1))
            break
        elif begin < stop:
            parts.append(entity(part.raw, begin, stop, kind, part.depth + 1))
    return Pieces(parts, around)


def _without_newline(raw: bytes, begin: int, end: int) -> int:
    """The line end before a delimiter belongs to the delimiter."""
    if raw.endswith(b"\r\n", begin, end):
        return end - 2
    return end - 1 if end > begin and raw[end - 1 : end] in (b"\n", b"\r") else end
