"""Has the machine learn: at night, or when somebody asks. Learning itself runs in a process of its own."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from omnichannel.domain.house import House
from omnichannel.domain.office import Office
from omnichannel.domain.work import Job, Work
from omnichannel.workers.loop import due

log = logging.getLogger(__name__)

QUEUE = "learn"
NIGHTLY, ASKED = "learn:nightly", "learn:asked"
SCHEDULE = "jadwal malam"
LEASE = timedelta(minutes=40)  # longer than LONGEST: whoever has it still runs, or is dead
ATTEMPTS = 3
PAUSE = timedelta(minutes=10)

Learn = Callable[[str], Awaitable[int]]


def tonight(office: Office, now: datetime) -> datetime | None:
    """The next time that the office's own clock shows the hour; None where it is off."""
    if office.learn_at is None:
        return None
    local = now.astimezone(office.zone)
    at = datetime.combine(local.date(), office.learn_at, office.zone)
    return at if at > local else datetime.combine(local.date() + timedelta(days=1), office.learn_at, office.zone)


async def turn(house: House, owner: str, learn: Learn) -> bool:
    """Plan tonight's, and do what is due. The claim is the fence: of many processes one learns."""
    if not house.can_learn:
        return False
    now = house.clock.now()
    await house.store.write(partial(_planned, office=house.office, now=now)) if await _unplanned(house) else None
    if not await due(house, QUEUE):
        return False
    for job in await house.store.write(lambda work: work.jobs.claim(QUEUE, owner, now, LEASE, 1)):
        code = await learn(str(job.body.get("by", SCHEDULE)))
        log.info("learnt", extra={"code": code, "by": job.body.get("by")})
        await house.store.write(partial(_done, house=house, job=job, code=code))
    return False


async def _unplanned(house: House) -> bool:
    if house.office.learn_at is None:
        return False
    return await house.store.read(lambda work: work.jobs.next_at(QUEUE)) is None


def _planned(work: Work, office: Office, now: datetime) -> None:
    at = tonight(office, now)
    if at is not None:
        work.jobs.put(QUEUE, {"by": SCHEDULE}, key=NIGHTLY, run_at=at.astimezone(UTC))


def _done(work: Work, house: House, job: Job, code: int) -> None:
    """1 is an answer too: what was learnt was worse, and is told on the page. Anything else is a fault, and tried again."""
    now = house.clock.now()
    if code not in (0, 1) and job.attempts < ATTEMPTS:
        work.jobs.retry(job, now + PAUSE, f"omnichannel learn: {code}")
        return
    if work.jobs.done(job):
        _planned(work, house.office, now)
    work.ring("models")
