"""A ready move waits its seconds like a typed answer: taken back whole, done whole, or refused whole and told."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from omnichannel.domain.composing import PlanState
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.work import Direction
from omnichannel.workers.planning import Planner
from tests.web.afternoon import Afternoon, Visitor, an_afternoon
from tests.web.cast import NOW

QUIET: dict[str, Any] = {"HX-Request": "true"}
FULL = {
    "nama": "PJU ke Dishub",
    "isi": "Terima kasih, {nama}.",
    "catatan": "Sudah ditelepon.",
    "jenis": "complaint",
    "topik": "pju",
    "petugas": "saya",
    "pasang": "1",
    "akhir": "selesai",
}
SECONDS = timedelta(seconds=5)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False, undo=SECONDS) as found:
        await found.says("Warga A", "tg-humas", "Lampu jalan mati di Gang Mawar")
        async with found.visitor("m") as m:
            assert (await m.post("/kelola/label", {"nama": "PJU", "warna": "biru"})).status == 200
            assert (await m.post("/kelola/langkah", FULL)).status == 200
            quiet = {"nama": "Arsip", "pasang": "1", "akhir": "selesai"}
            assert (await m.post("/kelola/langkah", quiet)).status == 200
        yield found


async def run(visitor: Visitor, desk: Afternoon, name: str = "PJU ke Dishub", key: str = "k1") -> None:
    where = f"/percakapan/{desk.talks['Warga A']}/langkah"
    offered = json.loads((await visitor.get(where, **QUIET)).html)["moves"]
    move = next(one for one in offered if one["name"] == name)
    form = {"isi": move["text"], "key": key, "tunggu": "1"}
    seen = await visitor.post(f"{where}/{move['id']}", form)
    assert seen.status == 200, seen.words


async def moment_comes(desk: Afternoon, after: timedelta = SECONDS) -> None:
    """The worker's turns, until it has nothing left."""
    desk.clock.moment = NOW + after
    planner = Planner(desk.house, "uji")
    while await planner.turn():
        pass


async def talk(desk: Afternoon) -> Conversation:
    found = await desk.read(lambda work: work.conversations.get(desk.talks["Warga A"]))
    assert found is not None
    return found


async def said(desk: Afternoon) -> list[str]:
    found = await desk.read(lambda work: work.messages.thread(desk.talks["Warga A"]))
    return [one.text for one in found if one.direction is not Direction.IN and not one.automatic]


async def plan_state(desk: Afternoon) -> PlanState:
    found = await desk.read(lambda work: work.plans.by_key("k1"))
    assert found is not None
    return found.state


async def test_taken_back_nothing_of_it_was_ever_done(desk: Afternoon) -> None:
    before = await talk(desk)
    async with desk.visitor("r") as r:
        await run(r, desk)
        page = await r.get(f"/kotak/semua/{before.id}")
        assert "Langkah “PJU ke Dishub”" in page.words
        assert "data-brief" in page.html
        plan = await desk.read(lambda work: work.plans.by_key("k1"))
        assert plan is not None
        back = json.loads((await r.post(f"/rencana/{plan.id}/batal", **QUIET)).html)
        assert back["move"] == "PJU ke Dishub"
        draft = await desk.read(lambda work: work.drafts.get(desk.staff["r"].id, before.id))
    await moment_comes(desk)

    after = await talk(desk)
    assert draft is None
    assert await said(desk) == []
    assert (after.kind, after.labels, after.assignee_id, after.state) == (before.kind, (), None, before.state)
    assert await desk.read(lambda work: work.cases.of_conversation(before.id)) == []


async def test_its_seconds_over_all_of_it_is_done_and_once(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        await run(r, desk)
        await run(r, desk)
    assert (await talk(desk)).state is ConversationState.OPEN
    await moment_comes(desk)

    after = await talk(desk)
    assert after.state is ConversationState.RESOLVED
    assert (after.kind, after.topic, after.labels, after.assignee_id) == ("complaint", "pju", (1,), desk.staff["r"].id)
    assert await said(desk) == ["Terima kasih, Warga A.", "Sudah ditelepon."]
    verbs = [one.verb for one in await desk.read(lambda work: work.screens.history(after.id))]
    assert verbs.count("moved_by") == 1


async def test_a_move_that_says_nothing_waits_all_the_same(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        await run(r, desk, "Arsip")
    assert (await talk(desk)).labels == ()
    await moment_comes(desk)

    after = await talk(desk)
    assert (after.labels, after.state) == ((1,), ConversationState.RESOLVED)
    assert await plan_state(desk) is PlanState.SENT
    assert await said(desk) == []


async def test_refused_on_its_way_nothing_of_it_stands_and_its_writer_is_told(desk: Afternoon) -> None:
    async with desk.visitor("m") as m, desk.visitor("r") as r:
        assert (await m.post("/kelola/langkah", FULL | {"nama": "Ke Sari", "petugas": "s"})).status == 200
        await run(r, desk, "Ke Sari")
        # Kind, answer and note would still go; giving it to somebody who has left would not.
        await desk.write(lambda work: work.people.disable(desk.staff["s"].id, NOW))
    await moment_comes(desk)

    after = await talk(desk)
    assert await plan_state(desk) is PlanState.FAILED
    assert await said(desk) == []
    assert (after.kind, after.labels, after.state) == (None, (), ConversationState.OPEN)
    async with desk.visitor("r") as r:
        page = await r.get(f"/kotak/semua/{after.id}")
        assert "Tidak satu pun tindakannya dilakukan." in page.words


async def test_what_the_citizen_writes_meanwhile_is_not_put_away(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        await run(r, desk)
    desk.clock.moment = NOW + timedelta(seconds=2)
    await desk.says("Warga A", "tg-humas", "Ada kabel putus, menyala!", ago=timedelta(seconds=-2))
    await moment_comes(desk)

    after = await talk(desk)
    assert await plan_state(desk) is PlanState.STOPPED
    assert await said(desk) == []
    assert (after.state, after.labels) == (ConversationState.OPEN, ())
    assert after.unread > 0


async def test_who_wants_no_seconds_runs_it_at_once(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        await r.post("/saya/urungkan", {"urungkan": "tidak"})
        await run(r, desk)

    assert (await talk(desk)).state is ConversationState.RESOLVED
    assert len(await said(desk)) == 2
