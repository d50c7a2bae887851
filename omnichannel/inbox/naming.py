"""People whose messages bear no name: who is asked about, and what becomes of the answer."""

from datetime import datetime

from omnichannel.domain.abilities import Naming
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.message import Author
from omnichannel.domain.people import Contact
from omnichannel.domain.ports import Connector
from omnichannel.domain.work import MACHINE, Job, Work

QUEUE = "naming"
# Once a day at most; whoever still has no name after these days writes without one.
ATTEMPTS = 14
# Ids of our own making stand for people whom the platform did not name: nobody can be asked about them.
MADE_UP = ":"


def wanted(work: Work, connector: Connector, contact: Contact, conversation: Conversation, now: datetime) -> None:
    """Have a name asked for, if this citizen has none. The key keeps it to one question however often they write."""
    if contact.name or contact.handle or MADE_UP in contact.external_id or not contact.external_id:
        return
    if not isinstance(connector, Naming):
        return
    body = {"account": contact.account, "external_id": contact.external_id, "conversation": conversation.id}
    if work.jobs.put(QUEUE, body, key=f"{QUEUE}:{contact.id}", run_at=now):
        work.ring(QUEUE)


def learn(work: Work, job: Job, found: Author | None, now: datetime) -> None:
    """The answer: a name for the row, or nothing for good (the dead job keeps us from asking with every message)."""
    if found is None:
        work.jobs.bury(job, "platform tidak menyebut nama")
        return
    conversation = work.conversations.get(int(job.body["conversation"]))
    if not work.jobs.done(job) or conversation is None:
        return
    account, external_id = str(job.body["account"]), str(job.body["external_id"])
    known = work.contacts.meet(account, conversation.channel, Author(id=external_id), now)
    after = work.contacts.meet(
        account, conversation.channel, Author(id=external_id, name=found.name, handle=found.handle), now
    )
    work.note(
        MACHINE, "named", "contact", after.id, at=now, conversation_id=conversation.id, before=known.label,
        after=after.label,
    )  # fmt: skip


def postpone(work: Work, job: Job, at: datetime, why: str, *, counts: bool = True) -> None:
    """Ask again then, a bounded number of times."""
    if counts and job.attempts >= ATTEMPTS:
        work.jobs.bury(job, why)
    else:
        work.jobs.retry(job, at, why)
