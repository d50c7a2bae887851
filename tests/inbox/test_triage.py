"""The desk in order: taken once, passed on with its case, put off, done, and back again."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from omnichannel.domain.case import CaseState
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.people import Role
from omnichannel.domain.policy import Action, may
from omnichannel.domain.work import Work
from omnichannel.inbox import snoozing, triage
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_case, a_conversation, a_staff, an_incoming
from tests.house import HandClock
from tests.inbox.conftest import Tell, talk

HOUR = timedelta(hours=1)


async def test_of_two_who_take_it_one_is_told_who_was_faster(store: SqlStore) -> None:
    def prepare(work: Work):
        return a_conversation(work), a_staff(work, name="Ani"), a_staff(work, name="Budi")

    made, ani, budi = await store.write(prepare)

    def taking(person):
        return lambda work: triage.assign(work, person, made.id, person.id, now=NOON, seen=0)

    answers = await asyncio.gather(store.write(taking(ani)), store.write(taking(budi)), return_exceptions=True)

    assert sum(isinstance(one, Conflict) for one in answers) == 1
    assert "Ani" in str(answers[1]) or "Budi" in str(answers[0])


async def test_taking_what_one_holds_already_changes_nothing(quick_store: SqlStore) -> None:
    def prepare(work: Work):
        ani = a_staff(work)
        return ani, a_conversation(work, assignee_id=ani.id)

    ani, made = await quick_store.write(prepare)

    after = await quick_store.write(lambda work: triage.assign(work, ani, made.id, ani.id, now=NOON, seen=0))

    assert after.version == made.version


async def test_a_takeover_with_open_eyes_is_allowed_and_logged(quick_store: SqlStore) -> None:
    def prepare(work: Work):
        ani, budi = a_staff(work, name="Ani"), a_staff(work, name="Budi")
        return ani, budi, a_conversation(work, assignee_id=ani.id)

    ani, budi, made = await quick_store.write(prepare)

    await quick_store.write(lambda work: triage.assign(work, budi, made.id, budi.id, now=NOON, seen=ani.id))

    (told,) = await quick_store.read(lambda work: work.screens.history(made.id))
    assert (told.verb, told.before, told.after) == ("assigned", "Ani", "Budi")


async def test_nobody_can_be_given_what_they_may_not_answer(quick_store: SqlStore) -> None:
    def prepare(work: Work):
        boss = a_staff(work, role=Role.SUPERVISOR)
        elsewhere = a_staff(work, role=Role.UNIT, unit="dpupr")
        auditor = a_staff(work, role=Role.AUDITOR)
        here = a_staff(work, role=Role.UNIT, unit="dishub")
        gone = a_staff(work)
        work.people.disable(gone.id, NOON)
        return boss, elsewhere, auditor, here, gone, a_conversation(work, unit="dishub")

    boss, elsewhere, auditor, here, gone, made = await quick_store.write(prepare)

    for person, error in ((elsewhere, Invalid), (auditor, Invalid), (gone, NotFound)):
        with pytest.raises(error):
            await quick_store.write(
                partial(triage.assign, staff=boss, conversation_id=made.id, assignee_id=person.id, now=NOON)
            )
    given = await quick_store.write(lambda work: triage.assign(work, boss, made.id, here.id, now=NOON))
    assert given.assignee_id == here.id


async def test_what_is_passed_on_takes_its_case_along_and_leaves_the_hands_that_may_not_see_it(
    quick_store: SqlStore,
) -> None:
    def prepare(work: Work):
        officer = a_staff(work, role=Role.UNIT, unit="dishub")
        made = a_conversation(work, unit="dishub", assignee_id=officer.id)
        case = a_case(work, conversation=made, unit="dishub")
        current = work.conversations.get(made.id)
        assert current is not None
        work.conversations.save(current, replace(current, case_id=case.id, due=case.due.isoformat()))
        return officer, made, case

    officer, made, case = await quick_store.write(prepare)

    after = await quick_store.write(lambda work: triage.pass_to_unit(work, officer, made.id, "dpupr", now=NOON))

    moved = await quick_store.read(lambda work: work.cases.get(case.id))
    assert moved is not None
    assert (after.unit, moved.unit, after.assignee_id) == ("dpupr", "dpupr", None)
    assert not may(officer, Action.READ, after)
    assert not may(officer, Action.READ, moved)


async def test_a_thread_that_also_holds_a_secret_report_is_not_passed_to_another_unit(quick_store: SqlStore) -> None:
    def prepare(work: Work):
        made = a_conversation(work, unit="inspektorat")
        open_one = a_case(work, conversation=made, unit="dishub")
        secret = a_case(work, conversation=made, unit="inspektorat", topic="pungli")
        work.cases.save(secret, replace(secret, secret=True))
        current = work.conversations.get(made.id)
        assert current is not None
        work.conversations.save(current, replace(current, case_id=open_one.id))
        return a_staff(work), made

    boss, made = await quick_store.write(prepare)

    with pytest.raises(Invalid, match="rahasia"):
        await quick_store.write(lambda work: triage.pass_to_unit(work, boss, made.id, "dishub", now=NOON))


async def test_an_ended_case_stays_where_it_was_when_the_talk_moves_on(quick_store: SqlStore) -> None:
    def prepare(work: Work):
        made = a_conversation(work, unit="dishub")
        case = a_case(work, conversation=made, unit="dishub")
        ended = work.cases.save(case, replace(case, state=CaseState.CLOSED))
        current = work.conversations.get(made.id)
        assert current is not None
        work.conversations.save(current, replace(current, case_id=case.id))
        return a_staff(work), made, ended

    boss, made, case = await quick_store.write(prepare)
    await quick_store.write(lambda work: triage.pass_to_unit(work, boss, made.id, "dpupr", now=NOON))

    found = await quick_store.read(lambda work: work.cases.get(case.id))
    assert found is not None
    assert found.unit == "dishub"


async def test_done_is_done_until_the_citizen_writes(quick_store: SqlStore, tell: Tell) -> None:
    await tell(an_incoming("halo"))
    made, staff = await talk(quick_store), await quick_store.write(a_staff)

    done = await quick_store.write(lambda work: triage.resolve(work, staff, made.id, now=NOON))
    again = await quick_store.write(lambda work: triage.resolve(work, staff, made.id, now=NOON))
    await tell(an_incoming("masih ada satu lagi"))

    assert (done.state, done.unread) == (ConversationState.RESOLVED, 0)
    assert again.version == done.version
    assert (await talk(quick_store)).state is ConversationState.OPEN


async def test_what_was_put_off_comes_back_at_its_time(quick_store: SqlStore, tell: Tell, clock: HandClock) -> None:
    await tell(an_incoming("nanti saja"))
    made, staff = await talk(quick_store), await quick_store.write(a_staff)
    await quick_store.write(lambda work: triage.snooze(work, staff, made.id, NOON + HOUR, now=NOON))

    early = await quick_store.write(lambda work: snoozing.wake(work, NOON + HOUR - timedelta(seconds=1)))
    woken = await quick_store.write(lambda work: snoozing.wake(work, NOON + HOUR))

    found = await talk(quick_store)
    assert (early, woken) == (0, 1)
    assert (found.snoozed_until, found.unread) == (None, 1)


async def test_a_word_of_the_citizen_wakes_earlier(quick_store: SqlStore, tell: Tell) -> None:
    await tell(an_incoming("nanti saja"))
    made, staff = await talk(quick_store), await quick_store.write(a_staff)
    await quick_store.write(lambda work: triage.snooze(work, staff, made.id, NOON + HOUR, now=NOON))

    await tell(an_incoming("sekarang!"))

    assert (await talk(quick_store)).snoozed_until is None
    assert await quick_store.write(lambda work: snoozing.wake(work, NOON + HOUR)) == 0


async def test_the_past_and_what_is_done_cannot_be_put_off(quick_store: SqlStore) -> None:
    made, staff = await quick_store.write(lambda work: (a_conversation(work), a_staff(work)))

    with pytest.raises(Invalid):
        await quick_store.write(lambda work: triage.snooze(work, staff, made.id, NOON, now=NOON))
    await quick_store.write(lambda work: triage.resolve(work, staff, made.id, now=NOON))
    with pytest.raises(Invalid):
        await quick_store.write(lambda work: triage.snooze(work, staff, made.id, NOON + HOUR, now=NOON))


async def test_looking_reads_and_opening_again_opens(quick_store: SqlStore) -> None:
    made, staff = await quick_store.write(lambda work: (a_conversation(work, unread=4), a_staff(work)))

    read = await quick_store.write(lambda work: triage.mark_read(work, staff, made.id, now=NOON))
    await quick_store.write(lambda work: triage.resolve(work, staff, made.id, now=NOON))
    reopened = await quick_store.write(lambda work: triage.reopen(work, staff, made.id, now=NOON))

    assert read.unread == 0
    assert reopened.state is ConversationState.OPEN
    with pytest.raises(NotFound):
        await quick_store.write(lambda work: triage.mark_read(work, staff, 999, now=NOON))
