"""The cue language: what each form means, and what a mistake in it says."""

import pytest

from omnichannel.domain.phrase import Alternatives, Phrase, parse, variants
from omnichannel.router.cues import Matcher
from tests.router.reading import a_reader

CLASSES = {"not": Alternatives(frozenset({"tidak", "belum"}))}


def found(cue: str, text: str) -> bool:
    phrases: list[tuple[Phrase, str]] = [(parse(one, CLASSES), cue) for one in variants(cue)]
    return bool(Matcher(phrases).find(a_reader().read(text)))


@pytest.mark.parametrize(
    ("cue", "there", "not_there"),
    [
        ("jalan rusak", "jalan rusak", "jalan sudah rusak"),
        ("jalan .. rusak", "jalan di desa kami rusak", "jalan di desa kami yang baru rusak"),
        ("jalan .... rusak", "jalan di desa kami yang baru rusak", "jalan. rusak"),
        ("mohon|minta jalan", "minta jalan", "jalan minta"),
        ("perbaik* jalan", "perbaikan jalan", "baik jalan"),
        ("*tabrak* motor", "ditabrak motor", "takbar motor"),
        ("<not> jalan", "belum jalan", "sudah jalan"),
        ("!<not> rusak", "jalan rusak", "tidak terlalu rusak"),
        ("api !unggun|cinta", "api besar", "api unggun"),
        ("kapan .. !sampai jalan", "kapan itu jalan", "kapan sampai jalan"),
        ("^halo", "halo admin", "admin halo"),
        ("^halo", "pagi. halo admin", "pagi halo admin"),
        ("^^halo", "halo admin", "pagi. halo admin"),
        ("rusak $", "jalan rusak. terima kasih", "jalan rusak semua"),
        ("kapan ?", "kapan jalan?", "kapan jalan. ya?"),
        ("lampu mati|padam_total", "lampu padam total", "lampu padam"),
        ("minum ~ racun", "racun yang diminum minum dia", "minum. racun"),
        ("sudah # hari", "sudah 3 hari", "sudah hari"),
        (":angry:", "jalan 😡", "jalan"),
    ],
)
def test_a_form_finds_what_it_says(cue: str, there: str, not_there: str) -> None:
    assert found(cue, there)
    assert not found(cue, not_there)


@pytest.mark.parametrize(
    ("cue", "says"),
    [
        ("", "at least one word"),
        ("..", "a gap stands between two words"),
        ("jalan ..", "a gap stands between two words"),
        ("jalan .. .. rusak", "a gap stands between two words"),
        ("ja*", "at least 3 letters before the star"),
        ("<siapa> jalan", "a word class of words.toml, not <siapa>"),
        ("*tab*", "at least 4 letters between the stars"),
        ("jalan || rusak", "a word, word\\*, \\*word\\*, <class> or words parted by |"),
    ],
)
def test_a_mistake_is_told(cue: str, says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("|", "\\|")):
        parse(variants(cue)[0], CLASSES)
