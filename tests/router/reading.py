"""The tables as they ship, read once, and the messages written for measuring."""

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from omnichannel.domain.understanding import Understanding
from omnichannel.judging import carried_danger
from omnichannel.router.classify import CueClassifier
from omnichannel.router.text import Reader
from omnichannel.settings.understanding import build

CONFIG = Path(__file__).parents[2] / "config"
DATA = Path(__file__).parent / "data"
CORPUS = Path(__file__).parents[2] / "omnichannel" / "router" / "corpus"


@cache
def table(name: str) -> dict[str, Any]:
    """One shipped TOML file, parsed."""
    return tomllib.loads((CONFIG / name).read_text(encoding="utf-8"))


@cache
def understanding() -> Understanding:
    """The tables as they ship."""
    return build(table("routing.toml"), table("words.toml"), table("organisation.toml"), table("danger.toml"))


@cache
def classifier() -> CueClassifier:
    """The cues and rules as they ship, without anything learnt."""
    return CueClassifier(understanding())


@cache
def alert_classifier() -> CueClassifier:
    """The same with the learnt head for danger, as the service runs it."""
    head = carried_danger()
    assert head is not None, "make model"
    return CueClassifier(understanding(), head)


def a_reader(*vocabulary: str) -> Reader:
    """The shipped word tables, mending towards the given words only."""
    return Reader(understanding().words, frozenset(vocabulary))


def messages(name: str) -> list[dict[str, Any]]:
    """The lines of one data file. What the cues were tuned on lies in the corpus, where the model learns from it too."""
    tuned = {"messages_dev": CORPUS / "tuned.jsonl", "danger_dev": CORPUS / "danger" / "tuned.jsonl"}
    file = tuned.get(name, DATA / f"{name}.jsonl")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
