"""The open desk in a real browser: what arrives appears where it belongs, and nothing that is being written is lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from omnichannel.domain.case import Kind
from omnichannel.domain.message import Delivery
from omnichannel.domain.work import MACHINE, Work
from tests.parts.browser import DESK
from tests.web.afternoon import Afternoon, an_afternoon
from tests.web.cast import NOW, a_verdict

PATIENCE = 6000


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        await found.says("Warga A", "tg-humas", "Lampu jalan mati", ago=timedelta(minutes=3))
        await found.says("Warga B", "tg-humas", "Sampah menumpuk", ago=timedelta(minutes=2))
        yield found


@asynccontextmanager
async def sitting(
    chromium: Browser, desk: Afternoon, login: str = "r", expected: str = "", **size: object
) -> AsyncIterator[Page]:
    """Somebody at their desk; a page that complains to its console fails the test."""
    context = await chromium.new_context(**{**DESK, **size})
    await context.add_cookies([{"name": "omni_sid", "value": await desk.token(login), "url": desk.address}])
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.set_default_timeout(PATIENCE)
    yield page
    await context.close()
    assert [one for one in complaints if not expected or expected not in one] == []


async def top_of(place: Locator) -> float:
    box = await place.bounding_box()
    assert box is not None
    return box["y"]


async def test_a_new_message_appears_without_reload_and_the_draft_stays(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga A']}")
        await expect(page.locator("#langsung.on")).to_be_visible()
        box = page.locator("#tulis")
        await box.fill("Selamat siang, kami sedang")
        await box.evaluate("area => area.setSelectionRange(7, 7)")

        await desk.says("Warga A", "tg-humas", "Sudah tiga malam gelap")

        await expect(page.get_by_text("Sudah tiga malam gelap").first).to_be_visible()
        await expect(page.locator(".stream .words", has_text="Sudah tiga malam gelap")).to_be_visible()
        assert await box.input_value() == "Selamat siang, kami sedang"
        assert await page.evaluate("document.activeElement.id") == "tulis"
        assert await box.evaluate("area => area.selectionStart") == 7


async def test_the_list_orders_itself_and_counts(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua")
        await expect(page.locator("#langsung.on")).to_be_visible()

        await desk.says("Warga C", "tg-humas", "Air keruh")

        await expect(page.locator("#baris .who").first).to_have_text("Warga C")
        await expect(page.locator('.rail [data-count="perlu-dibaca"]').first).to_have_text("3")
        await expect(page.locator('.rail [data-count="semua"]')).to_have_text("3")


async def test_reading_older_words_is_not_disturbed(chromium: Browser, desk: Afternoon) -> None:
    for n in range(40):
        await desk.says("Warga A", "tg-humas", f"baris {n:02} " + "kata " * 20, ago=timedelta(minutes=100 - n))
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga A']}")
        await expect(page.locator("#langsung.on")).to_be_visible()
        old = page.locator(".stream .words", has_text="baris 10")
        await old.scroll_into_view_if_needed()
        before = await top_of(old)

        await desk.says("Warga A", "tg-humas", "kabar terbaru")
        await expect(page.locator('[data-do="newest"]')).to_be_visible()

        assert abs(await top_of(old) - before) < 2
        await page.locator('[data-do="newest"]').click()
        await expect(page.locator(".stream .words", has_text="kabar terbaru")).to_be_in_viewport()


async def test_a_draft_survives_reload_and_another_conversation(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga A']}")
        await page.locator("#tulis").fill("belum selesai")
        await page.locator("#baris .hit", has_text="Warga B").click()
        await expect(page.locator(".talk h2")).to_have_text("Warga B")
        assert await page.locator("#tulis").input_value() == ""

        await page.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga A']}")

        await expect(page.locator("#tulis")).to_have_value("belum selesai")


async def test_a_reply_goes_out_by_keyboard_alone(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua")
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await expect(page.locator(".talk h2")).to_have_text("Warga A")
        await page.keyboard.press("r")
        await page.keyboard.type("Baik, kami periksa.")
        await page.keyboard.press("Control+Enter")

        await expect(page.locator(".msg.out.queued .words")).to_have_text("Baik, kami periksa.")
        await expect(page.locator("#tulis")).to_have_value("")
        await page.keyboard.press("Escape")
        await page.keyboard.press("e")
        await expect(page.locator(".caseline", has_text="Selesai")).to_be_visible()
        await page.keyboard.press("?")
        await expect(page.locator("dialog#tombol")).to_be_visible()


async def test_ready_replies_open_with_a_slash(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga A']}")
        await page.locator("#tulis").press_sequentially("/salam")
        await expect(page.locator("#balasan [role=option]")).to_have_count(1)
        await page.keyboard.press("Enter")

        await expect(page.locator("#tulis")).to_have_value(
            "Selamat datang di layanan warga Pemerintah Kabupaten Kutai Timur, Warga A. Ada yang dapat kami bantu?"
        )


async def test_what_the_channel_says_turns_the_tick(chromium: Browser, desk: Afternoon) -> None:
    message = await desk.answers("r", "Warga A", "jawaban", Delivery.SENT)
    async with sitting(chromium, desk) as page:
        await page.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga A']}")
        await expect(page.locator("#langsung.on")).to_be_visible()
        await expect(page.locator(f"#p{message.id} .ticks")).to_have_text("Terkirim")

        def read(work: Work) -> None:
            work.messages.set_delivery(message.id, Delivery.READ, NOW)
            work.note(MACHINE, "read", "message", message.id, at=NOW, conversation_id=desk.talks["Warga A"])

        await desk.write(read)

        await expect(page.locator(f"#p{message.id} .ticks.read")).to_have_text("Dibaca")


async def test_an_alarm_reaches_a_screen_that_shows_something_else(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk, "ppid") as page:
        await page.goto(f"{desk.address}/ppid")
        await page.wait_for_timeout(500)
        danger = a_verdict(Kind.COMPLAINT, 0.9, topic="keamanan", unit=None, urgent=True)
        await desk.says("Warga D", "tg-humas", "Kebakaran di pasar!", verdict=danger)

        await expect(page.locator(".alarm-band", has_text="Kebakaran di pasar!")).to_be_visible()
        await page.get_by_role("button", name="Terima alarm").click()
        await expect(page.locator(".alarm-band")).to_have_count(0)
        assert page.url.endswith("/ppid")


async def test_an_ended_session_says_so_and_keeps_the_words(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk, expected="401") as page:
        await page.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga A']}")
        await page.locator("#tulis").fill("hampir selesai ditulis")
        await page.context.clear_cookies()
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#terputus")).to_be_visible()
        await expect(page.locator("#terputus")).to_contain_text("Sesi Anda berakhir")
        await expect(page.locator("#tulis")).to_have_value("hampir selesai ditulis")

        await page.context.add_cookies([{"name": "omni_sid", "value": await desk.token("r"), "url": desk.address}])
        await page.reload()

        await expect(page.locator("#tulis")).to_have_value("hampir selesai ditulis")


async def test_a_reply_without_a_line_stays_and_says_so_in_our_words(chromium: Browser, desk: Afternoon) -> None:
    """The browser's own "Failed to fetch" once stood under the composer."""
    async with sitting(chromium, desk, expected="ERR_INTERNET_DISCONNECTED") as page:
        await page.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga A']}")
        box = page.locator("#tulis")
        await box.fill("Jawaban yang belum berangkat")
        await page.context.set_offline(True)
        await box.press("Control+Enter")

        await expect(page.locator(".composer .error-line")).to_contain_text("Draf Anda aman")
        await expect(box).to_have_value("Jawaban yang belum berangkat")
        await page.context.set_offline(False)


async def test_two_tabs_share_one_stream(chromium: Browser, desk: Afternoon) -> None:
    async with sitting(chromium, desk) as page:
        streams: list[str] = []
        page.context.on(
            "request", lambda one: streams.append(one.url) if one.url.split("?")[0].endswith("/live") else None
        )
        other = await page.context.new_page()
        for tab in (page, other):
            await tab.goto(f"{desk.address}/kotak/semua")
            await expect(tab.locator("#langsung.on")).to_be_visible()

        await desk.says("Warga C", "tg-humas", "halo")

        for tab in (page, other):
            await expect(tab.locator("#baris .who").first).to_have_text("Warga C")
        assert len(streams) <= 1


async def test_the_copy_button_hands_over_one_field(chromium: Browser, desk: Afternoon) -> None:
    await desk.says(
        "Warga P",
        "tg-humas",
        "Jalan rusak di depan pasar",
        verdict=a_verdict(Kind.COMPLAINT, 0.95, topic="jalan_jembatan", unit="pupr"),
    )
    async with sitting(chromium, desk, "lapor", permissions=["clipboard-read", "clipboard-write"]) as page:
        await page.goto(f"{desk.address}/lapor/LAP-2026-000001")
        await page.locator('[data-copy="f-title"]').click()

        await expect(page.locator('[data-copy="f-title"]')).to_have_text("Tersalin")
        assert await page.evaluate("navigator.clipboard.readText()") == "Jalan rusak di depan pasar"


async def test_a_refused_correction_says_so_where_it_was_made(chromium: Browser, desk: Afternoon) -> None:
    """It once stood under the composer, three panes away from the button."""
    verdict = a_verdict(Kind.COMPLAINT, 0.95, topic="pju", unit="dishub")
    await desk.says("Warga L", "tg-humas", "Lampu jalan mati sudah tiga malam", verdict=verdict)
    number = desk.talks["Warga L"]

    def in_lapor(work: Work) -> None:
        (case,) = work.cases.of_conversation(number)
        work.cases.save(case, replace(case, tracking_id="1234567"))

    await desk.write(in_lapor)
    async with sitting(chromium, desk, "s", expected="409") as page:
        await page.goto(f"{desk.address}/kotak/semua/{number}")
        await page.locator("#perbaiki summary").click()
        await page.locator("#perbaiki select[name=jenis]").select_option("information_request")
        await page.locator("#perbaiki button", has_text="Simpan klasifikasi").click()

        await expect(page.locator("#perbaiki .error-line")).to_contain_text("sudah ada di SP4N-LAPOR!")
        await expect(page.locator("#jawab .error-line")).to_be_hidden()
