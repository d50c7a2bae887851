"""Ready moves over HTTP: made by who leads, seen before they are run, all acts or none, each with its own leave."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.work import Direction
from tests.web.afternoon import Afternoon, Visitor, an_afternoon

QUIET: dict[str, Any] = {"HX-Request": "true"}
FULL = {
    "nama": "PJU ke Dishub",
    "isi": "Terima kasih, {nama}. Diteruskan ke {unit}.",
    "catatan": "Sudah ditelepon.",
    "jenis": "complaint",
    "topik": "pju",
    "petugas": "saya",
    "akhir": "selesai",
}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        await found.says("Warga A", "tg-humas", "Lampu jalan mati di Gang Mawar")
        yield found


async def made(desk: Afternoon, **form: str) -> None:
    async with desk.visitor("m") as visitor:
        seen = await visitor.post("/kelola/langkah", form)
        assert seen.status == 200, seen.words


async def offered(visitor: Visitor, desk: Afternoon) -> list[dict[str, Any]]:
    seen = await visitor.get(f"/percakapan/{desk.talks['Warga A']}/langkah", **QUIET)
    found: list[dict[str, Any]] = json.loads(seen.html)["moves"]
    return found


async def run(visitor: Visitor, desk: Afternoon, move: dict[str, Any], key: str = "k1", **more: str) -> int:
    form = {"isi": move["text"], "key": key} | more
    return (await visitor.post(f"/percakapan/{desk.talks['Warga A']}/langkah/{move['id']}", form)).status


async def talk(desk: Afternoon) -> Conversation:
    found = await desk.read(lambda work: work.conversations.get(desk.talks["Warga A"]))
    assert found is not None
    return found


async def said(desk: Afternoon, direction: Direction) -> list[str]:
    found = await desk.read(lambda work: work.messages.thread(desk.talks["Warga A"]))
    return [one.text for one in found if one.direction is direction and not one.automatic]


async def test_it_is_told_beforehand_and_done_whole_and_once(desk: Afternoon) -> None:
    await made(desk, **FULL)
    async with desk.visitor("r") as visitor:
        (move,) = await offered(visitor, desk)
        assert [one["words"] for one in move["steps"]] == [
            "Jenis menjadi Pengaduan, Lampu jalan",
            "Membalas warga",
            "Menulis catatan: Sudah ditelepon.",
            "Menugaskan ke Petugas R",
            "Menandai selesai",
        ]
        assert move["why"] == ""
        assert (await talk(desk)).assignee_id is None

        for _ in range(2):
            assert await run(visitor, desk, move) == 200

    after = await talk(desk)
    assert after.state is ConversationState.RESOLVED
    assert (after.kind, after.topic, after.assignee_id) == ("complaint", "pju", desk.staff["r"].id)
    assert await said(desk, Direction.OUT) == ["Terima kasih, Warga A. Diteruskan ke unit terkait."]
    assert await said(desk, Direction.NOTE) == ["Sudah ditelepon."]
    verbs = [one.verb for one in await desk.read(lambda work: work.screens.history(after.id))]
    assert verbs.count("moved_by") == 1


async def test_one_act_without_leave_and_nothing_is_done(desk: Afternoon) -> None:
    await made(desk, **FULL)
    conversation = await talk(desk)
    async with desk.visitor("unit") as visitor:
        answer = await visitor.post(f"/percakapan/{conversation.id}/langkah/1", {"key": "k", "isi": ""})
        assert answer.status == 403

    await made(desk, nama="Butuh nomor", isi="Nomor Anda {nomor}.", akhir="selesai")
    async with desk.visitor("r") as visitor:
        lacking = next(one for one in await offered(visitor, desk) if one["name"] == "Butuh nomor")
        assert lacking["why"] == "belum ada nomor"
        assert await run(visitor, desk, lacking) == 422

    assert (await talk(desk)).state is ConversationState.OPEN
    assert await said(desk, Direction.OUT) == []


async def test_other_words_than_were_shown_are_not_sent(desk: Afternoon) -> None:
    await made(desk, **FULL)
    async with desk.visitor("r") as visitor:
        (move,) = await offered(visitor, desk)
        assert await run(visitor, desk, move | {"text": "Kata lain."}) == 422
        assert await run(visitor, desk, move, key="") == 422
        page = await visitor.get(f"/percakapan/{desk.talks['Warga A']}/langkah")
        assert re.search(r"<button class=\"btn main\">Jalankan</button>", page.html)

    assert await said(desk, Direction.OUT) == []


@pytest.mark.parametrize(
    "change",
    [
        {"nama": ""},
        {"nama": "x" * 81},
        {"isi": "{"},
        {"isi": "{nama.x}"},
        {"isi": "{entah}"},
        {"jenis": "entah"},
        {"unit": "entah"},
        {"petugas": "entah"},
        {"isi": "", "catatan": "", "jenis": "", "petugas": "", "akhir": ""},
    ],
)
async def test_a_move_that_could_not_work_is_not_made(desk: Afternoon, change: dict[str, str]) -> None:
    async with desk.visitor("m") as visitor:
        seen = await visitor.post("/kelola/langkah", FULL | change)

    assert seen.status == 422
    assert 'role="alert"' in seen.html
    assert await desk.read(lambda work: work.moves.all()) == []


async def test_who_does_not_lead_makes_none_and_a_removed_one_is_gone(desk: Afternoon) -> None:
    await made(desk, **FULL)
    async with desk.visitor("r") as officer, desk.visitor("admin") as admin:
        assert (await officer.get("/kelola/langkah")).status == 403
        assert (await officer.post("/kelola/langkah", FULL)).status == 403
        changed = await admin.post("/kelola/langkah", FULL | {"langkah": "1", "nama": "Nama baru"})
        assert "Nama baru" in changed.words
        await admin.post("/kelola/langkah/1/hapus")
        assert await offered(officer, desk) == []
        assert await run(officer, desk, {"id": 1, "text": ""}) == 404
