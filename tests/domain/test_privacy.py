"""Personal data in free text is found by its shape and masked in place."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.privacy import Personal, find, mask, mask_email, mask_number, mask_phone, mask_plate


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("NIK 6408011203900001", ["nik"]),
        ("nik saya: 6408 0112 0390 0001", ["nik"]),
        ("no. KK 6408.0112.0390.0002", ["kk"]),
        ("kartu keluarga 6408011203900002 atas nama X", ["kk"]),
        ("6408011203900001", ["nik"]),
        ("NIK kurang satu angka 640801120390001 nik 640801120390001", ["nik"]),
        ("hp 0812-3456-7890", ["phone"]),
        ("+62 812 3456 7890", ["phone"]),
        ("(62) 81234567890", ["phone"]),
        ("wa.me/6281234567890", ["phone"]),
        ("WA0812345678", ["phone"]),
        ("081234567890/085212345678", ["phone", "phone"]),
        ("telepon (0549) 211800", ["phone"]),
        ("saya di +60 12 345 6789", ["phone"]),
        ("surel warga.biasa+x@contoh.co.id ya", ["email"]),
        ("mobil KT 1234 AB kabur", ["plate"]),
        ("motor kt 1234 ab kabur", ["plate"]),
        ("KT1234ABC", ["plate"]),
        ("no rek 1234567890", ["account"]),
    ],
)
def test_personal_data_is_found(text: str, kinds: list[str]) -> None:
    assert [one.kind.value for one in find(text)] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "laporan LAP-2026-000123 dan PPID-2026-000045",
        "anggaran Rp 1.500.000.000 tahun 2024",
        "koordinat 0.502100, 117.543200",
        "RT 12 RW 05 Blok B 12 A KM 40",
        "12 Agustus 2026 jam 10.30 sampai 14.00",
        "luas 1200 m2, 3 unit, 25 persen",
        "UU 14 tahun 2008 pasal 22 ayat 7",
        "pada 2020 an sudah begitu",
    ],
)
def test_ordinary_numbers_stay(text: str) -> None:
    assert find(text) == ()
    assert mask(text) == text


def test_a_masked_text_keeps_its_other_letters() -> None:
    masked = mask("Saya, NIK 6408011203900001, hp 081234567890, surel a.b@contoh.id, lapor jalan rusak.")

    assert masked == "Saya, NIK ••••••••••••0001, hp 0812•••••890, surel a•••@contoh.id, lapor jalan rusak."


def test_masks_hide_enough_of_short_ones_too() -> None:
    assert mask_number("12345") == "••••5"
    assert mask_phone("021123") == "02••••"
    assert mask_phone("+62 812 3456 7890") == "+62 81• •••• •890"
    assert mask_email("bukan surel") == "••••• •••••"
    assert mask_plate("KT 1234 AB") == "KT •••• ••"


@given(st.text(max_size=120))
def test_what_was_found_is_not_shown(text: str) -> None:
    pieces = find(text)

    masked = mask(text)

    assert all(text[one.start : one.end] not in masked for one in pieces if one.kind is not Personal.EMAIL)
    assert all(before.end <= after.start for before, after in pairwise(pieces))


@given(st.integers(min_value=10**15, max_value=10**16 - 1), st.sampled_from(["", "NIK ", "nik:", "KTP no ", "data "]))
def test_no_identity_number_survives(number: int, label: str) -> None:
    text = f"{label}{number} mohon dibantu"

    assert str(number) not in mask(text)
    assert {one.kind for one in find(text)} <= {Personal.NIK, Personal.PHONE, Personal.KK}
