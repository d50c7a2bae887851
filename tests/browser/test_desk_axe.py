"""axe finds nothing on any screen, wide and narrow, light and dark; and no screen scrolls sideways at 320 px."""

from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from tests.parts.browser import DESK
from tests.screens import screens
from tests.web.evening import Evening, an_evening

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OPEN = """document.querySelectorAll('#perbaiki, .clock details, .more-alarms, .find .filter')
    .forEach((one) => (one.open = true))"""


# The screens that are used all day: these are judged at every width and in both themes.
ALL_DAY = ("daftar", "meja", "komentar", "centang", "rencana", "draf", "gabungan", "permohonan", "papan", "kabar")
# The two between them take minutes: with the drills.
VARIANTS = (
    (1440, "light"),
    (390, "dark"),
    pytest.param(1024, "dark", marks=pytest.mark.drill),
    pytest.param(390, "light", marks=pytest.mark.drill),
)


@pytest.fixture(scope="module")
async def evening(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Evening]:
    async with an_evening(tmp_path_factory.mktemp("desk")) as found:
        yield found


async def visits(chromium: Browser, evening: Evening, width: int, theme: str) -> AsyncIterator[tuple[str, Page]]:
    """Each screen as the one sees it whose it is; every one wide and light, and narrow and dark."""
    whole = (width, theme) in ((1440, "light"), (390, "dark"), (320, "light"))
    size = {"viewport": {"width": width, "height": 900}, "color_scheme": theme, "reduced_motion": "reduce"}
    pages: dict[str | None, Page] = {}
    for name, screen in screens(evening).items():
        if not whole and name not in ALL_DAY:
            continue
        if screen.login not in pages:
            context = await chromium.new_context(**{**DESK, **size})
            if screen.login is not None:
                token = await evening.desk.token(screen.login)
                await context.add_cookies([{"name": "omni_sid", "value": token, "url": evening.desk.address}])
            pages[screen.login] = await context.new_page()
        page = pages[screen.login]
        await page.goto(evening.desk.address + screen.path)
        if screen.deed is not None:
            await screen.deed(page)
        yield name, page
    for page in pages.values():
        await page.context.close()


@pytest.mark.parametrize(("width", "theme"), VARIANTS)
async def test_axe_finds_nothing(chromium: Browser, evening: Evening, width: int, theme: str) -> None:
    found: dict[str, list[str]] = {}
    async for name, page in visits(chromium, evening, width, theme):
        await page.evaluate(OPEN)
        results = await Axe().run(page, options=RULES)
        for violation in results.response["violations"]:
            nodes = [node["html"][:160] + " " + node["failureSummary"][:200] for node in violation["nodes"][:3]]
            found.setdefault(f"{name} {violation['id']}", []).extend(nodes)

    assert found == {}


async def test_no_screen_scrolls_sideways_at_320(chromium: Browser, evening: Evening) -> None:
    wide = {}
    async for name, page in visits(chromium, evening, 320, "light"):
        width = await page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[name] = width

    assert wide == {}
