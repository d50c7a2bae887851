"""A desk at work: a citizen writes, the machine judges, and one looks at what became of it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from omnichannel.domain.case import Case
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.people import Staff
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import Happening, Message, Work
from omnichannel.inbox.receive import Intake
from omnichannel.router.desk import Desk
from omnichannel.router.route import route
from omnichannel.store.database import SqlStore
from omnichannel.store.files import DiskFiles
from tests.build import ACCOUNT, a_number, a_staff, an_incoming
from tests.desk import a_desk
from tests.house import HandClock
from tests.plug import Plug

Write = Callable[..., Awaitable[Message]]
Judge = Callable[..., Awaitable[Case | None]]


@pytest.fixture
def desk() -> Desk:
    return a_desk()


@pytest.fixture
def write(quick_store: SqlStore, clock: HandClock, tmp_path: Path) -> Write:
    """A citizen's message comes in through the door that every message takes."""
    plug = Plug()
    intake = Intake(quick_store, DiskFiles(tmp_path / "files"), clock)

    async def wrote(text: str = "Lampu jalan mati.", **facts: Any) -> Message:
        name = str(facts.pop("external_id", f"kata-{a_number()}"))
        facts.setdefault("sent_at", clock.now())
        await intake.take_in(plug, [plug.raw(an_incoming(text, external_id=name, **facts))])
        found = await quick_store.read(lambda work: work.messages.by_external(ACCOUNT, name))
        assert found is not None
        return found

    return wrote


@pytest.fixture
def judge(quick_store: SqlStore, clock: HandClock, desk: Desk) -> Judge:
    """The machine's verdict on a message is acted upon."""

    async def judged(message: Message, verdict: Verdict, *, at_desk: Desk | None = None) -> Case | None:
        return await quick_store.write(lambda work: route(work, at_desk or desk, message.id, verdict, clock.now()))

    return judged


async def talk(store: SqlStore, thread: str = "utas-1", surface: Surface = Surface.DIRECT) -> Conversation:
    found = await store.read(lambda work: work.conversations.find(ACCOUNT, thread, surface))
    assert found is not None, f"no conversation {thread}"
    return found


async def notices(store: SqlStore, conversation_id: int) -> list[str]:
    """What the machine said to the citizen."""

    def question(work: Work) -> list[str]:
        return [one.text for one in work.messages.thread(conversation_id, limit=500) if one.automatic]

    return await store.read(question)


async def history(store: SqlStore, conversation_id: int) -> list[Happening]:
    """Oldest first."""
    return await store.read(lambda work: list(reversed(work.screens.history(conversation_id, 500))))


async def case(store: SqlStore, case_id: int) -> Case:
    found = await store.read(lambda work: work.cases.get(case_id))
    assert found is not None
    return found


@pytest.fixture
async def staff(quick_store: SqlStore) -> Staff:
    return await quick_store.write(lambda work: a_staff(work, name="Ani"))
