"""A citizen's message finds its thread: a new conversation or the one it belongs to, its files, its album."""

from dataclasses import replace
from datetime import datetime

from omnichannel.domain import pasted, stated
from omnichannel.domain.asking import asked_in
from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.conversation import Conversation, ConversationState, shuts_at
from omnichannel.domain.deadline import received_at
from omnichannel.domain.message import OVERHEARD, Auto, Delivery, Event, EventType
from omnichannel.domain.outbox import preview
from omnichannel.domain.people import Contact
from omnichannel.domain.ports import Connector
from omnichannel.domain.work import Actor, Direction, Entry, FileState, Message, Work
from omnichannel.inbox import belonging, heading, naming
from omnichannel.inbox.afterwards import our_mail, tick
from omnichannel.inbox.lifting import lift

FIRST_WORDS = 4000  # characters of a late original in the history; the ledger has all of it
KINDS = {"image": "Foto", "video": "Video", "audio": "Pesan suara"}


def message(work: Work, connector: Connector, entry: Entry, event: Event, now: datetime) -> None:
    """One message of a citizen (or of a machine that writes mail), in the thread it belongs to."""
    overtaken = work.messages.by_external(entry.account, event.external_id)
    if overtaken is not None:
        _late_original(work, overtaken, event, now)
        return
    contact = work.contacts.meet(entry.account, connector.channel, event.author, now)
    conversation = _thread(work, connector.channel, entry, event, contact, now)
    naming.wanted(work, connector, contact, conversation, now)
    heading.wanted(work, connector, event, conversation, now)
    first = work.messages.by_album(conversation.id, event.album) if event.album else None
    if first is not None:
        _join_album(work, first, event, now, conversation)
        return
    made = work.messages.add(
        conversation_id=conversation.id,
        account=entry.account,
        external_id=event.external_id,
        direction=Direction.IN,
        text=event.text,
        sent_at=received_at(event.sent_at, now),
        arrived_at=now,
        surface=event.surface,
        contact_id=contact.id,
        quoted=event.quoted,
        html=event.html,
        subject=event.subject,
        message_id=event.message_id,
        reply_to=event.reply_to,
        references=event.references,
        auto=event.auto,
        location=event.location,
        album=event.album,
        unknown=event.type is EventType.UNKNOWN,
        ledger_id=entry.id,
    )
    files(work, made, event, now)
    if event.auto is not None:
        _machine_mail(work, event, conversation, made, now)
        return
    who = Actor(f"citizen:{contact.id}", contact.label)
    if event.extra.get(OVERHEARD):
        overheard = replace(conversation, preview=conversation.preview or shown(event))
        # Nobody is owed an answer: a thread of nothing else lies among what is done, where it can be found.
        if conversation.last_in_at is None and not conversation.unread:
            overheard = replace(overheard, state=ConversationState.RESOLVED)
        work.conversations.save(conversation, overheard)
        work.note(who, "wrote", "message", made.id, at=now, conversation_id=conversation.id)
        return
    heard = _heard(conversation, event, made, now)
    assert heard.last_in_at is not None
    shuts = shuts_at(connector.surfaces.get(conversation.surface), heard.last_in_at)
    # What comes late may find it shut already: nobody can hurry to that any more.
    work.conversations.save(conversation, replace(heard, shuts_at=shuts if shuts and shuts > now else None))
    work.note(who, "wrote", "message", made.id, at=now, conversation_id=conversation.id)
    pasted.note(work, made, event)
    stated.note(work, made, stated.from_extra(event.extra), who, now)
    lift(work, conversation.id, now)
    ask_route(work, made, now)


def ask_route(work: Work, message: Message, now: datetime) -> None:
    """Have the machine look at these words (again). A job that already waits will see the newest ones."""
    work.jobs.put("route", {"message": message.id}, key=f"route:{message.id}", run_at=now)
    work.ring("routing")


def files(work: Work, message: Message, event: Event, now: datetime) -> None:
    """The attachments, and a job for each that still lies at the platform."""
    for file in work.messages.add_files(message.id, event.attachments):
        if file.state is FileState.WAITING:
            work.jobs.put("fetch", {"file": file.id}, key=f"fetch:{file.id}", run_at=now)
            work.ring("fetching")


def shown(event: Event) -> str:
    """The words for the list, or what came instead of words."""
    if event.text.strip():
        return preview(event.text)
    if event.attachments:
        first = event.attachments[0]
        word = KINDS.get(first.media_type.split("/")[0], "Berkas")
        return preview(f"{word} {first.name}") if first.name else word
    return "Lokasi" if event.location else preview(event.subject or "Pesan tanpa teks")


def _heard(conversation: Conversation, event: Event, made: Message, now: datetime) -> Conversation:
    """The conversation once the citizen has written: open again, unread, awake. An older message that arrives late
    changes neither preview nor window."""
    newest = conversation.last_in_at is None or made.sent_at >= conversation.last_in_at
    if _only_asks(conversation, event):
        return replace(
            conversation,
            state=conversation.state if conversation.last_in_at else ConversationState.RESOLVED,
            last_at=max(conversation.last_at, now),
            last_in_at=max(conversation.last_in_at or made.sent_at, made.sent_at),
            preview=shown(event) if newest else conversation.preview,
            subject=conversation.subject or event.subject,
        )
    return replace(
        conversation,
        state=ConversationState.OPEN,
        snoozed_until=None,
        unread=conversation.unread + 1,
        last_at=max(conversation.last_at, now),
        last_in_at=max(conversation.last_in_at or made.sent_at, made.sent_at),
        preview=shown(event) if newest else conversation.preview,
        subject=conversation.subject or event.subject,
    )


def _only_asks(conversation: Conversation, event: Event) -> bool:
    """ "CEK LAP-2026-000123" is answered by the machine (router.check) and burns in nobody's list. A bare number while
    staff wait for the citizen's turn may be what they asked for."""
    question = (
        None if event.attachments or event.location else asked_in(event.text, event.subject, conversation.subject)
    )
    if question is None or not question.alone or not question.own:
        return False
    return question.worded or conversation.state is not ConversationState.WAITING


def _thread(work: Work, channel: Channel, entry: Entry, event: Event, contact: Contact, now: datetime) -> Conversation:
    """The conversation this message belongs to, made if there is none.

    A direct thread belongs to one citizen: somebody else who writes under the same thread id (a mail copied to a stranger,
    who answers) gets a conversation of their own and never sees ours. Our own thread token is proof enough.
    """
    found = _spoken_of(work, entry, event, contact)
    if found is not None:
        return found
    found = work.conversations.find(entry.account, event.conversation, event.surface)
    if found is not None and event.reply_to and found.contact_id == contact.id:
        found = _taken_out(work, entry.account, found, event.reply_to) or found
    mine = found is None or event.surface is Surface.PUBLIC or found.contact_id == contact.id
    if found is not None and mine:
        return found
    key = event.conversation if mine else f"{event.conversation}#{contact.external_id}"
    if not mine:
        found = work.conversations.find(entry.account, key, event.surface)
        if found is not None:
            return found
    made = work.conversations.add(
        account=entry.account,
        channel=channel,
        surface=event.surface,
        external_id=key,
        contact_id=contact.id,
        at=now,
        subject=event.subject,
    )
    belonging.guess(work, entry.account, event, made, now)
    return made


def _taken_out(work: Work, account: str, thread: Conversation, answered: str) -> Conversation | None:
    """Who answers a message that was taken out of the thread goes on there."""
    message = work.messages.by_external(account, answered)
    if message is None or message.conversation_id == thread.id:
        return None
    parted = work.joins.split_of(message.conversation_id)
    stands = parted is not None and parted.from_id == thread.id and parted.undone_at is None
    return work.conversations.get(message.conversation_id) if stands else None


def _spoken_of(work: Work, entry: Entry, event: Event, contact: Contact) -> Conversation | None:
    """What a mail itself says it belongs to: our token, else the mails it answers, else our mail that came back."""
    if event.token:
        found = work.conversations.by_token(event.token)
        if found is not None and found.account == entry.account:
            return found
    if event.auto is Auto.BOUNCE and event.target:
        returned = our_mail(work, entry.account, event.target)
        if returned is not None:
            return work.conversations.get(returned.conversation_id)
    wanted = [one for one in (event.reply_to, *reversed(event.references)) if one]
    numbered = belonging.by_number(work, entry.account, event, contact)
    if event.message_id is None or not wanted:
        return numbered
    candidates = work.conversations.by_message_ids(entry.account, wanted)
    return next((one for one in candidates if one.contact_id == contact.id and one.surface is event.surface), numbered)


def _late_original(work: Work, message: Message, event: Event, now: datetime) -> None:
    """Its edit was faster and stands as the message: the history keeps the first words and their time."""
    said = event.sent_at.isoformat() if event.sent_at else None
    work.note(
        Actor(f"platform:{message.account}"),
        "late_original",
        "message",
        message.id,
        at=now,
        conversation_id=message.conversation_id,
        before=event.text[:FIRST_WORDS],
        after=said,
    )


def _join_album(work: Work, first: Message, event: Event, now: datetime, conversation: Conversation) -> None:
    """Parts of one album are one message: files are added, a caption is appended and looked at."""
    files(work, first, event, now)
    after = replace(
        conversation,
        state=ConversationState.OPEN,
        snoozed_until=None,
        unread=max(1, conversation.unread),
        last_at=max(conversation.last_at, now),
    )
    if event.text.strip():
        work.messages.append_text(first.id, event.text)
        after = replace(after, preview=preview(event.text))
        ask_route(work, first, now)
    if after != conversation:
        work.conversations.save(conversation, after)
        lift(work, conversation.id, now)
    who = Actor(f"platform:{first.account}")
    work.note(who, "album_grew", "message", first.id, at=now, conversation_id=first.conversation_id)


def _machine_mail(work: Work, event: Event, conversation: Conversation, made: Message, now: datetime) -> None:
    """Bounces, auto-replies and lists are kept and shown, never answered, never routed: no loop can start here.

    Mail over a list may still be a citizen's words, so a person is shown that it came.
    """
    if event.auto is Auto.LIST:
        conversation = work.conversations.save(conversation, _heard(conversation, event, made, now))
    elif not conversation.preview:
        conversation = work.conversations.save(conversation, replace(conversation, preview=shown(event)))
    who = Actor(f"platform:{made.account}")
    work.note(who, f"auto_{event.auto}", "message", made.id, at=now, conversation_id=conversation.id)
    if event.auto is Auto.BOUNCE and event.target is not None:
        why = event.error.title if event.error else "Surat dikembalikan oleh server penerima."
        returned = our_mail(work, made.account, event.target)
        if returned is not None:
            tick(work, returned, Delivery.FAILED, now, why)
