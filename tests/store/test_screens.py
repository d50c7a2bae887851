"""The rows that staff read: what stands in them, in which order, for whose eyes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from omnichannel.domain.case import CaseState, Kind, Queue
from omnichannel.domain.channel import Channel
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.errors import Invalid
from omnichannel.domain.message import Delivery
from omnichannel.domain.screens import Order, View, orders_of
from omnichannel.domain.search import Sought
from omnichannel.domain.work import MACHINE, Actor, Direction, Scope, Work
from omnichannel.store.database import SqlStore
from tests.build import NOON, TODAY, a_case, a_contact, a_conversation, a_message, a_staff

MINUTE = timedelta(minutes=1)
EVERYBODY = Scope()


async def listed(store: SqlStore, view: str, scope: Scope = EVERYBODY, **asked) -> list[int]:
    page = await store.read(lambda work: work.screens.work_list(view, scope, today=TODAY, **asked))
    return [row.id for row in page.rows]


async def test_only_what_a_person_wrote_and_what_went_out_is_an_answer(store: SqlStore) -> None:
    def story(work: Work) -> list[bool]:
        staff, talk = a_staff(work, name="Sari"), a_conversation(work)
        a_message(work, conversation=talk, direction=Direction.OUT, delivery=Delivery.SENT, automatic=True)
        notice = work.screens.answered([talk.account])
        written = a_message(
            work, conversation=talk, direction=Direction.OUT, delivery=Delivery.QUEUED, staff_id=staff.id
        )
        waiting = work.screens.answered([talk.account])
        work.messages.set_delivery(written.id, Delivery.SENT, at=NOON)
        said = work.screens.answered([talk.account])
        return [notice, waiting, said, work.screens.answered(["lain"]), work.screens.answered([])]

    assert await store.write(story) == [False, False, True, False, False]


async def test_a_row_says_everything_a_list_shows(store: SqlStore) -> None:
    def story(work: Work):
        staff = a_staff(work, name="Sari")
        contact = a_contact(work, name=None, handle="warga_a")
        before = a_conversation(work, contact=contact)
        case = a_case(work, conversation=before, due=date(2026, 12, 3))
        case = work.cases.save(case, replace(case, tracking_id="TRK1", state=CaseState.FORWARDED))
        alarm = work.alarms.raise_(
            conversation_id=before.id, message_id=case.message_id, at=NOON, text="Kebakaran!", place=None,
            sender="warga", channel=Channel.WHATSAPP)  # fmt: skip
        assert alarm is not None
        after = work.conversations.save(before, replace(
            before, preview="Lampu", assignee_id=staff.id, kind="complaint", queue="lapor", due="2026-12-03",
            case_id=case.id, unit="dishub", confidence=0.9, unread=2))  # fmt: skip
        return after, case, alarm, staff

    conversation, case, alarm, staff = await store.write(story)
    row = await store.read(lambda work: work.screens.row(conversation.id))
    page = await store.read(lambda work: work.screens.work_list(View.UNREAD, EVERYBODY, today=TODAY))

    assert row is not None
    assert page.rows == (row,)
    assert page.after is None
    assert (row.contact_label, row.preview, row.assignee_name, row.assignee_id) == (
        "@warga_a", "Lampu", "Sari", staff.id)  # fmt: skip
    assert (row.due, row.case_number, row.case_state, row.tracking_id, row.alarm_id) == (
        date(2026, 12, 3), case.number, "forwarded", "TRK1", alarm.id)  # fmt: skip
    assert (row.channel, row.last_at, row.confidence, row.unread) == (Channel.WHATSAPP, NOON, 0.9, 2)
    assert await store.read(lambda work: work.screens.row(10**6)) is None


async def test_open_work_burns_from_the_top_and_the_rest_is_newest_first(store: SqlStore) -> None:
    def story(work: Work) -> list[int]:
        facts = (("none old", None, 0), ("none new", None, 5), ("late", "2026-12-03", 1), ("soon", "2026-11-25", 2),
                 ("alarm", None, 3))  # fmt: skip
        made = {}
        for name, due, minute in facts:
            made[name] = a_conversation(work, at=NOON + MINUTE * minute, due=due, unread=1)
        message = a_message(work, conversation=made["alarm"])
        work.alarms.raise_(conversation_id=made["alarm"].id, message_id=message.id, at=NOON, text="!", place=None,
                           sender="x", channel=Channel.WHATSAPP)  # fmt: skip
        return [made[name].id for name in ("alarm", "soon", "late", "none new", "none old")]

    alarm, soon, late, new, old = await store.write(story)

    assert await listed(store, "perlu-dibaca") == [alarm, soon, late, new, old]
    assert await listed(store, "semua") == [new, alarm, soon, late, old]
    assert await listed(store, "mendekati-batas", near=date(2026, 11, 25)) == [soon]
    assert await listed(store, "mendekati-batas", near=date(2026, 12, 3)) == [soon, late]
    assert await listed(store, "mendekati-batas") == []

    await store.write(lambda work: work.alarms.acknowledge(work.alarms.open()[0].id, "staff:1", NOON))
    assert await listed(store, "perlu-dibaca") == [soon, late, new, alarm, old]


async def test_each_view_holds_its_own(store: SqlStore) -> None:
    def story(work: Work):
        me, other = a_staff(work), a_staff(work)
        return me, {
            "unread": a_conversation(work, unread=1).id,
            "mine": a_conversation(work, assignee_id=me.id).id,
            "theirs": a_conversation(work, assignee_id=other.id, unit="pupr").id,
            "failed": a_conversation(work, failed=1, state=ConversationState.RESOLVED).id,
            "snoozed": a_conversation(work, unread=1, snoozed_until=NOON).id,
            "waiting": a_conversation(work, state=ConversationState.WAITING).id,
        }

    me, made = await store.write(story)
    scope = Scope(staff_id=me.id)

    async def names(view: View) -> set[str]:
        ids = await listed(store, view, scope)
        return {name for name, id_ in made.items() if id_ in ids}

    assert await names(View.UNREAD) == {"unread"}
    assert await names(View.MINE) == {"mine"}
    assert await names(View.UNIT) == {"theirs"}
    assert await names(View.FAILED) == {"failed"}
    assert await names(View.SNOOZED) == {"snoozed"}
    assert await names(View.RESOLVED) == {"failed"}
    assert await names(View.ALL) == {"unread", "mine", "theirs", "snoozed", "waiting"}


async def test_a_unit_officer_sees_their_units_conversations_and_cases_and_no_others(store: SqlStore) -> None:
    def story(work: Work):
        own = a_conversation(work, unit="dishub", at=NOON)
        through_case = a_conversation(work, unit="pupr", at=NOON + MINUTE)
        case = a_case(work, conversation=through_case, unit="dishub", kind=Kind.COMPLAINT)
        foreign = a_conversation(work, unit="pupr", at=NOON + MINUTE * 2)
        a_case(work, conversation=foreign, unit="pupr", kind=Kind.COMPLAINT)
        return own, through_case, case, foreign

    own, through_case, case, foreign = await store.write(story)
    officer = Scope(staff_id=1, unit="dishub")

    # A thread that lies with another unit is not theirs to read, even where one of its cases is theirs to answer.
    assert await listed(store, View.ALL, officer) == [own.id]
    assert await listed(store, View.UNIT, officer) == [own.id]
    page = await store.read(lambda work: work.screens.cases_list(Queue.LAPOR, officer, state="all", today=TODAY))
    assert [row.case.id for row in page.rows] == [case.id]

    await store.write(lambda work: work.conversations.save(through_case, replace(through_case, unit="dishub")))
    assert await listed(store, View.ALL, officer) == [through_case.id, own.id]
    await store.write(
        lambda work: work.conversations.save(
            replace(through_case, unit="dishub", version=through_case.version + 1),
            replace(through_case, unit="pupr", version=through_case.version + 1),
        )
    )
    assert await listed(store, View.ALL, officer) == [own.id]
    resolved = replace(own, state=ConversationState.RESOLVED)
    await store.write(lambda work: work.conversations.save(own, resolved))
    assert await listed(store, View.ALL, officer) == []
    assert await listed(store, View.RESOLVED, officer) == [own.id]
    assert set(await listed(store, View.ALL)) == {through_case.id, foreign.id}


async def test_a_hidden_queue_shows_neither_conversations_nor_cases(store: SqlStore) -> None:
    def story(work: Work):
        ppid = a_conversation(work, queue="ppid", at=NOON)
        a_case(work, conversation=ppid, kind=Kind.INFORMATION_REQUEST)
        return a_conversation(work, queue="lapor"), a_conversation(work)

    lapor, none = await store.write(story)
    scope = Scope(hidden=frozenset({"ppid"}))

    assert set(await listed(store, View.ALL, scope)) == {lapor.id, none.id}
    assert (
        await store.read(lambda work: work.screens.cases_list(Queue.PPID, scope, state="all", today=TODAY))
    ).rows == ()


async def test_pages_follow_one_another_without_gap_or_repeat(store: SqlStore) -> None:
    def story(work: Work) -> list[int]:
        return [a_conversation(work, at=NOON + MINUTE * (place // 3), unread=1).id for place in range(20)]

    made = await store.write(story)
    for view in (View.UNREAD, View.ALL):
        for order in orders_of(view):
            found: list[int] = []
            after: str | None = None
            while after is not None or not found:
                page = await store.read(
                    lambda work, view=view, after=after, order=order: work.screens.work_list(  # type: ignore[misc]
                        view, EVERYBODY, today=TODAY, after=after, limit=6, order=order
                    )
                )
                found += [row.id for row in page.rows]
                after = page.after
            assert sorted(found) == made
            assert found == await listed(store, view, limit=100, order=order)


async def test_each_order_is_what_it_says(store: SqlStore) -> None:
    told: dict[str, dict[str, Any]] = {
        "late": {"due": "2026-11-01"}, "quiet": {}, "urgent": {"urgent": True}, "far": {"due": "2027-03-01"}, "new": {},
    }  # fmt: skip

    def story(work: Work) -> dict[str, int]:
        times = {name: NOON + MINUTE * n for n, name in enumerate(told)}
        return {
            name: a_conversation(work, at=times[name], last_at=times[name], unread=1, **more).id
            for name, more in told.items()
        }

    made = await store.write(story)

    async def order(by: Order) -> list[str]:
        names = {number: name for name, number in made.items()}
        return [names[one] for one in await listed(store, View.ALL, order=by)]

    assert await order(Order.BURNING) == ["late", "urgent", "far", "new", "quiet"]
    assert await order(Order.NEWEST) == ["new", "far", "urgent", "quiet", "late"]
    assert await order(Order.OLDEST) == ["late", "quiet", "urgent", "far", "new"]
    with pytest.raises(Invalid):
        await listed(store, View.RESOLVED, order=Order.BURNING)


async def test_a_window_that_shuts_burns_until_it_has_shut(store: SqlStore) -> None:
    hour = timedelta(hours=1)
    told: dict[str, dict[str, Any]] = {
        "law": {"due": "2026-12-01"},
        "danger": {"urgent": True},
        "hours": {"shuts_at": NOON + 3 * hour},
        "soon": {"shuts_at": NOON + hour, "due": "2026-12-08"},
        "answered": {"shuts_at": NOON + hour, "state": ConversationState.WAITING},
        "days": {"shuts_at": NOON + 72 * hour},
        "quiet": {},
    }

    def story(work: Work) -> dict[int, str]:
        made = {}
        for n, (name, more) in enumerate(told.items()):
            at = NOON - timedelta(minutes=n)
            made[a_conversation(work, at=at, last_at=at, last_in_at=at, unread=1, **more).id] = name
        return made

    names = await store.write(story)

    async def order() -> list[str]:
        pages, after = list[int](), None
        while True:
            page = await store.read(
                lambda work, after=after: work.screens.work_list(  # type: ignore[misc]
                    View.UNREAD, EVERYBODY, today=TODAY, limit=2, after=after
                )
            )
            pages += [row.id for row in page.rows]
            after = page.after
            if after is None:
                return [names[one] for one in pages]

    assert await order() == ["danger", "soon", "hours", "days", "law", "answered", "quiet"]
    assert await store.write(lambda work: work.conversations.shut(NOON + 2 * hour)) == 2
    assert await order() == ["danger", "hours", "days", "law", "soon", "answered", "quiet"]
    assert await store.write(lambda work: work.conversations.shut(NOON + 2 * hour)) == 0
    assert await store.write(lambda work: work.conversations.shut(NOON + 400 * hour, 1)) == 1
    assert await store.write(lambda work: work.conversations.shut(NOON + 400 * hour)) == 1
    assert await order() == ["danger", "law", "soon", "hours", "answered", "days", "quiet"]
    number = next(one for one, name in names.items() if name == "soon")
    kept = await store.read(lambda work: work.conversations.get(number))
    assert kept is not None
    assert kept.shuts_at is None


@pytest.mark.parametrize(
    "after", ["", "x", "é", "AAAA", "MS4y", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTkuMQ", "LTEuLTE"]
)
async def test_a_page_that_is_none_of_ours_is_invalid(quick_store: SqlStore, after: str) -> None:
    with pytest.raises(Invalid):
        await listed(quick_store, View.UNREAD, after=after)
    with pytest.raises(Invalid):
        await quick_store.read(
            lambda work: work.screens.cases_list(Queue.PPID, EVERYBODY, state="running", today=TODAY, after="x")
        )
    with pytest.raises(Invalid):
        await listed(quick_store, "no such view")


async def test_the_register_runs_by_due_day_and_is_kept_newest_first(store: SqlStore) -> None:
    def story(work: Work):
        made = [a_case(work, kind=Kind.COMPLAINT, due=TODAY + timedelta(days=days)) for days in (9, -1, 3, -8)]
        answered = a_case(work, kind=Kind.COMPLAINT, due=TODAY - timedelta(days=30))
        work.cases.save(answered, replace(answered, state=CaseState.ANSWERED))
        work.jobs.put("forwarding", {}, key=f"forward:{made[1].id}", run_at=NOON)
        job = work.jobs.claim("forwarding", "me", NOON, MINUTE)[0]
        work.jobs.bury(job, "LAPOR menolak")
        return [case.id for case in made], answered.id

    (nine, minus_one, three, minus_eight), answered = await store.write(story)

    async def cases(state: str, **page):
        return (await store.read(
            lambda work: work.screens.cases_list(Queue.LAPOR, EVERYBODY, state=state, today=TODAY, **page)))  # fmt: skip

    async def ids(state: str) -> list[int]:
        return [row.case.id for row in (await cases(state)).rows]

    assert await ids("running") == [minus_eight, minus_one, three, nine]
    assert await ids("overdue") == [minus_eight, minus_one]
    assert await ids("answered") == [answered]
    assert await ids("all") == [answered, minus_eight, three, minus_one, nine]
    assert await ids("closed") == []
    first = await cases("running", limit=3)
    second = await cases("running", limit=3, after=first.after)
    assert [row.case.id for row in (*first.rows, *second.rows)] == [minus_eight, minus_one, three, nine]
    assert second.after is None
    older = await cases("all", limit=2, after=(await cases("all", limit=2)).after)
    assert [row.case.id for row in older.rows] == [three, minus_one]
    assert older.rows[1].error == "LAPOR menolak"
    assert older.rows[0].error is None
    with pytest.raises(Invalid):
        await cases("no such state")
    board = await store.read(lambda work: work.screens.board(TODAY, EVERYBODY))
    assert [row.case.id for row in board.waiting] == [minus_eight, minus_one, three, nine]
    assert [row.case.id for row in board.overdue] == [minus_eight, minus_one]
    assert [row.case.id for row in board.answered] == [answered]
    assert board.sent == ()


async def test_history_is_what_happened_to_the_conversation_newest_first(store: SqlStore) -> None:
    def story(work: Work) -> int:
        conversation = a_conversation(work)
        work.note(Actor("staff:3", "Sari"), "assigned", "conversation", conversation.id, at=NOON,
                  conversation_id=conversation.id, before=None, after="staff:3", why="giliran")  # fmt: skip
        work.note(MACHINE, "elsewhere", "conversation", 99, at=NOON, conversation_id=99)
        work.note(MACHINE, "routed", "case", 5, at=NOON + MINUTE, conversation_id=conversation.id)
        return conversation.id

    conversation_id = await store.write(story)
    history = await store.read(lambda work: work.screens.history(conversation_id))

    assert [(one.verb, one.actor_name, one.after, one.why) for one in history] == [
        ("routed", "Sistem", None, None),
        ("assigned", "Sari", "staff:3", "giliran"),
    ]
    last = await store.read(lambda work: work.screens.last_happening())
    assert [one.id for one in await store.read(lambda work: work.screens.happened(last - 2))] == [last - 1, last]
    assert await store.read(lambda work: work.screens.happened(last)) == []


async def test_a_filter_is_asked_before_a_page_is_cut(store: SqlStore) -> None:
    def story(work: Work) -> list[int]:
        kinds = ("complaint", *("other",) * 8, "complaint")
        return [
            a_conversation(work, at=NOON + MINUTE * n, last_at=NOON + MINUTE * n, unread=1, kind=kind).id
            for n, kind in enumerate(kinds)
        ]

    made = await store.write(story)
    only = Sought(kinds=("complaint",))

    for view in (View.UNREAD, View.ALL):
        for order in orders_of(view):
            found = await listed(store, view, limit=3, order=order, narrow=only)
            assert set(found) == {made[0], made[-1]}, (view, order)
