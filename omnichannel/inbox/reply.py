"""Staff answer a citizen, write a note among themselves, send again what failed, or settle what nobody is sure of."""

from collections.abc import Sequence
from datetime import datetime

from omnichannel.domain import attaching
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid, NotFound, TooLong, WindowClosed
from omnichannel.domain.length import cut
from omnichannel.domain.message import Attachment, Delivery
from omnichannel.domain.outbox import mark, queue_send, said_before, say
from omnichannel.domain.people import Staff
from omnichannel.domain.together import NudgeKind
from omnichannel.domain.work import Actor, Direction, Message, Work
from omnichannel.inbox.lifting import lift, threads_of
from omnichannel.inbox.telling import called_in, tell

LONGEST_KEY = 200
MOST_PARTS = 5
RECENT = 20  # messages among which a colleague's fresh answer is looked for


def reply(
    work: Work,
    staff: Staff,
    conversation_id: int,
    text: str,
    *,
    key: str,
    capabilities: Capabilities | None,
    now: datetime,
    reply_to: str | None = None,
    files: Sequence[Attachment] = (),
    answered: int | None = None,
) -> Message:
    """Put an answer into the outbox. The same `key` twice (a double click, a repeated POST) is one message.
    Who answers what nobody holds, holds it. `answered` is the last answer of ours that the page showed: Conflict where a
    colleague has answered since, so that no citizen gets two.

    An answer that is too long for one message leaves as several where the surface lets it; the first comes back, the last
    carries the `files`, which lie on our disk already. Invalid: nothing written, or no key. WindowClosed, TooLong: it cannot leave, and why. NotFound.
    """
    words = text.strip()
    if not words and not files:
        raise Invalid("Tulis dulu jawabannya.")
    must_be_a_key(key)
    conversation = of(work, conversation_id)
    if capabilities is None:
        raise Invalid("Akun kanal ini tidak ada lagi di konfigurasi, jadi jawaban tidak dapat dikirim.")
    known = said_before(work, conversation.id, key)
    if known is not None:
        return known
    if answered is not None:
        must_have_seen(work, staff, conversation, answered)
    attaching.check(capabilities, files)
    pieces, said = parts_of(words, capabilities), list[Message]()
    for number, piece in enumerate(pieces, start=1):
        name = key if number == 1 else f"{key}~{number}"
        under = reply_to if number == 1 else None
        carried = files if number == len(pieces) else ()
        able = capabilities
        said.append(
            say(
                work,
                conversation,
                piece,
                key=name,
                capabilities=able,
                now=now,
                staff=staff,
                reply_to=under,
                files=carried,
            )
        )
    if conversation.assignee_id is None:
        where = conversation.id
        work.note(actor(staff), "assigned", "conversation", where, at=now, conversation_id=where, after=staff.name)
    lift(work, conversation.id, now, answered=True)
    return said[0]


def must_have_seen(work: Work, staff: Staff, conversation: Conversation, answered: int) -> None:
    """Conflict when a colleague has answered since that message."""
    recent = [one for each in threads_of(work, conversation.id) for one in work.messages.thread(each, limit=RECENT)]
    recent.sort(key=lambda one: one.id)
    theirs = [one for one in recent if one.direction is Direction.OUT and one.staff_id not in (None, staff.id)]
    if theirs and theirs[-1].id > answered:
        colleague = work.people.get(theirs[-1].staff_id or 0)
        who = colleague.name if colleague else "Petugas lain"
        raise Conflict(
            f"{who} baru saja menjawab di sini. Baca dulu jawabannya; kirim lagi bila jawaban Anda masih perlu."
        )


def parts_of(text: str, capabilities: Capabilities) -> tuple[str, ...]:
    """As many messages as it takes, one where the surface wants it in one. TooLong: nobody reads that many."""
    if not capabilities.several:
        return (text,)
    found = cut(text, capabilities.text_limit, capabilities.counts)
    if len(found) > MOST_PARTS:
        raise TooLong(
            f"Jawaban ini menjadi {len(found)} pesan; paling banyak {MOST_PARTS}. Persingkat, atau kirim berkas."
        )
    return found


def note(work: Work, staff: Staff, conversation_id: int, text: str, *, key: str, now: datetime) -> Message:
    """A note that only staff read; it never leaves the house. Who is named in it (@login, @name) is told."""
    words = text.strip()
    if not words:
        raise Invalid("Catatan masih kosong.")
    must_be_a_key(key)
    conversation = of(work, conversation_id)
    known = said_before(work, conversation.id, key)
    if known is not None:
        return known
    called = called_in(work, conversation, words, staff)
    message = work.messages.add(
        conversation_id=conversation.id,
        account=conversation.account,
        external_id=f"note:{key}",
        direction=Direction.NOTE,
        text=words,
        sent_at=now,
        arrived_at=now,
        surface=conversation.surface,
        staff_id=staff.id,
        client_key=key,
    )
    work.note(actor(staff), "noted", "message", message.id, at=now, conversation_id=conversation.id)
    for one in called:
        tell(work, one, conversation, NudgeKind.MENTION, staff.name, now, words, message.id)
    return message


def resend(work: Work, staff: Staff, message_id: int, *, capabilities: Capabilities | None, now: datetime) -> Message:
    """Really send again what failed or what nobody is sure of; the person who asks has looked."""
    message, conversation = _ours(work, message_id)
    before = message.delivery
    if before is None or not before.needs_a_look:
        raise Conflict("Pesan ini tidak lagi berstatus gagal; lihat status terbarunya.")
    allowance = conversation.may_answer(capabilities, now) if capabilities else None
    if allowance is None or not (allowance.allowed or _needs_no_window(work, message)):
        raise WindowClosed((allowance and allowance.reason) or "Akun kanal ini tidak ada lagi di konfigurasi.")
    # A new name: a late receipt for the first try must not be taken for the second, which has not left yet.
    mark(work, message, Delivery.QUEUED, now, external_id=f"out:{message.client_key}:{now.timestamp():.6f}")
    queue_send(work, message, now)
    work.note(
        actor(staff),
        "resent",
        "message",
        message.id,
        at=now,
        conversation_id=conversation.id,
        before=before.value,
        after=Delivery.QUEUED.value,
    )
    return work.messages.get(message.id) or message


def settle(work: Work, staff: Staff, message_id: int, *, now: datetime) -> Message:
    """A person looked at the platform and saw that the unsure message is there."""
    message, conversation = _ours(work, message_id)
    if message.delivery is not Delivery.UNSURE:
        raise Conflict("Status pesan ini sudah pasti; lihat status terbarunya.")
    mark(work, message, Delivery.SENT, now)
    work.note(
        actor(staff),
        "settled",
        "message",
        message.id,
        at=now,
        conversation_id=conversation.id,
        before=Delivery.UNSURE.value,
        after=Delivery.SENT.value,
    )
    return work.messages.get(message.id) or message


def of(work: Work, conversation_id: int) -> Conversation:
    """The conversation, or NotFound in words for staff."""
    conversation = work.conversations.get(conversation_id)
    if conversation is None:
        raise NotFound("Percakapan itu tidak ada.")
    return conversation


def actor(staff: Staff) -> Actor:
    """A staff member in the events table."""
    return Actor(f"staff:{staff.id}", staff.name)


def _ours(work: Work, message_id: int) -> tuple[Message, Conversation]:
    message = work.messages.get(message_id)
    if message is None or message.direction is not Direction.OUT:
        raise NotFound("Pesan itu tidak ada.")
    return message, of(work, message.conversation_id)


def _needs_no_window(work: Work, message: Message) -> bool:
    """A template and a private answer to a comment leave while the reply window is shut; the platform has the last word."""
    return work.outreach.template_of(message.id) is not None or work.outreach.private_answer(message.id) is not None


def must_be_a_key(key: str) -> None:
    """The page's own mark on its form. Keys with a colon are the machine's, so that no form can pass for a notice."""
    if not key or ":" in key or len(key) > LONGEST_KEY:
        raise Invalid("Formulir ini tidak membawa kunci kirim. Muat ulang halaman, lalu kirim lagi.")
