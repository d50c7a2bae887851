"""A message becomes a case with its number, clock and receipt; and people correct what the machine decided."""

import asyncio
from datetime import UTC, datetime
from functools import partial

import pytest

from omnichannel.domain.case import CaseState, Kind, Queue
from omnichannel.domain.channel import Surface
from omnichannel.domain.errors import Invalid
from omnichannel.domain.message import Author, Auto
from omnichannel.domain.office import RoutingMode
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.work import Work
from omnichannel.router.desk import Desk
from omnichannel.router.route import confirm, open_another, route
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_conversation, a_message
from tests.desk import a_desk, a_verdict
from tests.house import HandClock
from tests.plug import narrowed
from tests.router.conftest import Judge, Write, history, notices, talk
from tests.router.matters import DAY, REQUEST


async def test_a_sure_complaint_gets_number_clock_and_receipt(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock
) -> None:
    made = await judge(await write(sent_at=NOON - DAY), a_verdict())

    assert made is not None
    assert (made.number, made.queue, made.state, made.certain) == ("LAP-2026-000001", Queue.LAPOR, CaseState.OPEN, True)
    assert made.received_at == NOON - DAY, "the clock starts at the citizen's time"
    found = await talk(quick_store)
    assert (found.case_id, found.due, found.kind) == (made.id, made.due.isoformat(), "complaint")
    assert not found.needs_person
    (receipt,) = await notices(quick_store, found.id)
    assert "LAP-2026-000001" in receipt
    assert str(made.due.year) in receipt


async def test_an_unsure_request_gets_its_number_and_is_laid_before_a_person(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    made = await judge(await write("Minta data APBD"), a_verdict(REQUEST, 0.45))

    found = await talk(quick_store)
    assert made is not None
    assert (made.number, made.certain, found.needs_person) == ("PPID-2026-000001", False, True)
    opened = next(one for one in await history(quick_store, found.id) if one.verb == "case_opened")
    assert opened.why == "perlu dipastikan"
    assert len(await notices(quick_store, found.id)) == 1


async def test_small_talk_makes_no_case_and_no_receipt(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    assert await judge(await write("Selamat pagi"), a_verdict(Kind.OTHER)) is None

    found = await talk(quick_store)
    assert (found.case_id, found.queue, found.needs_person) == (None, "humas", False)
    assert await notices(quick_store, found.id) == []


async def test_routing_twice_changes_nothing(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    for verdict in (a_verdict(), a_verdict(Kind.OTHER, 0.5), a_verdict(urgent=True)):
        thread = f"utas-{verdict.kind}-{verdict.urgent}"
        message = await write(conversation=thread, author=Author(id=thread))
        first = await judge(message, verdict)
        before = await talk(quick_store, thread)
        told = await history(quick_store, before.id)

        second = await judge(message, verdict)

        assert (second.id if second else None) == (first.id if first else None)
        assert await talk(quick_store, thread) == before
        assert await history(quick_store, before.id) == told


async def test_numbers_have_neither_twins_nor_gaps_under_load(store: SqlStore, desk: Desk) -> None:
    def message(work: Work) -> int:
        return a_message(work, conversation=a_conversation(work)).id

    ids = [await store.write(message) for _ in range(30)]

    def routing(number: int, fails: bool):
        def story(work: Work) -> None:
            route(work, desk, number, a_verdict(), NOON)
            if fails:
                raise Invalid("something after it went wrong")

        return story

    await asyncio.gather(
        *(store.write(routing(number, place % 3 == 0)) for place, number in enumerate(ids)), return_exceptions=True
    )
    await asyncio.gather(*(store.write(routing(number, False)) for number in ids))

    found = await store.read(lambda work: work.cases.in_state(Queue.LAPOR, list(CaseState), 100))
    assert sorted(one.number for one in found) == [f"LAP-2026-{number:06}" for number in range(1, 31)]


@pytest.mark.parametrize(
    ("sent_at", "year"),
    [
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), 2027),
    ],
)
async def test_the_year_of_a_number_is_the_offices_own(
    write: Write, judge: Judge, clock: HandClock, sent_at: datetime, year: int
) -> None:
    """Midnight in WITA is 16.00 UTC."""
    clock.at = datetime(2027, 1, 5, tzinfo=UTC)

    made = await judge(await write(sent_at=sent_at), a_verdict(REQUEST))

    assert made is not None
    assert made.number == f"PPID-{year}-000001"


async def test_titles_of_registers_carry_no_identity_number_however_long_the_message(
    write: Write, judge: Judge
) -> None:
    """The title is masked before it is cut: half a number would pass every mask."""
    made = await judge(await write("x" * 78 + " 6408123456780001 mohon dibantu"), a_verdict())

    assert made is not None
    assert "640812" not in made.title
    assert len(made.title) <= 90


async def test_mail_of_machines_and_our_own_words_are_not_routed(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    auto = await write("Saya cuti", auto=Auto.AUTO_REPLY)

    assert await judge(auto, a_verdict(urgent=True)) is None
    assert await quick_store.read(lambda work: work.alarms.open()) == []
    assert await quick_store.write(lambda work: route(work, a_desk(), 999, a_verdict(), NOON)) is None


async def test_what_may_not_be_acknowledged_is_numbered_all_the_same(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    mute = a_desk(narrowed(text_limit=3))

    made = await judge(await write(), a_verdict(), at_desk=mute)

    found = await talk(quick_store)
    assert made is not None
    assert await notices(quick_store, found.id) == []
    assert "notice_withheld" in [one.verb for one in await history(quick_store, found.id)]


async def test_more_words_follow_the_case_and_bring_no_second_receipt(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    first = await judge(await write(), a_verdict())

    second = await judge(await write("Tolong cepat ya"), a_verdict(p=0.99))
    third = await judge(await write("terima kasih"), a_verdict(Kind.OTHER))

    assert first is not None
    assert second is not None
    assert third is not None
    assert {first.id, second.id, third.id} == {first.id}
    assert len(await notices(quick_store, (await talk(quick_store)).id)) == 1


async def test_a_second_matter_gets_its_own_case_and_the_nearest_day_stays_on_top(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    """A complaint has 14 working days, a request 10: the request is due first."""
    complaint = await judge(await write("Lampu mati"), a_verdict())
    request = await judge(await write("Saya minta data anggaran lampu"), a_verdict(REQUEST, 0.97))

    found = await talk(quick_store)
    assert complaint is not None
    assert request is not None
    assert request.due < complaint.due
    assert (found.case_id, found.due, found.kind) == (request.id, request.due.isoformat(), REQUEST.value)


async def test_a_nearer_case_is_not_hidden_by_a_later_one(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    request = await judge(await write("Minta data"), a_verdict(REQUEST))
    complaint = await judge(await write("Lampu mati"), a_verdict())

    found = await talk(quick_store)
    assert request is not None
    assert complaint is not None
    assert complaint.due > request.due
    assert (found.case_id, found.kind) == (request.id, REQUEST.value)


async def test_a_doubtful_other_matter_is_laid_before_a_person(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff
) -> None:
    made = await judge(await write(), a_verdict())

    followed = await judge(await write("boleh lihat anggarannya?"), a_verdict(REQUEST, 0.55))

    assert made is not None
    assert followed is not None
    assert followed.id == made.id
    assert (await talk(quick_store)).needs_person
    await quick_store.write(lambda work: confirm(work, staff, made.id, now=NOON))
    assert not (await talk(quick_store)).needs_person


async def test_in_public_one_citizens_words_are_no_part_of_anothers_case(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    public = {"surface": Surface.PUBLIC, "conversation": "kiriman-1"}
    first = await judge(await write("Lampu mati di gang kami", **public), a_verdict())

    message = await write("Di tempat saya air mati", author=Author(id="lain", name="Orang Lain"), **public)
    second = await judge(message, a_verdict(topic="air_bersih"))

    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert second.contact_id == message.contact_id != first.contact_id


async def test_what_the_machine_only_suggests_waits_with_its_reason(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    assert await judge(await write(), a_verdict(), at_desk=a_desk(routing_mode=RoutingMode.SUGGEST)) is None

    found = await talk(quick_store)
    assert (found.kind, found.topic, found.needs_person, found.due) == ("complaint", "pju", True, None)
    assert found.confidence == pytest.approx(0.95)


async def test_a_message_that_now_says_more_is_judged_again(write: Write, judge: Judge) -> None:
    """An edit, or the caption of a late photo: the same message, another verdict."""
    message = await write("Halo")
    assert await judge(message, a_verdict(Kind.OTHER)) is None

    made = await judge(message, a_verdict())

    assert made is not None
    assert made.message_id == message.id


async def test_a_complaint_about_officials_is_secret_anonymous_and_lies_with_the_inspectorate(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    made = await judge(await write("Petugas minta uang"), a_verdict(topic="pungli", unit="disdukcapil"))

    assert made is not None
    assert (made.secret, made.anonymous, made.unit) == (True, True, "inspektorat")
    assert (await talk(quick_store)).unit == "inspektorat"


async def test_it_is_never_spoken_of_in_public(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    message = await write("Petugas minta uang", surface=Surface.PUBLIC)

    made = await judge(message, a_verdict(topic="pungli"))

    assert made is not None
    assert await notices(quick_store, message.conversation_id) == []
    withheld = [one for one in await history(quick_store, message.conversation_id) if one.verb == "notice_withheld"]
    assert len(withheld) == 1


async def test_a_thread_with_a_secret_report_is_not_read_by_those_it_complains_about(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff
) -> None:
    """The same citizen has an open case on their table, due earlier: the thread still lies with the inspectorate."""
    await judge(await write("Jalan kami rusak"), a_verdict(topic="jalan_jembatan", unit="pupr"))
    message = await write("Petugas PUPR minta uang rokok")
    opening = partial(open_another, desk=desk, staff=staff, message_id=message.id, now=NOON)
    await quick_store.write(partial(opening, kind=Kind.COMPLAINT, topic="pungli", unit="inspektorat"))

    found = await talk(quick_store)
    officer = Staff(id=9, login="pupr", name="Petugas PUPR", role=Role.UNIT, unit="pupr")
    assert (found.topic, found.unit) == ("jalan_jembatan", "inspektorat")
    assert not may(officer, Action.READ, found)
