"""Small things that a platform is asked to do beside sending: show that a message was read, hide a comment.

They lie in a queue of the account, are never in the way of a message, and are tried a few times. What cannot be done is
told where somebody waits for it: at the comment. A read mark nobody waits for is dropped.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from omnichannel.domain.channel import Address, Capabilities, Health
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import AccountBroken, OmnichannelError, TryLater
from omnichannel.domain.message import Delivery
from omnichannel.domain.outreach import Sight, Veil
from omnichannel.domain.work import MACHINE, Direction, Job, Message, Work
from omnichannel.inbox.deliver import ON_SENDING

READ, HIDE, SHOW = "read", "hide", "show"
SHORTEST, LONGEST = timedelta(seconds=5), timedelta(minutes=5)
READ_TRIES = 3
GIVE_UP = timedelta(hours=3)  # then the officer must know that the comment still stands there
LOOK_BACK = 30
ANSWER_FIRST, WAITS_FOR_ANSWER = timedelta(seconds=1), timedelta(minutes=2)
NO_ANSWER = "Platform tidak menjawab sebagaimana mestinya."
DONE = {Sight.HIDING: Sight.HIDDEN, Sight.SHOWING: Sight.SHOWN}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to ask of the platform: about which of its messages, in which thread of its."""

    what: str
    message_id: int
    external_id: str
    address: Address


def queue_of(account: str) -> str:
    """The account's own queue."""
    return f"act:{account}"


def put_read(work: Work, conversation: Conversation, capabilities: Capabilities | None, now: datetime) -> bool:
    """The citizen's words have been read here: tell the platform where it can show so. One job a conversation."""
    if capabilities is None or not capabilities.read_marks or conversation.last_in_at is None:
        return False
    body, key = {"act": READ, "conversation": conversation.id}, f"read:{conversation.id}"
    put = work.jobs.put(queue_of(conversation.account), body, key=key, run_at=now)
    if put:
        work.ring("acting")
    return put


def put_veil(work: Work, comment: Message, now: datetime, *, after: Message | None = None) -> None:
    """One job a comment; it does what was asked last. `after`: an answer of ours that must be there first, because the
    platform takes none under a hidden comment."""
    body = {"act": "veil", "message": comment.id} | ({"after": after.id} if after is not None else {})
    work.jobs.put(queue_of(comment.account), body, key=f"veil:{comment.id}", run_at=now)
    work.ring("acting")


def begin(work: Work, job: Job, now: datetime) -> Act | None:
    """What to ask of the platform now; None when there is nothing (more) to do, and the job is done, or not yet."""
    if _too_early(work, job, now):
        work.jobs.retry(job, now + ANSWER_FIRST, "menunggu jawaban di bawahnya")
        return None
    act = _reading(work, job) if job.body["act"] == READ else _veiling(work, job)
    if act is None:
        work.jobs.done(job)
    return act


def finished(work: Work, job: Job, act: Act, now: datetime) -> None:
    """The platform did it."""
    if not work.jobs.done(job):
        return
    if act.what == READ:
        newest = _newest(work, int(job.body["conversation"]))
        conversation = work.conversations.get(int(job.body["conversation"]))
        if newest is not None and conversation is not None and newest.id != act.message_id and not conversation.unread:
            work.jobs.put(job.queue, dict(job.body), key=job.key, run_at=now)
        return
    veil, comment = work.outreach.veil_of(act.message_id), work.messages.get(act.message_id)
    if veil is None or comment is None:
        return
    if _word(veil.sight) != act.what:
        put_veil(work, comment, now)  # The officer thought otherwise in between.
        return
    after = DONE.get(veil.sight, veil.sight)
    work.outreach.veil(replace(veil, sight=after, at=now, error=None))
    where = comment.conversation_id
    work.note(MACHINE, after.value, "message", comment.id, at=now, conversation_id=where)


def failed(work: Work, job: Job, act: Act, error: Exception, now: datetime) -> None:
    """Later, or not at all. Only a comment's officer waits for an answer."""
    if isinstance(error, AccountBroken):
        account, reason = job.queue.removeprefix(queue_of("")), ON_SENDING + error.reason
        if work.accounts.set_health(account, Health.BROKEN, reason, now):
            work.note(MACHINE, "account_broken", "account", 0, at=now, why=f"{account}: {error.reason}")
    why = str(error) if isinstance(error, OmnichannelError) else f"{type(error).__name__}: {NO_ANSWER}"
    veil, comment = work.outreach.veil_of(act.message_id), work.messages.get(act.message_id)
    if _worth_trying(job, act, error, veil, now):
        work.jobs.retry(job, now + _pause(job, error), why)
        return
    if not work.jobs.done(job) or act.what == READ:
        return
    if veil is not None and comment is not None:
        before = Sight.SHOWN if veil.sight is Sight.HIDING else Sight.HIDDEN
        work.outreach.veil(replace(veil, sight=before, at=now, error=why))
        where = comment.conversation_id
        work.note(MACHINE, "veil_failed", "message", comment.id, at=now, conversation_id=where, why=why)


def _worth_trying(job: Job, act: Act, error: Exception, veil: Veil | None, now: datetime) -> bool:
    if act.what == READ:
        return isinstance(error, TryLater) and job.attempts < READ_TRIES
    return isinstance(error, TryLater | AccountBroken) and veil is not None and now - veil.at < GIVE_UP


def _pause(job: Job, error: Exception) -> timedelta:
    asked = error.after if isinstance(error, TryLater) else LONGEST
    return max(SHORTEST, asked or min(SHORTEST * 2 ** min(job.attempts - 1, 10), LONGEST))


def _too_early(work: Work, job: Job, now: datetime) -> bool:
    """Whether the answer under the comment is still on its way. Personal data does not wait long for it."""
    answer = work.messages.get(int(job.body["after"])) if job.body.get("after") else None
    veil = work.outreach.veil_of(int(job.body["message"])) if answer is not None else None
    if answer is None or veil is None or now - veil.at > WAITS_FOR_ANSWER:
        return False
    return answer.delivery in (Delivery.QUEUED, Delivery.SENDING)


def _reading(work: Work, job: Job) -> Act | None:
    conversation = work.conversations.get(int(job.body["conversation"]))
    newest = _newest(work, conversation.id) if conversation else None
    return _act(work, READ, conversation, newest)


def _veiling(work: Work, job: Job) -> Act | None:
    comment = work.messages.get(int(job.body["message"]))
    veil = work.outreach.veil_of(comment.id) if comment else None
    if comment is None or veil is None or veil.sight not in DONE:
        return None
    return _act(work, _word(veil.sight), work.conversations.get(comment.conversation_id), comment)


def _act(work: Work, what: str, conversation: Conversation | None, message: Message | None) -> Act | None:
    contact = work.contacts.get(conversation.contact_id) if conversation else None
    if conversation is None or contact is None or message is None:
        return None
    return Act(what, message.id, message.external_id, conversation.address(contact.external_id))


def _newest(work: Work, conversation_id: int) -> Message | None:
    """The citizen's latest words."""
    page = work.messages.thread(conversation_id, limit=LOOK_BACK)
    return next((one for one in reversed(page) if one.direction is Direction.IN and one.auto is None), None)


def _word(sight: Sight) -> str:
    return HIDE if sight in (Sight.HIDING, Sight.HIDDEN) else SHOW


def alarmed(work: Work, conversation_id: int) -> bool:
    """Whether its alarm still waits for somebody to acknowledge it."""
    return any(alarm.conversation_id == conversation_id for alarm in work.alarms.open())
