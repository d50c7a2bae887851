"""Number and code open one's own thread; nothing tells whether a number exists; a later word lands in the same thread."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.case import Kind, Outcome
from omnichannel.domain.channel import Surface
from omnichannel.domain.forms import ACCOUNT
from omnichannel.domain.people import Staff
from omnichannel.domain.tracking import case_code, office_secret
from omnichannel.domain.work import Work
from omnichannel.inbox.reply import note, reply
from omnichannel.router.conclude import conclude
from omnichannel.router.desk import Desk
from omnichannel.router.route import reclassify
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from omnichannel.web.public_gate import TRIES_NUMBER
from omnichannel.workers.sending import Sender
from tests.build import a_case, a_staff
from tests.house import HandClock
from tests.web.citizen import COMPLAINT, JPEG, LAMP, REQUEST, Citizen, Hall, Page, a_hall


@pytest.fixture
async def hall(quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell) -> AsyncIterator[Hall]:
    async with a_hall(quick_store, tmp_path, clock, bell) as made:
        yield made


@pytest.fixture
async def staff(hall: Hall) -> Staff:
    return await hall.house.store.write(a_staff)


async def delivered(hall: Hall) -> None:
    """The sending worker hands over what waits."""
    while await Sender(hall.house, ACCOUNT, "uji").turn():
        pass


async def answered(hall: Hall, staff: Staff, number: str, text: str) -> None:
    where = (await hall.thread(number)).id
    able = hall.house.capabilities(ACCOUNT, Surface.DIRECT)
    now = hall.clock.now()
    await hall.house.store.write(
        lambda work: reply(work, staff, where, text, key=f"k-{len(text)}", capabilities=able, now=now)
    )


async def test_the_register_number_and_the_tracking_number_both_open_it(hall: Hall) -> None:
    citizen = await hall.citizen()
    register, thread, code = (await citizen.send("pengaduan", COMPLAINT)).noted

    pages = [await citizen.look(number, code) for number in (register, thread, thread.lower(), f" {register.lower()} ")]

    assert [page.status for page in pages] == [200] * 4
    assert all("Sedang ditangani" in page.text and LAMP in page.text for page in pages)


async def test_a_code_is_read_as_people_write_it(hall: Hall) -> None:
    citizen = await hall.citizen()
    _, thread, code = (await citizen.send("pengaduan", COMPLAINT)).noted
    spoken = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert (await citizen.look(thread, spoken)).status == 200


async def test_a_wrong_code_and_a_number_nobody_has_look_alike(hall: Hall) -> None:
    citizen = await hall.citizen()
    register, thread, code = (await citizen.send("pengaduan", COMPLAINT)).noted

    pages = [
        await citizen.look(number, tried)
        for number, tried in [
            (register, "AAAA-AAAA"),
            (thread, ""),
            ("LAP-2026-999999", code),
            ("WEB-00000-00000", code),
        ]
    ]

    def without_number(page: Page) -> str:
        return (
            page.text.partition('<form class="card"')[2]
            .partition("<footer")[0]
            .partition('id="nomor"')[0]
            .partition("salah")[2]
        )

    assert {page.status for page in pages} == {422}
    assert len({without_number(page) for page in pages}) == 1
    assert LAMP not in "".join(page.text for page in pages)


async def test_another_citizens_code_opens_nothing_of_mine(hall: Hall) -> None:
    mine = (await (await hall.citizen()).send("pengaduan", COMPLAINT)).noted
    other = await hall.citizen()
    theirs = (await other.send("permohonan", REQUEST)).noted

    assert (await other.look(mine[0], theirs[2])).status == 422
    assert (await other.look(theirs[0], theirs[2])).status == 200


async def test_guessing_is_stopped_and_the_right_code_too_until_the_wait_is_over(hall: Hall) -> None:
    citizen = await hall.citizen()
    _, thread, code = (await citizen.send("pengaduan", COMPLAINT)).noted
    hidden = await citizen.hidden("/publik/lacak")

    guesses = [
        citizen.post("/publik/lacak", hidden | {"nomor": thread, "kode": f"{n:08}"}) for n in range(TRIES_NUMBER + 5)
    ]
    answers = [page.status for page in await asyncio.gather(*guesses)]
    late = await citizen.post("/publik/lacak", hidden | {"nomor": thread, "kode": code})
    hall.clock.advance(timedelta(minutes=16))

    assert answers.count(422) == TRIES_NUMBER
    assert answers.count(429) == 5
    assert late.status == 429
    assert late.headers["Retry-After"]
    assert (await citizen.look(thread, code)).status == 200


async def test_one_address_may_not_try_many_numbers(hall: Hall) -> None:
    citizen = await hall.citizen()
    hidden = await citizen.hidden("/publik/lacak")

    answers = [
        (await citizen.post("/publik/lacak", hidden | {"nomor": f"LAP-2026-{n:06}", "kode": "AAAA-AAAA"})).status
        for n in range(32)
    ]

    assert (answers[0], answers[-1]) == (422, 429)


async def test_right_codes_are_no_guesses(hall: Hall) -> None:
    citizen = await hall.citizen()
    _, thread, code = (await citizen.send("pengaduan", COMPLAINT)).noted

    assert {(await citizen.look(thread, code)).status for _ in range(TRIES_NUMBER + 5)} == {200}


async def test_an_answer_of_staff_is_there_once_it_is_sent_and_a_note_never(hall: Hall, staff: Staff) -> None:
    citizen = await hall.citizen()
    _, thread, code = (await citizen.send("pengaduan", COMPLAINT)).noted
    where, now = (await hall.thread(thread)).id, hall.clock.now()
    await hall.house.store.write(lambda work: note(work, staff, where, "Catatan rahasia kita", key="n1", now=now))
    await answered(hall, staff, thread, "Tim datang hari Jumat.")
    before = await citizen.look(thread, code)

    await delivered(hall)
    after = await citizen.look(thread, code)

    assert "Tim datang" not in before.text
    assert "Tim datang hari Jumat." in after.text
    assert "Laporan Anda kami catat dengan nomor" in after.text
    assert "Catatan rahasia" not in after.text
    assert staff.name not in after.text


async def test_an_outcome_is_told_with_the_right_that_follows(hall: Hall, staff: Staff) -> None:
    citizen = await hall.citizen()
    register, _, code = (await citizen.send("permohonan", REQUEST)).noted

    def story(work: Work) -> None:
        case = work.cases.by_number(register)
        assert case is not None
        conclude(work, staff, case.id, Outcome.REFUSED, why="Memuat data pribadi.", now=hall.clock.now())

    await hall.house.store.write(story)
    await answered(hall, staff, register, "Kami tolak: dokumen itu memuat data pribadi.")
    await delivered(hall)
    page = await citizen.look(register, code)

    assert "Sudah dijawab" in page.text
    assert "Ditolak" in page.text
    assert "30 hari kerja" in page.text
    assert "memuat data pribadi." in page.text


async def test_a_deadline_that_has_passed_is_owned_up_to(hall: Hall) -> None:
    citizen = await hall.citizen()
    register, _, code = (await citizen.send("permohonan", REQUEST)).noted
    hall.clock.advance(timedelta(days=60))

    page = await citizen.look(register, code)

    assert "sudah lewat. Mohon maaf" in page.text
    assert "Pasal 35" in page.text


async def written(citizen: Citizen, thread: str, code: str, text: str, *files: tuple[str, bytes]) -> Page:
    seen = await citizen.look(thread, code)
    hidden = dict(
        part.split('" value="')
        for part in seen.text.partition('action="/publik/lacak/tulis"')[2].split('<input type="hidden" name="')[1:5]
        for part in [part.partition('">')[0]]
    )
    return await citizen.post("/publik/lacak/tulis", hidden | {"isi": text}, *files)


async def test_a_later_word_lands_in_the_same_thread_and_makes_no_new_number(hall: Hall) -> None:
    citizen = await hall.citizen()
    _, thread, code = (await citizen.send("pengaduan", COMPLAINT)).noted

    page = await written(citizen, thread, code, "Tadi malam lampunya menyala lagi sebentar.", ("foto.jpg", JPEG))

    said = [one for one in await hall.messages(thread) if one.direction == "in"]
    assert page.status == 200
    assert "Tambahan Anda sudah kami terima" in page.text
    assert [one.text for one in said] == [LAMP, "Tadi malam lampunya menyala lagi sebentar."]
    assert [one.name for one in said[1].files] == ["foto.jpg"]
    assert len(await hall.cases(thread)) == 1
    assert (await hall.thread(thread)).unread == 2


async def test_a_later_word_sent_twice_is_one_and_the_same_word_again_later_is_two(hall: Hall) -> None:
    citizen = await hall.citizen()
    _, thread, code = (await citizen.send("pengaduan", COMPLAINT)).noted
    hidden = await citizen.hidden("/publik/lacak")
    add = hidden | {"nomor": thread, "kode": code, "isi": "Sudah ada kabar?"}

    await asyncio.gather(*(citizen.post("/publik/lacak/tulis", add | {"kunci": "satu"}) for _ in range(2)))
    await citizen.post("/publik/lacak/tulis", add | {"kunci": "dua"})

    assert [one.text for one in await hall.messages(thread)].count("Sudah ada kabar?") == 2


async def test_danger_in_a_later_word_is_told_at_once(hall: Hall) -> None:
    citizen = await hall.citizen()
    _, thread, code = (await citizen.send("pengaduan", COMPLAINT)).noted

    page = await written(citizen, thread, code, "Tolong! Tiangnya roboh dan rumah kebakaran, ada orang terjebak!")

    assert 'href="tel:112"' in page.text


@pytest.mark.parametrize(("text", "says"), [("", "Tulis dulu isinya"), ("x" * 10_001, "paling banyak 10.000 huruf")])
async def test_an_empty_or_endless_word_is_sent_back(hall: Hall, text: str, says: str) -> None:
    citizen = await hall.citizen()
    _, thread, code = (await citizen.send("pengaduan", COMPLAINT)).noted

    page = await written(citizen, thread, code, text)

    assert page.status == 422
    assert says in page.text
    assert len([one for one in await hall.messages(thread) if one.direction == "in"]) == 1


async def test_nobody_writes_into_a_thread_without_its_code(hall: Hall) -> None:
    citizen = await hall.citizen()
    _, thread, _ = (await citizen.send("pengaduan", COMPLAINT)).noted
    hidden = await citizen.hidden("/publik/lacak")

    page = await citizen.post(
        "/publik/lacak/tulis", hidden | {"nomor": thread, "kode": "0000-0000", "isi": "Batalkan saja."}
    )

    assert page.status == 422
    assert len([one for one in await hall.messages(thread) if one.direction == "in"]) == 1


async def test_who_asked_to_stay_unnamed_stays_so_when_a_person_reclassifies(hall: Hall, staff: Staff) -> None:
    citizen = await hall.citizen()
    _, thread, _ = (await citizen.send("pengaduan", COMPLAINT | {"anonim": "ya"})).noted
    desk = Desk(
        office=hall.house.office,
        organisation=hall.house.organisation,
        clocks=hall.house.clocks,
        ability=hall.house.capabilities,
    )
    where = (await hall.thread(thread)).id

    made = await hall.house.store.write(
        lambda work: reclassify(
            work, desk, staff, where, kind=Kind.ASPIRATION, topic="pju", unit="dishub", now=hall.clock.now()
        )
    )

    assert made is not None
    assert made.anonymous


async def test_a_case_of_another_channel_is_opened_by_the_code_on_its_receipt_and_shows_no_words(hall: Hall) -> None:
    case = await hall.house.store.write(a_case)
    secret = await hall.house.store.write(office_secret)
    citizen = await hall.citizen()

    opened = await citizen.look(case.number, case_code(secret, case.number).lower())
    wrong = await citizen.look(case.number, "AAAA-1111")
    nobody = await citizen.look("LAPOR-2026-009999", case_code(secret, "LAPOR-2026-009999"))

    assert (opened.status, wrong.status, nobody.status) == (200, 422, 422)
    assert case.number in opened.text
    assert "/publik/lacak/tulis" not in opened.text
    assert "Percakapan" not in opened.text
