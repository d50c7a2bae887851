"""Nothing that leaves for LAPOR tells who somebody is: every call, word for word as the gateway hears it.

The shapes are those in which people write numbers, and the judge is simple on purpose: it strips everything that is no
letter and no digit, and looks for the number itself.
"""

import json
import re
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.message import OutgoingFile
from omnichannel.domain.people import Contact
from omnichannel.domain.ports import Ref, Report
from omnichannel.domain.scrub import scrub
from omnichannel.router.sheet import _report
from omnichannel.toys.lapor import LaporToy
from tests.build import a_number
from tests.connectors.test_lapor_api import REPORT, talking
from tests.desk import carried
from tests.router.test_lapor import _case_with, _message_with

SARI = Contact(
    id=1, account="wa", external_id="628", name="Sari Wulandari", handle="sariwulan", phone="+6281234567890", address="sari@contoh.id"
)  # fmt: skip
GAPS = (
    "", " ", ".", "-", "_", " - ", "\n", "\r\n", "\t", "/", ",", " / ", "  ", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad",
    "\u00a0", "\u2009", "\u3000", "&nbsp;", "&#8203;", "<br>", "<b></b>", "<br />\n", "…", "·", "–", "|", "*", "~", ":",
    " " * 12, " . ", "..", "--", ") (", "\n\n", "x", "ー", "・", "🙏", "&#46;", "°", "`",
)  # fmt: skip
SCRIPTS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "꧐꧑꧒꧓꧔꧕꧖꧗꧘꧙")
LABELS = (
    "",
    "NIK ",
    "nik:",
    "NIK=",
    "No. KTP: ",
    "KK ",
    "no kk saya ",
    "hp ",
    "WA:",
    "wa.me/",
    "telp. ",
    "(",
    "hubungi saya di ",
    "N.I.K. ",
)
GROUPS = ((16,), (4, 4, 4, 4), (6, 6, 4), (2,) * 8, (1,) * 16, (3, 3, 4, 3, 3), (4, 4, 8))


def grouped(digits: str, sizes: tuple[int, ...], gap: str) -> str:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(digits[at : at + size])
        at += size
    return gap.join(piece for piece in (*pieces, digits[at:]) if piece)


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str]:
    """(as it is written, the bare digits)."""
    rest = draw(st.text("0123456789", min_size=10, max_size=10))
    kind = draw(st.sampled_from(("identity", "phone", "abroad")))
    if kind == "identity":
        digits = f"{draw(st.sampled_from(('640805', '647201', '110112', '327305', '910203')))}{rest}"
    else:
        digits = f"{'08' if kind == 'phone' else draw(st.sampled_from(('628', '00628')))}{draw(st.sampled_from('12357'))}{rest[: draw(st.integers(7, 9))]}"
    written = grouped(digits, draw(st.sampled_from(GROUPS)), draw(st.sampled_from(GAPS)))
    script = draw(st.sampled_from(SCRIPTS))
    plus = "+" if kind == "abroad" and draw(st.booleans()) else ""
    marked = draw(st.sampled_from(LABELS)) + plus + written.translate(str.maketrans("0123456789", script))
    if any(character in written for character in "&<"):
        marked = draw(st.sampled_from(LABELS)) + plus + written  # digits of an entity are not the number's
    return marked, digits


@st.composite
def addresses(draw: st.DrawFn) -> tuple[str, str]:
    name = draw(st.text("abcdefgz", min_size=3, max_size=8)) + draw(st.sampled_from(("", "9", ".kab", "_x")))
    at, point = draw(st.sampled_from(SIGNS)), draw(st.sampled_from(POINTS))
    domain = draw(st.sampled_from((("suratku", "id"), ("suratku", "co", "id"), ("suratku", "desa", "go", "id"))))
    return f"{name}{at}{point.join(domain)}", f"{name}@"


SIGNS = (
    "@", " @ ", "@ ", " @", "\n@\n", "(at)", "[at]", "{at}", "<at>", "(@)", "[@]", " at ", " AT ", " et ", "%40", "&#64;", "＠", "﹫", " (at) ",
    "-at-", "_at_", "(a)", "【at】", "/at/", "\\@", "@\u200b",
)  # fmt: skip
POINTS = (
    ".", " . ", ". ", " .", "[.]", "(.)", "(dot)", "[dot]", " dot ", "(titik)", " titik ", ",", ", ", "．", "。", "{dot}", "<dot>", "-dot-", "%2E",
    "&#46;", "·",
)  # fmt: skip
FILLERS = st.sampled_from(
    (
        "Lampu jalan mati",
        "sudah tiga hari",
        "Mohon ditindaklanjuti.",
        "RT 5 RW 2",
        "depan masjid",
        "\n",
        "terima kasih",
        "😀",
        "100 m dari simpang",
    )
)


def bare(text: str) -> str:
    """Only letters and digits, each digit as ours."""
    return "".join(str(unicodedata.digit(sign, "")) or sign for sign in text if sign.isalnum())


def held(text: str, digits: str) -> bool:
    return digits in re.sub(r"\D", "", bare(text))


def the_report(text: str, *, anonymous: bool = False) -> Report:
    message = _message_with(text, a_number())
    case = replace(_case_with(message.id), anonymous=anonymous)
    return _report(case, SARI, [message], carried().organisation)


@given(st.lists(st.one_of(numbers(), FILLERS.map(lambda one: (one, ""))), min_size=1, max_size=5), st.booleans())
def test_no_number_stands_in_title_content_or_place(pieces: list[tuple[str, str]], side_by_side: bool) -> None:
    text = (" " if side_by_side else " dan ").join(written for written, _ in pieces)

    made = the_report(text)

    for shown in (made.title, made.content, scrub(text)):
        for _, digits in pieces:
            assert not (digits and held(shown, digits)), (text, shown)


@given(addresses(), FILLERS)
def test_no_address_stands_in_title_or_content(address: tuple[str, str], words: str) -> None:
    made = the_report(f"{words} {address[0]} {words}")

    for shown in (made.title, made.content):
        assert address[1].rstrip("@") not in shown, shown
        assert "suratku" not in shown


HAND_WRITTEN = (
    "NIK 64 08 05 12 34 56 78 90", "nik640805123456789O", "O812-3456-7890", "o8i2 3456 7890", "0️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣0️⃣",
    "6408 0512 (3456) 7890", "+62(812)3456-7890", "0812 3456 7890/6408051234567890", "6.408.051.234.567.890", "NIK6408051234567890HP081234567890",
    "6408<span style='x'>0512</span>3456<!-- a -->7890", "&#54;&#52;08051234567890", "081234567890 12/08/2026", "12.30 081234567890",
    "tanggal 12-08-2026 6408051234567890", "no hp saya 812 3456 7890", "81234567890", "6̶4̶0̶8̶0̶5̶1̶2̶3̶4̶5̶6̶7̶8̶9̶0̶",
    "0062 812 3456 7890", "0812x3456x7890", "wa.me/+62-812,345,678,90",
)  # fmt: skip


@pytest.mark.parametrize("text", HAND_WRITTEN)
def test_what_people_really_write_is_found(text: str) -> None:
    shown = the_report(f"{text} lampu mati").content

    assert not held(shown, "6408051234567890")
    assert not held(shown, "81234567890")
    assert "lampu mati" in shown


@pytest.mark.parametrize("between", [" ", "-", ", ", "\n"])
def test_a_number_said_in_words_is_one(between: str) -> None:
    said = between.join(["nol", "delapan", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan"])

    shown = the_report(f"telepon saya {said} lampu mati").content

    assert "delapan" not in shown
    assert "lampu mati" in shown


@pytest.mark.parametrize(
    "text",
    [
        "Saya Sari, lampu mati", "SARI WULANDARI melapor: lampu mati", "saya sari.wulandari lampu mati", "lampu mati. Salam, Sari",
        "lampu mati a.n. Wulandari", "@sariwulan lampu mati", "Nama: Sari Wulandari\nlampu mati", "nama saya Sari Wulandari, lampu mati",
        "Sari  Wulandari (Sangatta) lampu mati", "SariWulandari lampu mati",
    ],
)  # fmt: skip
def test_the_reporters_own_name_stands_nowhere_else(text: str) -> None:
    made = the_report(text)

    for shown in (made.title, made.content):
        assert "sari" not in shown.casefold()
        assert "wulan" not in shown.casefold()
    assert "lampu mati" in made.content


@pytest.mark.parametrize(
    "text",
    [
        "Kejadian 12/08/2026 14.00-16.00 di RT 12 RW 05", "anggaran Rp 1.500.000.000 tahun 2024", "koordinat 0.502100, 117.543200",
        "menurut LAP-2026-000123 sudah selesai", "2024, 2025, 2026", "hubungi 112", "<3 hari tanpa air", "a < b dan c > d", "tiga dari lima lampu", "ukuran 2x3x4 m", "1920x1080",
        "Jalan Sari Mulya rusak", "1. lampu\n2. jalan\n3. air", "berkas tanggal 2026-08-12", "harga 15.000, 20.000, 25.000",
    ],
)  # fmt: skip
def test_what_is_nobodys_stays(text: str) -> None:
    assert the_report(text).content == text


WRITTEN = "NIK 6408 0512\n3456 7890, hp 0812.3456.7890 atau <b>sari@contoh.id</b>"
TELLING = (b"6408", b"3456", b"7890", b"sari", b"Sari", b"Siti", b"contoh.id")


@pytest.mark.parametrize("change", [{"anonymous": True}, {"reporter_name": None}, {"secret": True, "anonymous": True}])
async def test_every_call_is_clean_and_stands_under_the_offices_account(change: dict[str, Any]) -> None:
    photo = OutgoingFile(
        "NIK 6408051234567890 sari@contoh.id.jpg",
        "image/jpeg",
        b"\xff\xd8\xff\xfe\x00\x0bSari 6408\xff\xda\x00\x02x\xff\xd9",
    )
    letter = OutgoingFile("hp 081234567890", "application/pdf", b"%PDF-1.7")
    report = replace(REPORT, title=WRITTEN, content=WRITTEN, place=WRITTEN, files=(photo, letter), **change)
    toy = LaporToy()
    async with talking(toy) as lapor:
        taken = await lapor.forward(report)
        ref = Ref(taken.complaint_id)
        await lapor.reply(ref, WRITTEN, (photo, letter))
        await lapor.transfer(ref, "601", WRITTEN)
        said = toy.reports[taken.complaint_id].said

    assert [call for call, _ in toy.calls if call in ("file", "create", "reply", "reject")] == [
        "file",
        "create",
        "reply",
        "reject",
    ]
    everything = b"\n".join(toy.bodies)
    assert [one for one in TELLING if one in everything] == []
    assert said["user_id"] == "9"
    assert said["tags_raw"] == ""


async def test_who_chose_to_be_named_is_named_in_the_identity_fields_alone() -> None:
    toy = LaporToy()
    async with talking(toy) as lapor:
        taken = await lapor.forward(replace(REPORT, title="Siti Rahmah melapor", content="Saya Siti. Lampu mati"))
        said = dict(toy.reports[taken.complaint_id].said)

    named = {key: said.pop(key) for key in ("nameUser", "phoneUser", "emailUser")}
    assert named == {"nameUser": "Siti Rahmah", "phoneUser": "+628001234567", "emailUser": ""}
    assert "Siti" not in json.dumps(said)


@given(st.text(max_size=200))
def test_looking_twice_changes_nothing(text: str) -> None:
    once = scrub(text)

    assert scrub(once) == once
