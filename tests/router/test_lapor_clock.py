"""LAPOR's clocks are told at half, on the last day and once they have run out: each once, to those who answer for it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial

from omnichannel.domain.case import Case, CaseState
from omnichannel.domain.people import Role
from omnichannel.domain.work import Work
from omnichannel.router import lapor_clock
from omnichannel.router.lapor_clock import HALF, LAST, OVER
from omnichannel.store.database import SqlStore
from tests.build import a_staff
from tests.desk import carried
from tests.router.conftest import Judge, Write, history
from tests.router.sheets import a_report

VERBS = (HALF, LAST, OVER)


async def days(store: SqlStore, made: Case, until: int) -> list[tuple[str, str | None, date]]:
    """Every morning's round: (verb, clock, the day it was told)."""
    zone, told = carried().office.zone, list[tuple[str, str | None, date]]()
    first = made.received_at.astimezone(zone).date()
    for day in (first + timedelta(days=n) for n in range(until)):
        at = datetime.combine(day, time(7), zone)
        for _ in range(2):  # a round that is told twice tells nothing twice
            await store.write(partial(lapor_clock.remind, today=day, now=at, limit=100))
    for line in await history(store, made.conversation_id):
        if line.verb in VERBS:
            told.append((line.verb, line.before, line.at.astimezone(zone).date()))
    return sorted(told, key=lambda one: one[2])


async def test_each_clock_is_told_three_times_and_no_more(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    made = await a_report(write, judge)

    told = await days(quick_store, made, 40)

    titles = {one[1] for one in told}
    dues = {one["title"]: date.fromisoformat(one["due"]) for one in made.clocks["clocks"] if one["starts"] == "receipt"}
    assert titles == set(dues)
    for title, due in dues.items():
        mine = [(verb, day) for verb, clock, day in told if clock == title]
        assert [verb for verb, _ in mine] == [HALF, LAST, OVER], title
        assert mine[1][1] == due
        assert mine[2][1] == due + timedelta(days=1)
        assert mine[0][1] < due


async def test_the_periods_come_from_the_table_of_deadlines() -> None:
    clocks = carried().clocks
    monday = datetime(2026, 11, 23, 2, tzinfo=carried().office.zone)

    plain = {one.rule.name: one.rule.days for one in clocks.for_case("complaint", monday).clocks}
    watched = {one.rule.name: one.rule.days for one in clocks.for_case("complaint", monday, supervision=True).clocks}

    assert plain == {"verify": 3, "follow_up": 5, "finish": 14, **({"reply": 10} if "reply" in plain else {})}
    assert watched["finish"] == 60
    assert [rule.days for rule in clocks.rules if (rule.kind, rule.name) == ("complaint", "reply")] == [10]


async def test_a_step_that_was_taken_is_not_reminded_of(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    made = await a_report(write, judge)

    def there(work: Work) -> None:
        case = work.cases.get(made.id)
        assert case is not None
        work.cases.save(
            case, replace(case, tracking_id="9000123", state=CaseState.FORWARDED, lapor_status="Dalam Proses")
        )

    await quick_store.write(there)

    assert {clock for _, clock, _ in await days(quick_store, made, 30)} == {"Penyelesaian pengaduan"}


async def test_assignee_unit_and_supervisor_are_named_once_each(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    made = await a_report(write, judge)

    def hire(work: Work) -> None:
        mine = a_staff(work, name="Petugas Satu")
        a_staff(work, role=Role.UNIT, unit="dishub", name="Kepala Dishub")
        a_staff(work, role=Role.UNIT, unit="dlh", name="Kepala Lain")
        a_staff(work, role=Role.SUPERVISOR, name="Pengawas")
        conversation = work.conversations.get(made.conversation_id)
        assert conversation is not None
        work.conversations.save(conversation, replace(conversation, assignee_id=mine.id))

    await quick_store.write(hire)
    await days(quick_store, made, 4)

    lines = [line for line in await history(quick_store, made.conversation_id) if line.verb in VERBS]
    assert {line.why for line in lines} == {"Petugas Satu, Kepala Dishub, Pengawas"}


async def test_an_ended_report_is_left_in_peace(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    made = await a_report(write, judge)

    def end(work: Work) -> None:
        case = work.cases.get(made.id)
        assert case is not None
        work.cases.save(case, replace(case, state=CaseState.ANSWERED))

    await quick_store.write(end)

    assert await days(quick_store, made, 30) == []
