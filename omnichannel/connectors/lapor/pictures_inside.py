"""Pictures whose parts are told by offsets (HEIC, AVIF, TIFF): nothing is taken out, what tells of a person is blanked.

Every Exif directory (TIFF 6.0, section 2; Exif 2.32) and every XMP packet is overwritten in its place, so that each
offset of the file still holds. Which way is up, and what a TIFF needs to be shown, stays.
"""

import re
import struct

TIFF = (b"II*\x00", b"MM\x00*")
BOXED = re.compile(rb"....ftyp(?:heic|heix|heim|heis|hevc|mif1|msf1|avif|avis)", re.DOTALL)
EXIF, GPS, ORIENTATION = 0x8769, 0x8825, 0x0112
# Maker, model, software, date, artist, copyright, host, description, document and page name, XMP, IPTC, Photoshop.
TELLING = frozenset(
    {0x010D, 0x010E, 0x010F, 0x0110, 0x011D, 0x0131, 0x0132, 0x013B, 0x013C, 0x02BC, 0x8298, 0x83BB, 0x8649, 0xC4A5}
)
WINDOWS = range(0x9C9B, 0x9CA0)  # title, comment, author, keywords and subject, as Windows writes them
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
XMP = re.compile(rb"<\?xpacket begin.*?<\?xpacket end[^>]*>|<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
DEEPEST = 16
# What is left of a number or an address in a file that cannot be taken apart, each sign in one byte or in two.
SAID = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rb"\d{10,}",
        rb"(?:\d\x00){10,}",
        rb"[\w.+-]{4,64}@[\w-]{4,63}\.[a-z.]{2,20}",
        rb"(?:[\w.+-]\x00){4,64}@\x00(?:[\w.-]\x00){6,80}",
    )
)


def blanked(content: bytes) -> bytes:
    """The file with its directories blanked; one that is no picture comes back unchanged."""
    boxed, plain = BOXED.match(content) is not None, content.startswith(TIFF)
    if not boxed and not plain and not content.startswith((b"\xff\xd8", b"\x89PNG", b"RIFF")):
        return content
    out = bytearray(content)
    for packet in XMP.finditer(content):
        out[packet.start() : packet.end()] = b" " * (packet.end() - packet.start())
    if plain:
        _blank(out, 0, shown=True)
    for head in re.finditer(rb"Exif\x00\x00(?=II\*\x00|MM\x00\*)", content):
        _blank(out, head.end(), shown=False)
    for said in SAID:
        for found in said.finditer(bytes(out)):
            out[found.start() : found.end()] = bytes(found.end() - found.start())
    return bytes(out)


def _blank(out: bytearray, base: int, *, shown: bool) -> None:
    """One TIFF structure. `shown`: its first directories hold the picture itself, so only what tells of a person goes."""
    order = "<" if out[base : base + 2] == b"II" else ">"
    if len(out) < base + 8:
        return
    todo, seen = [(struct.unpack_from(order + "I", out, base + 4)[0], shown)], set[int]()
    while todo and len(seen) < DEEPEST:
        at, keep = todo.pop()
        if at in seen or at < 8:
            continue
        seen.add(at)
        try:
            todo += _directory(out, base, at, order, keep=keep)
        except (struct.error, IndexError):
            continue


def _directory(out: bytearray, base: int, at: int, order: str, *, keep: bool) -> list[tuple[int, bool]]:
    """Blank one directory; returns those it names."""
    count = struct.unpack_from(order + "H", out, base + at)[0]
    further: list[tuple[int, bool]] = []
    for place in range(count):
        entry = base + at + 2 + 12 * place
        tag, kind, many = struct.unpack_from(order + "HHI", out, entry)
        told = struct.unpack_from(order + "I", out, entry + 8)[0]
        if tag in (EXIF, GPS):
            further.append((told, False))
        elif tag != ORIENTATION and (not keep or tag in TELLING or tag in WINDOWS):
            size = SIZES.get(kind, 1) * many
            start = entry + 8 if size <= 4 else base + told
            end = min(start + max(size, 4 if size <= 4 else size), len(out))
            if start < len(out):
                out[start:end] = bytes(end - start)
    following = struct.unpack_from(order + "I", out, base + at + 2 + 12 * count)[0]
    return [*further, (following, keep)] if following else further
