"""The post above a public thread: asked for once, when the first comment under it comes."""

from datetime import datetime

from omnichannel.domain.abilities import Heading
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.message import Event
from omnichannel.domain.ports import Connector
from omnichannel.domain.posts import Post
from omnichannel.domain.work import MACHINE, Job, Work

QUEUE = "heading"
ATTEMPTS = 6  # a day apart where the platform refuses; a thread without its post can be answered all the same
LINK = "permalink"  # in an event's `extra`: what a webhook tells of the post


def wanted(work: Work, connector: Connector, event: Event, conversation: Conversation, now: datetime) -> None:
    """Have the post of a public thread asked for. A thread that begins with the post itself (a visitor's own, or ours,
    told by webhook) shows it already."""
    if conversation.surface is not Surface.PUBLIC or not isinstance(connector, Heading):
        return
    account, thread = conversation.account, conversation.external_id
    if event.external_id == thread or work.messages.by_external(account, thread) is not None:
        return
    if work.posts.get(account, thread) is None and event.extra.get(LINK):
        work.posts.keep(account, thread, Post(link=event.extra[LINK]), now)
    body = {"account": account, "thread": thread, "conversation": conversation.id}
    if work.jobs.put(QUEUE, body, key=f"{QUEUE}:{account}:{thread}", run_at=now):
        work.ring(QUEUE)


def learn(work: Work, job: Job, found: Post | None, now: datetime) -> None:
    """The answer. The dead job keeps us from asking again with every comment."""
    if found is not None:
        account, thread, number = str(job.body["account"]), str(job.body["thread"]), int(job.body["conversation"])
        known = work.posts.get(account, thread)
        link = found.link or (known.link if known else None)
        work.posts.keep(account, thread, Post(found.text, link, found.kind, found.at), now)
        work.note(MACHINE, "post_known", "conversation", number, at=now, conversation_id=number)
    work.jobs.bury(job, "kirimannya sudah diketahui" if found else "platform tidak menyebut kirimannya")


def postpone(work: Work, job: Job, at: datetime, why: str) -> None:
    """Ask again then, a bounded number of times."""
    if job.attempts >= ATTEMPTS:
        work.jobs.bury(job, why)
    else:
        work.jobs.retry(job, at, why)
