"""The numbers beside the views: kept by difference, and equal to a count from nothing."""

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.case import CaseState, Kind, Queue
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.screens import View
from omnichannel.domain.work import Scope, Work
from omnichannel.store.counters import Standing, burn, difference, memberships, scope_key
from omnichannel.store.database import SqlStore
from tests.build import NOON, TODAY, a_case, a_contact, a_conversation, a_staff

UNITS = ("dishub", "pupr", "kec-sangatta-utara")
QUEUES = ("ppid", "lapor", "humas")

standings = st.builds(
    Standing,
    lane=st.sampled_from(("active", "snoozed", "resolved")),
    unread=st.booleans(),
    failed=st.booleans(),
    assignee_id=st.none() | st.integers(1, 3),
    queue=st.none() | st.sampled_from(QUEUES),
    units=st.frozensets(st.sampled_from(UNITS)),
    last_at=st.just(NOON),
)


@given(standings, standings)
def test_the_difference_leads_from_one_to_the_other(before: Standing, after: Standing) -> None:
    numbers = Counter(memberships(before))
    numbers.update(difference(before, after))

    assert {key for key, n in numbers.items() if n} == memberships(after)
    assert set(numbers.values()) <= {0, 1}
    assert difference(after, after) == {}


def test_a_conversation_of_two_units_stands_in_the_lists_of_both() -> None:
    row = Standing("active", True, False, 3, "lapor", frozenset({"dishub", "pupr"}), NOON)

    found = memberships(row)

    assert {key for view, key in found if view == View.UNREAD} == {
        "", "queue=lapor", "unit=dishub", "unit=dishub;queue=lapor", "unit=pupr", "unit=pupr;queue=lapor",
    }  # fmt: skip
    assert {key for view, key in found if view == View.MINE} >= {"staff=3", "unit=pupr;staff=3"}
    assert not {key for view, key in found if view == View.RESOLVED}
    assert scope_key(unit="dishub", queue="ppid", staff=1) == "unit=dishub;queue=ppid;staff=1"


def test_what_burns_comes_first() -> None:
    soon, later, never = "2026-11-24", "2026-12-03", None
    old, new = NOON - timedelta(days=900), NOON

    order = [(soon, new), (soon, old), (later, new), (later, old), (never, new), (never, old)]

    assert sorted(order, key=lambda one: burn(*one)) == order
    assert all(0 < burn(due, at) < 1 << 62 for due, at in [*order, ("9999-12-31", NOON.replace(year=9999))])
    assert burn("0001-01-01", NOON.replace(year=1)) > 0


def test_a_window_burns_on_its_own_day_before_the_law_and_after_danger() -> None:
    today = NOON.replace(hour=3)
    day, tomorrow = "2026-11-23", "2026-11-24"
    assert NOON.date().isoformat() == day

    def at(hours: float) -> datetime:
        return today + timedelta(hours=hours)

    order = [
        burn("2026-11-20", today),  # late by law
        burn(None, today, urgent=True, shuts_at=at(90)),
        burn(day, today - timedelta(hours=1), urgent=True),
        burn("2027-01-04", today, shuts_at=at(2)),
        burn(day, today, shuts_at=at(3)),
        burn(day, today),  # by law, the newest word first
        burn(day, today - timedelta(hours=1)),
        burn(None, today, shuts_at=at(24)),
        burn(tomorrow, today),
        burn(None, today, shuts_at=at(24 * 6)),
        burn(None, today),
    ]

    assert order == sorted(order)
    assert len(set(order)) == len(order)
    assert burn("2026-11-20", today, shuts_at=at(2)) == order[0]  # what is late stays where the law puts it
    assert all(0 < burn(None, far, shuts_at=far) < 1 << 62 for far in (NOON.replace(year=1), NOON.replace(year=9999)))


def a_random_change(work: Work, lot: random.Random, now: Conversation) -> None:
    """Any of the things that happen to a conversation in an office."""
    if lot.random() < 0.2:
        case = a_case(work, conversation=now, kind=lot.choice(list(Kind)), unit=lot.choice((None, *UNITS)))
        if lot.random() < 0.5:
            work.cases.save(case, replace(case, unit=lot.choice((None, *UNITS)), state=lot.choice(list(CaseState))))
        return
    if lot.random() < 0.2 and (held := work.cases.of_conversation(now.id)):
        old = lot.choice(held)
        work.cases.save(old, replace(old, state=lot.choice(list(CaseState)), unit=lot.choice((None, *UNITS))))
        return
    work.conversations.save(
        now,
        replace(
            now,
            state=lot.choice(list(ConversationState)),
            unread=lot.choice((0, 0, 1, 5)),
            failed=lot.choice((0, 0, 0, 1)),
            assignee_id=lot.choice((None, 1, 2)),
            unit=lot.choice((None, *UNITS)),
            queue=lot.choice((None, *QUEUES)),
            snoozed_until=lot.choice((None, None, NOON)),
            due=lot.choice((None, "2026-11-20", "2026-11-25", "2027-01-01")),
            last_at=now.last_at + timedelta(minutes=lot.randint(-5, 50)),
        ),
    )


async def everything(store: SqlStore, view: View, scope: Scope) -> list[int]:
    """All rows of a view, by walking its pages."""
    found: list[int] = []
    after: str | None = None
    while True:
        page = await store.read(
            lambda work, after=after: work.screens.work_list(  # type: ignore[misc]
                view, scope, today=TODAY, near=TODAY + timedelta(days=2), after=after, limit=7
            )
        )
        found += [row.id for row in page.rows]
        after = page.after
        if after is None:
            assert len(found) == len(set(found)), "no row twice"
            return found


@pytest.mark.parametrize("seed", [1, 2])
async def test_after_anything_at_all_every_number_is_the_length_of_its_list(store: SqlStore, seed: int) -> None:
    lot = random.Random(seed)

    def begin(work: Work) -> list[int]:
        for _ in range(2):
            a_staff(work)
        contact = a_contact(work)
        return [a_conversation(work, contact=contact).id for _ in range(30)]

    ids = await store.write(begin)
    for _ in range(4):

        def happen(work: Work) -> None:
            for _ in range(40):
                now = work.conversations.get(lot.choice(ids))
                assert now is not None
                a_random_change(work, lot, now)

        await store.write(happen)

    for scope in (
        Scope(staff_id=1),
        Scope(staff_id=2, unit="dishub"),
        Scope(staff_id=1, unit="pupr", hidden=frozenset({"ppid"})),
        Scope(hidden=frozenset({"lapor", "humas"})),
        Scope(unit="nobody's"),
    ):
        counts = await store.read(
            lambda work, scope=scope: work.screens.counts(scope, TODAY, TODAY + timedelta(days=2))  # type: ignore[misc]
        )
        listed = {view.value: len(await everything(store, view, scope)) for view in View}
        assert {view.value: counts[view.value] for view in View} == listed, scope
        for queue in Queue:
            running = await store.read(
                lambda work, scope=scope, queue=queue: (
                    work.screens.cases_list(  # type: ignore[misc]
                        queue, scope, state="running", today=TODAY, limit=1000
                    ).rows
                )
            )
            assert counts[f"queue:{queue}"] == len(running), (scope, queue)


async def test_a_story_that_fails_changes_no_number(store: SqlStore) -> None:
    def story(work: Work) -> None:
        a_conversation(work, unread=1, unit="dishub")
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        await store.write(story)

    counts = await store.read(lambda work: work.screens.counts(Scope(), TODAY))
    assert set(counts.values()) == {0}
