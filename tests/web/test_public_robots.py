"""What looks like a robot is marked or held for a person, and never dropped."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from tests.house import HandClock
from tests.web.citizen import COMPLAINT, LAMP, REQUEST, Hall, a_hall


@pytest.fixture
async def hall(quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell) -> AsyncIterator[Hall]:
    async with a_hall(quick_store, tmp_path, clock, bell) as made:
        yield made


async def test_the_trap_holds_a_submission_for_a_person(hall: Hall) -> None:
    citizen = await hall.citizen()

    page = await citizen.send("pengaduan", COMPLAINT | {"isian_kosong": "https://murah.example"})

    thread = page.noted[0]
    assert len(page.noted) == 2
    assert await hall.cases(thread) == []
    assert (await hall.thread(thread)).needs_person
    assert "held" in await hall.verbs(thread)


async def test_what_is_sent_too_fast_gets_its_number_and_a_look(hall: Hall) -> None:
    citizen = await hall.citizen()
    hidden = await citizen.hidden("/publik/permohonan")
    hall.clock.advance(-timedelta(seconds=39))

    page = await citizen.post("/publik/permohonan", hidden | REQUEST)

    (case,) = await hall.cases(page.noted[1])
    assert page.noted[0] == case.number
    assert not case.certain
    assert (await hall.thread(page.noted[1])).needs_person
    assert "doubted" in await hall.verbs(page.noted[1])


async def test_a_form_with_no_or_a_foreign_key_is_marked_and_still_one_message(hall: Hall) -> None:
    citizen = await hall.citizen()
    hidden = await citizen.hidden("/publik/pengaduan")
    fields = {"csrf": hidden["csrf"]} | COMPLAINT

    first, second = [await citizen.post("/publik/pengaduan", fields) for _ in range(2)]
    bent = await citizen.post("/publik/pengaduan", fields | {"kunci": hidden["kunci"][:-1] + "~"})

    assert first.noted == second.noted
    assert not (await hall.cases(first.noted[1]))[0].certain
    assert bent.noted[1] != first.noted[1]
    assert "doubted" in await hall.verbs(bent.noted[1])


async def test_the_same_words_under_another_number_are_marked(hall: Hall) -> None:
    first = await (await hall.citizen()).send("pengaduan", COMPLAINT)
    second = await (await hall.citizen()).send("pengaduan", COMPLAINT | {"isi": LAMP.upper() + " !!"})

    assert (await hall.cases(first.noted[1]))[0].certain
    assert not (await hall.cases(second.noted[1]))[0].certain


async def test_a_form_that_lay_open_for_two_days_is_heard_and_marked(hall: Hall) -> None:
    citizen = await hall.citizen()
    hidden = await citizen.hidden("/publik/pengaduan")
    hall.clock.advance(timedelta(days=2))

    page = await citizen.post("/publik/pengaduan", hidden | COMPLAINT)

    assert not (await hall.cases(page.noted[1]))[0].certain


async def test_danger_is_told_even_where_a_robot_is_suspected(hall: Hall) -> None:
    citizen = await hall.citizen()
    fire = {"isi": "Tolong kebakaran di rumah, ada orang terjebak!", "isian_kosong": "x"}

    page = await citizen.send("pengaduan", COMPLAINT | fire)

    assert "Segera telepon 112" in page.text
    assert (await hall.thread(page.noted[0])).urgent
