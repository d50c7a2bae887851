"""Facebook on the bench."""

from typing import Any

from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Hook, Raw
from omnichannel.toys.base import ToyFile
from omnichannel.toys.meta import FacebookToy, MetaToy

TOKEN = "EAAcontract-token"


class Rig:
    channel = Channel.FACEBOOK
    platform: type[MetaToy] = FacebookToy
    signs_body = True
    secrets = (TOKEN, "rahasia-baru", "rahasia-lama", "kata-sandi-webhook")
    # An error with a code is the platform's answer, whatever its status: "server" says that nothing went out.
    silence = ("hang", "reset", "bare", "garbage")

    def __init__(self) -> None:
        self.toy: MetaToy = self.platform(token=TOKEN, app_secret="rahasia-baru", verify_token="kata-sandi-webhook")

    async def start(self) -> None:
        await self.toy.start()

    async def stop(self) -> None:
        await self.toy.stop()

    @property
    def delivered(self) -> list[Raw]:
        return [Raw(body) for body in self.toy.delivered]

    def account(self, **options: Any) -> Account:
        options = {
            "base_url": self.toy.base,
            "timeout_seconds": 1,
            "gap_seconds": 0,
            "page_id": self.toy.page_id,
            **options,
        }
        secrets = {"TOKEN": TOKEN, "APP_SECRET": "rahasia-baru", "APP_SECRET_PREVIOUS": "rahasia-lama"}
        secrets["VERIFY_TOKEN"] = "kata-sandi-webhook"
        name = f"{self.channel.value}-humas"
        return Account(name, self.channel, options, {key: Secret(one) for key, one in secrets.items()})

    async def a_citizen_writes(self, text: str) -> Address:
        citizen = self.toy.citizen("Siti")
        citizen.writes(text)
        return Address(citizen.id, Surface.DIRECT, citizen.id)

    async def a_citizen_sends(self, content: bytes) -> Address:
        citizen = self.toy.citizen("Siti")
        citizen.sends_file(ToyFile("a.pdf", "application/pdf", content))
        return Address(citizen.id, Surface.DIRECT, citizen.id)

    def fail(self, kind: str, times: int = 1) -> None:
        self.toy.fail(kind, times=times, seconds=7)

    def calm(self) -> None:
        self.toy.calm()

    def said(self) -> list[str]:
        return [line.text for chat in self.toy.chats() for line in chat.lines if not line.mine]

    def hook(self, body: bytes, secret: str | None = None) -> Hook:
        return Hook("POST", {"x-hub-signature-256": self.toy.sign(body, secret)}, {}, body)
