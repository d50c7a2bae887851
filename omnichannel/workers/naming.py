"""Asks for the names of people whose messages bear none. Once a citizen, with patience, and never in intake's way."""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial

from omnichannel.domain.abilities import Naming
from omnichannel.domain.errors import AccountBroken, OmnichannelError, Refused, StoreAway, TryLater
from omnichannel.domain.house import House
from omnichannel.domain.message import Author
from omnichannel.domain.work import Job, Work
from omnichannel.inbox import naming
from omnichannel.workers.loop import due

log = logging.getLogger(__name__)

QUEUE = naming.QUEUE
LEASE = timedelta(seconds=300)
ASK_TIMEOUT = 60
BATCH = 4  # all of them, each as slow as may be, within the lease
A_DAY = timedelta(days=1)
FIRST_WAIT = timedelta(minutes=1)


class Namer:
    """Every account's questions, one after another. An account that may not ask is left alone for a day."""

    def __init__(self, house: House, owner: str) -> None:
        self.house = house
        self.owner = owner
        self._closed: dict[str, tuple[datetime, datetime]] = {}

    async def turn(self) -> bool:
        """Ask for up to one batch; True when there may be more."""
        if not await due(self.house, QUEUE):
            return False
        now = self.house.clock.now()
        jobs = await self.house.store.write(lambda work: work.jobs.claim(QUEUE, self.owner, now, LEASE, BATCH))
        for job in jobs:
            await self._one(job)
        return len(jobs) == BATCH

    async def _one(self, job: Job) -> None:
        account, contact = str(job.body["account"]), str(job.body["external_id"])
        now = self.house.clock.now()
        wait = self._closed_for(account, now)
        if wait is not None:
            await self._later(job, now + wait, "akun ini belum boleh bertanya", counts=False)
            return
        try:
            found = await self._ask(account, contact)
        except AccountBroken as error:
            self._closed[account] = (now, now + A_DAY)
            log.warning("no right to ask for names", extra={"account": account, "error": error.reason})
            await self._later(job, now + A_DAY, error.reason)
        except Refused as error:
            await self._later(job, now + A_DAY, error.reason)
        except TryLater as error:
            await self._later(job, now + (error.after or FIRST_WAIT * 2 ** min(job.attempts, 8)), error.reason)
        except StoreAway:
            raise
        except Exception as error:
            if not isinstance(error, OmnichannelError | TimeoutError):
                log.error("naming fault", exc_info=error, extra={"account": account})
            await self._later(job, now + FIRST_WAIT * 2 ** min(job.attempts, 8), type(error).__name__)
        else:
            await self.house.store.write(partial(naming.learn, job=job, found=found, now=self.house.clock.now()))

    def _closed_for(self, account: str, now: datetime) -> timedelta | None:
        """How long this account is still left alone; a clock that was set back opens it."""
        since, until = self._closed.get(account, (now, now))
        return until - now if since <= now < until else None

    async def _ask(self, account: str, contact: str) -> Author | None:
        connector = self.house.connectors.get(account)
        if connector is None or not isinstance(connector, Naming):
            return None
        return await asyncio.wait_for(connector.name_of(contact), ASK_TIMEOUT)

    async def _later(self, job: Job, at: datetime, why: str, *, counts: bool = True) -> None:
        def story(work: Work) -> None:
            naming.postpone(work, job, at, why, counts=counts)

        await self.house.store.write(story)
