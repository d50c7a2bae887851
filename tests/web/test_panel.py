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
