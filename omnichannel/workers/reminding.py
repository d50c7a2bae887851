"""Slow clocks: the 112 desk is told again, sleepers wake, deadlines come near, writers learn of accounts that are gone."""

import logging
from datetime import datetime, timedelta
from functools import partial

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.channel import Channel
from omnichannel.domain.house import House
from omnichannel.domain.ppid_clock import Move
from omnichannel.domain.work import Job, Work
from omnichannel.inbox.snoozing import recount as recount_sleep
from omnichannel.inbox.snoozing import wake
from omnichannel.router import objecting, remind
from omnichannel.router.alarm import tell_desk
from omnichannel.router.desk import Desk
from omnichannel.router.formal import recount_batch
from omnichannel.workers.loop import due
from omnichannel.workers.sending import abandoned

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
BATCH = 20
SLEEPERS = 100
WINDOWS = 500
LOOK_BACK = 1000  # happenings
AHEAD = timedelta(minutes=1)  # two machines may differ by seconds


async def alarms(house: House, owner: str) -> bool:
    """Tell the 112 desk of every alarm that is due to be told, each by itself: one that cannot be told stops no other."""
    if not await due(house, "alarm"):
        return False
    now = house.clock.now()
    jobs = await house.store.write(lambda work: work.jobs.claim("alarm", owner, now, LEASE, BATCH))
    faults: list[Exception] = []
    for job in jobs:
        try:
            await house.store.write(partial(_told, house=house, job=job, now=now))
        except Exception as error:  # Told again after the lease; raised below, once the others have been told.
            faults.append(error)
    if faults:
        raise faults[0]
    return len(jobs) == BATCH


def _told(work: Work, house: House, job: Job, now: datetime) -> None:
    def channel_of(account: str) -> Channel | None:
        connector = house.connectors.get(account)
        return connector.channel if connector else None

    if work.jobs.done(job):
        tell_desk(work, house.office, int(job.body["alarm"]), channel_of, now)


async def clockwork(house: House, owner: str = "clockwork") -> bool:
    """Wake sleepers, let go of reply windows that have shut, remind of deadlines, give up on accounts that are gone; called about once a minute."""
    now = house.clock.now()
    calendar = house.clocks.calendar
    await _set_back(house, now)
    await house.store.write(lambda work: recount_sleep(work, calendar, now))
    woken = await house.store.write(lambda work: wake(work, now))
    shut = await house.store.write(lambda work: work.conversations.shut(now, WINDOWS))
    if await house.store.read(lambda work: work.jobs.next_at(remind.QUEUE)) is None:
        await house.store.write(lambda work: remind.plan(work, now))
    if await due(house, remind.QUEUE):
        for job in await house.store.write(lambda work: work.jobs.claim(remind.QUEUE, owner, now, LEASE, 1)):
            await recount(house, "Kalender kerja berubah.")
            await house.store.write(partial(_reminded, job=job, calendar=calendar, now=now))
    await abandoned(house, owner)
    return woken == SLEEPERS or shut == WINDOWS


async def recount(house: House, why: str) -> list[Move]:
    """Lay every open request on the calendar of today: what a new decree moved, and what still waits for its applicant.
    A few hundred a transaction, so that nobody stands in line behind it."""
    desk = Desk(office=house.office, organisation=house.organisation, clocks=house.clocks, ability=house.capabilities)
    moves: list[Move] = []
    after: int | None = 0
    while after is not None:
        found, after = await house.store.write(
            partial(recount_batch, desk=desk, after_id=after, now=house.clock.now(), why=why)
        )
        moves += found
    objections = partial(objecting.recount, desk=desk, now=house.clock.now(), why=why)
    return moves + await house.store.write(objections)


async def _set_back(house: House, now: datetime) -> None:
    """Happenings of the future: a clock that was fast has been set right, and what it planned would wait for hours."""

    def question(work: Work) -> timedelta:
        last = work.screens.last_happening()
        return max((one.at for one in work.screens.happened(last - LOOK_BACK, LOOK_BACK)), default=now) - now

    ahead = await house.store.read(question)
    if ahead > AHEAD:
        hastened = await house.store.write(lambda work: work.jobs.hasten(now, but=remind.QUEUE))
        log.error("the clock was set back", extra={"seconds": round(ahead.total_seconds()), "hastened": hastened})


def _reminded(work: Work, job: Job, calendar: WorkingCalendar, now: datetime) -> None:
    remind.go_round(work, job, calendar, now)
