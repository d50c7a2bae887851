"""The make-believe channel on the bench."""

import hashlib
import hmac
from typing import Any

from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Hook
from omnichannel.toys.base import ToyFile
from omnichannel.toys.sandbox import SandboxToy
from tests.connectors.rig import Batches, Item


class Rig:
    signs_body = True
    secrets = ("rahasia-baru", "rahasia-lama")
    silence = ("hang", "reset", "bare", "garbage", "server")

    def __init__(self) -> None:
        self.toy = SandboxToy(secret="rahasia-baru")

    async def start(self) -> None:
        await self.toy.start()

    async def stop(self) -> None:
        await self.toy.stop()

    def account(self, **options: Any) -> Account:
        options = {"base_url": self.toy.base, "timeout_seconds": 1, **options}
        secrets = {"SECRET": Secret("rahasia-baru"), "SECRET_PREVIOUS": Secret("rahasia-lama")}
        return Account("kotak-pasir", Channel.SANDBOX, options, secrets)

    async def a_citizen_writes(self, text: str) -> Address:
        chat = await self.toy.write(None, "Siti", text)
        return Address(chat, Surface.DIRECT, chat)

    async def a_citizen_sends(self, content: bytes) -> Address:
        chat = self.toy.citizen("Siti")
        self.toy.says(chat, "", ToyFile("a.pdf", "application/pdf", content))
        return Address(chat, Surface.DIRECT, chat)

    def fail(self, kind: str, times: int = 1) -> None:
        self.toy.fail(kind, times=times, seconds=7)

    def calm(self) -> None:
        self.toy.calm()

    def said(self) -> list[str]:
        return [line.text for chat in self.toy.chats() for line in chat.lines if not line.mine]

    def hook(self, body: bytes, secret: str | None = None) -> Hook:
        signature = hmac.new((secret or "rahasia-baru").encode(), body, hashlib.sha256).hexdigest()
        return Hook("POST", {"x-sandbox-signature": f"sha256={signature}"}, {}, body)


def incoming(number: int) -> Item:
    return {"type": "incoming", "id": f"m{number}", "thread": "c1", "from": {"id": "c1", "name": "Siti"}, "text": "ya"}


BATCHES: Batches = {"sandbox": (incoming, lambda items: {"events": items})}
