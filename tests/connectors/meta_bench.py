"""Facebook and Instagram side by side: a toy, an account on it, a citizen, and a clock moved by hand."""

from datetime import UTC, datetime
from typing import Any

from omnichannel.connectors.graph import PageConnector
from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.message import Outgoing, OutgoingFile
from omnichannel.toys.meta import MetaToy
from omnichannel.toys.meta_citizen import Citizen, Comment
from tests.connectors.rig import build
from tests.connectors.rigs import facebook, instagram
from tests.connectors.rigs.facebook import Rig

RIGS: dict[Channel, type[Rig]] = {Channel.FACEBOOK: facebook.Rig, Channel.INSTAGRAM: instagram.Rig}
PHOTO = OutgoingFile("peta.png", "image/png", b"gambar")


class Clock:
    """A toy's time, moved by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


class Bench:
    """One platform, one account on it, and what both sides said."""

    def __init__(self, channel: Channel) -> None:
        self.rig: Rig = RIGS[channel]()
        self.toy: MetaToy = self.rig.toy
        self.clock = Clock()
        self.toy.now = self.clock
        self.siti: Citizen = self.toy.citizen("Siti")

    async def start(self) -> None:
        await self.rig.start()
        self.connector = self.connect()

    async def stop(self) -> None:
        await self.connector.close()
        await self.rig.stop()

    def connect(self, **options: Any) -> PageConnector:
        made = build(self.rig.account(**options))
        assert isinstance(made, PageConnector)
        return made

    def said(self, post: str | None = None) -> list[str]:
        chat = self.siti.thread(post) if post else self.siti.id
        return [line.text for line in self.toy.transcript(chat) if not line.mine]

    def asked(self, call: str) -> list[Any]:
        return [said for name, said in self.toy.calls if name == call]


def to(citizen: Citizen, text: str = "Baik.", **more: Any) -> Outgoing:
    return Outgoing(key="kunci-7", address=Address(citizen.id, Surface.DIRECT, citizen.id), text=text, **more)


def under(comment: Comment, text: str = "Terima kasih.", **more: Any) -> Outgoing:
    assert comment.author is not None
    address = Address(comment.post, Surface.PUBLIC, comment.author.id)
    return Outgoing(key="kunci-8", address=address, text=text, **{"reply_to": comment.id, **more})


def a_comment(bench: Bench) -> Comment:
    return bench.siti.comments(bench.toy.publish("Jadwal air"), "Kapan mengalir?")
