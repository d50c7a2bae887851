"""Drafts at the desk over HTTP: offered again on any device, gone once sent, nobody else's to read."""

import json
import re
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import pytest

from tests.web.afternoon import Afternoon, Visitor, an_afternoon

QUIET: dict[str, Any] = {"HX-Request": "true"}


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("drafts"), told=False) as found:
        yield found


@pytest.fixture
async def number(desk: Afternoon, request: pytest.FixtureRequest) -> int:
    name = f"Warga {request.node.name[-20:]}"
    await desk.says(name, "tg-humas", "Lampu jalan mati")
    return desk.talks[name]


async def save(visitor: Visitor, number: int, text: str, tab: str = "a", **more: str) -> dict[str, Any]:
    form = {"text": text, "tab": tab, "ke": "balas"} | more
    seen = await visitor.post(f"/percakapan/{number}/draf", form, **QUIET)
    assert seen.status == 200, seen.words
    found: dict[str, Any] = json.loads(seen.html)
    return found


async def test_another_device_opens_with_the_draft_in_its_composer(desk: Afternoon, number: int) -> None:
    async with desk.visitor("r") as office, desk.visitor("r") as phone, desk.visitor("s") as colleague:
        await save(office, number, "Baik, kami <b>periksa</b>")

        page, others = await phone.get(f"/kotak/semua/{number}"), await colleague.get(f"/kotak/semua/{number}")

    area = re.search(r"<textarea[^>]*>([^<]*)</textarea>", page.html)
    assert area is not None
    assert unescape(area[1]) == "Baik, kami <b>periksa</b>"
    assert '<span class="tag draft">draf</span>' in page.html
    assert "Baik, kami" not in others.html
    assert 'class="tag draft"' not in others.html


async def test_a_note_opens_as_a_note(desk: Afternoon, number: int) -> None:
    async with desk.visitor("r") as visitor:
        await save(visitor, number, "ingat telepon Dishub", ke="catatan")

        page = await visitor.get(f"/kotak/semua/{number}")

    assert re.search(r'value="catatan" id="to-note" checked', page.html)


async def test_sending_ends_the_draft_and_leaves_another_pages_text(desk: Afternoon, number: int) -> None:
    async with desk.visitor("r") as visitor:
        await save(visitor, number, "tab satu", "a")
        told = await save(visitor, number, "tab dua", "b")
        assert [one["text"] for one in told["rivals"]] == ["tab satu"]

        page = await visitor.post(f"/percakapan/{number}/balas", {"text": "tab dua", "key": "k1", "tab": "b"})
        assert ">tab satu</textarea>" in page.html
        page = await visitor.post(f"/percakapan/{number}/balas", {"text": "tab satu", "key": "k2"})

    assert "></textarea>" in page.html
    assert 'class="tag draft"' not in page.html.split(f'data-key="{number}"')[1].split("</li>")[0]


async def test_the_other_text_is_taken_without_script(desk: Afternoon, number: int) -> None:
    async with desk.visitor("r") as visitor:
        await save(visitor, number, "tab satu", "a")
        await save(visitor, number, "tab dua", "b")
        page = await visitor.get(f"/kotak/semua/{number}")
        at = re.search(r'name="saat" value="([^"]+)"', page.html)
        assert at is not None

        swapped = await visitor.post(f"/percakapan/{number}/draf/lain", {"saat": unescape(at[1]), "perbuat": "pakai"})

    assert ">tab satu</textarea>" in swapped.html
    assert "tab dua</q>" in swapped.html


@pytest.mark.parametrize(("login", "status"), [("auditor", 403), ("unit", 403)])
async def test_who_may_not_write_here_keeps_no_draft_here(
    desk: Afternoon, number: int, login: str, status: int
) -> None:
    async with desk.visitor(login) as visitor:
        answer = await visitor.post(f"/percakapan/{number}/draf", {"text": "x", "tab": "a"})
        read = await visitor.get(f"/percakapan/{number}/draf")

    assert (answer.status, read.status) == (status, 403)


@pytest.mark.parametrize(
    "form",
    [
        {"text": "x" * 200_000},
        {"text": "a", "berkas": '{"a": 1}', "versi": "-1", "komentar": "999999999999999999", "ke": "entah"},
        {"text": "\0\r\n", "berkas": "[", "tab": "t" * 500},
        {},
    ],
)
async def test_nonsense_breaks_nothing(desk: Afternoon, number: int, form: dict[str, str]) -> None:
    async with desk.visitor("r") as visitor:
        answer = await visitor.post(f"/percakapan/{number}/draf", form, **QUIET)
        away = await visitor.post("/percakapan/999999/draf", {"text": "x"})
        wrong = await visitor.post(f"/percakapan/{number}/draf/lain", {"saat": "kemarin"})

    assert answer.status in (200, 422)
    assert (away.status, wrong.status) == (404, 422)
