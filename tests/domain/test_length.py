"""How long a text is by each platform's measure, and how a long one is cut."""

import random

import pytest

from omnichannel.domain.length import Count, cut, length


@pytest.mark.parametrize(
    ("text", "letters", "octets", "weight"),
    [
        ("Baik.", 5, 5, 5),
        ("Lihat https://contoh.go.id/publik/lacak/sangat/panjang sekali", 61, 61, 36),
        ("Siap 👍🏽", 7, 13, 7),
        ("ꦲꦏ", 2, 6, 4),
        ("", 0, 0, 0),
    ],
)
def test_each_platform_counts_in_its_own_way(text: str, letters: int, octets: int, weight: int) -> None:
    assert [length(text, one) for one in (Count.LETTERS, Count.BYTES, Count.WEIGHT)] == [letters, octets, weight]


def test_a_text_that_fits_stays_whole() -> None:
    assert cut("  Baik, kami periksa.\n", 100) == ("Baik, kami periksa.",)
    assert cut("", 100) == ("",)


def test_a_long_text_is_cut_where_a_reader_pauses() -> None:
    text = "Alinea pertama yang cukup panjang.\n\nAlinea kedua. Kalimat berikutnya ada di sini."

    assert cut(text, 50) == (
        "Alinea pertama yang cukup panjang.",
        "Alinea kedua. Kalimat berikutnya ada di sini.",
    )
    assert cut("Kalimat satu. Kalimat dua. Kalimat tiga.", 28) == ("Kalimat satu. Kalimat dua.", "Kalimat tiga.")


@pytest.mark.parametrize("counts", list(Count))
def test_no_word_is_lost_whatever_is_cut(counts: Count) -> None:
    draw = random.Random(7)
    for _ in range(60):
        text = "".join(draw.choice("ab é👍\n. ꦲ") for _ in range(draw.randrange(0, 400)))
        pieces = cut(text, 40, counts)

        assert "".join("".join(pieces).split()) == "".join(text.split())
        assert all(length(piece, counts) <= 40 for piece in pieces)


def test_a_word_longer_than_the_limit_is_cut_all_the_same() -> None:
    assert cut("a" * 95, 40) == ("a" * 40, "a" * 40, "a" * 15)
