"""Many at once, each by itself; and the way back, which leaves alone what somebody else has touched."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omnichannel.domain.bulk import Change, Deed, Kept
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.work import Work
from omnichannel.inbox import bulk, triage
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_conversation, a_staff

LATER = NOON + timedelta(minutes=1)


def resolving(staff: Staff) -> bulk.Story:
    return lambda work, one: triage.resolve(work, staff, one.id, now=NOON)


def reading(staff: Staff) -> bulk.Story:
    return lambda work, one: triage.mark_read(work, staff, one.id, now=NOON)


def giving(staff: Staff, to: int | None) -> bulk.Story:
    return lambda work, one: triage.assign(work, staff, one.id, to, now=NOON)


async def done(store: SqlStore, staff: Staff, number: int, deed: Deed, story: bulk.Story) -> Change | None:
    return await store.write(lambda work: bulk.act(work, staff, number, deed, story))


async def now(store: SqlStore, number: int) -> Conversation:
    found = await store.read(lambda work: work.conversations.get(number))
    assert found is not None
    return found


async def test_what_was_done_is_taken_back_exactly(quick_store: SqlStore) -> None:
    ani = await quick_store.write(a_staff)
    until = NOON + timedelta(days=2)
    made = await quick_store.write(lambda work: a_conversation(work, unread=3, snoozed_until=until, assignee_id=ani.id))

    change = await done(quick_store, ani, made.id, Deed.RESOLVE, resolving(ani))
    assert change is not None
    undo = await quick_store.write(lambda work: work.undos.keep(ani.id, Kept(Deed.RESOLVE, NOON, [change])))
    kept = await quick_store.write(lambda work: work.undos.take(ani.id, undo))
    assert kept is not None
    await quick_store.write(lambda work: bulk.undo(work, ani, kept, kept.changes[0], now=LATER))

    assert replace(await now(quick_store, made.id), version=made.version) == made
    told = await quick_store.read(lambda work: work.screens.history(made.id, 2))
    assert [one.verb for one in told] == ["undone", "resolved"]


async def test_it_is_taken_back_once_and_by_nobody_else(quick_store: SqlStore) -> None:
    ani, budi = await quick_store.write(lambda work: (a_staff(work), a_staff(work)))
    kept = Kept(Deed.READ, NOON, [Change(1, {"unread": 2}, {"unread": 0})])
    undo = await quick_store.write(lambda work: work.undos.keep(ani.id, kept))

    foreign = await quick_store.write(lambda work: work.undos.take(budi.id, undo))
    first = await quick_store.write(lambda work: work.undos.take(ani.id, undo))
    again = await quick_store.write(lambda work: work.undos.take(ani.id, undo))

    assert foreign is None
    assert first == kept
    assert again is None


async def test_what_somebody_changed_meanwhile_is_left_and_said(quick_store: SqlStore) -> None:
    ani, budi = await quick_store.write(lambda work: (a_staff(work, name="Ani"), a_staff(work, name="Budi")))
    made = await quick_store.write(partial(a_conversation, unread=1))
    change = await done(quick_store, ani, made.id, Deed.ASSIGN, giving(ani, ani.id))
    assert change is not None
    await quick_store.write(lambda work: triage.assign(work, budi, made.id, budi.id, now=NOON))

    with pytest.raises(Conflict, match="Budi"):
        await quick_store.write(lambda work: bulk.undo(work, ani, Kept(Deed.ASSIGN, NOON, [change]), change, now=LATER))

    assert (await now(quick_store, made.id)).assignee_id == budi.id


async def test_a_citizens_new_word_is_never_marked_read_backwards(quick_store: SqlStore) -> None:
    ani = await quick_store.write(a_staff)
    made = await quick_store.write(partial(a_conversation, unread=2))
    change = await done(quick_store, ani, made.id, Deed.READ, reading(ani))
    assert change is not None

    def arrives(work: Work) -> None:
        held = work.conversations.get(made.id)
        assert held is not None
        work.conversations.save(held, replace(held, unread=1, last_at=LATER))

    await quick_store.write(arrives)

    with pytest.raises(Conflict):
        await quick_store.write(lambda work: bulk.undo(work, ani, Kept(Deed.READ, NOON, [change]), change, now=LATER))
    assert (await now(quick_store, made.id)).unread == 1


async def test_a_change_of_another_kind_does_not_stand_in_the_way(quick_store: SqlStore) -> None:
    ani, budi = await quick_store.write(lambda work: (a_staff(work), a_staff(work)))
    made = await quick_store.write(partial(a_conversation, unread=2))
    change = await done(quick_store, ani, made.id, Deed.READ, reading(ani))
    assert change is not None
    await quick_store.write(lambda work: triage.assign(work, budi, made.id, budi.id, now=NOON))

    await quick_store.write(lambda work: bulk.undo(work, ani, Kept(Deed.READ, NOON, [change]), change, now=LATER))

    after = await now(quick_store, made.id)
    assert (after.unread, after.assignee_id) == (2, budi.id)


async def test_what_was_so_already_is_no_change(quick_store: SqlStore) -> None:
    ani = await quick_store.write(a_staff)
    made = await quick_store.write(partial(a_conversation, state=ConversationState.RESOLVED))

    assert await done(quick_store, ani, made.id, Deed.RESOLVE, resolving(ani)) is None


async def test_rights_are_asked_for_each_one(quick_store: SqlStore) -> None:
    unit = await quick_store.write(partial(a_staff, role=Role.UNIT, unit="dishub"))
    mine, other = await quick_store.write(
        lambda work: (a_conversation(work, unit="dishub"), a_conversation(work, unit="pupr"))
    )

    assert await done(quick_store, unit, mine.id, Deed.RESOLVE, resolving(unit)) is not None
    with pytest.raises(NotAllowed):
        await done(quick_store, unit, other.id, Deed.RESOLVE, resolving(unit))
    with pytest.raises(NotAllowed):
        await done(quick_store, unit, mine.id, Deed.ASSIGN, giving(unit, unit.id))
    with pytest.raises(NotFound):
        await done(quick_store, unit, 10**9, Deed.RESOLVE, resolving(unit))


async def test_an_officer_who_left_gets_nothing_back(quick_store: SqlStore) -> None:
    ani, budi = await quick_store.write(lambda work: (a_staff(work), a_staff(work)))
    made = await quick_store.write(partial(a_conversation, assignee_id=budi.id))
    change = await done(quick_store, ani, made.id, Deed.ASSIGN, giving(ani, ani.id))
    assert change is not None
    await quick_store.write(lambda work: work.people.disable(budi.id, NOON))

    with pytest.raises(NotFound, match="Petugas semula"):
        await quick_store.write(lambda work: bulk.undo(work, ani, Kept(Deed.ASSIGN, NOON, [change]), change, now=LATER))


async def test_what_is_done_or_put_off_cannot_be_marked_unread(quick_store: SqlStore) -> None:
    ani = await quick_store.write(a_staff)
    done_, off = await quick_store.write(
        lambda work: (
            a_conversation(work, state=ConversationState.RESOLVED),
            a_conversation(work, snoozed_until=NOON + timedelta(days=1)),
        )
    )

    for one in (done_, off):
        with pytest.raises(Invalid):
            await quick_store.write(lambda work, one=one: triage.mark_unread(work, ani, one.id, now=NOON))  # type: ignore[misc]


DEEDS: dict[Deed, Callable[[Staff], bulk.Story]] = {
    Deed.RESOLVE: resolving,
    Deed.READ: reading,
    Deed.ASSIGN: lambda staff: giving(staff, staff.id),
    Deed.UNREAD: lambda staff: lambda work, one: triage.mark_unread(work, staff, one.id, now=NOON),
    Deed.SNOOZE: lambda staff: lambda work, one: triage.snooze(work, staff, one.id, NOON + timedelta(days=1), now=NOON),
    Deed.REOPEN: lambda staff: lambda work, one: triage.reopen(work, staff, one.id, now=NOON),
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deed=st.sampled_from(list(DEEDS)),
    state=st.sampled_from(list(ConversationState)),
    unread=st.integers(0, 4),
    held=st.booleans(),
    off=st.booleans(),
)
async def test_whatever_the_deed_and_the_state_the_way_back_leads_home(
    quick_store: SqlStore, deed: Deed, state: ConversationState, unread: int, held: bool, off: bool
) -> None:
    ani, budi = await quick_store.write(lambda work: (a_staff(work), a_staff(work)))
    made = await quick_store.write(
        lambda work: a_conversation(
            work,
            state=state,
            unread=unread,
            assignee_id=budi.id if held else None,
            snoozed_until=NOON + timedelta(hours=3) if off else None,
        )
    )
    try:
        change = await done(quick_store, ani, made.id, deed, DEEDS[deed](ani))
    except Invalid:
        assert await now(quick_store, made.id) == made, "a deed that is refused leaves no trace"
        return
    if change is None:
        return
    undo = await quick_store.write(lambda work: work.undos.keep(ani.id, Kept(deed, NOON, [change])))
    kept = await quick_store.write(lambda work: work.undos.take(ani.id, undo))
    assert kept is not None

    await quick_store.write(lambda work: bulk.undo(work, ani, kept, kept.changes[0], now=LATER))

    assert replace(await now(quick_store, made.id), version=made.version) == made
