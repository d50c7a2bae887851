"""Follows what happens, and hands each push to its service: nothing here stands between a message and the desk."""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from omnichannel.domain.errors import OmnichannelError, TryLater
from omnichannel.domain.house import House
from omnichannel.domain.pushing import Cause, Device, Gone, Push, Pusher, Words, words_of
from omnichannel.domain.work import Happening, Job, Work
from omnichannel.inbox.pushing import FOLLOWER, QUEUE, follow, matters
from omnichannel.workers.loop import due

log = logging.getLogger(__name__)

PAGE = 200
BATCH = 20
LEASE = timedelta(minutes=2)
SHORTEST, LONGEST = timedelta(seconds=30), timedelta(minutes=30)
SAVE_EVERY = 2000  # happenings that concern nobody are passed over in memory


class Follower:
    """Reads the events table behind everybody's back. Idle, it costs one question; only what concerns an officer with a
    device costs a commit."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._saved: int | None = None
        self._seen: int | None = None

    async def turn(self) -> bool:
        """Deal with one page; True when there may be more."""
        now = self._house.clock.now()
        after, seen, wanted, news = await self._house.store.read(self._question)
        until = news[-1].id if news else seen
        self._saved, self._seen = after, until
        worth = wanted and any(matters(one) for one in news)
        if after is None or worth or until - after >= SAVE_EVERY:
            zone = self._house.office.zone
            story = partial(follow, after=after, news=news, until=until, now=now, zone=zone)
            done = await self._house.store.write(lambda work: story(work))
            self._saved, self._seen = (until, until) if done else (None, None)
        return len(news) == PAGE

    def _question(self, work: Work) -> tuple[int | None, int, bool, list[Happening]]:
        after = work.followers.at(FOLLOWER)
        if after is None:  # the first day: what was before it is nobody's news
            return None, work.screens.last_happening(), False, []
        # What another process has saved counts; what we have passed over since does too.
        seen = max(after, self._seen or after) if after == self._saved else after
        return after, seen, work.devices.any(), work.screens.happened(seen, PAGE)


class Sender:
    """Hands out pushes, many at a time. A service that does not answer is left alone for a while, and only it."""

    def __init__(self, house: House, pusher: Pusher, owner: str) -> None:
        self._house = house
        self._pusher = pusher
        self._owner = owner
        self._rests: dict[str, datetime] = {}

    async def turn(self) -> bool:
        """Up to one batch; True when there may be more."""
        if not await due(self._house, QUEUE):
            return False
        now = self._house.clock.now()
        jobs = await self._house.store.write(lambda work: work.jobs.claim(QUEUE, self._owner, now, LEASE, BATCH))
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(self._one(job))
        return len(jobs) == BATCH

    async def _one(self, job: Job) -> None:
        now = self._house.clock.now()
        said = words_of(job.body["words"])
        until = datetime.fromisoformat(str(job.body["until"]))
        device = await self._house.store.read(lambda work: work.devices.get(int(job.body["device"])))
        if device is None or until <= now or _maybe_sent(job, said):
            await self._end(job)
            return
        host = urlsplit(device.endpoint).netloc
        if self._rests.get(host, now) > now:
            await self._later(job, self._rests[host], "")
            return
        await self._send(job, device, said, until)

    async def _send(self, job: Job, device: Device, said: Words, until: datetime) -> None:
        store, now = self._house.store, self._house.clock.now()
        high = said.cause in (Cause.URGENT, Cause.TEST)
        push = Push(device.endpoint, device.p256dh, device.auth, said.payload(), until - now, high, said.tag)
        try:
            await self._pusher.send(push)
        except Gone:
            log.info("device gone", extra={"device": device.id})
            await store.write(partial(_gone, job=job, device_id=device.id))
        except TryLater as error:
            pause = max(SHORTEST, error.after or min(SHORTEST * 2 ** min(job.attempts - 1, 6), LONGEST))
            self._rests[urlsplit(device.endpoint).netloc] = now + pause
            await self._later(job, now + pause, error.reason)
        except OmnichannelError as error:
            await store.write(partial(_concluded, job=job, device_id=device.id, now=now, error=str(error)))
        else:
            await store.write(partial(_concluded, job=job, device_id=device.id, now=now, error=None))

    async def _later(self, job: Job, at: datetime, why: str) -> None:
        # How many tries have ended is written down: one that did not end may have arrived.
        await self._house.store.write(lambda work: work.jobs.retry(job, at, f"{job.attempts} {why}"))

    async def _end(self, job: Job) -> None:
        await self._house.store.write(lambda work: work.jobs.done(job))


def _maybe_sent(job: Job, said: Words) -> bool:
    """Whether an earlier try was cut off in the middle. An alarm is told again; anything else not twice."""
    ended = (job.error or "0").split(" ")[0]
    before = int(ended) if ended.isdecimal() else 0
    return job.attempts > before + 1 and said.cause is not Cause.URGENT


def _gone(work: Work, *, job: Job, device_id: int) -> None:
    if work.jobs.done(job):
        work.devices.remove(device_id)


def _concluded(work: Work, *, job: Job, device_id: int, now: datetime, error: str | None) -> None:
    if work.jobs.done(job):
        work.devices.told(device_id, now, error)
