"""What a citizen's own message says of the formal request, what lacks, and what is taken from an item's words."""

from dataclasses import replace

import pytest

from omnichannel.domain.dip import Category, Item, matches, read_rows
from omnichannel.domain.forms import ACCOUNT
from omnichannel.domain.people import Contact
from omnichannel.domain.ppid import Lack, Paper, PaperKind, Request, lacking
from omnichannel.domain.ppid_first import first_words
from omnichannel.domain.ppid_register import nameless
from omnichannel.domain.records import Direction, Message
from tests.build import NOON
from tests.domain.test_objection import a_case

WHOLE = Request(
    case_id=1,
    received_at=NOON,
    applicant="perorangan",
    name="Warga Uji",
    identity="6408010101900001",
    address="Jalan Contoh 1",
    phone="0812",
    details="DPA 2025",
    purpose="Skripsi",
    access="salinan_digital",
    delivery="surel",
)


def a_message(text: str, quoted: str | None = None, account: str = ACCOUNT) -> Message:
    return Message(
        id=1,
        conversation_id=1,
        account=account,
        external_id="x",
        direction=Direction.IN,
        text=text,
        quoted=quoted,
        sent_at=NOON,
        arrived_at=NOON,
    )


def a_paper(kind: PaperKind, fault: str = "") -> Paper:
    return Paper(
        id=1, case_id=1, kind=kind, name="x", media_type="image/jpeg", size=1, sha256="a", at=NOON, fault=fault
    )


def test_the_public_form_has_said_it_all() -> None:
    text = "Minta DPA 2025.\n\nTujuan penggunaan: Skripsi\nCara memperoleh: Salinan digital (berkas)\nCara mendapat salinan: Pos"
    quoted = "Pemohon: Badan hukum\nNama: Yayasan Uji\nNIK: 1\nAlamat: Jalan 1\nTelepon: 0812\nSurel: a@b.id"
    found = first_words(a_case(), a_message(text, quoted), None)

    assert (found.details, found.purpose, found.access, found.delivery) == (
        "Minta DPA 2025.", "Skripsi", "salinan_digital", "pos")  # fmt: skip
    assert (found.applicant, found.name, found.mail) == ("badan_hukum", "Yayasan Uji", "a@b.id")
    assert lacking(found, []) == (Lack.DEED,)


def test_a_chat_says_only_what_it_says() -> None:
    contact = Contact(id=1, account="wa", external_id="x", name="Warga A", phone="+62812", address="bukan-surel")
    text = "Nama: Palsu\nminta data\n\nTujuan penggunaan: bohong"
    found = first_words(a_case(), a_message(text, account="wa"), contact)

    assert found.details == text
    assert (found.name, found.phone, found.mail, found.purpose) == ("Warga A", "+62812", "", "")


@pytest.mark.parametrize(
    ("changes", "papers", "lacks"),
    [
        ({}, [], ()),
        ({"identity": ""}, [], (Lack.IDENTITY,)),
        ({"identity": ""}, [a_paper(PaperKind.IDENTITY)], ()),
        ({"identity": ""}, [a_paper(PaperKind.IDENTITY, "buram")], (Lack.IDENTITY_UNREADABLE,)),
        ({"identity": ""}, [a_paper(PaperKind.IDENTITY, "buram"), a_paper(PaperKind.IDENTITY)], ()),
        ({"applicant": "badan_hukum", "identity": ""}, [], (Lack.DEED,)),
        ({"applicant": "badan_hukum"}, [a_paper(PaperKind.DEED, "terpotong")], (Lack.DEED_UNREADABLE,)),
        ({"applicant": "badan_hukum", "deed": "Akta 12"}, [], ()),
        ({"applicant": "kelompok"}, [], (Lack.ATTORNEY,)),
        ({"phone": "", "mail": "a@b.id"}, [], ()),
        ({"phone": ""}, [], (Lack.CONTACT,)),
        ({"access": "melihat", "delivery": ""}, [], ()),
        ({"access": "apa", "delivery": ""}, [], (Lack.ACCESS, Lack.DELIVERY)),
    ],
)
def test_what_lacks(changes: dict[str, str], papers: list[Paper], lacks: tuple[Lack, ...]) -> None:
    given: dict[str, object] = dict(changes)
    assert lacking(replace(WHOLE, **given), papers) == lacks  # type: ignore[arg-type]


def an_item(id: int, title: str) -> Item:
    return Item(id=id, unit="x", category=Category.PERIODIC, title=title, updated_at=NOON)


def test_an_item_is_offered_for_its_own_words_not_for_everybodys() -> None:
    items = [
        an_item(1, "Laporan keuangan Dinas Perhubungan 2025"),
        an_item(2, "Data informasi daerah"),
        an_item(3, "LKjIP"),
    ]

    assert [one.id for one in matches("minta laporan keuangan dishub tahun 2025", items)] == [1]
    assert matches("mohon data dan informasi daerah kabupaten", items) == []
    assert [one.id for one in matches("apakah ada lkjip?", items)] == [3]
    assert matches("", items) == []


def test_a_name_goes_from_a_text_whatever_its_case_and_nothing_else() -> None:
    assert nameless("Saya BUDI santoso minta APBD", ["Budi Santoso"]) == "Saya … … minta APBD"
    assert nameless("Budidaya ikan di Budi", ["Budi"]) == "Budidaya ikan di …"
    assert nameless("Minta (data)", ["Al", ""]) == "Minta (data)"


def test_a_sheet_may_name_its_columns_in_any_order_and_unknown_ones_are_passed_over() -> None:
    table = [
        ["ringkasan isi  informasi", "Catatan", "UNIT", "kategori"],
        ["A", "x", "dishub", "Serta-Merta"],
        ["", "", ""],
    ]
    entries, faults = read_rows(table, {"dishub": "dishub"})

    assert faults == []
    assert [(one.row, one.values["title"], one.values["category"]) for one in entries] == [(2, "A", "serta_merta")]
    assert read_rows([], {})[1][0].why
    assert [one.column for one in read_rows([["Unit"]], {})[1]] == ["Kategori", "Ringkasan isi informasi"]
