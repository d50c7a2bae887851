"""Asks platforms for the small things beside sending: read marks, and comments hidden or shown. Never in a message's way."""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial

from omnichannel.domain.errors import OmnichannelError, Refused
from omnichannel.domain.house import House
from omnichannel.domain.ports import Connector, Hiding, Reading
from omnichannel.domain.reach import NO_HIDING
from omnichannel.domain.work import Job, Work
from omnichannel.inbox import acts
from omnichannel.workers.loop import due

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
TIMEOUT = 60
BATCH = 8
NO_MARKS = "Kanal ini tidak mengenal tanda baca."


async def turn(house: House, account: str, owner: str) -> bool:
    """One account's batch, one thing after the other; True when there may be more."""
    queue = acts.queue_of(account)
    if not await due(house, queue):
        return False
    now = house.clock.now()
    claimed = await house.store.write(lambda work: _claim(work, queue, owner, now))
    for job, act in claimed:
        await _carry_out(house, house.connector(account), job, act)
    return len(claimed) == BATCH


def _claim(work: Work, queue: str, owner: str, now: datetime) -> list[tuple[Job, acts.Act]]:
    jobs = work.jobs.claim(queue, owner, now, LEASE, BATCH)
    begun = [(job, acts.begin(work, job, now)) for job in jobs]
    return [(job, act) for job, act in begun if act is not None]


async def _carry_out(house: House, connector: Connector, job: Job, act: acts.Act) -> None:
    try:
        await asyncio.wait_for(_ask(connector, act), TIMEOUT)
    except Exception as error:
        if not isinstance(error, OmnichannelError | TimeoutError):
            log.exception("act fault", extra={"account": connector.account, "act": act.what})
        else:
            log.info("not done", extra={"account": connector.account, "act": act.what, "error": str(error)})
        await house.store.write(partial(acts.failed, job=job, act=act, error=error, now=house.clock.now()))
        return
    await house.store.write(partial(acts.finished, job=job, act=act, now=house.clock.now()))


async def _ask(connector: Connector, act: acts.Act) -> None:
    if act.what == acts.READ:
        if not isinstance(connector, Reading):
            raise Refused(NO_MARKS)
        await connector.mark_read(act.external_id, act.address)
        return
    if not isinstance(connector, Hiding):
        raise Refused(NO_HIDING)
    await (connector.hide if act.what == acts.HIDE else connector.show)(act.external_id)
