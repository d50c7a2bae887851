"""A house with one account of a test's own, and a citizen who wrote into it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from omnichannel.connectors.lapor import ApiForwarder
from omnichannel.domain.errors import StoreAway
from omnichannel.domain.house import House
from omnichannel.domain.partner import Partner
from omnichannel.domain.people import Staff
from omnichannel.domain.ports import Store
from omnichannel.domain.work import Message, Work
from omnichannel.inbox.receive import Intake
from omnichannel.inbox.reply import reply
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from omnichannel.toys.lapor import LaporToy
from tests.build import a_number, a_staff, an_incoming
from tests.desk import a_house
from tests.house import HandClock
from tests.plug import OPEN, Plug

Build = Callable[..., House]
Office = Callable[..., House]
T = TypeVar("T")


@pytest.fixture
def build(quick_store: SqlStore, clock: HandClock, bell: LocalBell, tmp_path: Path) -> Build:
    """A house on the test's store, with these connectors."""

    def built(*connectors: Plug, **facts: Any) -> House:
        return a_house(quick_store, tmp_path, clock=clock, bell=bell, connectors=connectors, **facts)

    return built


async def wrote(house: House, plug: Plug, text: str = "Lampu mati", **facts: Any) -> Message:
    """A citizen's message, through the door that every message takes."""
    name = f"kata-{a_number()}"
    facts.setdefault("sent_at", house.clock.now())
    event = an_incoming(text, external_id=name, **facts)
    await Intake(house.store, house.files, house.clock).take_in(plug, [plug.raw(event)])
    found = await house.store.read(lambda work: work.messages.by_external(plug.account, name))
    assert found is not None
    return found


async def answered(house: House, message: Message, text: str = "Sudah kami catat.") -> Message:
    """Staff answer it: the answer lies in the outbox."""

    def story(work: Work) -> Message:
        staff: Staff = a_staff(work)
        key = f"k{a_number()}"
        return reply(work, staff, message.conversation_id, text, key=key, capabilities=OPEN, now=house.clock.now())

    return await house.store.write(story)


async def now_is(house: House, message: Message) -> Message:
    """The message as it stands."""
    found = await house.store.read(lambda work: work.messages.get(message.id))
    assert found is not None
    return found


class Gate:
    """The real store, until somebody shuts it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.shut = False

    async def write(self, story: Callable[[Work], T]) -> T:
        if self.shut:
            raise StoreAway("penuh")
        return await self._store.write(story)

    async def read(self, question: Callable[[Work], T]) -> T:
        return await self._store.read(question)


@pytest.fixture
async def toy(clock: HandClock) -> AsyncIterator[LaporToy]:
    made = LaporToy(now=clock.now)
    await made.start()
    yield made
    made.calm()
    await made.stop()


@pytest.fixture
async def office(build: Build, toy: LaporToy) -> AsyncIterator[Office]:
    """A house that sends by the gateway."""
    opened: list[ApiForwarder] = []

    def made(**facts: object) -> House:
        partner = Partner(base_url=toy.base, key=toy.key, token=toy.token, user_id="9", institution_id="501")
        opened.append(ApiForwarder(replace(partner, search="/complaints" if toy.search else None)))
        house = build(Plug(), lapor_way="api", **facts)
        return replace(house, forwarder=opened[-1])

    yield made
    for one in opened:
        await one.close()
