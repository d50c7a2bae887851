"""Writing rules at /kelola/aturan: off at first, tried without a trace, kept with their versions, and only by whom it concerns."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.case import Kind
from omnichannel.domain.rules import Rule
from omnichannel.inbox import rules
from omnichannel.workers.ruling import Ruler
from tests.web.afternoon import Afternoon, an_afternoon
from tests.web.cast import a_verdict

LIGHTS = a_verdict(Kind.COMPLAINT, 0.92, topic="pju", unit="dishub")
FORM = {"nama": "Lampu jalan", "kapan": "pesan", "kata": "lampu jalan", "lakukan-mendesak": "1"}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        await Ruler(found.house).turn()
        yield found


async def kept(desk: Afternoon) -> list[Rule]:
    return await desk.read(lambda work: work.rules.all())


async def test_a_rule_is_off_until_it_is_switched_on_and_keeps_its_versions(desk: Afternoon) -> None:
    async with desk.visitor("m") as visitor:
        await visitor.post("/kelola/aturan/simpan", FORM)
        (rule,) = await kept(desk)
        assert not rule.on
        number = {"nomor": str(rule.id)}
        await visitor.post("/kelola/aturan/simpan", FORM | number | {"nama": "Lampu mati"})
        await visitor.post(f"/kelola/aturan/{rule.id}/nyala")
        page = await visitor.get(f"/kelola/aturan/{rule.id}")

    (rule,) = await kept(desk)
    assert (rule.on, rule.version, rule.spec.name) == (True, 2, "Lampu mati")
    assert "versi 1" in page.words
    assert "versi 2" in page.words


async def test_a_trial_shows_whom_it_would_touch_and_leaves_no_trace(desk: Afternoon) -> None:
    await desk.says("Warga A", "tg-humas", "Lampu jalan mati, hubungi 081234567890", verdict=LIGHTS)
    await desk.says("Warga B", "tg-humas", "Sampah menumpuk", verdict=LIGHTS, ago=timedelta(days=2))
    last = await desk.read(lambda work: work.screens.last_happening())

    async with desk.visitor("m") as visitor:
        seen = await visitor.post("/kelola/aturan/coba", FORM | {"lakukan-serahkan": "pupr"})

    assert "1 percakapan akan tersentuh" in seen.words
    assert "Warga A" in seen.words
    assert "Warga B" not in seen.words
    assert "081234567890" not in seen.html
    assert re.search(r"Serahkan ke unit ?: [^(]*(?:PUPR|Penataan Ruang)", seen.words), seen.words
    assert await kept(desk) == []
    assert await desk.read(lambda work: work.screens.last_happening()) == last


@pytest.mark.parametrize(
    "wrong",
    [
        {"nama": ""},
        {"lakukan-mendesak": ""},
        {"lakukan-serahkan": "tidak-ada"},
        {"lakukan-tugaskan": "999999"},
        {"lakukan-tugaskan": "1 OR 1=1"},
        {"lakukan-kabari-warga": "darurat"},
        {"lakukan-kabari-warga": "aturan_tidak_ada"},
        {"lakukan-tawarkan": "tidak-ada"},
        {"jam": "tutup"},
        {"kata": "…"},
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_that_was_typed_is_lost(
    desk: Afternoon, wrong: dict[str, str]
) -> None:
    async with desk.visitor("m") as visitor:
        seen = await visitor.post("/kelola/aturan/simpan", FORM | {"lakukan-catat": "Tetap di sini"} | wrong)

    if wrong == {"lakukan-mendesak": ""}:
        assert seen.status == 200  # the note is a deed too
        return
    assert seen.status == 422, seen.words
    assert "Tetap di sini" in seen.html
    assert await kept(desk) == []


async def test_only_supervisors_and_administrators_write_rules(desk: Afternoon) -> None:
    async with desk.visitor("r") as visitor:
        for path in ("/kelola/aturan", "/kelola/aturan/baru"):
            assert (await visitor.get(path)).status == 403
        assert (await visitor.post("/kelola/aturan/simpan", FORM)).status == 403
        assert (await visitor.post("/kelola/aturan/coba", FORM)).status == 403
        assert "/kelola/aturan" not in (await visitor.get("/kotak/semua")).html

    assert await kept(desk) == []


async def test_order_deletion_and_the_way_back_of_what_was_done(desk: Afternoon) -> None:
    async with desk.visitor("m") as visitor:
        await visitor.post("/kelola/aturan/simpan", FORM)
        await visitor.post("/kelola/aturan/simpan", FORM | {"nama": "Kedua"})
        first, second = await kept(desk)
        await visitor.post(f"/kelola/aturan/{second.id}/naik")
        assert [one.spec.name for one in await kept(desk)] == ["Kedua", "Lampu jalan"]
        await visitor.post(f"/kelola/aturan/{second.id}/hapus")
        await visitor.post(f"/kelola/aturan/{first.id}/nyala")
        message = await desk.says("Warga A", "tg-humas", "Lampu jalan mati", verdict=LIGHTS)
        while await Ruler(desk.house).turn():
            pass
        page = await visitor.get("/kelola/aturan")
        found = re.search(r"/aturan/jalan/\d+/batal", page.html)
        assert found, page.words
        back = await visitor.post(found[0], {"kembali": "/kelola/aturan"})

    held = await desk.read(lambda work: work.conversations.get(message.conversation_id))
    assert held is not None
    assert not held.urgent
    assert "dikembalikan seperti semula" in back.words
    told = [one.verb for one in await desk.read(lambda work: work.screens.history(message.conversation_id))]
    assert {"rule_fired", "rule_undone"} <= set(told)
    assert [one.spec.name for one in await kept(desk)] == ["Lampu jalan"]


async def test_an_offered_reply_stands_above_the_composer_until_it_is_undone(desk: Afternoon) -> None:
    key = desk.house.office.replies[0].key
    async with desk.visitor("m") as visitor:
        await visitor.post("/kelola/aturan/simpan", FORM | {"lakukan-tawarkan": key})
        (rule,) = await kept(desk)
        await visitor.post(f"/kelola/aturan/{rule.id}/nyala")
        message = await desk.says("Warga A", "tg-humas", "Lampu jalan mati", verdict=LIGHTS)
        while await Ruler(desk.house).turn():
            pass
        seen = await visitor.get(f"/kotak/semua/{message.conversation_id}")
        (fired,) = await desk.read(lambda work: work.rules.firings(message.conversation_id))
        now = desk.clock.now()
        await desk.write(lambda work: rules.undo(work, desk.staff["m"], fired.id, now=now))
        after = await visitor.get(f"/kotak/semua/{message.conversation_id}")

    title = desk.house.office.replies[0].title
    assert f"Aturan “Lampu jalan” menyarankan: {title}" in seen.words
    assert "menyarankan:" not in after.words
