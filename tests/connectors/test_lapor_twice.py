"""A gateway that answers twice: whose answer is whose, and what is never taken for granted."""

import asyncio
from dataclasses import replace

import pytest

from omnichannel.connectors.lapor import mapping
from omnichannel.domain.errors import AccountBroken, Refused, Unsure
from omnichannel.domain.ports import Ref
from omnichannel.toys.lapor import SECOND, LaporToy
from tests.connectors.test_lapor_api import REPORT, talking

LAMP, ROAD = replace(REPORT, case_id=1), replace(REPORT, case_id=2, title="Jalan berlubang di Sangkima")


@pytest.mark.parametrize("fault", ["twice", "again"])
async def test_a_second_answer_on_the_line_is_not_read_as_the_answer_to_the_next_call(fault: str) -> None:
    toy = LaporToy()
    async with talking(toy) as lapor:
        toy.fail(fault, only="create")
        first = await lapor.forward(LAMP)
        await asyncio.sleep(2 * SECOND)  # the line has been handed back, and the gateway says it once more
        second = await lapor.forward(ROAD)
        news = await lapor.news(Ref(second.complaint_id), None)

    assert toy.reports[first.complaint_id].title == LAMP.title
    assert toy.reports[second.complaint_id].title == ROAD.title
    assert second.tracking_id == toy.reports[second.complaint_id].tracking
    assert [one.status_name for one in news.news] == ["Belum Terverifikasi"]
    assert len(toy.reports) == 2


@pytest.mark.parametrize(("fault", "there"), [("stale", 2), ("cached", 1)])
async def test_the_answer_to_an_earlier_report_is_no_proof_of_this_one(fault: str, there: int) -> None:
    toy = LaporToy()
    async with talking(toy) as lapor:
        await lapor.forward(LAMP)
        toy.fail(fault, only="create")
        with pytest.raises(Unsure, match="laporan lain"):
            await lapor.forward(ROAD)

    assert len(toy.reports) == there


async def test_a_refusal_because_it_is_there_already_leaves_it_unsure() -> None:
    toy = LaporToy()
    async with talking(toy) as lapor:
        toy.fail("conflict", only="create")
        with pytest.raises(Unsure, match="sudah pernah masuk"):
            await lapor.forward(LAMP)

    assert len(toy.reports) == 1


async def test_a_refusal_for_another_reason_is_one() -> None:
    toy = LaporToy()
    async with talking(toy) as lapor:
        toy.fail("refused", only="create")
        with pytest.raises(Refused):
            await lapor.forward(LAMP)
        toy.fail("unauthorized", only="create")
        with pytest.raises(AccountBroken):
            await lapor.forward(LAMP)


def test_news_of_another_report_is_no_news_of_this_one() -> None:
    answer = {"results": {"data": {"id": 12, "title": "Jalan berlubang", "status_name": "Selesai"}}}

    assert mapping.detail(answer, "12") is not None
    assert mapping.detail(answer, "13") is None


@pytest.mark.parametrize(
    ("told", "ours", "same"),
    [
        ("Lampu jalan mati", "Lampu jalan mati", True),
        ("LAMPU  JALAN MATI!", "Lampu jalan mati", True),
        ("", "Lampu jalan mati", True),
        ("Lampu jalan", "Lampu jalan mati di Gang Mawar", False),
        ("Lampu jalan nomor 1", "Lampu jalan nomor 12", False),
        ("Lampu jalan di Gang Mawar RT 12 Teluk Lingga mati sejak tiga", "Lampu jalan di Gang Mawar RT 12 Teluk Lingga mati sejak tiga malam", True),
    ],
)  # fmt: skip
def test_a_title_is_the_same_title_though_cut_or_written_otherwise(told: str, ours: str, same: bool) -> None:
    assert mapping.is_titled({"title": told}, ours) is same
