"""Asks for the posts above public threads: once a thread, slowly, and never in intake's way."""

import asyncio
import logging
from datetime import timedelta
from functools import partial

from omnichannel.domain.abilities import Heading
from omnichannel.domain.errors import AccountBroken, OmnichannelError, Refused, StoreAway, TryLater
from omnichannel.domain.house import House
from omnichannel.domain.posts import Post
from omnichannel.domain.work import Job
from omnichannel.inbox import heading
from omnichannel.workers.loop import due

log = logging.getLogger(__name__)

QUEUE = heading.QUEUE
LEASE = timedelta(seconds=300)
ASK_TIMEOUT = 60
BATCH = 4  # all of them, each as slow as may be, within the lease
A_DAY = timedelta(days=1)
FIRST_WAIT = timedelta(minutes=1)


async def turn(house: House, owner: str) -> bool:
    """Ask for up to one batch; True when there may be more."""
    if not await due(house, QUEUE):
        return False
    now = house.clock.now()
    jobs = await house.store.write(lambda work: work.jobs.claim(QUEUE, owner, now, LEASE, BATCH))
    for job in jobs:
        await _one(house, job)
    return len(jobs) == BATCH


async def _one(house: House, job: Job) -> None:
    """What the platform will not tell today it may tell tomorrow; nobody waits for it."""
    try:
        found = await _ask(house, str(job.body["account"]), str(job.body["thread"]))
    except (AccountBroken, Refused) as error:
        await _later(house, job, A_DAY, error.reason)
    except TryLater as error:
        await _later(house, job, error.after or FIRST_WAIT * 2 ** min(job.attempts, 8), error.reason)
    except StoreAway:
        raise
    except Exception as error:
        if not isinstance(error, OmnichannelError | TimeoutError):
            log.error("heading fault", exc_info=error, extra={"account": job.body["account"]})
        await _later(house, job, FIRST_WAIT * 2 ** min(job.attempts, 8), type(error).__name__)
    else:
        await house.store.write(partial(heading.learn, job=job, found=found, now=house.clock.now()))


async def _ask(house: House, account: str, thread: str) -> Post | None:
    connector = house.connectors.get(account)
    if connector is None or not isinstance(connector, Heading):
        return None
    return await asyncio.wait_for(connector.heading(thread), ASK_TIMEOUT)


async def _later(house: House, job: Job, wait: timedelta, why: str) -> None:
    at = house.clock.now() + wait
    await house.store.write(lambda work: heading.postpone(work, job, at, why))
