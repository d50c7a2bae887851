"""Fixtures of a mail connector on a bench: the toy post office, and connectors that are closed after the test."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from omnichannel.connectors.mail import MailConnector
from omnichannel.domain.channel import Channel
from omnichannel.domain.office import Account, Secret
from omnichannel.toys.mail import MailToy
from tests.parts.dovecot import Dovecot

Make = Callable[..., MailConnector]


@pytest.fixture
async def toy() -> AsyncIterator[MailToy]:
    made = MailToy()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def connect() -> AsyncIterator[Make]:
    """A connector on a toy or on Dovecot; closed after the test."""
    made: list[MailConnector] = []

    def make(server: MailToy | Dovecot, **options: Any) -> MailConnector:
        if isinstance(server, MailToy):
            own = {"address": server.address, "imap_url": server.imap_url, "smtp_url": server.smtp_url}
        else:
            own = {"address": server.user, "imap_url": server.url}
        secrets = {"USER": Secret(server.user), "PASSWORD": Secret(server.password)}
        options = {**own, "poll_seconds": 0, "timeout_seconds": 5, **options}
        made.append(MailConnector(Account("surel", Channel.MAIL, options, secrets)))
        return made[-1]

    yield make
    for one in made:
        await one.close()
    for thread in threading.enumerate():
        if thread.name == "imap-surel":
            await asyncio.to_thread(thread.join, 10)


async def texts(connector: MailConnector, cursor: str | None = None) -> tuple[list[str], str | None]:
    batch = await connector.poll(cursor)
    return [event.text for raw in batch.raws for event in connector.parse(raw)], batch.cursor
