"""What citizens send beside words, as an officer meets it on the page: a voice, a paper, a reaction, a letter's history."""

import io
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from omnichannel.domain.channel import Channel
from omnichannel.toys.base import ToyFile
from omnichannel.toys.mail import MailToy
from tests.browser.test_desk_reach import a_town
from tests.test_walk import until
from tests.test_walk_channels import Town, login, said

PAPER = ToyFile("surat-permohonan.pdf", "application/pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF")
READY = "audio => new Promise(done => audio.readyState ? done() : audio.addEventListener('loadedmetadata', done))"


@pytest.fixture
async def town(tmp_path: Path, page: Page) -> AsyncIterator[Town]:
    async with a_town(tmp_path, page, (Channel.TELEGRAM, Channel.MAIL)) as made:
        yield made


def two_seconds() -> bytes:
    """Silence that a browser can play."""
    kept = io.BytesIO()
    with wave.open(kept, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 16000)
    return kept.getvalue()


async def test_a_voice_is_played_a_paper_looked_at_and_a_reaction_seen(town: Town) -> None:
    toy, page = town.toys.telegram, town.page
    siti = toy.citizen("Siti Suara")
    await login(town)
    await siti.writes("Lampu jalan di Gang Mawar Sangatta Utara mati sudah tiga malam.")
    await town.open_row(Channel.TELEGRAM, "Gang Mawar")
    await until(lambda: any("LAP-" in text for text in said(toy)), 15)
    await siti.sends_voice(ToyFile("suara.wav", "audio/wav", two_seconds()))
    await siti.sends_document(PAPER, "Ini suratnya")

    voice = page.locator(".stream .msg audio")
    await expect(voice).to_be_visible()
    assert await voice.evaluate("audio => audio.controls")
    await voice.evaluate(READY)
    assert round(await voice.evaluate("audio => audio.duration")) == 2
    await voice.evaluate("audio => audio.play()")
    await expect(voice).to_have_js_property("ended", True)

    link = page.locator(".stream a.look", has_text=PAPER.name)
    await link.focus()
    await page.keyboard.press("Enter")
    viewer = page.locator("#lihat")
    await expect(viewer).to_be_visible()
    await expect(viewer.locator("#lihat-judul")).to_have_text(PAPER.name)
    shown = await page.request.get(f"{town.url}{await viewer.locator('iframe').get_attribute('src')}")
    assert (shown.headers["content-type"], await shown.body()) == ("application/pdf", PAPER.content)
    assert shown.headers["content-disposition"].startswith("inline;")
    await page.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()
    await expect(link).to_be_focused()

    await town.reply("Baik, petugas datang besok.")
    await until(lambda: "Baik, petugas datang besok." in said(toy), 15)
    ours = next(line for line in toy.transcript(siti.chat) if line.text == "Baik, petugas datang besok.")
    reacts = page.locator(".msg.out", has_text="petugas datang besok").locator(".reacts")
    await siti.reacts(int(ours.id), "👍")
    await expect(reacts).to_have_text("👍")
    await siti.reacts(int(ours.id), None, before="👍")
    await expect(reacts).to_have_count(0)


async def test_a_letters_history_is_folded_and_opens(town: Town) -> None:
    (toy,) = [one for one in town.toys.all if isinstance(one, MailToy)]
    budi, page = toy.citizen("Budi Surat"), town.page
    await login(town)
    budi.writes("Saya mohon salinan ringkasan APBD 2026.", subject="Permohonan salinan APBD")
    await town.open_row(Channel.MAIL, "ringkasan APBD 2026")
    await until(lambda: budi.heard is not None, 15)
    budi.writes("Terima kasih, saya tunggu.")

    letter = page.locator(".stream .msg:not(.out)", has_text="saya tunggu")
    await expect(letter.locator(".words").first).to_have_text("Terima kasih, saya tunggu.")
    history = letter.locator("details.quote")
    await expect(history.locator("summary")).to_have_text("Kutipan surat sebelumnya")
    await expect(history.locator("blockquote")).to_be_hidden()
    await history.locator("summary").focus()
    await page.keyboard.press("Enter")
    await expect(history.locator("blockquote")).to_be_visible()
    await expect(history.locator("blockquote")).to_contain_text("menulis:")
