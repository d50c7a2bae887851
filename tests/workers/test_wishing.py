"""What a citizen wishes for their report is heeded, and what they answer to LAPOR goes back there."""

from datetime import timedelta

from omnichannel.domain.case import Kind
from omnichannel.domain.forwarding import ForwardState
from omnichannel.toys.lapor import LaporToy
from omnichannel.workers.forwarding import Dispatch, listen, reply
from tests.house import HandClock
from tests.workers.conftest import Office
from tests.workers.reports import a_complaint, now_is, row, says, told


async def test_where_the_office_asks_a_report_waits_for_the_citizens_yes(office: Office, toy: LaporToy) -> None:
    house = office(lapor_consent="ask")
    case, other = await a_complaint(house), await a_complaint(house)
    worker = Dispatch(house, "satu")
    await worker.turn()
    assert toy.reports == {}
    assert "YA atau TIDAK" in (await told(house, case))[-1]

    await says(house, case, "Ya, anonim", kind=Kind.OTHER)
    await says(house, other, "tidak usah", kind=Kind.OTHER)
    await worker.turn()

    (report,) = toy.reports.values()
    assert report.said["is_anonymous"] is True
    refused = await row(house, other)
    assert refused is not None
    assert refused.state is ForwardState.HELD
    assert "tidak diteruskan" in (await told(house, other))[-1]


async def test_who_chooses_to_be_named_is_named_in_the_identity_fields_alone(office: Office, toy: LaporToy) -> None:
    house = office(lapor_wait=timedelta(minutes=10))
    case = await a_complaint(house)
    worker = Dispatch(house, "satu")
    await worker.turn()
    await says(house, case, "pakai nama saya", kind=Kind.OTHER)
    house.clock.advance(timedelta(minutes=11))  # type: ignore[attr-defined]
    await worker.turn()

    (report,) = toy.reports.values()
    assert (report.said["nameUser"], report.said["phoneUser"]) == ("Sari Wulandari", "+6281234567890")
    assert "Sari" not in report.said["content"] + report.said["title"]


async def test_whoever_reports_officials_stays_unnamed_whatever_they_say_in_passing(
    office: Office, toy: LaporToy
) -> None:
    house = office(lapor_wait=timedelta(minutes=10))
    case = await a_complaint(house, "Petugas loket minta uang rokok", topic="pungli")
    worker = Dispatch(house, "satu")
    await worker.turn()
    await says(house, case, "pakai nama saya", kind=Kind.OTHER)
    house.clock.advance(timedelta(minutes=11))  # type: ignore[attr-defined]
    await worker.turn()

    after = await now_is(house, case)
    assert (after.anonymous, after.secret) == (True, True)
    assert any("anonim, rahasia" in one for one in await told(house, case))
    (report,) = toy.reports.values()
    assert (report.said["user_id"], report.said["is_anonymous"], report.said["is_secret"]) == ("9", True, True)
    sent = b"".join(toy.bodies)
    assert b"Sari" not in sent
    assert b"81234567890" not in sent


async def test_an_objection_in_time_keeps_the_report_here(office: Office, toy: LaporToy, clock: HandClock) -> None:
    house = office(lapor_wait=timedelta(minutes=10))
    case = await a_complaint(house)
    worker = Dispatch(house, "satu")
    await worker.turn()
    await says(house, case, "Jangan diteruskan", kind=Kind.OTHER)
    clock.advance(timedelta(minutes=11))
    await worker.turn()

    assert toy.reports == {}


async def test_the_citizens_answer_goes_back_to_lapor_once(office: Office, toy: LaporToy, clock: HandClock) -> None:
    house = office()
    case = await a_complaint(house)
    await Dispatch(house, "satu").turn()
    (number,) = toy.reports
    await says(house, case, "Tiangnya nomor tiga dari masjid")
    toy.follows_up(number, "Lampu sudah diganti.", status="Selesai")
    clock.advance(house.office.lapor_poll)
    await listen(house, "satu")
    assert await reply(house, "satu") is False, "before LAPOR spoke there is nothing to answer"

    followed = await says(house, case, "Masih mati pak, hubungi 081234567890")
    await says(house, case, "Terima kasih", kind=Kind.OTHER)
    while await reply(house, "satu"):
        pass
    clock.advance(house.office.lapor_poll * 24)
    await listen(house, "satu")

    assert followed is not None
    assert followed.id == case.id
    (posted,) = toy.replies
    assert "Masih mati pak" in posted["content"]
    assert "081234567890" not in posted["content"]
    assert not any("Masih mati" in one for one in await told(house, case)), "our own words do not come back as news"


async def test_a_reply_that_may_have_arrived_is_not_repeated(office: Office, toy: LaporToy, clock: HandClock) -> None:
    house = office()
    case = await a_complaint(house)
    await Dispatch(house, "satu").turn()
    (number,) = toy.reports
    toy.follows_up(number, "Sudah selesai?")
    clock.advance(house.office.lapor_poll)
    await listen(house, "satu")
    await says(house, case, "Belum")
    toy.fail("lost", only="reply")
    for _ in range(4):
        await reply(house, "satu")
        clock.advance(timedelta(hours=1))

    assert len(toy.replies) == 1


async def test_a_reply_that_did_not_arrive_is_tried_again(office: Office, toy: LaporToy, clock: HandClock) -> None:
    house = office()
    case = await a_complaint(house)
    await Dispatch(house, "satu").turn()
    (number,) = toy.reports
    toy.follows_up(number, "Sudah selesai?")
    clock.advance(house.office.lapor_poll)
    await listen(house, "satu")
    await says(house, case, "Belum")
    toy.fail("flood", only="reply", seconds=0, times=2)
    for _ in range(4):
        await reply(house, "satu")
        clock.advance(timedelta(hours=1))

    assert len(toy.replies) == 1
