"""A word to the citizen about their case, by the machine."""

from datetime import date, datetime

from omnichannel.domain import pasted
from omnichannel.domain.aside import answer_aside, private_thread
from omnichannel.domain.calendar import MONTHS
from omnichannel.domain.case import Case
from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import NotFound, TooLong, WindowClosed
from omnichannel.domain.office import Office
from omnichannel.domain.outbox import notify, too_chatty
from omnichannel.domain.work import MACHINE, Message, Work

IN_PUBLIC = "Laporan rahasia tidak dibicarakan di tempat yang dapat dibaca semua orang."


def tell(
    work: Work,
    office: Office,
    case: Case,
    text: str,
    *,
    key: str,
    capabilities: Capabilities | None,
    now: datetime,
) -> Message | None:
    """None when nothing was sent. Where everybody reads, no number and no word of the case is said: it goes into the
    private thread that the comment already has, else by its one private answer, else a short answer names the tracking
    page. A secret report (abuse, corruption, discipline) is never spoken of in public at all."""
    conversation = work.conversations.get(case.conversation_id)
    if conversation is None:
        return None
    words = _tidy(text)
    if conversation.surface is not Surface.PUBLIC:
        return notify(work, conversation, words, key=key, capabilities=capabilities, now=now)
    known = work.messages.by_client_key(key)
    if known is not None:
        return known
    if not pasted.was(work, conversation.id):
        told = _aside(work, conversation, case, words, key, capabilities, now)
        if told is not None:
            return told
    if case.secret:
        where = conversation.id
        work.note(MACHINE, "notice_withheld", "conversation", where, at=now, conversation_id=where, why=IN_PUBLIC)
        return None
    neutral = office.notice("di_muka_umum", tautan=track_link(office), kantor=office.name)
    return notify(work, conversation, _tidy(neutral), key=key, capabilities=capabilities, now=now)


def _aside(
    work: Work, public: Conversation, case: Case, text: str, key: str, can: Capabilities | None, now: datetime
) -> Message | None:
    """In private, where the platform lets us; None when there is no way."""
    private = private_thread(work, public, case.contact_id)
    able = can.private if can is not None else None
    if private is not None and able is not None:
        open_ = private.may_answer(able, now)
        if open_.allowed and open_.late is None:  # what is let through late is let through for a person
            return notify(work, private, text, key=key, capabilities=able, now=now)
    comment = work.messages.get(case.message_id) if can is not None and can.private_notices else None
    if comment is None or (private is not None and too_chatty(work, private, now)):
        return None
    try:
        return answer_aside(work, comment, text, key=key, capabilities=can, now=now)
    except (WindowClosed, TooLong, NotFound):
        return None


def _tidy(text: str) -> str:
    """A field that was empty leaves no hole in the sentence."""
    return "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))


def in_words(day: date) -> str:
    """1 Desember 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def track_link(office: Office, number: str = "") -> str:
    """Where a citizen follows a case in a browser."""
    page = f"{office.public_url}/publik/lacak"
    return f"{page}?nomor={number}" if number else page
