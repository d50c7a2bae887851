"""Saves attachments before their links die, and tries again what was said of a message before it came."""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial

from omnichannel.domain.errors import Refused, StoreAway, TryLater
from omnichannel.domain.house import House
from omnichannel.domain.message import Attachment
from omnichannel.domain.ports import MediaSource
from omnichannel.domain.work import MACHINE, File, Job, Message, Work
from omnichannel.inbox import afterwards
from omnichannel.inbox.unfetched import tell_lost
from omnichannel.workers.loop import due

log = logging.getLogger(__name__)

QUEUES = ("fetch", "later")
LEASE = timedelta(seconds=300)
FETCH_TIMEOUT = 240
BATCH = 8
LATE_BATCH = 50
# A platform that is down for a day must not cost the photo: WhatsApp keeps media for 30 days
# (developers.facebook.com/docs/whatsapp/cloud-api/reference/media, 2026-11), Telegram's file ids do not die.
GIVE_UP = timedelta(days=7)
LONGEST_WAIT = timedelta(hours=1)
# Together more than a send may take (two minutes): a receipt can be that much faster than the answer it belongs to.
LATE_ATTEMPTS = 10
LATE_WAIT = timedelta(seconds=5)


async def turn(house: House, owner: str) -> bool:
    """Fetch up to one batch side by side; True when there may be more."""
    if not await due(house, *QUEUES):
        return False
    now = house.clock.now()
    jobs = await house.store.write(lambda work: work.jobs.claim("fetch", owner, now, LEASE, BATCH))
    async with asyncio.TaskGroup() as group:
        noted = [group.create_task(_fetch(house, job)) for job in jobs]
    if not all(one.result() for one in noted):
        raise StoreAway("what became of a file could not be noted")
    late = await house.store.write(lambda work: work.jobs.claim("later", owner, now, LEASE, LATE_BATCH))
    for job in late:
        await house.store.write(partial(_late, job=job, now=house.clock.now()))
    return len(jobs) == BATCH or len(late) == LATE_BATCH


async def _fetch(house: House, job: Job) -> bool:
    """One file; whatever happens is noted on its job, so that its neighbours go on. False when it could not be noted:
    then the job is still ours."""
    try:
        await _fetched(house, job)
    except StoreAway as away:
        log.warning("file not noted", extra={"file": job.body.get("file"), "error": str(away)})
        return False
    return True


async def _fetched(house: House, job: Job) -> None:
    found = await house.store.read(partial(_of, file_id=int(job.body["file"])))
    if found is None:
        await house.store.write(lambda work: work.jobs.done(job))
        return
    file, message = found
    try:
        content = await _content(house, file, message.account)
        digest = await asyncio.to_thread(house.files.keep, content)
    except Refused as error:
        await house.store.write(
            partial(_lost, house=house, job=job, file=file, why=error.reason, now=house.clock.now())
        )
    except Exception as error:
        if not isinstance(error, TryLater | TimeoutError | StoreAway):
            log.warning("fetch fault", exc_info=error, extra={"account": message.account, "file": file.id})
        await house.store.write(
            partial(_again, house=house, job=job, file=file, message=message, error=error, now=house.clock.now())
        )
    else:
        kept = partial(_kept, job=job, file=file, digest=digest, size=len(content), now=house.clock.now())
        await house.store.write(kept)


async def _content(house: House, file: File, account: str) -> bytes:
    connector = house.connector(account)
    if not isinstance(connector, MediaSource):
        raise Refused("Kanal ini tidak menyimpan berkasnya.")
    part = Attachment(
        media_type=file.media_type, name=file.name, size=file.size, id=file.remote_id, url=file.remote_url
    )
    return await asyncio.wait_for(connector.fetch(part), FETCH_TIMEOUT)


def _of(work: Work, file_id: int) -> tuple[File, Message] | None:
    file = work.messages.file(file_id)
    message = work.messages.get(file.message_id) if file else None
    return (file, message) if file and message else None


def _kept(work: Work, job: Job, file: File, digest: str, size: int, now: datetime) -> None:
    if work.jobs.done(job):
        work.messages.file_kept(file.id, digest, size, file.media_type)
        _tell(work, file, "file_kept", now)


def _lost(work: Work, house: House, job: Job, file: File, why: str, now: datetime) -> None:
    if work.jobs.done(job):
        work.messages.file_lost(file.id, why)
        _tell(work, file, "file_lost", now)
        message = work.messages.get(file.message_id)
        if message is not None:
            tell_lost(work, house, file, message, now)


def _again(work: Work, house: House, job: Job, file: File, message: Message, error: Exception, now: datetime) -> None:
    """Later, with growing patience; lost only after days, for until then the platform still has it."""
    reason = f"{type(error).__name__}: {error}"[:300]
    if now - message.arrived_at >= GIVE_UP:
        _lost(work, house, job, file, f"Tidak dapat diambil dari platform selama {GIVE_UP.days} hari. {reason}", now)
        return
    asked = error.after if isinstance(error, TryLater) else None
    wait = asked or min(timedelta(seconds=2 ** min(job.attempts, 20)), LONGEST_WAIT)
    work.jobs.retry(job, now + wait, reason)


def _tell(work: Work, file: File, verb: str, now: datetime) -> None:
    message = work.messages.get(file.message_id)
    where = message.conversation_id if message else None
    work.note(MACHINE, verb, "message", file.message_id, at=now, conversation_id=where)


def _late(work: Work, job: Job, now: datetime) -> None:
    if afterwards.settle(work, job.body, now) or job.attempts >= LATE_ATTEMPTS:
        work.jobs.done(job)
    else:
        work.jobs.retry(job, now + LATE_WAIT * job.attempts, "pesan belum dikenal")
