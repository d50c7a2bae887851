"""What the citizen's page needs of any toy platform."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from omnichannel.domain.channel import Channel


@dataclass(frozen=True, slots=True)
class ToyFile:
    """A file that either side sent."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One message as the citizen sees it; `mine` is the citizen's own."""

    mine: bool
    text: str
    at: datetime
    files: tuple[str, ...] = ()
    id: str = ""


@dataclass(slots=True)
class Chat:
    """One citizen's thread with the office."""

    id: str
    name: str
    lines: list[Line] = field(default_factory=list)


class Toy(Protocol):
    """One toy platform, seen from the citizens' side."""

    account: str
    channel: Channel

    async def start(self) -> str:
        """Listen on a free loopback port; returns the address that the connector takes as `base_url`."""
        ...

    async def stop(self) -> None: ...

    def chats(self) -> list[Chat]:
        """Every citizen's thread, the liveliest first."""
        ...

    async def write(self, chat_id: str | None, name: str, text: str) -> str:
        """A citizen writes (a new one when `chat_id` is None); returns the thread's id."""
        ...


@runtime_checkable
class Pictures(Protocol):
    """A toy whose citizens also send photographs and correct themselves."""

    async def show(self, chat_id: str | None, name: str, caption: str, photo: ToyFile) -> str:
        """A citizen sends a photograph; returns the thread's id."""
        ...

    async def correct(self, chat_id: str, text: str) -> None:
        """A citizen changes the words of their last message."""
        ...
