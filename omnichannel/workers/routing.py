"""Takes what has just come in, asks the classifier, and lets `router.route` put it where it belongs."""

import asyncio
import logging
import re
from datetime import timedelta
from functools import partial

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, OmnichannelError, StoreAway
from omnichannel.domain.house import House
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import Job, Work
from omnichannel.router.desk import Desk
from omnichannel.router.route import lay_open, route
from omnichannel.workers.loop import due

log = logging.getLogger(__name__)

QUEUE = "route"
LEASE = timedelta(seconds=60)
BATCH = 50
ATTEMPTS = 5
ANSWERED = re.compile(r"^\s*(?:(?:re|bls|balas|aw|sv)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
NOT_JUDGED = "Mesin tidak dapat membaca pesan ini."


def desk(house: House) -> Desk:
    """What the stories of a case lean on."""
    return Desk(office=house.office, organisation=house.organisation, clocks=house.clocks, ability=house.capabilities)


async def turn(house: House, owner: str) -> bool:
    """Route up to one batch; True when there may be more.

    Stories are handed over in the order of arrival and share a commit: of two messages of one citizen the first makes
    the case, the second follows it.
    """
    if not await due(house, QUEUE):
        return False
    now = house.clock.now()
    jobs = await house.store.write(lambda work: work.jobs.claim(QUEUE, owner, now, LEASE, BATCH))
    judged = [(job, await _judged(house, job)) for job in jobs]
    async with asyncio.TaskGroup() as group:
        kept = [group.create_task(_routed(house, job, verdict)) for job, verdict in judged]
    if not all(one.result() for one in kept):
        raise StoreAway("what was routed could not be kept")
    return len(jobs) == BATCH


async def _judged(house: House, job: Job) -> Verdict | Exception:
    """The classifier's word, thought on another thread: a screen must not wait for it."""
    try:
        asked = await house.store.read(partial(_words, message_id=int(job.body["message"])))
        return await asyncio.to_thread(house.classifier.classify, asked[0], channel=asked[1])
    except StoreAway:
        raise
    except Exception as error:
        return error


def _words(work: Work, message_id: int) -> tuple[str, str | None]:
    message = work.messages.get(message_id)
    if message is None:
        return "", None
    conversation = work.conversations.get(message.conversation_id)
    if not message.subject or _repeats(message.subject, conversation):
        words = message.text
    else:
        words = f"{message.subject}\n{message.text}"
    return words, conversation.channel.value if conversation else None


def _repeats(subject: str, conversation: Conversation | None) -> bool:
    """Whether the subject is only the thread's own, said again: "Re: Kebakaran" over a word of thanks rings no alarm."""
    first = conversation.subject if conversation is not None else None
    if first is None or subject == first:
        return False
    return ANSWERED.sub("", subject).strip().casefold() == ANSWERED.sub("", first).strip().casefold()


async def _routed(house: House, job: Job, verdict: Verdict | Exception) -> bool:
    """False when the database went away: then nothing is noted, and the job is still ours."""

    def story(work: Work) -> None:
        if isinstance(verdict, Exception):
            raise verdict
        if work.jobs.done(job):
            route(work, desk(house), int(job.body["message"]), verdict, house.clock.now())

    try:
        await house.store.write(story)
    except StoreAway as away:
        log.warning("not routed yet", extra={"message_id": job.body.get("message"), "error": str(away)})
        return False
    except Exception as error:
        return await _again(house, job, error)
    return True


async def _again(house: House, job: Job, error: Exception) -> bool:
    """A conflict is tried again at once; a fault a few times, then it lies open for a person."""
    if not isinstance(error, OmnichannelError):
        log.error("routing fault", exc_info=error, extra={"message_id": job.body.get("message")})
    now = house.clock.now()
    wait = timedelta(0) if isinstance(error, Conflict) else timedelta(seconds=2**job.attempts)
    reason = f"{type(error).__name__}: {error}"[:300]

    def story(work: Work) -> None:
        if job.attempts < ATTEMPTS:
            work.jobs.retry(job, now + wait, reason)
        elif work.jobs.bury(job, reason):
            lay_open(work, int(job.body["message"]), now, NOT_JUDGED)

    try:
        await house.store.write(story)
    except StoreAway as away:
        log.warning("not noted", extra={"message_id": job.body.get("message"), "error": str(away)})
        return False
    return True
