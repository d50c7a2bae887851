"""Telegram through the real aiogram Bot against the toy Bot API: hearing, and the account itself."""

import asyncio
import json
import logging
from datetime import UTC, timedelta

import pytest

from omnichannel.connectors.telegram import PolledTelegram, build
from omnichannel.domain.channel import Address, Surface
from omnichannel.domain.errors import AccountBroken, Refused, TryLater
from omnichannel.domain.message import Attachment, EventType
from omnichannel.domain.ports import Polling
from omnichannel.toys.base import ToyFile
from omnichannel.toys.telegram import TelegramToy
from tests.connectors.telegram_bench import TOKEN, an_account, bot, to, toy

__all__ = ["bot", "toy"]

PHOTO = ToyFile("jalan.jpg", "image/jpeg", b"\xff\xd8 jalan")

# ---- receiving


async def test_what_a_citizen_writes_is_polled_once_it_is_asked_for(toy: TelegramToy, bot: PolledTelegram) -> None:
    siti = toy.citizen("Siti Toy")
    await siti.writes("Lampu jalan mati 🌚")

    batch = await bot.poll(None)

    (event,) = bot.parse(batch.raws[0])
    assert (event.type, event.text, event.author.name) == (EventType.INCOMING, "Lampu jalan mati 🌚", "Siti Toy")
    assert event.external_id == f"{siti.chat}:1"
    assert event.conversation == str(siti.chat)
    assert event.sent_at is not None
    assert event.sent_at.tzinfo is UTC


async def test_only_a_later_poll_acknowledges(toy: TelegramToy, bot: PolledTelegram) -> None:
    await toy.citizen("Siti").writes("satu")
    first = await bot.poll(None)
    again = await bot.poll(None)
    assert first.raws[0].body == again.raws[0].body
    assert toy.pending == 1

    await bot.poll(first.cursor)

    assert toy.pending == 0


async def test_an_empty_poll_keeps_the_cursor(toy: TelegramToy, bot: PolledTelegram) -> None:
    assert (await bot.poll("12")).cursor == "12"


async def test_an_update_that_aiogram_cannot_model_stops_nobody(toy: TelegramToy, bot: PolledTelegram) -> None:
    await toy.again({"update_id": 50, "message": {"message_id": "bukan angka"}})
    await toy.again({"update_id": 51, "brand_new_kind": {"a": 1}})
    await toy.again(
        {"update_id": 52, "message": {"message_id": 5, "date": 1, "chat": {"id": 7}, "text": "masih terbaca"}}
    )

    batch = await bot.poll(None)

    found = [event for raw in batch.raws for event in bot.parse(raw)]
    assert [one.type for one in found] == [EventType.UNKNOWN, EventType.UNKNOWN, EventType.INCOMING]
    assert found[0].problem is not None
    assert batch.cursor == "53"


async def test_a_photo_is_fetched_in_its_largest_size(toy: TelegramToy, bot: PolledTelegram) -> None:
    await toy.citizen("Siti").sends_photo(PHOTO, "rusak")
    (event,) = bot.parse((await bot.poll(None)).raws[0])

    content = await bot.fetch(event.attachments[0])

    assert content == PHOTO.content
    assert event.text == "rusak"
    assert event.attachments[0].id == "file3"


async def test_a_file_over_twenty_megabytes_is_refused_with_and_without_a_stated_size(
    toy: TelegramToy, bot: PolledTelegram
) -> None:
    file_id = toy.keep(ToyFile("video.mp4", "video/mp4", bytes(21 * 1024 * 1024)))

    for stated in (None, 21 * 1024 * 1024):
        with pytest.raises(Refused):
            await bot.fetch(Attachment("video/mp4", id=file_id, size=stated))


@pytest.mark.parametrize("kind", ["bare", "garbage", "reset", "hang", "server", "flood"])
async def test_polling_and_fetching_wait_out_trouble(toy: TelegramToy, bot: PolledTelegram, kind: str) -> None:
    toy.fail(kind, times=2, seconds=7)

    with pytest.raises(TryLater) as polled:
        await bot.poll(None)
    with pytest.raises(TryLater):
        await bot.fetch(Attachment("image/jpeg", id="file1"))

    assert polled.value.after == (timedelta(seconds=7) if kind == "flood" else None)


async def test_an_album_is_told_as_parts_of_one(toy: TelegramToy, bot: PolledTelegram) -> None:
    await toy.citizen("Siti").sends_album([PHOTO, PHOTO, PHOTO], "banjir")

    found = [event for raw in (await bot.poll(None)).raws for event in bot.parse(raw)]

    assert len(found) == 3
    assert len({one.album for one in found}) == 1
    assert [one.text for one in found] == ["banjir", "", ""]


async def test_blocking_the_bot_is_news_and_not_a_message(toy: TelegramToy, bot: PolledTelegram) -> None:
    siti = toy.citizen("Siti")
    await siti.writes("halo")
    await siti.blocks()

    found = [event for raw in (await bot.poll(None)).raws for event in bot.parse(raw)]

    assert [one.type for one in found] == [EventType.INCOMING, EventType.NOTICE]
    assert "memblokir" in found[1].text


async def test_reactions_come_because_they_were_asked_for(toy: TelegramToy, bot: PolledTelegram) -> None:
    siti = toy.citizen("Siti")
    sent = await siti.writes("halo")
    await bot.poll(None)
    await siti.reacts(sent["message_id"], "👍")
    await siti.reacts(sent["message_id"], "❤", before="👍")
    await siti.reacts(sent["message_id"], None, before="❤")

    found = [event for raw in (await bot.poll("2")).raws for event in bot.parse(raw)]

    assert [(one.type, one.text) for one in found] == [(EventType.REACTION, text) for text in ("👍", "❤", "")]
    assert len({one.external_id for one in found}) == 3
    assert {one.target for one in found} == {f"{siti.chat}:{sent['message_id']}"}


async def test_a_long_poll_returns_at_once_when_news_comes(toy: TelegramToy) -> None:
    connector = PolledTelegram(an_account(toy.base, poll_seconds=20))

    async with asyncio.TaskGroup() as group, asyncio.timeout(5):
        polling = group.create_task(connector.poll(None))
        await asyncio.sleep(0.05)
        await toy.citizen("Siti").writes("tolong")

    assert len(polling.result().raws) == 1
    await connector.close()


# ---- the account


async def test_open_learns_who_we_are_and_takes_the_webhook_away(toy: TelegramToy, bot: PolledTelegram) -> None:
    toy.courier.url = "http://127.0.0.1:9/hooks/tg"
    await toy.citizen("Siti").writes("selagi webhook")

    await bot.open()
    await bot.open()

    assert dict(toy.calls)["deleteWebhook"].get("drop_pending_updates") != "true"
    assert (await bot.poll(None)).cursor is None
    assert await bot.probe() == "@humas_toy_bot"


async def test_open_registers_the_webhook_with_its_secret(toy: TelegramToy) -> None:
    connector = build(an_account(toy.base, mode="webhook", webhook_url="https://kantor.example/hooks/tg-humas"))

    await connector.open()

    assert toy.courier.url == "https://kantor.example/hooks/tg-humas"
    assert toy.secret == "baru"
    assert "message_reaction" in json.loads(dict(toy.calls)["setWebhook"]["allowed_updates"])
    assert not isinstance(connector, Polling)
    await connector.close()


@pytest.mark.parametrize("token", ["4242:salah", "bukan token", ""])
async def test_a_wrong_token_is_the_administrators(toy: TelegramToy, token: str) -> None:
    connector = build(an_account(toy.base, token))

    for call in (connector.open(), connector.probe(), connector.send(to(7))):
        with pytest.raises(AccountBroken):
            await call

    await connector.close()


async def test_only_a_rival_that_stays_is_another_program(toy: TelegramToy, bot: PolledTelegram) -> None:
    toy.fail("conflict", times=3, only="getUpdates")
    for _ in range(3):
        with pytest.raises(TryLater):
            await bot.poll(None)
    await bot.poll(None)

    toy.fail("conflict", times=8, only="getUpdates")
    for _ in range(7):
        with pytest.raises(TryLater):
            await bot.poll(None)
    with pytest.raises(AccountBroken, match="token bot yang sama"):
        await bot.poll(None)


async def test_a_webhook_set_elsewhere_is_the_administrators(toy: TelegramToy, bot: PolledTelegram) -> None:
    toy.courier.url = "http://127.0.0.1:9/hooks/lain"

    with pytest.raises(AccountBroken, match="webhook"):
        await bot.poll(None)


async def test_no_token_in_any_log_line_or_repr(
    toy: TelegramToy, bot: PolledTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    toy.fail("reset")
    with pytest.raises(TryLater) as raised:
        await bot.poll(None)
    await bot.open()

    shown = caplog.text + repr(bot) + repr(bot.__dict__) + repr(raised.value) + repr(raised.value.__cause__)
    assert TOKEN not in shown
    assert TOKEN.partition(":")[2] not in shown


@pytest.mark.parametrize("thread", ["77", "-100123/45", "-100123=9", "77@"])
async def test_only_a_business_chat_can_be_marked_read(toy: TelegramToy, bot: PolledTelegram, thread: str) -> None:
    await bot.mark_read("77:5", Address("77@bisnis-1", Surface.DIRECT, "77"))
    marked = [fields for call, fields in toy.calls if call == "readBusinessMessage"]

    try:
        await bot.mark_read("77:5", Address(thread, Surface.DIRECT, "77"))
    except Refused:
        assert thread == "77@"

    assert [(one["business_connection_id"], one["chat_id"], one["message_id"]) for one in marked] == [
        ("bisnis-1", "77", "5")
    ]
    assert len([call for call, _ in toy.calls if call == "readBusinessMessage"]) == 1
