"""The socket of the first-run guide: an administrator sets the office and its first channel up from a browser."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from omnichannel.domain.channel import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An account as a form describes it: options as the configuration would hold them, secrets by their short names."""

    name: str
    channel: Channel
    options: Mapping[str, str | int] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What the office is called."""

    name: str
    region: str
    short: str
    accent_hue: int


class Guide(Protocol):
    """Writes settings down beside the hand-written ones, and starts the service again with them."""

    @property
    def named(self) -> bool:
        """Whether somebody has said what this office is called."""
        ...

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts of the configuration, in its order."""
        ...

    @property
    def born(self) -> str:
        """Another word after every start."""
        ...

    def key(self) -> str:
        """What opens the guide while nobody can log in: printed where the service was started."""
        ...

    async def name(self, naming: Naming) -> None:
        """Invalid for what the configuration refuses."""

    @property
    def published_by_hand(self) -> bool:
        """Whether the address on the internet stands in the hand-written settings, which no page changes."""
        ...

    async def publish(self, address: str) -> None:
        """Where citizens and platforms reach us from now on. Invalid for what the configuration refuses."""

    async def connect(self, wanted: Wanted, *, anyway: bool = False) -> str:
        """Write the account down if its platform takes us in (or `anyway`); returns as whom. Invalid: the configuration
        refuses it. AccountBroken, TryLater: the platform does, or does not answer."""
        ...

    def start_again(self) -> None:
        """With what is written down now, as soon as the answer under way has left."""
