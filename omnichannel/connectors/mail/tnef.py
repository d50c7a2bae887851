"""Outlook's winmail.dat (TNEF): its attachments and the text, by the format of [MS-OXTNEF]."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from omnichannel.connectors.mail import charset

_SIGNATURE = 0x223E9F78
_BODY, _MAPI, _RENDER, _TITLE, _DATA, _ATTACHMENT, _CODEPAGE = 0x800C, 0x9003, 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
_PR_BODY, _PR_HTML, _PR_RTF = 0x1000, 0x1013, 0x1009
_PR_LONG_NAME, _PR_SHORT_NAME, _PR_MIME, _PR_DATA = 0x3707, 0x3704, 0x370E, 0x3701
_FIXED = {0x02: 2, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 2, 0x14: 8, 0x40: 8, 0x48: 16}
_STRINGS = {0x1E, 0x1F, 0x0D, 0x102}
# The dictionary that every compressed RTF starts from ([MS-OXRTFCP] 2.1.2.1, read 2026-11-22).
_RTF_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


@dataclass(slots=True)
class File:
    """One attachment of the bag."""

    name: str = ""
    media_type: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Bag:
    """What a winmail.dat held; `rtf` is the decompressed rich text."""

    text: str = ""
    html: str = ""
    rtf: bytes = b""
    files: list[File] = field(default_factory=list)


def unpacked(data: bytes) -> Bag | None:
    """Everything that can be read up to the first fault; None when it is no TNEF at all."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    bag = Bag()
    codepage = "cp1252"
    for attribute, value in _attributes(data):
        if attribute == _CODEPAGE and len(value) >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif attribute == _BODY:
            bag.text = charset.decode(value.rstrip(b"\x00"), codepage)
        elif attribute == _MAPI:
            _message_properties(bag, value, codepage)
        elif attribute == _RENDER:
            bag.files.append(File())
        elif bag.files and attribute in (_TITLE, _DATA, _ATTACHMENT):
            _file(bag.files[-1], attribute, value, codepage)
    bag.files = [one for one in bag.files if one.name or one.content]
    return bag


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        _, attribute, length = struct.unpack_from("<BII", data, at)
        yield attribute & 0xFFFF, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _file(file: File, attribute: int, value: bytes, codepage: str) -> None:
    if attribute == _TITLE:
        file.name = file.name or charset.decode(value.rstrip(b"\x00"), codepage)
    elif attribute == _DATA:
        file.content = value
    else:
        for tag, kind, content in _properties(value):
            if tag == _PR_LONG_NAME:
                file.name = _string(kind, content, codepage) or file.name
            elif tag == _PR_SHORT_NAME:
                file.name = file.name or _string(kind, content, codepage)
            elif tag == _PR_MIME:
                file.media_type = _string(kind, content, codepage)
            elif tag == _PR_DATA and not file.content:
                # An embedded object begins with the 16 bytes that name its interface.
                file.content = content[16:] if kind == 0x0D else content


def _message_properties(bag: Bag, value: bytes, codepage: str) -> None:
    for tag, kind, content in _properties(value):
        if tag == _PR_BODY:
            bag.text = _string(kind, content, codepage) or bag.text
        elif tag == _PR_HTML:
            bag.html = charset.decode(content, codepage if kind == 0x1E else None)
        elif tag == _PR_RTF:
            bag.rtf = rtf_decompressed(content)


def _string(kind: int, content: bytes, codepage: str) -> str:
    if kind == 0x1F:
        return charset.clean(content.decode("utf-16-le", "replace").rstrip("\x00"))
    return charset.decode(content.rstrip(b"\x00"), codepage)


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(property, type, value) of a MAPI list; several values of one property come one by one."""
    if len(data) < 4:
        return
    at = 4
    try:
        for _ in range(struct.unpack_from("<I", data)[0]):
            kind, tag = struct.unpack_from("<HH", data, at)
            at += 4
            if tag >= 0x8000:
                at = _past_name(data, at)
            many, kind = bool(kind & 0x1000), kind & 0x0FFF
            count = 1
            if many or kind in _STRINGS:
                (count,) = struct.unpack_from("<I", data, at)
                at += 4
            for _ in range(count):
                if kind in _STRINGS:
                    (length,) = struct.unpack_from("<I", data, at)
                    at += 4
                elif kind in _FIXED:
                    length = _FIXED[kind]
                else:
                    return
                yield tag, kind, data[at : at + length]
                at += length + (-length % 4)
                if at > len(data):
                    return
    except struct.error:
        return


def _past_name(data: bytes, at: int) -> int:
    """A named property carries its set and its number or name first."""
    (is_string,) = struct.unpack_from("<I", data, at + 16)
    if not is_string:
        return at + 24
    length = int(struct.unpack_from("<I", data, at + 20)[0])
    return at + 24 + length + (-length % 4)


def rtf_decompressed(data: bytes) -> bytes:
    """[MS-OXRTFCP]: "LZFu" is a sliding window of 4,096 bytes, "MELA" is not compressed."""
    if len(data) < 16:
        return b""
    _, size, kind, _ = struct.unpack_from("<IIII", data)
    if kind == 0x414C454D:
        return data[16 : 16 + size]
    if kind != 0x75465A4C:
        return b""
    # References count from the start of the dictionary, so history and output are one growing row.
    history = bytearray(_RTF_START)
    at = 16
    while at < len(data):
        flags, at = data[at], at + 1
        for bit in range(8):
            if not flags >> bit & 1:
                history += data[at : at + 1]
                at += 1
                continue
            if at + 1 >= len(data):
                return bytes(history[len(_RTF_START) :])
            pair, at = data[at] << 8 | data[at + 1], at + 2
            distance = (len(history) - (pair >> 4)) % 4096
            if distance == 0:  # a reference to the place being written ends the text
                return bytes(history[len(_RTF_START) :][:size])
            for _ in range((pair & 0xF) + 2):
                history.append(history[-distance] if distance <= len(history) else 0)
    return bytes(history[len(_RTF_START) :][:size])


_RTF_SKIPPED = re.compile(
    rb"\{\\(?:\*\\(?!htmltag)|fonttbl|colortbl|stylesheet|info|pict|header|footer)(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
)
_RTF_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,5}) ?\??|\\([a-z]+)(-?\d*) ?|\\([^a-z])|([{}])|([\r\n]+)|([^\\{}\r\n]+)"
)


def rtf_text(rtf: bytes) -> str:
    """The words of rich text, without its dress."""
    out: list[str] = []
    raw: list[bytes] = []

    def flush() -> None:
        if raw:
            out.append(charset.decode(b"".join(raw), "cp1252"))
            raw.clear()

    for found in _RTF_TOKEN.finditer(_RTF_SKIPPED.sub(b"", rtf)):
        byte, code, word, _, escaped, _, _, plain = found.groups()
        if byte is not None:
            raw.append(bytes.fromhex(byte.decode("ascii")))
        elif plain is not None:
            raw.append(plain)
        elif code is not None:
            flush()
            out.append(chr(int(code) % 65536))
        elif word in (b"par", b"line", b"row", b"sect", b"page"):
            raw.append(b"\n")
        elif word in (b"tab", b"cell"):
            raw.append(b"\t")
        elif escaped in (b"\\", b"{", b"}"):
            raw.append(escaped)
        elif escaped == b"~":
            raw.append(b" ")
    flush()
    return charset.clean("".join(out)).strip()
