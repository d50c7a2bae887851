"""Who reads and who writes: told to whoever may know, forgotten by itself, never written down."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from omnichannel.domain.people import Role
from omnichannel.web.presence import MOST_TABS, PRESENCE, READING, WRITING
from tests.web.front import Client, Front, a_front, csrf
from tests.web.test_live import opened


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as front:
        yield front


async def says(client: Client, conversation: int | str, doing: str = "baca", tab: str = "a1") -> tuple[int, list[Any]]:
    form = {"percakapan": str(conversation), "tab": tab, "sedang": doing}
    answer = await client.post("/live/hadir", data=form, headers={"X-CSRF-Token": await csrf(client)})
    return answer.status, (await answer.json())["here"] if answer.status == 200 else []


async def seen(client: Client) -> list[tuple[str, bool]]:
    here = (await (await client.get("/live/hadir")).json())["here"]
    return [(one["name"], one["writing"]) for one in here]


async def here(stream: Any) -> Any:
    """The next word on who is there; what else happens meanwhile is passed over."""
    while (found := await stream.next())[0] != "here":
        assert found[0] == "changed"
    return found


async def test_a_colleague_hears_at_once_who_reads_and_who_writes(front: Front) -> None:
    rina, budi = await front.signed_in(login="rina"), await front.signed_in(login="budi")
    talk = await front.incoming()

    async with opened(budi) as stream:
        await says(rina, talk.id)
        reads = await here(stream)
        await says(rina, talk.id, "tulis")
        writes = await here(stream)

    assert reads[0] == writes[0] == "here"
    assert reads[1] is None  # a browser resumes at what happened, not at who was there
    assert (reads[2]["conversation"], reads[2]["name"], reads[2]["writing"]) == (talk.id, "Rina", False)
    assert writes[2]["writing"]
    assert 0 < writes[2]["for"] <= WRITING.total_seconds() * 1000


async def test_a_tab_that_dies_is_forgotten_by_itself(front: Front) -> None:
    rina, budi = await front.signed_in(login="rina"), await front.signed_in(login="budi")
    talk = await front.incoming()
    await says(rina, talk.id, "tulis")

    there = await seen(budi)
    front.clock.go(WRITING)
    silent = await seen(budi)
    await says(rina, talk.id)
    front.clock.go(READING)

    assert (there, silent) == ([("Rina", True)], [])
    assert await seen(budi) == []


async def test_leaving_is_told_and_a_page_already_left_takes_nobody_away(front: Front) -> None:
    rina, budi = await front.signed_in(login="rina"), await front.signed_in(login="budi")
    first, second = await front.incoming("satu", "t1"), await front.incoming("dua", "t2")
    await says(rina, first.id)
    await says(rina, second.id)

    await says(rina, first.id, "pergi")
    still = (await (await budi.get("/live/hadir")).json())["here"]
    await says(rina, second.id, "pergi")

    assert [one["conversation"] for one in still] == [second.id]
    assert await seen(budi) == []


async def test_only_who_may_read_the_conversation_learns_of_it(front: Front) -> None:
    rina = await front.signed_in(login="rina")
    near, far = await front.signed_in(Role.UNIT, "dishub"), await front.signed_in(Role.UNIT, "pdam")
    talk = await front.place(await front.incoming(), "dishub")
    await says(rina, talk.id)

    assert await seen(near) == [("Rina", False)]
    assert await seen(far) == []
    assert (await says(far, talk.id))[0] == 403


async def test_an_auditor_who_looks_on_leaves_no_trace(front: Front) -> None:
    auditor, budi = await front.signed_in(Role.AUDITOR, login="dewi"), await front.signed_in(login="budi")
    talk = await front.incoming()

    await says(budi, talk.id)

    assert (await says(auditor, talk.id))[0] == 403
    assert await seen(budi) == await seen(auditor) == [("Budi", False)]


async def test_nothing_of_it_is_written_to_the_database(front: Front) -> None:
    rina, talk = await front.signed_in(login="rina"), await front.incoming()
    before = await front.house.store.read(lambda work: work.screens.last_happening())

    for _ in range(5):
        await says(rina, talk.id, "tulis")

    assert await front.house.store.read(lambda work: work.screens.last_happening()) == before


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"percakapan": "", "tab": "a", "sedang": "baca"},
        {"percakapan": "١", "tab": "a", "sedang": "baca"},
        {"percakapan": "1", "tab": "", "sedang": "baca"},
        {"percakapan": "1", "tab": "a" * 41, "sedang": "baca"},
        {"percakapan": "1", "tab": "<b>", "sedang": "baca"},
        {"percakapan": "1", "tab": "a", "sedang": "tidur"},
    ],
)
async def test_a_report_that_says_nothing_is_refused(front: Front, form: dict[str, str]) -> None:
    client = await front.signed_in()

    answer = await client.post("/live/hadir", data=form, headers={"X-CSRF-Token": await csrf(client)})

    assert answer.status == 422


async def test_one_officer_cannot_fill_our_memory_with_tabs(front: Front) -> None:
    rina, talk = await front.signed_in(login="rina"), await front.incoming()

    for number in range(MOST_TABS + 4):
        await says(rina, talk.id, tab=f"t{number}")
    _, here = await says(rina, talk.id, tab=f"t{MOST_TABS + 4}")

    assert len(here) == MOST_TABS
    assert here[-1]["tab"] == f"t{MOST_TABS + 4}"


@pytest.mark.parametrize("words", ["", "{}", "[1]", "[1,2,3,4,5,6,7]", "\x00", json.dumps("a")])
async def test_what_a_newer_version_tells_breaks_nothing(front: Front, words: str) -> None:
    assert front.server.app[PRESENCE].take(words) is None


async def test_being_there_keeps_no_forgotten_screen_logged_in(front: Front) -> None:
    rina, talk = await front.signed_in(login="rina"), await front.incoming()

    statuses = []
    token = await csrf(rina)
    for _ in range(3):
        front.clock.go(timedelta(hours=5))
        form = {"percakapan": str(talk.id), "tab": "a", "sedang": "baca"}
        statuses.append((await rina.post("/live/hadir", data=form, headers={"X-CSRF-Token": token})).status)

    assert statuses == [200, 200, 401]
