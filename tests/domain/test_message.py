"""Deliveries only move forward, and an event prints as the interface says."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations

import pytest

from omnichannel.domain.message import Auto, Delivery, Location, Problem, iso
from tests.build import an_incoming

RECEIPTS = (Delivery.SENT, Delivery.DELIVERED, Delivery.READ)


@pytest.mark.parametrize("order", list(permutations(RECEIPTS)))
def test_receipts_in_any_order_end_at_the_last(order: tuple[Delivery, ...]) -> None:
    state = Delivery.SENDING

    for news in order:
        state = state.after(news)

    assert state is Delivery.READ


@pytest.mark.parametrize("there", [Delivery.DELIVERED, Delivery.READ])
def test_a_late_failure_never_hides_a_delivery(there: Delivery) -> None:
    assert there.after(Delivery.FAILED) is there


@pytest.mark.parametrize("doubt", [Delivery.UNSURE, Delivery.FAILED])
def test_a_delivery_settles_what_seemed_lost(doubt: Delivery) -> None:
    assert doubt.after(Delivery.DELIVERED) is Delivery.DELIVERED


def test_no_news_takes_a_state_back() -> None:
    for state in Delivery:
        for news in Delivery:
            after = state.after(news)
            assert after in (state, news)
            assert after.rank >= state.rank


def test_what_a_person_must_look_at_is_failed_or_unsure() -> None:
    assert {state for state in Delivery if state.needs_a_look} == {Delivery.FAILED, Delivery.UNSURE}


def test_an_event_prints_what_it_has_and_leaves_out_what_it_has_not() -> None:
    bare = an_incoming("Halo", external_id="1:2").as_json()

    assert set(bare) == {
        "type",
        "external_id",
        "surface",
        "conversation",
        "author",
        "sent_at",
        "text",
        "auto",
        "attachments",
    }
    assert bare["type"] == "incoming"
    assert bare["auto"] is None

    full = an_incoming(
        "",
        target="1:1",
        reply_to="1:0",
        references=("a", "b"),
        location=Location(0.5, 117.5),
        status=Delivery.FAILED,
        error=Problem("131047", "Re-engagement message"),
        auto=Auto.BOUNCE,
    ).as_json()

    assert full["references"] == ["a", "b"]
    assert full["location"] == {"lat": 0.5, "lon": 117.5}
    assert full["status"] == "failed"
    assert full["error"] == {"code": "131047", "title": "Re-engagement message"}
    assert full["auto"] == "bounce"


def test_a_moment_prints_in_utc_whatever_its_zone() -> None:
    wita = timezone(timedelta(hours=8))

    assert iso(datetime(2026, 11, 22, 14, 5, tzinfo=wita)) == "2026-11-22T06:05:00Z"
    assert iso(datetime(2026, 11, 22, 6, 5, 0, 250_000, tzinfo=UTC)) == "2026-11-22T06:05:00.250000Z"


def test_a_naive_moment_is_refused_rather_than_taken_for_the_machines_zone() -> None:
    with pytest.raises(ValueError, match="naive"):
        iso(datetime(2026, 11, 22, 6, 5))  # noqa: DTZ001 — the point of this test
