"""What leaves as a picture tells nothing of whoever took it, in every format that telephones make."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.connectors.lapor.pictures import bare

SECRETS = (b"6408051234567890", b"081234567890", b"siti@contoh.id", b"milik Siti")


def tiff(order: str = "<") -> bytes:
    """A directory with an artist, and one of the place with its own text."""
    head = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(order + "I", 8)
    artist, place = b"milik Siti 081234567890\0", b"6408051234567890\0"
    first = struct.pack(order + "H", 3)
    after = 8 + 2 + 3 * 12 + 4
    first += struct.pack(order + "HHII", 0x013B, 2, len(artist), after)
    first += struct.pack(order + "HHIHH", 0x0112, 3, 1, 6, 0)
    first += struct.pack(order + "HHII", 0x8825, 4, 1, after + len(artist)) + struct.pack(order + "I", 0)
    gps = struct.pack(order + "H", 1)
    gps += struct.pack(order + "HHII", 0x001B, 7, len(place), after + len(artist) + 2 + 12 + 4)
    return head + first + artist + gps + struct.pack(order + "I", 0) + place


XMP = b'<?xpacket begin="" id="x"?><x:xmpmeta>siti@contoh.id</x:xmpmeta><?xpacket end="w"?>'


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def webp() -> bytes:
    body = chunk(b"VP8X", bytes([0b00001100]) + bytes(9)) + chunk(b"VP8 ", b"pixels")
    body += chunk(b"EXIF", b"Exif\0\0" + tiff()) + chunk(b"XMP ", XMP)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def gif() -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    comment = b"\x21\xfe\x0amilik Siti\x00"
    picture = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return head + comment + b"\x21\xf9\x04\x00\x00\x00\x00\x00" + picture + b"\x3b" + SECRETS[0]


def heic(order: str = "<") -> bytes:
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"mdat" + b"Exif\0\0" + tiff(order) + XMP + b"pixels"


def jpeg_with_a_second_picture() -> bytes:
    exif = b"Exif\0\0" + tiff()
    first = b"\xff\xd8\xff\xdb\x00\x03q\xff\xda\x00\x02pix\xff\x00els\xff\xd0more"
    between = b"\xff\xfe" + struct.pack(">H", 12) + b"milik Siti" + b"\xff\xda\x00\x02second\xff\xd9"
    second = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + b"\xff\xda\x00\x02x\xff\xd9"
    return first + between + second


def png() -> bytes:
    """Text in a chunk of its own making, which no list of texts names, and behind the end."""

    def part(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = part(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    rest = part(b"prVt", b"milik Siti") + part(b"IDAT", zlib.compress(b"\0\0")) + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + rest + SECRETS[1]


def jfif_with_a_small_picture() -> bytes:
    small = b"JFIF\0\x01\x02\0\0\x01\0\x01\x02\x01" + b"milik Siti"
    other = b"JFXX\0\x10" + SECRETS[2]
    heads = b"".join(b"\xff\xe0" + struct.pack(">H", len(one) + 2) + one for one in (small, other))
    return b"\xff\xd8" + heads + b"\xff\xda\x00\x02x\xff\xd9"


def broken(picture: bytes) -> bytes:
    """A file of that kind which nobody can take apart, and which says it in two bytes a letter."""
    return picture[:20] + "081234567890 siti@contoh.id".encode("utf-16-le") + SECRETS[0] + b"\xff"


@pytest.mark.parametrize(
    "picture", [broken(b"\xff\xd8\xff\xe1\xff\xff"), broken(b"\x89PNG\r\n\x1a\n"), broken(webp()), broken(heic())]
)
def test_a_file_that_cannot_be_taken_apart_tells_no_number(picture: bytes) -> None:
    out = bare(picture)

    assert SECRETS[0] not in out
    assert "1234567".encode("utf-16-le") not in out
    assert "siti".encode("utf-16-le") not in out


@pytest.mark.parametrize(
    "picture",
    [
        webp(),
        png(),
        jfif_with_a_small_picture(),
        gif(),
        heic("<"),
        heic(">"),
        tiff("<"),
        tiff(">"),
        jpeg_with_a_second_picture(),
    ],
    ids=["webp", "png", "jfif", "gif", "heic-le", "heic-be", "tiff-le", "tiff-be", "jpeg"],
)
def test_no_format_tells_where_and_whose_it_was(picture: bytes) -> None:
    assert any(secret in picture for secret in SECRETS)

    out = bare(picture)

    assert [secret for secret in SECRETS if secret in out] == []
    assert bare(out) == out


def test_offsets_of_boxed_pictures_still_hold() -> None:
    for picture in (heic("<"), heic(">"), tiff("<")):
        assert len(bare(picture)) == len(picture)
    assert bare(heic()).endswith(b"pixels")


def test_the_pixels_of_every_scan_stay() -> None:
    out = bare(jpeg_with_a_second_picture())

    assert b"pix\xff\x00els\xff\xd0more" in out
    assert out.endswith(b"second\xff\xd9")


def test_a_webp_no_longer_announces_what_is_gone() -> None:
    out = bare(webp())

    assert struct.unpack("<I", out[4:8])[0] == len(out) - 8
    assert out[20] & 0b1100 == 0
    assert b"VP8 " in out


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"\xff\xd8", b"GIF89a", b"RIFF\0\0\0\0WEBP", heic()[:40], tiff()[:30]]),
)
def test_nothing_that_anybody_sends_stops_a_report(rest: bytes, head: bytes) -> None:
    assert isinstance(bare(head + rest), bytes)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "TIFF"])
def test_a_real_picture_is_still_that_picture(form: str) -> None:
    image = pytest.importorskip("PIL.Image")
    made, picture = io.BytesIO(), image.new("RGB", (32, 24), (200, 30, 30))
    exif = image.Exif()
    exif[0x013B] = "milik Siti"
    picture.save(made, form, exif=exif) if form != "GIF" else picture.save(made, form, comment=b"milik Siti")
    assert b"milik Siti" in made.getvalue()

    out = bare(made.getvalue())

    assert b"milik Siti" not in out
    with image.open(io.BytesIO(out)) as shown:
        shown.load()
        assert shown.size == (32, 24)
        assert shown.convert("RGB").getpixel((5, 5))[0] > 150
