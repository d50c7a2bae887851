"""A public comment is carried over to the private desk in one move: hidden where the platform lets us, answered neutrally,
gone on with in private; and marked as solved where everybody had read it.

Nothing here promises what a platform refuses: each of the three steps says whether it can be taken, and if not, why.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from omnichannel.domain import reach
from omnichannel.domain.aside import private_thread
from omnichannel.domain.case import Case
from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.conversation import Allowance, Conversation
from omnichannel.domain.outreach import Carried, Sight
from omnichannel.domain.records import Message
from omnichannel.domain.work import Work

SOLVED_ALREADY = "Sudah ditandai selesai di tempat umum."
STILL_RUNNING = "Kasusnya belum selesai. Tandai setelah kasus ini ditutup atau dijawab."
WAITS = "Pesan pribadi sudah dikirim; kanal menunggu warga membalas di sana sebelum kita boleh menulis lagi."
UNDER_HIDDEN = "Kanal ini tidak menerima jawaban di bawah komentar yang tersembunyi."
SECRET = "Laporan rahasia tidak dibicarakan di tempat yang dapat dibaca semua orang."


class Way(StrEnum):
    """new: the one private answer that the platform allows · thread: a private thread that is open already · waits: one
    that opens again once the citizen writes there · none: the platform knows no way."""

    NEW = "new"
    THREAD = "thread"
    WAITS = "waits"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What of the move can be done for one comment now."""

    hide: Allowance
    hidden: bool
    unseen: bool
    public: Allowance
    way: Way
    why: str | None
    thread: Conversation | None
    case: Case | None
    done: Carried | None

    @property
    def possible(self) -> bool:
        """Whether there is anything to do that is not done yet."""
        return self.done is None and (self.way in (Way.NEW, Way.THREAD) or self.hide.allowed)


def plan(
    work: Work,
    public: Conversation,
    comment: Message,
    *,
    capabilities: Capabilities | None,
    direct: Capabilities | None,
    now: datetime,
) -> Plan:
    """`capabilities` are those of the public surface, `direct` those of the account's private threads."""
    veil = work.outreach.veil_of(comment.id)
    way, why, thread = _way(work, public, comment, capabilities, direct, now)
    answer = public.may_answer(capabilities, now) if capabilities else Allowance(allowed=False, reason=reach.NO_ACCOUNT)
    case = case_of(work, comment)
    hidden = veil is not None and veil.sight in (Sight.HIDING, Sight.HIDDEN)
    unseen = hidden and capabilities is not None and not capabilities.answers_hidden
    if unseen:
        answer = Allowance(allowed=False, reason=UNDER_HIDDEN)
    if case is not None and case.secret:
        answer = Allowance(allowed=False, reason=SECRET)
    return Plan(
        hide=reach.hiding(capabilities, comment, veil),
        hidden=hidden,
        unseen=unseen,
        public=answer,
        way=way,
        why=why,
        thread=thread,
        case=case,
        done=work.outreach.carried(comment.id),
    )


def solving(plan: Plan) -> Allowance:
    """Whether the comment may be marked as solved where everybody reads it."""
    if plan.done is not None and plan.done.solved_at is not None:
        return Allowance(allowed=False, reason=SOLVED_ALREADY)
    if plan.case is not None and plan.case.state.running:
        return Allowance(allowed=False, reason=STILL_RUNNING)
    secret = plan.case is not None and plan.case.secret
    return Allowance(allowed=True) if plan.unseen and not secret else plan.public


def case_of(work: Work, comment: Message) -> Case | None:
    """The citizen's case that this comment made, else their latest in the thread."""
    cases = [one for one in work.cases.of_conversation(comment.conversation_id) if one.contact_id == comment.contact_id]
    return next((one for one in cases if one.message_id == comment.id), cases[-1] if cases else None)


def _way(
    work: Work,
    public: Conversation,
    comment: Message,
    can: Capabilities | None,
    direct: Capabilities | None,
    now: datetime,
) -> tuple[Way, str | None, Conversation | None]:
    """An open thread first: it takes more than one message, and uses nothing up."""
    thread = _thread(work, public, comment)
    able = (can.private if can else None) or direct
    if thread is not None and able is not None and thread.may_answer(able, now).allowed:
        return Way.THREAD, None, thread
    given = work.outreach.answer_to(comment.id)
    allowance = reach.private_answer(can, comment, given, now)
    if allowance.allowed:
        return Way.NEW, None, thread
    return (Way.WAITS, WAITS, thread) if given is not None else (Way.NONE, allowance.reason, thread)


def _thread(work: Work, public: Conversation, comment: Message) -> Conversation | None:
    if comment.contact_id is None:
        return None
    found = private_thread(work, public, comment.contact_id)
    contact = work.contacts.get(comment.contact_id)
    if found is not None or contact is None:
        return found
    return work.conversations.find(public.account, contact.external_id, Surface.DIRECT)
