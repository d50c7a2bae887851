"""An officer's files in a real browser against the toy platforms: chosen, dragged in, pasted; refused in words before they
leave; at the citizen's end."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from omnichannel.domain.channel import Channel
from omnichannel.toys.base import Toy
from tests.browser.test_desk_reach import a_town, looked_at
from tests.test_walk import until
from tests.test_walk_channels import Town, login
from tests.web.cast import PIXEL

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
# A file that another program holds over the page: Playwright cannot drag one, so the event is made in the page itself.
HOLD = """([kind, names]) => {
  const held = new DataTransfer();
  for (const name of names) held.items.add(new File([new Uint8Array([255, 216, 255, 224, 0, 16, 74, 70, 73, 70])], name,
    { type: "image/jpeg" }));
  const about = kind === "paste" ? { clipboardData: held } : { dataTransfer: held };
  const made = kind === "paste" ? new ClipboardEvent(kind, { ...about, bubbles: true, cancelable: true })
    : new DragEvent(kind, { ...about, bubbles: true, cancelable: true });
  document.querySelector("#tulis").dispatchEvent(made);
}"""


@pytest.fixture
async def town(tmp_path: Path, page: Page) -> AsyncIterator[Town]:
    async with a_town(tmp_path, page, (Channel.TELEGRAM, Channel.X, Channel.INSTAGRAM)) as made:
        yield made


def toy_of(town: Town, channel: Channel) -> Toy:
    return next(toy for toy in town.toys.all if toy.channel is channel)


def files_at(toy: Toy) -> list[str]:
    """What reached citizens there from our side."""
    return [name for chat in toy.chats() for line in chat.lines if not line.mine for name in line.files]


async def test_files_chosen_dragged_and_pasted_arrive_with_the_answer(town: Town, tmp_path: Path) -> None:
    await login(town)
    toy, page = toy_of(town, Channel.TELEGRAM), town.page
    await toy.write(None, "Warga Berkas", "Boleh minta salinan jadwalnya?")
    await town.open_row(Channel.TELEGRAM, "salinan jadwalnya")
    letter = tmp_path / "Jadwal Layanan.pdf"
    letter.write_bytes(PDF)

    await page.set_input_files("#lampiran", str(letter))
    await page.evaluate(HOLD, ["drop", ["denah.jpg"]])
    await page.evaluate(HOLD, ["paste", ["tangkapan.jpg"]])
    chips = page.locator(".attached .chip")
    await expect(chips).to_have_count(3)
    await expect(page.locator(".attach-limits")).to_contain_text("Paling banyak 10 berkas.")
    if os.environ.get("OMNI_PICTURES"):
        await looked_at(page, "lampiran")
    await page.get_by_role("button", name="Lepas denah.jpg").click()
    await expect(chips).to_have_count(2)
    await page.fill("#tulis", "Ini jadwalnya, terlampir.")
    await page.click("#jawab button.main")

    await expect(page.locator(".msg.out", has_text="terlampir")).to_contain_text("Jadwal Layanan.pdf")
    await expect(chips).to_have_count(0)
    await until(lambda: sorted(files_at(toy)) == ["Jadwal Layanan.pdf", "tangkapan.jpg"])
    await town.tick("terlampir", "Terkirim")


async def test_what_the_channel_does_not_take_is_said_before_it_leaves(town: Town, tmp_path: Path) -> None:
    await login(town)
    page = town.page
    await toy_of(town, Channel.INSTAGRAM).write(None, "Warga IG", "Boleh minta formulirnya?")
    await town.open_row(Channel.INSTAGRAM, "formulirnya")
    form, huge = tmp_path / "Formulir.docx", tmp_path / "Peta.png"
    form.write_bytes(b"PK\x03\x04" + b"0" * 100)
    huge.write_bytes(PIXEL + b"0" * (8 * 1024 * 1024))

    await page.set_input_files("#lampiran", str(form))
    await expect(page.locator("#jawab .error-line")).to_contain_text("Kanal ini tidak menerima Formulir.docx.")
    await page.set_input_files("#lampiran", str(huge))
    await expect(page.locator("#jawab .error-line")).to_contain_text("Peta.png lebih besar dari 8 MB.")
    await page.fill("#tulis", "Ini petanya.")
    await page.click("#jawab button.main")

    await expect(page.locator(".msg.out", has_text="Ini petanya")).to_have_count(0)
    await expect(page.locator("#tulis")).to_have_value("Ini petanya.")


async def test_a_photo_goes_under_a_post_on_x(town: Town, tmp_path: Path) -> None:
    await login(town)
    toy, page = town.x, town.page
    toy.citizen("Warga X").mentions("Kapan jalan Yos Sudarso dibuka lagi?")
    await town.open_row(Channel.X, "Yos Sudarso")
    picture = tmp_path / "denah.png"
    picture.write_bytes(PIXEL)

    await page.set_input_files("#lampiran", str(picture))
    await page.fill("#tulis", "Dibuka lagi besok pagi, lihat denah pengalihannya.")
    await page.click("#jawab button.main")

    await until(lambda: files_at(toy) == ["denah.png"] or any("png" in name for name in files_at(toy)))
    await expect(page.locator(".msg.out .album img")).to_have_count(1)
