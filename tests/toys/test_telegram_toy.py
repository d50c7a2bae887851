"""The toy Bot API, driven by aiogram's own session and models: what the real library accepts is shaped like the real thing."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import BufferedInputFile, InputMediaDocument, Update
from aiohttp import web

from omnichannel.toys.base import ToyFile
from omnichannel.toys.serving import Loopback
from omnichannel.toys.telegram import TelegramToy

TOKEN = "4242:AAtoy"
KINDS = ["message", "edited_message", "message_reaction", "my_chat_member", "callback_query"]


@pytest.fixture
async def toy() -> AsyncIterator[TelegramToy]:
    platform = TelegramToy(token=TOKEN)
    await platform.start()
    yield platform
    await platform.stop()


def a_bot(toy: TelegramToy, token: str = TOKEN) -> Bot:
    return Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(toy.base)))


@pytest.fixture
async def bot(toy: TelegramToy) -> AsyncIterator[Bot]:
    library = a_bot(toy)
    yield library
    await library.session.close()


async def test_the_library_knows_its_bot(toy: TelegramToy, bot: Bot) -> None:
    assert (await bot.get_me()).username == "humas_toy_bot"
    stranger = a_bot(toy, "4242:salah")
    with pytest.raises(TelegramUnauthorizedError):
        await stranger.get_me()
    await stranger.session.close()


async def test_everything_a_citizen_does_fits_the_librarys_models(toy: TelegramToy, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=KINDS)
    siti = toy.citizen("Siti Toy")
    first = await siti.writes("Lampu mati")
    await siti.edits(first, "Lampu mati di RT 7")
    await siti.sends_album([ToyFile("a.jpg", "image/jpeg", b"a"), ToyFile("b.jpg", "image/jpeg", b"b")], "dua foto")
    await siti.sends_voice(ToyFile("v.ogg", "audio/ogg", b"v"))
    await siti.sends_document(ToyFile("s.pdf", "application/pdf", b"s"), "surat")
    await siti.shares_place(0.48, 117.54)
    await siti.shares_contact("+62811000")
    await siti.reacts(first["message_id"], "👍")
    await siti.presses(first["message_id"], "ya")
    await siti.blocks()

    updates = await bot.get_updates(timeout=0)

    assert [one.event_type for one in updates] == [
        "message", "edited_message", "message", "message", "message", "message", "message", "message",
        "message_reaction", "callback_query", "my_chat_member",
    ]  # fmt: skip
    assert updates[1].edited_message is not None
    assert updates[1].edited_message.text == "Lampu mati di RT 7"
    assert updates[2].message is not None
    assert updates[3].message is not None
    assert updates[2].message.media_group_id == updates[3].message.media_group_id
    assert toy.transcript(siti.chat)[0].text == "Lampu mati di RT 7"


async def test_reactions_are_told_only_to_those_who_ask(toy: TelegramToy, bot: Bot) -> None:
    siti = toy.citizen("Siti")
    message = await siti.writes("halo")
    await siti.reacts(message["message_id"], "👍")

    assert [one.event_type for one in await bot.get_updates(timeout=0)] == ["message"]


async def test_updates_are_held_until_a_later_offset(toy: TelegramToy, bot: Bot) -> None:
    for text in ("satu", "dua", "tiga"):
        await toy.citizen("Siti").writes(text)

    assert len(await bot.get_updates(timeout=0)) == 3
    assert [one.update_id for one in await bot.get_updates(offset=2, timeout=0, limit=1)] == [2]
    assert [one.update_id for one in await bot.get_updates(timeout=0)] == [2, 3]
    assert [one.update_id for one in await bot.get_updates(offset=-1, timeout=0)] == [3]


async def test_a_second_poller_throws_out_the_first(toy: TelegramToy, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)

    assert await bot.get_updates(timeout=0) == []

    with pytest.raises(TelegramConflictError):
        await first


async def test_what_we_say_is_checked_as_telegram_checks_it(toy: TelegramToy, bot: Bot) -> None:
    siti = toy.citizen("Siti")
    with pytest.raises(TelegramForbiddenError, match="initiate"):
        await bot.send_message(siti.chat, "halo")
    await siti.writes("halo")
    for text, problem in (("x" * 4097, "too long"), (" ", "empty")):
        with pytest.raises(TelegramBadRequest, match=problem):
            await bot.send_message(siti.chat, text)
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(1, "halo")
    sent = await bot.send_message(siti.chat, "Selamat pagi", reply_to_message_id=None)
    await bot.edit_message_text("Selamat siang", chat_id=siti.chat, message_id=sent.message_id)
    await siti.blocks()
    with pytest.raises(TelegramForbiddenError, match="blocked"):
        await bot.send_message(siti.chat, "halo?")

    assert [(line.mine, line.text) for line in toy.transcript(siti.chat)] == [(True, "halo"), (False, "Selamat siang")]


async def test_files_go_both_ways(toy: TelegramToy, bot: Bot) -> None:
    siti = toy.citizen("Siti")
    message = await siti.sends_document(ToyFile("s.pdf", "application/pdf", b"isi surat"))
    fetched = await bot.download(message["document"]["file_id"])
    assert fetched is not None
    assert fetched.read() == b"isi surat"

    await bot.send_photo(siti.chat, BufferedInputFile(b"jpeg", "a.jpg"), caption="ini")
    album = [InputMediaDocument(media=BufferedInputFile(b"pdf", f"{name}.pdf")) for name in "bc"]
    await bot.send_media_group(siti.chat, list(album))

    ours = [line for line in toy.transcript(siti.chat) if not line.mine]
    assert [line.files for line in ours] == [("a.jpg",), ("b.pdf",), ("c.pdf",)]
    assert toy.files["file2"].content == b"jpeg"


async def test_a_flood_names_its_seconds(toy: TelegramToy, bot: Bot) -> None:
    siti = toy.citizen("Siti")
    await siti.writes("halo")
    toy.fail("flood", seconds=5, only="sendMessage")

    await bot.get_me()
    with pytest.raises(TelegramRetryAfter) as raised:
        await bot.send_message(siti.chat, "x")

    assert raised.value.retry_after == 5
    assert (await bot.send_message(siti.chat, "x")).text == "x"


class Office:
    """A webhook that refuses some of the first hooks."""

    def __init__(self, *refusals: int) -> None:
        self.refusals = list(refusals)
        self.taken: list[tuple[str, dict[str, Any]]] = []
        app = web.Application()
        app.router.add_post("/hooks/tg", self._take)
        self.server = Loopback(app)

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.refusals:
            return web.Response(status=self.refusals.pop())
        self.taken.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), body))
        return web.Response()


async def test_a_webhook_is_told_with_its_secret_until_it_takes(toy: TelegramToy, bot: Bot) -> None:
    office = Office(503, 500)
    base = await office.server.start()
    await toy.citizen("Siti").writes("sebelum webhook")

    await bot.set_webhook(f"{base}/hooks/tg", secret_token="rahasia")
    await toy.citizen("Siti").writes("sesudah webhook")
    async with asyncio.timeout(5):
        await toy.courier.settled()

    assert [secret for secret, _ in office.taken] == ["rahasia", "rahasia"]
    assert [Update.model_validate(body).event_type for _, body in office.taken] == ["message", "message"]
    assert toy.courier.answers == [500, 503, 200, 200]
    with pytest.raises(TelegramConflictError):
        await bot.get_updates(timeout=0)
    assert (await bot.get_webhook_info()).url == f"{base}/hooks/tg"
    await office.server.stop()


async def test_hooks_may_be_repeated_and_reordered(toy: TelegramToy, bot: Bot) -> None:
    office = Office()
    base = await office.server.start()
    toy.courier.repeats = 1
    toy.courier.shuffle(3)
    for number in range(6):
        await toy.citizen("Siti").writes(str(number))

    await bot.set_webhook(f"{base}/hooks/tg")
    async with asyncio.timeout(5):
        await toy.courier.settled()

    told = [body["message"]["text"] for _, body in office.taken]
    assert sorted(told) == sorted([*"012345", *"012345"])
    assert told != sorted(told)
    assert json.dumps(office.taken[0][1])
    await office.server.stop()
