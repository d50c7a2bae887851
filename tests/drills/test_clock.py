"""The clock jumps while citizens write and answers wait: hours back, hours forward, and back again. In this process, for a
machine's own clock is not ours to turn.

Prints what was sent, kept and answered, and how long after each jump the last answer left.
"""

import asyncio
import logging
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from omnichannel import app, crew
from omnichannel.domain.house import House
from omnichannel.settings.load import load
from omnichannel.toys.sandbox import SandboxToy
from tests.drills.books import Books
from tests.drills.platforms import a_complaint
from tests.drills.small import until

pytestmark = [pytest.mark.drill]

EACH = 20
CONFIG = """
[store]
data_dir = "{data}"
[[account]]
name = "coba"
channel = "sandbox"
base_url = "{sandbox}"
"""


class Jumping:
    """The machine's clock, off by what a drill says; waiting takes as long as it takes."""

    def __init__(self) -> None:
        self.off = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.off

    async def sleep(self, duration: timedelta) -> None:
        await asyncio.sleep(duration.total_seconds())


async def jumped(house: House, clock: Jumping, toy: SandboxToy, by: timedelta, name: str) -> float:
    """Letters before and after a jump, with the account told to wait in between; seconds until the last answer left."""
    said = len(toy.calls)
    toy.fail("flood", times=1, only="send", seconds=2)
    for number in range(EACH):
        await toy.write(None, f"{name} sebelum {number}", a_complaint(f"{name} sebelum {number}"))
    await toy.courier.settled()
    clock.off += by
    for number in range(EACH):
        await toy.write(None, f"{name} sesudah {number}", a_complaint(f"{name} sesudah {number}"))
    await toy.courier.settled()
    began = time.monotonic()
    # The slow clocks look once a minute; nobody wants to wait for that here.
    await asyncio.sleep(3)
    house.bell.ring("clockwork")
    await until(lambda: len(toy.calls) >= said + 2 * EACH, 60)
    return time.monotonic() - began


async def test_a_clock_that_jumps_back_and_forth_loses_and_doubles_nothing(tmp_path: Path) -> None:
    toy, clock = SandboxToy(account="coba", receipts=False), Jumping()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    async with AsyncExitStack() as stack:
        stack.callback(structlog.reset_defaults)
        await toy.start()
        stack.push_async_callback(toy.stop)
        config = tmp_path / "omnichannel.toml"
        config.write_text(CONFIG.format(data=tmp_path / "data", sandbox=toy.base))
        url = f"sqlite:///{tmp_path / 'data' / 'omnichannel.db'}"
        settings = load(config, {"OMNI_COBA_SECRET": toy.secret, "OMNI_DATABASE_URL": url})
        house = await stack.enter_async_context(app.open_house(settings, clock=clock))
        port = await stack.enter_async_context(app.listening(house, "127.0.0.1", 0))
        books = Books(url)
        stack.push_async_callback(books.close)
        toy.courier.url = f"http://127.0.0.1:{port}/hooks/coba"
        workers = asyncio.create_task(crew.work(house))
        took = {
            f"{hours:+d} h": await jumped(house, clock, toy, timedelta(hours=hours), f"lompat{number}")
            for number, hours in enumerate((-8, +20, -3))
        }
        workers.cancel()
        await asyncio.gather(workers, return_exceptions=True)
        kept, doubled, states = (await books.kept())["coba"], await books.doubled(), await books.deliveries()
        broken, gaps = await books.broken_links(), await books.gaps()

    keys = [call[1]["key"] for call in toy.calls if call[0] == "send"]
    said = ", ".join(f"{jump} {seconds:.1f} s" for jump, seconds in took.items())
    print(
        f"\nclock jumped {said} until the last answer; sent {6 * EACH}, kept {kept}, doubled {doubled}; "
        f"answers by state {dict(states)}, arrived {len(set(keys))}, twice {len(keys) - len(set(keys))}"
    )
    assert kept == 6 * EACH
    assert (doubled, broken, gaps) == (0, 0, 0)
    assert len(keys) == len(set(keys)) == 6 * EACH
    assert dict(states) == {"sent": 6 * EACH}
