"""Payloads for the tests of the intake."""

from omnichannel.domain.work import Message, Work
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, an_incoming


async def said(store: SqlStore, thread: str = "utas-1") -> list[Message]:
    def question(work: Work) -> list[Message]:
        found = work.conversations.find(ACCOUNT, thread, an_incoming().surface)
        return work.messages.thread(found.id, limit=500) if found else []

    return await store.read(question)


async def quarantined(store: SqlStore) -> list[str]:
    return [one.problem for one in await store.read(lambda work: work.ledger.quarantined())]
