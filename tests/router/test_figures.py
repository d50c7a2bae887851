"""How well the shipped tables understand messages; `pytest -s tests/router/test_figures.py` prints the figures.

`*_dev` was looked at while the tables were tuned; `*_test` was not: keep it so, and read of it no more than the figures.
All messages are our own writing, and the dangers and their lookalikes are chosen to be hard: three in ten ordinary ones use
the words of danger. A real desk's figures will differ.
"""

from collections import Counter
from typing import Any

import pytest

from omnichannel.domain.case import Kind
from omnichannel.domain.verdict import Verdict
from tests.router.reading import classifier, messages

SETS = ("dev", "test")
FLOOR = {"dev": 0.97, "test": 0.93}


def judged(name: str) -> list[tuple[dict[str, Any], Verdict]]:
    return [(row, classifier().classify(row["text"])) for row in messages(name)]


def macro_f1(pairs: list[tuple[dict[str, Any], Verdict]]) -> float:
    seen = Counter((row["kind"], verdict.kind.value) for row, verdict in pairs)
    scores = []
    for kind in Kind:
        right = seen[kind.value, kind.value]
        wrong = sum(count for (truth, said), count in seen.items() if kind.value in (truth, said)) - right
        scores.append(2 * right / (2 * right + wrong))
    return sum(scores) / len(scores)


@pytest.mark.parametrize("name", SETS)
def test_kinds_are_told_apart(name: str) -> None:
    pairs = judged(f"messages_{name}")

    score = macro_f1(pairs)
    sure = [row["kind"] == verdict.kind.value for row, verdict in pairs if not verdict.needs_person]
    asked = 1 - len(sure) / len(pairs)
    print(
        f"\n{name}: kinds macro-F1 {score:.3f} of {len(pairs)}; right when sure {sum(sure) / len(sure):.3f}, asks {asked:.2f}"
    )

    assert score >= 0.85
    assert sum(sure) / len(sure) >= 0.93


@pytest.mark.parametrize("name", SETS)
def test_probabilities_are_not_boastful(name: str) -> None:
    confident = [
        row["kind"] == verdict.kind.value
        for row, verdict in judged(f"messages_{name}")
        if max(verdict.p.values()) >= 0.8
    ]

    print(f"\n{name}: right where p >= .8: {sum(confident) / len(confident):.3f} of {len(confident)}")
    assert sum(confident) / len(confident) >= 0.9


@pytest.mark.parametrize("name", SETS)
def test_topics_are_found(name: str) -> None:
    pairs = judged(f"messages_{name}")

    first = sum(row["topic"] == verdict.topic for row, verdict in pairs) / len(pairs)
    three = sum(row["topic"] in [topic for topic, _ in verdict.topics] for row, verdict in pairs) / len(pairs)
    print(f"\n{name}: topic first {first:.3f}, among three {three:.3f}")

    assert first >= 0.75
    assert three >= 0.92


@pytest.mark.parametrize("name", SETS)
def test_danger_is_heard(name: str) -> None:
    pairs = judged(f"danger_{name}")

    heard = sum(verdict.urgent for _, verdict in pairs)
    print(f"\n{name}: danger heard {heard} of {len(pairs)}")

    assert heard >= len(pairs) * FLOOR[name]


@pytest.mark.parametrize("name", SETS)
def test_ordinary_messages_raise_no_alarm(name: str) -> None:
    pairs = judged(f"messages_{name}")

    alarmed = [bool(row.get("lookalike")) for row, verdict in pairs if verdict.urgent]
    plain = len(alarmed) - sum(alarmed)
    print(f"\n{name}: false alarms {len(alarmed)} of {len(pairs)}, {plain} of them without words of danger")

    assert len(alarmed) <= len(pairs) * 0.04
    assert plain <= len(pairs) * 0.01
