"""Reports leave for SP4N-LAPOR! by themselves: once, with nobody's name who did not give it, and never blindly again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from omnichannel.domain.case import Case, CaseState, Kind
from omnichannel.domain.channel import Surface
from omnichannel.domain.errors import Conflict
from omnichannel.domain.forwarding import ForwardState
from omnichannel.domain.samples import NEVER_LEAVES
from omnichannel.domain.work import Work
from omnichannel.inbox.receive import Intake
from omnichannel.router import batch, forward, route
from omnichannel.router.desk import by_staff
from omnichannel.router.lapor import keyed_in
from omnichannel.toys.lapor import LaporToy
from omnichannel.workers.forwarding import Dispatch, desk_of, listen, names
from tests.build import a_staff, an_incoming
from tests.desk import a_verdict
from tests.house import HandClock
from tests.plug import OPEN, Plug
from tests.workers.conftest import Office, wrote
from tests.workers.reports import SARI, a_complaint, now_is, row, told


async def test_a_sure_complaint_leaves_by_itself_once(office: Office, toy: LaporToy) -> None:
    house = office()
    case = await a_complaint(house)
    for worker in (Dispatch(house, "satu"), Dispatch(house, "dua"), Dispatch(house, "satu")):
        await worker.turn()

    (report,) = toy.reports.values()
    after = await now_is(house, case)
    assert report.title == "Lampu jalan mati"
    assert (after.state, after.tracking_id) == (CaseState.FORWARDED, report.tracking)
    assert report.tracking in (await told(house, case))[-1]


async def test_nobody_is_named_who_did_not_ask_for_it(office: Office, toy: LaporToy) -> None:
    house = office()
    await a_complaint(house, "Saya Sari Wulandari, NIK 6408051234567890, lampu mati. HP 081234567890")
    await Dispatch(house, "satu").turn()

    (report,) = toy.reports.values()
    assert report.said["user_id"] == "9"
    sent = b"".join(toy.bodies)
    for piece in (b"Sari", b"6408051234567890", b"81234567890", b"warga-1"):
        assert piece not in sent


async def test_what_is_unsure_or_asked_for_by_hand_waits_for_an_officer(office: Office, toy: LaporToy) -> None:
    house = office(lapor_by_hand=frozenset({"dishub"}))
    case = await a_complaint(house)
    worker = Dispatch(house, "satu")
    await worker.turn()
    assert toy.reports == {}
    waiting = await row(house, case)
    assert waiting is not None
    assert waiting.state is ForwardState.WAITING

    await house.store.write(lambda work: forward.send_now(work, a_staff(work), case.id, now=house.clock.now()))
    await worker.turn()
    assert len(toy.reports) == 1


async def test_a_sample_never_leaves_by_itself_by_hand_or_in_a_file(office: Office, toy: LaporToy) -> None:
    house = office()
    plug = Plug("telepon")
    event = an_incoming("Lampu jalan di depan pasar mati", external_id="contoh-1", sent_at=house.clock.now())
    await Intake(house.store, house.files, house.clock).take_in(plug, [plug.raw(event)])

    def routed(work: Work) -> Case | None:
        message = work.messages.by_external("telepon", "contoh-1")
        assert message is not None
        return route.route(work, desk_of(house), message.id, a_verdict(), house.clock.now())

    sample = await house.store.write(routed)
    assert sample is not None
    beside = await a_complaint(house)
    for _ in range(2):
        await Dispatch(house, "satu").turn()

    assert len(toy.reports) == 1
    assert (await now_is(house, beside)).tracking_id is not None
    held = await row(house, sample)
    assert held is not None
    assert (held.state, held.error) == (ForwardState.HELD, NEVER_LEAVES)
    with pytest.raises(Conflict, match="data contoh"):
        await house.store.write(lambda work: forward.send_now(work, a_staff(work), sample.id, now=house.clock.now()))

    def waits_again(work: Work) -> list[tuple[str, ...]]:
        # However it came to wait, it is neither taken up nor written into the file.
        work.forwards.save(replace(held, state=ForwardState.WAITING))
        forward.put(work, sample.id, house.clock.now())
        return batch.rows(work, desk_of(house))

    assert sample.number not in {one[0] for one in await house.store.write(waits_again)}
    await Dispatch(house, "satu").turn()
    assert len(toy.reports) == 1
    after = await row(house, sample)
    assert after is not None
    assert after.state is ForwardState.HELD


async def test_a_request_for_information_is_no_report(office: Office, toy: LaporToy) -> None:
    house = office()
    case = await a_complaint(house, kind=Kind.INFORMATION_REQUEST)
    await Dispatch(house, "satu").turn()

    assert toy.reports == {}
    assert await row(house, case) is None


@pytest.mark.parametrize("fault", ["lost", "reset", "html", "garbage"])
async def test_an_answer_that_did_not_come_is_never_repeated_and_closed_by_a_person(
    office: Office, toy: LaporToy, clock: HandClock, fault: str
) -> None:
    house = office()
    case = await a_complaint(house)
    toy.fail(fault, only="create")
    worker = Dispatch(house, "satu")
    for _ in range(5):
        await worker.turn()
        clock.advance(timedelta(hours=1))

    doubtful = await row(house, case)
    assert doubtful is not None
    assert (doubtful.state, doubtful.title) == (ForwardState.UNSURE, "Lampu jalan mati")
    assert doubtful.tried_at is not None
    assert [call for call, _ in toy.calls].count("create") == 1

    def found(work: Work) -> Case:
        return keyed_in(
            work, a_staff(work), case.id, "9000001", None, office=house.office, capabilities=OPEN, now=clock.now()
        )

    await house.store.write(found)
    settled = await row(house, case)
    assert settled is not None
    assert settled.state is ForwardState.SENT


async def test_an_officer_may_send_again_what_lapor_does_not_have(office: Office, toy: LaporToy) -> None:
    house = office()
    case = await a_complaint(house)
    toy.fail("reset", only="create")
    worker = Dispatch(house, "satu")
    await worker.turn()
    await house.store.write(lambda work: forward.send_now(work, a_staff(work), case.id, now=house.clock.now()))
    await worker.turn()

    assert len(toy.reports) == 1
    assert (await now_is(house, case)).state is CaseState.FORWARDED


async def test_a_killed_sender_leaves_it_unsure_and_a_search_finds_it(
    office: Office, toy: LaporToy, clock: HandClock
) -> None:
    toy.search = True
    house = office()
    there, lost = (
        await a_complaint(house, "Jalan rusak di Sangkima"),
        await a_complaint(house, "Jembatan patah di Telen"),
    )
    worker = Dispatch(house, "mati")
    await worker._take_up()
    jobs = await house.store.write(
        lambda work: work.jobs.claim(forward.QUEUE, "mati", clock.now(), timedelta(minutes=5), 2)
    )
    begun = await house.store.write(
        lambda work: [forward.begin(work, desk_of(house), job, clock.now()) for job in jobs]
    )
    assert begun[0] is not None
    await house.forwarder.forward(begun[0].report)  # it arrives, and we die before we hear so
    clock.advance(timedelta(minutes=6))
    await Dispatch(house, "baru").turn()

    found, missing = await row(house, there), await row(house, lost)
    assert found is not None
    assert missing is not None
    assert (found.state, missing.state) == (ForwardState.SENT, ForwardState.UNSURE)
    assert len(toy.reports) == 1


async def test_a_gateway_that_is_down_is_asked_after_five_then_thirty_minutes_for_a_day(
    office: Office, toy: LaporToy, clock: HandClock
) -> None:
    house = office()
    case = await a_complaint(house)
    toy.fail("flood", times=1000, only="create", seconds=0)
    worker, tries = Dispatch(house, "satu"), []
    for minute in range(0, 26 * 60, 5):
        before = len(toy.calls)
        await worker.turn()
        tries += [minute] * (len(toy.calls) - before)
        clock.advance(timedelta(minutes=5))

    ended = await row(house, case)
    assert ended is not None
    assert tries[:4] == [0, 5, 35, 65]
    assert tries[-1] >= 23 * 60
    assert ended.state is ForwardState.FAILED
    assert "sehari" in (ended.error or "")


async def test_a_refusal_is_told_with_lapors_reason(office: Office, toy: LaporToy) -> None:
    house = office()
    case = await a_complaint(house)
    toy.fail("refused", only="create")
    await Dispatch(house, "satu").turn()

    ended = await row(house, case)
    assert ended is not None
    assert (ended.state, "isi tidak sah" in (ended.error or "")) == (ForwardState.FAILED, True)


async def test_a_wrong_key_holds_everything_back_and_counts_as_no_attempt(
    office: Office, toy: LaporToy, clock: HandClock
) -> None:
    house = office()
    case = await a_complaint(house)
    toy.fail("unauthorized", only="create")
    worker = Dispatch(house, "satu")
    await worker.turn()
    waiting = await row(house, case)
    assert waiting is not None
    assert (waiting.state, waiting.attempts) == (ForwardState.WAITING, 0)
    clock.advance(forward.REST)
    await worker.turn()
    assert len(toy.reports) == 1


async def test_held_back_voided_and_own_reports_stay_here(office: Office, toy: LaporToy) -> None:
    house = office(lapor_by_hand=frozenset({"dishub"}))
    objected, voided = await a_complaint(house), await a_complaint(house)
    worker = Dispatch(house, "satu")
    await worker.turn()

    def story(work: Work) -> None:
        staff = a_staff(work)
        forward.send_now(work, staff, objected.id, now=house.clock.now())
        forward.send_now(work, staff, voided.id, now=house.clock.now())
        forward.hold(work, by_staff(staff), objected.id, "Warga keberatan", now=house.clock.now())
        route.void(work, staff, voided.id, "Laporan ganda", now=house.clock.now())

    await house.store.write(story)
    await worker.turn()

    assert toy.reports == {}
    assert (await row(house, objected)).state is ForwardState.HELD  # type: ignore[union-attr]
    with pytest.raises(Conflict):
        await house.store.write(lambda work: forward.send_now(work, a_staff(work), voided.id, now=house.clock.now()))


async def test_news_comes_back_to_the_citizen_and_never_moves_a_case_back(
    office: Office, toy: LaporToy, clock: HandClock
) -> None:
    house = office()
    case = await a_complaint(house)
    await Dispatch(house, "satu").turn()
    (number,) = toy.reports
    toy.dispose(number, "503")
    toy.follows_up(number, "Tim kami menuju lokasi.", status="Dalam Proses")

    async def later() -> Case:
        clock.advance(house.office.lapor_poll * 24)
        await listen(house, "satu")
        return await now_is(house, case)

    assert (await later()).lapor_status == "Dalam Proses"
    toy.follows_up(number, "Lampu sudah diganti.", status="Selesai")
    done = await later()
    toy.status(number, "Terverifikasi")
    after, again = await later(), await later()

    assert (done.state, done.lapor_status) == (CaseState.ANSWERED, "Selesai")
    assert (after.state, after.lapor_status) == (CaseState.ANSWERED, "Selesai")
    assert again == after
    said = await told(house, case)
    assert [one for one in said if "Tim kami menuju lokasi" in one] != []
    assert len([one for one in said if "Lampu sudah diganti" in one]) == 1
    assert "Terverifikasi." not in said[-1]
    heard = await house.store.read(lambda work: work.forwards.news(case.id))
    assert [one.late for one in heard][-1] is True


async def test_a_secret_report_is_never_spoken_of_in_public(office: Office, toy: LaporToy) -> None:
    house = office()
    message = await wrote(house, Plug(), "Petugas minta uang", author=SARI, surface=Surface.PUBLIC)
    verdict = a_verdict(topic="pungli", unit="inspektorat")
    case = await house.store.write(
        lambda work: route.route(work, desk_of(house), message.id, verdict, house.clock.now())
    )
    assert case is not None
    await Dispatch(house, "satu").turn()

    (report,) = toy.reports.values()
    assert (report.said["is_anonymous"], report.said["is_secret"], report.said["user_id"]) == (True, True, "9")
    assert not any(report.tracking in one for one in await told(house, case))


async def test_lapors_lists_are_kept_daily(office: Office, toy: LaporToy, clock: HandClock) -> None:
    house = office()
    await names(house, "satu")
    await names(house, "satu")
    clock.advance(timedelta(hours=25))
    await names(house, "satu")

    kept = await house.store.read(lambda work: work.forwards.names("institution"))
    assert kept["503"] == "Dinas Perhubungan Kabupaten Kutai Timur"
    assert [call for call, _ in toy.calls].count("institutions") == 2
