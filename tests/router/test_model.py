"""The model as it is served: read from plain bytes, heard beside the cues, and never in the way."""

import gzip
import json
from typing import Any

import pytest

from omnichannel.domain.case import Kind
from omnichannel.domain.errors import Invalid
from omnichannel.judging import carried_model
from omnichannel.router.grams import grams, runs
from omnichannel.router.lessons import read
from omnichannel.router.measures import figures, judge
from omnichannel.router.model import ALL_TOPICS, KINDS, WIDTH, LearntClassifier, Model, pack
from tests.router.reading import DATA, classifier, messages


def a_head(**facts: Any) -> dict[str, Any]:
    """A model that leaves everything to the cues."""
    kinds, topics = len(KINDS), len(ALL_TOPICS)
    return {
        "kinds": [kind.value for kind in KINDS],
        "topics": list(ALL_TOPICS),
        "kind_bias": [0.0] * kinds,
        "topic_bias": [0.0] * topics,
        "kind_scores": [[float(a == b) for b in range(kinds)] for a in range(kinds)],
        "topic_scores": [[float(a == b) for b in range(topics)] for a in range(topics)],
        "signs": {},
        "kind_heat": 1.0,
        "topic_heat": 1.0,
        "second": {"bias": -9.0, "enough": 0.5, "weights": {}},
        "about": {},
        **facts,
    }


def weights_for(kind: Kind, thousandths: int) -> list[int]:
    return [thousandths * (3 if one is kind else -1) for one in KINDS] + [0] * len(ALL_TOPICS)


def learnt(weights: dict[str, list[int]], **facts: Any) -> LearntClassifier:
    return LearntClassifier(classifier(), Model.read(pack(a_head(**facts), weights)))


@pytest.fixture(scope="module")
def carried() -> LearntClassifier:
    model = carried_model()
    assert model is not None, "the package carries no model; `make model` builds it"
    return LearntClassifier(classifier(), model)


def test_a_model_that_knows_nothing_says_what_the_cues_say() -> None:
    for row in messages("messages_dev")[:80]:
        alone, together = classifier().classify(row["text"]), learnt({}).classify(row["text"])

        assert together.kind is alone.kind
        assert together.topic == alone.topic
        assert together.urgent == alone.urgent
        # What cues say at less than one in ten thousand is believed no further.
        assert together.p == pytest.approx(dict(alone.p), abs=0.001)


def test_a_learnt_word_moves_the_kind_and_is_shown_with_its_place() -> None:
    text = "Kemarin di balai desa wacananya dibentangkan"
    model = learnt({"dibentangkan": weights_for(Kind.ASPIRATION, 900)})

    before, after = learnt({}).classify(text), model.classify(text)

    assert after.p[Kind.ASPIRATION] > before.p[Kind.ASPIRATION] + 0.2
    shown = [reason for reason in after.reasons if reason.speaks_for == Kind.ASPIRATION]
    assert [text[reason.start : reason.end] for reason in shown] == ["dibentangkan"]


def test_a_word_counts_in_the_last_sentence_where_it_was_learnt_there() -> None:
    """A story is told first and the wish last; a message of one sentence has neither a first nor a last."""
    model = learnt({"<wacana": weights_for(Kind.ASPIRATION, 900)})
    last, first, alone = (
        model.classify(text).p[Kind.ASPIRATION] - learnt({}).classify(text).p[Kind.ASPIRATION]
        for text in (
            "Kemarin kami duduk di sana. Ada wacananya.",
            "Ada wacananya. Kemarin kami duduk di sana.",
            "Kemarin ada wacananya",
        )
    )

    assert last > 0.1
    assert first == pytest.approx(0)
    assert alone == pytest.approx(0)


def test_letters_reach_a_word_that_was_never_read() -> None:
    model = learnt({"~gkan ": weights_for(Kind.ASPIRATION, 900)})

    known, other = (
        model.classify(f"kemarin di sana {word}").p[Kind.ASPIRATION] for word in ("membintangkan", "bintan")
    )

    assert known > other + 0.2


def test_a_pair_counts_within_a_sentence_only() -> None:
    model = learnt({"balai desa": weights_for(Kind.OTHER, 900)})

    together = model.classify("rapat balai desa kemarin siang").p[Kind.OTHER]
    parted = model.classify("rapat balai. desa kemarin siang").p[Kind.OTHER]

    assert together > parted


def test_a_cue_by_its_name_is_weighed() -> None:
    name = next(iter(classifier().features("kapan jalan diperbaiki, rusak parah").cues))
    moved = learnt({}, signs={f"cue:{name}": [0.0, 0.0, 0.0, 9.0]})

    assert moved.classify("kapan jalan diperbaiki, rusak parah").kind is KINDS[3]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?",
        "😀",
        "\u200b",
        "a" * 9000,
        "ya " * 3000,
        "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        "👍" * 400,
    ],
)
def test_nothing_that_is_written_breaks_it(carried: LearntClassifier, text: str) -> None:
    verdict = carried.classify(text)

    assert sum(verdict.p.values()) == pytest.approx(1)
    assert verdict.kind is max(verdict.p, key=lambda kind: verdict.p[kind])
    assert json.dumps(verdict.as_json("1"))


def test_every_gram_of_a_message_is_counted_as_it_is_weighed() -> None:
    plain = classifier().features("jalan rusak jalan rusak").plain

    found = grams(plain)

    assert found.count("jalan") == 1
    assert found.count("jalan rusak") == 1
    assert found.count("rusak jalan") == 1
    assert set(runs("jalan")) < set(found)
    assert runs(":marah:") == ()


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"not gzip",
        gzip.compress(b"", mtime=0),
        gzip.compress(b"[]", mtime=0),
        gzip.compress(b'{"format": 1}', mtime=0),
        pack(a_head(kinds=["complaint"]), {}),
        pack(a_head(kind_heat=0), {}),
        pack(a_head(kind_bias=[float("nan")] * 4), {}),
        pack(a_head(), {"jalan": [1, 2]}),
        pack(a_head(), {"jalan": [99_999] * WIDTH}),
        pack(a_head(), {})[:-9],
    ],
)
def test_what_is_no_model_is_refused(broken: bytes) -> None:
    with pytest.raises(Invalid):
        Model.read(broken)


def test_the_carried_model_is_better_than_cues_alone_on_messages_neither_was_tuned_on(
    carried: LearntClassifier,
) -> None:
    lessons = read((DATA / "messages_test.jsonl").read_text(encoding="utf-8").splitlines())

    cues, both = figures(judge(classifier(), lessons)), figures(judge(carried, lessons))
    print(f"\ncues {cues.as_json()}\nboth {both.as_json()}")

    assert both.macro_f1 >= cues.macro_f1
    assert both.loss < cues.loss
    assert both.topic_first >= cues.topic_first
    assert both.right_when_sure >= 0.95
