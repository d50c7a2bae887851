"""A citizen's wish for their report, in one or two words; anything more is a message like any other."""

import pytest

from omnichannel.router.wish import Wish, read


@pytest.mark.parametrize(
    "text", ["ya", "YA", "Iya boleh", "ok", "Silakan", "ya kak", "boleh min", "lanjutkan", "Ya, setuju 👍"]
)
def test_yes_where_we_asked(text: str) -> None:
    assert read(text, asked=True).go is True
    assert not read(text, asked=False)


@pytest.mark.parametrize("text", ["tidak", "TDK", "jangan", "gak usah", "Tidak setuju", "tidak pak", "nggak"])
def test_no_where_we_asked(text: str) -> None:
    assert read(text, asked=True).go is False
    assert not read(text, asked=False)


@pytest.mark.parametrize(
    "text", ["jangan diteruskan", "Jangan teruskan ke LAPOR ya min", "saya keberatan", "tidak usah dilaporkan"]
)
@pytest.mark.parametrize("asked", [True, False])
def test_an_objection_needs_no_question(text: str, asked: bool) -> None:
    assert read(text, asked=asked).go is False


def test_names_and_secrecy() -> None:
    assert read("ANONIM", asked=False) == Wish(named=False)
    assert read("tolong anonim ya pak", asked=False) == Wish(named=False)
    assert read("Rahasia", asked=False) == Wish(secret=True)
    assert read("anonim dan rahasia", asked=False) == Wish(named=False, secret=True)
    assert read("pakai nama saya", asked=False) == Wish(named=True)
    assert read("ya, anonim", asked=True) == Wish(go=True, named=False)
    assert read("anonim", asked=True) == Wish(go=True, named=False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "👍",
        "ya lampunya masih mati",
        "tidak ada air sudah tiga hari",
        "ada akun anonim mengganggu warga di grup RT",
        "dokumen rahasia apa saja yang dikecualikan?",
        "jangan buang sampah di sungai",
        "ok tapi kapan",
        "boleh minta data APBD?",
        "siapa nama kepala dinasnya",
        "ya" * 500,
    ],
)
@pytest.mark.parametrize("asked", [True, False])
def test_anything_more_is_a_message(text: str, asked: bool) -> None:
    assert not read(text, asked=asked)
