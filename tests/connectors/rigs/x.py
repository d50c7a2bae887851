"""X on the bench: citizens write direct messages, as the contract's answers are long."""

from typing import Any

from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Hook, Raw
from omnichannel.toys.base import ToyFile
from omnichannel.toys.x import XToy
from omnichannel.toys.x_citizen import Citizen
from tests.connectors.rig import Batches, Item

KEYS = {
    "CONSUMER_KEY": "kunci-aplikasi",
    "CONSUMER_SECRET": "rahasia-baru",
    "ACCESS_TOKEN": "1500000000000000001-tanda-akses",
    "ACCESS_SECRET": "rahasia-akses",
}


class Rig:
    signs_body = True
    secrets = (*KEYS.values(), "rahasia-lama")
    silence = ("hang", "reset", "bare", "garbage", "server")

    def __init__(self) -> None:
        self.toy = XToy(
            consumer_key=KEYS["CONSUMER_KEY"],
            consumer_secret=KEYS["CONSUMER_SECRET"],
            access_token=KEYS["ACCESS_TOKEN"],
            access_secret=KEYS["ACCESS_SECRET"],
        )

    async def start(self) -> None:
        await self.toy.start()

    async def stop(self) -> None:
        await self.toy.stop()

    @property
    def delivered(self) -> list[Raw]:
        return [Raw(body) for body in self.toy.delivered]

    def account(self, **options: Any) -> Account:
        options = {"base_url": self.toy.base, "poll_seconds": 0, "timeout_seconds": 1, **options}
        secrets = {**KEYS, "CONSUMER_SECRET_PREVIOUS": "rahasia-lama"}
        return Account("x-humas", Channel.X, options, {key: Secret(one) for key, one in secrets.items()})

    async def a_citizen_writes(self, text: str) -> Address:
        citizen = self.toy.citizen("Siti")
        citizen.messages(text)
        return address_of(citizen)

    async def a_citizen_sends(self, content: bytes) -> Address:
        citizen = self.toy.citizen("Siti")
        citizen.messages("", ToyFile("a.jpg", "image/jpeg", content))
        return address_of(citizen)

    def fail(self, kind: str, times: int = 1) -> None:
        self.toy.fail(kind, times=times, seconds=7)

    def calm(self) -> None:
        self.toy.calm()

    def said(self) -> list[str]:
        return [line.text for chat in self.toy.chats() for line in chat.lines if not line.mine]

    def hook(self, body: bytes, secret: str | None = None) -> Hook:
        return Hook("POST", {"x-twitter-webhooks-signature": self.toy.sign(body, secret)}, {}, body)


def address_of(citizen: Citizen) -> Address:
    """Where an answer to them goes, in private."""
    return Address(citizen.thread, Surface.DIRECT, citizen.id)


def post(number: int) -> Item:
    at = "2026-11-22T06:05:00Z"
    return {"id": str(900 + number), "text": f"kiriman {number}", "author_id": "6100000000000001", "created_at": at}


BATCHES: Batches = {"x": (post, lambda items: {"data": items, "meta": {"result_count": len(items)}})}
