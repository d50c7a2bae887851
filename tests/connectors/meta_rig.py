"""What every channel of Meta has in common on the bench: one app's secrets, its signature, its faults."""

from typing import Any, Generic, TypeVar

from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Hook, Raw
from omnichannel.toys.base import ToyFile
from omnichannel.toys.meta import MetaToy
from omnichannel.toys.whatsapp import WhatsAppToy
from tests.connectors.rig import Item

TOKEN = "EAAcontract-token"
SECRETS = {
    "TOKEN": TOKEN,
    "APP_SECRET": "rahasia-baru",
    "APP_SECRET_PREVIOUS": "rahasia-lama",
    "VERIFY_TOKEN": "kata-sandi-webhook",
}
AT, OURS, THEIRS = 1795327500, "1000000000000002", "6100000000000001"
T = TypeVar("T", MetaToy, WhatsAppToy)


class MetaRig(Generic[T]):
    """A subclass names its account, and what the platform knows it by."""

    signs_body = True
    secrets = tuple(SECRETS.values())
    # An error with a code is the platform's answer, whatever its status: "server" says that nothing went out.
    silence = ("hang", "reset", "bare", "garbage")
    toy: T

    def named(self) -> tuple[str, Channel, dict[str, Any]]:
        """The account's name, its channel, and its ids at the platform."""
        raise NotImplementedError

    async def start(self) -> None:
        await self.toy.start()

    async def stop(self) -> None:
        await self.toy.stop()

    @property
    def delivered(self) -> list[Raw]:
        return [Raw(body) for body in self.toy.delivered]

    def account(self, **options: Any) -> Account:
        name, channel, ids = self.named()
        options = {"base_url": self.toy.base, "timeout_seconds": 1, "gap_seconds": 0, **ids, **options}
        return Account(name, channel, options, {key: Secret(one) for key, one in SECRETS.items()})

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


def thirds(items: list[Any], key: str, field: str | None = None) -> list[Item]:
    """Three entries; with a field three changes in each."""
    entries: list[Item] = []
    for start in (0, 15, 30):
        if field is None:
            entries.append({"id": OURS, "time": AT, key: items[start : start + 15]})
            continue
        changes = [
            {"field": field, "value": {"metadata": {"phone_number_id": OURS}, key: items[at : at + 5]}}
            for at in range(start, start + 15, 5)
        ]
        entries.append({"id": OURS, "time": AT, "changes": changes})
    return entries


def direct(number: int) -> Item:
    """A direct message, on Facebook as on Instagram."""
    said = {"mid": f"m_{number}", "text": f"pesan {number}"}
    return {"sender": {"id": THEIRS}, "recipient": {"id": OURS}, "timestamp": AT * 1000, "message": said}
