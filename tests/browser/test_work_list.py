"""The work list in a real browser: many at once and back again, a place that is kept, and a click that needs no page."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Route, expect

from omnichannel.domain.case import Kind
from tests.browser.test_desk_live import sitting, top_of
from tests.desk import a_verdict
from tests.web.afternoon import Afternoon, an_afternoon
from tests.web.cast import PIXEL


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        for n in range(5):
            await found.says(f"Warga {n}", "tg-humas", f"Lampu jalan mati {n}", ago=timedelta(minutes=30 - n))
        yield found


async def test_many_are_done_by_keyboard_and_put_back(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/perlu-dibaca")
        await expect(page.locator("#langsung.on")).to_be_visible()
        for key in ("j", "x", "j", "j", "X"):
            await page.keyboard.press(key)
        await expect(page.locator("#massal [data-n]")).to_have_text("3 dipilih")
        await expect(page.locator("#kabar")).to_have_text("3 dipilih")

        await page.locator("#massal [value=selesai]").press("Enter")

        await expect(page.locator("#sekaligus")).to_contain_text("3 percakapan ditandai selesai.")
        await expect(page.locator("#baris .row")).to_have_count(2)
        assert await page.evaluate("document.activeElement.matches('#baris .hit')"), "focus is not lost with the rows"
        await page.keyboard.press("z")
        await expect(page.locator("#sekaligus")).to_contain_text("3 percakapan dikembalikan seperti semula.")
        await expect(page.locator("#baris .row")).to_have_count(5)
        await expect(page.locator("#massal")).to_be_hidden()


async def test_a_range_by_the_mouse_survives_what_arrives(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua")
        await expect(page.locator("#langsung.on")).to_be_visible()
        await page.locator("#baris .row .pick").nth(1).click()
        await page.locator("#baris .row .hit").nth(3).click(modifiers=["Shift"])
        await expect(page.locator("#massal [data-n]")).to_have_text("3 dipilih")
        picked = await page.locator("#baris .row.picked").evaluate_all("rows => rows.map((row) => row.dataset.key)")

        await page.mouse.move(900, 400)
        await desk.says("Warga 9", "tg-humas", "Baru saja")

        await expect(page.locator("#baris .row")).to_have_count(6)
        still = await page.locator("#baris .row:has(.pick:checked)").evaluate_all(
            "rows => rows.map((row) => row.dataset.key)"
        )
        assert still == picked
        await page.keyboard.press("Escape")
        await expect(page.locator("#massal")).to_be_hidden()


async def test_a_look_ahead_reads_nothing_and_the_click_does(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url.removeprefix(desk.address)))
        await page.goto(f"{desk.address}/kotak/semua")
        await expect(page.locator("#langsung.on")).to_be_visible()
        number = desk.talks["Warga 2"]
        row = page.locator(f'#baris .row[data-key="{number}"]')

        async with page.expect_response(lambda one: f"/{number}/panel?" in one.url):
            await row.hover()
        before = await desk.read(lambda work: work.conversations.get(number))
        await row.locator(".hit").click()

        await expect(page.locator(".talk h2")).to_have_text("Warga 2")
        await expect(page.locator('.rail [data-count="perlu-dibaca"]').first).to_have_text("4")
        assert before is not None
        assert before.unread == 1
        assert sum(f"/kotak/semua/{number}/panel" in one for one in asked) == 1, (
            "what was fetched ahead is what is shown"
        )
        assert f"/kotak/semua/{number}" not in asked
        assert page.url.endswith(f"/kotak/semua/{number}")
        await page.go_back()
        await expect(page.locator(".talk h2", has_text="Pilih percakapan")).to_be_visible()


async def test_who_moves_on_waits_behind_nothing_that_they_passed(chromium: Browser, desk: Afternoon) -> None:
    """A slow server: the rows that were passed are given up, the one that was opened is shown."""
    async with sitting(chromium, desk) as page:
        given_up: list[str] = []
        page.on("requestfailed", lambda one: given_up.append(one.url))
        await page.goto(f"{desk.address}/kotak/semua")
        await expect(page.locator("#langsung.on")).to_be_visible()
        first, second, third = (desk.talks[f"Warga {n}"] for n in (1, 2, 3))

        async def never(route: Route) -> None:
            held.append(route)

        held: list[Route] = []
        for number in (first, second):
            await page.route(f"**/{number}/panel?*", never)
        async with page.expect_request(f"**/{first}/panel?*"):
            await page.locator(f'.row[data-key="{first}"]').hover()
        async with page.expect_request(f"**/{second}/panel?*"):
            await page.locator(f'.row[data-key="{second}"] .hit').click()
        async with page.expect_event("requestfailed", lambda one: f"/{second}/panel" in one.url):
            await page.locator(f'.row[data-key="{third}"] .hit').click()

        await expect(page.locator(".talk h2")).to_have_text("Warga 3")
        assert page.url.endswith(f"/kotak/semua/{third}")
        assert any(f"/{first}/panel" in one for one in given_up)


async def test_menus_and_the_ladder_come_when_they_are_opened(chromium: Browser, desk: Afternoon) -> None:
    verdict = a_verdict(Kind.COMPLAINT, 0.95, topic="pju", unit="dishub")
    await desk.says("Warga L", "tg-humas", "Lampu jalan mati sudah tiga malam", verdict=verdict)
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua")
        await expect(page.locator("#langsung.on")).to_be_visible()
        await page.locator("#baris .hit", has_text="Warga L").click()
        await expect(page.locator(".talk h2")).to_have_text("Warga L")
        unit = page.locator("#perbaiki select[name=unit]")
        assert await unit.locator("option").count() == 2
        await page.keyboard.press("c")
        await expect(unit.locator("option[value=pupr]")).to_have_count(1)
        await expect(unit).to_have_value("dishub")
        await page.keyboard.press("Escape")
        await page.locator("#jenis").evaluate("menu => menu.blur()")
        await page.keyboard.press("a")
        await expect(page.locator("#tugaskan")).to_be_focused()
        await page.locator("#tugaskan").select_option(label="Petugas S")

        await page.locator(".clock summary").first.click()
        ladder = page.locator(".clock .ladder")
        await expect(ladder).to_have_count(1)
        await page.locator("#tugaskan").evaluate("menu => menu.blur()")
        await page.locator("#batas").evaluate("one => (one.dataset.old = '')")
        await desk.says("Warga L", "tg-humas", "Tolong segera")
        await expect(page.locator("#batas[data-old]")).to_have_count(0)
        await expect(ladder).to_have_count(1)
        assert await page.locator(".clock details").first.evaluate("one => one.open")


async def test_scrolling_goes_on_by_itself_and_nothing_that_arrives_moves_the_page(
    chromium: Browser, desk: Afternoon
) -> None:
    for n in range(120):
        await desk.says(f"Warga {n + 10:03}", "tg-humas", f"baris {n}", ago=timedelta(hours=5) - timedelta(minutes=n))
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua")
        await expect(page.locator("#langsung.on")).to_be_visible()
        rows = page.locator("#baris .row")
        await expect(rows).to_have_count(50)

        await page.locator("#baris").evaluate("list => (list.scrollTop = list.scrollHeight)")
        await expect(rows).to_have_count(100)
        await page.locator("#baris").evaluate("list => (list.scrollTop = list.scrollHeight)")
        await expect(rows).to_have_count(125)
        middle = page.locator("#baris .row", has_text="Warga 060")
        await middle.evaluate("row => row.scrollIntoView({ block: 'center' })")
        before = await top_of(middle)
        for n in range(3):
            await desk.says(f"Warga baru {n}", "tg-humas", "Baru saja")
        await expect(rows).to_have_count(128)
        assert abs(await top_of(middle) - before) < 2

        # The one that is looked at goes to the top with a new word; what stood around it stays.
        below = page.locator("#baris .row", has_text="Warga 058")
        at = await top_of(below)
        desk.clock.moment += timedelta(minutes=1)
        await desk.says("Warga 060", "tg-humas", "Ada kabar?")
        await expect(page.locator("#baris .who").first).to_have_text("Warga 060")
        assert abs(await top_of(below) - at) < 52

        await page.locator("#baris .hit", has_text="Warga 058").click()
        await expect(page.locator(".talk h2")).to_have_text("Warga 058")
        place = await page.locator("#baris").evaluate("list => list.scrollTop")
        await page.goto(f"{desk.address}/ppid")
        await page.go_back()
        await expect(rows).to_have_count(128)
        assert abs(await page.locator("#baris").evaluate("list => list.scrollTop") - place) < 2


async def test_a_phone_comes_back_to_its_place_in_the_list(chromium: Browser, desk: Afternoon) -> None:
    for n in range(30):
        await desk.says(f"Warga {n + 10:03}", "tg-humas", f"baris {n}", ago=timedelta(hours=5) - timedelta(minutes=n))
    async with sitting(chromium, desk, viewport={"width": 390, "height": 844}) as page:
        await page.goto(f"{desk.address}/kotak/semua")
        await page.locator("#baris .hit", has_text="Warga 015").scroll_into_view_if_needed()
        place = await page.locator("#baris").evaluate("list => list.scrollTop")
        await page.locator("#baris .hit", has_text="Warga 015").click()
        await expect(page.locator(".talk h2")).to_have_text("Warga 015")
        await page.locator('.talk [data-do="back"]').click()

        await expect(page.locator("#baris .hit", has_text="Warga 015")).to_be_in_viewport()
        assert place > 100
        assert abs(await page.locator("#baris").evaluate("list => list.scrollTop") - place) < 2


async def test_pictures_are_leafed_through_and_the_eye_comes_back(chromium: Browser, desk: Afternoon) -> None:
    message = await desk.says("Warga 1", "tg-humas", "Ini fotonya")
    await desk.attaches(message, *(desk.file(PIXEL, "image/png", f"tiang-{n}.png") for n in range(1, 4)))
    await desk.write(lambda work: work.messages.set_text(message.id, "Ini foto tiangnya", desk.clock.now()))
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga 1']}")
        await expect(page.locator("#langsung.on")).to_be_visible()
        await page.locator(".album a").nth(1).press("Enter")
        await expect(page.locator("#lihat-judul")).to_have_text("tiang-2.png")
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("ArrowRight")
        await expect(page.locator("#lihat-urut")).to_have_text("1 dari 3")
        assert (
            await page.locator("#lihat-isi img").evaluate("async (image) => (await image.decode(), image.naturalWidth)")
            == 1
        )

        await desk.says("Warga 1", "tg-humas", "Sudah dilihat?")
        await page.keyboard.press("Escape")
        await expect(page.locator("#lihat")).to_be_hidden()
        assert await page.evaluate("document.activeElement.dataset.name") == "tiang-2.png"

        await page.locator("[data-look=versions]").click()
        await expect(page.locator("#lihat-isi .versions-of li")).to_have_count(2)
        await expect(page.locator("#lihat-isi")).to_contain_text("Ini fotonya")
        await page.keyboard.press("Escape")

        # A link that is none of these goes where it says.
        await page.locator('.rail a[href="/kotak/selesai"]').click()
        await page.wait_for_url("**/kotak/selesai")
        await expect(page.locator("#lihat")).to_be_hidden()
