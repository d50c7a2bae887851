"""Every path of the law, walked over Idul Fitri, cuti bersama and the turn of the year; each day counted by hand."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from omnichannel.domain.case import Case, CaseState, Outcome
from omnichannel.domain.errors import Conflict, Invalid, NotAllowed
from omnichannel.domain.objection import ObjectionState, Verdict
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.ppid import PpidRules
from omnichannel.domain.ppid_decision import DecisionState, Ruling
from omnichannel.router import errand, formal, objecting, remind, ruling
from omnichannel.router.desk import Desk
from omnichannel.store.database import SqlStore
from tests.build import CITIZEN, a_staff
from tests.desk import a_desk
from tests.domain.decree import CALENDAR, at, clocks
from tests.house import HandClock
from tests.router.asking import a_request, a_test, an_officer, fill, fresh, proved
from tests.router.conftest import Judge, Write, history, notices

WHY = "Memuat data pribadi penerima bantuan."
GRANTED = Ruling(outcome=Outcome.GRANTED, medium="softcopy")
REFUSED = Ruling(outcome=Outcome.REFUSED, reason=WHY, grounds=("h",))
STORY = "Data yang saya minta bukan data pribadi."


@pytest.fixture
def desk(clock: HandClock) -> Desk:
    clock.at = at("2026-03-13T09:00")
    return replace(a_desk(), clocks=clocks())


def at_desk(**rules: Any) -> Desk:
    return replace(a_desk(ppid=PpidRules(**rules)), clocks=clocks())


@pytest.fixture
async def officer(quick_store: SqlStore) -> Staff:
    return await an_officer(quick_store)


@pytest.fixture
async def asked(quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock) -> Case:
    """Complete from the start: Fri 13 Mar 2026, so the answer is due on 6 April."""
    case = await a_request(write, judge, desk=desk, sent_at=clock.at)
    await fill(quick_store, desk, case, clock.at)
    return await fresh(quick_store, case)


async def decide(store: SqlStore, desk: Desk, staff: Staff, case: Case, what: Ruling, clock: HandClock) -> Any:
    seen = (await fresh(store, case)).version
    return await store.write(lambda work: ruling.decide(work, desk, staff, case.id, what, now=clock.at, seen=seen))


async def object_(store: SqlStore, desk: Desk, case: Case, clock: HandClock, *grounds: str) -> Any:
    return await store.write(lambda work: objecting.file(work, desk, case.id, grounds, STORY, CITIZEN, now=clock.at))


async def test_granted(quick_store: SqlStore, desk: Desk, officer: Staff, asked: Case, clock: HandClock) -> None:
    clock.at = at("2026-04-06T23:59")  # the tenth working day, counted in the domain's tests

    decision = await decide(quick_store, desk, officer, asked, GRANTED, clock)

    ended = await fresh(quick_store, asked)
    assert (ended.outcome, ended.state, ended.overdue(date(2026, 4, 7))) == (
        Outcome.GRANTED, CaseState.ANSWERED, False)  # fmt: skip
    assert (decision.state, decision.ruling.held, decision.approved_by) == (DecisionState.FINAL, True, officer.id)
    told = (await notices(quick_store, asked.conversation_id))[-1]
    assert "dikabulkan" in told
    assert "keberatan" not in told


async def test_partly(quick_store: SqlStore, desk: Desk, officer: Staff, asked: Case, clock: HandClock) -> None:
    partly = replace(REFUSED, outcome=Outcome.PARTLY, medium="softcopy", cost=15_000, payment="tunai di loket")
    with pytest.raises(Invalid, match="uji konsekuensi untuk Pasal 17 huruf h"):
        await decide(quick_store, desk, officer, asked, partly, clock)
    await proved(quick_store, officer, asked, clock.at, "h")
    with pytest.raises(Invalid, match="dihitamkan"):
        await decide(quick_store, desk, officer, asked, partly, clock)

    cut = replace(partly, redacted="Nama dan NIK penerima, karena rahasia pribadi.")
    await decide(quick_store, desk, officer, asked, cut, clock)

    told = (await notices(quick_store, asked.conversation_id))[-1]
    for part in ("dikabulkan sebagian", "Pasal 17 huruf h", "Nama dan NIK penerima", "Rp15.000", "keberatan"):
        assert part in told


async def test_refused(quick_store: SqlStore, desk: Desk, officer: Staff, asked: Case, clock: HandClock) -> None:
    for wrong, says in (
        (replace(REFUSED, reason=""), "alasannya"),
        (replace(REFUSED, grounds=()), "Pasal 17"),
        (replace(REFUSED, grounds=("x",)), "tidak ada di Pasal 17"),
        (REFUSED, "uji konsekuensi"),
    ):
        with pytest.raises(Invalid, match=says):
            await decide(quick_store, desk, officer, asked, wrong, clock)
    await proved(quick_store, officer, asked, clock.at, "h")

    await decide(quick_store, desk, officer, asked, REFUSED, clock)

    assert (await fresh(quick_store, asked)).outcome is Outcome.REFUSED
    told = (await notices(quick_store, asked.conversation_id))[-1]
    assert "rahasia pribadi" in told
    assert "30 hari kerja" in told


async def test_a_test_that_proves_nothing_is_not_kept(
    quick_store: SqlStore, officer: Staff, asked: Case, clock: HandClock
) -> None:
    for facts, says in (
        ({"basis": "q"}, "huruf Pasal 17"),
        ({"consequence": "x"}, "akibatnya"),
        ({"approver": " "}, "pejabat"),
        ({"basis": "a", "period": ""}, "Pasal 20"),
        ({"basis": "j"}, "undang-undang lain"),
    ):
        basis = facts.pop("basis", "h")
        proof = a_test(asked, clock.at, basis, **facts)
        with pytest.raises(Invalid, match=says):
            await quick_store.write(lambda work, proof=proof: ruling.record_test(work, officer, proof, now=clock.at))  # type: ignore[misc]
    assert await quick_store.read(lambda work: work.requests.tests(asked.id)) == []


async def test_not_held_and_passed_on(
    quick_store: SqlStore, desk: Desk, officer: Staff, asked: Case, clock: HandClock
) -> None:
    nobody = Ruling(outcome=Outcome.TRANSFERRED, reason="Dikuasai pemerintah provinsi.")
    with pytest.raises(Invalid, match="badan publik"):
        await decide(quick_store, desk, officer, asked, nobody, clock)

    held_by = replace(nobody, outcome=Outcome.NOT_HELD, forwarded_to="Dinas PUPR Provinsi")
    decision = await decide(quick_store, desk, officer, asked, held_by, clock)

    assert decision.ruling.held is False
    assert "Dinas PUPR Provinsi" in (await notices(quick_store, asked.conversation_id))[-1]


async def test_transferred_is_over_for_us(
    quick_store: SqlStore, desk: Desk, officer: Staff, asked: Case, clock: HandClock
) -> None:
    away = Ruling(outcome=Outcome.TRANSFERRED, reason="Dikuasai provinsi.", forwarded_to="PPID Provinsi")

    await decide(quick_store, desk, officer, asked, away, clock)

    assert (await fresh(quick_store, asked)).state is CaseState.CLOSED


async def test_extended_then_answered_on_the_last_day_of_the_seven(
    quick_store: SqlStore, desk: Desk, officer: Staff, asked: Case, clock: HandClock
) -> None:
    clock.at = at("2026-04-06T10:00")
    longer = await quick_store.write(
        lambda work: formal.extend(
            work, desk, officer, asked.id, "Masih dihimpun dari bidang.", now=clock.at, seen=asked.version
        )
    )
    clock.at = at("2026-04-15T23:59")  # 7=1 8=2 9=3 10=4 [11 12] 13=5 14=6 15=7

    await decide(quick_store, desk, officer, asked, GRANTED, clock)

    assert longer.due == date(2026, 4, 15)
    assert not (await fresh(quick_store, asked)).overdue(date(2026, 4, 16))


async def test_incomplete_then_lapsed(
    quick_store: SqlStore, write: Write, judge: Judge, officer: Staff, clock: HandClock
) -> None:
    clock.at = at("2026-12-21T09:00")
    desk = at_desk(lapse_after=3)
    case = await a_request(write, judge, desk=desk, sent_at=clock.at)
    lapse = Ruling(outcome=Outcome.LAPSED, reason="Tidak dilengkapi sesudah diminta.")
    # 22=1 23=2 [24 25 26 27] 28=3: from the 29th on.
    clock.at = at("2026-12-28T23:59")
    with pytest.raises(Invalid, match="29 Desember 2026"):
        await decide(quick_store, desk, officer, case, lapse, clock)
    clock.at = at("2026-12-29T00:00")

    await decide(quick_store, desk, officer, case, lapse, clock)

    assert (await fresh(quick_store, case)).state is CaseState.CLOSED
    assert "tidak dilengkapi" in (await notices(quick_store, case.conversation_id))[-1]


async def test_a_complete_request_never_lapses(
    quick_store: SqlStore, desk: Desk, officer: Staff, asked: Case, clock: HandClock
) -> None:
    clock.at += timedelta(days=100)
    lapse = Ruling(outcome=Outcome.LAPSED, reason="Tidak dilengkapi sesudah diminta.")

    with pytest.raises(Invalid, match="menunggu dilengkapi"):
        await decide(quick_store, desk, officer, asked, lapse, clock)


async def test_withdrawn_needs_nobody_else(
    quick_store: SqlStore, officer: Staff, asked: Case, clock: HandClock
) -> None:
    await decide(quick_store, at_desk(approval=True), officer, asked, Ruling(outcome=Outcome.WITHDRAWN), clock)

    assert (await fresh(quick_store, asked)).state is CaseState.CLOSED


async def test_two_officers_decide_at_once_and_one_is_told(
    quick_store: SqlStore, desk: Desk, officer: Staff, asked: Case, clock: HandClock
) -> None:
    other = await an_officer(quick_store, "Petugas Dua")
    await proved(quick_store, officer, asked, clock.at, "h")

    answers = await asyncio.gather(
        decide(quick_store, desk, officer, asked, GRANTED, clock),
        decide(quick_store, desk, other, asked, REFUSED, clock),
        return_exceptions=True,
    )

    lost = [one for one in answers if isinstance(one, Conflict)]
    assert len(lost) == 1
    final = await quick_store.read(lambda work: work.requests.decisions(asked.id))
    assert [one.state for one in final] == [DecisionState.FINAL]
    assert (await fresh(quick_store, asked)).outcome is final[0].ruling.outcome
    concluded = [one for one in await history(quick_store, asked.conversation_id) if one.verb == "concluded"]
    assert len(concluded) == 1


async def test_where_the_office_wants_approval_a_second_person_gives_it(
    quick_store: SqlStore, officer: Staff, asked: Case, clock: HandClock
) -> None:
    desk = at_desk(approval=True)
    boss = await quick_store.write(lambda work: a_staff(work, role=Role.SUPERVISOR, name="Kepala"))
    agent = await quick_store.write(lambda work: a_staff(work, role=Role.AGENT))
    draft = await decide(quick_store, desk, officer, asked, GRANTED, clock)
    case = await fresh(quick_store, asked)
    assert (draft.state, case.state) == (DecisionState.DRAFT, CaseState.OPEN)

    def approve(who: Staff, seen: int, what: int = draft.id) -> Any:
        return quick_store.write(lambda work: ruling.approve(work, desk, who, what, now=clock.at, seen=seen))

    for nobody, says in ((officer, "bukan penyusunnya"), (agent, "Peran Anda")):
        with pytest.raises(NotAllowed, match=says):
            await approve(nobody, case.version)
    with pytest.raises(Conflict):
        await approve(boss, asked.version)  # the page of before the draft
    await quick_store.write(lambda work: ruling.send_back(work, boss, draft.id, "Lampirkan tautannya.", now=clock.at))
    with pytest.raises(Conflict, match="dikembalikan"):
        await approve(boss, (await fresh(quick_store, asked)).version)
    second = await decide(quick_store, desk, officer, asked, GRANTED, clock)
    final = await approve(boss, (await fresh(quick_store, asked)).version, second.id)

    assert (final.state, final.drafted_by, final.approved_by) == (DecisionState.FINAL, officer.id, boss.id)
    assert (await fresh(quick_store, asked)).outcome is Outcome.GRANTED


async def test_a_unit_answers_inside_the_case_before_our_own_day(
    quick_store: SqlStore, desk: Desk, officer: Staff, asked: Case, clock: HandClock
) -> None:
    task = await quick_store.write(
        lambda work: errand.give(work, desk, officer, asked.id, "dishub", "Apakah DPA 2025 ada di dinas?", now=clock.at)
    )
    # 16=1 17=2 [18-24] 25=3 26=4 27=5, well before 6 April.
    assert task.due == date(2026, 3, 27)
    with pytest.raises(Invalid, match="belum dijawab"):
        await quick_store.write(
            lambda work: errand.give(work, desk, officer, asked.id, "dishub", "Apakah ada?", now=clock.at)
        )
    done = await quick_store.write(
        lambda work: errand.answer(work, task.id, "Ada, berkas terlampir.", True, CITIZEN, now=clock.at)
    )
    assert not done.open
    with pytest.raises(Conflict):
        await quick_store.write(lambda work: errand.answer(work, task.id, "Tidak ada.", False, CITIZEN, now=clock.at))
    clock.at = at("2026-04-02T09:00")  # Thursday; [3 4 5] and the legal day is Monday the 6th
    late = await quick_store.write(
        lambda work: errand.give(work, desk, officer, asked.id, "bpkad", "Berapa pagunya?", now=clock.at)
    )
    assert late.due == date(2026, 4, 2)
    await decide(quick_store, desk, officer, asked, GRANTED, clock)
    gone = await quick_store.read(lambda work: work.errands.task(late.id))
    assert gone is not None
    assert not gone.open


async def test_an_objection_in_time_is_answered_and_goes_to_the_komisi(
    quick_store: SqlStore, desk: Desk, officer: Staff, asked: Case, clock: HandClock
) -> None:
    await proved(quick_store, officer, asked, clock.at, "h")
    clock.at = at("2026-03-17T10:00")
    await decide(quick_store, desk, officer, asked, REFUSED, clock)
    clock.at = at("2026-05-07T23:59")  # the thirtieth working day, counted in the domain's tests

    objection = await object_(quick_store, desk, asked, clock, "a")

    # 8=1 11-13=2-4 [14 15 16 17] 18-22=5-9 25 26=10 11 [27 28] 29=12 [30 31 1] 2-5=13-16 8-12=17-21 15=22 [16] 17-19=23-25
    # 22-26=26-30.
    assert (objection.number, objection.state, objection.due) == (
        "KEB-2026-000001", ObjectionState.OPEN, date(2026, 6, 26))  # fmt: skip
    with pytest.raises(Conflict, match="KEB-2026-000001"):
        await object_(quick_store, desk, asked, clock, "e")
    clock.at = at("2026-06-26T15:00")
    answered = await quick_store.write(
        lambda work: objecting.answer(
            work, desk, officer, objection.id, Verdict.REJECTED, "Uji konsekuensi sudah tepat.",
            superior="Pejabat Uji", post="", now=clock.at, seen=objection.version,
        )
    )  # fmt: skip
    # Mon 29 Jun=1 30=2, July 1-3=3-5 6-10=6-10 13-16=11-14.
    assert answered.dispute_due == date(2026, 7, 16)
    told = (await notices(quick_store, asked.conversation_id))[-1]
    assert "Komisi Informasi paling lambat 16 Juli 2026" in told

    def dispute(day: str, seen: int) -> Any:
        return quick_store.write(
            lambda work: objecting.dispute(
                work, desk, officer, objection.id, "012/VII/KI", at(day), now=at("2026-08-01T09:00"), seen=seen
            )
        )

    with pytest.raises(Invalid, match="16 Juli 2026"):
        await dispute("2026-07-17T00:00", answered.version)
    disputed = await dispute("2026-07-16T23:59", answered.version)
    assert (disputed.state, disputed.dispute_number) == (ObjectionState.DISPUTED, "012/VII/KI")


async def test_an_objection_out_of_time_is_registered_and_gets_the_laws_answer(
    quick_store: SqlStore, desk: Desk, officer: Staff, asked: Case, clock: HandClock
) -> None:
    await proved(quick_store, officer, asked, clock.at, "h")
    clock.at = at("2026-03-17T10:00")
    await decide(quick_store, desk, officer, asked, REFUSED, clock)
    clock.at = at("2026-05-08T00:00")

    objection = await object_(quick_store, desk, asked, clock, "a")

    assert (objection.state, objection.number) == (ObjectionState.TOO_LATE, "KEB-2026-000001")
    told = (await notices(quick_store, asked.conversation_id))[-1]
    assert "7 Mei 2026" in told
    assert "Pasal 36 ayat (1)" in told
    assert "permohonan baru" in told


async def test_silence_can_be_objected_to_from_the_day_after_and_the_dispute_needs_no_answer(
    quick_store: SqlStore, desk: Desk, officer: Staff, asked: Case, clock: HandClock
) -> None:
    clock.at = at("2026-04-06T23:59")
    with pytest.raises(Invalid, match="belum lewat"):
        await object_(quick_store, desk, asked, clock, "c")
    clock.at = at("2026-04-07T00:00")
    objection = await object_(quick_store, desk, asked, clock, "c")
    assert objection.found_on == date(2026, 4, 6)

    def dispute(day: str) -> Any:
        return quick_store.write(
            lambda work: objecting.dispute(
                work, desk, officer, objection.id, "", at(day), now=at("2026-09-01T09:00"), seen=objection.version
            )
        )

    with pytest.raises(Invalid, match="masih punya waktu"):
        await dispute(f"{objection.due.isoformat()}T12:00")
    assert (await dispute(f"{(objection.due + timedelta(days=1)).isoformat()}T12:00")).state is ObjectionState.DISPUTED


async def test_an_objection_of_the_new_year_gets_a_number_of_the_new_year(
    quick_store: SqlStore, desk: Desk, officer: Staff, asked: Case, clock: HandClock
) -> None:
    clock.at = at("2026-12-31T16:30Z")  # half past midnight of 1 January in WITA

    objection = await object_(quick_store, desk, asked, clock, "c")

    assert objection.number == "KEB-2027-000001"
    assert objection.state is ObjectionState.TOO_LATE


async def test_a_new_decree_moves_open_objections_too_and_the_morning_reminds_of_them(
    quick_store: SqlStore, desk: Desk, officer: Staff, asked: Case, clock: HandClock
) -> None:
    clock.at = at("2026-04-07T09:00")
    objection = await object_(quick_store, desk, asked, clock, "c")
    more = desk.clocks.resting({date(2026, 4, 20): "Libur tambahan"})
    more.calendar.__dict__["version"] = "baru"

    moves = await quick_store.write(
        lambda work: objecting.recount(work, replace(desk, clocks=more), clock.at, "Kalender berubah.")
    )

    # 8-10=1-3 13-17=4-8 20-24=9-13 27-30=14-17 [1 May] 4-8=18-22 11-13=23-25 [14 15] 18-22=26-30; one day more: the 25th.
    assert objection.due == date(2026, 5, 22)
    assert [(one.number, one.after) for one in moves] == [(objection.number, date(2026, 5, 25))]
    await quick_store.write(
        lambda work: errand.give(work, desk, officer, asked.id, "dishub", "Mengapa belum dijawab?", now=clock.at)
    )
    clock.at = at("2026-05-22T07:00")
    await quick_store.write(lambda work: remind.remind(work, CALENDAR, date(2026, 5, 22), clock.at))
    verbs = [one.verb for one in await history(quick_store, asked.conversation_id)]
    assert {"objection_near", "task_late", "overdue"} <= set(verbs)
