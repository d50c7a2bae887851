"""A short link on a phone: what lacks and nothing more, words that a citizen understands, and one task for one officer."""

import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import FormData

from omnichannel.domain.case import Kind
from omnichannel.domain.people import Role
from omnichannel.domain.ppid import PaperKind
from omnichannel.domain.work import Work
from omnichannel.router import doorkey, errand, formal
from omnichannel.router.desk import Desk
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from tests.build import CITIZEN, a_case, a_conversation, a_message, a_staff
from tests.desk import a_desk
from tests.house import HandClock
from tests.web.citizen import JPEG, Citizen, Hall, Page, _page, a_hall

GIVEN = {
    "applicant": "perorangan",
    "name": "Warga Uji",
    "identity": "6408010101900001",
    "address": "Jalan Contoh 1",
    "phone": "081200000001",
    "purpose": "Penelitian",
    "access": "melihat",
}


@pytest.fixture
async def hall(quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell) -> AsyncIterator[Hall]:
    async with a_hall(quick_store, tmp_path, clock, bell) as found:
        yield found


@pytest.fixture
def desk() -> Desk:
    return a_desk()


async def a_link(hall: Hall, desk: Desk, **given: str) -> tuple[int, str]:
    """A request with what was given, and the path of the citizen's link."""

    def story(work: Work) -> tuple[int, str]:
        conversation = a_conversation(work)
        a_message(work, conversation=conversation, text="Minta DPA 2025.")
        case = a_case(work, kind=Kind.INFORMATION_REQUEST, conversation=conversation)
        if given:
            formal.fill(work, desk, case.id, given, CITIZEN, now=hall.clock.now())
        return case.id, formal.ask(work, desk, case.id, CITIZEN, now=hall.clock.now())

    case_id, address = await hall.house.store.write(story)
    return case_id, "/l/" + address.partition("/l/")[2]


async def post(citizen: Citizen, path: str, fields: dict[str, str], **files: bytes) -> Page:
    page = await citizen.get(path)
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token, page.text
    form = FormData(quote_fields=False, default_to_multipart=True)
    for name, value in ({"csrf": token[1]} | fields).items():
        form.add_field(name, value)
    for name, content in files.items():
        form.add_field(name, io.BytesIO(content), filename=f"{name}.jpg", content_type="application/x-lie")
    return await _page(await citizen.client.post(path, data=form))


async def test_the_page_asks_for_what_lacks_and_shows_nothing_that_is_known(hall: Hall, desk: Desk) -> None:
    known = {**GIVEN, "address": "Jalan Rahasia 7", "purpose": ""}
    case_id, path = await a_link(hall, desk, **known)
    citizen = await hall.citizen()

    page = await citizen.get(path)
    done = await post(citizen, path, {"purpose": "Penelitian skripsi"})

    assert page.status == 200
    assert 'name="purpose"' in page.text
    assert 'name="address"' not in page.text
    assert "Jalan Rahasia" not in page.text + done.text
    assert page.size < 50_000
    assert "Permohonan Anda sudah lengkap" in done.text
    request = await hall.house.store.read(lambda work: work.requests.get(case_id))
    assert request is not None
    assert (request.purpose, request.complete_at) == ("Penelitian skripsi", hall.clock.now())


async def test_a_photo_of_the_card_completes_the_request(hall: Hall, desk: Desk) -> None:
    case_id, path = await a_link(hall, desk, **{**GIVEN, "identity": ""})
    citizen = await hall.citizen()

    strange = await post(citizen, path, {}, ktp=b"MZ program")
    nothing = await post(citizen, path, {})
    done = await post(citizen, path, {}, ktp=JPEG)

    assert strange.status == nothing.status == 422
    assert "tetap berlaku" in strange.text
    assert "Permohonan Anda sudah lengkap" in done.text
    papers = await hall.house.store.read(lambda work: work.requests.papers(case_id))
    assert [(one.kind, one.media_type) for one in papers] == [(PaperKind.IDENTITY, "image/jpeg")]


async def test_a_body_without_its_deed_may_go_on_in_a_persons_name(hall: Hall, desk: Desk) -> None:
    case_id, path = await a_link(hall, desk, **{**GIVEN, "applicant": "badan_hukum"})
    citizen = await hall.citizen()

    page = await citizen.get(path)
    done = await post(citizen, path, {"applicant": "perorangan"})

    assert "atas nama" in page.text
    assert 'name="akta"' in page.text
    assert "Permohonan Anda sudah lengkap" in done.text
    request = await hall.house.store.read(lambda work: work.requests.get(case_id))
    assert request is not None
    assert request.applicant == "perorangan"


async def test_a_file_of_sixty_megabytes_is_refused_in_words_and_takes_nothing_away(hall: Hall, desk: Desk) -> None:
    case_id, path = await a_link(hall, desk, **{**GIVEN, "identity": ""})
    citizen = await hall.citizen()

    eleven = await post(citizen, path, {}, ktp=JPEG + b"\0" * (11 * 1024 * 1024))
    answer = await citizen.client.post(
        path, data=io.BytesIO(b"x" * (60 * 1024 * 1024)), headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    sixty = await answer.text()

    assert eleven.status == 422
    assert "lebih dari 10 MB" in eleven.text
    assert "Nomor permohonan Anda tetap berlaku" in eleven.text
    assert answer.status == 413
    assert "tetap berlaku" in sixty
    assert f'href="{path}"' in sixty
    assert "kantor kami" in sixty
    assert "/kotak" not in sixty
    after = await post(citizen, path, {"identity": GIVEN["identity"]})
    assert "Permohonan Anda sudah lengkap" in after.text
    assert await hall.house.store.read(lambda work: work.requests.papers(case_id)) == []


async def test_a_dead_or_guessed_link_says_what_to_do_and_guessing_is_slowed(hall: Hall, desk: Desk) -> None:
    _, path = await a_link(hall, desk)
    citizen = await hall.citizen()

    guesses = [(await citizen.get("/l/tebakan-tebakan-saja")) for _ in range(31)]
    hall.clock.advance(timedelta(days=15))
    late = await citizen.get(path)

    assert [one.status for one in guesses] == [404] * 30 + [403]
    assert "tidak dikenal" in guesses[0].text
    assert "Terlalu banyak percobaan" in guesses[-1].text
    assert late.status == 403
    assert "Balas pesan kami" in late.text


async def test_an_officer_in_the_field_answers_one_task_once(hall: Hall, desk: Desk) -> None:
    case_id, _ = await a_link(hall, desk, **{**GIVEN, "name": "Pemohon Rahasia", "purpose": ""})

    def story(work: Work) -> tuple[int, str, int]:
        staff, now = a_staff(work, role=Role.PPID), hall.clock.now()
        task = errand.give(work, desk, staff, case_id, "dishub", "Foto rambu di simpang tiga?", now=now)
        token, link = doorkey.for_field(work, desk, staff, task, "Petugas Lapangan", now)
        return task.id, f"/l/{token}", link.id

    task_id, path, _ = await hall.house.store.write(story)
    citizen = await hall.citizen()
    page = await citizen.get(path)
    half = await post(citizen, path, {"jawaban": "Ada, fotonya terlampir."})
    done = await post(citizen, path, {"jawaban": "Ada, fotonya terlampir.", "dikuasai": "ya"}, berkas=JPEG)
    again = await citizen.get(path)

    assert "Foto rambu di simpang tiga?" in page.text
    assert "Pemohon Rahasia" not in page.text
    assert half.status == 422
    assert "Ada, fotonya terlampir." in half.text
    assert "sudah diterima PPID" in done.text
    assert again.status == 403
    task = await hall.house.store.read(lambda work: work.errands.task(task_id))
    assert task is not None
    assert (task.answered_by, task.held) == ("Petugas Lapangan", True)
    papers = await hall.house.store.read(lambda work: work.requests.papers(case_id))
    assert [one.kind for one in papers] == [PaperKind.OTHER]
    told = await hall.house.store.read(lambda work: work.screens.happened(0, 1000))
    assert {"link_made", "link_used", "task_answered"} <= {one.verb for one in told}


async def test_looking_costs_nothing_and_every_sending_counts(hall: Hall, desk: Desk) -> None:
    case_id, path = await a_link(hall, desk, **{**GIVEN, "purpose": ""})
    citizen = await hall.citizen()

    for _ in range(3):
        await citizen.get(path)  # as the preview of a chat app does
    (looked,) = await hall.house.store.read(lambda work: work.errands.links(case_id))
    empty = [(await post(citizen, path, {})).status for _ in range(desk.office.ppid.link_tries)]
    over = await citizen.get(path)

    assert (looked.used_at, looked.tries_left) == (None, desk.office.ppid.link_tries)
    assert set(empty) == {422}
    assert over.status == 403
    assert "terlalu sering" in over.text
