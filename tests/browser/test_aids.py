"""Preview and suggestions in a real browser: looked at, taken by a click, nothing sent by itself."""

from pathlib import Path

from playwright.async_api import Browser, expect

from omnichannel.domain.work import Direction
from tests.browser.test_desk_live import sitting
from tests.browser.test_desk_reach import looked_at
from tests.web.afternoon import an_afternoon


async def test_a_suggestion_is_taken_and_seen_as_the_citizen_will_see_it(chromium: Browser, tmp_path: Path) -> None:
    async with an_afternoon(tmp_path, told=False) as desk:
        await desk.says("Warga A", "tg-humas", "Kapan tim ke lokasi? Mohon sebutkan jadwal penanganan laporan lampu")
        async with sitting(chromium, desk) as page:
            await page.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga A']}")
            await expect(page.locator("#langsung.on")).to_be_visible()
            await page.locator("[data-do=suggest]").click()
            first = page.locator("#saran .suggestion").first
            await expect(first).to_contain_text("Balasan siap pakai")
            words = await first.locator("button").inner_text()
            await looked_at(page, "saran")
            await first.locator("button").click()
            await expect(page.locator("#tulis")).to_have_value(words)

            await page.locator("[data-do=foresee]").click()
            await expect(page.locator("#pratinjau .words")).to_have_text(words)
            await page.locator("#tulis").fill("Baik, kami kabari.")
            await expect(page.locator("#pratinjau .words")).to_have_text("Baik, kami kabari.")
            await looked_at(page, "pratinjau")

        thread = await desk.read(lambda work: work.messages.thread(desk.talks["Warga A"]))
        assert [one for one in thread if one.direction is Direction.OUT] == []
