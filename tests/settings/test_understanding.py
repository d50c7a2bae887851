"""Wrong tables are refused with file, key and what was expected."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from omnichannel.domain.errors import BadConfig
from omnichannel.settings.understanding import build
from tests.router.reading import table

Tables = tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]


def copies() -> Tables:
    routing, words, organisation, danger = map(
        table, ("routing.toml", "words.toml", "organisation.toml", "danger.toml")
    )
    return deepcopy(routing), deepcopy(words), deepcopy(organisation), deepcopy(danger)


def test_the_shipped_tables_are_sound() -> None:
    built = build(*copies())

    assert len(built.routing.kinds.cues) > 20
    assert built.organisation.root.key == "kutim"


@pytest.mark.parametrize(
    ("break_it", "file", "key", "expected"),
    [
        (lambda r, w, o, d: r.update(kind={}), "routing.toml", "kind", "unknown key"),
        (lambda r, w, o, d: r["queue"].update(complaint="laci"), "routing.toml", "queue.complaint", "one of ppid, lapor, humas"),
        (lambda r, w, o, d: r["threshold"].update(sure=7), "routing.toml", "threshold.sure", "a number from 0 to 1"),
        (lambda r, w, o, d: r["threshold"].pop("clear"), "routing.toml", "threshold.clear", "it is missing"),
        (lambda r, w, o, d: r["kinds"].update(temperature="hot"), "routing.toml", "kinds.temperature", "a number"),
        (lambda r, w, o, d: r["kinds"]["cue"][0].update(phrases=["<x> y"]), "routing.toml", "kinds.cue #1.phrases #1", "a word class of words.toml, not <x>, in '<x> y'"),
        (lambda r, w, o, d: r["kinds"]["cue"][0].update(weights={"gossip": 1}), "routing.toml", "kinds.cue #1.weights.gossip", "unknown key"),
        (lambda r, w, o, d: r["kinds"]["cue"][0].update(weights={}), "routing.toml", "kinds.cue #1.weights", "a weight for one kind at least"),
        (lambda r, w, o, d: r["kinds"]["pair"][0].update(cues=["failure", "ghost"]), "routing.toml", "kinds.pair #1.cues", "the names of two"),
        (lambda r, w, o, d: r["kinds"]["shape"][0].update(name="round"), "routing.toml", "kinds.shape #1.name", "one of asks_last"),
        (lambda r, w, o, d: r["topic"].update(cuaca={}), "routing.toml", "topic.cuaca", "unknown key"),
        (lambda r, w, o, d: r["unit"][0].update(key="nobody"), "routing.toml", "unit #1.key", "a unit of organisation.toml"),
        (lambda r, w, o, d: r["urgent"]["company"][0].update(reach="far"), "routing.toml", "urgent.company #1.reach", "one of on, before, sentence, message"),
        (lambda r, w, o, d: r["urgent"]["company"][0].update(only=["x"]), "routing.toml", "urgent.company #1.only", "names of [[urgent.danger]]"),
        (lambda r, w, o, d: r["urgent"].pop("sure"), "routing.toml", "urgent.sure", "it is missing"),
        (lambda r, w, o, d: d.update(warna={}), "danger.toml", "warna", "unknown key"),
        (lambda r, w, o, d: d["idea"][0].pop("name"), "danger.toml", "idea #1.name", "a text in quotes"),
        (lambda r, w, o, d: d["idea"].append(d["idea"][0]), "danger.toml", f"idea #{len(table('danger.toml')['idea']) + 1}.name", "a name of its own"),
        (lambda r, w, o, d: d["idea"][0].update(phrases=["<x> y"]), "danger.toml", "idea #1.phrases #1", "a word class of words.toml, not <x>, in '<x> y'"),
        (lambda r, w, o, d: d["idea"][0].update(calm="yes"), "danger.toml", "idea #1.calm", "true or false"),
        (lambda r, w, o, d: w.update(dialect={}), "words.toml", "dialect", "unknown key"),
        (lambda r, w, o, d: w["slang"].update(yg=3), "words.toml", "slang.yg", "a text in quotes"),
        (lambda r, w, o, d: w["class"].update(bad=["a b?"]), "words.toml", "class.bad", "a word"),
        (lambda r, w, o, d: o["unit"][1].update(level="moon"), "organisation.toml", "unit #2.level", "one of kabupaten"),
        (lambda r, w, o, d: o["unit"][1].update(parent="nobody"), "organisation.toml", "unit setda", "a parent that is a unit"),
        (lambda r, w, o, d: o["unit"][1].update(topics={"cuaca": 1}), "organisation.toml", "unit #2.topics.cuaca", "unknown key"),
        (lambda r, w, o, d: o["unit"].append(o["unit"][1]), "organisation.toml", "unit setda", "a key that no other unit has"),
    ],
)  # fmt: skip
def test_a_wrong_table_names_its_key(
    break_it: Callable[[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]], object],
    file: str,
    key: str,
    expected: str,
) -> None:
    tables = copies()
    break_it(*tables)

    with pytest.raises(BadConfig) as caught:
        build(*tables)

    assert (caught.value.file, caught.value.key) == (file, key)
    assert expected in caught.value.expected
