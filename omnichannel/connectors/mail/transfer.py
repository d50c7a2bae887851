"""Content transfer encodings, read the way mail programs write them on a bad day."""

import binascii
import re
from dataclasses import dataclass

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_WHITESPACE = b" \t\r\n\x0b\x0c"
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_NO_BASE64 = bytes(set(range(256)) - set(_BASE64 + b"="))
_ONE_LINE, _SHORT = 76, 9
# Words with blanks between them, none as long as a line of base64.
_SENTENCE = re.compile(rb"^[^\s]{1,40}(?:[ \t]+[^\s]{1,40}){1,200}[ \t]*\r?$", re.MULTILINE)
_DASHES = re.compile(rb"^[-_=*]{2,}[ \t]*\r?$", re.MULTILINE)  # what stands above a footer
_SOFT_BREAK = re.compile(rb"=[ \t]+(?=\r?\n)")
_LONE_RETURN_BREAK = re.compile(rb"=\r(?!\n)")
_LETTERS_ONLY = re.compile(r"[^a-z0-9]")
_UU_BEGIN = re.compile(rb"^begin(?:-base64)?[ \t]+[0-7]{3,4}[ \t]+([^\r\n]+?)[ \t]*\r?$", re.MULTILINE)
_UU_END = re.compile(rb"^(?:`[ \t]*\r?\n|[ \t]*\r?\n)?(?:end|====)[ \t]*\r?$", re.MULTILINE)
_YENC = re.compile(
    rb"^=ybegin [^\r\n]*?name=([^\r\n]*)\r?\n(?:=ypart [^\r\n]*\r?\n)?(.*?)^=yend[^\r\n]*\r?$", re.MULTILINE | re.DOTALL
)
_YENC_SHIFT = bytes((value - 42) % 256 for value in range(256))


@dataclass(frozen=True, slots=True)
class Inline:
    """A file that was written into the middle of a text."""

    name: bytes
    content: bytes


def decode(data: bytes, encoding: str, *, text: bool) -> bytes:
    """The bytes behind a Content-Transfer-Encoding; an unknown one is no encoding.

    In a text, lines that are no base64 (a footer that a mailing list hung on) are kept behind what was decoded.
    """
    kind = _LETTERS_ONLY.sub("", encoding.lower())
    if kind.startswith("base64"):
        return base64(data, text=text)
    if kind.startswith("quotedprintable"):
        return quoted_printable(data)
    if kind in {"uuencode", "xuuencode", "uue", "xuue"}:
        files, rest = uuencoded(data)
        # The name stands in the part's own header: then the lines may come without `begin` and `end`.
        return files[0].content if files else _uu(rest, False) or rest
    return data


def quoted_printable(data: bytes) -> bytes:
    """Tolerant: blanks behind a soft line break go, a lone or cut-off "=" stays or goes without harm."""
    if b"=" not in data:
        return data
    data = _LONE_RETURN_BREAK.sub(b"=\n", _SOFT_BREAK.sub(b"=", data))
    return binascii.a2b_qp(data)


def base64(data: bytes, *, text: bool = False) -> bytes:
    """Tolerant: rubbish between the letters, padding missing or in the middle, or no base64 at all."""
    if text and _SENTENCE.search(data):
        return _rubble(data)
    compact = data.translate(None, _WHITESPACE)
    if text and _is_a_word(compact):
        return data
    foreign = compact.translate(None, _BASE64 + b"=")
    if foreign and not foreign.translate(None, b"-_"):
        return _joined(compact.translate(_URL_SAFE))
    return _joined(compact.translate(None, _NO_BASE64) if foreign else compact)


def _is_a_word(compact: bytes) -> bool:
    """A word or a number that was called base64 and is none: its letters, decoded, are no text of anybody's."""
    if len(compact) > _ONE_LINE or len(compact) % 4 == 0 or not compact.isalnum():
        return False
    decoded = _joined(compact)
    if len(compact) % 4 == 1 or not decoded.isascii() or not decoded.decode("ascii").isprintable():
        return True
    return len(compact) < _SHORT and not decoded.isalpha()


def _joined(compact: bytes) -> bytes:
    """Several encodings one after another, each with its own padding."""
    head = compact.rstrip(b"=")
    chunks = [chunk for chunk in head.split(b"=") if chunk] if b"=" in head else [head]
    return b"".join(_chunk(chunk) for chunk in chunks)


def _chunk(chunk: bytes) -> bytes:
    if len(chunk) % 4 == 1:
        chunk = chunk[:-1]
    return binascii.a2b_base64(chunk + b"=" * (-len(chunk) % 4))


def _rubble(data: bytes) -> bytes:
    """Sentences among the letters: what stands before the first is base64, what follows is text as it is."""
    sentence = _SENTENCE.search(data)
    if sentence is None:
        return base64(data)
    dashes = _DASHES.search(data, 0, sentence.start())
    end = dashes.start() if dashes else sentence.start()
    decoded = base64(data[:end]) if data[:end].strip() else b""
    return decoded + (b"\n" if decoded else b"") + data[end:]


def uuencoded(data: bytes) -> tuple[list[Inline], bytes]:
    """Files written as `begin 644 name … end`, and the text around them. What cannot be decoded stays in the text."""
    files: list[Inline] = []
    rest: list[bytes] = []
    at = 0
    while (begin := _UU_BEGIN.search(data, at)) is not None:
        end = _UU_END.search(data, begin.end())
        content = None if end is None else _uu(data[begin.end() : end.start()], begin.group().startswith(b"begin-"))
        if end is None or content is None:
            rest.append(data[at : begin.end()])
            at = begin.end()
            continue
        rest.append(data[at : begin.start()])
        files.append(Inline(begin.group(1), content))
        at = end.end()
    rest.append(data[at:])
    return files, b"".join(rest)


def _uu(block: bytes, is_base64: bool) -> bytes | None:
    if is_base64:
        return base64(block)
    out: list[bytes] = []
    missing = total = 0
    for line in block.splitlines():
        line = line.rstrip(b"\r")
        if not line.strip() or line == b"`":
            continue
        length = (line[0] - 32) & 63
        encoded = -(-length // 3) * 4
        if not 0x20 <= line[0] <= 0x60:
            return None
        # Zeros may be written as blanks, and blanks at the end of a line do not survive every gateway.
        total += encoded
        missing += max(0, 1 + -(-length * 8 // 6) - len(line))
        try:
            out.append(binascii.a2b_uu(line[: 1 + encoded].ljust(1 + encoded)))
        except binascii.Error:
            return None
    return b"".join(out) if out and missing * 2 <= total else None


def yencoded(data: bytes) -> tuple[list[Inline], bytes]:
    """Files written between `=ybegin` and `=yend`, and the text around them."""
    files: list[Inline] = []

    def take(found: re.Match[bytes]) -> bytes:
        files.append(Inline(found.group(1).strip(), _yenc(found.group(2))))
        return b""

    return files, _YENC.sub(take, data)


def _yenc(block: bytes) -> bytes:
    pieces = block.replace(b"\r", b"").replace(b"\n", b"").split(b"=")
    out = [pieces[0]]
    # "=" escapes the next byte, which is moved by 64 more; an escaped "=" cannot occur.
    out += [bytes([(piece[0] - 64) % 256]) + piece[1:] for piece in pieces[1:] if piece]
    return b"".join(out).translate(_YENC_SHIFT)
