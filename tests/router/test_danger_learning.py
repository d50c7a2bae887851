"""Learning to hear danger: the same lessons give the same file, and serving computes what was learnt."""

from functools import cache

import pytest

from omnichannel.judging import carried_alerts
from omnichannel.router.danger import DangerModel
from omnichannel.router.danger_learning import Marks, Met, apart, fit, learn, marks, meet, packed, shares, threshold
from omnichannel.router.danger_lessons import ALWAYS, GENERAL, LONG, Alert, fold, letters, wrapped
from tests.router.reading import classifier

pytestmark = pytest.mark.slow


@cache
def few() -> list[Alert]:
    """Every sixtieth lesson: enough to learn something in a second."""
    return [one for one in carried_alerts() if not one.apart][::60]


@cache
def met() -> list[Met]:
    return meet(classifier(), few())


def test_the_same_lessons_give_the_same_bytes() -> None:
    assert learn(classifier(), few()).packed == learn(classifier(), list(few())).packed


def test_serving_computes_what_was_learnt() -> None:
    found = fit(met())
    model = DangerModel.read(packed(found, Marks(), few()))

    for one in met()[:200]:
        sounding = model.sound(classifier().heard(one.alert.text))
        assert sounding.score == pytest.approx(found.best(one), abs=0.1)  # a unit hears in bytes


def test_it_tells_danger_from_the_rest_on_messages_it_has_not_read() -> None:
    scores = apart(met())
    danger = [score for alert, score in scores if alert.urgent]
    rest = [score for alert, score in scores if not alert.urgent]

    assert {alert.id for alert, _ in scores} == {one.alert.id for one in met() if one.alert.group != ALWAYS}
    assert sum(danger) / len(danger) > sum(rest) / len(rest) + 2


def test_letters_end_in_the_message_they_are_named_after_and_stay_in_its_fold() -> None:
    made = letters(few(), 3)
    by_id = {one.id: one for one in few()}

    assert any(one.urgent for one in made)
    assert not all(one.urgent for one in made)
    for one in made:
        last = by_id[one.id.removesuffix("+")]
        assert one.text.endswith(last.text)
        assert one.urgent is last.urgent
        assert one.hand == last.hand
        assert fold(one.id, 3) == fold(last.id, 3)


def test_a_call_is_wrapped_in_the_words_that_are_wrapped_around_a_harmless_message_too() -> None:
    by_id = {one.id: one for one in few()}
    pairs: dict[str, list[Alert]] = {}
    for one in wrapped(few()):
        pairs.setdefault(one.id.partition("~")[0], []).append(one)

    assert pairs
    for name, (call, harmless) in pairs.items():
        assert by_id[name].text in call.text
        assert (call.urgent, harmless.urgent) == (True, False)
        assert call.group == harmless.group == by_id[name].group != ALWAYS


def test_the_alarm_is_set_so_that_few_of_the_harmless_ring() -> None:
    scores = [(Alert(id=str(n), text="x", urgent=False), n / 1000) for n in range(1000)]

    alarm = threshold(scores, 0.04)

    assert sum(score >= alarm for _, score in scores) == 40
    assert threshold([]) == 0.0


def test_the_marks_are_found_on_a_days_post_alone_and_long_messages_have_their_own() -> None:
    post = [(Alert(id=f"p{n}", text="x", urgent=False, why=GENERAL, hand="desk"), n / 1000) for n in range(1000)]
    long = [(Alert(id=f"l{n}", text="x", urgent=False, why=f"{LONG}infra"), 5 + n / 1000) for n in range(1000)]
    hard = [(Alert(id=f"h{n}", text="x", urgent=False, hand="hard"), 99.0) for n in range(1000)]
    cries = [(Alert(id=f"d{n}", text="x", urgent=True, hand="hard"), 0.97) for n in range(10)]

    at = marks([*post, *long, *hard, *cries], {alert.id for alert, _ in long})
    told = {one.name: one for one in shares([*post, *long, *cries], {alert.id for alert, _ in long}, at)}

    assert told["ordinary, short"].rang == pytest.approx(0.01, abs=0.002)
    assert told["ordinary, short"].seen == pytest.approx(0.05, abs=0.002)
    assert told["ordinary, long"].rang == pytest.approx(0.015, abs=0.002)
    assert (told["danger"].rang, told["danger"].seen) == (0.0, 1.0)
    assert at.watch < at.alarm < at.watch_long < at.alarm_long
