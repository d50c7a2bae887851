"""Photographs for toy citizens: a small PNG of sky and road, drawn with the standard library."""

import struct
import zlib
from random import Random

from omnichannel.toys.base import ToyFile

WIDTH, HEIGHT = 320, 200


def picture(rng: Random) -> ToyFile:
    """A picture that every viewer opens, and no two of which are alike."""
    sky, road = (rng.randrange(120, 200), rng.randrange(150, 220), 235), rng.randrange(70, 120)
    hole_x, hole_y, hole = rng.randrange(80, 240), rng.randrange(130, 180), rng.randrange(12, 34)
    rows = bytearray()
    for y in range(HEIGHT):
        rows.append(0)
        for x in range(WIDTH):
            if y < 90:
                rows += bytes(min(255, part + (90 - y) // 6) for part in sky)
            else:
                inside = ((x - hole_x) / 2) ** 2 + (y - hole_y) ** 2 < hole**2 / 4
                shade = 28 if inside else road + (x * 7 + y * 13) % 9
                rows += bytes((shade, shade, max(0, shade - 4)))
    return ToyFile(f"foto-{rng.randrange(10**6):06}.png", "image/png", _png(bytes(rows)))


def _png(rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
