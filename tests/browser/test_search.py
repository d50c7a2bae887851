"""Searching and the command palette in a browser: by keyboard alone, clean for a screen reader, and light to fetch."""

import gzip
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

import omnichannel.web
from tests.parts import axe
from tests.parts.browser import DESK
from tests.web.afternoon import Afternoon, an_afternoon

OURS = 120 * 1024


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk")) as found:
        for n in range(130):
            await found.says("Warga Panjang", "tg-humas", f"rambutan nomor{n}", ago=timedelta(minutes=2000 - n))
        yield found


async def a_page(chromium: Browser, desk: Afternoon, width: int = 1440, theme: str = "light") -> Page:
    size = {"viewport": {"width": width, "height": 900}, "color_scheme": theme, "reduced_motion": "reduce"}
    context = await chromium.new_context(**{**DESK, **size})
    await context.add_cookies([{"name": "omni_sid", "value": await desk.token("admin"), "url": desk.address}])
    return await context.new_page()


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")])
async def test_axe_finds_nothing_on_the_search_and_the_palette(
    chromium: Browser, desk: Afternoon, width: int, theme: str
) -> None:
    page = await a_page(chromium, desk, width, theme)
    found = []
    talk = f"/kotak/semua/{desk.talks['Warga A']}?cari=lampu"
    for address, palette in (
        ("/kotak/semua?cari=lampu+warna:merah+status:baru,selesai,menunggu", False),
        ("/kotak/semua?cari=jalur:komentar", False),
        (talk, True),
    ):
        await page.goto(desk.address + address)
        if palette:
            await page.keyboard.press("Control+k")
            await page.keyboard.type("warga")
            await expect(page.locator("#palet-daftar [role=option]").nth(2)).to_be_visible()
        found += [(address, rule, nodes) for rule, nodes in (await axe.faults(page)).items()]
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.context.close()

    assert found == []


async def test_from_a_hit_to_its_message_without_leaving_the_list(chromium: Browser, desk: Afternoon) -> None:
    page = await a_page(chromium, desk)
    await page.goto(f"{desk.address}/kotak/perlu-dibaca")
    await page.keyboard.press("/")
    await page.keyboard.type("nomor7")
    await page.keyboard.press("Enter")
    await page.locator("#baris [data-jump]").first.click()

    await expect(page.locator(".msg.found")).to_be_in_viewport()
    await expect(page.locator(".msg.found")).to_contain_text("nomor7")
    await expect(page.locator("#baris mark").first).to_be_visible()
    await page.locator("a.newer").click()
    await expect(page.locator("#aliran")).to_contain_text("nomor129")
    await page.context.close()


async def test_the_palette_is_worked_by_keys_alone(chromium: Browser, desk: Afternoon) -> None:
    page = await a_page(chromium, desk)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    await page.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga A']}")
    field = page.locator("#palet-cari")

    await page.keyboard.press("Control+k")
    await expect(field).to_be_focused()
    await page.keyboard.press("ArrowDown")
    chosen = await field.get_attribute("aria-activedescendant")
    assert chosen == "palet-1"
    await expect(page.locator(f"#{chosen}")).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Escape")
    await expect(page.locator("#palet")).to_be_hidden()

    await page.keyboard.press("Control+k")
    await page.keyboard.type("catatan int")
    await page.keyboard.press("Enter")
    await expect(page.locator("#tulis")).to_be_focused()
    await expect(page.locator("#to-note")).to_be_checked()

    await page.keyboard.press("Control+k")
    await page.keyboard.type("rambutan")
    await expect(page.locator("#palet-daftar [role=option]", has_text="Warga Panjang")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.locator(".talk h2").first).to_have_text("Warga Panjang")

    await page.keyboard.press("Control+k")
    await page.keyboard.type("ppid")
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile("/ppid$"))
    await page.keyboard.press("Control+k")
    await expect(field).to_be_focused()
    await page.context.close()

    assert errors == []


def test_the_files_of_the_desk_are_light() -> None:
    folder = Path(omnichannel.web.__file__).parent / "static"
    files = [one for one in folder.rglob("*") if one.suffix in (".js", ".css", ".svg") and "vendor" not in one.parts]
    packed = sum(len(gzip.compress(one.read_bytes(), 6)) for one in files)

    print(f"{len(files)} files, {packed / 1024:.1f} KB packed")
    assert packed <= OURS
