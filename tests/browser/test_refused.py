"""What a platform refuses says why on the page, and "Kirim ulang" sends it again: once, and as far as the citizen."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from omnichannel.domain.channel import Channel
from omnichannel.domain.message import Delivery
from tests.browser.test_desk_reach import a_town
from tests.test_walk import until
from tests.test_walk_channels import Town, login, said

WORDS = "Tim Dishub memeriksa tiangnya besok pukul 08.00."


@pytest.fixture
async def town(tmp_path: Path, page: Page) -> AsyncIterator[Town]:
    async with a_town(tmp_path, page, (Channel.TELEGRAM,)) as made:
        yield made


async def test_a_refused_reply_says_why_and_goes_out_when_it_is_sent_again(town: Town) -> None:
    toy, page = town.toys.telegram, town.page
    siti = toy.citizen("Siti Ditolak")
    await login(town)
    await siti.writes("Lampu jalan di Gang Mawar Sangatta Utara mati sudah tiga malam, gelap sekali.")
    await town.open_row(Channel.TELEGRAM, "Gang Mawar")
    await until(lambda: any("LAP-" in text for text in said(toy)), 15)  # the receipt is out, so the next is ours

    await siti.blocks()
    await town.reply(WORDS)

    answer = page.locator(".msg.out", has_text=WORDS)
    why = answer.locator(".why")
    await expect(why).to_contain_text("Belum terkirim. Warga memblokir bot ini. Hubungi lewat kanal lain.")
    await expect(why).to_contain_text("Pesan aman di sini.")
    assert WORDS not in said(toy)

    # Still blocked: the second refusal is told as the first was, and nothing is taken for sent.
    tried = sum(method == "sendMessage" for method, _ in toy.calls)
    late, talk = time.monotonic() + 15, int(page.url.rpartition("/")[2])
    await why.get_by_role("button", name="Kirim ulang").click()
    await until(lambda: sum(method == "sendMessage" for method, _ in toy.calls) > tried, 15)
    while await town.house.store.read(lambda work: work.messages.thread(talk)[-1].delivery) is not Delivery.FAILED:
        assert time.monotonic() < late, "the second refusal was never written down"
    await expect(why).to_contain_text("Warga memblokir bot ini.")
    assert WORDS not in said(toy)

    await siti.unblocks()
    await page.locator("#tulis").fill("Belum selesai ditulis")
    await why.get_by_role("button", name="Kirim ulang").press("Enter")

    await until(lambda: WORDS in said(toy), 15)
    await expect(answer.locator(".ticks")).to_contain_text("Terkirim")
    await expect(why).to_have_count(0)
    await expect(answer).to_have_count(1)
    await expect(page.locator("#tulis")).to_have_value("Belum selesai ditulis")
    assert said(toy).count(WORDS) == 1
