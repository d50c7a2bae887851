"""Sends reports to SP4N-LAPOR! and asks for news of them: claim, speak with no transaction open, note what was said."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from omnichannel.domain.errors import AccountBroken, NotFound, OmnichannelError, Refused, StoreAway, TryLater, Unsure
from omnichannel.domain.house import House
from omnichannel.domain.message import OutgoingFile
from omnichannel.domain.ports import Catalogue, Forwarded, NewsBatch, NotOffered, Ref
from omnichannel.domain.work import Job, Work
from omnichannel.router import forward, news, reply_back
from omnichannel.router.desk import Desk
from omnichannel.workers.loop import due

T = TypeVar("T")
log = logging.getLogger(__name__)

# Longer than files, report and one look may take together, so that a living owner is never taken for a dead one.
LEASE = timedelta(seconds=300)
LONGEST = 240
SIDE_BY_SIDE = 4
FRESH = 50
NO_FILE = "Berkas lampirannya tidak ada lagi di penyimpanan kami."
NO_ANSWER = "SP4N-LAPOR! tidak menjawab dalam empat menit."
NAMES_QUEUE = "lapor-names"
NAMES_EVERY, NAMES_LATER = timedelta(days=1), timedelta(hours=1)


def desk_of(house: House) -> Desk:
    return Desk(office=house.office, organisation=house.organisation, clocks=house.clocks, ability=house.capabilities)


class Dispatch:
    """Reports out. After a refused key the whole queue rests."""

    def __init__(self, house: House, owner: str) -> None:
        self.house, self.owner = house, owner
        self.desk = desk_of(house)
        self._rest: tuple[datetime, timedelta] | None = None

    async def turn(self) -> bool:
        """Take up new reports, then send up to a handful side by side; True when there may be more."""
        taken = await self._take_up()
        if self._rests() or not await due(self.house, forward.QUEUE):
            return taken
        now = self.house.clock.now()
        jobs = await self.house.store.write(
            lambda work: work.jobs.claim(forward.QUEUE, self.owner, now, LEASE, SIDE_BY_SIDE)
        )
        async with asyncio.TaskGroup() as group:
            rests = [group.create_task(self._one(job)) for job in jobs]
        longest = max((rest for one in rests if (rest := one.result()) is not None), default=None)
        if longest is not None:
            self._rest = self.house.clock.now(), longest
        return len(jobs) == SIDE_BY_SIDE

    async def _take_up(self) -> bool:
        fresh = await self.house.store.read(lambda work: work.forwards.fresh(FRESH))
        for case_id in fresh:
            now = self.house.clock.now()
            await self.house.store.write(partial(forward.consider, desk=self.desk, case_id=case_id, now=now))
        return len(fresh) == FRESH

    def _rests(self) -> bool:
        if self._rest is None:
            return False
        began, length = self._rest
        return began <= self.house.clock.now() < began + length

    async def _one(self, job: Job) -> timedelta | None:
        begun = await self.house.store.write(lambda work: forward.begin(work, self.desk, job, self.house.clock.now()))
        if begun is None:
            return None
        try:
            answer = await asyncio.wait_for(self._spoken(begun), LONGEST)
        except TimeoutError:
            return await self._failed(job, Unsure(NO_ANSWER))
        except OmnichannelError as error:
            return await self._failed(job, error)
        except Exception as error:
            log.exception("forward fault", extra={"case": job.body.get("case")})
            return await self._failed(job, error)
        await self._keep_trying(lambda work: forward.sent(work, self.desk, job, answer, self.house.clock.now()))
        return None

    async def _spoken(self, begun: forward.Begun) -> Forwarded:
        """What LAPOR answers. What may be there already is asked for, never sent again."""
        report = begun.report
        if begun.lost:
            return await self._looked_for(begun, Unsure(forward.CUT_OFF))
        if begun.again and (known := await self._known(begun)) is not None:
            return known
        try:
            report = forward.with_files(report, await self._files(begun))
        except NotFound:
            raise Refused(NO_FILE) from None
        except (StoreAway, OSError):
            raise TryLater("Berkas belum dapat dibaca dari disk.") from None
        try:
            answer = await self.house.forwarder.forward(report)
        except Unsure as error:
            return await self._looked_for(begun, error)
        if isinstance(answer, NotOffered):
            raise Refused(answer.instead)
        return answer

    async def _looked_for(self, begun: forward.Begun, doubt: Unsure) -> Forwarded:
        """The report in LAPOR, found by its title; the doubt stays where LAPOR cannot be asked or does not know it."""
        try:
            found = await self._known(begun)
        except Unsure:
            raise
        except OmnichannelError:
            raise doubt from None
        if found is None:
            raise doubt
        return found

    async def _known(self, begun: forward.Begun) -> Forwarded | None:
        """What LAPOR shows of this report: one under its title that can be no other of ours."""
        report = begun.report
        others = await self.house.store.read(lambda work: forward.others(work, report))
        if others.doubtful:
            return None
        found = await self.house.forwarder.find(report, since=begun.since, taken=others.taken)
        return Forwarded(found.complaint_id, found.tracking_id) if isinstance(found, Ref) else None

    async def _files(self, begun: forward.Begun) -> list[OutgoingFile]:
        read = []
        for file in begun.files:
            if file.sha256 is not None:
                content = await asyncio.to_thread(self.house.files.read, file.sha256)
                read.append(OutgoingFile(name=file.name or "lampiran", media_type=file.media_type, content=content))
        return read

    async def _failed(self, job: Job, error: Exception) -> timedelta | None:
        if isinstance(error, AccountBroken):
            log.error("lapor refuses our key", extra={"reason": error.reason})
        return await self._keep_trying(lambda work: forward.failed(work, job, error, self.house.clock.now()))

    async def _keep_trying(self, story: Callable[[Work], T]) -> T:
        """What LAPOR said is worth a minute of patience while the database is away: unsaid, it is a guess."""
        for pause in (0.2, 1, 3, 10, 20, 30):
            try:
                return await self.house.store.write(story)
            except StoreAway:
                await self.house.clock.sleep(timedelta(seconds=pause))
        return await self.house.store.write(story)


async def listen(house: House, owner: str) -> bool:
    """Ask for news of the reports whose turn it is; True when there may be more."""
    if not await due(house, forward.NEWS_QUEUE):
        return False
    now = house.clock.now()
    jobs = await house.store.write(lambda work: work.jobs.claim(forward.NEWS_QUEUE, owner, now, LEASE, SIDE_BY_SIDE))
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(_asked(house, job))
    return len(jobs) == SIDE_BY_SIDE


async def _asked(house: House, job: Job) -> None:
    case_id, desk = int(job.body["case"]), desk_of(house)
    row = await house.store.read(lambda work: work.forwards.get(case_id))
    batch: NewsBatch | NotOffered | None = None
    if row is not None and row.complaint_id is not None:
        try:
            batch = await asyncio.wait_for(house.forwarder.news(Ref(row.complaint_id), row.cursor), LONGEST)
        except (OmnichannelError, TimeoutError) as error:
            log.warning("no news from lapor", extra={"case": case_id, "error": type(error).__name__})

    def story(work: Work) -> None:
        now = house.clock.now()
        if isinstance(batch, NewsBatch):
            news.heard(work, desk, case_id, batch, now)
        news.ask_again(work, desk, job, now)

    await house.store.write(story)


async def reply(house: House, owner: str) -> bool:
    """Take citizens' replies to LAPOR, one after another; True when there may be more."""
    if not await due(house, reply_back.QUEUE):
        return False
    now = house.clock.now()
    for job in await house.store.write(lambda work: work.jobs.claim(reply_back.QUEUE, owner, now, LEASE, 1)):
        saying = await house.store.write(partial(reply_back.begin, job=job, now=now))
        if saying is None:
            return True
        try:
            told = await asyncio.wait_for(house.forwarder.reply(Ref(saying.complaint_id), saying.text, ()), LONGEST)
            if isinstance(told, NotOffered):
                raise Refused(told.instead)
        except (OmnichannelError, TimeoutError) as error:
            await house.store.write(partial(reply_back.failed, job=job, error=error, now=house.clock.now()))
        else:
            await house.store.write(partial(reply_back.posted, job=job, now=house.clock.now()))
        return True
    return False


async def names(house: House, owner: str) -> bool:
    """LAPOR's own lists, once a day."""
    now = house.clock.now()
    if await house.store.read(lambda work: work.jobs.next_at(NAMES_QUEUE)) is None:
        await house.store.write(lambda work: work.jobs.put(NAMES_QUEUE, {}, key=NAMES_QUEUE, run_at=now))
    if not await due(house, NAMES_QUEUE):
        return False
    for job in await house.store.write(lambda work: work.jobs.claim(NAMES_QUEUE, owner, now, LEASE, 1)):
        try:
            told: Catalogue | NotOffered = await house.forwarder.catalogue()
        except OmnichannelError as error:
            log.warning("no lists from lapor", extra={"error": type(error).__name__})
            told = NotOffered("")
        await house.store.write(partial(_kept_names, job=job, told=told, now=house.clock.now()))
    return False


def _kept_names(work: Work, job: Job, told: Catalogue | NotOffered, now: datetime) -> None:
    if isinstance(told, Catalogue):
        lists = (
            ("institution", told.institutions),
            ("category", told.categories),
            ("template", told.templates),
            ("template_words", told.words),
        )
        for kind, pairs in lists:
            if pairs:
                work.forwards.set_names(kind, pairs, now)
    work.jobs.retry(job, now + (NAMES_EVERY if isinstance(told, Catalogue) else NAMES_LATER), "")
