"""Accounts, cases, jobs, alarms and staff: each shelf's promise, kept on both databases."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from omnichannel.domain.case import CaseState, Kind, Outcome, Queue
from omnichannel.domain.channel import Channel, Health
from omnichannel.domain.errors import Conflict
from omnichannel.domain.work import Work
from omnichannel.store.database import SqlStore
from tests.build import NOON, TODAY, a_case, a_conversation, a_message
from tests.store.rows import MINUTE


async def test_an_account_remembers_cursor_health_and_counts(store: SqlStore) -> None:
    def story(work: Work):
        work.accounts.ensure("tg-humas", Channel.TELEGRAM)
        work.accounts.ensure("tg-humas", Channel.TELEGRAM)
        work.accounts.ensure("mail-ppid", Channel.MAIL)
        work.accounts.set_cursor("tg-humas", "42")
        work.accounts.count("tg-humas", received=3, quarantined=1, in_at=NOON)
        work.accounts.count("tg-humas", received=2, failed=1, out_at=NOON + MINUTE)
        changed = [
            work.accounts.set_health("tg-humas", Health.WELL, None, NOON, whoami="@humas_bot"),
            work.accounts.set_health("tg-humas", Health.WELL, None, NOON),
            work.accounts.set_health("tg-humas", Health.BROKEN, "token ditolak", NOON + MINUTE),
        ]
        return changed, work.accounts.all(), work.accounts.get("nobody")

    changed, accounts, nobody = await store.write(story)

    assert changed == [True, False, True]
    assert nobody is None
    assert [one.account for one in accounts] == ["mail-ppid", "tg-humas"]
    humas = accounts[1]
    assert (humas.cursor, humas.health, humas.error, humas.whoami) == (
        "42", Health.BROKEN, "token ditolak", "@humas_bot")  # fmt: skip
    assert (humas.received, humas.quarantined, humas.failed) == (5, 1, 1)
    assert (humas.last_in_at, humas.last_out_at, humas.checked_at) == (NOON, NOON + MINUTE, NOON + MINUTE)


async def test_a_lease_passes_on_only_when_it_ran_out_and_fences_the_cursor(store: SqlStore) -> None:
    def story(work: Work):
        take = work.accounts.take_lease
        work.accounts.ensure("tg", Channel.TELEGRAM)
        taken = [
            take("tg", "one", NOON + MINUTE, NOON),
            take("tg", "two", NOON + MINUTE * 2, NOON),
            take("tg", "one", NOON + MINUTE * 2, NOON + MINUTE),
            take("tg", "two", NOON + MINUTE * 4, NOON + MINUTE * 3),
            take("nobody", "one", NOON, NOON),
        ]
        work.accounts.set_cursor("tg", "from two", owner="two")
        return taken

    assert await store.write(story) == [True, False, True, True, False]
    with pytest.raises(Conflict):
        await store.write(lambda work: work.accounts.set_cursor("tg", "from one", owner="one"))
    await store.write(lambda work: work.accounts.drop_lease("tg", "one"))
    assert not await store.write(lambda work: work.accounts.take_lease("tg", "one", NOON + MINUTE * 9, NOON))
    await store.write(lambda work: work.accounts.drop_lease("tg", "two"))
    assert await store.write(lambda work: work.accounts.take_lease("tg", "one", NOON + MINUTE * 9, NOON))

    account = await store.read(lambda work: work.accounts.get("tg"))
    assert account is not None
    assert account.cursor == "from two"


async def test_fifty_at_once_draw_fifty_numbers_without_gap_or_twin(store: SqlStore) -> None:
    """Every fifth story fails after it has drawn: its number goes to the next."""

    def draw(work: Work, place: int) -> int:
        number = work.cases.next_number(Queue.PPID, 2026)
        if place % 5 == 0:
            raise RuntimeError("changed my mind")
        return number

    drawn = await asyncio.gather(
        *(store.write(lambda work, place=place: draw(work, place)) for place in range(50)),  # type: ignore[misc]
        return_exceptions=True,
    )

    assert sorted(one for one in drawn if isinstance(one, int)) == list(range(1, 41))
    assert await store.write(lambda work: work.cases.next_number(Queue.PPID, 2026)) == 41
    assert await store.write(lambda work: work.cases.next_number(Queue.PPID, 2027)) == 1
    assert await store.write(lambda work: work.cases.next_number(Queue.LAPOR, 2026)) == 1


async def test_a_case_comes_back_whole_and_every_change_with_it(store: SqlStore) -> None:
    def story(work: Work):
        made = a_case(work, kind=Kind.INFORMATION_REQUEST, unit="diskominfo", clocks={"ladder": [{"n": 1}]})
        after = replace(
            made, kind=Kind.COMPLAINT, queue=Queue.LAPOR, number="LAP-2026-000777", state=CaseState.CLOSED, topic="air",
            received_at=NOON - MINUTE, due=date(2027, 1, 4), provisional=True, calendar_version="uji-2",
            clocks={"a": 1}, certain=False, confidence=0.5, reasons=[], title="Air mati", unit=None,
            kecamatan="64.04.01", desa="64.04.01.2001", outcome=Outcome.PARTLY, closed_at=NOON, void_reason="–",
            tracking_id="T1", lapor_url="https://lapor.example/T1", lapor_status="Selesai", lapor_at=NOON,
            anonymous=True, secret=True,
        )  # fmt: skip
        return made, work.cases.get(made.id), after, work.cases.save(made, after)

    made, read, after, saved = await store.write(story)

    assert read == made
    assert saved == replace(after, version=2)
    assert await store.read(lambda work: work.cases.by_number("LAP-2026-000777")) == saved
    assert await store.read(lambda work: work.cases.by_number(made.number)) is None
    assert await store.read(lambda work: work.cases.of_conversation(made.conversation_id)) == [saved]
    with pytest.raises(Conflict):
        await store.write(lambda work: work.cases.save(made, replace(made, title="late")))


async def test_a_register_number_is_used_once(store: SqlStore) -> None:
    await store.write(a_case)

    def again(work: Work) -> None:
        conversation = a_conversation(work)
        message = a_message(work, conversation=conversation)
        work.cases.add(
            conversation_id=conversation.id, message_id=message.id, contact_id=conversation.contact_id,
            kind=Kind.COMPLAINT, queue=Queue.LAPOR, number="LAPOR-2026-000001", year=2026, sequence=99, topic="pju",
            unit=None, kecamatan=None, desa=None, received_at=NOON, created_at=NOON, due=TODAY, provisional=False,
            calendar_version="uji", clocks={}, certain=True, confidence=1.0, reasons=[], title="x",
        )  # fmt: skip

    with pytest.raises(Conflict):
        await store.write(again)


async def test_running_cases_are_found_by_their_day(store: SqlStore) -> None:
    def story(work: Work):
        made = [a_case(work, due=TODAY + timedelta(days=days)) for days in (3, -2, 0)]
        done = a_case(work, due=TODAY)
        work.cases.save(done, replace(done, state=CaseState.ANSWERED))
        forwarded = work.cases.save(made[2], replace(made[2], state=CaseState.FORWARDED))
        return made, forwarded, done

    made, forwarded, done = await store.write(story)

    def ids(cases):
        return [case.id for case in cases]

    assert ids(await store.read(lambda work: work.cases.near_due(TODAY))) == [made[1].id, forwarded.id]
    assert ids(await store.read(lambda work: work.cases.near_due(TODAY, limit=1))) == [made[1].id]
    states = [CaseState.ANSWERED, CaseState.FORWARDED]
    assert ids(await store.read(lambda work: work.cases.in_state(Queue.LAPOR, states))) == [forwarded.id, done.id]
    assert await store.read(lambda work: work.cases.in_state(Queue.PPID, states)) == []
    assert await store.read(lambda work: work.cases.in_state(Queue.LAPOR, [])) == []
