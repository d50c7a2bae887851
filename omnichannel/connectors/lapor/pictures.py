"""What a picture says besides its pixels: place, owner and comments stay here; which way is up goes along.

JPEG: ISO/IEC 10918-1 segments, Exif 2.32 for the orientation. PNG: the chunks of W3C PNG (third edition). A file that is
not read as one of the two goes out as it is.
"""

import struct
import zlib

JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
ORIENTATION = 0x0112
SCAN, END = 0xDA, 0xD9
BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
KEPT_JPEG = frozenset({0xE0, 0xEE})  # JFIF and Adobe's colours; every other APPn and comment may tell of a person
DROPPED_PNG = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})


def bare(content: bytes) -> bytes:
    """The picture without what was written into it; anything that cannot be taken apart cleanly comes back unchanged."""
    try:
        if content.startswith(JPEG):
            return _jpeg(content)
        if content.startswith(PNG):
            return _png(content)
    except (struct.error, IndexError, ValueError):
        pass
    return content


def _jpeg(content: bytes) -> bytes:
    out, at, way_up = [JPEG], 2, None
    while True:
        if content[at] != 0xFF:
            raise ValueError("no marker")
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in (SCAN, END):
            break
        if marker in BARE:
            out.append(content[at : at + 2])
            at += 2
            continue
        size = struct.unpack(">H", content[at + 2 : at + 4])[0]
        segment = content[at : at + 2 + size]
        if marker == 0xE1 and way_up is None:
            way_up = _orientation(segment[4:])
        if marker in KEPT_JPEG or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            out.append(segment)
        at += 2 + size
    # A comment may also hide behind the last pixel.
    end = content.rfind(b"\xff\xd9")
    body = content[at : end + 2] if end > at else content[at:]
    turned = [_upright(way_up)] if way_up not in (None, 1) else []
    return b"".join([out[0], *turned, *out[1:], body])


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
        if name not in DROPPED_PNG:
            out.append(chunk)
        at += 12 + size
        if name == b"IEND":
            break
    return b"".join(out)
