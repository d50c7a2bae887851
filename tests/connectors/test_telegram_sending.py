"""Answering on Telegram through the real aiogram Bot: what a chat is sent, and whose each failure is."""

import json
from datetime import timedelta

import pytest

from omnichannel.connectors.telegram import PolledTelegram, TelegramConnector
from omnichannel.domain.errors import AccountBroken, Refused, TooLong, TryLater, Unsure
from omnichannel.domain.message import OutgoingFile
from omnichannel.toys.telegram import TelegramToy
from tests.connectors.telegram_bench import TOKEN, an_account, bot, to, toy

__all__ = ["bot", "toy"]


async def test_an_answer_reaches_the_citizen(toy: TelegramToy, bot: PolledTelegram) -> None:
    siti = toy.citizen("Siti")
    asked = await siti.writes("Kapan lampu diperbaiki?")

    sent = await bot.send(to(siti.chat, "Besok <pagi> & sore", reply_to=f"{siti.chat}:{asked['message_id']}"))

    assert toy.transcript(siti.chat)[-1].text == "Besok <pagi> & sore"
    assert sent.external_id == f"{siti.chat}:{toy.transcript(siti.chat)[-1].id}"
    said = dict(toy.calls)["sendMessage"]
    assert json.loads(said["reply_parameters"]) == {
        "message_id": asked["message_id"],
        "allow_sending_without_reply": True,
    }
    assert "parse_mode" not in said


@pytest.mark.parametrize(
    ("files", "text", "methods"),
    [
        ([("a.jpg", "image/jpeg")], "ini", ["sendPhoto"]),
        ([("surat tugas.pdf", "application/pdf")], "", ["sendDocument"]),
        ([("a.jpg", "image/jpeg"), ("b.pdf", "application/pdf")], "dua", ["sendMediaGroup"]),
        ([("a.pdf", "application/pdf")], "x" * 1025, ["sendMessage", "sendDocument"]),
        ([(f"{n}.pdf", "application/pdf") for n in range(11)], "banyak", ["sendMediaGroup", "sendDocument"]),
    ],
)
async def test_files_go_in_as_few_calls_as_can_be(
    toy: TelegramToy, bot: PolledTelegram, files: list[tuple[str, str]], text: str, methods: list[str]
) -> None:
    siti = toy.citizen("Siti")
    await siti.writes("minta surat")

    await bot.send(to(siti.chat, text, files=tuple(OutgoingFile(name, kind, b"isi") for name, kind in files)))

    assert [method for method, _ in toy.calls] == methods
    lines = toy.transcript(siti.chat)[1:]
    assert [name for line in lines for name in line.files] == [name for name, _ in files]
    assert lines[0].text == text


async def test_a_name_cannot_break_out_of_its_header(toy: TelegramToy, bot: PolledTelegram) -> None:
    siti = toy.citizen("Siti")
    await siti.writes("minta surat")

    await bot.send(to(siti.chat, "", files=(OutgoingFile('a"\r\nX: é.pdf', "application/pdf", b"isi"),)))

    assert toy.transcript(siti.chat)[-1].files == ("a___X: é.pdf",)


async def test_a_half_sent_answer_is_never_repeated_by_itself(toy: TelegramToy, bot: PolledTelegram) -> None:
    siti = toy.citizen("Siti")
    await siti.writes("minta surat")
    toy.fail("flood", only="sendDocument")

    with pytest.raises(Unsure):
        await bot.send(to(siti.chat, "x" * 1025, files=(OutgoingFile("a.pdf", "application/pdf", b"isi"),)))


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("flood", TryLater),
        ("hang", Unsure),
        ("reset", Unsure),
        ("bare", Unsure),
        ("garbage", Unsure),
        ("server", Unsure),
        ("unauthorized", AccountBroken),
        ("blocked", Refused),
        ("chat_not_found", Refused),
    ],
)
async def test_each_failure_says_who_can_mend_it(
    toy: TelegramToy, bot: PolledTelegram, kind: str, error: type[Exception]
) -> None:
    siti = toy.citizen("Siti")
    await siti.writes("halo")
    toy.fail(kind, seconds=9)

    with pytest.raises(error) as raised:
        await bot.send(to(siti.chat))

    assert TOKEN not in repr(raised.value) + str(raised.value)
    if isinstance(raised.value, TryLater):
        assert raised.value.after == timedelta(seconds=9)


async def test_a_citizen_who_blocked_us_is_a_refusal_in_indonesian(toy: TelegramToy, bot: PolledTelegram) -> None:
    siti = toy.citizen("Siti")
    await siti.writes("halo")
    await siti.blocks()

    with pytest.raises(Refused, match="memblokir") as raised:
        await bot.send(to(siti.chat))

    assert raised.value.code == "403"


async def test_nobody_there_is_try_later_because_nothing_left() -> None:
    connector = TelegramConnector(an_account("http://127.0.0.1:9"))

    with pytest.raises(TryLater):
        await connector.send(to(7))

    await connector.close()


async def test_too_long_never_reaches_the_network(toy: TelegramToy, bot: PolledTelegram) -> None:
    with pytest.raises(TooLong):
        await bot.send(to(7, "x" * 4097))

    assert toy.calls == []


async def test_a_group_that_moved_is_answered_at_its_new_address(toy: TelegramToy, bot: PolledTelegram) -> None:
    old, new = toy.group("RT 07"), toy.group("RT 07 baru")
    toy.fail("migrate", only="sendMessage", seconds=new)

    sent = await bot.send(to(old))

    assert sent.external_id.startswith(f"{new}:")
    assert [line.text for line in toy.transcript(new)] == ["Baik, kami cek."]


@pytest.mark.parametrize(
    ("conversation", "fields"),
    [
        ("-100123/45", {"chat_id": "-100123", "message_thread_id": "45"}),
        ("-100123=9", {"chat_id": "-100123", "direct_messages_topic_id": "9"}),
        ("7@AbC_1", {"chat_id": "7", "business_connection_id": "AbC_1"}),
        ("7#8", {"chat_id": "7"}),
    ],
)
async def test_an_answer_goes_to_the_topic_or_business_chat_it_belongs_to(
    toy: TelegramToy, bot: PolledTelegram, conversation: str, fields: dict[str, str]
) -> None:
    with pytest.raises(Refused):  # the toy knows no such chat
        await bot.send(to(conversation))

    said = dict(toy.calls)["sendMessage"]
    assert {key: said[key] for key in said if key != "text"} == fields
