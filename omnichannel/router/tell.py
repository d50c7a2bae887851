"""A word to the citizen about their case, by the machine."""

from datetime import date, datetime

from omnichannel.domain.calendar import MONTHS
from omnichannel.domain.case import Case
from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.office import Office
from omnichannel.domain.outbox import notify
from omnichannel.domain.work import MACHINE, Message, Work

IN_PUBLIC = "Laporan rahasia tidak dibicarakan di tempat yang dapat dibaca semua orang."


def tell(
    work: Work, case: Case, text: str, *, key: str, capabilities: Capabilities | None, now: datetime
) -> Message | None:
    """None when nothing was sent. A secret report (abuse, corruption, discipline) is never spoken of in public."""
    conversation = work.conversations.get(case.conversation_id)
    if conversation is None:
        return None
    if case.secret and conversation.surface is Surface.PUBLIC:
        where = conversation.id
        work.note(MACHINE, "notice_withheld", "conversation", where, at=now, conversation_id=where, why=IN_PUBLIC)
        return None
    return notify(work, conversation, _tidy(text), key=key, capabilities=capabilities, now=now)


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
