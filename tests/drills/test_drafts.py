"""No draft lost: the line is cut, the server killed, the session ended while an officer types, in a real browser.

A real minute without a line is shortened to a few seconds: what is asked is that nothing needs the line, not how long.
"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.drills.service import PASSWORD
from tests.drills.small import Small, a_body, an_item, small
from tests.parts.browser import DESK

pytestmark = [pytest.mark.drill]

CUT = 6.0  # seconds
FAULTS = ("line", "server", "session")
Fault = Callable[[], Awaitable[None]]


def asked(data: Path, question: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(data / "omnichannel.db", timeout=10) as held:
        return held.execute(question).fetchall()


async def enter(office: Small, page: Page) -> None:
    await page.goto(f"{office.service.url}/login")
    await page.fill("input[name=login]", "petugas")
    await page.fill("input[name=password]", PASSWORD)
    await page.click("form[action='/login'] button.main")
    await page.wait_for_url("**/kotak/**")


TOLD = {"line": "tidak tersambung ke jaringan", "server": "Layanan belum terjangkau", "session": "Sesi Anda berakhir"}


async def write_through(page: Page, text: str, told: str, begins: Fault, ends: Fault) -> None:
    """Half of it, the fault, the other half, the end of the fault; and the page says what is happening."""
    half = len(text) // 2
    area = page.locator("#tulis")
    await area.press_sequentially(text[:half], delay=15)
    await begins()
    await area.press_sequentially(text[half:], delay=15)
    await asyncio.sleep(CUT)
    await expect(page.locator("#terputus")).to_contain_text(told, timeout=20_000)
    await expect(page.locator("#terputus")).to_contain_text("Draf Anda aman")
    await ends()
    await expect(page.locator("#terputus")).to_be_hidden(timeout=30_000)
    assert await area.input_value() == text


async def test_no_draft_is_lost_whatever_breaks_while_it_is_written(chromium: Browser, tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    async with small(tmp_path) as office:
        items = [an_item(number, f"Mohon informasi jadwal layanan {number}") for number in range(len(FAULTS))]
        assert await office.post(a_body(*items)) == 200
        talks = [int(str(row[0])) for row in asked(tmp_path / "data", "SELECT id FROM conversations ORDER BY id")]
        context = await chromium.new_context(**DESK)
        page = await context.new_page()
        await enter(office, page)

        async def citizen_writes(fault: str) -> None:
            number = FAULTS.index(fault)
            later = an_item(100 + number, f"Menyusul: {fault}", thread=f"u{number}")
            assert await office.post(a_body(later | {"from": items[number]["from"]})) == 200

        async def cut() -> None:
            await context.set_offline(True)
            await citizen_writes("line")

        async def mend() -> None:
            await context.set_offline(False)

        async def restart() -> None:
            await office.service.start()
            await citizen_writes("server")  # the platform had kept it

        async def expire() -> None:
            await citizen_writes("session")
            with sqlite3.connect(tmp_path / "data" / "omnichannel.db", timeout=10) as held:
                held.execute("DELETE FROM sessions")

        async def come_in() -> None:
            await expect(page.locator("#terputus")).to_contain_text("Sesi Anda berakhir", timeout=20_000)
            counts["told"] += 1
            await page.locator("#terputus [data-do=login]").click()
            await page.fill("#masuk-lagi [name=password]", PASSWORD)
            await page.click("#masuk-lagi button.main")
            await expect(page.locator("#masuk-lagi")).to_be_hidden()

        ways = {
            "line": (cut, mend),
            "server": (office.service.kill, restart),
            "session": (expire, come_in),
        }
        texts = {
            talk: f"Jawaban {fault}: kami periksa ke lapangan besok pagi."
            for talk, fault in zip(talks, FAULTS, strict=True)
        }
        for talk, fault in zip(talks, FAULTS, strict=True):
            await page.goto(f"{office.service.url}/kotak/semua/{talk}")
            await expect(page.locator("#langsung.on")).to_be_visible()
            await write_through(page, texts[talk], TOLD[fault], *ways[fault])
            await expect(page.locator(".stream .words", has_text=f"Menyusul: {fault}")).to_have_count(1, timeout=30_000)
            await expect(page.locator(".saved")).to_have_text("Draf tersimpan", timeout=30_000)
            counts["written"] += 1
        await context.close()

        rows = {one[0]: one[1] for one in asked(tmp_path / "data", "SELECT conversation_id, text FROM drafts")}
        counts["kept"] = sum(rows.get(talk) == text for talk, text in texts.items())
        other = await chromium.new_context(**DESK)
        page = await other.new_page()
        await enter(office, page)
        for talk, text in texts.items():
            await page.goto(f"{office.service.url}/kotak/semua/{talk}")
            counts["restored elsewhere"] += await page.locator("#tulis").input_value() == text
            await page.locator("#jawab button.main").click()
            await expect(page.locator("#tulis")).to_have_value("")
            await expect(page.locator(".msg.out .words", has_text=text)).to_have_count(1)
        await other.close()
        await asyncio.sleep(8)
        left = asked(tmp_path / "data", "SELECT count(*) FROM drafts")[0][0]
        out = asked(tmp_path / "data", "SELECT text FROM messages WHERE direction = 'out' AND NOT automatic")
        counts["sent"] = sum((text,) in out for text in texts.values())
        counts["sent twice"] = len([one for one in out if one[0] in texts.values()]) - counts["sent"]

    print(f"\ndrafts: {dict(counts)}, left behind {left}")
    n = len(FAULTS)
    assert counts == Counter({"written": n, "told": 1, "kept": n, "restored elsewhere": n, "sent": n, "sent twice": 0})
    assert left == 0
