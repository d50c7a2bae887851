"""The acceptance test on every channel of the demo: a citizen writes there, the row appears, the answer typed in the page
arrives there, and its tick rises as far as the platform tells.

One house with an account on each toy platform, one page in a real Chromium; on SQLite, and on PostgreSQL with Redis.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from omnichannel import app, crew
from omnichannel.demo.clock import DemoClock
from omnichannel.demo.stage import Toys, demo_config, open_toys
from omnichannel.domain.channel import Channel
from omnichannel.domain.house import House
from omnichannel.domain.people import Role
from omnichannel.store.clock import SystemClock
from omnichannel.toys.base import Toy
from omnichannel.toys.x import XToy
from omnichannel.web.passwords import hash_password
from tests.test_walk import PASSWORD, until

# What a platform tells of an answer's fate beyond taking it ("Terkirim"). X posts in public.
TICKS = {
    Channel.X: "Terbit",
    Channel.SANDBOX: "Sampai",
    Channel.WHATSAPP: "Sampai",
    Channel.FACEBOOK: "Sampai",
    Channel.INSTAGRAM: "Dibaca",
}


@dataclass
class Town:
    """The office, its citizens on every platform, and an officer's page."""

    url: str
    house: House
    toys: Toys
    page: Page

    @property
    def x(self) -> XToy:
        (found,) = [toy for toy in self.toys.all if isinstance(toy, XToy)]
        return found

    async def open_row(self, channel: Channel, text: str) -> None:
        """The row appears by itself, without a reload; a click opens the thread with the citizen's words in it."""
        row = self.page.locator(f"li.row:has(.ch.{channel})")
        await expect(row, f"no row of {channel}").to_be_visible()
        await row.locator("a.hit").click()
        await expect(self.page.locator("#percakapan .stream")).to_contain_text(text)

    async def reply(self, text: str) -> None:
        await self.page.fill("#tulis", text)
        await self.page.click("#jawab button.main")
        await expect(self.page.locator("#percakapan")).to_contain_text(text)

    async def tick(self, text: str, word: str) -> None:
        """What stands under our answer, without a reload."""
        mark = self.page.locator(".msg.out", has_text=text).locator(".ticks")
        await expect(mark, f"the tick of {text!r}").to_contain_text(word)


@pytest.fixture
async def town(database_settings: dict[str, str], tmp_path: Path, page: Page) -> AsyncIterator[Town]:
    async with open_toys(DemoClock(SystemClock())) as toys:
        config = demo_config(None, tmp_path, "", toys)
        asked = [replace(one, options={**one.options, "poll_seconds": 1}) for one in toys.accounts]
        polled = [
            replace(one, options={**one.options, "mode": "poll"}) if one.channel is Channel.X else one for one in asked
        ]
        config = replace(
            config,
            accounts=tuple(polled),
            database_url=database_settings.get("OMNI_DATABASE_URL", config.database_url),
            redis_url=database_settings.get("OMNI_REDIS_URL"),
        )
        async with app.open_house(config) as house:
            now, hashed = house.clock.now(), hash_password(PASSWORD)
            await house.store.write(
                lambda work: work.people.add(
                    login="petugas", name="Petugas Uji", role=Role.SUPERVISOR, unit=None, password_hash=hashed, at=now
                )
            )
            # The door first: platforms that deliver must know where before anybody writes.
            async with app.listening(house, "127.0.0.1", 0) as port:
                url = f"http://127.0.0.1:{port}"
                replace(toys, accounts=tuple(polled)).call_back(url)
                workers = asyncio.create_task(crew.work(house))
                try:
                    yield Town(url, house, toys, page)
                finally:
                    workers.cancel()
                    await asyncio.gather(workers, return_exceptions=True)


async def login(town: Town) -> None:
    await town.page.goto(f"{town.url}/login")
    await town.page.fill("input[name=login]", "petugas")
    await town.page.fill("input[name=password]", PASSWORD)
    await town.page.click("form[action='/login'] button.main")
    await town.page.wait_for_url("**/kotak/**")
    await town.page.goto(f"{town.url}/kotak/semua")
    await expect(town.page.locator("#langsung.on")).to_be_visible()


def said(toy: Toy) -> list[str]:
    """Whatever reached citizens there from our side."""
    return [line.text for chat in toy.chats() for line in chat.lines if not line.mine]


def answered(x: XToy, text: str) -> list[str]:
    """The posts that our posts with these words stand under."""
    ours = [post for post in x.posts if post["author_id"] == x.own and text in post["text"]]
    return [other["id"] for post in ours for other in post["referenced_tweets"] if other["type"] == "replied_to"]


async def test_every_channel_to_the_desk_and_back(town: Town) -> None:
    await login(town)
    words = {
        toy.channel: f"Lampu jalan di Teluk Lingga mati sudah seminggu, tanya lewat {toy.channel}."
        for toy in town.toys.all
    }
    # All citizens write in one minute, as they do: what is on its way need not be waited for one after another.
    for toy in town.toys.all:
        if isinstance(toy, XToy):
            toy.citizen("Warga X").mentions(words[toy.channel])
        else:
            await toy.write(None, f"Warga {toy.channel}", words[toy.channel])

    for toy in town.toys.all:
        if isinstance(toy, XToy):
            # In public nothing of the case is said, but the citizen hears at once that they were heard.
            await until(lambda: any("/publik/lacak" in one for one in said(town.x)))
        await town.open_row(toy.channel, words[toy.channel])
        answer = f"Terima kasih, petugas ke lokasi besok; jawaban lewat {toy.channel}."
        await town.reply(answer)
        await until(lambda toy=toy, answer=answer: any(answer in one for one in said(toy)))  # type: ignore[misc]
        await town.tick(answer, TICKS.get(toy.channel, "Terkirim"))


async def test_on_x_the_latest_post_that_names_us_is_answered(town: Town) -> None:
    """X takes an answer only under a post that names us: the thread's first may be somebody else's, or an older one."""
    await login(town)
    siti = town.x.citizen("Siti Walk")
    first = siti.mentions("Pohon tumbang di Jalan Yos Sudarso.")
    await town.open_row(Channel.X, "Pohon tumbang")
    await town.reply("Baik, kami periksa dahulu.")
    await until(lambda: answered(town.x, "kami periksa dahulu") == [first["id"]])

    second = siti.mentions("Sudah dua jam, macet panjang.", answering=first["id"])
    await expect(town.page.locator("#percakapan .stream")).to_contain_text("macet panjang")
    await town.reply("Regu sedang di jalan.")

    await until(lambda: answered(town.x, "Regu sedang di jalan") == [second["id"]])
    await town.tick("Regu sedang di jalan.", TICKS[Channel.X])
