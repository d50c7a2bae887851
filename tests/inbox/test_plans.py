"""An answer that waits leaves once and at its moment, or is taken back whole; whoever is first decides."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from omnichannel.domain.channel import Capabilities, Late
from omnichannel.domain.composing import Plan, PlanState
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid, Refused, TooLong, WindowClosed
from omnichannel.domain.message import Attachment
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import plans
from omnichannel.store.database import SqlStore
from tests.build import NOON
from tests.inbox.answers import DAY, a_talk, claimed
from tests.plug import OPEN

SECONDS = timedelta(seconds=5)
HOUR = timedelta(hours=1)
WINDOWED = Capabilities(text_limit=100, window=DAY, late=Late.REFUSED)
PDF = Attachment("application/pdf", name="surat.pdf", size=10, sha256="a" * 64)


def able(can: Capabilities | None = OPEN) -> plans.Ability:
    return lambda conversation: can


def planning(staff: Staff, talk: Conversation, text: str = "Tim datang besok.", **given: Any) -> Callable[[Work], Plan]:
    facts: dict[str, Any] = {"key": "k-1", "at": NOON + SECONDS, "ability": able(), "now": NOON, "brief": True}
    return lambda work: plans.plan(work, staff, talk.id, text, **facts | given)


async def leaving(store: SqlStore, plan: Plan, after: timedelta, can: Capabilities | None = OPEN) -> Message | None:
    return await store.write(
        lambda work: plans.leave(work, plan.id, ability=able(can), now=NOON + after, classify=lambda *_: None)
    )


async def state(store: SqlStore, plan: Plan) -> PlanState:
    found = await store.read(lambda work: work.plans.get(plan.id))
    assert found is not None
    return found.state


async def draft(store: SqlStore, staff: Staff, talk: Conversation) -> str | None:
    held = await store.read(lambda work: work.drafts.get(staff.id, talk.id))
    return held.text if held is not None else None


async def test_nothing_is_in_the_outbox_before_its_moment(store: SqlStore) -> None:
    staff, talk = await a_talk(store)
    plan = await store.write(planning(staff, talk))

    assert await leaving(store, plan, timedelta(seconds=4)) is None
    assert await claimed(store, NOON + DAY) == []
    sent = await leaving(store, plan, SECONDS)

    assert sent is not None
    assert (sent.text, sent.client_key, sent.staff_id) == ("Tim datang besok.", "k-1", staff.id)
    assert len(await claimed(store, NOON + SECONDS)) == 1
    assert await leaving(store, plan, SECONDS) is None


async def test_a_double_click_is_one_plan_also_after_it_left(quick_store: SqlStore) -> None:
    staff, talk = await a_talk(quick_store)
    first, again = [await quick_store.write(planning(staff, talk)) for _ in range(2)]
    await leaving(quick_store, first, SECONDS)
    third = await quick_store.write(planning(staff, talk))

    assert first.id == again.id == third.id
    assert len(await claimed(quick_store, NOON + HOUR)) == 1
    _, other = await a_talk(quick_store)
    with pytest.raises(Conflict):
        await quick_store.write(planning(staff, other))


async def test_taken_back_it_is_a_draft_again_and_never_leaves(quick_store: SqlStore) -> None:
    staff, talk = await a_talk(quick_store)
    plan = await quick_store.write(planning(staff, talk, files=[PDF]))

    for _ in range(2):
        await quick_store.write(lambda work: plans.cancel(work, staff, plan.id, now=NOON))

    assert await leaving(quick_store, plan, HOUR) is None
    assert await state(quick_store, plan) is PlanState.CANCELLED
    assert await draft(quick_store, staff, talk) == "Tim datang besok."
    kept = await quick_store.read(lambda work: work.plans.get(plan.id))
    assert kept is not None
    assert kept.files == (PDF,)


async def test_what_has_left_is_not_taken_back_and_says_so(quick_store: SqlStore) -> None:
    staff, talk = await a_talk(quick_store)
    plan = await quick_store.write(planning(staff, talk))
    await leaving(quick_store, plan, SECONDS)

    with pytest.raises(Conflict, match="terlanjur"):
        await quick_store.write(lambda work: plans.cancel(work, staff, plan.id, now=NOON + SECONDS))
    with pytest.raises(Conflict, match="terlanjur"):
        await quick_store.write(
            lambda work: plans.change(
                work, staff, plan.id, "lain", NOON + HOUR, False, ability=able(), now=NOON + SECONDS
            )
        )


async def test_a_moment_after_the_window_is_refused_beforehand(quick_store: SqlStore) -> None:
    staff, talk = await a_talk(quick_store)
    ask = planning(staff, talk, at=NOON + DAY + HOUR, brief=False, ability=able(WINDOWED))

    with pytest.raises(WindowClosed, match="Saat itu jendela"):
        await quick_store.write(ask)
    inside = await quick_store.write(planning(staff, talk, at=NOON + DAY - HOUR, brief=False, ability=able(WINDOWED)))
    assert inside.state is PlanState.WAITING


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"at": NOON - HOUR, "brief": False}, Invalid),
        ({"at": NOON + timedelta(days=90), "brief": False}, Invalid),
        ({"text": "  "}, Invalid),
        ({"key": ""}, Invalid),
        ({"key": "a:b"}, Invalid),
        ({"ability": able(None)}, Invalid),
        ({"text": "x" * 200, "ability": able(replace(WINDOWED, several=False))}, TooLong),
        ({"files": [PDF], "ability": able(replace(WINDOWED, attachment_limit=None))}, Refused),
    ],
)
async def test_what_could_not_leave_is_refused_at_once(
    quick_store: SqlStore, given: dict[str, Any], why: type[Exception]
) -> None:
    staff, talk = await a_talk(quick_store)
    text = given.pop("text", "Baik.") if "text" in given else "Baik."

    with pytest.raises(why):
        await quick_store.write(planning(staff, talk, text, **given))

    assert await quick_store.read(lambda work: work.plans.shown(talk.id)) == []


async def test_the_citizen_who_writes_first_stops_it_and_the_text_becomes_a_draft(quick_store: SqlStore) -> None:
    staff, talk = await a_talk(quick_store)
    stops = await quick_store.write(planning(staff, talk, at=NOON + DAY, brief=False, unless=True))
    leaves = await quick_store.write(planning(staff, talk, "Lain", key="k-2", at=NOON + DAY, brief=False))

    def writes(work: Work) -> None:
        now = work.conversations.get(talk.id)
        assert now is not None
        work.conversations.save(now, replace(now, last_in_at=NOON + HOUR, unread=0))

    await quick_store.write(writes)

    assert await leaving(quick_store, stops, DAY) is None
    assert await state(quick_store, stops) is PlanState.STOPPED
    assert await draft(quick_store, staff, talk) == "Tim datang besok."
    after = await quick_store.read(lambda work: work.conversations.get(talk.id))
    assert after is not None
    assert after.unread == 1
    assert await leaving(quick_store, leaves, DAY) is not None
    verbs = [one.verb for one in await quick_store.read(lambda work: work.screens.history(talk.id))]
    assert "plan_stopped" in verbs


async def test_changed_it_leaves_at_the_new_moment_with_the_new_words(quick_store: SqlStore) -> None:
    staff, talk = await a_talk(quick_store)
    plan = await quick_store.write(planning(staff, talk, at=NOON + HOUR, brief=False))

    await quick_store.write(
        lambda work: plans.change(work, staff, plan.id, "Lusa.", NOON + 2 * HOUR, False, ability=able(), now=NOON)
    )

    assert await leaving(quick_store, plan, HOUR) is None
    sent = await leaving(quick_store, plan, 2 * HOUR)
    assert sent is not None
    assert sent.text == "Lusa."


async def test_a_channel_that_shut_meanwhile_leaves_the_reason_and_the_text(quick_store: SqlStore) -> None:
    staff, talk = await a_talk(quick_store)
    plan = await quick_store.write(planning(staff, talk, at=NOON + HOUR, brief=False))

    assert await leaving(quick_store, plan, HOUR, None) is None

    (shown,) = await quick_store.read(lambda work: work.plans.shown(talk.id))
    assert shown.state is PlanState.FAILED
    assert "konfigurasi" in shown.why
    assert await draft(quick_store, staff, talk) == "Tim datang besok."


async def test_somebody_who_may_no_longer_answer_sends_nothing(quick_store: SqlStore) -> None:
    staff, talk = await a_talk(quick_store)
    plan = await quick_store.write(planning(staff, talk, at=NOON + HOUR, brief=False))
    await quick_store.write(lambda work: work.people.disable(staff.id, NOON))

    assert await leaving(quick_store, plan, HOUR) is None
    assert await state(quick_store, plan) is PlanState.FAILED
