"""What a picture says besides its pixels: place, owner and comments stay here; which way is up goes along.

JPEG: ISO/IEC 10918-1 segments, Exif 2.32 for the orientation. PNG: the chunks of W3C PNG (third edition). WebP: RIFF
chunks (RFC 9649). GIF: GIF89a extensions. HEIC and AVIF keep their boxes and lose what stands in them (`blanked`). A file
that is none of these, or cannot be taken apart, keeps its pixels and loses what can be found in it.
"""

import struct
import zlib

from omnichannel.connectors.lapor.pictures_inside import blanked

JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
ORIENTATION = 0x0112
SCAN, END = 0xDA, 0xD9
BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
# What a picture needs to be shown; everything else, known or private, may tell of a person.
KEPT_WEBP = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
KEPT_PNG = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"pHYs",
        b"bKGD",
        b"cICP",
    }
    | {b"acTL", b"fcTL", b"fdAT"}
)


def bare(content: bytes) -> bytes:
    """The picture without what was written into it; a file that is no picture comes back unchanged."""
    try:
        if content.startswith(JPEG):
            return _jpeg(content)
        if content.startswith(PNG):
            return _png(content)
        if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            return _webp(content)
        if content.startswith((b"GIF87a", b"GIF89a")):
            return _gif(content)
    except (struct.error, IndexError, ValueError):
        pass
    return blanked(content)


def _jpeg(content: bytes) -> bytes:
    out, at, way_up = [JPEG], 2, None
    while True:
        if content[at] != 0xFF:
            raise ValueError("no marker")
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == END:
            break
        if marker in BARE:
            out.append(content[at : at + 2])
            at += 2
            continue
        size = struct.unpack(">H", content[at + 2 : at + 4])[0]
        segment = content[at : at + 2 + size]
        if marker == 0xE1 and way_up is None:
            way_up = _orientation(segment[4:])
        out.append(_told_by(marker, segment))
        at += 2 + size
        if marker == SCAN:
            end = _scan_ends(content, at)
            out.append(content[at:end])
            at = end
            if at >= len(content):
                break
    # What stands behind the last pixel goes too: a telephone hides a second picture with a place of its own there.
    turned = [_upright(way_up)] if way_up not in (None, 1) else []
    return b"".join([out[0], *turned, *out[1:], b"\xff\xd9"])


def _told_by(marker: int, segment: bytes) -> bytes:
    """The segment as far as the pixels need it: JFIF without its small picture, Adobe's colours, and all that is coded."""
    if marker == 0xE0 and segment[4:9] == b"JFIF\x00" and len(segment) >= 18:
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\x00\x00"
    if marker == 0xEE and segment[4:9] == b"Adobe" and len(segment) >= 16:
        return b"\xff\xee\x00\x0e" + segment[4:16]
    return b"" if 0xE0 <= marker <= 0xEF or marker == 0xFE else segment


def _scan_ends(content: bytes, at: int) -> int:
    """Where the coded pixels of one scan end: at the next marker that is none of theirs."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            return len(content)
        if content[at + 1] != 0 and content[at + 1] not in BARE and content[at + 1] != 0xFF:
            return at
        at += 1 if content[at + 1] == 0xFF else 2


def _orientation(told: bytes) -> int | None:
    """1 to 8, from the first directory of an Exif segment."""
    if not told.startswith(b"Exif\x00\x00"):
        return None
    tiff = told[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    try:
        first = struct.unpack(order + "I", tiff[4:8])[0]
        count = struct.unpack(order + "H", tiff[first : first + 2])[0]
        for place in range(count):
            at = first + 2 + 12 * place
            tag, kind = struct.unpack(order + "HH", tiff[at : at + 4])
            if tag == ORIENTATION and kind == 3:
                value: int = struct.unpack(order + "H", tiff[at + 8 : at + 10])[0]
                return value if 1 <= value <= 8 else None
    except struct.error:
        return None
    return None


def _upright(way_up: int | None) -> bytes:
    """An Exif segment that says which way is up and nothing else."""
    tiff = b"II*\x00" + struct.pack("<IHHHIHHI", 8, 1, ORIENTATION, 3, 1, way_up or 1, 0, 0)
    told = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told


def _png(content: bytes) -> bytes:
    out, at = [PNG], len(PNG)
    while at < len(content):
        size = struct.unpack(">I", content[at : at + 4])[0]
        name = content[at + 4 : at + 8]
        chunk = content[at : at + 12 + size]
        if len(chunk) < 12 + size or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            raise ValueError("a broken chunk")
        if name in KEPT_PNG:
            out.append(chunk)
        at += 12 + size
        if name == b"IEND":
            break
    return b"".join(out)


def _webp(content: bytes) -> bytes:
    out, at, flags = list[bytes](), 12, -1
    end = min(len(content), 8 + struct.unpack("<I", content[4:8])[0])  # what lies behind it is no picture
    while at + 8 <= end:
        name, size = content[at : at + 4], struct.unpack("<I", content[at + 4 : at + 8])[0]
        chunk = content[at : at + 8 + size + size % 2]
        if len(chunk) < 8 + size:
            raise ValueError("a broken chunk")
        if name == b"VP8X":
            flags = len(out)
        if name in KEPT_WEBP:
            out.append(chunk)
        at += 8 + size + size % 2
    if flags >= 0:
        # The head tells of Exif (bit 3) and XMP (bit 2): they are gone.
        out[flags] = out[flags][:8] + bytes([out[flags][8] & 0b11110011]) + out[flags][9:]
    body = b"".join(out)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _gif(content: bytes) -> bytes:
    at = 13 + _table(content[10])
    out = [content[:at]]
    while content[at] != 0x3B:
        start = at
        if content[at] == 0x2C:
            at = _blocks_end(content, at + 11 + _table(content[at + 9]))
            out.append(content[start:at])
        elif content[at] == 0x21:
            label, at = content[at + 1], _blocks_end(content, at + 2)
            # Kept: control of the picture, and how often it moves. Comments and foreign data go.
            if label == 0xF9 or (label == 0xFF and content[start + 3 : start + 14] == b"NETSCAPE2.0"):
                out.append(content[start:at])
        else:
            raise ValueError("no block")
    return b"".join([*out, b";"])


def _table(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(content: bytes, at: int) -> int:
    while content[at]:
        at += content[at] + 1
    return at + 1
