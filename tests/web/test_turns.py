"""Rosters at /kelola/giliran: off at first, a night shift over midnight, and what nobody would send."""

from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path

import pytest

from omnichannel.domain.turns import SWITCH, Turn
from omnichannel.web.turns import shift
from tests.web.afternoon import Afternoon, an_afternoon

FORM = {"ikut": "1", "hari": "0", "mulai": "08:00", "sampai": "16:00", "paling": "5", "bahasa": "en"}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        yield found


async def kept(desk: Afternoon) -> list[Turn]:
    return await desk.read(lambda work: work.turns.all())


async def test_dealing_is_off_until_somebody_switches_it_on(desk: Afternoon) -> None:
    async with desk.visitor("m") as visitor:
        before = await desk.read(lambda work: work.turns.switched(SWITCH))
        await visitor.post("/kelola/giliran", {"nyala": "ya"})
        page = await visitor.get("/kelola/giliran")

    assert (before, await desk.read(lambda work: work.turns.switched(SWITCH))) == (False, True)
    assert "Matikan pembagian" in page.words


async def test_a_night_shift_ends_the_next_morning(desk: Afternoon) -> None:
    number = desk.staff["r"].id
    async with desk.visitor("m") as visitor:
        await visitor.post(f"/kelola/giliran/{number}", FORM | {"mulai": "21:00", "sampai": "06:00", "hari": "6"})
        page = await visitor.get("/kelola/giliran")

    (turn,) = await kept(desk)
    assert turn.days == {6: ((time(21), time.max),), 0: ((time.min, time(6)),)}
    assert (turn.most, turn.languages) == (5, ("en",))
    assert "Minggu, 21.00–06.00" in page.words
    assert shift(turn.days) == ((6,), time(21), time(6)), "the form asks for what was asked for, not for its halves"


@pytest.mark.parametrize(
    ("days", "asked"),
    [
        ({}, None),
        ({0: ((time(8), time(16)),), 2: ((time(8), time(16)),)}, ((0, 2), time(8), time(16))),
        ({4: ((time(16), time.max),)}, ((4,), time(16), time.min)),
        (
            {5: ((time.min, time(6)), (time(21), time.max)), 4: ((time(21), time.max),), 6: ((time.min, time(6)),)},
            ((4, 5), time(21), time(6)),
        ),
    ],
)
def test_hours_are_put_together_again(
    days: dict[int, tuple[tuple[time, time], ...]], asked: tuple[tuple[int, ...], time, time] | None
) -> None:
    assert shift(days) == asked


@pytest.mark.parametrize(
    "wrong", [{"paling": "0"}, {"paling": "x"}, {"paling": "9999"}, {"mulai": "25:00"}, {"sampai": ""}, {"hari": "9"}]
)
async def test_what_cannot_be_is_refused(desk: Afternoon, wrong: dict[str, str]) -> None:
    async with desk.visitor("m") as visitor:
        seen = await visitor.post(f"/kelola/giliran/{desk.staff['r'].id}", FORM | wrong)

    assert seen.status in (400, 422)
    assert await kept(desk) == []


async def test_only_supervisors_and_administrators_make_rosters(desk: Afternoon) -> None:
    async with desk.visitor("r") as visitor:
        assert (await visitor.get("/kelola/giliran")).status == 403
        assert (await visitor.post("/kelola/giliran", {"nyala": "ya"})).status == 403
        assert (await visitor.post(f"/kelola/giliran/{desk.staff['r'].id}", FORM)).status == 403

    assert await kept(desk) == []
