"""Pictures of every screen, wide and narrow, light and dark: `make pictures` puts them into .cache/pictures; `python -m tests.pictures OUT [NAME…]` elsewhere, or some of them.

They are for looking: a person opens them beside the design after each change of a screen.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from omnichannel.store.bell import LocalBell
from tests.browser.citizens_way import every_page
from tests.house import HandClock, migrated, opened
from tests.parts.browser import DESK, FLAGS, program
from tests.screens import screens
from tests.web.citizen import Hall, a_hall
from tests.web.evening import Evening, an_evening

WIDTHS = ((1440, 900), (1024, 768), (390, 844))
THEMES = ("light", "dark")
PUBLIC = "publik"


async def take(browser: Browser, evening: Evening, out: Path, wanted: list[str]) -> int:
    """Every wanted screen at every width in both themes; returns how many."""
    desk, taken = evening.desk, 0
    for name, screen in screens(evening).items():
        if wanted and name not in wanted:
            continue
        for width, height in WIDTHS:
            for theme in THEMES:
                size = {"viewport": {"width": width, "height": height}, "color_scheme": theme}
                context = await browser.new_context(**{**DESK, **size})
                if screen.login is not None:
                    cookie = {"name": "omni_sid", "value": await desk.token(screen.login), "url": desk.address}
                    await context.add_cookies([cookie])  # type: ignore[list-item]
                page = await context.new_page()
                await page.goto(desk.address + screen.path)
                if screen.deed is not None:
                    await screen.deed(page)
                await page.wait_for_timeout(400)
                await page.screenshot(path=out / f"{name}-{width}-{theme}.png")
                await context.close()
                taken += 1
    return taken


async def take_public(browser: Browser, hall: Hall, out: Path) -> int:
    """A citizen's way through the public pages, numbered as it goes; returns how many."""
    taken = 0
    for width, height in WIDTHS:
        for theme in THEMES:
            size = {"viewport": {"width": width, "height": height}, "color_scheme": theme}
            context = await browser.new_context(**{**DESK, **size})
            page, step = await context.new_page(), 0
            async for _ in every_page(page, hall):
                step += 1
                await page.screenshot(path=out / f"publik-{step}-{width}-{theme}.png", full_page=True)
            await context.close()
            taken += step
    return taken


@asynccontextmanager
async def a_public_hall(folder: Path) -> AsyncIterator[Hall]:
    """The public pages on an office of their own, which has a web form."""
    clock, bell = HandClock(), LocalBell()
    url = f"sqlite:///{folder / 'publik.db'}"
    await migrated(url)
    async with opened(url, bell, clock) as store, a_hall(store, folder, clock, bell) as hall:
        yield hall


async def main(out: Path, wanted: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with an_evening(Path(folder)) as evening, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=program(), args=list(FLAGS))
            taken = await take(browser, evening, out, wanted)
            if not wanted or PUBLIC in wanted:
                async with a_public_hall(Path(folder)) as hall:
                    taken += await take_public(browser, hall, out)
            await browser.close()
    print(f"{taken} pictures in {out}")


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(".cache/pictures")
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(folder, sys.argv[2:]))
