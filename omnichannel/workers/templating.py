"""Fetches the templates of each account that has some: every few hours, and when somebody asks."""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial

from omnichannel.domain.channel import Health
from omnichannel.domain.errors import AccountBroken, OmnichannelError
from omnichannel.domain.house import House
from omnichannel.domain.message import Template
from omnichannel.domain.ports import Templates
from omnichannel.domain.work import Job, Work
from omnichannel.inbox import templates
from omnichannel.workers.loop import due

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=180)
TIMEOUT = 120
BATCH = 4
SOON, LATEST = timedelta(minutes=1), timedelta(hours=1)


async def turn(house: House, owner: str) -> bool:
    """One batch; True when there may be more."""
    accounts = [name for name, one in house.connectors.items() if isinstance(one, Templates)]
    if accounts and await house.store.read(lambda work: work.jobs.next_at(templates.QUEUE)) is None:
        await house.store.write(lambda work: templates.plan(work, accounts, house.clock.now()))
    if not await due(house, templates.QUEUE):
        return False
    now = house.clock.now()
    jobs = await house.store.write(lambda work: work.jobs.claim(templates.QUEUE, owner, now, LEASE, BATCH))
    for job in jobs:
        await _fetch(house, job)
    return len(jobs) == BATCH


async def _fetch(house: House, job: Job) -> None:
    account = str(job.body["account"])
    connector: object = house.connectors.get(account)
    if not isinstance(connector, Templates):
        await house.store.write(lambda work: work.jobs.done(job))
        return
    try:
        found = await asyncio.wait_for(connector.templates(), TIMEOUT)
    except (OmnichannelError, TimeoutError) as error:
        log.warning("templates not fetched", extra={"account": account, "error": str(error)})
        await house.store.write(partial(_again, job=job, account=account, error=error, now=house.clock.now()))
        return
    await house.store.write(partial(_kept, job=job, account=account, found=found, now=house.clock.now()))


def _kept(work: Work, job: Job, account: str, found: tuple[Template, ...], now: datetime) -> None:
    if not work.jobs.done(job):
        return
    templates.keep(work, account, found, now)
    if not (job.key or "").endswith(":now"):
        work.jobs.put(templates.QUEUE, dict(job.body), key=job.key, run_at=now + templates.EVERY)


def _again(work: Work, job: Job, account: str, error: Exception, now: datetime) -> None:
    """With growing patience; an order by hand is not repeated for ever, the regular round is."""
    if isinstance(error, AccountBroken):
        work.accounts.set_health(account, Health.TROUBLED, f"Templat: {error.reason}", now)
    if (job.key or "").endswith(":now") and job.attempts >= 3:
        work.jobs.done(job)
        return
    work.jobs.retry(job, now + min(SOON * 2 ** min(job.attempts - 1, 10), LATEST), str(error)[:300])
