"""Wide fields of words: what they say together, in which tongue, and what stays out of the shared spelling."""

from collections.abc import Callable
from typing import Any

import pytest

from omnichannel.domain.errors import BadConfig
from omnichannel.domain.understanding import CALM_ROLES, DANGER_ROLES, Understanding
from omnichannel.router.classify import CueClassifier
from omnichannel.router.senses import Senses, signs
from omnichannel.settings.understanding import build
from tests.router.reading import classifier, table, understanding


def built(danger: dict[str, Any]) -> Understanding:
    return build(table("routing.toml"), table("words.toml"), table("organisation.toml"), danger)


def said(text: str) -> dict[str, float]:
    heard = classifier().heard(text)
    return signs(heard.senses, len(heard.plain.tokens))


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("my son is not breathing", "napas berat"),
        ("simbok semaput", "pingsan"),
        ("budak titeuleum di walungan", "tenggelam"),
        ("indoku malii ri salo", "tenggelam"),
        ("kanak ulun dipatuk buhaya", "satwa ganas"),
        ("perahu kami kemasukan air", "tenggelam"),
        ("harusnya sore tadi sudah pulang dari hutan", "hilang jejak"),
        ("tolong jaga kucingku kalau aku tidak ada", "salam terakhir"),
    ],
)
def test_a_sense_is_heard_in_many_tongues(text: str, sense: str) -> None:
    assert f"sense:{sense}" in said(text)


def test_roles_near_one_another_are_told_whoever_plays_them() -> None:
    one, other = said("bapak pingsan terjebak di dalam lift"), said("montir itu kejang, pintunya terkunci")

    assert {"roles:body+stuck", "roles:body+who", "unmuted"} <= one.keys() & other.keys()


def test_what_speaks_of_another_matter_mutes_the_message() -> None:
    assert "unmuted" in said("rumah terbakar")
    assert "unmuted" not in said("rumah terbakar tahun lalu")


def test_no_word_is_mended_towards_a_sense() -> None:
    """The kinds' model counts the same plain words, whatever is added to the senses."""
    without = CueClassifier(built({"idea": table("danger.toml")["idea"]}))

    for text in ("klelepp wingi", "ngajoprakk", "drowninng"):
        plain = classifier().features(text).plain
        assert plain.tokens == without.features(text).plain.tokens


def test_a_word_is_heard_as_it_was_typed_where_its_plain_form_says_less() -> None:
    senses = Senses(understanding().senses)
    plain = classifier().features("bawa bangkung").plain
    bent = plain.with_tokens(tuple(token._replace(word="zzz") for token in plain.tokens))

    assert {hit.owner.name for hit in senses.find(bent)} >= {"bersenjata"}


def test_every_danger_has_a_name_to_ring_by() -> None:
    for sense in understanding().senses:
        assert sense.calm is (sense.role in CALM_ROLES)
        assert bool(sense.danger) or sense.role not in DANGER_ROLES or sense.name == "tanpa daya"


BROKEN: dict[str, Callable[[dict[str, Any]], None]] = {
    "role": lambda row: row.update(role="loud"),
    "phrases": lambda row: row.update(phrases=["a* b"]),
    "name": lambda row: row.update(name="keluarga"),
}


@pytest.mark.parametrize("key", BROKEN)
def test_a_sense_that_cannot_be_read_names_its_key(key: str) -> None:
    danger = table("danger.toml")
    senses = [dict(row) for row in danger["sense"]]
    BROKEN[key](senses[-1])

    with pytest.raises(BadConfig, match=key):
        built({**danger, "sense": senses})
