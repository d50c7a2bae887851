"""Receipts that leave by themselves: numbered and drawn, put on the disk, then sent on the citizen's own channel."""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial

from omnichannel.domain.errors import Invalid, OmnichannelError, Refused, StoreAway
from omnichannel.domain.house import House
from omnichannel.domain.letter import KeptLetter, LetterKind
from omnichannel.domain.work import MACHINE, Job, Work
from omnichannel.router import letters
from omnichannel.router.desk import Desk
from omnichannel.router.receipts import QUEUE
from omnichannel.workers.loop import due

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
BATCH = 10
FIRST_WAIT = timedelta(minutes=1)
TRIES = 5


async def turn(house: House, owner: str) -> bool:
    """Up to one batch; True when there may be more."""
    if not await due(house, QUEUE):
        return False
    now = house.clock.now()
    jobs = await house.store.write(lambda work: work.jobs.claim(QUEUE, owner, now, LEASE, BATCH))
    for job in jobs:
        await _one(house, job)
    return len(jobs) == BATCH


async def _one(house: House, job: Job) -> None:
    case_id, now = int(job.body["case"]), house.clock.now()
    try:
        await receipt(house, case_id)
    except StoreAway:
        raise
    except (Invalid, Refused) as refusal:
        # The channel takes nothing now; the letter stands in the case and an officer sees that it was not sent.
        log.info("receipt not sent", extra={"case": case_id, "why": str(refusal)})
    except Exception as error:
        if not isinstance(error, OmnichannelError):
            log.error("receipt fault", exc_info=error, extra={"case": case_id})
        await house.store.write(partial(_again, job=job, at=now + FIRST_WAIT * 2**job.attempts, error=str(error)[:200]))
        return
    await house.store.write(lambda work: work.jobs.done(job))


def _again(work: Work, job: Job, at: datetime, error: str) -> None:
    if job.attempts >= TRIES:
        work.jobs.bury(job, error)
    else:
        work.jobs.retry(job, at, error)


async def receipt(house: House, case_id: int) -> None:
    """Make it where the case has none, and send it where it was not sent."""
    desk = Desk(office=house.office, organisation=house.organisation, clocks=house.clocks, ability=house.capabilities)
    now = house.clock.now()

    def made(work: Work) -> tuple[KeptLetter, bytes]:
        found = next((one for one in work.letters.of_case(case_id) if one.kind is LetterKind.RECEIPT), None)
        if found is not None:
            return found, house.printer.letter(found.letter)
        return letters.make(work, desk, house.printer.letter, case_id, LetterKind.RECEIPT, MACHINE, now=now)

    kept, drawn = await house.store.write(made)
    await asyncio.to_thread(house.files.keep, drawn)

    def handed(work: Work) -> None:
        if not any(one.sha256 == kept.sha256 for one in work.letters.handings(case_id)):
            letters.hand_over(work, desk, letters.paper_of(kept), None, key=f"receipt:{case_id}", now=now)

    await house.store.write(handed)
