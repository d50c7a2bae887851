"""A citizen objects by number and code, and is told what the law gives, in time or not."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.case import Case, Outcome
from omnichannel.domain.people import Role
from omnichannel.domain.ppid_decision import Ruling
from omnichannel.domain.work import Work
from omnichannel.router import ruling
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from tests.build import a_staff
from tests.desk import a_desk
from tests.house import HandClock
from tests.web.citizen import REQUEST, Citizen, Hall, Page, a_hall

SAID = {"alasan": "e", "isi": "Dokumen itu pernah diumumkan di situs dinas."}


@pytest.fixture
async def hall(quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell) -> AsyncIterator[Hall]:
    async with a_hall(quick_store, tmp_path, clock, bell) as found:
        yield found


async def asked(hall: Hall, citizen: Citizen) -> tuple[Case, str]:
    """A request by the form; its case and its code."""
    page = await citizen.send("permohonan", REQUEST)
    (case,) = await hall.cases(page.noted[0])
    return case, page.noted[-1]


async def answered(hall: Hall, case: Case) -> None:
    desk = a_desk()

    def story(work: Work) -> None:
        staff, now = a_staff(work, role=Role.PPID), work.cases.get(case.id)
        assert now is not None
        said = Ruling(outcome=Outcome.NOT_HELD, reason="Tidak kami kuasai.")
        ruling.decide(work, desk, staff, case.id, said, now=hall.clock.now(), seen=now.version)

    await hall.house.store.write(story)


async def object_(citizen: Citizen, number: str, code: str, **fields: str) -> Page:
    hidden = await citizen.hidden("/publik/keberatan")
    return await citizen.post("/publik/keberatan", hidden | {"nomor": number, "kode": code} | SAID | fields)


async def test_before_its_time_an_objection_is_told_when_it_may_come(hall: Hall) -> None:
    citizen = await hall.citizen()
    case, code = await asked(hall, citizen)

    page = await object_(citizen, case.number, code)

    assert page.status == 422
    assert "belum lewat" in page.text
    assert SAID["isi"] in page.text


async def test_with_number_and_code_it_gets_a_number_and_a_day(hall: Hall) -> None:
    citizen = await hall.citizen()
    case, code = await asked(hall, citizen)
    await answered(hall, case)

    wrong = await object_(citizen, case.number, "AAAA-AAAA")
    bare = await object_(citizen, case.number, code, alasan="z")
    done = await object_(citizen, case.number, code)
    twice = await object_(citizen, case.number, code)

    assert wrong.status == bare.status == twice.status == 422
    assert "tidak cocok" in wrong.text
    assert SAID["isi"] in wrong.text
    assert done.status == 200
    assert "KEB-2026-000001" in done.text
    assert "KEB-2026-000001" in twice.text
    (found,) = await hall.house.store.read(lambda work: work.objections.of_case(case.id))
    assert (found.grounds, found.story) == (("e",), SAID["isi"])


async def test_out_of_time_it_is_registered_and_the_law_is_explained(hall: Hall) -> None:
    citizen = await hall.citizen()
    case, code = await asked(hall, citizen)
    await answered(hall, case)
    hall.clock.advance(timedelta(days=90))

    page = await object_(citizen, case.number, code)

    assert page.status == 200
    assert "lewat waktu" in page.text
    assert "permohonan baru" in page.text


async def test_the_tracking_page_leads_there(hall: Hall) -> None:
    citizen = await hall.citizen()
    case, code = await asked(hall, citizen)
    await answered(hall, case)

    page = await citizen.look(case.number, code)

    assert f"/publik/keberatan?nomor={case.number}" in page.text


async def test_its_own_number_opens_the_tracking_page_which_tells_how_it_stands(hall: Hall) -> None:
    citizen = await hall.citizen()
    case, code = await asked(hall, citizen)
    await answered(hall, case)
    await object_(citizen, case.number, code)

    page = await citizen.look("keb-2026-000001", code)
    wrong = await citizen.look("KEB-2026-000001", "AAAA-AAAA")

    assert "Keberatan KEB-2026-000001 tercatat" in page.text
    assert "Menunggu tanggapan Sekretaris Daerah" in page.text
    assert "/publik/keberatan?nomor=" not in page.text, "it was filed already"
    assert "tidak cocok" in wrong.text
    assert "KEB-2026-000001 tercatat" not in wrong.text
