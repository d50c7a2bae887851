"""In a real browser: ten reports are keyed in with no field typed twice, an unsure one is closed in two clicks, an export comes in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser

from omnichannel.connectors.catalogue import ours
from omnichannel.domain.case import Case
from omnichannel.domain.forwarding import Forward, ForwardState
from omnichannel.domain.house import House
from omnichannel.domain.message import Author
from omnichannel.domain.people import Role
from omnichannel.domain.work import Work
from omnichannel.router import route
from omnichannel.store.bell import LocalBell
from omnichannel.web import guard, server, workbook
from omnichannel.workers.forwarding import desk_of
from tests.browser.test_counter import TOKEN, a_page, faults
from tests.build import a_staff
from tests.desk import a_house, a_verdict
from tests.house import HandClock, migrated, opened
from tests.plug import Plug
from tests.workers.conftest import wrote

TEN = 10
COPIED = ("title", "content", "date_of_incident", "institution", "category")


@dataclass
class Desk:
    """The LAPOR desk behind the browser."""

    house: House
    address: str
    unsure: Case

    async def case(self, number: str) -> Case:
        found = await self.house.store.read(lambda work: work.cases.by_number(number))
        assert found is not None
        return found


async def complain(house: House, number: int) -> Case:
    words = (
        f"Selamat pagi min, lampu jalan nomor {number} di Gang Mawar mati. NIK saya 6408051234567890, mohon diperbaiki."
    )
    message = await wrote(
        house, Plug(), words, author=Author(f"w{number}", name=f"Warga {number}"), conversation=f"u{number}"
    )

    def story(work: Work) -> Case | None:
        return route.route(work, desk_of(house), message.id, a_verdict(), house.clock.now())

    made = await house.store.write(story)
    assert made is not None
    return made


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    folder, clock, bell = tmp_path_factory.mktemp("lapor"), HandClock(), LocalBell()
    url, now = f"sqlite:///{folder / 'omnichannel.db'}", clock.now()
    await migrated(url)
    async with opened(url, bell, clock) as store:
        house = a_house(store, folder, clock=clock, bell=bell, connectors=[Plug(), *ours().values()])
        for number in range(TEN):
            await complain(house, number)
        unsure, failed, held = [await complain(house, TEN + number) for number in range(3)]

        def prepare(work: Work) -> None:
            staff = a_staff(work, role=Role.LAPOR)
            work.people.open_session(guard.token_hash(TOKEN), staff.id, "c" * 43, now, now + timedelta(hours=9))
            row = Forward(
                case_id=unsure.id, state=ForwardState.UNSURE, since=now, tried_at=now, title="Lampu jalan nomor 10"
            )
            why = "Pengiriman terputus di tengah jalan. Cari judulnya di SP4N-LAPOR!, lalu simpan ID-nya atau kirim ulang."
            work.forwards.add(replace(row, error=why))
            refused = "SP4N-LAPOR! menolak (422): isi tidak sah"
            work.forwards.add(replace(row, case_id=failed.id, state=ForwardState.FAILED, error=refused))
            work.forwards.add(replace(row, case_id=held.id, state=ForwardState.HELD, error="Warga keberatan."))

        await store.write(prepare)
        door = TestServer(server.build(house))
        await door.start_server()
        yield Desk(house, str(door.make_url("")).rstrip("/"), unsure)
        await door.close()


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
async def test_the_board_and_the_import_are_open_to_everybody(
    chromium: Browser, desk: Desk, width: int, theme: str, tmp_path: Path
) -> None:
    page = await a_page(chromium, desk.address, width, theme)
    for path in ("/lapor", "/lapor/impor", f"/lapor/{desk.unsure.number}"):
        await page.goto(desk.address + path)
        assert await faults(page, width) == []
        await page.screenshot(
            path=tmp_path / f"{path.strip('/').replace('/', '-')}-{width}-{theme}.png", full_page=True
        )
    head = ("Tracking ID", "Judul", "Tanggal", "Status")
    rows = [
        ("9000555", "Jalan rusak di Kaubun", "20-11-2026", "Terverifikasi"),
        ("9000556", "Lampu jalan nomor 3 Gang Mawar mati", "23-11-2026", "Selesai"),
    ]
    file = tmp_path / "ekspor.xlsx"
    file.write_bytes(workbook.write("x", head, rows, [20] * 4))
    await page.goto(f"{desk.address}/lapor/impor")
    await page.set_input_files("input[type=file]", file)
    await page.click("button:has-text('Lihat dulu')")
    assert "Jalan rusak di Kaubun" in await page.inner_text("main")
    assert await faults(page, width) == []
    await page.screenshot(path=tmp_path / f"pratinjau-{width}-{theme}.png", full_page=True)
    await page.context.close()


async def test_ten_reports_are_keyed_in_and_nothing_is_typed_twice(chromium: Browser, desk: Desk) -> None:
    page = await a_page(chromium, desk.address, 1440, "light")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desk.address)
    await page.goto(f"{desk.address}/lapor")
    done: list[str] = []
    await page.click("text=Ketik laporan berikutnya")
    for number in range(TEN):
        await page.wait_for_load_state("load")  # a button pressed before its script has come does nothing
        shown = (await page.inner_text("h1 .num")).strip()
        assert shown not in done, "the same report is not offered twice"
        for key in COPIED:
            await page.click(f"[data-copy=f-{key}]")
            await page.wait_for_selector(f"[data-copyrow].done:has(#f-{key})")  # on a busy machine a moment later
            copied = await page.evaluate("navigator.clipboard.readText()")
            assert copied == await page.inner_text(f"#f-{key}")
            assert "6408051234567890" not in copied
            assert "Selamat pagi" not in copied or key == "content"
        await page.fill("input[name=tracking]", f"90010{number:02}")
        await page.click("button:has-text('Simpan, lalu kabari warga')")
        await page.wait_for_selector("text=Sudah di LAPOR")
        assert (await desk.case(shown)).tracking_id == f"90010{number:02}"
        done.append(shown)
        if number < TEN - 1:
            await page.click("text=Ketik laporan berikutnya")
    assert len(set(done)) == TEN
    await page.context.close()


async def test_an_unsure_one_is_closed_in_two_clicks(chromium: Browser, desk: Desk) -> None:
    page = await a_page(chromium, desk.address, 1440, "light")
    await page.goto(f"{desk.address}/lapor")
    ticket = page.locator(f"[data-key='{desk.unsure.number}']").first
    assert "Lampu jalan nomor 10" in await ticket.inner_text()

    await ticket.locator("input[name=tracking]").click()
    await page.keyboard.type("9009999")
    await ticket.locator("button:has-text('Ada, simpan')").click()
    await page.wait_for_load_state()

    assert (await desk.case(desk.unsure.number)).tracking_id == "9009999"
    assert page.url.startswith(f"{desk.address}/lapor")
    await page.context.close()
