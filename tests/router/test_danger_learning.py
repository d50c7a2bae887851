"""Learning to hear danger: the same lessons give the same file, and serving computes what was learnt."""

from functools import cache

import pytest

from omnichannel.judging import carried_alerts
from omnichannel.router.danger import DangerModel
from omnichannel.router.danger_learning import Met, apart, fit, learn, meet, packed, threshold
from omnichannel.router.danger_lessons import Alert, fold, letters
from tests.router.reading import classifier

pytestmark = pytest.mark.slow


@cache
def few() -> list[Alert]:
    """Every tenth lesson: enough to learn something in a second."""
    return [one for one in carried_alerts() if not one.apart][::10]


@cache
def met() -> list[Met]:
    return meet(classifier(), few())


def test_the_same_lessons_give_the_same_bytes() -> None:
    assert learn(classifier(), few()) == learn(classifier(), list(few()))


def test_serving_computes_what_was_learnt() -> None:
    found = fit(met())
    model = DangerModel.read(packed(found, 0.0, 0.0, few()))

    for one in met()[:200]:
        sounding = model.sound(classifier().heard(one.alert.text))
        assert sounding.score == pytest.approx(found.best(one), abs=0.03)


def test_it_tells_danger_from_the_rest_on_messages_it_has_not_read() -> None:
    scores = apart(met())
    danger = [score for alert, score in scores if alert.urgent]
    rest = [score for alert, score in scores if not alert.urgent]

    assert len(scores) == len(met())
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
        assert fold(one.id, 3) == fold(last.id, 3)


def test_the_alarm_is_set_so_that_few_of_the_harmless_ring() -> None:
    scores = [(Alert(id=str(n), text="x", urgent=False), n / 1000) for n in range(1000)]

    alarm = threshold(scores)

    assert 0 < sum(score >= alarm for _, score in scores) <= 50
    assert threshold([]) == 0.0
