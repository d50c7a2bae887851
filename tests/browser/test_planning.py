"""Undo and "send later" in a real browser, with everything that works beside the page and a toy platform at the other end."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from omnichannel.domain.channel import Channel
from omnichannel.toys.base import Toy
from tests.browser.test_desk_reach import a_town, looked_at
from tests.test_walk import until
from tests.test_walk_channels import Town, login


@pytest.fixture
async def town(tmp_path: Path, page: Page) -> AsyncIterator[Town]:
    async with a_town(tmp_path, page, (Channel.TELEGRAM,)) as made:
        yield made


def toy_of(town: Town) -> Toy:
    return next(toy for toy in town.toys.all if toy.channel is Channel.TELEGRAM)


def heard(toy: Toy) -> list[str]:
    return [line.text for chat in toy.chats() for line in chat.lines if not line.mine]


async def test_a_sending_is_taken_back_with_its_file_and_then_left_to_leave(town: Town, tmp_path: Path) -> None:
    await login(town)
    toy, page = toy_of(town), town.page
    await toy.write(None, "Warga Urung", "Kapan loket buka?")
    await town.open_row(Channel.TELEGRAM, "Kapan loket")
    before = len(heard(toy))
    paper = tmp_path / "Jadwal.pdf"
    paper.write_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF")

    await page.set_input_files("#lampiran", str(paper))
    await page.fill("#tulis", "Loket buka pukul delapan.")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#urungkan")).to_contain_text("Jawaban untuk Warga Urung terkirim dalam")
    await expect(page.locator(".plan .words")).to_have_text("Loket buka pukul delapan.")
    await page.keyboard.press("Control+z")

    await expect(page.locator("#tulis")).to_have_value("Loket buka pukul delapan.")
    await expect(page.locator(".attached .chip")).to_contain_text("Jadwal.pdf")
    await expect(page.locator(".plan")).to_have_count(0)
    await expect(page.locator("#urungkan")).to_be_hidden()
    await page.fill("#tulis", "Loket buka pukul delapan pagi.")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#urungkan")).to_be_visible()
    await page.goto(f"{town.url}/kotak/semua")  # the page that could take it back is gone
    await until(lambda: len(heard(toy)) > before)
    assert heard(toy)[before:] == ["Loket buka pukul delapan pagi."]


async def test_an_answer_for_tomorrow_stands_in_the_conversation_until_it_is_sent_now(town: Town) -> None:
    await login(town)
    toy, page = toy_of(town), town.page
    await toy.write(None, "Warga Nanti", "Kapan loket buka?")
    await town.open_row(Channel.TELEGRAM, "Kapan loket")
    await page.fill("#tulis", "Besok pukul delapan.")
    await page.locator(".later > summary").click()
    await looked_at(page, "kirim-nanti")
    await page.locator(".later button[name=nanti]").first.click()

    plan = page.locator(".plan")
    await expect(plan).to_contain_text("Direncanakan")
    await expect(page.locator("#tulis")).to_have_value("")
    await looked_at(page, "direncanakan")
    await plan.locator(".replan > summary").click()
    await plan.locator("textarea").fill("Besok pukul delapan pagi.")
    await looked_at(page, "ubah-rencana")
    await plan.locator("button[name=sekarang]").click()

    await until(lambda: "Besok pukul delapan pagi." in heard(toy))
    await expect(plan).to_have_count(0)
    await expect(page.locator(".msg.out .words", has_text="Besok pukul delapan pagi.")).to_have_count(1)
