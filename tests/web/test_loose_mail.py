"""The tray of mails without a thread: joined from there, taken back from the mail, and nobody sees more than they may."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from omnichannel.domain.guesses import Guess
from omnichannel.domain.work import Work
from tests.web.afternoon import Afternoon, an_afternoon
from tests.web.cast import NOW


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        await found.says("Siti", "surel-layanan", "Lampu jalan mati.")
        await found.says("Budi", "surel-layanan", "Saya juga, di gang yang sama.")
        await found.write(lambda work: guessed(work, found))
        yield found


def guessed(work: Work, desk: Afternoon) -> None:
    work.guesses.add(Guess(desk.talks["Budi"], desk.talks["Siti"], "LAP-2026-000007", NOW))


async def test_one_click_joins_and_one_takes_back(desk: Afternoon) -> None:
    budi, siti = desk.talks["Budi"], desk.talks["Siti"]

    async with desk.visitor("r") as visitor:
        tray = await visitor.get("/surel-lepas")
        joined = await visitor.post(f"/percakapan/{budi}/gabung", {"ke": str(siti)})
        empty = await visitor.get("/surel-lepas")
        shell = await visitor.get(f"/kotak/semua/{budi}")
        parted = await visitor.post(f"/percakapan/{budi}/pisah")

    assert "Mungkin bagian dari LAP-2026-000007" in tray.words
    assert joined.path.startswith(f"/kotak/semua/{siti}")
    assert "Saya juga, di gang yang sama." in joined.words
    assert "Tidak ada surel lepas" in empty.words
    assert "Sudah digabung ke LAP-2026-000007" in shell.words
    assert parted.path.startswith(f"/kotak/semua/{budi}")
    assert "Mungkin bagian dari LAP-2026-000007" in parted.words


async def test_a_matter_of_its_own_is_asked_no_more(desk: Afternoon) -> None:
    async with desk.visitor("r") as visitor:
        seen = await visitor.post(f"/percakapan/{desk.talks['Budi']}/sendiri", {"kembali": "/surel-lepas"})

    assert "Tidak ada surel lepas" in seen.words


@pytest.mark.parametrize(("login", "status"), [("auditor", 403), ("unit", 403)])
async def test_nobody_joins_what_they_may_not(desk: Afternoon, login: str, status: int) -> None:
    async with desk.visitor(login) as visitor:
        seen = await visitor.post(f"/percakapan/{desk.talks['Budi']}/gabung", {"ke": str(desk.talks["Siti"])})
        tray = await visitor.get("/surel-lepas")

    assert seen.status == status
    if login == "unit":
        assert "LAP-2026-000007" not in tray.words


@pytest.mark.parametrize("where", ["", "x", "0", "999999", "٣", "9" * 30])
async def test_a_wish_for_nowhere_joins_nothing(desk: Afternoon, where: str) -> None:
    async with desk.visitor("r") as visitor:
        seen = await visitor.post(f"/percakapan/{desk.talks['Budi']}/gabung", {"ke": where})

    assert seen.status in (404, 422)
    assert len(await desk.read(lambda work: work.messages.thread(desk.talks["Budi"]))) == 1
