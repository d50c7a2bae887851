"""Goes through every screen of the desk, at a width and in a theme, for whoever judges what is seen there."""

from collections.abc import AsyncIterator

from playwright.async_api import Browser, Page

from tests.parts import axe
from tests.parts.browser import DESK
from tests.screens import screens
from tests.web.evening import Evening

OPEN = """document.querySelectorAll('#perbaiki, .clock details, .more-alarms, .find .filter')
    .forEach((one) => (one.open = true))"""


# The screens that are used all day: these are judged at every width and in both themes.
ALL_DAY = ("daftar", "meja", "komentar", "centang", "rencana", "draf", "gabungan", "permohonan", "papan", "kabar")


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


async def faults(chromium: Browser, evening: Evening, width: int, theme: str) -> dict[str, list[str]]:
    """Screen and rule → what breaks it, with everything opened that folds."""
    found: dict[str, list[str]] = {}
    async for name, page in visits(chromium, evening, width, theme):
        await page.evaluate(OPEN)
        found |= {f"{name} {rule}": nodes for rule, nodes in (await axe.faults(page)).items()}
    return found
