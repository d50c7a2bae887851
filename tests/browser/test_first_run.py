"""A newcomer with an empty folder, a terminal and a browser: from `omnichannel serve` to the first answer on a citizen's phone."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from omnichannel.toys.telegram import TelegramToy
from tests.browser.test_desk_reach import looked_at
from tests.test_walk import until

PASSWORD = "kuda-laut-sangatta"


@pytest.fixture
async def toy() -> AsyncIterator[TelegramToy]:
    made = TelegramToy()
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


@pytest.fixture
async def link(tmp_path: Path) -> AsyncIterator[str]:
    """`omnichannel serve` in an empty folder; the link it prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OMNI_", "LC_", "LANG"))}
    service = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "omnichannel", "serve", "--port", "0", cwd=tmp_path, env=kept, stderr=subprocess.PIPE
    )
    assert service.stderr is not None
    told = ""
    while not (found := re.search(r"http://\S+/mulai\?kunci=\S+", told)):
        line = await asyncio.wait_for(service.stderr.readline(), 60)
        assert line, told
        told += line.decode()
    pour = asyncio.create_task(service.stderr.read())
    try:
        yield found[0]
    finally:
        service.terminate()
        await service.wait()
        pour.cancel()


async def picture(page: Page, name: str) -> None:
    if os.environ.get("OMNI_PICTURES"):
        await looked_at(page, f"mulai-{name}")


async def test_a_newcomer_connects_a_channel_and_answers(page: Page, link: str, toy: TelegramToy) -> None:
    stranger = await page.goto(link.partition("?")[0])
    assert stranger is not None
    await expect(page.get_by_role("heading", name="Perlu tautan pembuka")).to_be_visible()
    await page.goto(link)
    await picture(page, "administrator")
    await page.fill("[name=nama]", "Siti Rahma")
    await page.fill("[name=login]", "Siti")
    await page.fill("[name=sandi]", PASSWORD)
    await page.get_by_role("button", name="Buat administrator").click()

    await expect(page.get_by_role("heading", name="Kantor siapa ini?")).to_be_visible()
    await picture(page, "kantor")
    await page.fill("[name=nama]", "Dinas Kominfo Contoh")
    await page.fill("[name=wilayah]", "Kabupaten Contoh")
    await page.fill("[name=singkat]", "Contoh")
    await page.get_by_label("Hijau", exact=True).check()
    await page.get_by_role("button", name="Simpan dan lanjut").click()

    await page.get_by_role("link", name="Telegram").click()
    await expect(page.locator(".region")).to_contain_text("Contoh")
    await page.fill("[name=TOKEN]", "123456789:AAE-token_yang_keliru_sama_sekali_000")
    await page.get_by_text("Pengaturan lain").click()
    await page.fill("[name=base_url]", toy.base)
    await picture(page, "kanal")
    await page.get_by_role("button", name="Sambungkan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Belum tersambung")
    await picture(page, "kanal-gagal")
    await page.fill("[name=TOKEN]", toy.token)
    await page.get_by_role("button", name="Sambungkan").click()

    await expect(page.get_by_role("heading", name="Kirim pesan dari telepon")).to_be_visible()
    await toy.write(None, "Warga Pertama", "Lampu jalan di depan kantor camat mati sejak Senin, mohon diperbaiki.")
    opened = page.get_by_role("link", name="Buka dan jawab")
    await expect(opened).to_be_visible()
    await until(lambda: any("LAP-" in line.text for chat in toy.chats() for line in chat.lines if not line.mine))
    await page.reload()
    await expect(opened).to_be_visible()
    await expect(page.get_by_text("berjalan dua arah")).to_have_count(0)  # our own notice is no answer
    await picture(page, "uji")
    await opened.click()
    await page.fill("#tulis", "Petugas datang besok pukul 08.00.")
    await page.locator("#jawab button.main").click()
    await until(lambda: any("08.00" in line.text for chat in toy.chats() for line in chat.lines if not line.mine))

    await page.goto(link.partition("?")[0])
    await expect(page.get_by_text("Kanal pertama berjalan dua arah.")).to_be_visible()
    address = page.get_by_label("Alamat yang dibuka warga")
    for wrong in ("localhost:8080", "https://kantor.example.go.id/masuk", "nama saja"):
        await address.fill(wrong)
        await page.get_by_role("button", name="Simpan alamat").click()
        await expect(page.locator("#alamat [role=alert]")).to_be_visible()
        await expect(address).to_have_value(wrong)
    await picture(page, "alamat")
    await address.fill("kantor.example.go.id")
    await page.get_by_role("button", name="Simpan alamat").click()
    await expect(page.locator("#alamat")).to_contain_text("memakai https://kantor.example.go.id.")
    await page.get_by_role("link", name="Tambah petugas").click()
    await page.fill("[name=nama]", "Budi Santoso")
    await page.fill("[name=login]", "budi")
    await page.get_by_role("button", name="Buat akun").click()
    await expect(page.locator("#sandi-baru")).to_have_text(re.compile(r"^\w{4}(-\w{4}){3}$"))
    await picture(page, "petugas")


async def test_the_key_opens_nothing_once_there_is_an_administrator(page: Page, link: str) -> None:
    await page.goto(link)
    await page.fill("[name=nama]", "Siti")
    await page.fill("[name=login]", "siti")
    await page.fill("[name=sandi]", PASSWORD)
    await page.get_by_role("button", name="Buat administrator").click()
    await expect(page.get_by_role("heading", name="Kantor siapa ini?")).to_be_visible()
    await page.context.clear_cookies()

    await page.goto(link)

    await expect(page.get_by_role("button", name="Masuk")).to_be_visible()


async def test_samples_fill_the_desk_and_leave_it_with_one_click(page: Page, link: str) -> None:
    await page.goto(link)
    await page.fill("[name=nama]", "Siti Rahma")
    await page.fill("[name=login]", "siti")
    await page.fill("[name=sandi]", PASSWORD)
    await page.get_by_role("button", name="Buat administrator").click()
    await expect(page.get_by_role("heading", name="Kantor siapa ini?")).to_be_visible()
    await page.goto(f"{link.partition('/mulai')[0]}/mulai/kanal")

    await page.get_by_role("button", name="Isi dengan data contoh").click()
    await expect(page.get_by_role("note")).to_contain_text("dua belas pesan karangan, bukan warga.")
    await page.goto(f"{link.partition('/mulai')[0]}/kotak/semua")
    await expect(page.locator("#baris .row")).to_have_count(12)
    await page.get_by_role("button", name="Hapus data contoh").click()

    await expect(page.get_by_role("button", name="Hapus data contoh")).to_have_count(0)
    await page.goto(f"{link.partition('/mulai')[0]}/kotak/semua")
    await expect(page.locator("#baris")).to_be_attached()
    await expect(page.locator("#baris .row")).to_have_count(0)
    await page.goto(f"{link.partition('/mulai')[0]}/mulai/kanal")
    await expect(page.get_by_role("button", name="Isi dengan data contoh")).to_be_visible()
