"""Many at once over HTTP: one request, each by itself, refusals by name, and ten seconds to think again."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.bulk import MOST
from omnichannel.inbox import triage
from tests.web.afternoon import Afternoon, Seen, an_afternoon


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        for n, name in enumerate(("Warga A", "Warga B", "Warga C")):
            await found.says(name, "tg-humas", f"Lampu jalan mati {n}", ago=timedelta(minutes=30 - n))
        yield found


def undo_of(seen: Seen) -> str:
    found = re.search(r'action="(/sekaligus/\d+/urungkan)"', seen.html)
    assert found, seen.words
    return found[1]


async def unread(desk: Afternoon, name: str) -> int:
    found = await desk.read(lambda work: work.conversations.get(desk.talks[name]))
    assert found is not None
    return found.unread


def chosen(desk: Afternoon, *names: str) -> list[tuple[str, str]]:
    return [("pilih", str(desk.talks[name])) for name in names]


async def sent(desk: Afternoon, login: str, path: str, *fields: tuple[str, str], **headers: str) -> Seen:
    """A form with a field that comes several times, as a browser sends it."""
    async with desk.visitor(login) as visitor:
        async with visitor._session.get("/sesi") as answer:
            token = (await answer.json())["csrf"]
        async with visitor._session.post(path, data=[("csrf", token), *fields], headers=headers) as answer:
            return Seen(answer.status, answer.url.path_qs, await answer.text())


async def test_many_are_read_at_once_and_put_back(desk: Afternoon) -> None:
    picked = chosen(desk, "Warga A", "Warga B")
    seen = await sent(desk, "r", "/kotak/semua/sekaligus", ("tindakan", "dibaca"), *picked)

    assert "2 percakapan ditandai sudah dibaca." in seen.words
    assert [await unread(desk, name) for name in ("Warga A", "Warga B", "Warga C")] == [0, 0, 1]

    back = await sent(desk, "r", undo_of(seen))
    again = await sent(desk, "r", undo_of(seen))

    assert "2 percakapan dikembalikan seperti semula." in back.words
    assert [await unread(desk, name) for name in ("Warga A", "Warga B")] == [1, 1]
    assert again.status == 404


async def test_all_of_the_filter_means_what_the_list_shows(desk: Afternoon) -> None:
    await desk.says("Warga D", "wa-layanan", "Halo", ago=timedelta(minutes=1))

    seen = await sent(
        desk, "r", "/kotak/perlu-dibaca/sekaligus", ("tindakan", "selesai"), ("semua", "1"), ("cari", "kanal:tg")
    )

    assert "3 percakapan ditandai selesai." in seen.words
    assert await unread(desk, "Warga D") == 1


async def test_a_refusal_is_told_by_name_and_the_others_are_done(desk: Afternoon) -> None:
    await desk.write(lambda work: triage.resolve(work, desk.staff["r"], desk.talks["Warga B"], now=desk.clock.now()))

    picked = chosen(desk, "Warga A", "Warga B", "Warga C")
    seen = await sent(
        desk,
        "r",
        "/kotak/semua/sekaligus",
        ("tindakan", "tunda"),
        ("sampai", (desk.clock.now() + timedelta(days=1)).isoformat()),
        *picked,
    )

    assert "2 percakapan ditunda." in seen.words
    assert "Warga B : Percakapan ini sudah selesai. Buka lagi dulu, lalu tunda." in seen.words


async def test_what_a_colleague_took_meanwhile_stays_theirs(desk: Afternoon) -> None:
    picked = chosen(desk, "Warga A", "Warga B")
    seen = await sent(desk, "r", "/kotak/semua/sekaligus", ("tindakan", "ambil"), *picked)
    s, number = desk.staff["s"], desk.talks["Warga A"]
    await desk.write(lambda work: triage.assign(work, s, number, s.id, now=desk.clock.now()))

    back = await sent(desk, "r", undo_of(seen))

    assert "1 percakapan dikembalikan seperti semula." in back.words
    assert "Warga A : Sudah diubah oleh Petugas S sesudahnya; dibiarkan." in back.words
    held = await desk.read(lambda work: work.conversations.get(number))
    assert held is not None
    assert held.assignee_id == s.id


async def test_after_five_minutes_and_for_others_there_is_no_way_back(desk: Afternoon) -> None:
    seen = await sent(desk, "r", "/kotak/semua/sekaligus", ("tindakan", "dibaca"), *chosen(desk, "Warga A"))

    foreign = await sent(desk, "s", undo_of(seen))
    desk.clock.moment += timedelta(minutes=6)
    late = await sent(desk, "r", undo_of(seen))

    assert (foreign.status, late.status) == (404, 404)
    assert await unread(desk, "Warga A") == 0


@pytest.mark.parametrize(
    "fields",
    [
        [("tindakan", "dibaca")],
        [("tindakan", "hapus"), ("pilih", "1")],
        [("pilih", "1")],
        [("tindakan", "tunda"), ("pilih", "1"), ("sampai", "besok")],
        [("tindakan", "sisihkan"), ("pilih", "1"), ("sebab", "malas")],
        [("tindakan", "tugaskan"), ("pilih", "1"), ("petugas", "semua orang")],
        [("tindakan", "dibaca"), ("pilih", "x"), ("pilih", "-1"), ("pilih", "9" * 40)],
        [("tindakan", "dibaca"), *(("pilih", str(n)) for n in range(1, MOST + 2))],
    ],
)
async def test_a_form_that_asks_for_nothing_is_refused_and_changes_nothing(
    desk: Afternoon, fields: list[tuple[str, str]]
) -> None:
    seen = await sent(desk, "r", "/kotak/semua/sekaligus", *fields)

    assert seen.status == 422
    assert await unread(desk, "Warga A") == 1


async def test_what_is_not_there_or_not_theirs_is_told_without_its_name(desk: Afternoon) -> None:
    picked = [("pilih", "999999"), *chosen(desk, "Warga A")]
    seen = await sent(desk, "unit", "/kotak/semua/sekaligus", ("tindakan", "selesai"), *picked)

    assert "0 percakapan ditandai selesai." in seen.words
    assert "Warga A" not in seen.words
    assert seen.words.count("#") == 2


async def test_an_auditor_picks_nothing(desk: Afternoon) -> None:
    seen = await sent(desk, "auditor", "/kotak/semua/sekaligus", ("tindakan", "dibaca"), *chosen(desk, "Warga A"))
    async with desk.visitor("auditor") as auditor:
        page = await auditor.get("/kotak/semua")

    assert seen.status == 403
    assert 'class="pick"' not in page.html
    assert 'id="massal"' not in page.html


async def test_the_page_gets_a_line_and_a_browser_without_script_a_page(desk: Afternoon) -> None:
    line = await sent(
        desk,
        "r",
        "/kotak/semua/sekaligus",
        ("tindakan", "dibaca"),
        *chosen(desk, "Warga A"),
        **{"HX-Request": "true"},
    )
    page = await sent(desk, "r", "/kotak/semua/sekaligus", ("tindakan", "dibaca"), *chosen(desk, "Warga B"))

    assert "<html" not in line.html
    assert "<html" in page.html
    assert "Kembali ke daftar" in page.words
