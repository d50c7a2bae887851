"""A message made plain, and the way back to the citizen's own letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.router.reading import a_reader, classifier


def words(text: str, *vocabulary: str) -> list[str]:
    return [token.word for token in a_reader(*vocabulary).read(text).tokens]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("jln rsk bgt min", "jalan rusak banget admin"),
        ("blm di perbaiki jg", "belum diperbaiki juga"),
        ("tolongggg pakkk", "tolong bapak"),
        ("t0long 4ku", "tolong saya"),
        ("jalan2 rusak2", "jalan rusak"),
        ("berhari-hari", "berhari"),
        ("lampunya mati kapankah", "lampu mati kapan"),
        ("gmn caranya bikin e-ktp", "bagaimana cara buat ktp"),
        ("udah 3bln ga ngalir", "sudah # bulan tidak ngalir"),
        ("wis suwe ora didandani", "sudah lama tidak diperbaiki"),
        ("kada jalan pabila", "tidak jalan kapan"),
        ("teu acan dibenerkeun", "tidak belum diperbaiki"),
        ("𝗧𝗼𝗹𝗼𝗻𝗴 pak", "tolong bapak"),
        ("T O L O N G pak", "tolong bapak"),
        ("to\u200blong", "tolong"),
        ("dibenerin dong", "diperbaiki dong"),
    ],
)
def test_slang_and_slips_become_plain(typed: str, plain: str) -> None:
    known = ("diperbaiki", "tolong", "rusak", "jalan", "lampu", "kapan", "cara", "berhari")

    assert " ".join(words(typed, *known)) == plain


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kebakran", "kebakaran"),
        ("kebakaram", "kebakaran"),
        ("kbakaran", "kebakaran"),
        ("kecelkaan", "kecelakaan"),
        ("kejebak", "terjebak"),
        ("tatimbun", "tertimbun"),
        ("nabrak", "menabrak"),
    ],
)
def test_a_word_that_cues_look_for_is_known_in_haste(typed: str, meant: str) -> None:
    assert words(typed, "kebakaran", "kecelakaan", "terjebak", "tertimbun", "menabrak") == [meant]


@pytest.mark.parametrize("word", ["dipecah", "larangan", "bengkel", "parang", "terbayar"])
def test_a_real_word_is_not_bent_into_another(word: str) -> None:
    assert words(word, "dipecat", "lapangan", "bengkal", "barang", "terbakar") == [word]


def test_a_hashtag_is_read_by_capitals_and_by_known_words() -> None:
    assert words("#JalanRusak #jalanrusakparah", "jalan", "rusak", "parah") == [
        "jalan",
        "rusak",
        "jalan",
        "rusak",
        "parah",
    ]


def test_an_abbreviation_ends_no_sentence_and_a_question_mark_does() -> None:
    plain = a_reader().read("Jl. Melati no. 5 rusak. Kapan diperbaiki? Terima kasih")

    assert plain.closings == (".", "?", ".")


def test_a_line_broken_by_a_mail_program_goes_on() -> None:
    plain = a_reader().read(
        "Kami menyampaikan bahwa jalan utama menuju permukiman kami sampai\nsekarang belum diaspal.\nTerima kasih"
    )

    assert len({token.sentence for token in plain.tokens}) == 2


def test_emoji_mentions_and_links_are_signs() -> None:
    plain = a_reader().read("@dishub_kutim jalan rusak 😡 https://contoh.id/foto.jpg")

    assert [token.word for token in plain.tokens] == ["jalan", "rusak", ":angry:"]
    assert plain.mentions == ("dishub_kutim",)
    assert plain.links == 1


def test_every_plain_word_knows_its_own_letters() -> None:
    text = "Min, jln2 di #SangattaUtara anc*r t0long"
    plain = a_reader("tolong", "jalan").read(text)

    assert plain.quote(1, 1) == "jln2"
    assert all(text[token.start : token.end].strip() for token in plain.tokens)


@given(st.text(max_size=300))
def test_whatever_is_written_comes_back_within_the_text(text: str) -> None:
    verdict = classifier().classify(text)

    assert abs(sum(verdict.p.values()) - 1) < 1e-9
    assert verdict.kind is max(verdict.p, key=lambda kind: verdict.p[kind])
    for reason in verdict.reasons:
        assert text[reason.start : reason.end] == reason.cue


def test_a_book_is_read_no_further_than_its_first_pages() -> None:
    plain = a_reader().read("jalan rusak " * 100_000)

    assert len(plain.tokens) <= 701


@pytest.mark.parametrize(
    "written",
    [
        "🅹🅰🅻🅰🅽 🆁🆄🆂🅰🅺",
        "ⓙⓐⓛⓐⓝ ⓡⓤⓢⓐⓚ",
        "ᴊᴀʟᴀɴ ʀᴜꜱᴀᴋ",
        "J̶a̶l̶a̶n̶ r̶u̶s̶a̶k̶",
        "jаlаn rusаk",
        "J.A.L.A.N R.U.S.A.K",
        "ja\u00adlan ru\u200bsak",
    ],
)
def test_letters_in_disguise_are_read(written: str) -> None:
    plain = classifier().features(written).plain

    assert [token.word for token in plain.tokens] == ["jalan", "rusak"]
    assert plain.quote(0, 1).startswith(written[0])


def test_another_alphabet_alone_is_left_as_it_is() -> None:
    assert [token.word for token in classifier().features("привет").plain.tokens] == ["привет"]
