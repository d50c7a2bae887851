"""Where things are said, and the second intent that stands in words of its own."""

from omnichannel.domain.case import Kind
from omnichannel.router.second import Seconds, candidates
from omnichannel.router.signs import by_sentence, leading, signs
from tests.router.reading import classifier

PROPOSED_AFTER = "Halte depan pasar atapnya bocor. Kami mengusulkan halte diganti yang lebih lebar."


def p(first: Kind) -> dict[Kind, float]:
    return {kind: 0.7 if kind is first else 0.1 for kind in Kind}


def test_signs_say_where_a_cue_stood() -> None:
    seen = signs(classifier().features(PROPOSED_AFTER))

    assert "last sentence:proposes" in seen
    assert "first sentence:proposes" not in seen
    assert seen["begins:complaint"] == seen["ends:aspiration"] == seen["turns:complaint>aspiration"] == 1.0
    assert seen["sentences:complaint"] == seen["sentences:aspiration"] == 0.5


def test_the_same_words_in_another_order_are_other_signs() -> None:
    turned = ". ".join(reversed(PROPOSED_AFTER.rstrip(".").split(". ")))

    assert "turns:aspiration>complaint" in signs(classifier().features(turned))


def test_a_message_without_a_cue_has_only_its_form() -> None:
    seen = signs(classifier().features("xqz"))

    assert seen
    assert all(name.startswith("shape:") for name in seen)


def test_each_sentence_speaks_for_itself() -> None:
    told = by_sentence(classifier().features(PROPOSED_AFTER))

    assert [leading(told[number]) for number in sorted(told)] == [Kind.COMPLAINT, Kind.ASPIRATION]


def test_every_kind_but_the_likeliest_is_asked() -> None:
    asked = candidates(classifier().features(PROPOSED_AFTER), p(Kind.COMPLAINT))

    assert {kind for kind, _ in asked} == set(Kind) - {Kind.COMPLAINT}
    seen = dict(asked)[Kind.ASPIRATION]
    assert seen["complaint>aspiration"] == 1.0
    assert seen["alone"] == 1.0


def test_the_likeliest_second_is_named_and_none_below_the_threshold() -> None:
    features = classifier().features(PROPOSED_AFTER)
    weights = {"complaint>aspiration": 1.0, "complaint>other": 0.5}

    assert Seconds(0.0, 0.6, weights).named(features, p(Kind.COMPLAINT)) is Kind.ASPIRATION
    assert Seconds(0.0, 0.9, weights).named(features, p(Kind.COMPLAINT)) is None
    assert Seconds(0.0, 0.6, weights).named(features, p(Kind.OTHER)) is None
