"""Learning: the same lessons give the same file, corrections are heeded, and a poisoned batch is refused."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from omnichannel.domain.case import Kind
from omnichannel.domain.errors import Invalid
from omnichannel.judging import carried_corpus
from omnichannel.router.learning import Columns, Learner, Seen, contradicted, fit, grounded, taught
from omnichannel.router.lessons import Lesson, Origin, corpus, parted, read
from omnichannel.router.measures import Judged, against, evened, figures, judge, worse
from omnichannel.router.model import KINDS, LearntClassifier, Model
from omnichannel.router.stepping import Head, Held, stepped
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

    before, mended = (
        judge(LearntClassifier(classifier(), Model.read(learner.learn(some))), measuring)
        for some in (base, [*base, *corrections(told)])
    )
    frozen = learner.see(measuring)

    assert against(*contradicted([*base, *corrections(poison)], frozen))
    assert against(*contradicted([*base, *corrections(told)], frozen)) is None
    assert worse(before, mended, slack=True) is None


def test_an_office_to_which_one_kind_comes_most_is_not_refused_for_it() -> None:
    """Nine in ten of its messages are complaints. That it expects them is right there, and no fault on everybody's messages."""
    office = [one.lesson for one in seen() if one.lesson.hand == "natural"]
    told = [one for one in office if one.kind is Kind.COMPLAINT][:90]
    told += [one for one in office if one.kind is not Kind.COMPLAINT][:10]
    base = [one for one in few(6) if one.lesson.hand != "natural"]
    frozen = Learner(classifier()).see(lessons()[1][::3])
    columns = Columns([*base, *corrections(told)])
    inputs = columns.kind(base)
    head = grounded(inputs, base)
    after = taught(columns, head, inputs, corrections(told))
    complaints = [
        one for one in seen() if one.lesson in office and one.lesson not in told and one.lesson.kind is Kind.COMPLAINT
    ]
    at = KINDS.index(Kind.COMPLAINT)

    expected = [head.p(columns.kind(complaints))[:, at].mean() for head in (head, after)]

    assert expected[1] > expected[0]
    assert against(*contradicted([*base, *corrections(told)], frozen)) is None


def test_a_step_goes_no_further_than_it_may_reach_and_the_held_stay_where_they_were() -> None:
    """Two words: the office speaks of both, but the second speaks of everybody's messages, too."""
    inputs, everybodys = csr_matrix(np.eye(2)), Held(csr_matrix([[0.0, 1.0]]), 1000.0)
    head = Head(np.zeros((2, 2)), np.zeros(2))

    free, held, bound = (
        stepped(head, inputs, [0, 0], np.array(reach), (0.1, 1e6), some).p(csr_matrix(np.eye(2)))[:, 0]
        for reach, some in (([1.0, 1.0], None), ([1.0, 1.0], everybodys), ([1.0, 0.0], None))
    )

    assert free.min() > 0.8
    assert held[0] > 0.8
    assert held[1] == pytest.approx(0.5, abs=0.02)
    assert bound[1] == pytest.approx(0.5)


def test_what_is_expected_oftener_is_evened_out_and_what_is_misread_is_not() -> None:
    def sure(kind: Kind, p: dict[Kind, float]) -> Judged:
        return Judged(kind, max(p, key=lambda one: p[one]), p)

    read = {kind: {one: 0.7 if one is kind else 0.1 for one in Kind} for kind in Kind}
    rightly = [sure(kind, read[kind]) for kind in Kind] * 5
    leaning = [
        sure(one.kind, {kind: p * (8.0 if kind is Kind.COMPLAINT else 1.0) for kind, p in one.p.items()})
        for one in rightly
    ]
    leaning = [replace(one, p={kind: p / sum(one.p.values()) for kind, p in one.p.items()}) for one in leaning]
    misread = [sure(kind, read[wrong(kind)]) for kind in Kind] * 5

    assert figures(leaning).right < 1.0
    assert figures(evened(leaning)).right == 1.0
    assert figures(evened(leaning)).loss == pytest.approx(figures(rightly).loss, abs=0.01)
    assert worse(rightly, leaning, slack=True) is None
    assert worse(rightly, misread, slack=True)
    assert against(rightly, misread)


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
