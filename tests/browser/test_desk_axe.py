"""axe finds nothing on any screen, wide and narrow, light and dark; and no screen scrolls sideways at 320 px."""

from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from tests.parts.browser import DESK
from tests.web.afternoon import Afternoon, an_afternoon

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk")) as found:
        yield found


def addresses(desk: Afternoon) -> list[str]:
    return [
        "/kotak/perlu-dibaca",
        f"/kotak/semua/{desk.talks['Warga A']}",
        f"/kotak/semua/{desk.talks['@warga_e']}",
        "/kotak/ditunda?cari=zzz",
        "/kotak/semua?urut=genting&cari=kanal:tg",
        f"/pesan/{desk.first}/versi",
        "/ppid",
        "/ppid/permohonan/PPID-2026-000003",
        "/ppid/keberatan",
        "/ppid/tugas",
        "/ppid/dip",
        "/ppid/dip/baru",
        "/ppid/permohonan/PPID-2026-000003/surat",
        "/ppid/laporan?tahun=2026",
        "/unduh",
        "/lapor",
        "/lapor/LAP-2026-000001",
        "/lapor/impor",
        "/kasus/PPID-2026-000003",
        "/kelola/kanal",
        "/kelola/belajar",
        "/peristiwa",
        "/saya",
        "/kotak/tidak-ada",
    ]


async def every_page(desk: Afternoon) -> list[str]:
    """Those above, and each page of ours whose address needs nothing: a new page cannot be forgotten."""
    found = addresses(desk)
    async with desk.visitor("admin") as admin:
        for path in sorted(desk.pages):
            if path not in found and await admin.draws(path):
                found.append(path)
    return found


async def a_page(chromium: Browser, desk: Afternoon, width: int, theme: str) -> Page:
    size = {"viewport": {"width": width, "height": 900}, "color_scheme": theme, "reduced_motion": "reduce"}
    context = await chromium.new_context(**{**DESK, **size})
    await context.add_cookies([{"name": "omni_sid", "value": await desk.token("admin"), "url": desk.address}])
    return await context.new_page()


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1024, "dark"), (390, "light"), (390, "dark")])
async def test_axe_finds_nothing(chromium: Browser, desk: Afternoon, width: int, theme: str) -> None:
    page = await a_page(chromium, desk, width, theme)
    found: dict[str, list[str]] = {}
    # Every page once wide and light, once narrow and dark; the screens that are used all day in between as well.
    whole = (width, theme) in ((1440, "light"), (390, "dark"))
    for address in await every_page(desk) if whole else addresses(desk):
        await page.goto(desk.address + address)
        await page.evaluate(
            "document.querySelectorAll('#perbaiki, .clock details, .more-alarms, .find .filter').forEach((one) => (one.open = true))"
        )
        results = await Axe().run(page, options=RULES)
        for violation in results.response["violations"]:
            nodes = [node["html"][:160] + " " + node["failureSummary"][:200] for node in violation["nodes"][:3]]
            found.setdefault(f"{address} {violation['id']}", []).extend(nodes)
    await page.context.close()

    assert found == {}


async def test_the_login_is_clean_too(chromium: Browser, desk: Afternoon) -> None:
    context = await chromium.new_context(**DESK)
    page = await context.new_page()
    await page.goto(f"{desk.address}/login")
    results = await Axe().run(page, options=RULES)
    await context.close()

    assert [violation["id"] for violation in results.response["violations"]] == []


async def test_no_screen_scrolls_sideways_at_320(chromium: Browser, desk: Afternoon) -> None:
    page = await a_page(chromium, desk, 320, "light")
    for address in [*addresses(desk), "/login"]:
        await page.goto(desk.address + address)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, address
    await page.context.close()
