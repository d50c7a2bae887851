"""The request form in a village's own site, in a real browser without script: another site, no cookie of ours, and a number."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Frame, Page

from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from tests.browser.citizens_way import address
from tests.house import HandClock
from tests.web.citizen import REQUEST, Hall, a_hall

OUTSIDE = '<!doctype html><title>Desa</title><h1>Situs desa</h1><iframe src="{}" width="100%" height="900"></iframe>'


@asynccontextmanager
async def a_site(snippet: str) -> AsyncIterator[str]:
    """A village's site: by the name `localhost` it is another site than our 127.0.0.1."""

    async def shown(request: web.Request) -> web.Response:
        return web.Response(text=OUTSIDE.format(snippet), content_type="text/html")

    application = web.Application()
    application.router.add_get("/", shown)
    async with TestServer(application) as served:
        yield f"http://localhost:{served.port}"


@pytest.fixture
async def hall(quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell) -> AsyncIterator[Hall]:
    async with a_hall(quick_store, tmp_path, clock, bell) as found:
        yield found


def inside(page: Page) -> Frame:
    return page.frames[1]


async def test_a_villager_asks_inside_the_villages_site(chromium: Browser, hall: Hall) -> None:
    context = await chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = await context.new_page()
    snippet = f"{address(hall)}/publik/sematan/permohonan?unit=dishub"
    async with a_site(snippet) as named, a_site(snippet) as foreign:
        office = hall.house.office
        object.__setattr__(hall.house, "office", replace(office, ppid=replace(office.ppid, embed_hosts=(named,))))
        await page.goto(named)
        frame = inside(page)
        await frame.fill("#isi", REQUEST["isi"])
        await frame.fill("#tujuan", REQUEST["tujuan"])
        for name in ("cara", "salinan", "pemohon"):
            await frame.check(f"input[name={name}][value={REQUEST[name]}]")
        for name in ("nama", "alamat", "surel"):
            await frame.fill(f"#{name}", REQUEST[name])
        await frame.check("#setuju")
        await frame.click("button.btn:visible")
        await frame.wait_for_selector(".keep")
        noted = await frame.inner_text(".keep")
        cookies = await context.cookies(address(hall))
        await page.goto(foreign)
        shut = inside(page).url

    number = re.search(r"PPID-\d{4}-\d{6}|WEB-\w{5}-\w{5}", noted)
    assert number is not None
    assert await hall.cases(number[0])
    assert cookies == []
    assert shut.startswith("chrome-error://"), "a site that nobody named shows nothing"
    await context.close()
