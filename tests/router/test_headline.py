"""A report's title says what happened and where, without greeting, our handle or hashtags."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.router.headline import LIMIT, headline, without_address


@pytest.mark.parametrize(
    ("text", "place", "title"),
    [
        (
            "@pemkab_uji Selamat pagi min, lampu jalan mati di Gang Mawar. Sudah tiga hari! #lapor #kutim",
            "Teluk Lingga, Sangatta Utara",
            "Lampu jalan mati di Gang Mawar (Teluk Lingga)",
        ),
        ("Assalamualaikum wr. wb. Yth. Bapak Bupati, jalan di Jl. Yos Sudarso rusak. Tolong", None, "Jalan di Jl. Yos Sudarso rusak"),
        ("Lampu jalan mati", "Bengalon", "Lampu jalan mati di Bengalon"),
        ("Lampu jalan di Bengalon mati", "Bengalon", "Lampu jalan di Bengalon mati"),
        ("Rusak parah! Jalan poros berlubang. Bahaya.", None, "Rusak parah. Jalan poros berlubang"),
        ("Mau lapor pak, air mati", None, "Air mati"),
        ("Mohon izin melaporkan sampah menumpuk", None, "Sampah menumpuk"),
        ("Bu lurah meminta uang", None, "Bu lurah meminta uang"),
        ("Bapak saya ditolak RSUD", None, "Bapak saya ditolak RSUD"),
        ("Malam tadi lampu padam", None, "Malam tadi lampu padam"),
        ("Halo\n\nSampah menumpuk\nsudah lama", None, "Sampah menumpuk"),
        ("Jalan #poros rusak", None, "Jalan poros rusak"),
        ("Kepada siapa saya lapor?", None, "Kepada siapa saya lapor?"),
        ("Saya [pelapor] ([pelapor]), NIK ••••, surel [surel]. Lampu mati.", None, "Lampu mati"),
        ("Perkenalkan nama saya [pelapor] dari Sangatta, mau melaporkan jalan rusak", None, "Jalan rusak"),
        ("https://contoh.id/a @pemkab air mati", None, "Air mati"),
    ],
)  # fmt: skip
def test_the_title_is_what_is_said(text: str, place: str | None, title: str) -> None:
    assert headline(text, place) == title


@pytest.mark.parametrize("text", ["Pagi", "#lapor", "@pemkab", "[pelapor]", "halo min"])
def test_who_says_nothing_keeps_their_words(text: str) -> None:
    assert headline(text) == text


def test_a_long_sentence_ends_at_a_word() -> None:
    made = headline("jalan rusak " * 40)

    assert len(made) <= LIMIT
    assert made.endswith(("jalan…", "rusak…"))


def test_a_reply_on_a_public_channel_loses_the_handles_it_began_with() -> None:
    assert without_address("@pemkab_uji @dishub_uji: lampu mati, cc @teman") == "lampu mati, cc @teman"


@given(st.text(max_size=300), st.one_of(st.none(), st.text(max_size=60)))
def test_a_title_always_fits(text: str, place: str | None) -> None:
    made = headline(text, place)

    assert len(made) <= LIMIT
    assert "\n" not in made
    assert bool(made) == bool(text.strip())
