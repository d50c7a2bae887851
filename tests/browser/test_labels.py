"""Labels in two browsers: put on by key and palette, seen live by the other; and a ready move taken back within its seconds."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from omnichannel.domain.composing import After, Move
from omnichannel.domain.label import Tone
from omnichannel.domain.work import Work
from omnichannel.inbox import labelling
from tests.browser.test_desk_live import sitting
from tests.browser.test_desk_reach import looked_at
from tests.web.afternoon import Afternoon, an_afternoon
from tests.web.cast import NOW


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False, undo=timedelta(seconds=30)) as found:
        await found.says("Warga A", "tg-humas", "Air masuk rumah", ago=timedelta(minutes=3))
        await found.says("Warga B", "tg-humas", "Sampah menumpuk", ago=timedelta(minutes=2))

        def begin(work: Work) -> None:
            staff = found.staff["m"]
            for name, tone in (("Banjir Sangatta", Tone.BLUE), ("Pilkades", Tone.GREEN)):
                labelling.keep(work, staff, name, tone, now=NOW)
            move = Move(
                id=0,
                name="Banjir diterima",
                text="Terima kasih, {nama}.",
                labels=(1,),
                after=After.RESOLVE,
                made_by=staff.id,
                made_at=NOW,
            )
            work.moves.add(move)

        await found.write(begin)
        yield found


async def test_what_one_labels_the_other_sees_and_a_move_is_taken_back_whole(
    chromium: Browser, desk: Afternoon
) -> None:
    talk = desk.talks["Warga A"]
    async with sitting(chromium, desk, "r") as rina, sitting(chromium, desk, "s") as sari:
        await rina.goto(f"{desk.address}/kotak/semua/{talk}")
        await sari.goto(f"{desk.address}/kotak/semua")
        for page in (rina, sari):
            await expect(page.locator("#langsung.on")).to_be_visible()

        # By key: typed, found, put on with Enter.
        await rina.keyboard.press("l")
        await expect(rina.locator("#label-cari")).to_be_focused()
        await looked_at(rina, "melabel")
        await rina.locator("#label-cari").press_sequentially("banj")
        await rina.keyboard.press("Enter")
        await expect(rina.locator("#kepala .caseline .lab")).to_have_text(["Banjir Sangatta"])
        await expect(rina.locator("#tentang .label-kv .lab")).to_have_text(["Banjir Sangatta"])
        row = sari.locator(f'#baris [data-key="{talk}"] .lab')
        await expect(row).to_have_text(["Banjir Sangatta"])

        # By the palette: another one on, and the first one off.
        for typed in ("pasang label pil", "lepas label banj"):
            await rina.keyboard.press("Control+k")
            await rina.fill("#palet-cari", typed)
            await expect(rina.locator("#palet-daftar [role=option]").first).to_contain_text("abel")
            await rina.keyboard.press("Enter")
            await expect(rina.locator("#palet")).to_be_hidden()
            await expect(rina.locator("#kepala .caseline .lab", has_text="Pilkades")).to_be_visible()
        await expect(row).to_have_text(["Pilkades"])

        # Many at once, and back: Rina's open page follows.
        for nth in (0, 1):
            await sari.locator("#baris .pick").nth(nth).check(force=True)
        await sari.locator("#massal details > summary").click()
        await sari.locator("#massal select[name=label]").select_option(label="Banjir Sangatta")
        await sari.get_by_role("button", name="Pasang label").click()
        await expect(rina.locator("#kepala .caseline .lab")).to_have_text(["Banjir Sangatta", "Pilkades"])
        await sari.locator("#sekaligus [data-undo]").click()
        await expect(rina.locator("#kepala .caseline .lab")).to_have_text(["Pilkades"])

        # Found by its words.
        await sari.fill("#cari", "label:pilkades")
        await sari.keyboard.press("Enter")
        await expect(sari.locator("#baris .row")).to_have_count(1)

        # A ready move waits: nothing of it is done, and Ctrl+Z leaves nothing of it.
        await rina.locator("#tulis").press_sequentially("/banjir")
        await rina.locator("#balasan [role=option]", has_text="Banjir diterima").click()
        await rina.locator("#langkah button.main").click()
        await expect(rina.locator("#urungkan")).to_contain_text("Langkah untuk Warga A")
        await expect(rina.locator("#aliran .plan")).to_contain_text("Langkah “Banjir diterima”")
        await rina.keyboard.press("Control+z")
        await expect(rina.locator("#urungkan")).to_be_hidden()
        await expect(rina.locator("#aliran .plan")).to_have_count(0)
        await expect(rina.locator("#kepala .caseline .lab")).to_have_text(["Pilkades"])
        await expect(rina.locator("#tulis")).to_have_value("")
