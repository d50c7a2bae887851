"""Open figures: a page, a sheet and data, the same numbers in each, and nobody's name in any."""

import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.case import CaseState, Kind, Outcome
from omnichannel.domain.work import Work
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_case, a_contact, a_conversation
from tests.house import HandClock
from tests.web.citizen import Hall, a_hall


@pytest.fixture
async def hall(quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell) -> AsyncIterator[Hall]:
    async with a_hall(quick_store, tmp_path, clock, bell) as made:
        yield made


def a_year(work: Work) -> None:
    for place in range(30):
        contact = a_contact(work, name="Rahasia Sekali", phone="+6281200000000")
        kind = Kind.COMPLAINT if place % 3 else Kind.INFORMATION_REQUEST
        case = a_case(
            work,
            kind=kind,
            conversation=a_conversation(work, contact=contact),
            unit="dishub" if place < 27 else "dlh",
            received_at=NOON - timedelta(days=place * 3),
            title="Judul rahasia",
        )
        if place % 2:
            after = replace(case, state=CaseState.ANSWERED, outcome=Outcome.RESOLVED, closed_at=case.received_at)
            work.cases.save(case, after)


async def test_the_page_the_sheet_and_the_data_agree(hall: Hall) -> None:
    await hall.house.store.write(a_year)
    citizen = await hall.citizen()

    page, sheet, data = [await citizen.get(f"/publik/statistik{end}") for end in ("", ".csv", ".json")]

    assert (page.status, sheet.status, data.status) == (200, 200, 200)
    rows = list(csv.DictReader(io.StringIO(sheet.text.removeprefix("﻿"))))
    told = json.loads(data.text)
    assert rows[0]["diterima"] == "30"
    assert [row["diterima"] for row in rows] == [str(one["diterima"]) for one in told["angka"]]
    assert "<dd>30</dd>" in page.text
    assert "100 %" in page.text.replace("\xa0", " ")
    units = {row["kunci"]: row["diterima"] for row in rows if row["tabel"] == "unit"}
    assert "dlh" not in units, "three cases would name somebody"
    for text in (page.text, sheet.text, data.text):
        assert "ahasia" not in text
        assert "62812" not in text


async def test_an_office_that_has_just_begun_says_so(hall: Hall) -> None:
    page = await (await hall.citizen()).get("/publik/statistik")

    assert page.status == 200
    assert "Belum cukup" in page.text


@pytest.mark.parametrize("year", ["1999", "9999", "x", "²", "", "-1", "2026;drop", "0x7e6"])
@pytest.mark.parametrize("end", ["", ".csv", ".json"])
async def test_a_year_that_is_none_is_not_found(hall: Hall, year: str, end: str) -> None:
    assert (await (await hall.citizen()).get(f"/publik/statistik{end}?tahun={year}")).status == 404


async def test_the_figures_are_counted_anew_after_a_while(hall: Hall, clock: HandClock) -> None:
    citizen = await hall.citizen()
    await citizen.get("/publik/statistik")
    await hall.house.store.write(a_year)
    assert "Belum cukup" in (await citizen.get("/publik/statistik")).text

    clock.advance(timedelta(minutes=6))

    assert "<dd>30</dd>" in (await citizen.get("/publik/statistik")).text
