"""A public comment goes on in private in one move and is marked as solved in public, in a real browser against the toys."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from omnichannel.domain.case import Outcome
from omnichannel.domain.channel import Channel
from omnichannel.domain.work import Work
from omnichannel.router import conclude
from omnichannel.toys.meta import FacebookToy, InstagramToy
from tests.browser.test_desk_reach import a_town, looked_at
from tests.build import a_staff
from tests.test_walk import until
from tests.test_walk_channels import Town, login


@pytest.fixture(params=[Channel.FACEBOOK, Channel.INSTAGRAM])
async def town(request: pytest.FixtureRequest, tmp_path: Path, page: Page) -> AsyncIterator[tuple[Town, Channel]]:
    async with a_town(tmp_path, page, (request.param,)) as made:
        yield made, request.param


async def test_one_move_carries_a_comment_to_private_and_back_when_it_is_solved(town: tuple[Town, Channel]) -> None:
    here, channel = town
    await login(here)
    kind = FacebookToy if channel is Channel.FACEBOOK else InstagramToy
    toy, page = next(toy for toy in here.toys.all if isinstance(toy, kind)), here.page
    budi = toy.citizen("Budi Komentar")
    words = "Lampu jalan di Gang Mawar Sangatta Utara mati sudah tiga malam, gelap sekali. NIK saya 6408012345678901"
    comment = budi.comments(toy.publish("Jadwal layanan"), words)
    await page.locator("li.row", has_text="Gang Mawar").locator("a.hit").click()
    await expect(page.locator(".private-data")).to_contain_text("Memuat NIK.")
    await until(lambda: len(toy.transcript(budi.id)) > 0)  # the receipt, which is the one private answer

    await page.locator(".private-data a.main").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Pindahkan ke pesan pribadi")
    await expect(page.locator("[name=sembunyi]")).to_be_checked()
    await expect(page.locator(".carry")).to_contain_text("kanal menunggu warga membalas")
    budi.writes("Baik, saya tunggu di sini")
    await until(lambda: any("tunggu di sini" in line.text for line in toy.transcript(budi.id)))
    await page.wait_for_timeout(500)
    await page.reload()
    await expect(page.locator("[name=pribadi]")).to_have_value(re.compile("Nomor laporan Anda LAP-"))
    await looked_at(page, f"pindah-{channel.value}")
    await page.locator(".carry button.main").dblclick()

    await until(lambda: toy.comments[comment.id].hidden)
    await until(lambda: any("kami sembunyikan" in one.text for one in toy.transcript(budi.thread(comment.post))))
    await until(lambda: any("Kami lanjutkan di sini" in one.text for one in toy.transcript(budi.id)))
    public = [one.text for one in toy.transcript(budi.thread(comment.post)) if "kami sembunyikan" in one.text]
    assert len(public) == 1
    await expect(page.locator(".comment-acts")).to_contain_text("Dipindahkan ke pribadi")
    await expect(page.locator(".comment-acts a", has_text="Tandai selesai")).to_have_count(0)
    await looked_at(page, f"dipindah-{channel.value}")

    def ends(work: Work) -> None:
        (case,) = [one for one in work.cases.of_conversation(conversation) if one.state.running]
        conclude.conclude(work, a_staff(work), case.id, Outcome.RESOLVED, now=here.house.clock.now())

    conversation = int(re.search(r"/kotak/semua/(\d+)", page.url)[1])  # type: ignore[index]
    await here.house.store.write(ends)
    await page.reload()
    await page.locator(".comment-acts a", has_text="Tandai selesai di publik").click()
    await looked_at(page, f"selesai-publik-{channel.value}")
    await page.locator(".carry button.main").dblclick()

    await expect(page.locator(".comment-acts")).to_contain_text("Selesai di publik")
    if channel is Channel.FACEBOOK:  # Instagram takes no answer under a hidden comment: there it is only noted
        await until(
            lambda: any("sudah kami selesaikan" in said.text for said in toy.transcript(budi.thread(comment.post)))
        )
    told = " ".join(one.text for one in toy.transcript(budi.thread(comment.post)) if not one.mine)
    assert "LAP-" not in told
    assert "Budi" not in told
