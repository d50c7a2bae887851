"""In a real browser: a visit is taken down, its receipt tracks it, and a citizen lets their browser fill in a place."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page

from omnichannel.connectors.catalogue import ours
from omnichannel.domain.channel import Channel, Health
from omnichannel.domain.people import Role
from omnichannel.domain.work import Work
from omnichannel.store.bell import LocalBell
from omnichannel.web import guard, server
from tests.build import a_staff
from tests.desk import a_house
from tests.house import HandClock, migrated, opened
from tests.parts import axe
from tests.parts.browser import DESK
from tests.plug import Plug

TOKEN = "t" * 43


@pytest.fixture(scope="module")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    folder, clock, bell = tmp_path_factory.mktemp("meja"), HandClock(), LocalBell()
    url, now = f"sqlite:///{folder / 'omnichannel.db'}", clock.now()
    await migrated(url)

    def story(work: Work) -> None:
        staff = a_staff(work, role=Role.ADMINISTRATOR)
        work.people.open_session(guard.token_hash(TOKEN), staff.id, "c" * 43, now, now + timedelta(hours=9))
        work.accounts.ensure("wa-humas", Channel.WHATSAPP)
        work.accounts.set_health("wa-humas", Health.BROKEN, "Token ditolak.", now, "+62 811")
        work.watch.probed("wa-humas", now, now, now + timedelta(days=2))

    async with opened(url, bell, clock) as store:
        await store.write(story)
        house = a_house(store, folder, clock=clock, bell=bell, connectors=[Plug(), *ours().values()])
        door = TestServer(server.build(house))
        await door.start_server()
        yield str(door.make_url("")).rstrip("/")
        await door.close()


async def a_page(chromium: Browser, address: str, width: int, theme: str) -> Page:
    context = await chromium.new_context(**{**DESK, "viewport": {"width": width, "height": 900}, "color_scheme": theme})
    await context.add_cookies([{"name": guard.SESSION_COOKIE, "value": TOKEN, "url": address}])
    return await context.new_page()


async def faults(page: Page, width: int) -> list[str]:
    found = [f"{rule}: {nodes[0]}" for rule, nodes in (await axe.faults(page)).items()]
    wide = await page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{wide} px wide"] if wide > width else [])


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
async def test_a_visit_is_taken_down_and_its_receipt_tracks_it(
    chromium: Browser, address: str, width: int, theme: str
) -> None:
    page = await a_page(chromium, address, width, theme)
    await page.goto(f"{address}/catat")
    assert await faults(page, width) == []
    await page.click("button.btn.main:has-text('Simpan')")
    assert await page.locator("#salah-isi").count() == 1
    assert await faults(page, width) == []

    await page.check("input[value=telepon]")
    await page.check("input[value=pengaduan]")
    await page.fill("#nama", "Warga Uji")
    await page.fill("#kata-warga", f"Lampu jalan di pasar mati, dilihat pada {width} px.")
    await page.click("button.btn.main:has-text('Simpan')")
    number, code = await page.locator(".slip .strong").all_inner_texts()
    assert await faults(page, width) == []

    await page.goto(f"{address}/publik/lacak?nomor={number}")
    await page.fill("#kode", code)
    await page.click("button.btn")
    assert number in await page.inner_text("main")
    assert await faults(page, width) == []
    await page.goto(f"{address}/kelola/kanal")
    assert "token habis 2 hari lagi" in await page.inner_text("main")
    assert await faults(page, width) == []
    await page.goto(f"{address}/kotak/semua")
    assert "wa-humas berhenti" in await page.inner_text(".troubles")
    assert await faults(page, width) == []
    await page.context.close()


async def test_the_place_is_filled_in_only_when_the_citizen_asks(chromium: Browser, address: str) -> None:
    where = {"latitude": 0.5234567, "longitude": 117.5821}
    context = await chromium.new_context(**{**DESK, "geolocation": where, "permissions": ["geolocation"]})
    page = await context.new_page()
    await page.goto(f"{address}/publik/pengaduan")
    await page.click("summary:has-text('Titik di peta')")
    assert await page.input_value("#lat") == ""

    await page.click("[data-place]")
    await page.wait_for_function("document.querySelector('#lat').value !== ''")

    assert (await page.input_value("#lat"), await page.input_value("#lon")) == ("0.52346", "117.58210")
    assert await page.inner_text("#lokasi-kabar") == "Posisi sudah terisi."
    await context.close()
