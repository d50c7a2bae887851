"""How the past is heard: by asking, or by being told, as each channel does it."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from aiohttp import web

from omnichannel.domain.message import Event, EventType
from omnichannel.domain.ports import Connector, Polling, Raw
from omnichannel.toys.base import Toy
from omnichannel.toys.serving import Courier, Loopback


@dataclass(frozen=True, slots=True)
class Heard:
    """A payload and what it means."""

    raw: Raw
    events: tuple[Event, ...]

    @property
    def incoming(self) -> list[Event]:
        """Only what citizens wrote."""
        return [event for event in self.events if event.type is EventType.INCOMING]


@runtime_checkable
class Delivering(Protocol):
    """A toy that brings its news to an address."""

    courier: Courier


class Ear(Protocol):
    """One account's."""

    connector: Connector

    async def open(self) -> None: ...

    async def hear(self, wanted: int) -> list[Heard]:
        """Whatever waits, with at least so many citizens' messages in it."""
        ...

    async def close(self) -> None: ...


class Asking:
    """A platform that is polled. `cursor` is where the polling goes on."""

    def __init__(self, connector: Connector) -> None:
        self.connector = connector
        self.cursor: str | None = None

    async def open(self) -> None:
        """Nothing to do before the first question."""

    async def hear(self, wanted: int) -> list[Heard]:
        """Until all are here; one poll more would wait for news."""
        assert isinstance(self.connector, Polling)
        found: list[Heard] = []
        while sum(len(one.incoming) for one in found) < wanted:
            batch = await self.connector.poll(self.cursor)
            self.cursor = batch.cursor
            found += [Heard(raw, self.connector.parse(raw)) for raw in batch.raws]
        return found

    async def close(self) -> None:
        """Nothing is held."""


class Told:
    """A platform that delivers: while the past is told, to us instead of the desk's own door."""

    def __init__(self, connector: Connector, courier: Courier) -> None:
        self.connector = connector
        self._courier = courier
        self._caught: list[Raw] = []
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/", self._catch)
        self._server = Loopback(app)

    async def open(self) -> None:
        """Listen, and say where."""
        self._courier.url = f"{await self._server.start()}/"

    async def hear(self, wanted: int) -> list[Heard]:
        """All that was sent so far."""
        await self._courier.settled()
        caught, self._caught = self._caught, []
        return [Heard(raw, self.connector.parse(raw)) for raw in caught]

    async def close(self) -> None:
        """The desk's own door takes over."""
        self._courier.url = None
        await self._server.stop()

    async def _catch(self, request: web.Request) -> web.Response:
        self._caught.append(Raw(await request.read()))
        return web.Response()


def ear_of(connector: Connector, toy: Toy) -> Ear:
    """The one that fits."""
    if isinstance(connector, Polling):
        return Asking(connector)
    assert isinstance(toy, Delivering), f"{toy.account} neither waits to be asked nor delivers"
    return Told(connector, toy.courier)
