"""Each letter of the PPID, field by field as its form has it, and nothing where there is nothing to write about."""

import json
from dataclasses import replace
from datetime import date

import pytest

from omnichannel.domain.case import Outcome
from omnichannel.domain.errors import Invalid
from omnichannel.domain.letter import Heading, LetterKind, LetterRules, Words, numbered, read_letter
from omnichannel.domain.letter_forms import compose, offered
from tests.matters import ASKED, HEAD, WHEN, a_matter, a_request, a_ruling, an_objection

WHO = {
    "Nama": "Warga Uji",
    "Alamat": "Jalan Contoh 2, Teluk Lingga",
    "Nomor telepon atau surel": "081200000001, warga@contoh.id",
}


def said(letter: object) -> str:
    body = letter.body  # type: ignore[attr-defined]
    return "\n".join(block.text for block in body if isinstance(block, Words | Heading))


def test_the_receipt_has_every_line_of_its_form() -> None:
    letter = compose(LetterKind.RECEIPT, a_matter())

    expected = WHO | {
        "Nomor pendaftaran": "PPID-2026-000123",
        "Tanggal diterima": "17 Desember 2026, pukul 14.05",
        "Kategori pemohon": "Perorangan",
        "Pekerjaan": "Mahasiswa",
        "Rincian informasi yang dibutuhkan": ASKED,
        "Tujuan penggunaan informasi": "Penelitian skripsi",
    }
    assert {name: letter.field(name) for name in expected} == expected
    assert letter.ticked == ("Mendapatkan salinan digital (softcopy)", "Surel (e-mail)")
    assert "6 Januari 2027" in said(letter)
    assert [one.name for one in letter.signatures] == ["Petugas Uji", "Warga Uji"]
    assert (letter.head, letter.number, letter.day) == (HEAD, "", date(2026, 12, 18))


def test_who_only_wants_to_look_gets_no_copy() -> None:
    letter = compose(LetterKind.RECEIPT, a_matter(request=a_request(access="melihat", delivery="pos")))

    assert letter.ticked == ("Melihat, membaca, mendengarkan, atau mencatat",)


def test_the_notice_of_a_grant_says_form_cost_and_way_to_pay() -> None:
    ruling = a_ruling(Outcome.GRANTED, reason="", medium="keduanya", cost=12_500, payment="tunai di loket")

    letter = compose(LetterKind.NOTICE, a_matter(Outcome.GRANTED, ruling=ruling))

    assert letter.field("Putusan") == "Dikabulkan seluruhnya"
    assert (letter.field("Biaya"), letter.field("Cara pembayaran")) == ("Rp12.500", "tunai di loket")
    assert letter.field("Bagian yang dihitamkan dan alasannya") == "Tidak ada"
    assert letter.ticked == (
        "Informasi yang diminta kami kuasai",
        "Softcopy (berkas digital)",
        "Hardcopy (salinan tercetak)",
    )
    assert "keberatan" not in said(letter)
    assert [(one.post, one.name, one.id) for one in letter.signatures] == [
        ("Pejabat Pengelola Informasi dan Dokumentasi", "Pejabat Uji", "197001012000011001")
    ]


def test_the_notice_of_a_partial_grant_names_what_is_blacked_out_why_and_the_right_to_object() -> None:
    letter = compose(LetterKind.NOTICE, a_matter(Outcome.PARTLY))

    assert letter.field("Bagian yang dihitamkan dan alasannya") == "Nomor rekening pada lampiran 3."
    assert any("Pasal 17 huruf h" in one for one in letter.ticked)
    assert said(letter).count("Memuat data pribadi penerima pembayaran.") == 1
    assert "30 (tiga puluh) hari kerja" in said(letter)


@pytest.mark.parametrize(
    ("outcome", "ticked"),
    [
        (Outcome.NOT_HELD, "Informasi yang diminta tidak kami kuasai atau belum didokumentasikan"),
        (Outcome.TRANSFERRED, "Dikuasai badan publik lain, yaitu Dinas Contoh Provinsi"),
    ],
)
def test_what_we_do_not_hold_is_said_with_who_does(outcome: Outcome, ticked: str) -> None:
    letter = compose(LetterKind.NOTICE, a_matter(outcome))

    assert letter.ticked == (ticked,)
    assert "Memuat data pribadi" in said(letter)
    with pytest.raises(KeyError):
        letter.field("Biaya")


def test_the_extension_shows_both_days_and_its_reason() -> None:
    request = a_request(extended_at=WHEN, extension_reason="Dokumen masih dihimpun.")
    case = replace(a_matter().case, due=date(2027, 1, 15))

    letter = compose(LetterKind.EXTENSION, a_matter(request=request, case=case))

    assert (letter.field("Batas semula"), letter.field("Batas baru")) == ("6 Januari 2027", "15 Januari 2027")
    assert letter.field("Alasan perpanjangan") == "Dokumen masih dihimpun."
    assert letter.field("Ditetapkan pada") == "17 Desember 2026"


def test_the_refusal_carries_grounds_the_other_law_and_each_consequence_test() -> None:
    letter = compose(LetterKind.REFUSAL, a_matter(Outcome.REFUSED))

    assert letter.ticked == (
        "Pasal 17 huruf h UU 14/2008: mengungkap rahasia pribadi",
        "Pasal 17 huruf j UU 14/2008: informasi yang tidak boleh diungkapkan berdasarkan undang-undang lain (UU 6/1983 Pasal 34)",
    )
    assert {name: letter.field(name) for name in WHO} == WHO
    assert letter.field("Pekerjaan") == "Mahasiswa"
    assert letter.field("Akibat bila dibuka") == "Membuka rahasia pribadi penerima."
    assert letter.field("Pejabat yang menetapkan") == "Pejabat Penetap, Sekretaris Daerah"
    assert said(letter).count("Hasil uji konsekuensi") == 2
    assert "PERMOHONAN INFORMASI DITOLAK\n" in said(letter)
    assert "Sekretaris Daerah selaku atasan PPID" in said(letter)


def test_the_answer_to_an_objection_ticks_its_grounds_and_names_the_way_to_the_commission() -> None:
    letter = compose(LetterKind.OBJECTION, a_matter(Outcome.REFUSED, objection=an_objection(proxy="Kuasa Uji")))

    expected = WHO | {
        "Nomor registrasi keberatan": "KEB-2027-000004",
        "Tanggal keberatan diterima": "17 Desember 2026",
        "Nomor pendaftaran permohonan": "PPID-2026-000123",
        "Kuasa pemohon": "Kuasa Uji",
        "Putusan": "Keberatan diterima sebagian",
        "Tanggal tanggapan": "20 Januari 2027",
    }
    assert {name: letter.field(name) for name in expected} == expected
    assert [one[0] for one in letter.ticked] == ["a", "d"]
    assert "9 Februari 2027" in said(letter)
    assert [(one.post, one.name) for one in letter.signatures] == [("Sekretaris Daerah", "Pejabat Atasan, M.Si.")]


@pytest.mark.parametrize(
    ("kind", "matter"),
    [
        (LetterKind.NOTICE, a_matter()),
        (LetterKind.EXTENSION, a_matter()),
        (LetterKind.REFUSAL, a_matter()),
        (LetterKind.REFUSAL, a_matter(Outcome.GRANTED)),
        (LetterKind.OBJECTION, a_matter(objection=an_objection(verdict=None, answered_at=None))),
    ],
)
def test_there_is_no_letter_about_what_did_not_happen(kind: LetterKind, matter: object) -> None:
    with pytest.raises(Invalid):
        compose(kind, matter)  # type: ignore[arg-type]


def test_only_what_can_be_written_is_offered() -> None:
    kinds = {
        outcome: [kind for kind, _ in offered(a_matter(outcome), [])]
        for outcome in (None, *Outcome)
        if outcome is not Outcome.RESOLVED
    }

    assert kinds[None] == [LetterKind.RECEIPT]
    assert kinds[Outcome.GRANTED] == [LetterKind.RECEIPT, LetterKind.NOTICE]
    assert (
        kinds[Outcome.REFUSED] == kinds[Outcome.PARTLY] == [LetterKind.RECEIPT, LetterKind.NOTICE, LetterKind.REFUSAL]
    )
    assert kinds[Outcome.WITHDRAWN] == [LetterKind.RECEIPT]
    objection = an_objection()
    assert offered(a_matter(Outcome.REFUSED), [objection])[-1] == (LetterKind.OBJECTION, objection)


@pytest.mark.parametrize("kind", [LetterKind.RECEIPT, LetterKind.NOTICE, LetterKind.REFUSAL])
def test_a_letter_is_kept_whole(kind: LetterKind) -> None:
    letter = numbered(compose(kind, a_matter(Outcome.PARTLY)), "012/PT/PPID/XII/2026")

    assert read_letter(json.loads(json.dumps(letter.as_json()))) == letter


def test_an_office_that_configured_nothing_still_writes_letters() -> None:
    letter = compose(LetterKind.NOTICE, a_matter(Outcome.GRANTED, rules=LetterRules()))

    assert letter.head[0] == "DINAS CONTOH"
    assert letter.signatures[0].name == ""


def test_a_number_says_series_kind_month_and_year() -> None:
    assert LetterRules().numbered(LetterKind.RECEIPT, date(2026, 12, 18), 12) == "012/TBP/PPID/XII/2026"
