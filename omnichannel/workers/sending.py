"""Empties the outbox of one account: claim, hand over with no transaction open, note what the platform said."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from omnichannel.domain.channel import Capabilities
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import AccountBroken, NotFound, Refused, StoreAway, TryLater, Unsure
from omnichannel.domain.house import House
from omnichannel.domain.message import Outgoing, OutgoingFile, Sent
from omnichannel.domain.outbox import send_queue, urgent_queue
from omnichannel.domain.ports import Connector, PrivateReply
from omnichannel.domain.reach import NO_PRIVATE
from omnichannel.domain.work import File, Job, Work
from omnichannel.inbox import deliver
from omnichannel.router.tell import told_instead
from omnichannel.workers.loop import due

T = TypeVar("T")
Claimed = tuple[Job, Outgoing, Sequence[File]]
log = logging.getLogger(__name__)

# Longer than any send may take, so that a living owner is never taken for a dead one.
LEASE = timedelta(seconds=180)
SEND_TIMEOUT = 120
BATCH = 8
LAST_WORD = 10  # seconds that a stop waits for the platform's answer to what is on the wire
NO_ANSWER = "Platform tidak menjawab dalam dua menit."
NO_FILE = "Berkas lampirannya tidak ada lagi di penyimpanan kami."


class Sender:
    """One account's outbox. After a flood warning or a broken login the whole account rests.

    One process at a time sends for an account (its lease is the poller's, too), one message at a time: two messages to
    one citizen never change order.
    """

    def __init__(self, house: House, account: str, owner: str) -> None:
        self.house = house
        self.account = account
        self.owner = owner
        self.queues = (urgent_queue(account), send_queue(account))
        self._rest: tuple[datetime, timedelta] | None = None

    async def turn(self) -> bool:
        """Send up to one batch in order; True when there may be more."""
        for _ in range(BATCH):
            if self._rests() or not await due(self.house, *self.queues):
                return False
            claimed = await self.house.store.write(self._claim)
            if claimed is None:
                return False
            rest = await _to_the_end(self._one(claimed)) if isinstance(claimed, tuple) else None
            if rest is not None:
                self._rest = self.house.clock.now(), rest
        return True

    def _rests(self) -> bool:
        """A clock that was set back ends the rest: it must not last an hour because the clock was an hour fast."""
        if self._rest is None:
            return False
        began, length = self._rest
        return began <= self.house.clock.now() < began + length

    def _claim(self, work: Work) -> Claimed | bool | None:
        """Claimed and marked in one commit. None: nothing here for us; True: looked at one that needs no sending."""
        now = self.house.clock.now()
        work.accounts.ensure(self.account, self.house.connector(self.account).channel)
        if not work.accounts.take_lease(self.account, self.owner, now + LEASE, now):
            return None
        for queue in self.queues:
            for job in work.jobs.claim(queue, self.owner, now, LEASE, 1):
                begun = deliver.begin(work, job, now, self.house.capabilities, self.house.office.zone)
                return True if begun is None else (job, *begun)
        return None

    async def _one(self, claimed: Claimed) -> timedelta | None:
        job, outgoing, files = claimed
        connector = self.house.connector(self.account)
        try:
            ready = await self._with_files(outgoing, files)
        except NotFound:
            return await self._failed(job, Refused(NO_FILE))
        except (StoreAway, OSError):
            # Only the disk did not answer: nothing has left the house.
            return await self._failed(job, TryLater("Berkas belum dapat dibaca dari disk."))
        try:
            answer = await asyncio.wait_for(hand_over(connector, ready), SEND_TIMEOUT)
        except TimeoutError:
            return await self._failed(job, Unsure(NO_ANSWER))
        except (TryLater, Refused, AccountBroken, Unsure) as error:
            return await self._failed(job, error)
        except Exception as error:
            log.exception("send fault", extra={"account": self.account})
            return await self._failed(job, error)
        await self._keep_trying(lambda work: deliver.sent(work, job, answer, self.house.clock.now()))
        return None

    async def _failed(self, job: Job, error: Exception) -> timedelta | None:
        def story(work: Work) -> timedelta | None:
            now = self.house.clock.now()
            rest = deliver.failed(work, job, error, now)
            told_instead(work, self.house.office, int(job.body["message"]), self._can, now)
            return rest

        return await self._keep_trying(story)

    def _can(self, conversation: Conversation) -> Capabilities | None:
        return self.house.capabilities(conversation.account, conversation.surface)

    async def _with_files(self, outgoing: Outgoing, files: Sequence[File]) -> Outgoing:
        read = []
        for file in files:
            if file.sha256 is not None:
                content = await asyncio.to_thread(self.house.files.read, file.sha256)
                read.append(OutgoingFile(name=file.name or "berkas", media_type=file.media_type, content=content))
        return deliver.with_files(outgoing, read)

    async def _keep_trying(self, story: Callable[[Work], T]) -> T:
        """What the platform said is worth a minute of patience while the database is away: unsaid, it is a guess."""
        for pause in (0.2, 1, 3, 10, 20, 30):
            try:
                return await self.house.store.write(story)
            except StoreAway:
                await self.house.clock.sleep(timedelta(seconds=pause))
        return await self.house.store.write(story)


async def abandoned(house: House, owner: str) -> int:
    """Tell the writers of messages whose account is no longer configured; returns how many."""
    depths = await house.store.read(lambda work: work.jobs.depths())
    ours = {queue for account in house.connectors for queue in (send_queue(account), urgent_queue(account))}
    prefixes = (send_queue(""), urgent_queue(""))
    lost = [queue for queue in depths if queue.startswith(prefixes) and queue not in ours]

    def story(work: Work) -> int:
        now = house.clock.now()
        jobs = [job for queue in lost for job in work.jobs.claim(queue, owner, now, LEASE, 100)]
        for job in jobs:
            deliver.orphaned(work, job, now)
        return len(jobs)

    return await house.store.write(story) if lost else 0


async def hand_over(connector: Connector, outgoing: Outgoing) -> Sent:
    """To the platform, by the way that this message takes."""
    if outgoing.private_to is None:
        return await connector.send(outgoing)
    if not isinstance(connector, PrivateReply):
        raise Refused(NO_PRIVATE)
    who = outgoing.address.contact
    return await connector.answer_privately(outgoing.private_to, outgoing.text, key=outgoing.key, author=who)


async def _to_the_end(send: Coroutine[Any, Any, T]) -> T:
    """A stop in the middle of a send waits a moment for its answer, so that a restart leaves nobody unsure."""
    task: asyncio.Task[T] = asyncio.ensure_future(send)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=LAST_WORD)
        task.cancel()
        raise
