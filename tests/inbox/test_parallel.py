"""The same webhook a hundred times at once, on every channel; and receipts in every order."""

import asyncio
import itertools
import json
from pathlib import Path

import pytest

from omnichannel.connectors.catalogue import BUILDERS
from omnichannel.domain.message import Delivery, EventType
from omnichannel.domain.ports import Raw
from omnichannel.domain.work import Direction, Work
from omnichannel.inbox.receive import Intake
from omnichannel.store.database import SqlStore
from omnichannel.store.files import DiskFiles
from tests.build import NOON, an_incoming
from tests.connectors.rig import batches_of, build, rig_of
from tests.house import HandClock
from tests.inbox.answers import a_talk, answering
from tests.plug import Plug

CHANNEL = {name: channel for channel in BUILDERS for name in batches_of(channel)}
COPIES = 100


@pytest.mark.parametrize("name", sorted(CHANNEL))
async def test_a_hundred_copies_of_one_webhook_at_once_are_one(
    quick_store: SqlStore, clock: HandClock, tmp_path: Path, name: str
) -> None:
    make, wrap = batches_of(CHANNEL[name])[name]
    connector = build(rig_of(CHANNEL[name]).account())
    raw = Raw(json.dumps(wrap([make(1)])).encode())
    said = [one for one in connector.parse(raw) if one.type is EventType.INCOMING]
    intake = Intake(quick_store, DiskFiles(tmp_path), clock)

    received = await asyncio.gather(*(intake.take_in(connector, [raw]) for _ in range(COPIES)))

    assert sum(one.new for one in received) == len(connector.parse(raw))

    def kept(work: Work) -> list[int]:
        found = [work.messages.by_external(connector.account, one.external_id) for one in said]
        talks = {one.conversation_id for one in found if one is not None}
        return [len(work.messages.thread(number)) for number in talks]

    assert await quick_store.read(kept) == [len(said)] * bool(said)
    assert sum(one.quarantined for one in received) == 0


@pytest.mark.parametrize(
    "order", list(itertools.permutations([Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.FAILED])), ids=str
)
async def test_receipts_in_any_order_never_take_the_tick_back(
    quick_store: SqlStore, clock: HandClock, tmp_path: Path, order: tuple[Delivery, ...]
) -> None:
    staff, conversation = await a_talk(quick_store)
    made = await quick_store.write(answering(staff, conversation))
    await quick_store.write(lambda work: work.messages.set_delivery(made.id, Delivery.SENT, NOON, external_id="luar-1"))
    plug, intake, best = Plug(), Intake(quick_store, DiskFiles(tmp_path), clock), Delivery.SENT

    for number, status in enumerate(order):
        receipt = an_incoming(
            "", type=EventType.RECEIPT, external_id=f"luar-1#receipt#{number}", target="luar-1", status=status,
            conversation=conversation.external_id,
        )  # fmt: skip
        await intake.take_in(plug, [plug.raw(receipt)])
        found = await quick_store.read(lambda work: work.messages.get(made.id))
        assert found is not None
        assert found.direction is Direction.OUT
        assert found.delivery is not None
        assert found.delivery is best.after(status)
        assert found.delivery.rank >= best.rank
        best = found.delivery

    assert best is Delivery.READ
