"""Which case is made: the whole table of how sure, what runs, and how the office wants it."""

from dataclasses import replace

import pytest

from omnichannel.domain.case import Case, CaseState, Kind, Queue
from omnichannel.domain.office import RoutingMode
from omnichannel.domain.organisation import Organisation
from omnichannel.router.decide import decide, supervision, unit_for
from tests.build import NOON, TODAY
from tests.desk import a_verdict, carried

SURE = 0.8


def running(kind: Kind, id: int = 1) -> Case:
    return Case(
        id=id,
        conversation_id=1,
        message_id=1,
        contact_id=1,
        kind=kind,
        queue=Queue.LAPOR,
        number=f"LAP-2026-{id:06}",
        state=CaseState.OPEN,
        topic="pju",
        received_at=NOON,
        created_at=NOON,
        due=TODAY,
        provisional=False,
        calendar_version="uji",
        clocks={},
        certain=True,
        confidence=0.9,
        reasons=[],
        title="x",
    )


@pytest.mark.parametrize("kind", [Kind.INFORMATION_REQUEST, Kind.COMPLAINT, Kind.ASPIRATION])
@pytest.mark.parametrize("p", [0.8, 0.95])
def test_sure_enough_becomes_a_case_by_itself(kind: Kind, p: float) -> None:
    decision = decide(a_verdict(kind, p), [], RoutingMode.THRESHOLD, SURE)

    assert (decision.make, decision.certain, decision.ask) == (kind, True, False)


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.ASPIRATION])
@pytest.mark.parametrize(("p", "needs_person"), [(0.79, False), (0.99, True)])
def test_not_sure_enough_waits_for_a_person(kind: Kind, p: float, needs_person: bool) -> None:
    decision = decide(a_verdict(kind, p, needs_person=needs_person), [], RoutingMode.THRESHOLD, SURE)

    assert (decision.make, decision.follows, decision.ask) == (None, None, True)


@pytest.mark.parametrize(("p", "needs_person"), [(0.4, False), (0.99, True), (0.5, True)])
@pytest.mark.parametrize("mode", [RoutingMode.THRESHOLD, RoutingMode.EARNED])
def test_an_information_request_gets_its_number_even_unsure(mode: RoutingMode, p: float, needs_person: bool) -> None:
    decision = decide(a_verdict(Kind.INFORMATION_REQUEST, p, needs_person=needs_person), [], mode, SURE)

    assert (decision.make, decision.certain, decision.ask) == (Kind.INFORMATION_REQUEST, False, True)


@pytest.mark.parametrize("kind", Kind)
def test_an_office_that_only_wants_suggestions_gets_no_case(kind: Kind) -> None:
    decision = decide(a_verdict(kind, 0.99), [], RoutingMode.SUGGEST, SURE)

    assert decision.make is None
    assert decision.ask is (kind is not Kind.OTHER)


@pytest.mark.parametrize(("p", "ask"), [(0.95, False), (0.5, True)])
def test_small_talk_makes_no_case(p: float, ask: bool) -> None:
    decision = decide(a_verdict(Kind.OTHER, p), [], RoutingMode.THRESHOLD, SURE)

    assert (decision.make, decision.follows, decision.ask) == (None, None, ask)


def test_a_short_greeting_needs_nobody() -> None:
    short = a_verdict(Kind.OTHER, 0.95, needs_person=True)

    assert decide(short, [], RoutingMode.THRESHOLD, SURE).ask is False


@pytest.mark.parametrize("mode", RoutingMode)
@pytest.mark.parametrize("p", [0.3, 0.99])
def test_more_words_of_the_same_kind_follow_the_running_case(mode: RoutingMode, p: float) -> None:
    case = running(Kind.COMPLAINT)

    decision = decide(a_verdict(Kind.COMPLAINT, p), [case], mode, SURE)

    assert (decision.make, decision.follows, decision.ask) == (None, case, False)


@pytest.mark.parametrize(("kind", "p", "ask"), [(Kind.OTHER, 0.99, False), (Kind.ASPIRATION, 0.6, True)])
def test_what_is_not_surely_another_matter_follows_what_runs(kind: Kind, p: float, ask: bool) -> None:
    case = running(Kind.COMPLAINT)

    decision = decide(a_verdict(kind, p), [case], RoutingMode.THRESHOLD, SURE)

    assert (decision.make, decision.follows, decision.ask) == (None, case, ask)


def test_what_surely_is_another_matter_gets_a_case_of_its_own() -> None:
    decision = decide(a_verdict(Kind.INFORMATION_REQUEST, 0.97), [running(Kind.COMPLAINT)], RoutingMode.THRESHOLD, SURE)

    assert (decision.make, decision.follows) == (Kind.INFORMATION_REQUEST, None)


def test_of_two_running_cases_the_one_of_that_kind_is_followed() -> None:
    complaint, request = running(Kind.COMPLAINT, 1), running(Kind.INFORMATION_REQUEST, 2)

    decision = decide(a_verdict(Kind.INFORMATION_REQUEST, 0.5), [complaint, request], RoutingMode.THRESHOLD, SURE)

    assert decision.follows is request


@pytest.mark.parametrize(
    ("kind", "topic", "watched"),
    [
        (Kind.COMPLAINT, "pungli", True),
        (Kind.COMPLAINT, "kepegawaian", True),
        (Kind.COMPLAINT, "pju", False),
        (Kind.INFORMATION_REQUEST, "pungli", False),
        (Kind.ASPIRATION, "kepegawaian", False),
    ],
)
def test_complaints_about_officials_are_supervised(kind: Kind, topic: str, watched: bool) -> None:
    assert supervision(kind, topic) is watched


@pytest.mark.parametrize("topic", ["pungli", "kepegawaian"])
def test_a_complaint_about_officials_never_lies_with_those_it_complains_about(topic: str) -> None:
    organisation = carried().organisation

    unit = unit_for(a_verdict(topic=topic, unit="bkpsdm"), organisation)

    assert unit == "inspektorat"
    assert unit_for(a_verdict(topic="pju", unit="dishub"), organisation) == "dishub"


def test_a_verdict_keeps_its_unit_where_no_watchdog_is_configured() -> None:
    organisation = Organisation([replace(unit, topics={}) for unit in carried().organisation])

    assert unit_for(a_verdict(topic="pungli", unit="dishub"), organisation) == "dishub"
