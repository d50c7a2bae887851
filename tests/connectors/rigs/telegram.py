"""Telegram on the bench."""

from typing import Any

from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Hook
from omnichannel.toys.base import ToyFile
from omnichannel.toys.telegram import TelegramToy
from tests.connectors.rig import Batches, Item

TOKEN = "4242:AAcontract-token"


class Rig:
    signs_body = False
    secrets = (TOKEN, TOKEN.partition(":")[2], "rahasia-baru", "rahasia-lama")
    silence = ("hang", "reset", "bare", "garbage", "server")

    def __init__(self) -> None:
        self.toy = TelegramToy(token=TOKEN)

    async def start(self) -> None:
        await self.toy.start()

    async def stop(self) -> None:
        await self.toy.stop()

    def account(self, **options: Any) -> Account:
        options = {"base_url": self.toy.base, "poll_seconds": 0, "timeout_seconds": 1, **options}
        secrets = {"TOKEN": TOKEN, "WEBHOOK_SECRET": "rahasia-baru", "WEBHOOK_SECRET_PREVIOUS": "rahasia-lama"}
        return Account("tg", Channel.TELEGRAM, options, {key: Secret(one) for key, one in secrets.items()})

    async def a_citizen_writes(self, text: str) -> Address:
        citizen = self.toy.citizen("Siti")
        await citizen.writes(text)
        return Address(str(citizen.chat), Surface.DIRECT, str(citizen.chat))

    async def a_citizen_sends(self, content: bytes) -> Address:
        citizen = self.toy.citizen("Siti")
        await citizen.sends_document(ToyFile("a.pdf", "application/pdf", content))
        return Address(str(citizen.chat), Surface.DIRECT, str(citizen.chat))

    def fail(self, kind: str, times: int = 1) -> None:
        self.toy.fail(kind, times=times, seconds=7)

    def calm(self) -> None:
        self.toy.calm()

    def said(self) -> list[str]:
        return [line.text for chat in self.toy.chats() for line in chat.lines if not line.mine]

    def hook(self, body: bytes, secret: str | None = None) -> Hook:
        return Hook("POST", {"x-telegram-bot-api-secret-token": secret or "rahasia-baru"}, {}, body)


def update(number: int) -> Item:
    chat, sender = {"id": 7, "type": "private"}, {"id": 7, "is_bot": False}
    said = {"message_id": number + 1, "from": sender, "chat": chat, "date": 1795327500, "text": "ya"}
    return {"update_id": number, "message": said}


BATCHES: Batches = {"telegram": (update, lambda items: {"ok": True, "result": items})}
