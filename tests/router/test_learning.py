"""Learning: the same lessons give the same file, corrections are heeded, and a poisoned batch is refused."""

from dataclasses import replace
from functools import cache

import pytest

from omnichannel.domain.case import Kind
from omnichannel.domain.errors import Invalid
from omnichannel.judging import carried_corpus
from omnichannel.router.learning import Learner, Seen, fit
from omnichannel.router.lessons import Lesson, Origin, corpus, parted, read
from omnichannel.router.measures import Judged, figures, judge, worse
from omnichannel.router.model import LearntClassifier, Model
from tests.router.reading import classifier

pytestmark = pytest.mark.slow


@cache
def lessons() -> tuple[list[Lesson], list[Lesson]]:
    return parted(corpus(carried_corpus()))


@cache
def seen() -> list[Seen]:
    return Learner(classifier()).see(lessons()[0])


def few(share: int) -> list[Seen]:
    """Every so-many-th lesson: enough to learn something in a second."""
    return seen()[::share]


def test_the_same_lessons_give_the_same_bytes() -> None:
    learner = Learner(classifier())

    assert learner.learn(few(12)) == learner.learn(few(12))


def test_what_measures_never_teaches() -> None:
    teaching, measuring = lessons()

    assert not {one.id for one in teaching} & {one.id for one in measuring}
    assert not {one.text for one in teaching} & {one.text for one in measuring}
    assert 0.15 < len(measuring) / sum(one.origin is Origin.CORPUS for one in (*teaching, *measuring)) < 0.25
    assert not any(one.apart for one in teaching)
    assert all(one.origin is Origin.CORPUS for one in measuring)


def test_a_text_that_measures_does_not_teach_under_another_name() -> None:
    apart = next(one for one in lessons()[1])
    copy = replace(apart, id=next(f"n-{n}" for n in range(99) if not replace(apart, id=f"n-{n}").apart))

    teaching, _ = parted([apart, replace(copy, text=f"  {copy.text.upper()} ")])

    assert teaching == []


def test_serving_computes_what_was_learnt() -> None:
    learner = Learner(classifier())
    model = Model.read(learner.learn(few(12)))
    fitted = fit(few(12))
    some = [one for one in few(12) if one.features.plain.tokens][:60]
    kinds = fitted.kind.p(fitted.columns.kind(some), heat=model.head.kind_heat)
    topics = fitted.topic.p(fitted.columns.topic(some), heat=model.head.topic_heat)

    for one, kind_row, topic_row in zip(some, kinds, topics, strict=True):
        opinion = model.opinion(one.features, classifier().kinds(one.features))
        assert list(opinion.kinds.values()) == pytest.approx([float(p) for p in kind_row], abs=0.02)
        assert opinion.topics.ranked[0][1] == pytest.approx(float(max(topic_row)), abs=0.02)


def corrections(made: list[Lesson]) -> list[Seen]:
    return Learner(classifier()).see([replace(one, origin=Origin.CORRECTION) for one in made])


def test_staff_teach_it_a_word_of_their_town() -> None:
    """`Menyurung` asks for something new where these citizens live; no corpus knows it."""
    places = ["pasar", "sekolah", "kampung", "dermaga", "lapangan", "balai", "puskesmas", "masjid", "taman", "terminal"]
    told = [
        Lesson(id=f"t{n}", text=f"kami menyurung {place} baru nang di muara", kind=Kind.ASPIRATION, topic="lainnya")
        for n, place in enumerate(places * 2)
    ]
    learner = Learner(classifier())
    asked = "bubuhan kami menyurung posyandu di hulu sana"

    before = LearntClassifier(classifier(), Model.read(learner.learn(few(8)))).classify(asked)
    after = LearntClassifier(classifier(), Model.read(learner.learn([*few(8), *corrections(told)]))).classify(asked)

    assert after.p[Kind.ASPIRATION] > before.p[Kind.ASPIRATION] + 0.1
    assert after.kind is Kind.ASPIRATION


def test_a_name_of_one_citizen_is_not_learnt() -> None:
    told = [
        Lesson(
            id=f"n{n}",
            text="saya Zubaidhahwati menanyakan jadwal posyandu",
            kind=Kind.INFORMATION_REQUEST,
            topic="kesehatan",
        )
        for n in range(2)
    ]

    made = Learner(classifier()).learn([*few(12), *corrections(told)])

    assert "zubaidhahwati" not in Model.read(made)


def wrong(kind: Kind) -> Kind:
    kinds = list(Kind)
    return kinds[(kinds.index(kind) + 1) % len(kinds)]


def test_a_poisoned_batch_is_refused_and_a_right_one_is_not() -> None:
    """Somebody gives sixty messages whatever kind comes next; somebody else calls them what they are."""
    teaching, measuring = lessons()
    learner, base = Learner(classifier()), few(4)
    told = [one for one in teaching if one.origin is Origin.CORPUS][1:601:10]
    poison = [replace(one, kind=wrong(one.kind)) for one in told]

    before, spoilt, mended = (
        judge(LearntClassifier(classifier(), Model.read(learner.learn(some))), measuring)
        for some in (base, [*base, *corrections(poison)], [*base, *corrections(told)])
    )

    assert worse(before, spoilt, slack=True)
    assert worse(before, mended, slack=True) is None


def judged(kind: Kind, said: Kind, p: float) -> Judged:
    return Judged(kind, said, {one: p if one is said else (1 - p) / 3 for one in Kind})


def test_no_change_is_no_worse_and_a_loss_is_named() -> None:
    old = [judged(Kind.COMPLAINT, Kind.COMPLAINT, 0.9)] * 99 + [judged(Kind.OTHER, Kind.COMPLAINT, 0.6)]
    lost = [judged(Kind.COMPLAINT, Kind.COMPLAINT, 0.9)] * 96 + [judged(Kind.COMPLAINT, Kind.OTHER, 0.6)] * 4

    assert worse(old, old, slack=False) is None
    found = worse(old, lost, slack=False)
    assert found is not None
    assert "3 of 100" in found.english
    assert "3 dari 100" in found.indonesian


def test_figures_count_as_one_would_by_hand() -> None:
    four = [
        judged(Kind.COMPLAINT, Kind.COMPLAINT, 0.9),
        judged(Kind.COMPLAINT, Kind.OTHER, 0.6),
        judged(Kind.OTHER, Kind.OTHER, 0.8),
        judged(Kind.OTHER, Kind.OTHER, 0.7),
    ]

    found = figures(four)

    assert found.right == 0.75
    assert found.macro_f1 == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert found.ece == pytest.approx((0.1 + 0.6 + 0.2 + 0.3) / 4)
    assert found.coverage95 == 0.75
    assert figures([]).n == 0


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"text": "a"}',
        '{"text": "", "kind": "other"}',
        '{"text": "a", "kind": "keluhan"}',
        '{"text": "a", "kind": "other", "topic": "cuaca"}',
    ],
)
def test_a_line_that_is_no_lesson_is_named(line: str) -> None:
    with pytest.raises(Invalid, match="line 2"):
        read(['{"text": "halo min", "kind": "other"}', line])
