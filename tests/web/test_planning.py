"""Answers that wait, over HTTP: with and without script, for those who may, and truthfully when it is too late."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from omnichannel.domain.work import Direction
from omnichannel.inbox import plans
from tests.web.afternoon import Afternoon, an_afternoon
from tests.web.cast import NOW

QUIET: dict[str, Any] = {"HX-Request": "true"}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False, undo=timedelta(seconds=5)) as found:
        await found.says("Warga A", "tg-humas", "Lampu jalan mati")
        await found.says("Warga W", "wa-layanan", "Kapan selesai?")
        yield found


async def out(desk: Afternoon, name: str = "Warga A") -> list[str]:
    found = await desk.read(lambda work: work.messages.thread(desk.talks[name]))
    return [one.text for one in found if one.direction is Direction.OUT]


async def leave(desk: Afternoon, after: timedelta) -> None:
    """What the worker does once the moment has come."""
    desk.clock.moment = NOW + after
    waiting = [p.id for talk in desk.talks.values() for p in await desk.read(lambda work, t=talk: work.plans.shown(t))]  # type: ignore[misc]
    for number in waiting:
        await desk.write(
            lambda work, n=number: plans.leave(  # type: ignore[misc]
                work,
                n,
                ability=lambda one: desk.house.capabilities(one.account, one.surface),
                now=desk.clock.now(),
                classify=lambda *_: None,
            )
        )


def plan_of(html: str) -> str:
    found = re.search(r'data-plan="(\d+)"', html)
    assert found is not None
    return found[1]


async def test_a_page_that_can_take_it_back_lets_it_wait_and_one_that_cannot_does_not(desk: Afternoon) -> None:
    where = f"/percakapan/{desk.talks['Warga A']}/balas"
    async with desk.visitor("r") as visitor:
        plain = await visitor.post(where, {"text": "Tanpa skrip.", "key": "k1"})
        assert await out(desk) == ["Tanpa skrip."]
        waits = await visitor.post(where, {"text": "Dengan skrip.", "key": "k2", "tunggu": "1"})

    assert "data-plan" not in plain.html
    assert "Dikirim sebentar lagi" in waits.words
    assert await out(desk) == ["Tanpa skrip."]
    await leave(desk, timedelta(seconds=5))
    assert await out(desk) == ["Tanpa skrip.", "Dengan skrip."]


async def test_taken_back_it_gives_its_words_and_files_and_too_late_it_says_so(desk: Afternoon) -> None:
    where = f"/percakapan/{desk.talks['Warga A']}/balas"
    form = {"text": "Ini suratnya.", "key": "k1", "tunggu": "1"}
    async with desk.visitor("r") as visitor, desk.visitor("unit") as stranger:
        number = plan_of((await visitor.post(where, form, files=[("surat.pdf", PDF)])).html)
        assert (await stranger.post(f"/rencana/{number}/batal")).status == 403
        told = json.loads((await visitor.post(f"/rencana/{number}/batal", **QUIET)).html)
        file = await visitor.get(told["files"][0]["url"])
        page = await visitor.get(f"/kotak/semua/{desk.talks['Warga A']}")

        assert (told["text"], told["files"][0]["name"]) == ("Ini suratnya.", "surat.pdf")
        assert file.html.encode() == PDF
        assert ">Ini suratnya.</textarea>" in page.html
        await leave(desk, timedelta(seconds=5))
        assert await out(desk) == []

        desk.clock.moment = NOW + timedelta(minutes=1)
        late = plan_of((await visitor.post(where, form | {"key": "k2"})).html)
        await leave(desk, timedelta(minutes=2))
        answer = await visitor.post(f"/rencana/{late}/batal", **QUIET)

    assert answer.status == 409
    assert "terlanjur" in answer.words
    assert await out(desk) == ["Ini suratnya."]


async def test_who_switched_it_off_sends_at_once(desk: Afternoon) -> None:
    async with desk.visitor("r") as visitor:
        assert "Kirim langsung saja" in (await visitor.get("/saya")).words
        after = await visitor.post("/saya/urungkan", {"urungkan": "tidak"})
        await visitor.post(
            f"/percakapan/{desk.talks['Warga A']}/balas", {"text": "Langsung.", "key": "k1", "tunggu": "1"}
        )

    assert "Beri waktu untuk membatalkan" in after.words
    assert await out(desk) == ["Langsung."]


async def test_planned_for_tomorrow_it_is_shown_changed_and_leaves(desk: Afternoon) -> None:
    where = f"/percakapan/{desk.talks['Warga A']}/balas"
    async with desk.visitor("r") as visitor, desk.visitor("s") as colleague:
        form = {"text": "Tim datang.", "key": "k1", "nanti": "2026-12-18T08:00:00+08:00", "bila": "1"}
        page = await visitor.post(where, form)
        assert "Direncanakan 18 Des 2026, 08.00 WITA" in page.words
        assert "merencanakan kiriman: 18 Des 2026, 08.00 WITA" in page.words
        change = {"text": "Tim datang pagi.", "pada": "2026-12-18T09:30", "bila": "1"}
        changed = await colleague.post(f"/rencana/{plan_of(page.html)}/ubah", change)
        assert "Direncanakan 18 Des 2026, 09.30 WITA" in changed.words
    await leave(desk, timedelta(hours=18))
    assert await out(desk) == []
    await leave(desk, timedelta(hours=19, minutes=30))

    assert await out(desk) == ["Tim datang pagi."]


async def test_the_citizen_who_writes_first_stops_it(desk: Afternoon) -> None:
    where = f"/percakapan/{desk.talks['Warga A']}/balas"
    async with desk.visitor("r") as visitor:
        await visitor.post(where, {"text": "Masih gelap?", "key": "k1", "nanti": "2026-12-17T20:00", "bila": "1"})
        desk.clock.moment = NOW + timedelta(hours=1)
        await desk.says("Warga A", "tg-humas", "Sudah menyala, terima kasih")
        warned = await visitor.get(f"/kotak/semua/{desk.talks['Warga A']}")
        await leave(desk, timedelta(hours=6))
        after = await visitor.get(f"/kotak/semua/{desk.talks['Warga A']}")

    assert "Warga sudah menulis lagi, jadi ini tidak akan berangkat" in warned.words
    assert await out(desk) == []
    assert "Warga menulis lagi sebelum waktunya." in after.words
    assert ">Masih gelap?</textarea>" in after.html


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"nanti": "2026-12-18T14:06"}, "Saat itu jendela balas kanal ini sudah tertutup."),
        ({"nanti": "2026-12-16T08:00"}, "Pilih waktu yang masih akan datang."),
        ({"nanti": "pilih", "nanti_pada": ""}, "Pilih tanggal dan jamnya."),
        ({"nanti": "9999-12-31T23:59:59-23:59"}, "dalam 60 hari"),
        ({"nanti": "2026-12-18T08:00", "text": "Nomor Anda {nomor}."}, "masih memuat {nomor}"),
        ({"tunggu": "1", "text": "Lihat {tautan}"}, "masih memuat {tautan}"),
    ],
)
async def test_what_cannot_be_planned_says_why_and_keeps_the_words(
    desk: Afternoon, form: dict[str, str], why: str
) -> None:
    async with desk.visitor("r") as visitor:
        seen = await visitor.post(f"/percakapan/{desk.talks['Warga W']}/balas", {"text": "Baik.", "key": "k"} | form)

    assert seen.status == 422
    assert why in seen.words
    assert f">{form.get('text', 'Baik.')}</textarea>" in seen.html
    assert await out(desk, "Warga W") == []
