"""The panes of a click: the same conversation as the whole page shows, and a look ahead that changes nothing."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.web.afternoon import Afternoon, an_afternoon


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk")) as found:
        yield found


def stable(html: str) -> str:
    """Without the keys and tokens that each drawing makes anew."""
    return re.sub(r'(name="(?:csrf|key)" value=")[^"]*', r"\1", " ".join(html.split()))


async def test_the_panes_hold_what_the_whole_page_shows(desk: Afternoon) -> None:
    number = desk.talks["Warga A"]
    async with desk.visitor("auditor") as reader:  # their look marks nothing as read, so both pages are of one moment
        whole = stable((await reader.get(f"/kotak/semua/{number}?cari=kanal%3Afb")).html)
        panes = stable((await reader.get(f"/kotak/semua/{number}/panel?cari=kanal%3Afb")).html)

    for part in ('<ol class="log">', '<header id="kepala">', 'id="aliran"'):
        said = panes[panes.index(part) :][:1500]
        assert said in whole, part
    assert 'class="rail"' not in panes
    assert 'id="baris"' not in panes
    assert "?cari=kanal%3Afb" in panes


async def test_a_look_ahead_leaves_it_unread_until_it_is_shown(desk: Afternoon) -> None:
    number = desk.talks["Warga G"]
    async with desk.visitor("r") as r:
        panes = await r.get(f"/kotak/semua/{number}/panel")
        before = await desk.read(lambda work: work.conversations.get(number))
        await r.post(f"/percakapan/{number}/baca")
        after = await desk.read(lambda work: work.conversations.get(number))
        again = await r.get(f"/kotak/semua/{number}/panel")

    assert " data-unread" in panes.html
    assert before is not None
    assert before.unread == 1
    assert after is not None
    assert after.unread == 0
    assert " data-unread" not in again.html


async def test_nobody_looks_ahead_into_another_units_talk(desk: Afternoon) -> None:
    async with desk.visitor("unit") as u:
        refused = await u.get(f"/kotak/semua/{desk.talks['Warga S']}/panel")
        missing = await u.get("/kotak/semua/999999/panel")
        strange = await u.get(f"/kotak/apa-saja/{desk.talks['Warga A']}/panel")

    assert (refused.status, missing.status, strange.status) == (403, 404, 404)
    assert "Jalan poros" not in refused.words


async def test_an_auditors_page_never_asks_to_mark_it_read(desk: Afternoon) -> None:
    async with desk.visitor("auditor") as auditor:
        panes = await auditor.get(f"/kotak/semua/{desk.talks['Warga M']}/panel")

    assert " data-unread" not in panes.html


def options(html: str, name: str) -> list[list[str]]:
    """Each menu of that name: its values."""
    menus = re.findall(rf'<select name="{name}"[^>]*>(.*?)</select>', html)
    return [re.findall(r'<option value="([^"]*)"', menu) for menu in menus]


async def test_the_panes_name_the_chosen_unit_alone_and_the_page_holds_the_list_once(desk: Afternoon) -> None:
    number = desk.talks["Warga A"]
    async with desk.visitor("r") as r:
        whole = (await r.get(f"/kotak/semua/{number}")).html
        panes = (await r.get(f"/kotak/semua/{number}/panel")).html
        pieces = [(await r.get(f"/percakapan/{number}/{piece}")).html for piece in ("tentang", "kepala")]

    kept = {name: re.findall(r'value="([^"]*)"', text) for name, text in TEMPLATES.findall(whole)}
    assert set(kept) == {"unit", "topik", "petugas"}
    assert str(desk.staff["r"].id) in kept["petugas"]
    for name, every in kept.items():
        lean, full = options(panes, name), options(whole, name)
        assert lean
        assert options("".join(reversed(pieces)), name) == lean  # head, then what stands beside
        assert all(set(menu) <= {"", *every} and len(menu) <= 2 for menu in lean)
        assert any(set(menu) >= set(every) for menu in full)
    chosen = re.findall(r'<option value="([^"]+)" selected>', panes)
    assert set(chosen) <= set(re.findall(r'<option value="([^"]+)" selected>', whole))
    assert "dishub" in chosen


TEMPLATES = re.compile(r'<template id="pilihan-(\w+)">(.*?)</template>', re.DOTALL)


async def test_why_that_day_is_told_when_somebody_asks(desk: Afternoon) -> None:
    number = desk.talks["Warga A"]
    async with desk.visitor("r") as r:
        whole = (await r.get(f"/kotak/semua/{number}")).html
        panes = (await r.get(f"/kotak/semua/{number}/panel")).html
        asked = re.findall(r'data-lazy="([^"]+)"', panes)
        told = [(await r.get(address)).html for address in asked]
        strange = await r.get(f"/percakapan/{number}/tangga/besok")
        nobody = await r.get("/percakapan/999999/tangga/answer")

    assert '<ol class="ladder"' not in panes
    assert re.findall(r'<ol class="ladder".*?</ol>', whole, re.DOTALL) == [
        ladder for page in told for ladder in re.findall(r'<ol class="ladder".*?</ol>', page, re.DOTALL)
    ]
    assert asked
    assert all('href="/kasus/' in panes for _ in asked)
    assert (strange.status, nobody.status) == (404, 404)


async def test_a_ladder_of_another_units_case_stays_shut(desk: Afternoon) -> None:
    async with desk.visitor("unit") as u:
        refused = await u.get(f"/percakapan/{desk.talks['Warga S']}/tangga/answer")

    assert refused.status == 403
