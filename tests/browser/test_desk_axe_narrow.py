"""axe finds nothing on any screen, narrow and dark; and no screen scrolls sideways at 320 px."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.browser.visiting import faults, visits
from tests.web.evening import Evening, an_evening


@pytest.fixture(scope="module")
async def evening(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Evening]:
    async with an_evening(tmp_path_factory.mktemp("desk")) as found:
        yield found


async def test_axe_finds_nothing_narrow_and_dark(chromium: Browser, evening: Evening) -> None:
    assert await faults(chromium, evening, 390, "dark") == {}


async def test_no_screen_scrolls_sideways_at_320(chromium: Browser, evening: Evening) -> None:
    wide = {}
    async for name, page in visits(chromium, evening, 320, "light"):
        width = await page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[name] = width

    assert wide == {}
