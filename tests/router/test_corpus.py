"""The corpus holds what it says: every topic in every kind, each message once, nothing of what only measures."""

import json
from collections import Counter

import pytest

from omnichannel.domain.case import Kind
from omnichannel.domain.verdict import TOPICS
from omnichannel.judging import carried_alerts, carried_corpus
from omnichannel.router.danger_lessons import REVIEWED
from omnichannel.router.lessons import Lesson, Origin, corpus, read
from tests.router.reading import CORPUS, DATA

UNTOUCHED = ("messages_test", "messages_natural", "messages_other_hand", "messages_new_hand")


@pytest.fixture(scope="module")
def lessons() -> list[Lesson]:
    return corpus(carried_corpus())


def test_every_message_has_an_id_of_its_own(lessons: list[Lesson]) -> None:
    twice = [name for name, times in Counter(one.id for one in lessons).items() if times > 1]

    assert twice == []


def test_every_topic_is_written_of_in_every_kind(lessons: list[Lesson]) -> None:
    written = Counter((one.topic, one.kind) for one in lessons if one.origin is Origin.CORPUS)

    thin = [(topic, kind.value) for topic in TOPICS for kind in Kind if written[topic, kind] < 7]
    assert thin == []


def test_a_second_intent_is_another_one(lessons: list[Lesson]) -> None:
    assert [one.id for one in lessons if one.second is one.kind] == []


@pytest.mark.parametrize("name", UNTOUCHED)
def test_what_only_measures_was_never_taught(name: str, lessons: list[Lesson]) -> None:
    # Greetings of a word or two are nobody's own.
    taught = {_plain(one.text) for one in lessons if len(one.text.split()) > 3}
    measured = read((DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())

    assert [one.text for one in measured if _plain(one.text) in taught] == []


def test_the_page_about_it_counts_rightly() -> None:
    told = (CORPUS / "README.md").read_text(encoding="utf-8")
    counted = {file.name: _lines(file.read_text(encoding="utf-8")) for file in CORPUS.glob("*.jsonl")}

    assert f"{sum(counted.values()):,} messages" in told
    for name, number in counted.items():
        if name not in ("a.jsonl", "b.jsonl"):
            assert f"| `{name}` | {number:,} |" in told, name
    dangers = [file for file in (CORPUS / "danger").glob("*.jsonl") if file.name != REVIEWED]
    assert f"{sum(_lines(file.read_text(encoding='utf-8')) for file in dangers):,} messages with `urgent`" in told


def test_what_only_measures_danger_was_never_taught() -> None:
    taught = {_plain(one.text) for one in carried_alerts()}
    measured = [json.loads(line)["text"] for line in (DATA / "danger_blind.jsonl").read_text("utf-8").splitlines()]

    assert [text for text in measured if _plain(text) in taught] == []


def _lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if json.loads(line))


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
