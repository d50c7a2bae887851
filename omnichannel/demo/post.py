"""What the past put into the outbox leaves through the real connectors, each message at its own moment."""

from collections.abc import Sequence
from datetime import timedelta

from omnichannel.demo.clock import DemoClock
from omnichannel.demo.desk import LEASE, OWNER
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import OmnichannelError
from omnichannel.domain.house import House
from omnichannel.domain.message import Outgoing, OutgoingFile, Sent
from omnichannel.domain.outbox import send_queue, urgent_queue
from omnichannel.domain.work import File, Job, Work
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
        queues = [queue(account) for account in self._house.connectors for queue in (urgent_queue, send_queue)]

        def claim(work: Work) -> list[tuple[Job, Outgoing, Sequence[File]]]:
            jobs = [job for queue in queues for job in work.jobs.claim(queue, OWNER, now, LEASE, MOST)]
            begun = [(job, deliver.begin(work, job, job.run_at)) for job in jobs]
            return [(job, *found) for job, found in begun if found is not None]

        answers = [
            (job, await self._hand_over(job, self._with_files(outgoing, files)))
            for job, outgoing, files in await self._house.store.write(claim)
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

    def _with_files(self, outgoing: Outgoing, files: Sequence[File]) -> Outgoing:
        """Letters lie on the disk of this machine: reading them takes no time worth a thread."""
        read = self._house.files.read
        held = [
            OutgoingFile(name=file.name or "berkas", media_type=file.media_type, content=read(file.sha256))
            for file in files
            if file.sha256 is not None
        ]
        return deliver.with_files(outgoing, held)

    async def _hand_over(self, job: Job, outgoing: Outgoing) -> Sent | OmnichannelError:
        self._clock.hold(job.run_at + TAKES)
        try:
            return await hand_over(self._house.connector(job.queue.partition(":")[2]), outgoing)
        except OmnichannelError as error:
            return error
