"""The five seconds of "Batalkan", attacked: half the answers are taken back at random moments while the server is killed.

What the page said is held against what reached the platform. Taken back: never arrived, and its words are the draft again.
Left alone, or told "too late": arrived once. What a kill cut off in the middle of a send is shown as unsure, and never sent
a second time.
"""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.drills.books import Books
from tests.drills.service import Officer
from tests.drills.small import Small, a_body, an_item, small
from tests.drills.test_kill import url  # noqa: F401  (the fixture: both databases)

REPLIES = 60
DESKS = 6  # officers at work at the same time, in the same account
WINDOW = 5.0  # seconds, as the office grants by default
PLAN = re.compile(r'data-plan="\d+" data-brief="[^"]*".*?/rencana/(\d+)/batal', re.DOTALL)
PATIENCE = 120

pytestmark = [pytest.mark.drill]


@dataclass
class Told:
    """What the page answered for one reply: left alone, taken back, or too late; and how often it had to be asked."""

    text: str
    way: str
    asked: int


async def until_heard(officer: Officer, path: str, **form: str) -> tuple[int, int]:
    """Press until the server answers, as somebody does whose page says that the line is cut; status, presses."""
    end = time.monotonic() + PATIENCE
    for pressed in range(1, 10_000):
        try:
            status, _ = await officer.submit(path, **form)
            if status < 500:
                return status, pressed
        except (aiohttp.ClientError, TimeoutError):
            pass
        assert time.monotonic() < end, f"{path} was never answered"
        await asyncio.sleep(0.3)
    raise AssertionError("unreachable")


async def waiting(officer: Officer, talk: int) -> str | None:
    """The number of the answer that waits there; None: it has left already."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            status, html = await officer.get(f"/percakapan/{talk}/aliran")
            if status == 200:
                found = PLAN.search(html)
                return found[1] if found else None
        except (aiohttp.ClientError, TimeoutError):
            pass
        assert time.monotonic() < end, "the conversation never opened"
        await asyncio.sleep(0.3)


async def one_reply(officer: Officer, talk: int, take_back: bool, chance: random.Random) -> Told:
    """Written, held, and perhaps taken back; twice, as an impatient hand presses."""
    text = f"Jawaban {talk}: petugas kami datang besok pagi."
    status, _ = await until_heard(
        officer, f"/percakapan/{talk}/balas", text=text, key=f"urung-{talk}", ke="balas", tunggu="1"
    )
    assert status < 400, f"the reply to {talk} was refused: {status}"
    if not take_back:
        await asyncio.sleep(chance.uniform(0, 1))
        return Told(text, "left", 0)
    number = await waiting(officer, talk)
    if number is None:
        return Told(text, "late", 0)
    await asyncio.sleep(chance.uniform(0, WINDOW))
    status, pressed = await until_heard(officer, f"/rencana/{number}/batal")
    again, more = await until_heard(officer, f"/rencana/{number}/batal")
    assert status in (200, 303, 409), status
    assert again == status, "a second press told something else than the first"
    return Told(text, "late" if status == 409 else "back", pressed + more)


async def a_desk(officer: Officer, talks: list[int], chance: random.Random) -> list[Told]:
    return [await one_reply(officer, talk, chance.random() < 0.5, chance) for talk in talks]


async def kill_until(office: Small, done: asyncio.Event, chance: random.Random) -> None:
    """One life after the other, cut off at any moment of it, also while it starts."""
    while not done.is_set():
        await asyncio.sleep(chance.uniform(1.0, 7.0))
        await office.service.kill()
        await office.service.launch()
        if chance.random() < 0.7:
            await office.service.ready()


async def calm(books: Books) -> None:
    """Until every answer that was to leave has left, or is known not to."""
    for _ in range(600):
        held = await books.number("SELECT count(*) FROM plans WHERE state = 'waiting'")
        moving = await books.number("SELECT count(*) FROM messages WHERE delivery IN ('queued', 'sending')")
        if not held and not moving:
            return
        await asyncio.sleep(0.5)
    raise AssertionError("something still waits")


async def drafts(books: Books) -> Mapping[int, str]:
    return {int(talk): str(text) for talk, text in await books.ask("SELECT conversation_id, text FROM drafts")}


async def states(books: Books) -> Mapping[str, str]:
    rows = await books.ask("SELECT text, delivery FROM messages WHERE direction = 'out' AND NOT automatic")
    assert len(rows) == len(dict(rows)), "one answer became two messages"
    return {str(text): str(state) for text, state in rows}


async def test_what_was_taken_back_never_arrives_and_all_else_once(
    url: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    chance, done = random.Random(20261224), asyncio.Event()
    async with small(tmp_path, url=url) as office:
        for citizen in range(REPLIES):
            office.sandbox.citizen(f"Warga {citizen}")
        items = [an_item(n, "Terima kasih infonya", thread=f"c{n + 1}") for n in range(REPLIES)]
        assert await office.post(a_body(*items)) == 200
        talks = [int(row[0]) for row in await office.books.ask("SELECT id FROM conversations ORDER BY id")]
        assert len(talks) == REPLIES
        killing = asyncio.create_task(kill_until(office, done, random.Random(7)))
        shares = [talks[n::DESKS] for n in range(DESKS)]
        desks = [a_desk(office.officer, share, random.Random(chance.random())) for share in shares]
        try:
            told = [one for share in await asyncio.gather(*desks) for one in share]
        finally:
            done.set()
            await killing
        await office.service.ready()
        await calm(office.books)
        kept, known = await drafts(office.books), await states(office.books)
        kills = office.service.kills
        arrived = Counter(one["text"] for call, one in office.sandbox.calls if call == "send")

    ways = Counter(one.way for one in told)
    back = [one.text for one in told if one.way == "back"]
    others = [one.text for one in told if one.way != "back"]
    unsure = [text for text in others if known.get(text) == "unsure"]
    print(
        f"\n{url.partition(':')[0]}: {REPLIES} answers, killed {kills} times; {dict(ways)}, "
        f"pressed {sum(one.asked for one in told)} times\n"
        f"  taken back and arrived {sum(arrived[text] for text in back)}, their drafts {sum(t in kept.values() for t in back)}"
        f" of {len(back)}\n"
        f"  others arrived once {sum(arrived[text] == 1 for text in others)} of {len(others)}, "
        f"twice {sum(arrived[text] > 1 for text in others)}, cut off in a send and shown as unsure {len(unsure)}"
    )
    assert kills >= 4
    assert len(back) >= REPLIES // 6
    assert len(others) >= REPLIES // 4
    assert [text for text in back if arrived[text] or text in known] == []
    assert sorted(kept.values()) == sorted(back)
    assert [text for text in others if arrived[text] > 1] == []
    assert [text for text in others if not arrived[text] and text not in unsure] == []
    assert {known[text] for text in others} <= {"sent", "delivered", "read", "unsure"}
