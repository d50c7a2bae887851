"""LAPOR by files: what waits goes out as one, LAPOR's own export comes in, and what is not ours becomes a conversation."""

import io
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer
from openpyxl import load_workbook

from omnichannel.connectors.catalogue import ours
from omnichannel.connectors.lapor import BatchForwarder
from omnichannel.domain.case import Case, CaseState
from omnichannel.domain.channel import Channel
from omnichannel.domain.forwarding import ForwardState
from omnichannel.domain.house import House
from omnichannel.domain.inbound import ACCOUNT
from omnichannel.domain.message import Author
from omnichannel.domain.people import Role
from omnichannel.domain.work import Message, Work
from omnichannel.router import forward, route
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from omnichannel.web import guard, server, tables, workbook
from omnichannel.workers.forwarding import Dispatch, desk_of
from omnichannel.workers.sending import Sender
from tests.build import a_number, a_staff
from tests.desk import a_house, a_verdict
from tests.house import HandClock
from tests.plug import Plug
from tests.workers.conftest import wrote

Browser = TestClient[web.Request, web.Application]
TOKEN = "t" * 43
HEAD = (
    "Tracking ID",
    "Judul Laporan",
    "Isi Laporan",
    "Tanggal Laporan",
    "Status",
    "Tindak Lanjut",
    "Tanggal Tindak Lanjut",
)
SARI = Author(id="warga-1", name="Sari Wulandari", phone="+6281234567890")


class Board:
    """The LAPOR officer's browser."""

    def __init__(self, house: House, client: Browser) -> None:
        self.house, self.client = house, client

    async def complaint(self, text: str) -> Case:
        message = await wrote(self.house, Plug(), text, author=SARI, conversation=f"u{a_number()}")

        def story(work: Work) -> Case | None:
            return route.route(work, desk_of(self.house), message.id, a_verdict(), self.house.clock.now())

        made = await self.house.store.write(story)
        assert made is not None
        return made

    async def case(self, made: Case) -> Case:
        found = await self.house.store.read(lambda work: work.cases.get(made.id))
        assert found is not None
        return found

    async def told(self, made: Case) -> list[str]:
        def question(work: Work) -> list[Message]:
            return work.messages.thread(made.conversation_id, limit=100)

        return [one.text for one in await self.house.store.read(question) if one.automatic]

    async def post(self, path: str, form: FormData | dict[str, str]) -> tuple[int, str]:
        csrf = (await (await self.client.get("/sesi")).json())["csrf"]
        answer = await self.client.post(path, data=form, headers={"X-CSRF-Token": csrf}, allow_redirects=False)
        return answer.status, unescape(await answer.text())

    async def look(self, content: bytes, name: str = "ekspor.xlsx") -> tuple[int, str]:
        form = FormData()
        form.add_field("berkas", content, filename=name)
        return await self.post("/lapor/impor", form)

    async def apply(self, *rows: Sequence[str], head: Sequence[str] = HEAD) -> str:
        """Look, and take what the page proposes."""
        status, page = await self.look(workbook.write("x", head, rows, [20] * len(head)))
        assert status == 200, page
        return await self.take(page)

    async def take(self, page: str, **changes: str) -> str:
        status, done = await self.post("/lapor/impor/terapkan", proposed(page) | changes)
        assert status == 200, done
        return done

    async def inbound(self) -> list[Case]:
        def question(work: Work) -> list[Case]:
            rows = work.forwards.in_state(ForwardState.RECEIVED)
            return [case for row in rows if (case := work.cases.get(row.case_id)) is not None]

        return await self.house.store.read(question)


def proposed(page: str) -> dict[str, str]:
    """The form as the page leaves it."""
    form = {"isi": re.search(r'name="isi" value="([^"]*)"', page)[1]}  # type: ignore[index]
    form |= dict(re.findall(r'type="checkbox" name="(b\d+)" value="([^"]+)" checked', page))
    return form


@pytest.fixture
async def board(
    quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell, request: pytest.FixtureRequest
) -> AsyncIterator[Board]:
    role = getattr(request, "param", Role.LAPOR)
    plugs = [Plug(), *ours().values()]
    house = a_house(quick_store, tmp_path, clock=clock, bell=bell, connectors=plugs, lapor_way="batch")
    house = replace(house, forwarder=BatchForwarder())
    now = clock.now()

    def sign_in(work: Work) -> None:
        staff = a_staff(work, role=role)
        work.people.open_session(guard.token_hash(TOKEN), staff.id, "c" * 43, now, now + timedelta(hours=9))

    await quick_store.write(sign_in)
    client: Browser = TestClient(TestServer(server.build(house)))
    await client.start_server()
    client.session.cookie_jar.update_cookies({guard.SESSION_COOKIE: TOKEN}, client.make_url("/"))
    yield Board(house, client)
    await client.close()


def day(clock: HandClock, days: float = 0) -> str:
    return f"{clock.now() + timedelta(days=days, hours=7):%d-%m-%Y %H:%M:%S}"


async def test_what_waits_leaves_as_one_file_without_anybodys_identity(board: Board) -> None:
    case = await board.complaint("=HYPERLINK(1) Saya Sari Wulandari 081234567890, lampu jalan mati di Gang Mawar")
    await board.complaint("+62 lampu taman padam\nsudah lama")

    answer = await board.client.get("/lapor/berkas.xlsx")
    content = await answer.read()

    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows()]
    assert answer.headers["Cache-Control"] == "no-store"
    assert [cell.data_type for row in rows for cell in row if cell.value is not None and cell.data_type != "s"] == []
    heads = [str(cell.value) for cell in rows[0]]
    first = dict(zip(heads, (cell.value for cell in rows[1]), strict=True))
    assert first["Nomor kami"] == case.number
    assert "lampu jalan mati di Gang Mawar" in str(first["Isi laporan"])
    for secret in ("Sari", "081234567890", "Wulandari"):
        assert not any(secret in str(cell.value) for row in rows for cell in row)
    assert len(rows) == 3


async def test_our_own_file_comes_back_with_lapors_numbers(board: Board) -> None:
    case = await board.complaint("Lampu jalan mati di Gang Mawar")
    table = workbook.read(await (await board.client.get("/lapor/berkas.xlsx")).read())
    table[1][1] = "9000123"

    status, page = await board.look(workbook.write("x", table[0], table[1:], [20] * len(table[0])))
    assert status == 200
    assert "nomor kami" in page
    await board.take(page)

    after = await board.case(case)
    assert (after.state, after.tracking_id) == (CaseState.FORWARDED, "9000123")
    assert any("9000123" in one for one in await board.told(case))


async def test_a_renamed_report_is_found_its_status_kept_and_the_citizen_told_once(
    board: Board, clock: HandClock
) -> None:
    case = await board.complaint("Lampu jalan di Gang Mawar Teluk Lingga mati sudah tiga malam")
    other = await board.complaint("Sampah menumpuk di pasar induk Sangatta Utara")
    row = (
        "9000123",
        "LAMPU JALAN GANG MAWAR PADAM TELUK LINGGA",
        "",
        day(clock),
        "Selesai",
        "Lampu sudah diganti.",
        day(clock),
    )

    for _ in range(3):
        await board.apply(row)
        clock.advance(timedelta(minutes=5))

    after = await board.case(case)
    assert (after.tracking_id, after.lapor_status, after.state) == ("9000123", "Selesai", CaseState.ANSWERED)
    assert len([one for one in await board.told(case) if "Lampu sudah diganti." in one]) == 1
    assert (await board.case(other)).tracking_id is None
    back = ("9000123", "x", "", day(clock), "Terverifikasi", "", "")
    await board.apply(back)
    assert (await board.case(case)).lapor_status == "Selesai", "a late export moves nothing back"


async def test_looking_changes_nothing(board: Board, clock: HandClock) -> None:
    case = await board.complaint("Lampu jalan di Gang Mawar mati")
    _, page = await board.look(
        workbook.write(
            "x", HEAD, [("9000123", "Lampu jalan Gang Mawar mati", "", day(clock), "Selesai", "", "")], [9] * 7
        )
    )

    assert case.number in page
    assert (await board.case(case)).tracking_id is None
    assert await board.inbound() == []


async def test_what_is_not_ours_becomes_a_conversation_with_lapors_own_day(board: Board, clock: HandClock) -> None:
    came = clock.now() - timedelta(days=4)
    rows = [
        (
            "9000777",
            "Pungli di pasar",
            "Petugas meminta uang lima puluh ribu.",
            day(clock, -4),
            "Terverifikasi",
            "",
            "",
        ),
        ("9000778", "Sudah lama", "Tidak perlu lagi.", day(clock, -30), "Selesai", "", ""),
    ]
    done = await board.apply(*rows)
    await board.apply(*rows)

    (case,) = await board.inbound()
    assert case.number in done
    assert (case.tracking_id, case.state) == ("9000777", CaseState.FORWARDED)
    assert abs(case.received_at - came) < timedelta(minutes=1)
    assert case.due == board.house.clocks.for_case(case.kind.value, case.received_at, supervision=case.secret).due
    row = await board.house.store.read(lambda work: work.conversations.get(case.conversation_id))
    assert row is not None
    assert (row.channel, row.account) == (Channel.LAPOR, ACCOUNT)
    assert await board.told(case) == []
    page = await (await board.client.get("/lapor")).text()
    assert "Masuk dari LAPOR" in page
    assert case.number in page


async def test_what_is_shut_there_and_open_here_stands_in_a_lane_of_its_own(board: Board, clock: HandClock) -> None:
    shut = await board.complaint("Lampu jalan di Gang Mawar mati")
    done = await board.complaint("Sampah menumpuk di pasar induk Sangatta")
    await board.apply(
        ("9000123", "Lampu jalan Gang Mawar mati", "", day(clock), "Diarsipkan", "", ""),
        ("9000124", "Sampah menumpuk pasar induk", "", day(clock), "Selesai", "", ""),
    )

    page = unescape(await (await board.client.get("/lapor")).text())

    lane = page.split('id="lajur-beda"')[1].split("</section>")[0]
    assert "Tutup di sana, terbuka di sini" in lane
    assert shut.number in lane
    assert done.number not in lane, "what is finished there is answered here, too"


async def test_a_report_from_lapor_is_never_sent_back(board: Board, clock: HandClock) -> None:
    await board.apply(("9000777", "Jalan rusak di Kaubun", "Berlubang.", day(clock, -4), "Terverifikasi", "", ""))
    (case,) = await board.inbound()
    await Dispatch(board.house, "satu").turn()

    fresh = await board.house.store.read(lambda work: work.forwards.fresh(10))
    rows = await board.house.store.read(lambda work: work.jobs.next_at(forward.QUEUE))
    table = workbook.read(await (await board.client.get("/lapor/berkas.xlsx")).read())
    assert (fresh, rows, len(table)) == ([], None, 1)
    assert (await board.case(case)).tracking_id == "9000777"


async def test_an_answer_is_listed_until_it_is_keyed_in(board: Board, clock: HandClock) -> None:
    await board.apply(("9000777", "Jalan rusak di Kaubun", "Berlubang.", day(clock, -4), "Terverifikasi", "", ""))
    (case,) = await board.inbound()
    words = "Tim kami menambalnya hari Senin."
    await board.post(f"/percakapan/{case.conversation_id}/balas", {"ke": "balas", "text": words, "key": "k1"})
    await Sender(board.house, ACCOUNT, "uji").turn()

    page = await (await board.client.get("/lapor")).text()
    table = workbook.read(await (await board.client.get("/lapor/berkas.xlsx")).read())
    assert words in page
    assert table[1][:3] == [case.number, "9000777", "Tanggapan"]
    assert table[1][5] == words
    message = re.search(r'name="pesan" value="(\d+)"', page)
    assert message is not None
    for _ in range(2):
        status, _ = await board.post(f"/lapor/{case.number}/jawaban", {"pesan": message[1]})
        assert status == 303
    assert words not in await (await board.client.get("/lapor")).text()
    await board.apply(("9000777", "Jalan rusak", "", day(clock, -4), "Dalam Proses", words, day(clock)))
    heard = await board.house.store.read(lambda work: work.forwards.news(case.id))
    assert next(one.ours for one in heard if one.text == words) is True


async def test_what_is_not_sure_is_listed_and_an_officer_chooses(board: Board, clock: HandClock) -> None:
    first = await board.complaint("Lampu jalan mati di Gang Mawar")
    second = await board.complaint("Lampu jalan mati di Gang Mawar")
    _, page = await board.look(
        workbook.write(
            "x", HEAD, [("9000123", "Lampu jalan mati di Gang Mawar", "", day(clock), "Dalam Proses", "", "")], [9] * 7
        )
    )

    assert "Perlu Anda pilih" in page
    assert proposed(page).keys() == {"isi"}
    await board.take(page, b2=second.number)

    assert (await board.case(first)).tracking_id is None
    assert (await board.case(second)).tracking_id == "9000123"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
async def test_text_files_of_any_program_are_read(board: Board, clock: HandClock, encoding: str, sign: str) -> None:
    case = await board.complaint("Lampu jalan di Gang Mawar mati")
    rows = [HEAD, ("9000123", f"Lampu{sign} jalan Gang Mawar mati", "é", day(clock), "Selesai", 'kata "petugas"', "")]
    text = "\r\n".join(sign.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)

    status, page = await board.look(text.encode(encoding), "ekspor.csv")
    assert status == 200
    await board.take(page)

    assert (await board.case(case)).tracking_id == "9000123"


@pytest.mark.parametrize(
    "content",
    [b"", b"halo", b"PK\x03\x04rusak", b"\xd0\xcf\x11\xe0xls", b"a,b\n1,2\n", b"Tracking ID,Judul\n", b"\xff\xfe\x00"],
)
async def test_a_file_that_is_none_is_refused_in_words(board: Board, content: bytes) -> None:
    status, page = await board.look(content)

    assert status == 422
    assert 'role="alert"' in page


async def test_a_form_that_no_page_of_ours_made_is_refused(board: Board) -> None:
    for packed in ("", "x", "AAAA", "eJyrrgUAAXUA+Q==", "eJyLjgUAARUAuQ=="):
        status, _ = await board.post("/lapor/impor/terapkan", {"isi": packed, "b2": "LAP-2026-000001"})
        assert status == 422


async def test_a_row_that_cannot_be_applied_holds_up_no_other(board: Board, clock: HandClock) -> None:
    case = await board.complaint("Lampu jalan di Gang Mawar mati")
    rows = [
        ("9000123", "Lampu jalan Gang Mawar mati", "", day(clock), "Selesai", "", ""),
        ("9000124", "Lain", "", day(clock), "Selesai", "", ""),
    ]
    _, page = await board.look(workbook.write("x", HEAD, rows, [9] * 7))

    done = await board.take(page, b3="LAP-2026-009999")

    assert "1 baris diterapkan, 1 tidak dapat diterapkan" in done
    assert (await board.case(case)).tracking_id == "9000123"


@pytest.mark.parametrize("board", [Role.AUDITOR, Role.PPID], indirect=True)
async def test_who_does_not_key_in_neither_downloads_nor_imports(board: Board) -> None:
    assert (await board.client.get("/lapor/berkas.xlsx")).status == 403
    assert (await board.client.get("/lapor/impor")).status == 403
    assert (await board.look(b"x"))[0] == 403


def test_the_sign_between_columns_is_found_even_where_another_stands_in_the_words() -> None:
    assert tables.read(b'Judul;Isi;Status\n"a, b, c, d";"e, f";x\n')[1] == ["a, b, c, d", "e, f", "x"]
    assert tables.read(b"sep=|\nJudul|Isi\na|b\n") == [["Judul", "Isi"], ["a", "b"]]
