"""The shape of every worker: do what is due, then wait for the bell or for the next due moment. A fault never ends it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from omnichannel.domain.errors import StoreAway
from omnichannel.domain.house import House
from omnichannel.domain.ports import Bell, Clock
from omnichannel.domain.work import Work

log = logging.getLogger(__name__)

REST = timedelta(seconds=5)
Rest = timedelta | Callable[[], timedelta]
AFTER_FAULT = timedelta(seconds=1)
LONGEST_AFTER_FAULT = timedelta(seconds=30)


async def forever(
    name: str,
    turn: Callable[[], Awaitable[bool]],
    *,
    bell: Bell,
    clock: Clock,
    topic: str,
    rest: Rest = REST,
    recover: Callable[[], Awaitable[object]] | None = None,
) -> None:
    """Call `turn` while it says that there may be more; else rest until `topic` rings or `rest` has passed.

    A database that is away, or a fault of ours, is logged and tried again with growing patience: work waits in its
    table, so nothing is lost by waiting. A `rest` that is asked each time knows when the next is due. `recover` goes before the first turn after a fault.
    """
    ear = bell.ear(topic)
    patience = AFTER_FAULT
    try:
        while True:
            try:
                if recover is not None and patience > AFTER_FAULT:
                    await recover()
                more = await turn()
                heed_stop()
                patience = AFTER_FAULT
            except Exception as error:
                _say(name, error)
                await clock.sleep(patience)
                patience = min(patience * 2, LONGEST_AFTER_FAULT)
                continue
            if not more:
                await ear.heard(rest() if callable(rest) else rest)
    finally:
        ear.close()


def heed_stop() -> None:
    """CancelledError where a stop was asked for and forgotten: before Python 3.12, `asyncio.wait_for` drops a cancel that
    comes together with the answer, and a service that waits for its workers would never stop (python/cpython#86296)."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def due(house: House, *queues: str) -> bool:
    """Whether anything waits in one of these queues. A question costs an idle desk no commit, a claim would."""
    now = house.clock.now()

    def question(work: Work) -> bool:
        moments = [work.jobs.next_at(queue) for queue in queues]
        return any(moment is not None and moment <= now for moment in moments)

    return await house.store.read(question)


async def let_go(house: House, owner: str, *queues: str) -> None:
    """Give back what a turn that failed had claimed, rather than wait for its lease to run out.

    Only for a worker whose turns follow one another: whatever it holds between two turns is left over.
    """

    def story(work: Work) -> None:
        for queue in queues:
            work.jobs.release_from(owner, queue)

    await house.store.write(story)


def _say(name: str, error: Exception) -> None:
    if isinstance(error, StoreAway):
        log.warning("store away", extra={"worker": name, "error": str(error)})
    else:
        log.error("worker fault", exc_info=error, extra={"worker": name})
