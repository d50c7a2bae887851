"""A post office on the bench."""

from typing import Any

from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Hook
from omnichannel.toys.base import ToyFile
from omnichannel.toys.mail import MailToy
from tests.connectors.rig import Batches

PASSWORD = "sandi-yang-rahasia"
BATCHES: Batches = {}  # a mail is one item


class Rig:
    signs_body = False
    secrets = (PASSWORD,)
    silence = ("hang", "reset", "garbage")

    def __init__(self) -> None:
        self.toy = MailToy(password=PASSWORD)

    async def start(self) -> None:
        await self.toy.start()

    async def stop(self) -> None:
        await self.toy.stop()

    def account(self, **options: Any) -> Account:
        own = {"address": self.toy.address, "imap_url": self.toy.imap_url, "smtp_url": self.toy.smtp_url}
        options = {**own, "poll_seconds": 0, "timeout_seconds": 1, **options}
        secrets = {"USER": Secret(self.toy.user), "PASSWORD": Secret(self.toy.password)}
        return Account("surel", Channel.MAIL, options, secrets)

    async def a_citizen_writes(self, text: str) -> Address:
        chat = await self.toy.write(None, "Siti", text)
        return Address(chat, Surface.DIRECT, chat)

    async def a_citizen_sends(self, content: bytes) -> Address:
        citizen = self.toy.citizen("Siti")
        citizen.writes("Terlampir", attachments=(ToyFile("a.pdf", "application/pdf", content),))
        return Address(citizen.address, Surface.DIRECT, citizen.address)

    def fail(self, kind: str, times: int = 1) -> None:
        self.toy.fail(kind, times=times, seconds=7)

    def calm(self) -> None:
        self.toy.calm()

    def said(self) -> list[str]:
        return [line.text for chat in self.toy.chats() for line in chat.lines if not line.mine]

    def hook(self, body: bytes, secret: str | None = None) -> Hook | None:
        return None
