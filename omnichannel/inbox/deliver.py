"""An outbox row on its way: claimed, handed to the platform, and what the platform said.

The claim is a commit of its own. If we die between the claim and the answer, the next owner of the job finds the message
in `sending`: it may be at the citizen's or not, so it becomes `unsure` and a person decides. It is never sent blindly again.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from omnichannel.domain.channel import Capabilities, Health, Surface
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.errors import AccountBroken, NotFound, Refused, TryLater, Unsure
from omnichannel.domain.message import Delivery, Outgoing, OutgoingFile, Sent
from omnichannel.domain.outbox import mark
from omnichannel.domain.reach import is_late
from omnichannel.domain.work import MACHINE, Direction, File, Job, Message, Work
from omnichannel.inbox.quoting import below

Ability = Callable[[str, Surface], Capabilities | None]

CUT_OFF = "Pengiriman terputus di tengah jalan. Lihat di kanal apakah pesan sudah sampai, lalu pilih."
NO_ACCOUNT = "Akun kanal ini tidak ada lagi di konfigurasi."
RETRY_FIRST = timedelta(seconds=5)
RETRY_LONGEST = timedelta(minutes=5)
SHORTEST = timedelta(seconds=1)
GIVE_UP = timedelta(hours=3)  # Then a person must know that it did not leave.
TRIES = 3  # But what has only waited behind a broken account is first tried: it leaves once the account is mended.
TRAIL = 20  # Message-IDs; a header of hundreds is refused by some servers, and the last ones decide the thread
ON_SENDING = "Kirim: "  # begins an account's trouble that sending found, so that a good poll does not hide it
IN_OUR_HANDS = (Delivery.QUEUED, Delivery.SENDING)


def begin(
    work: Work, job: Job, now: datetime, ability: Ability = lambda account, surface: None, zone: tzinfo = UTC
) -> tuple[Outgoing, Sequence[File]] | None:
    """Claimed: mark the message `sending` and say what to send; None when there is nothing (more) to do.

    `ability` tells what a surface can do: only now is it known whether the reply window is still open. `zone` is the
    office's, for the hours that a letter's history names.
    """
    message = work.messages.get(int(job.body["message"]))
    if message is not None and message.delivery is Delivery.QUEUED and message.direction is Direction.OUT:
        mark(work, message, Delivery.SENDING, now)
        return _outgoing(work, message, ability, now, zone), message.files
    if work.jobs.done(job) and message is not None and message.delivery is Delivery.SENDING:
        _unsure(work, message, CUT_OFF, now)
    return None


def with_files(outgoing: Outgoing, files: Sequence[OutgoingFile]) -> Outgoing:
    """The same, with the bytes read from disk outside the transaction."""
    return replace(outgoing, files=tuple(files))


def sent(work: Work, job: Job, answer: Sent, now: datetime) -> None:
    """The platform has it. Recorded even when the lease was lost: we know, and the other owner does not."""
    work.jobs.done(job)
    message = work.messages.get(int(job.body["message"]))
    if message is None or message.delivery is None:
        return
    _account_works(work, message.account, now)
    if message.delivery.after(Delivery.SENT) is not Delivery.SENT:
        return  # A receipt was faster and knows more.
    work_id: str | None = answer.external_id
    known = work.messages.by_external(message.account, answer.external_id)
    if known is not None and known.id != message.id:
        # An echo in other words (shortened, reformatted) was faster and bears the platform's id already.
        work_id = None
    mark(work, message, Delivery.SENT, answer.at or now, external_id=work_id, mail_id=answer.message_id)
    _note(work, message, "sent", now, after=Delivery.SENT)
    if answer.thread is not None:
        _settle_thread(work, message, answer.thread)


def failed(work: Work, job: Job, error: Exception, now: datetime) -> timedelta | None:
    """What went wrong decides: wait and try again, a person looks, the writer changes it, the administrator mends the account.

    Returns how long the whole account should rest, None when the others may go on.
    """
    message = work.messages.get(int(job.body["message"]))
    if isinstance(error, AccountBroken):
        _account_is_broken(work, message, error, now)
    if message is None or message.delivery not in (*IN_OUR_HANDS, Delivery.UNSURE):
        # Something surer came in between: an echo or a receipt says that it is there.
        work.jobs.done(job)
    elif isinstance(error, TryLater):
        return _later(work, job, message, error, now)
    elif isinstance(error, AccountBroken):
        # The account is at fault, so for the message this was no attempt.
        _wait_again(work, message, error.reason, now, work.jobs.release(job))
    elif isinstance(error, Refused):
        # Sure knowledge, even from an owner who came late.
        work.jobs.done(job)
        _fail(work, message, error.reason, now)
    elif work.jobs.done(job):
        # Unsure, or a fault of ours after the claim: nobody can say whether bytes left.
        reason = error.reason if isinstance(error, Unsure) else f"{type(error).__name__}: {CUT_OFF}"
        _unsure(work, message, reason, now)
    return RETRY_LONGEST if isinstance(error, AccountBroken) else None


def orphaned(work: Work, job: Job, now: datetime) -> None:
    """A message whose account left the configuration: its writer must know that it will not leave."""
    message = work.messages.get(int(job.body["message"]))
    if not work.jobs.done(job) or message is None:
        return
    if message.delivery is Delivery.SENDING:
        _unsure(work, message, CUT_OFF, now)
    elif message.delivery is Delivery.QUEUED:
        _fail(work, message, NO_ACCOUNT, now)


def _later(work: Work, job: Job, message: Message, error: TryLater, now: datetime) -> timedelta | None:
    """Back into the queue at its own old place, so that two messages to one citizen never change order."""
    if now - job.run_at >= GIVE_UP and job.attempts >= TRIES:
        if work.jobs.done(job):
            hours = int(GIVE_UP / timedelta(hours=1))
            _fail(work, message, f"Tidak berhasil dikirim selama {hours} jam: {error.reason}", now)
        return None
    _wait_again(work, message, error.reason, now, work.jobs.retry(job, job.run_at, error.reason))
    return max(SHORTEST, error.after or min(RETRY_FIRST * 2 ** min(job.attempts - 1, 10), RETRY_LONGEST))


def _wait_again(work: Work, message: Message, reason: str, now: datetime, ours: bool) -> None:
    """Queued once more, unless the claim was somebody else's by then (`ours`)."""
    if ours and message.delivery in IN_OUR_HANDS:
        mark(work, message, Delivery.QUEUED, now, error=reason)


def _account_is_broken(work: Work, message: Message | None, error: AccountBroken, now: datetime) -> None:
    if message is None:
        return
    if work.accounts.set_health(message.account, Health.BROKEN, ON_SENDING + error.reason, now):
        work.note(MACHINE, "account_broken", "account", 0, at=now, why=f"{message.account}: {error.reason}")


def _account_works(work: Work, account: str, now: datetime) -> None:
    """A message left: whatever trouble sending had is over."""
    work.accounts.count(account, out_at=now)
    state = work.accounts.get(account)
    if state is not None and (state.error or "").startswith(ON_SENDING):
        work.accounts.set_health(account, Health.WELL, None, now)
        work.note(MACHINE, "account_well", "account", 0, at=now, why=account)


def _fail(work: Work, message: Message, reason: str, now: datetime) -> None:
    mark(work, message, Delivery.FAILED, now, error=reason)
    work.accounts.count(message.account, failed=1)
    _note(work, message, "failed", now, after=Delivery.FAILED, why=reason)


def _unsure(work: Work, message: Message, reason: str, now: datetime) -> None:
    mark(work, message, Delivery.UNSURE, now, error=reason)
    _note(work, message, "unsure", now, after=Delivery.UNSURE, why=reason)


def _note(work: Work, message: Message, verb: str, now: datetime, *, after: Delivery, why: str | None = None) -> None:
    work.note(
        MACHINE,
        verb,
        "message",
        message.id,
        at=now,
        conversation_id=message.conversation_id,
        after=after.value,
        why=why,
    )


def _settle_thread(work: Work, message: Message, thread: str) -> None:
    """A private answer opened a thread whose name only the platform knew. Where we have that thread already, the message
    belongs there."""
    answer = work.outreach.private_answer(message.id)
    ours = work.conversations.get(message.conversation_id) if answer else None
    if ours is None or ours.external_id == thread:
        return
    real = work.conversations.find(ours.account, thread, ours.surface)
    if real is None and ours.last_in_at is None:
        work.outreach.rename_thread(ours.id, thread)
    elif real is not None:
        work.outreach.move_answer(message.id, real.id)
        if ours.last_in_at is None:
            work.conversations.save(ours, replace(ours, state=ConversationState.RESOLVED))


def _private_to(work: Work, message: Message) -> str | None:
    """The platform's id of the comment to which this is the private answer."""
    answer = work.outreach.private_answer(message.id)
    comment = work.messages.get(answer.comment_id) if answer else None
    return comment.external_id if comment else None


def _outgoing(work: Work, message: Message, ability: Ability, now: datetime, zone: tzinfo) -> Outgoing:
    conversation = work.conversations.get(message.conversation_id)
    if conversation is None:
        raise NotFound("Percakapan pesan ini hilang.")
    contact = work.contacts.get(conversation.contact_id)
    trail = work.messages.mail_trail(conversation.id)
    able = ability(message.account, conversation.surface)
    return Outgoing(
        key=message.client_key or str(message.id),
        address=conversation.address(contact.external_id if contact else ""),
        text=message.text,
        subject=_answering(message.subject),
        reply_to=message.reply_to or (trail[-1] if trail else None),
        references=tuple(trail if len(trail) <= TRAIL else [trail[0], *trail[1 - TRAIL :]]),
        token=conversation.token,
        automatic=message.automatic,
        template=work.outreach.template_of(message.id),
        private_to=_private_to(work, message),
        late=is_late(able, conversation, now),
        quoted=below(work, message, conversation, able, zone),
    )


def _answering(subject: str | None) -> str | None:
    return subject if not subject or subject.lower().startswith("re:") else f"Re: {subject}"
