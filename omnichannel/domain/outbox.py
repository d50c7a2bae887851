"""The one way in which a message of ours gets into the outbox, whoever wrote it: staff, a notice, the 112 alarm."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from omnichannel.domain import pasted
from omnichannel.domain.channel import Capabilities, Late, Surface
from omnichannel.domain.conversation import Allowance, Conversation, ConversationState
from omnichannel.domain.errors import Conflict, TooLong, WindowClosed
from omnichannel.domain.length import cut, length
from omnichannel.domain.message import Attachment, Delivery
from omnichannel.domain.people import Staff
from omnichannel.domain.privacy import mask
from omnichannel.domain.work import MACHINE, Actor, Direction, Message, Work

PREVIEW = 140
TELLING = re.compile(r"[\d@]")  # without these nobody is identified by number, address or plate
AUTOMATIC_PER_HOUR = 6  # Two machines answering each other stop here; a citizen never needs more notices in an hour.
LOOK_BACK = 60  # messages a page
SAID_HERE = "Kalimat yang sama sudah ada di utas ini; kanal menolak kalimat yang diulang."


def say(
    work: Work,
    conversation: Conversation,
    text: str,
    *,
    key: str,
    capabilities: Capabilities,
    now: datetime,
    staff: Staff | None = None,
    reply_to: str | None = None,
    vouched: bool = False,
    urgent: bool = False,
    files: Sequence[Attachment] = (),
) -> Message:
    """Queue one message for the citizen of this conversation; `staff` None means the machine says it.

    `key` is the client's: used twice, the first message comes back and nothing is sent again. `vouched`: the caller has
    seen to it that the platform will take it (a template, a private answer). `urgent` passes what else waits.
    WindowClosed, TooLong: known before the network, so that nothing looks sent that cannot be.
    Conflict: the key belongs to a message of another conversation.
    """
    known = said_before(work, conversation.id, key)
    if known is not None:
        return known
    if not vouched:
        _must_fit(conversation.may_answer(capabilities, now), capabilities, text, automatic=staff is None)
    message = work.messages.add(
        conversation_id=conversation.id,
        account=conversation.account,
        external_id=f"out:{key}",
        direction=Direction.OUT,
        text=text,
        sent_at=now,
        arrived_at=now,
        surface=conversation.surface,
        contact_id=conversation.contact_id,
        staff_id=staff.id if staff else None,
        subject=conversation.subject if capabilities.subject else None,
        reply_to=reply_to or _answered(work, conversation),
        automatic=staff is None,
        delivery=Delivery.QUEUED,
        client_key=key,
    )
    kept = work.messages.add_files(message.id, files)
    message = replace(message, files=tuple(kept))
    (queue_urgent if urgent else queue_send)(work, message, now)
    _show(work, conversation, message, staff, now)
    actor = Actor(f"staff:{staff.id}", staff.name) if staff else MACHINE
    work.note(actor, "queued", "message", message.id, at=now, conversation_id=conversation.id)
    return message


def _answered(work: Work, conversation: Conversation) -> str | None:
    """In public an answer hangs under the citizen's latest words, so that they are told of it; in private it just follows."""
    if conversation.surface is not Surface.PUBLIC:
        return None
    recent = work.messages.thread(conversation.id, limit=20)
    return next((one.external_id for one in reversed(recent) if one.direction is Direction.IN), None)


def said_before(work: Work, conversation_id: int, key: str) -> Message | None:
    """The message that already bears this client key. Conflict when it lies in another conversation."""
    known = work.messages.by_client_key(key)
    if known is not None and known.conversation_id != conversation_id:
        raise Conflict("Kunci formulir ini sudah dipakai di percakapan lain. Muat ulang halaman, lalu kirim lagi.")
    return known


def notify(
    work: Work,
    conversation: Conversation,
    text: str,
    *,
    key: str,
    capabilities: Capabilities | None,
    now: datetime,
    urgent: bool = False,
    to: Message | None = None,
) -> Message | None:
    """An automatic notice, if one may be sent: never in a loop, never outside the window. None says it was not.

    `to` is the citizen's message that it answers: in public it stands under that one, whoever has written since. A word about danger to life (`urgent`) is counted in no loop: whoever raises it does so once a conversation.
    """
    known = said_before(work, conversation.id, key)
    if known is not None:
        return known
    if capabilities is not None and (capabilities.by_hand or capabilities.silent):
        return None  # Nobody would hear it: the receipt is printed or read out, and staff write down what they said.
    words = text if capabilities is None or capabilities.repeats else _to_one(work, conversation, to, text)
    if capabilities is None:
        why = "Akun kanal ini tidak ada lagi di konfigurasi."
    elif not capabilities.repeats and _said_here(work, conversation, words):
        why = SAID_HERE
    elif not urgent and conversation.surface is Surface.PUBLIC and pasted.was(work, conversation.id):
        why = pasted.WITHHELD
    elif not urgent and too_chatty(work, conversation, now):
        why = f"Sudah {AUTOMATIC_PER_HOUR} kabar otomatis dalam satu jam."
    else:
        try:
            return _say_whole(work, conversation, words, key, capabilities, now, urgent=urgent, to=to)
        except (WindowClosed, TooLong) as refusal:
            why = refusal.reason
    where = conversation.id
    work.note(MACHINE, "notice_withheld", "conversation", where, at=now, conversation_id=where, why=why)
    return None


def _to_one(work: Work, conversation: Conversation, to: Message | None, text: str) -> str:
    """Where the same words are refused the second time, they begin with the name of whoever they are for: the same notice
    to two citizens, of which the second hears nothing, would be worse than no notice at all."""
    number = to.contact_id if to is not None and to.contact_id is not None else conversation.contact_id
    contact = work.contacts.get(number)
    return f"@{contact.handle} {text}" if contact is not None and contact.handle else text


def _said_here(work: Work, conversation: Conversation, text: str) -> bool:
    """Whether this stands here already, word for word."""
    recent = work.messages.thread(conversation.id, limit=LOOK_BACK)
    return any(one.direction is Direction.OUT and one.text == text for one in recent)


def _say_whole(
    work: Work,
    conversation: Conversation,
    text: str,
    key: str,
    can: Capabilities,
    now: datetime,
    *,
    urgent: bool,
    to: Message | None,
) -> Message:
    """As several messages where one is too short and the surface takes more; the first comes back."""
    parts = cut(text, can.text_limit, can.counts) if can.several else (text,)
    names = [key, *(f"{key}~{number}" for number in range(2, len(parts) + 1))]
    under = to.external_id if to is not None and conversation.surface is Surface.PUBLIC else None
    said = [
        say(work, conversation, part, key=name, capabilities=can, now=now, urgent=urgent, reply_to=under)
        for name, part in zip(names, parts, strict=True)
    ]
    return said[0]


def queue_send(work: Work, message: Message, now: datetime) -> None:
    """One sending job a message; an account's jobs lie in a queue of their own, so that one broken account blocks no other."""
    work.jobs.put(send_queue(message.account), {"message": message.id}, key=f"send:{message.id}", run_at=now)
    work.ring("sending")


def queue_urgent(work: Work, message: Message, now: datetime) -> None:
    """The same for a word about danger to life: it passes everything else that the account still has to send."""
    work.jobs.put(urgent_queue(message.account), {"message": message.id}, key=f"send:{message.id}", run_at=now)
    work.ring("sending")


def send_queue(account: str) -> str:
    """The queue of an account's ordinary messages."""
    return f"send:{account}"


def urgent_queue(account: str) -> str:
    """The queue that the account's sender looks into first."""
    return f"send-first:{account}"


def mark(
    work: Work,
    message: Message,
    delivery: Delivery,
    now: datetime,
    *,
    error: str | None = None,
    external_id: str | None = None,
    mail_id: str | None = None,
) -> None:
    """Write a delivery state; the conversation's count of failed sends follows by the difference, so it cannot drift."""
    work.messages.set_delivery(message.id, delivery, now, error=error, external_id=external_id, mail_id=mail_id)
    step = delivery.needs_a_look - (message.delivery is not None and message.delivery.needs_a_look)
    conversation = work.conversations.get(message.conversation_id) if step else None
    if conversation is not None:
        work.conversations.save(conversation, replace(conversation, failed=max(0, conversation.failed + step)))


def preview(text: str) -> str:
    """One line for the list. Masked before it is cut, for a list is read over many a shoulder (UU 27/2022, Pasal 35)."""
    line = " ".join((mask(text) if TELLING.search(text) else text).split())
    return line if len(line) <= PREVIEW else line[: PREVIEW - 1].rstrip() + "…"


def _must_fit(allowance: Allowance, capabilities: Capabilities, text: str, *, automatic: bool) -> None:
    if not allowance.allowed:
        raise WindowClosed(allowance.reason or "Jendela balas sudah tertutup.")
    if automatic and allowance.late is Late.HUMAN_TAG:
        # What the platform lets through late, it lets through because a person answers.
        raise WindowClosed("Jendela balas sudah tertutup untuk kabar otomatis; petugas masih dapat menjawab.")
    if (long := length(text, capabilities.counts)) > capabilities.text_limit:
        raise TooLong(f"Teks {long} huruf; kanal ini menerima paling banyak {capabilities.text_limit}.")


def _show(work: Work, seen: Conversation, message: Message, staff: Staff | None, now: datetime) -> None:
    conversation = work.conversations.get(seen.id) or seen
    after = replace(
        conversation, last_at=max(now, conversation.last_at), preview=preview(message.text or _of_files(message))
    )
    if staff is not None:
        # A person answered: nothing is unread any more, and it is the citizen's turn.
        after = replace(
            after,
            unread=0,
            state=ConversationState.WAITING,
            snoozed_until=None,
            assignee_id=conversation.assignee_id or staff.id,
        )
        work.conversations.save(conversation, after)
        return
    # A notice by the machine must not hide the citizen's own words in the list.
    if conversation.last_in_at is None:
        work.conversations.save(conversation, after)


def _of_files(message: Message) -> str:
    return message.files[0].name or "Berkas" if message.files else ""


def too_chatty(work: Work, conversation: Conversation, now: datetime) -> bool:
    """Page by page back to an hour ago: a chatty machine on the other side must not push our own notices out of sight."""
    since, count, before = now - timedelta(hours=1), 0, None
    while True:
        page = work.messages.thread(conversation.id, before_id=before, limit=LOOK_BACK)
        count += sum(one.automatic and one.arrived_at > since for one in page)
        if count >= AUTOMATIC_PER_HOUR:
            return True
        if len(page) < LOOK_BACK or page[0].arrived_at <= since:
            return False
        before = page[0].id
