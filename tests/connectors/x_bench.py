"""X on the bench: its toy, an account that polls it, and what tests ask of both."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from omnichannel.connectors.x import PolledX, build
from omnichannel.domain.channel import Address, Surface
from omnichannel.domain.message import Event, Outgoing
from omnichannel.domain.office import Account, Secret
from omnichannel.toys.x import XToy
from tests.connectors.rigs.x import Rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    bench = Rig()
    await bench.start()
    yield bench
    await bench.stop()


@pytest.fixture
async def x(rig: Rig) -> AsyncIterator[PolledX]:
    made = build(rig.account())
    assert isinstance(made, PolledX)
    yield made
    await made.close()


async def read(x: PolledX, cursor: str | None = None) -> tuple[list[Event], str]:
    """What one poll gives, and the cursor after it."""
    batch = await x.poll(cursor)
    assert batch.cursor is not None
    return [event for raw in batch.raws for event in x.parse(raw)], batch.cursor


def a_reply(post: dict[str, Any], text: str = "Baik, kami periksa.", **more: Any) -> Outgoing:
    """A public answer under a post."""
    address = Address(post["conversation_id"], Surface.PUBLIC, post["author_id"])
    return Outgoing(key="k", address=address, text=text, reply_to=post["id"], **more)


def asked(toy: XToy, call: str) -> list[dict[str, Any]]:
    """The bodies of every such call."""
    return [said for name, said in toy.calls if name == call]


def an_oauth2_account(rig: Rig, file: Path | None = None, access: str = "lama") -> Account:
    secrets = {"ACCESS_TOKEN": access, "REFRESH_TOKEN": "segar"}
    options = {**rig.account().options, "client_id": "aplikasi", "user_id": rig.toy.own}
    options |= {"token_file": str(file)} if file else {}
    return Account("x", rig.account().channel, options, {key: Secret(one) for key, one in secrets.items()})
