""" "CEK" on every channel of the demo: the citizen's number comes with a code, and asking for it is answered there at once;
where everybody reads, nothing is said. The daily probe tells who we are on each.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from omnichannel import app, crew
from omnichannel.demo.clock import DemoClock
from omnichannel.demo.stage import Toys, demo_config, open_toys
from omnichannel.domain.channel import Channel
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.house import House
from omnichannel.domain.work import Work
from omnichannel.store.clock import SystemClock
from omnichannel.toys.base import Toy
from omnichannel.toys.x import XToy
from tests.test_walk import until

RECEIPT = re.compile(r"(LAP-\d{4}-\d{6}).*Kode rahasia (\w{4}-\w{4})", re.DOTALL)


@dataclass
class Town:
    house: House
    toys: Toys


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_toys(DemoClock(SystemClock())) as toys:
        config = demo_config(None, tmp_path, "", toys)
        asked = [replace(one, options={**one.options, "poll_seconds": 1}) for one in toys.accounts]
        polled = tuple(
            replace(one, options={**one.options, "mode": "poll"}) if one.channel is Channel.X else one for one in asked
        )
        async with (
            app.open_house(replace(config, accounts=polled)) as house,
            app.listening(house, "127.0.0.1", 0) as port,
        ):
            replace(toys, accounts=polled).call_back(f"http://127.0.0.1:{port}")
            workers = asyncio.create_task(crew.work(house))
            try:
                yield Town(house, toys)
            finally:
                workers.cancel()
                await asyncio.gather(workers, return_exceptions=True)


def said(toy: Toy) -> list[str]:
    return [line.text for chat in toy.chats() for line in chat.lines if not line.mine]


async def writes(toy: Toy, words: str, chat: str | None) -> str:
    return await toy.write(chat, f"Warga {toy.channel}", words)


async def asks_in_private(town: Town, toy: Toy) -> None:
    chat = await writes(toy, "Lampu jalan di Teluk Lingga mati sudah seminggu, gelap sekali.", None)
    await until(lambda: any(RECEIPT.search(one) for one in said(toy)))
    number = next(found[1] for one in said(toy) if (found := RECEIPT.search(one)))

    await writes(toy, f"Cek {number.replace('-', ' ').lower()} dong min", chat)

    # By now an officer has it, or it is in LAPOR already.
    await until(lambda: any(one.startswith(f"{number}: ") for one in said(toy)))


def posted(toy: XToy) -> list[str]:
    return [post["text"] for post in toy.posts if post["author_id"] == toy.own]


async def asks_in_public(toy: XToy) -> None:
    toy.citizen("Warga X").mentions("#CEK LAP-2026-000001")

    await until(lambda: any("pesan langsung" in one for one in posted(toy)))
    assert not any("LAP-" in one for one in posted(toy))


@pytest.mark.slow
async def test_every_channel_answers_cek_in_its_own_place(town: Town) -> None:
    for toy in town.toys.all:
        if isinstance(toy, XToy):
            await asks_in_public(toy)
        else:
            await asks_in_private(town, toy)

    def unread(work: Work) -> list[tuple[str, int]]:
        found = [work.conversations.get(number) for number in range(1, 30)]
        return [(one.account, one.unread) for one in found if one is not None and one.state is ConversationState.OPEN]

    # Each has its report to be read, and no question.
    assert {count for _, count in await town.house.store.read(unread)} == {1}
    states = {one.account: one for one in await town.house.store.read(lambda work: work.accounts.all())}
    assert all(states[toy.account].whoami for toy in town.toys.all), states
