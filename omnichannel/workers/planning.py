"""Answers whose moment has come go into the outbox: taken back in time, they never reach it."""

from datetime import datetime, timedelta

from omnichannel.domain.case import Kind
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.house import House
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Job, Work
from omnichannel.inbox import plans
from omnichannel.router import route
from omnichannel.router.desk import Desk
from omnichannel.workers.loop import REST

LEASE = timedelta(seconds=30)
SHORTEST = timedelta(milliseconds=50)


class Planner:
    """One plan a transaction: one that cannot leave holds up no other."""

    def __init__(self, house: House, owner: str) -> None:
        self.house = house
        self.owner = owner
        self._pause = REST
        self._at = 0

    async def turn(self) -> bool:
        """The next one that is due; True when there may be more."""
        due = await self.house.store.read(lambda work: work.jobs.next_at(plans.QUEUE))
        now = self.house.clock.now()
        self._pause = REST if due is None else min(REST, max(SHORTEST, due - now))
        if due is None or due > now:
            return False
        try:
            return await self.house.store.write(self._leave)
        except plans.CANNOT as problem:
            # A move was refused on its way: nothing of it stands, and neither does the claim. Its writer is told apart.
            stuck, why = self._at, str(problem)
            await self.house.store.write(lambda work: plans.give_up(work, stuck, why, now=self.house.clock.now()))
            return True

    def rest(self) -> timedelta:
        """Until the next one is due: five seconds are not to become ten."""
        return self._pause

    def _leave(self, work: Work) -> bool:
        now = self.house.clock.now()
        jobs = work.jobs.claim(plans.QUEUE, self.owner, now, LEASE, 1)
        for job in jobs:
            self._one(work, job)
        return bool(jobs)

    def _one(self, work: Work, job: Job) -> None:
        if work.jobs.done(job):
            self._at = int(job.body["plan"])
            now = self.house.clock.now()
            plans.leave(work, self._at, ability=self._can, now=now, classify=self._classify)

    def _classify(
        self, work: Work, staff: Staff, number: int, kind: str, topic: str, unit: str | None, now: datetime
    ) -> None:
        house = self.house
        desk = Desk(
            office=house.office, organisation=house.organisation, clocks=house.clocks, ability=house.capabilities
        )
        route.reclassify(work, desk, staff, number, kind=Kind(kind), topic=topic, unit=unit, now=now)

    def _can(self, conversation: Conversation) -> Capabilities | None:
        return self.house.capabilities(conversation.account, conversation.surface)
