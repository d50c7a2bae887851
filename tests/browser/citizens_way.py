"""The way through a citizen's pages in a browser: tests judge each page, and `make pictures` draws it."""

from collections.abc import AsyncIterator

from playwright.async_api import Page

from tests.web.citizen import Hall

ADDRESSES = (
    "/publik",
    "/publik/pengaduan",
    "/publik/permohonan",
    "/publik/lacak",
    "/publik/statistik",
    "/publik/dip",
    "/publik/unit/diskominfo",
    "/publik/register",
    "/publik/keberatan",
    "/publik/sematan/permohonan",
    "/publik/tidak-ada",
)


def address(hall: Hall) -> str:
    return str(hall.server.make_url("")).rstrip("/")


async def every_page(page: Page, hall: Hall) -> AsyncIterator[str]:
    """Each page, then those that only come after a form."""
    for path in ADDRESSES:
        await page.goto(address(hall) + path)
        yield path
    await page.goto(f"{address(hall)}/publik/permohonan")
    await page.click("button.btn:visible")
    yield "the form with its faults"
    number, code = await sent(page, hall, "Tolong, rumah di sebelah kebakaran dan ada orang terjebak!")
    yield "the receipt, and danger"
    await page.goto(f"{address(hall)}/publik/lacak?nomor={number}")
    await page.fill("#kode", code)
    await page.click("button.btn:visible")
    yield "the tracking page"


async def sent(page: Page, hall: Hall, words: str) -> tuple[str, str]:
    await page.goto(f"{address(hall)}/publik/pengaduan")
    await page.fill("#isi", words)
    await page.check("#setuju")
    await page.click("button.btn:visible")
    noted = await page.locator(".keep dd").all_inner_texts()
    return noted[-2], noted[-1]
