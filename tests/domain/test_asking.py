"""Is this message nothing but "how is my case doing"? As people type it, and as they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.asking import Asked, asked, asked_in

LAP = Asked("lapor", 2026, 123)


@pytest.mark.parametrize(
    "text",
    [
        "CEK LAP-2026-000123",
        "cek lap 2026 123",
        "Cekk   lap2026 123",
        "CEK LAP.2026.000123.",
        "cek  LAP - 2026 - 000123",
        "#CEK LAP-2026-000123 @humas_kutim",
        "@humas_kutim cek LAP/2026/123",
        "/cek@bot LAP-2026-000123",
        "CEK 123/LAP/2026",
        "CEK LAP-2026-OOO123",
        "CEK ＬＡＰ－２０２６－０００１２３",  # a keyboard that writes full width
        "Selamat siang pak, mohon info status laporan saya nomor LAP-2026-000123, terima kasih",
        "CEK LAP-2026-000123\n\nSalam,\nBudi",
        "cek https://contoh.id LAP-2026-000123",
    ],
)
def test_it_is_understood_as_people_write_it(text: str) -> None:
    assert asked(text) == LAP


def test_a_number_alone_asks_too_but_may_be_an_answer() -> None:
    assert asked("lap-2026-000123") == Asked("lapor", 2026, 123, worded=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Status PPID 2026 123", Asked("ppid", 2026, 123)),
        ("cek 000123", Asked(None, None, 123)),
        ("CEK LAP-2026-000123 7KQ4-M2XD", Asked("lapor", 2026, 123, code="7KQ4M2XD")),
        ("cek lap-2026-000123 kode abcd efgh", Asked("lapor", 2026, 123, code="ABCDEFGH")),
        ("cek 123 7kq4m2xd", Asked(None, None, 123, code="7KQ4M2XD")),
        ("CEK KEB-2026-000004", Asked("keberatan", 2026, 4)),
        ("status keberatan 4", Asked("keberatan", None, 4)),
        ("CEK WEB-4F7K2-M9QXT 7KQ4-M2XD", Asked(thread="WEB-4F7K2-M9QXT", code="7KQ4M2XD")),
    ],
)
def test_register_year_and_code_are_read_where_they_stand(text: str, expected: Asked) -> None:
    assert asked(text) == expected


def test_whoever_also_writes_of_their_matter_is_read_by_a_person() -> None:
    said = asked("tolong cek LAP-2026-000123, jalan di depan rumah masih gelap sekali")

    assert said is not None
    assert not said.alone


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CEK",
        "cek LAP-2026-000000",
        "LAP-2026-000123 sampai sekarang belum ditangani, jalan makin rusak",
        "cek 5 lampu",
        "status 5 hari belum",
        "Acara 17-11-2026 di lapangan",
        "Rapat 2026-11-17 jam 9",
        "tahun 2026 12 kali banjir",
        "cek lampu tahun 2026 12 kali mati",
        "no hp saya 081234567890",
        "cek nik 6408012003900001",
        "20260812",
        "Jalan rusak di RT 12",
        "CEK LAP-2026-000123 " + "x" * 600,
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert asked(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Nomor laporannya berapa",
        "Nomor laporannya berapa, biar bisa saya cek?",
        "nomor laporan saya yang kemarin berapa ya, mau dicek",
        "nomor registrasi saya berapa ya",
        "no laporan saya brp min?",
        "Min nomor tiketnya mana",
        "saya lupa nomor laporannya",
        "berapa nomor pendaftaran permohonan informasi saya?",
        "Assalamualaikum, mohon info nomor laporan kami",
        "maaf, nomor pengaduanku kehapus",
        "saya belum terima nomor permohonan",
        "kode laporan saya apa ya",
        "nomor keberatan saya berapa?",
    ],
)
def test_whoever_has_lost_their_number_asks_for_it(text: str) -> None:
    assert asked(text) == Asked(lost=True)


def test_a_number_that_may_be_a_telephone_is_not_surely_theirs() -> None:
    assert asked("nomor pengaduan berapa") == Asked(lost=True, own=False)


@pytest.mark.parametrize(
    "text",
    [
        "Min, nomor pendaftaran RSUD berapa ya?",
        "nomor antrean saya berapa",
        "nomor telepon pengaduan berapa",
        "berapa nomor pengaduan PDAM",
        "nomornya berapa",
        "mohon informasi nomor laporan keuangan",
        "Saya minta salinan nomor surat keputusan bupati",
        "laporan saya sudah sampai mana",
        "minta laporan keuangan daerah",
        "lampu mati lagi, nomor laporan saya yang kemarin berapa?",
    ],
)
def test_other_numbers_are_matters_of_their_own(text: str) -> None:
    assert asked(text) is None


def test_a_mail_may_ask_in_its_first_subject() -> None:
    assert asked_in("Salam, Budi", "CEK LAP-2026-000123", "CEK LAP-2026-000123") == LAP
    assert asked_in("Terima kasih", "Re: CEK LAP-2026-000123", "CEK LAP-2026-000123") is None


@given(st.text(alphabet=st.sampled_from("cek lap-2026.0123456789/#@ \n٣²½Ⅷ🙂koDE"), max_size=80))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    said = asked(text)

    assert said is None or said.thread or said.lost or said.number > 0
