"""Answers whose moment has come go into the outbox: taken back in time, they never reach it."""

from datetime import timedelta

from omnichannel.domain.channel import Capabilities
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.house import House
from omnichannel.domain.work import Job, Work
from omnichannel.inbox import plans
from omnichannel.workers.loop import REST

LEASE = timedelta(seconds=30)
SHORTEST = timedelta(milliseconds=50)


class Planner:
    """One plan a transaction: one that cannot leave holds up no other."""

    def __init__(self, house: House, owner: str) -> None:
        self.house = house
        self.owner = owner
        self._pause = REST

    async def turn(self) -> bool:
        """The next one that is due; True when there may be more."""
        due = await self.house.store.read(lambda work: work.jobs.next_at(plans.QUEUE))
        now = self.house.clock.now()
        self._pause = REST if due is None else min(REST, max(SHORTEST, due - now))
        if due is None or due > now:
            return False
        return await self.house.store.write(self._leave)

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
            plans.leave(work, int(job.body["plan"]), ability=self._can, now=self.house.clock.now())

    def _can(self, conversation: Conversation) -> Capabilities | None:
        return self.house.capabilities(conversation.account, conversation.surface)
