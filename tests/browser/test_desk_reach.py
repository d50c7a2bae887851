"""What a channel lets an officer do, in a real browser against the toy platforms: a template once the window has shut, a
comment hidden and gone on with in private, an answer that says from the start that a person gives it."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from omnichannel import app, crew
from omnichannel.demo.clock import DemoClock
from omnichannel.demo.stage import Toys, demo_config, open_toys
from omnichannel.domain.channel import Channel, Health
from omnichannel.domain.length import Count, length
from omnichannel.domain.people import Role
from omnichannel.domain.work import MACHINE, Work
from omnichannel.store.clock import SystemClock
from omnichannel.toys.meta import FacebookToy
from omnichannel.toys.whatsapp import WhatsAppToy
from omnichannel.web.passwords import hash_password
from tests.parts import axe
from tests.test_walk import PASSWORD, until
from tests.test_walk_channels import Town, login, said

PICTURES = os.environ.get("OMNI_PICTURES")


@asynccontextmanager
async def a_town(
    tmp_path: Path, page: Page, wanted: Sequence[Channel], before: Callable[[Toys], None] = lambda toys: None
) -> AsyncIterator[Town]:
    """The office on some of its channels, with everything that works beside the page."""
    async with open_toys(DemoClock(SystemClock())) as toys:
        before(toys)
        config = demo_config(None, tmp_path, "", toys)
        accounts = tuple(
            replace(one, options={**one.options, "poll_seconds": 1}) for one in toys.accounts if one.channel in wanted
        )
        async with app.open_house(replace(config, accounts=accounts)) as house:
            now, hashed = house.clock.now(), hash_password(PASSWORD)
            await house.store.write(
                lambda work: work.people.add(
                    login="petugas", name="Petugas Uji", role=Role.SUPERVISOR, unit=None, password_hash=hashed, at=now
                )
            )
            async with app.listening(house, "127.0.0.1", 0) as port:
                url = f"http://127.0.0.1:{port}"
                replace(toys, accounts=accounts).call_back(url)
                workers = asyncio.create_task(crew.work(house))
                try:
                    yield Town(url, house, toys, page)
                finally:
                    workers.cancel()
                    await asyncio.gather(workers, return_exceptions=True)


@pytest.fixture
async def town(tmp_path: Path, page: Page) -> AsyncIterator[Town]:
    async with a_town(tmp_path, page, (Channel.WHATSAPP, Channel.FACEBOOK), approve) as made:
        yield made


def approve(toys: Toys) -> None:
    """What the platform holds of templates, before anybody asks for them."""
    wa = next(toy for toy in toys.all if isinstance(toy, WhatsAppToy))
    wa.templates.clear()
    wa.add_template("kabar_laporan", "Halo {{1}}, laporan {{2}} sudah selesai ditangani.")
    wa.add_template("undangan_acara", "Datanglah ke {{1}}", status="REJECTED")
    wa.add_template("pengingat", "Jangan lupa {{1}}", status="PENDING")


def whatsapp(town: Town) -> WhatsAppToy:
    return next(toy for toy in town.toys.all if isinstance(toy, WhatsAppToy))


def facebook(town: Town) -> FacebookToy:
    return next(toy for toy in town.toys.all if isinstance(toy, FacebookToy))


def ago(hours: int) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)


async def looked_at(page: Page, name: str) -> None:
    """axe finds nothing, nothing scrolls sideways on a phone; and a picture for whoever wants to look."""
    await page.wait_for_timeout(1500)  # what has just arrived fades in
    assert await axe.faults(page) == {}
    for width, height in ((1440, 900), (390, 844)):
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        for theme in ("light", "dark") if PICTURES else ():
            await page.emulate_media(color_scheme=theme)
            await page.wait_for_timeout(300)
            await page.screenshot(path=f"{PICTURES}/{name}-{width}-{theme}.png")
        await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 1440, "height": 900})


async def test_a_template_is_chosen_filled_and_sent_once(town: Town) -> None:
    await login(town)
    siti = whatsapp(town).citizen("Siti Templat")
    siti.writes("Kapan lampu di Gang Mawar diperbaiki?", at=ago(30))
    await town.open_row(Channel.WHATSAPP, "Gang Mawar")
    page = town.page

    await page.locator("#templat-kotak > summary").click()
    await expect(page.locator(".tpl.off")).to_have_count(2)
    await expect(page.locator(".tpl.off", has_text="undangan_acara")).to_contain_text("ditolak")
    await page.locator(".tpl > summary", has_text="kabar_laporan").click()
    form = page.locator("[data-template]")
    await form.locator("[name=isi-1]").fill("Ibu Siti")
    await form.locator("[name=isi-2]").fill("LAP-2026-000123")
    text = "Halo Ibu Siti, laporan LAP-2026-000123 sudah selesai ditangani."
    await expect(form.locator(".bub")).to_have_text(text)
    await looked_at(page, "templat")
    await form.locator("button.main").dblclick()

    await expect(page.locator(".msg.out .words", has_text=text)).to_have_count(1)
    await town.tick(text, "Sampai")
    assert [one for one in said(whatsapp(town)) if one == text] == [text]


async def test_a_comment_with_personal_data_is_hidden_and_goes_on_in_private(town: Town) -> None:
    await login(town)
    toy, page = facebook(town), town.page
    budi = toy.citizen("Budi Komentar")
    comment = budi.comments(toy.publish("Jadwal layanan"), "Halo min, 6408012345678901 itu NIK saya ya")
    await town.open_row(Channel.FACEBOOK, "NIK saya")
    await expect(page.locator(".private-data")).to_contain_text("Memuat NIK.")
    await looked_at(page, "komentar-nik")

    await page.locator(".private-data button").click()

    await expect(page.locator("#tulis")).to_have_value(re.compile("Komentar Anda kami sembunyikan"))
    await until(lambda: toy.comments[comment.id].hidden)
    await expect(page.locator(".comment-acts")).to_contain_text("Tersembunyi dari umum")
    await page.locator("#jawab button.main").click()
    await until(lambda: any("kami sembunyikan" in line.text for line in toy.transcript(budi.thread(comment.post))))

    await page.locator(".comment-acts a", has_text="Balas pribadi").click()
    await expect(page.locator("#to-private")).to_be_checked()
    await page.locator("#tulis").fill("Pak Budi, boleh sebutkan alamatnya lewat pesan ini?")
    await looked_at(page, "balas-pribadi")
    await page.locator("#jawab button.main").click()
    await until(lambda: any("boleh sebutkan alamatnya" in line.text for line in toy.transcript(budi.id)))
    await page.locator(".comment-acts a", has_text="Lanjutan pribadinya").click()
    await expect(page.locator(".said-in")).to_contain_text("Lanjutan pribadi dari komentar publik.")
    await expect(page.locator(".msg.out .words")).to_contain_text("boleh sebutkan alamatnya")

    budi.writes("Jalan Merdeka nomor tujuh")

    await expect(page.locator(".stream .words", has_text="Jalan Merdeka")).to_be_visible()
    await expect(page.locator("#to-private")).to_be_checked()
    await looked_at(page, "lanjutan-pribadi")


async def test_a_late_answer_is_announced_and_carries_its_tag_at_once(town: Town) -> None:
    await login(town)
    toy, page = facebook(town), town.page
    rina = toy.citizen("Rina Malam")
    rina.writes("Bagaimana kabar berkas saya?", at=ago(46))
    await town.open_row(Channel.FACEBOOK, "berkas saya")
    await expect(page.locator(".late")).to_have_text("24 jam lewat: dikirim sebagai petugas, sisa 5 hari.")
    await looked_at(page, "petugas")

    await town.reply("Berkasnya selesai, silakan diambil.")

    await until(lambda: any("silakan diambil" in line.text for line in toy.transcript(rina.id)))
    tried = [said for call, said in toy.calls if call == "messages" and "message" in said]
    assert [one.get("tag") for one in tried] == ["HUMAN_AGENT"]


async def test_opening_a_conversation_shows_the_citizen_that_it_was_read(town: Town) -> None:
    await login(town)
    item = whatsapp(town).citizen("Siti Baca").writes("Terima kasih infonya")
    rina = facebook(town).citizen("Rina Baca")
    rina.writes("Baik, kami tunggu")
    await town.open_row(Channel.WHATSAPP, "Terima kasih infonya")
    await until(lambda: whatsapp(town).read == [item["id"]])

    await town.open_row(Channel.FACEBOOK, "kami tunggu")

    await until(lambda: facebook(town).acted == [(rina.id, "mark_seen")])


async def test_the_page_counts_as_the_server_does(town: Town) -> None:
    texts = (
        "Baik.",
        "Lihat https://contoh.go.id/a/b dan kutim.go.id ya",
        "Siap 👍🏽👨‍👩‍👧 1️⃣ 🇮🇩",
        "ꦲꦏ — “kutip”…",
        "é" * 9,
    )
    await login(town)

    asking = "([texts, counts]) => import('/static/js/length.js').then((m) => texts.map((t) => m.length(t, counts)))"
    for counts in Count:
        counted = await town.page.evaluate(asking, [list(texts), counts.value])
        assert counted == [length(text, counts) for text in texts], counts


async def test_a_broken_account_is_told_on_a_page_that_is_open(town: Town) -> None:
    await login(town)
    page, now = town.page, town.house.clock.now()
    await expect(page.locator(".troubles")).to_have_count(0)

    def breaks(work: Work) -> None:
        work.accounts.set_health("wa-humas", Health.BROKEN, "Token ditolak.", now)
        work.note(MACHINE, "account_broken", "account", 0, at=now, why="wa-humas: Token ditolak.")

    await town.house.store.write(breaks)

    await expect(page.locator(".troubles")).to_contain_text("wa-humas berhenti")
