"""A mail as bytes means one event, whatever the bytes; no word is lost."""

import hashlib
import struct

import pytest

from omnichannel.connectors.mail.parse import parse
from omnichannel.domain.message import Event, EventType
from tests.connectors.letters import OURS, b64, file, letter, multipart, part
from tests.connectors.nasty import CASES, WORDS
from tests.effort import STEEP, growth


def everything(event: Event) -> str:
    return " ".join(f"{event.text} {event.quoted or ''}".split())


def read(raw: bytes) -> Event:
    return parse(raw, ours=OURS)


@pytest.mark.parametrize("name", CASES)
def test_a_nasty_letter_is_read(name: str) -> None:
    raw, words = CASES[name]

    event = read(raw)

    assert words in everything(event)
    assert event.type is EventType.INCOMING
    assert event.problem is None
    assert event.external_id == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize("name", CASES)
def test_its_first_words_stand_in_the_text_and_not_in_the_fold(name: str) -> None:
    raw, words = CASES[name]
    folded = {
        "words between a closing delimiter and the next part",
        "forwarded as a file",
        "text before the first part",
        "text behind the last part",
    }

    if name not in folded:
        assert words in " ".join(read(raw).text.split())


@pytest.mark.parametrize("name", CASES)
def test_every_beginning_of_it_is_read(name: str) -> None:
    raw, _ = CASES[name]

    for cut in range(0, min(len(raw), 4000), 13):
        event = read(raw[:cut])
        assert event.external_id
        assert event.conversation
        assert event.author.id


def test_nothing_at_all_is_unknown_and_says_why() -> None:
    event = read(b"\r\n \r\n")

    assert event.type is EventType.UNKNOWN
    assert event.problem


# ---- files


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="surat pengantar.pdf"', "surat pengantar.pdf"),
        ("attachment; filename=surat.pdf", "surat.pdf"),
        ("attachment; filename*=utf-8''surat%20%C3%A9.pdf", "surat é.pdf"),
        ('attachment; filename*0="surat "; filename*1="panjang.pdf"', "surat panjang.pdf"),
        ("attachment; filename*1*=%C3%A9.pdf; filename*0*=utf-8'id'surat%20", "surat é.pdf"),
        ('attachment; filename="=?utf-8?B?c3VyYXQgw6kucGRm?="', "surat é.pdf"),
        ('attachment; filename="=?utf-8?Q?surat?= =?utf-8?Q?_dua.pdf?="', "surat dua.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\Dokumen\\\\surat.pdf"', "surat.pdf"),
        ('attachment; filename="surat\x01\x02.pdf"', "surat.pdf"),
        ('attachment; filename="surat\u202efdp.exe"', "suratfdp.exe"),
        ('attachment; filename="surat;bukti.pdf"; x=1', "surat;bukti.pdf"),
        ('attachment; filename="surat \\"asli\\".pdf"', 'surat "asli".pdf'),
        ('attachment; filename="', None),
        ('attachment; filename=".."', None),
        ("attachment", None),
        ("attachment; filename=" + "a" * 900 + ".pdf", "a" * 187 + ".pdf"),
    ],
)
def test_a_files_name(disposition: str, name: str | None) -> None:
    raw = multipart("mixed", part("isi"), part(b"%PDF", "application/pdf", f"Content-Disposition: {disposition}"))

    (found,) = read(raw).attachments

    assert found.name == name
    assert found.media_type == "application/pdf"


def test_a_file_comes_whole_with_size_and_hash() -> None:
    content = bytes(range(256)) * 100

    (found,) = read(multipart("mixed", part("isi"), file(content, "a.bin", "application/octet-stream"))).attachments

    assert (found.content, found.size) == (content, len(content))
    assert found.sha256 == hashlib.sha256(content).hexdigest()


def test_a_picture_in_the_text_is_a_file_too() -> None:
    picture = part(b64(b"\x89PNG"), "image/png", "Content-ID: <g1@x>", "Content-Transfer-Encoding: base64")
    raw = multipart("related", part('<p>Ini <img src="cid:g1@x" alt="lubang"></p>', "text/html"), picture)

    event = read(raw)

    assert [one.media_type for one in event.attachments] == ["image/png"]
    assert event.text == "Ini [lubang]"
    assert event.html == '<p>Ini <img src="cid:g1@x" alt="lubang"></p>'


def test_a_forwarded_mail_is_a_file_and_its_words_and_files_are_reached() -> None:
    inner = multipart("mixed", part("Jembatan putus"), file(b"%PDF", "foto.pdf"), boundary="dalam")

    event = read(multipart("mixed", part("Mohon dicek"), part(inner, "message/rfc822")))

    assert event.text == "Mohon dicek"
    assert "Jembatan putus" in (event.quoted or "")
    assert [one.name for one in event.attachments] == ["Lampu jalan.eml", "foto.pdf"]
    assert event.attachments[0].content == inner


def test_files_in_the_middle_of_the_text_are_taken_out() -> None:
    for name, content in (("uuencoded file in the text", b"isi berkas"), ("yEnc", bytes(range(256)))):
        event = read(CASES[name][0])
        assert [(one.name, one.content) for one in event.attachments] == [("foto.jpg", content)]
        assert event.text == WORDS


def test_an_opaque_signature_is_opened_and_kept() -> None:
    inner = multipart("mixed", part("Surat bertanda tangan"), file(b"%PDF", "a.pdf"))
    octets = b"\x24\x80" + b"".join(
        b"\x04\x82" + struct.pack(">H", len(inner[at : at + 300])) + inner[at : at + 300]
        for at in range(0, len(inner), 300)
    )
    cms = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80"
    cms += bytes.fromhex("06092a864886f70d010701") + b"\xa0\x80" + octets + b"\x00" * 8
    kind = 'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"'

    event = read(letter(b64(cms), f"Content-Type: {kind}", "Content-Transfer-Encoding: base64"))

    assert event.text == "Surat bertanda tangan"
    assert [one.name for one in event.attachments] == ["smime.p7m", "a.pdf"]


def test_an_encrypted_mail_is_kept_as_files() -> None:
    raw = multipart("encrypted", part("Version: 1", "application/pgp-encrypted"), part("x", "application/octet-stream"))

    event = read(raw)

    assert event.type is EventType.INCOMING
    assert len(event.attachments) == 2


# ---- Outlook's bag


def _attribute(level: int, name: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def _property(kind: int, tag: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, tag, 1, len(value)) + value + b"\x00" * (-len(value) % 4)


def _bag(*attributes: bytes) -> bytes:
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def _in_a_letter(bag: bytes, text: str = "") -> bytes:
    winmail = part(
        b64(bag), "application/ms-tnef", 'Content-Disposition: attachment; filename="winmail.dat"',
        "Content-Transfer-Encoding: base64",
    )  # fmt: skip
    return multipart("mixed", part(text), winmail)


def test_outlooks_bag_is_unpacked() -> None:
    long_name = _property(0x1F, 0x3707, "laporan warga é.pdf\x00".encode("utf-16-le"))
    bag = _bag(
        _attribute(1, 0x00069003, struct.pack("<I", 1) + _property(0x1E, 0x1000, b"Isi dari kantong\x00")),
        _attribute(2, 0x00069002, b"\x00" * 14),
        _attribute(2, 0x00018010, b"LAPORA~1.PDF\x00"),
        _attribute(2, 0x0006800F, b"%PDF isi"),
        _attribute(2, 0x00069005, struct.pack("<I", 1) + long_name),
    )

    event = read(_in_a_letter(bag))

    assert event.text == "Isi dari kantong"
    assert [(one.name, one.media_type, one.content) for one in event.attachments] == [
        ("laporan warga é.pdf", "application/pdf", b"%PDF isi")
    ]


def test_rich_text_in_the_bag_is_read() -> None:
    rtf = b"{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\f0 Jalan \\b poros\\b0\\par rusak \\'e9 \\u228?}"
    packed = struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf
    bag = _bag(_attribute(1, 0x00069003, struct.pack("<I", 1) + _property(0x102, 0x1009, packed)))

    assert read(_in_a_letter(bag)).text.split() == ["Jalan", "poros", "rusak", "é", "ä"]


def test_compressed_rich_text_is_unpacked() -> None:
    # A reference to the first 11 bytes of the dictionary (the opening of every rich text), literal letters, and a
    # reference to the place being written, which ends the text.
    literal = b" rusak!"
    body = bytes([0b00000001]) + struct.pack(">H", 11 - 2) + literal
    body += bytes([0b00000001]) + struct.pack(">H", (207 + 11 + len(literal)) << 4)
    packed = struct.pack("<IIII", len(body) + 12, 11 + len(literal), 0x75465A4C, 0) + body
    bag = _bag(_attribute(1, 0x00069003, struct.pack("<I", 1) + _property(0x102, 0x1009, packed)))

    assert read(_in_a_letter(bag)).text == "rusak!"


@pytest.mark.parametrize("cut", [0, 3, 5, 6, 12, 40])
def test_a_torn_bag_is_kept_as_it_is_or_read_so_far(cut: int) -> None:
    bag = _bag(_attribute(1, 0x0002800C, b"Isi dari kantong\x00"))[:cut]

    event = read(_in_a_letter(bag, "Lihat lampiran"))

    assert "Lihat lampiran" in event.text
    assert event.problem is None


# ---- how much


def test_twenty_megabytes_are_read_in_proportion() -> None:
    def letter_of(size: int) -> None:
        big = file(b"\x00\xff\x10" * size, "peta.zip", "application/zip")
        event = read(multipart("mixed", part("Peta terlampir"), big))
        assert event.text == "Peta terlampir"
        assert event.attachments[0].size == 3 * size

    assert growth(letter_of, 500_000) < STEEP


def test_a_hundred_thousand_parts_end_in_one_file_that_holds_the_rest() -> None:
    raw = letter(b"--x\r\n\r\nbagian\r\n" * 100_000, "Content-Type: multipart/mixed; boundary=x")

    event = read(raw)

    assert len(event.attachments) == 1
    assert (event.text + (event.attachments[0].content or b"").decode()).count("bagian") == 100_000


@pytest.mark.parametrize("evil", ['"', "<", "(", "a@", "=?utf-8?q?", ";a*0=", "\\", ":", "a, ", ">", " "])
def test_a_flood_of_one_sign_is_read_in_proportion(evil: str) -> None:
    def letter_of(size: int) -> None:
        flood = evil * (size // len(evil))
        head = (f"From: {flood}", f"Subject: {flood}", f"References: {flood}", f"Content-Type: text/html; {flood}")
        read(letter(flood, *head))

    assert growth(letter_of, 50_000) < STEEP
