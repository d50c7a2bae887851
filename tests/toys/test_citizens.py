"""Citizens are many, alike for the same seed, and go on talking."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from random import Random

import pytest

from omnichannel.domain.case import Kind
from omnichannel.toys.base import Line, Toy
from omnichannel.toys.citizens import ASPIRATIONS, COMPLAINTS, OTHERS, REQUESTS, THANKS, THREADS, chatter, history
from omnichannel.toys.citizens.chatter import Crowd
from omnichannel.toys.pictures import picture
from omnichannel.toys.sandbox import SandboxToy
from omnichannel.toys.telegram import TelegramToy

STORIES = (*COMPLAINTS, *REQUESTS, *ASPIRATIONS, *OTHERS, *THREADS)
WITA = timezone(timedelta(hours=8))
UNTIL = datetime(2026, 11, 22, 14, tzinfo=WITA)


def test_they_say_many_different_things_on_every_matter() -> None:
    texts = [turn for story in STORIES for turn in story.turns] + list(THANKS)

    assert len(texts) == len(set(texts)) >= 150
    assert {story.kind for story in STORIES} == set(Kind)
    assert len({story.topic for story in STORIES}) >= 18
    assert any(story.urgent for story in STORIES)
    assert any(story.photo for story in STORIES)
    assert any(story.edit for story in STORIES)


def test_the_past_is_the_same_for_the_same_seed() -> None:
    accounts = ["tg", "surat"]

    assert history(accounts, UNTIL) == history(accounts, UNTIL)
    assert history(accounts, UNTIL) != history(accounts, UNTIL, seed=1)


@pytest.mark.parametrize("seed", range(5))
def test_the_past_is_a_month_in_order_and_never_later_than_now(seed: int) -> None:
    found = history(["tg", "surat"], UNTIL, seed=seed)
    times = [past.at for past in found]

    assert times == sorted(times)
    assert UNTIL - timedelta(days=32) < times[0] < times[-1] < UNTIL
    assert {past.account for past in found} == {"tg", "surat"}
    assert all(past.at.tzinfo is not None and past.text.strip() for past in found)
    threads: dict[int, list[bool]] = {}
    for past in found:
        threads.setdefault(past.thread, []).append(past.ours)
    assert not any(sides[0] for sides in threads.values())
    assert any(True in sides for sides in threads.values())
    assert any(len(sides) == 1 for sides in threads.values())


def test_no_account_has_no_past() -> None:
    assert history([], UNTIL) == []


class FastClock:
    """A clock whose sleep costs nothing, and that stops the show after so many."""

    def __init__(self, sleeps: int) -> None:
        self.left = sleeps
        self.slept: list[timedelta] = []

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 6, tzinfo=UTC) + sum(self.slept, timedelta())

    async def sleep(self, duration: timedelta) -> None:
        self.slept.append(duration)
        self.left -= 1
        if self.left < 0:
            raise asyncio.CancelledError
        await asyncio.sleep(0)


async def test_they_write_every_few_seconds_on_every_toy() -> None:
    toys: list[Toy] = [TelegramToy(), SandboxToy()]
    clock = FastClock(120)

    with pytest.raises(asyncio.CancelledError):
        await chatter(toys, clock, Random(7), every=timedelta(seconds=4))

    assert all(timedelta(seconds=2) <= pause <= timedelta(seconds=6) for pause in clock.slept)
    assert all(len(toy.chats()) > 20 for toy in toys)
    assert any(line.files for toy in toys for chat in toy.chats() for line in chat.lines)


async def test_a_citizen_who_was_answered_may_answer() -> None:
    toy = SandboxToy()
    chat = await toy.write(None, "Rahma", "Lampu mati")
    toy._chats[chat].lines.append(Line(False, "Di mana?", toy.now()))
    crowd = Crowd([toy], Random(1))

    for _ in range(12):
        await crowd.speak()

    assert toy.transcript(chat)[2].text in THANKS


async def test_a_correction_reaches_the_platform_as_an_edit() -> None:
    toy = TelegramToy()
    crowd = Crowd([toy], Random(3))
    while not any("edited_message" in update for update in toy._updates):
        await crowd.speak()
        assert len(toy._updates) < 400

    (edited,) = [update["edited_message"] for update in toy._updates if "edited_message" in update]
    assert edited["text"] in {story.edit for story in THREADS}


def test_pictures_are_pictures() -> None:
    first, second = picture(Random(1)), picture(Random(2))

    assert first.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert first.content != second.content
    assert len(first.content) < 50_000
