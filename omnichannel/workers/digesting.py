"""Sends each officer's letter of the morning through the office's mail account."""

import logging
from datetime import date, timedelta

from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.errors import OmnichannelError, TryLater
from omnichannel.domain.house import House
from omnichannel.domain.message import Outgoing
from omnichannel.domain.ports import Connector
from omnichannel.domain.work import Job
from omnichannel.inbox import digest
from omnichannel.workers.loop import due

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
PAUSE = timedelta(minutes=10)
TRIES = 6
BATCH = 10


def mailbox(house: House) -> Connector | None:
    """The account that letters leave through."""
    return next((one for one in house.connectors.values() if one.channel is Channel.MAIL), None)


async def turn(house: House, owner: str) -> bool:
    """Plan what is due, send what is planned; True when there may be more."""
    post, now, calendar = mailbox(house), house.clock.now(), house.clocks.calendar
    if post is None:
        return False
    if await house.store.read(lambda work: digest.due(work, calendar, now)):
        await house.store.write(lambda work: digest.plan(work, house.office, calendar, now))
    if not await due(house, digest.QUEUE):
        return False
    jobs = await house.store.write(lambda work: work.jobs.claim(digest.QUEUE, owner, now, LEASE, BATCH))
    for job in jobs:
        await _one(house, post, job)
    return len(jobs) == BATCH


async def _one(house: House, post: Connector, job: Job) -> None:
    now = house.clock.now()
    stale = date.fromisoformat(str(job.body["day"])) != house.clocks.calendar.day(now)
    # A try that was cut off may have arrived: better one letter too few than two.
    cut_off = job.attempts > 1 and job.error is None
    if stale or cut_off or job.attempts > TRIES:
        await house.store.write(lambda work: work.jobs.done(job))
        return
    to = str(job.body["to"])
    address = Address(conversation=f"digest:{to}", surface=Surface.DIRECT, contact=to)
    text, subject = str(job.body["text"]), str(job.body["subject"])
    letter = Outgoing(key=f"{job.key}", address=address, text=text, subject=subject, automatic=True)
    try:
        await post.send(letter)
    except TryLater as error:
        why, at = error.reason, now + (error.after or PAUSE)
        await house.store.write(lambda work: work.jobs.retry(job, at, why))
        return
    except OmnichannelError as error:
        log.warning("letter not sent", extra={"job": job.id, "error": str(error)})
    await house.store.write(lambda work: work.jobs.done(job))
