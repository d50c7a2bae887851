"""The public pages in a real browser without script: axe finds nothing, nothing scrolls sideways at 320 px, the way through."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from omnichannel.store.bell import LocalBell
from tests.browser.citizens_way import ADDRESSES, address, every_page, sent
from tests.house import HandClock, migrated, opened
from tests.parts import axe
from tests.parts.browser import DESK
from tests.web.citizen import COMPLAINT, Hall, a_hall


@pytest.fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hall]:
    folder, clock, bell = tmp_path_factory.mktemp("publik"), HandClock(), LocalBell()
    url = f"sqlite:///{folder / 'omnichannel.db'}"
    await migrated(url)
    async with opened(url, bell, clock) as store, a_hall(store, folder, clock, bell) as made:
        yield made


async def a_page(chromium: Browser, width: int, theme: str, *, script: bool = True) -> Page:
    size = {"viewport": {"width": width, "height": 900}, "color_scheme": theme, "java_script_enabled": script}
    context = await chromium.new_context(**{**DESK, **size})
    return await context.new_page()


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark"), (320, "light")])
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    chromium: Browser, hall: Hall, width: int, theme: str
) -> None:
    page = await a_page(chromium, width, theme)
    found: dict[str, list[str]] = {}

    async for name in every_page(page, hall):
        found |= {f"{name} {rule}": nodes for rule, nodes in (await axe.faults(page)).items()}
        wide = await page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.setdefault(f"{name} is {wide} px wide", [])
        doubled = await page.evaluate(
            "[...document.querySelectorAll('[id]')].map((one) => one.id).filter((id, at, all) => all.indexOf(id) < at)"
        )
        if doubled:
            found.setdefault(f"{name} says an id twice", []).extend(doubled)
    await page.context.close()

    assert found == {}


async def test_a_citizen_without_script_sends_tracks_and_writes_again(chromium: Browser, hall: Hall) -> None:
    page = await a_page(chromium, 320, "light", script=False)
    number, code = await sent(page, hall, COMPLAINT["isi"])

    await page.click("a.btn")
    await page.fill("#kode", code)
    await page.click("button.btn:visible")
    await page.fill("#isi", "Lampunya masih mati malam ini.")
    await page.click("button.btn:visible")

    assert await page.locator(".said").inner_text() == "Tambahan Anda sudah kami terima."
    assert "Lampunya masih mati malam ini." in await page.locator(".talk").inner_text()
    assert number.startswith("WEB-")
    await page.context.close()


async def test_no_console_line_speaks_of_a_policy_or_a_lost_file(chromium: Browser, hall: Hall) -> None:
    page, said = await a_page(chromium, 390, "light"), list[str]()
    page.on("console", lambda line: said.append(line.text))
    page.on("response", lambda answer: said.append(answer.url) if answer.status >= 400 else None)

    for path in ADDRESSES[:-1]:
        await page.goto(address(hall) + path)
    await page.context.close()

    assert said == []
