"""A person corrects, confirms, voids; a second matter; the same message again."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from omnichannel.domain.case import Case, CaseState, Kind, Outcome
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.office import RoutingMode
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Work
from omnichannel.inbox.triage import pass_to_unit, resolve
from omnichannel.router import lapor
from omnichannel.router.conclude import conclude
from omnichannel.router.desk import Desk
from omnichannel.router.route import confirm, lay_open, open_another, reclassify, void
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_conversation
from tests.desk import a_desk, a_verdict
from tests.house import HandClock
from tests.plug import OPEN
from tests.router.conftest import Judge, Write, case, history, notices, talk
from tests.router.matters import DAY, REQUEST


def changing(desk: Desk, staff: Staff, conversation_id: int, kind: Kind, **given: Any) -> Callable[[Work], Case | None]:
    facts: dict[str, Any] = {"topic": "pju", "unit": "dishub", "now": NOON} | given
    return partial(reclassify, desk=desk, staff=staff, conversation_id=conversation_id, kind=kind, **facts)


async def test_a_case_of_the_wrong_kind_is_voided_and_the_right_one_keeps_the_clock(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff, clock: HandClock
) -> None:
    wrong = await judge(await write("Minta data lampu", sent_at=NOON - DAY), a_verdict())
    assert wrong is not None
    clock.advance(3 * DAY)

    right = await quick_store.write(changing(desk, staff, wrong.conversation_id, REQUEST, now=clock.now()))

    old = await case(quick_store, wrong.id)
    assert right is not None
    assert (old.state, old.number) == (CaseState.VOIDED, "LAP-2026-000001")
    assert (right.number, right.received_at, right.certain) == ("PPID-2026-000001", NOON - DAY, True)
    assert right.message_id == wrong.message_id
    found = await talk(quick_store)
    assert (found.case_id, found.due) == (right.id, right.due.isoformat())
    said = await notices(quick_store, found.id)
    assert any("LAP-2026-000001" in text for text in said)
    assert any("PPID-2026-000001" in text for text in said)


async def test_correcting_topic_or_unit_keeps_the_number(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff
) -> None:
    made = await judge(await write(), a_verdict(p=0.85))
    assert made is not None

    kept = await quick_store.write(
        changing(desk, staff, made.conversation_id, Kind.COMPLAINT, topic="air_bersih", unit="pupr")
    )

    assert kept is not None
    assert (kept.number, kept.topic, kept.unit, kept.confidence) == (made.number, "air_bersih", "pupr", 1.0)
    found = await talk(quick_store)
    assert (found.topic, found.unit) == ("air_bersih", "pupr")
    assert len(await notices(quick_store, found.id)) == 1


async def test_a_complaint_that_turns_out_to_be_about_officials_gets_their_clock_and_their_silence(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff
) -> None:
    made = await judge(await write("Petugas loket minta uang"), a_verdict(topic="kependudukan"))
    assert made is not None

    watched = await quick_store.write(
        changing(desk, staff, made.conversation_id, Kind.COMPLAINT, topic="pungli", unit="inspektorat")
    )
    assert watched is not None
    assert (watched.secret, watched.anonymous, watched.number) == (True, True, made.number)
    assert watched.due > made.due
    assert (await talk(quick_store)).due == watched.due.isoformat()

    again = await quick_store.write(changing(desk, staff, made.conversation_id, Kind.COMPLAINT, topic="pju"))
    assert again is not None
    assert (again.secret, again.due, again.clocks) == (False, made.due, made.clocks)


async def test_correcting_twice_voids_and_numbers_once(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff
) -> None:
    wrong = await judge(await write(), a_verdict())
    assert wrong is not None

    first = await quick_store.write(changing(desk, staff, wrong.conversation_id, REQUEST))
    second = await quick_store.write(changing(desk, staff, wrong.conversation_id, REQUEST))

    assert first is not None
    assert second is not None
    assert first.id == second.id
    verbs = [one.verb for one in await history(quick_store, wrong.conversation_id)]
    assert (verbs.count("voided"), verbs.count("case_opened")) == (1, 2)


async def test_to_small_talk_and_back(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff
) -> None:
    made = await judge(await write(sent_at=NOON - DAY), a_verdict())
    assert made is not None

    assert await quick_store.write(changing(desk, staff, made.conversation_id, Kind.OTHER)) is None
    calm = await talk(quick_store)
    back = await quick_store.write(changing(desk, staff, made.conversation_id, Kind.COMPLAINT))

    assert (calm.case_id, calm.due, calm.kind, calm.needs_person) == (None, None, "other", False)
    assert back is not None
    assert (back.number, back.received_at) == ("LAP-2026-000002", NOON - DAY)


async def test_when_one_of_two_cases_is_voided_the_other_comes_on_top(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff
) -> None:
    complaint = await judge(await write("Lampu mati"), a_verdict())
    request = await judge(await write("Minta data"), a_verdict(REQUEST))
    assert complaint is not None
    assert request is not None

    await quick_store.write(lambda work: void(work, staff, request.id, "salah orang", now=NOON))
    found = await talk(quick_store)
    assert (found.case_id, found.due, found.kind) == (complaint.id, complaint.due.isoformat(), "complaint")

    await quick_store.write(lambda work: void(work, staff, complaint.id, "salah orang", now=NOON))
    found = await talk(quick_store)
    assert (found.case_id, found.due) == (None, None)


async def test_small_talk_does_not_hide_another_running_case(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff
) -> None:
    complaint = await judge(await write("Lampu mati"), a_verdict())
    request = await judge(await write("Minta data"), a_verdict(REQUEST))
    assert complaint is not None
    assert request is not None

    await quick_store.write(changing(desk, staff, request.conversation_id, Kind.OTHER))

    found = await talk(quick_store)
    assert (found.case_id, found.kind) == (complaint.id, "complaint")
    assert (await case(quick_store, request.id)).state is CaseState.VOIDED


async def test_a_case_by_hand_starts_at_the_message_that_asked(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff, clock: HandClock
) -> None:
    """The request came on Monday, a word of thanks on Thursday: the clock does not start on Thursday."""
    suggest = a_desk(routing_mode=RoutingMode.SUGGEST)
    for text, kind in (("Halo", Kind.OTHER), ("Minta salinan APBD", REQUEST), ("terima kasih", Kind.OTHER)):
        await judge(await write(text), a_verdict(kind, 0.9), at_desk=suggest)
        clock.advance(DAY)

    made = await quick_store.write(changing(desk, staff, (await talk(quick_store)).id, REQUEST, now=clock.now()))

    assert made is not None
    assert made.title == "Minta salinan APBD"
    assert made.received_at == NOON + DAY


async def test_a_page_that_was_overtaken_decides_nothing(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff
) -> None:
    made = await judge(await write(), a_verdict())
    assert made is not None
    seen = (await talk(quick_store)).version
    await write("satu lagi")

    with pytest.raises(Conflict):
        await quick_store.write(changing(desk, staff, made.conversation_id, REQUEST, seen=seen))
    with pytest.raises(Invalid):
        await quick_store.write(changing(desk, staff, made.conversation_id, REQUEST, unit="tidak-ada"))
    with pytest.raises(NotFound):
        await quick_store.write(changing(desk, staff, 999, REQUEST))

    assert (await case(quick_store, made.id)).state is CaseState.OPEN


async def test_a_correction_takes_nothing_away_from_lapor(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff
) -> None:
    made = await judge(await write(), a_verdict())
    assert made is not None
    await quick_store.write(
        lambda work: lapor.keyed_in(
            work, staff, made.id, "1234567", None, office=desk.office, capabilities=OPEN, now=NOON
        )
    )

    with pytest.raises(Conflict, match="1234567"):
        await quick_store.write(changing(desk, staff, made.conversation_id, REQUEST))

    assert (await case(quick_store, made.id)).state is CaseState.FORWARDED


async def test_without_a_word_of_the_citizen_there_is_nothing_to_number(
    quick_store: SqlStore, desk: Desk, staff: Staff
) -> None:
    empty = await quick_store.write(a_conversation)

    with pytest.raises(Invalid):
        await quick_store.write(changing(desk, staff, empty.id, REQUEST))


async def test_one_message_may_speak_of_two_matters(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff
) -> None:
    message = await write("Lampu mati, dan saya minta data anggarannya")
    complaint = await judge(message, a_verdict())
    another = partial(open_another, desk=desk, staff=staff, message_id=message.id, topic="pju", unit="dishub", now=NOON)

    request = await quick_store.write(partial(another, kind=REQUEST))

    assert complaint is not None
    assert (request.number, request.received_at) == ("PPID-2026-000001", complaint.received_at)
    with pytest.raises(Conflict, match="PPID-2026-000001"):
        await quick_store.write(partial(another, kind=REQUEST))
    with pytest.raises(Invalid):
        await quick_store.write(partial(another, kind=Kind.OTHER))


async def test_a_person_confirms_what_the_machine_was_not_sure_of(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff
) -> None:
    made = await judge(await write(), a_verdict(REQUEST, 0.4))
    assert made is not None

    for _ in range(2):
        sure = await quick_store.write(lambda work: confirm(work, staff, made.id, now=NOON))
        assert sure.certain

    assert not (await talk(quick_store)).needs_person
    assert [one.verb for one in await history(quick_store, made.conversation_id)].count("confirmed") == 1


async def test_two_unsure_cases_need_two_confirmations(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff
) -> None:
    request = await judge(await write(), a_verdict(REQUEST, 0.4))
    message = await write("lampu")
    other = await quick_store.write(
        partial(
            open_another,
            desk=desk,
            staff=staff,
            message_id=message.id,
            kind=Kind.COMPLAINT,
            topic="pju",
            unit=None,
            now=NOON,
        )
    )
    assert request is not None
    assert (await talk(quick_store)).needs_person

    await quick_store.write(lambda work: confirm(work, staff, other.id, now=NOON))
    assert (await talk(quick_store)).needs_person

    await quick_store.write(lambda work: confirm(work, staff, request.id, now=NOON))
    assert not (await talk(quick_store)).needs_person


async def test_voiding_needs_a_reason_and_happens_once(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff
) -> None:
    made = await judge(await write(), a_verdict())
    assert made is not None

    for reason in ("", "   ", "ok"):
        with pytest.raises(Invalid):
            await quick_store.write(partial(void, staff=staff, case_id=made.id, reason=reason, now=NOON))
    with pytest.raises(Conflict):
        await quick_store.write(lambda work: void(work, staff, made.id, "salah kirim", now=NOON, seen=99))
    first = await quick_store.write(lambda work: void(work, staff, made.id, "salah kirim", now=NOON, seen=made.version))
    again = await quick_store.write(lambda work: void(work, staff, made.id, "lain alasan", now=NOON, seen=made.version))

    assert (first.state, first.void_reason, first.number) == (CaseState.VOIDED, "salah kirim", made.number)
    assert again.void_reason == "salah kirim"
    with pytest.raises(Conflict):
        await quick_store.write(lambda work: confirm(work, staff, made.id, now=NOON))


async def test_a_voided_number_is_never_given_again(
    write: Write, judge: Judge, quick_store: SqlStore, staff: Staff
) -> None:
    first = await judge(await write(), a_verdict())
    assert first is not None
    await quick_store.write(lambda work: void(work, staff, first.id, "salah kirim", now=NOON))

    second = await judge(await write("lagi"), a_verdict())

    assert second is not None
    assert second.number == "LAP-2026-000002"


async def test_a_new_suggestion_takes_the_place_of_an_ended_case(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff
) -> None:
    """An ended case stays in sight until something new is said: then agreeing must not confirm the old one."""
    made = await judge(await write(), a_verdict())
    assert made is not None
    await quick_store.write(lambda work: conclude(work, staff, made.id, Outcome.RESOLVED, now=NOON))
    assert (await talk(quick_store)).case_id == made.id

    await judge(await write("mungkin ada usul"), a_verdict(Kind.ASPIRATION, 0.5))

    found = await talk(quick_store)
    assert (found.case_id, found.kind, found.needs_person) == (None, "aspiration", True)


async def test_what_the_machine_cannot_read_lies_open_for_a_person(quick_store: SqlStore, write: Write) -> None:
    message = await write()

    await quick_store.write(lambda work: lay_open(work, message.id, NOON, "cacat"))

    assert (await talk(quick_store)).needs_person


async def test_thanks_take_back_no_report_that_waits_for_a_person(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    """The report was unsure and waited; "makasih" came after it and the mark was gone, so nobody was asked any more."""
    await judge(await write("Jalan depan rumah begitu lagi"), a_verdict(Kind.COMPLAINT, 0.55))

    await judge(await write("makasih min"), a_verdict(Kind.OTHER, 0.99))

    found = await talk(quick_store)
    assert (found.needs_person, found.kind, found.confidence) == (True, "complaint", 0.55)


async def test_thanks_after_an_officer_closed_the_talk_ask_nobody(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff, clock: HandClock
) -> None:
    await judge(await write("Jalan depan rumah begitu lagi"), a_verdict(Kind.COMPLAINT, 0.55))
    await quick_store.write(
        partial(resolve, staff=staff, conversation_id=(await talk(quick_store)).id, now=clock.now())
    )

    await judge(await write("makasih min"), a_verdict(Kind.OTHER, 0.99))

    found = await talk(quick_store)
    assert (found.needs_person, found.kind) == (False, "other")


async def test_a_word_that_nobody_could_judge_stays_in_sight(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock
) -> None:
    message = await write("???")
    await quick_store.write(partial(lay_open, message_id=message.id, now=clock.now(), why="rusak"))

    await judge(await write("makasih min"), a_verdict(Kind.OTHER, 0.99))

    assert (await talk(quick_store)).needs_person


async def test_a_suggestion_shows_its_own_unit_not_that_of_an_ended_matter(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff
) -> None:
    """The clinic's request was answered; the bridge that came after it was about to become the clinic's case."""
    made = await judge(await write("Jadwal dokter?"), a_verdict(REQUEST, 0.95, topic="kesehatan", unit="dinkes"))
    assert made is not None
    await quick_store.write(partial(void, staff=staff, case_id=made.id, reason="sudah terjawab", now=NOON))

    await judge(
        await write("jembatan begitu lagi"), a_verdict(Kind.COMPLAINT, 0.55, topic="jalan_jembatan", unit="pupr")
    )

    assert (await talk(quick_store)).unit == "pupr"


async def test_a_talk_that_a_person_passed_on_stays_where_it_was_put(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff
) -> None:
    await judge(await write("halo"), a_verdict(Kind.OTHER, 0.95, unit="diskominfo"))
    found = await talk(quick_store)
    await quick_store.write(partial(pass_to_unit, staff=staff, conversation_id=found.id, unit="pupr", now=NOON))

    await judge(await write("lampu begitu lagi"), a_verdict(Kind.COMPLAINT, 0.55, topic="pju", unit="dishub"))
    put = (await talk(quick_store)).unit
    await judge(
        await write("petugasnya minta uang"), a_verdict(Kind.COMPLAINT, 0.55, topic="pungli", unit="inspektorat")
    )

    assert put == "pupr"
    assert (await talk(quick_store)).unit == "inspektorat"
