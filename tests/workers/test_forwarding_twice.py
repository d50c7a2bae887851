"""Reports that look alike, and answers that come twice: each report has its own number in LAPOR, or a person looks."""

from datetime import timedelta

import pytest

from omnichannel.domain.case import Case
from omnichannel.domain.forwarding import Forward, ForwardState
from omnichannel.domain.house import House
from omnichannel.router import forward
from omnichannel.toys.lapor import LaporToy
from omnichannel.workers.forwarding import Dispatch
from tests.build import a_staff
from tests.house import HandClock
from tests.workers.conftest import Office
from tests.workers.reports import a_complaint, now_is, row


async def forwarded(house: House, case: Case) -> Forward:
    found = await row(house, case)
    assert found is not None
    return found


async def send_again(house: House, case: Case) -> None:
    await house.store.write(lambda work: forward.send_now(work, a_staff(work), case.id, now=house.clock.now()))
    await Dispatch(house, "satu").turn()


async def test_the_report_of_a_neighbour_in_the_same_words_is_not_taken_for_ours(office: Office, toy: LaporToy) -> None:
    """Both say "Lampu jalan mati". The first is there; the second was cut off before it arrived."""
    toy.search = True
    house = office()
    first = await a_complaint(house)
    await Dispatch(house, "satu").turn()
    second = await a_complaint(house)
    toy.fail("reset", only="create")
    await Dispatch(house, "satu").turn()

    assert (await forwarded(house, first)).state is ForwardState.SENT
    assert (await forwarded(house, second)).state is ForwardState.UNSURE
    assert (await now_is(house, second)).tracking_id is None


async def test_two_alike_that_are_both_in_doubt_are_for_a_person(office: Office, toy: LaporToy) -> None:
    toy.search = True
    house = office()
    cases = [await a_complaint(house), await a_complaint(house)]
    toy.fail("lost", only="create")
    toy.fail("reset", only="create")
    worker = Dispatch(house, "satu")
    await worker.turn()
    await worker.turn()

    assert [(await forwarded(house, case)).state for case in cases] == [ForwardState.UNSURE] * 2
    assert len(toy.reports) == 1


async def test_what_is_there_is_found_before_it_is_sent_again(office: Office, toy: LaporToy, clock: HandClock) -> None:
    """The officer did not find it and has it sent again; LAPOR's own search does."""
    toy.search = True
    house = office()
    case = await a_complaint(house)
    toy.fail("conflict", only="create")
    toy.fail("html", only="search")
    await Dispatch(house, "satu").turn()
    assert (await forwarded(house, case)).state is ForwardState.UNSURE
    clock.advance(timedelta(minutes=1))
    await send_again(house, case)

    (report,) = toy.reports.values()
    assert (await now_is(house, case)).tracking_id == report.tracking


@pytest.mark.parametrize("fault", ["stale", "cached"])
async def test_an_answer_with_another_reports_number_settles_nothing(office: Office, toy: LaporToy, fault: str) -> None:
    house = office()
    first = await a_complaint(house, "Jalan rusak di Sangkima")
    await Dispatch(house, "satu").turn()
    second = await a_complaint(house, "Jembatan patah di Telen")
    toy.fail(fault, only="create")
    toy.fail("html", only="detail")  # nor does LAPOR show which report that number is
    await Dispatch(house, "satu").turn()

    doubtful = await forwarded(house, second)
    assert doubtful.state is ForwardState.UNSURE
    assert first.number in (doubtful.error or "")
    assert (await now_is(house, second)).tracking_id is None
    assert (await now_is(house, first)).tracking_id == toy.reports["1"].tracking
