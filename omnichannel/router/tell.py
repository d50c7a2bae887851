"""A word to the citizen about their case, by the machine."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta

from omnichannel.domain import pasted
from omnichannel.domain.aside import answer_aside, private_thread
from omnichannel.domain.calendar import MONTHS
from omnichannel.domain.case import Case
from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import NotFound, TooLong, WindowClosed
from omnichannel.domain.length import length
from omnichannel.domain.message import Delivery
from omnichannel.domain.office import Office
from omnichannel.domain.outbox import notify, too_chatty
from omnichannel.domain.work import MACHINE, Direction, Message, Work

RECEIPT = "ack:"  # begins the key of a receipt; every other notice is news
LOOK_BACK = 60  # messages
QUIET = timedelta(hours=1)
JUST_SAID = "Baru saja ditunjukkan di sini bahwa perkembangannya ada di halaman lacak."
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
        told = _aside(work, office, conversation, case, words, key, capabilities, now)
        if told is not None:
            return told
    return _in_public(work, office, conversation, case, key, capabilities, now)


def told_instead(
    work: Work,
    office: Office,
    message_id: int,
    capabilities: Callable[[Conversation], Capabilities | None],
    now: datetime,
) -> Message | None:
    """The platform refused a notice that was to be a comment's private answer: the neutral sentence takes its place, or a
    citizen who was promised a number hears nothing at all. None: it was no such notice."""
    failed = work.messages.get(message_id)
    answer = work.outreach.private_answer(message_id)
    if failed is None or answer is None or not failed.automatic or failed.delivery is not Delivery.FAILED:
        return None
    public, comment = work.conversations.get(answer.public_id), work.messages.get(answer.comment_id)
    if public is None or comment is None:
        return None
    cases = [one for one in work.cases.of_conversation(public.id) if one.contact_id == comment.contact_id]
    case = next((one for one in cases if one.message_id == comment.id), cases[-1] if cases else None)
    if case is None:
        return None
    key = failed.client_key or f"ack:{case.id}"
    return _in_public(work, office, public, case, f"{key}:umum", capabilities(public), now)


def _in_public(
    work: Work, office: Office, public: Conversation, case: Case, key: str, can: Capabilities | None, now: datetime
) -> Message | None:
    """The neutral sentence, under the citizen's own words; not again while the last one is still fresh."""
    where = public.id
    if case.secret:
        work.note(MACHINE, "notice_withheld", "conversation", where, at=now, conversation_id=where, why=IN_PUBLIC)
        return None
    said = work.messages.thread(where, limit=LOOK_BACK)
    theirs = [one for one in said if one.direction is Direction.IN and one.contact_id == case.contact_id]
    page = track_link(office)
    if _fresh(said, {one.external_id for one in theirs}, page, now):
        work.note(MACHINE, "notice_withheld", "conversation", where, at=now, conversation_id=where, why=JUST_SAID)
        return None
    name = "di_muka_umum" if key.startswith(RECEIPT) else "kabar_di_muka_umum"
    text = _tidy(office.notice(name, tautan=page, kantor=office.name))
    if can is not None and not can.repeats:
        text = f"{text} ({now.astimezone(office.zone):%d/%m %H.%M})"
    to = theirs[-1] if theirs else work.messages.get(case.message_id)
    return notify(work, public, text, key=key, capabilities=can, now=now, to=to)


def _fresh(said: Sequence[Message], theirs: Collection[str], page: str, now: datetime) -> bool:
    """A receipt and, a second later, the word that it went on to LAPOR: in public both are the same sentence."""
    return any(
        one.automatic and page in one.text and one.reply_to in theirs and now - one.arrived_at < QUIET
        for one in said
        if one.delivery is not Delivery.FAILED
    )


def _aside(
    work: Work,
    office: Office,
    public: Conversation,
    case: Case,
    text: str,
    key: str,
    can: Capabilities | None,
    now: datetime,
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
    inviting = f"{text}\n{office.notice('ajak_balas', kantor=office.name)}"
    if able is not None and length(inviting, able.counts) <= able.text_limit:
        text = inviting
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
