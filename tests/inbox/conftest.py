"""A desk that platforms talk to: `tell` hands events to the intake, as one webhook each call."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.message import Event
from omnichannel.domain.work import Happening, Message, Work
from omnichannel.inbox.receive import Intake, Received
from omnichannel.store.database import SqlStore
from omnichannel.store.files import DiskFiles
from tests.build import ACCOUNT
from tests.house import HandClock
from tests.plug import Plug

Tell = Callable[..., Awaitable[Received]]


@pytest.fixture
def plug() -> Plug:
    return Plug()


@pytest.fixture
def tell(quick_store: SqlStore, clock: HandClock, tmp_path: Path, plug: Plug) -> Tell:
    intake = Intake(quick_store, DiskFiles(tmp_path / "files"), clock)

    async def told(*events: Event) -> Received:
        return await intake.take_in(plug, [plug.raw(*events)])

    return told


async def talk(store: SqlStore, thread: str = "utas-1", surface: Surface = Surface.DIRECT) -> Conversation:
    """The conversation of that thread."""
    found = await store.read(lambda work: work.conversations.find(ACCOUNT, thread, surface))
    assert found is not None, f"no conversation {thread}"
    return found


async def said(store: SqlStore, thread: str = "utas-1", surface: Surface = Surface.DIRECT) -> list[Message]:
    """Its messages, oldest first; none when there is no such thread."""

    def question(work: Work) -> list[Message]:
        found = work.conversations.find(ACCOUNT, thread, surface)
        return work.messages.thread(found.id, limit=500) if found else []

    return await store.read(question)


async def history(store: SqlStore, thread: str = "utas-1") -> list[Happening]:
    """What happened, oldest first."""
    found = await talk(store, thread)
    return await store.read(lambda work: list(reversed(work.screens.history(found.id))))


async def verbs(store: SqlStore, thread: str = "utas-1") -> list[str]:
    """The same in verbs alone."""
    return [one.verb for one in await history(store, thread)]


@pytest.fixture
def intake(store: SqlStore, clock: HandClock, tmp_path: Path) -> Intake:
    return Intake(store, DiskFiles(tmp_path / "files"), clock)
