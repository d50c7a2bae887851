"""A public comment goes on in private: the one direct message that the platform allows, and the thread it opens."""

from dataclasses import replace
from datetime import datetime

from omnichannel.domain import pasted, reach
from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.errors import Conflict, NotFound, TooLong, WindowClosed
from omnichannel.domain.length import length
from omnichannel.domain.outbox import say
from omnichannel.domain.outreach import PrivateAnswer
from omnichannel.domain.people import Contact, Staff
from omnichannel.domain.work import MACHINE, Actor, Message, Work

TAKEN = "Komentar ini baru saja dibalas secara pribadi oleh orang lain."


def answer_aside(
    work: Work,
    comment: Message,
    text: str,
    *,
    key: str,
    capabilities: Capabilities | None,
    now: datetime,
    staff: Staff | None = None,
) -> Message:
    """Queue the private answer to a comment; `staff` None means the machine gives it.

    The same `key` twice is one answer. WindowClosed: used up, too old, or the channel has none; TooLong. Conflict: the
    key belongs to another message, or somebody was faster.
    """
    known = work.messages.by_client_key(key)
    given = work.outreach.answer_to(comment.id)
    if known is not None:
        if given is not None and given.message_id == known.id:
            return known
        raise Conflict("Kunci formulir ini sudah dipakai untuk pesan lain. Muat ulang halaman, lalu kirim lagi.")
    allowance = reach.private_answer(capabilities, comment, given, now)
    can = capabilities.private if capabilities else None
    if staff is None and pasted.was(work, comment.conversation_id):
        raise WindowClosed(pasted.WITHHELD)
    if not allowance.allowed or can is None:
        raise WindowClosed(allowance.reason or reach.NO_PRIVATE)
    if (long := length(text, can.counts)) > can.text_limit:
        raise TooLong(f"Teks {long} huruf; kanal ini menerima paling banyak {can.text_limit}.")
    public = work.conversations.get(comment.conversation_id)
    contact = work.contacts.get(comment.contact_id) if comment.contact_id else None
    if public is None or contact is None:
        raise NotFound("Penulis komentar itu tidak dikenal.")
    private = _thread(work, public, contact, comment, now)
    made = say(work, private, text, key=key, capabilities=can, now=now, staff=staff, vouched=True)
    if not work.outreach.answer_privately(PrivateAnswer(comment.id, made.id, private.id, public.id)):
        raise Conflict(TAKEN)
    _note(work, comment, private, staff, now)
    return made


def private_thread(work: Work, public: Conversation, contact_id: int) -> Conversation | None:
    """Where this citizen's comments in a public thread already go on in private; the latest such thread."""
    for answer in reversed(work.outreach.answers_from(public.id)):
        comment = work.messages.get(answer.comment_id)
        if comment is not None and comment.contact_id == contact_id:
            return work.conversations.get(answer.conversation_id)
    return None


def _thread(work: Work, public: Conversation, contact: Contact, comment: Message, now: datetime) -> Conversation:
    """The citizen's direct thread, or a new one that shows the comment's case from the start."""
    found = work.conversations.find(public.account, contact.external_id, Surface.DIRECT)
    if found is not None:
        return found
    made = work.conversations.add(
        account=public.account,
        channel=public.channel,
        surface=Surface.DIRECT,
        external_id=contact.external_id,
        contact_id=contact.id,
        at=now,
        unit=public.unit,
    )
    after = replace(made, state=ConversationState.WAITING, assignee_id=public.assignee_id)
    mine = [case for case in work.cases.of_conversation(public.id) if case.contact_id == contact.id]
    case = next((one for one in mine if one.message_id == comment.id), mine[-1] if mine else None)
    if case is not None:
        after = replace(after, case_id=case.id, confidence=case.confidence, topic=case.topic, unit=case.unit)
        after = replace(after, kind=case.kind.value, queue=case.queue.value)
    return work.conversations.save(made, after)


def _note(work: Work, comment: Message, private: Conversation, staff: Staff | None, now: datetime) -> None:
    actor = Actor(f"staff:{staff.id}", staff.name) if staff else MACHINE
    where = comment.conversation_id
    work.note(actor, "answered_aside", "message", comment.id, at=now, conversation_id=where, after=str(private.id))
    work.note(actor, "opened_aside", "conversation", private.id, at=now, conversation_id=private.id, before=str(where))
