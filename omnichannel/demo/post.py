"""What the past put into the outbox leaves through the real connectors, each message at its own moment."""

from datetime import timedelta

from omnichannel.demo.clock import DemoClock
from omnichannel.demo.desk import LEASE, OWNER
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import OmnichannelError
from omnichannel.domain.house import House
from omnichannel.domain.message import Outgoing, Sent
from omnichannel.domain.work import Job, Work
from omnichannel.inbox import deliver
from omnichannel.router.tell import told_instead
from omnichannel.workers.sending import hand_over

TAKES = timedelta(seconds=2)
MOST = 1000


class Post:
    """The outbox of every account, emptied."""

    def __init__(self, house: House, clock: DemoClock) -> None:
        self._house = house
        self._clock = clock

    async def deliver(self) -> None:
        """Claim all in one story, hand over one by one, note all answers in one story."""
        now = self._clock.now() + LEASE
        queues = [f"send:{account}" for account in self._house.connectors]

        def claim(work: Work) -> list[tuple[Job, Outgoing]]:
            jobs = [job for queue in queues for job in work.jobs.claim(queue, OWNER, now, LEASE, MOST)]
            begun = [(job, deliver.begin(work, job, job.run_at)) for job in jobs]
            return [(job, found[0]) for job, found in begun if found is not None]

        answers = [
            (job, await self._hand_over(job, outgoing)) for job, outgoing in await self._house.store.write(claim)
        ]

        def note(work: Work) -> None:
            for job, answer in answers:
                if isinstance(answer, Sent):
                    deliver.sent(work, job, answer, job.run_at + TAKES)
                else:
                    at = job.run_at + TAKES
                    deliver.failed(work, job, answer, at)
                    told_instead(work, self._house.office, int(job.body["message"]), self._can, at)

        await self._house.store.write(note)

    def _can(self, conversation: Conversation) -> Capabilities | None:
        return self._house.capabilities(conversation.account, conversation.surface)

    async def _hand_over(self, job: Job, outgoing: Outgoing) -> Sent | OmnichannelError:
        self._clock.hold(job.run_at + TAKES)
        try:
            return await hand_over(self._house.connector(job.queue.removeprefix("send:")), outgoing)
        except OmnichannelError as error:
            return error
