"""Visits, calls and letters: written down by staff, with the same clock, a number and a receipt; answers are recorded."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from omnichannel.connectors.catalogue import ours
from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.house import House
from omnichannel.domain.message import Delivery
from omnichannel.domain.people import Role
from omnichannel.domain.work import Message, Work
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from omnichannel.web import guard, server
from omnichannel.workers.sending import Sender
from tests.build import a_staff
from tests.desk import a_house
from tests.house import HandClock
from tests.web.citizen import JPEG

WITA = ZoneInfo("Asia/Makassar")
VISIT = {
    "lewat": "tatap-muka",
    "jenis": "pengaduan",
    "nama": "Warga Uji",
    "telepon": "0812 0000 0001",
    "diterima": "2026-11-20T10:30",
    "isi": "Lampu jalan di depan pasar mati sejak tiga malam.",
}
Browser = TestClient[web.Request, web.Application]
TOKEN = "t" * 43


class Counter:
    """An officer's browser at the counter."""

    def __init__(self, house: House, client: Browser) -> None:
        self.house, self.client = house, client

    async def record(self, *, scan: bytes | None = None, **changes: str) -> tuple[int, str, str]:
        """Status, where it led, and the page."""
        return await self.sent({**VISIT, "kunci": "kunci-1", **changes}, scan)

    async def sent(self, fields: dict[str, str], scan: bytes | None = None) -> tuple[int, str, str]:
        form = FormData(default_to_multipart=True)
        for name, value in fields.items():
            form.add_field(name, value)
        if scan is not None:
            form.add_field("berkas", scan, filename="surat.jpg", content_type="image/jpeg")
        csrf = (await (await self.client.get("/sesi")).json())["csrf"]
        answer = await self.client.post("/catat", data=form, headers={"X-CSRF-Token": csrf}, allow_redirects=False)
        return answer.status, answer.headers.get("Location", ""), await answer.text()

    async def thread(self, number: str) -> list[Message]:
        def question(work: Work) -> list[Message]:
            case = work.cases.by_number(number)
            return work.messages.thread(case.conversation_id) if case is not None else []

        return await self.house.store.read(question)


@pytest.fixture
async def counter(
    quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell, request: pytest.FixtureRequest
) -> AsyncIterator[Counter]:
    role = getattr(request, "param", Role.AGENT)
    house = a_house(quick_store, tmp_path, clock=clock, bell=bell, connectors=ours().values())
    now = clock.now()

    def sign_in(work: Work) -> None:
        staff = a_staff(work, role=role, unit="dishub" if role is Role.UNIT else None)
        work.people.open_session(guard.token_hash(TOKEN), staff.id, "c" * 43, now, now + timedelta(hours=9))

    await quick_store.write(sign_in)
    client: Browser = TestClient(TestServer(server.build(house)))
    await client.start_server()
    client.session.cookie_jar.update_cookies({guard.SESSION_COOKIE: TOKEN}, client.make_url("/"))
    yield Counter(house, client)
    await client.close()


async def test_a_visit_gets_its_number_at_once_with_the_clock_of_the_visit(counter: Counter) -> None:
    status, where, _ = await counter.record(scan=JPEG)

    assert (status, where) == (303, "/catat/LAP-2026-000001")
    case = await counter.house.store.read(lambda work: work.cases.by_number("LAP-2026-000001"))
    assert case is not None
    assert case.received_at == datetime(2026, 11, 20, 10, 30, tzinfo=WITA)
    (said,) = await counter.thread(case.number)
    assert (said.text, len(said.files), said.account) == (VISIT["isi"], 1, "tatap-muka")
    row = await counter.house.store.read(lambda work: work.conversations.get(case.conversation_id))
    assert row is not None
    assert (row.channel, row.surface) == (Channel.VISIT, Surface.DIRECT)
    assert case.due == counter.house.clocks.for_case("complaint", case.received_at).due


async def test_the_receipt_bears_number_and_a_code_that_opens_the_case(counter: Counter) -> None:
    _, where, _ = await counter.record()

    page = await (await counter.client.get(where)).text()

    code = re.search(r"\b([0-9A-Z]{4}-[0-9A-Z]{4})\b", page)
    assert code, page
    form = {"nomor": "LAP-2026-000001", "kode": code[1]}
    csrf = (await (await counter.client.get("/sesi")).json())["csrf"]
    tracked = await counter.client.post("/publik/lacak", data=form, headers={"X-CSRF-Token": csrf})
    assert tracked.status == 200
    assert "LAP-2026-000001" in await tracked.text()


@pytest.mark.parametrize("way", ["tatap-muka", "telepon", "surat"])
async def test_an_answer_is_recorded_as_given_and_never_waits_for_a_platform(counter: Counter, way: str) -> None:
    await counter.record(lewat=way)
    case = await counter.house.store.read(lambda work: work.cases.by_number("LAP-2026-000001"))
    assert case is not None
    page = await (await counter.client.get(f"/kotak/semua/{case.conversation_id}")).text()
    assert "Catat jawaban" in page
    assert "Tidak ada yang dikirim dari sini" in page

    csrf = (await (await counter.client.get("/sesi")).json())["csrf"]
    form = {"ke": "balas", "text": "Sudah kami jelaskan jadwal perbaikannya.", "key": "jawab-1"}
    await counter.client.post(
        f"/percakapan/{case.conversation_id}/balas", data=form, headers={"X-CSRF-Token": csrf}, allow_redirects=False
    )
    await Sender(counter.house, way, "uji").turn()

    said = await counter.thread(case.number)
    assert [(one.text, one.delivery) for one in said[1:]] == [(form["text"], Delivery.SENT)]


async def test_nothing_automatic_is_said_to_a_letter(counter: Counter) -> None:
    await counter.record(lewat="surat")

    assert [one for one in await counter.thread("LAP-2026-000001") if one.automatic] == []


async def test_a_double_click_is_one_record_and_other_words_are_another(counter: Counter) -> None:
    first, again, other = await counter.record(), await counter.record(), await counter.record(judul="Lain")

    assert first[1] == again[1] == "/catat/LAP-2026-000001"
    assert other[1] == "/catat/LAP-2026-000002"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("diterima", "2026-11-23T12:30"),  # half an hour from now
        ("diterima", "2024-01-01T08:00"),
        ("diterima", "kemarin"),
        ("diterima", "9999-12-31T23:59+00:00"),
        ("diterima", ""),
        ("lewat", "merpati"),
        ("lewat", "web"),
        ("jenis", "other"),
        ("isi", "pendek"),
        ("isi", "x" * 10_001),
        ("telepon", "12"),
        ("surel", "bukan-alamat"),
        ("nama", "n" * 201),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    counter: Counter, field: str, value: str
) -> None:
    status, _, page = await counter.sent({**VISIT, "kunci": "kunci-1", field: value})

    assert status == 422
    assert f'id="salah-{field}"' in page
    if field != "isi":
        assert VISIT["isi"] in page
    assert await counter.thread("LAP-2026-000001") == []


async def test_a_request_needs_name_and_address_as_the_law_says(counter: Counter) -> None:
    status, _, page = await counter.record(jenis="permohonan", nama="")
    assert status == 422
    assert 'id="salah-nama"' in page
    assert 'id="salah-alamat"' in page

    status, where, _ = await counter.record(jenis="permohonan", alamat="Jalan Contoh 1")

    assert (status, where) == (303, "/catat/PPID-2026-000001")


async def test_a_strange_file_is_refused(counter: Counter) -> None:
    status, _, page = await counter.record(scan=b"#!/bin/sh\nrm -rf /")

    assert status == 422
    assert 'id="salah-berkas"' in page


@pytest.mark.parametrize("counter", [Role.UNIT, Role.AUDITOR], indirect=True)
async def test_who_does_not_talk_to_citizens_records_none(counter: Counter) -> None:
    assert (await counter.client.get("/catat")).status == 403
    assert (await counter.record())[0] == 403


async def test_a_case_of_another_channel_has_no_receipt_here(counter: Counter) -> None:
    assert (await counter.client.get("/catat/LAP-2026-009999")).status == 404
