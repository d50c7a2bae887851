"""An officer's files: what they are is read from their bytes, limits stand in the page, and only where they may go."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import FormData

from omnichannel.domain.channel import Surface
from omnichannel.domain.forms import ACCOUNT
from omnichannel.domain.message import Attachment
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Direction, Message
from omnichannel.inbox.reply import reply
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from omnichannel.web.attaching import LARGEST
from omnichannel.workers.sending import Sender
from tests.build import a_staff
from tests.house import HandClock
from tests.web.afternoon import Afternoon, Seen, an_afternoon
from tests.web.citizen import COMPLAINT, JPEG, Citizen, Hall, Page, a_hall

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        yield found


async def answered(desk: Afternoon, name: str, *files: tuple[str, bytes], login: str = "r", **fields: str) -> Seen:
    async with desk.visitor(login) as visitor:
        form = {"ke": "balas", "text": "Terlampir.", "key": "k-1"} | fields
        return await visitor.post(f"/percakapan/{desk.talks[name]}/balas", form, files=files)


async def ours(desk: Afternoon, name: str) -> list[Message]:
    found = await desk.read(lambda work: work.messages.thread(desk.talks[name]))
    return [one for one in found if one.direction is not Direction.IN]


async def test_a_file_is_kept_by_its_hash_and_stands_in_the_thread(desk: Afternoon) -> None:
    await desk.says("Warga T", "tg-humas", "Boleh minta salinannya?")

    seen = await answered(desk, "Warga T", ("..\\Surat Jawaban.exe", PDF), ("foto.png", JPEG))

    (message,) = await ours(desk, "Warga T")
    assert [(one.name, one.media_type) for one in message.files] == [
        ("Surat Jawaban.pdf", "application/pdf"),
        ("foto.jpg", "image/jpeg"),
    ]
    assert [desk.house.files.read(one.sha256 or "") for one in message.files] == [PDF, JPEG]
    assert "Surat Jawaban.pdf" in seen.words


@pytest.mark.parametrize(
    ("files", "fields", "why"),
    [
        ([("skrip.pdf", b"#!/bin/sh\necho")], {}, "Jenis berkas ini tidak dikirim"),
        ([("kosong.pdf", b"")], {}, "kosong"),
        ([("besar.pdf", PDF + b"0" * LARGEST)], {}, "lebih dari 25 MB"),
        ([("a.pdf", PDF)] * 11, {}, "paling banyak 10 berkas"),
        ([("a.pdf", PDF)], {"ke": "catatan"}, "hanya berupa teks"),
        ([("a.pdf", PDF)], {"ke": "pribadi"}, "hanya berupa teks"),
    ],
    ids=["kind", "empty", "large", "many", "note", "private"],
)
async def test_what_cannot_go_says_why_and_sends_nothing(
    desk: Afternoon, files: list[tuple[str, bytes]], fields: dict[str, str], why: str
) -> None:
    await desk.says("Warga T", "tg-humas", "Boleh minta salinannya?")

    seen = await answered(desk, "Warga T", *files, **fields)

    assert seen.status == 422
    assert why in seen.words
    assert "Terlampir." in seen.html
    assert await ours(desk, "Warga T") == []


async def test_where_no_file_can_go_the_composer_offers_none_and_keeps_none(desk: Afternoon) -> None:
    comment = await desk.says("Warga F", "fb-pemkab", "Lampu mati", public=True)

    async with desk.visitor("r") as visitor:
        page = await visitor.get(f"/kotak/semua/{comment.conversation_id}")
    seen = await answered(desk, "Warga F", ("a.pdf", PDF))

    assert 'name="berkas"' not in page.html
    assert (seen.status, await ours(desk, "Warga F")) == (422, [])
    assert not list((desk.house.files.root).glob("*/*/*"))  # type: ignore[attr-defined]


async def test_another_units_officer_leaves_no_file_on_our_disk(desk: Afternoon) -> None:
    await desk.says("Warga T", "tg-humas", "Boleh minta salinannya?")

    seen = await answered(desk, "Warga T", ("a.pdf", PDF), login="unit")

    assert seen.status == 403
    assert not list((desk.house.files.root).glob("*/*/*"))  # type: ignore[attr-defined]


async def test_the_limits_stand_in_the_page(desk: Afternoon) -> None:
    await desk.says("Warga T", "tg-humas", "Boleh minta salinannya?")

    async with desk.visitor("r") as visitor:
        page = await visitor.get(f"/kotak/semua/{desk.talks['Warga T']}")

    assert "Paling banyak 10 berkas. Setiap berkas 25 MB." in page.words


@pytest.fixture
async def hall(quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell) -> AsyncIterator[Hall]:
    async with a_hall(quick_store, tmp_path, clock, bell) as made:
        yield made


async def given(hall: Hall, staff: Staff, thread: str, key: str) -> None:
    """An answer with a document, handed over."""
    where, able = (await hall.thread(thread)).id, hall.house.capabilities(ACCOUNT, Surface.DIRECT)
    file = Attachment("application/pdf", name="jawaban.pdf", size=len(PDF), sha256=hall.house.files.keep(PDF))
    now = hall.clock.now()
    await hall.house.store.write(
        lambda work: reply(work, staff, where, "Terlampir.", key=key, capabilities=able, now=now, files=[file])
    )


async def taken(citizen: Citizen, path: str, number: str, code: str) -> Page:
    hidden = await citizen.hidden("/publik/lacak")
    form = FormData(hidden | {"nomor": number, "kode": code})
    answer = await citizen.client.post(path, data=form)
    return Page(answer.status, (await answer.read()).decode("latin-1"), 0, answer.headers)


async def test_a_citizen_of_the_forms_takes_the_document_with_their_code(hall: Hall) -> None:
    staff = await hall.house.store.write(a_staff)
    citizen = await hall.citizen()
    _, thread, code = (await citizen.send("pengaduan", COMPLAINT)).noted
    await given(hall, staff, thread, "k-1")
    while await Sender(hall.house, ACCOUNT, "uji").turn():
        pass
    await given(hall, staff, thread, "k-2")  # not yet handed over

    page = await citizen.look(thread, code)

    (path,) = re.findall(r"/publik/lacak/berkas/\d+", page.text)
    opened = await taken(citizen, path, thread, code)
    assert (opened.status, opened.text.encode("latin-1")) == (200, PDF)
    assert opened.headers["Content-Type"] == "application/pdf"
    assert (await taken(citizen, path, thread, "0000-0000")).status == 422
    waiting = path.rpartition("/")[0] + f"/{int(path.rpartition('/')[2]) + 1}"
    assert (await taken(citizen, waiting, thread, code)).status == 404


async def test_nobody_takes_another_threads_document(hall: Hall) -> None:
    staff = await hall.house.store.write(a_staff)
    citizen = await hall.citizen()
    _, mine, code = (await citizen.send("pengaduan", COMPLAINT)).noted
    _, theirs, their_code = (await citizen.send("pengaduan", COMPLAINT | {"isi": "Jalan rusak di Bengalon."})).noted
    await given(hall, staff, theirs, "k-1")
    while await Sender(hall.house, ACCOUNT, "uji").turn():
        pass
    (path,) = re.findall(r"/publik/lacak/berkas/\d+", (await citizen.look(theirs, their_code)).text)

    assert (await taken(citizen, path, mine, code)).status == 404
