"""Telegram on the bench: its toy, a bot that polls it, and an answer to one of its chats."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from omnichannel.connectors.telegram import PolledTelegram
from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.message import Outgoing
from omnichannel.domain.office import Account, Secret
from omnichannel.toys.telegram import TelegramToy

TOKEN = "4242:AAtoy-token"


@pytest.fixture
async def toy() -> AsyncIterator[TelegramToy]:
    platform = TelegramToy(token=TOKEN)
    await platform.start()
    yield platform
    await platform.stop()


def an_account(base: str, token: str = TOKEN, **options: Any) -> Account:
    options = {"base_url": base, "poll_seconds": 0, "timeout_seconds": 1, **options}
    secrets = {"TOKEN": Secret(token), "WEBHOOK_SECRET": Secret("baru"), "WEBHOOK_SECRET_PREVIOUS": Secret("lama")}
    return Account("tg-humas", Channel.TELEGRAM, options, secrets)


@pytest.fixture
async def bot(toy: TelegramToy) -> AsyncIterator[PolledTelegram]:
    connector = PolledTelegram(an_account(toy.base))
    yield connector
    await connector.close()


def to(chat: object, text: str = "Baik, kami cek.", **more: Any) -> Outgoing:
    return Outgoing(key="k1", address=Address(str(chat), Surface.DIRECT, str(chat)), text=text, **more)
