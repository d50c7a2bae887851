"""An officer carries a public comment over to the private desk in one move, and later marks it solved in public."""

from dataclasses import dataclass, replace
from datetime import datetime

from omnichannel.domain import carrying
from omnichannel.domain.aside import answer_aside
from omnichannel.domain.carrying import Plan, Way
from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid, NotFound, WindowClosed
from omnichannel.domain.outreach import Carried
from omnichannel.domain.people import Staff
from omnichannel.domain.privacy import find
from omnichannel.domain.work import Direction, Message, Work
from omnichannel.inbox import veils
from omnichannel.inbox.reply import actor, must_be_a_key, of, reply

NOTHING = "Pilih sedikitnya satu langkah."
TELLS = "Jawaban publik ini memuat data pribadi. Hapus dulu; semua orang membacanya."


@dataclass(frozen=True, slots=True)
class Abilities:
    """Of the surface where everybody reads, and of the account's private threads."""

    public: Capabilities | None
    direct: Capabilities | None


def carry_over(
    work: Work,
    staff: Staff,
    comment_id: int,
    *,
    hide: bool,
    public: str,
    private: str,
    key: str,
    able: Abilities,
    now: datetime,
) -> Carried:
    """All that was asked for, or nothing. Words left empty are a step not taken; the same key twice is one move.

    Invalid: no step, personal data in the public words, a platform that cannot hide. WindowClosed, TooLong, Conflict,
    NotFound: as for each step by itself.
    """
    must_be_a_key(key)
    known = work.outreach.carried(comment_id)
    if known is not None:
        return known
    comment, where, found = look(work, comment_id, able=able, now=now)
    open_words, closed_words = public.strip(), private.strip()
    if not (hide or open_words or closed_words):
        raise Invalid(NOTHING)
    said = _in_public(work, staff, where, comment, found, open_words, f"{key}~umum", able, now) if open_words else None
    if hide and not found.hidden:
        first = said if able.public is not None and not able.public.answers_hidden else None
        veils.hide(work, staff, comment.id, capabilities=able.public, now=now, after=first)
    inside = (
        _in_private(work, staff, comment, found, closed_words, f"{key}~pribadi", able, now) if closed_words else None
    )
    thread = inside.conversation_id if inside is not None else (found.thread.id if found.thread else None)
    carried = Carried(comment.id, where.id, now, staff.id, thread, said.id if said else None)
    work.outreach.carry(carried)
    work.note(
        actor(staff), "carried_over", "message", comment.id, at=now, conversation_id=where.id, after=_told(thread)
    )
    if thread is not None and found.way is Way.THREAD:
        work.note(
            actor(staff), "opened_aside", "conversation", thread, at=now, conversation_id=thread, before=str(where.id)
        )
    return carried


def solve(work: Work, staff: Staff, comment_id: int, text: str, *, key: str, able: Abilities, now: datetime) -> Carried:
    """Everybody who read the comment may read that it is solved; one that nobody sees any more, on a platform that takes no
    answer under it, is only noted. Once; Invalid, WindowClosed, NotFound."""
    must_be_a_key(key)
    comment, where, found = look(work, comment_id, able=able, now=now)
    if found.done is not None and found.done.solved_at is not None:
        return found.done
    allowance = carrying.solving(found)
    if not allowance.allowed:
        raise Invalid(allowance.reason or carrying.STILL_RUNNING)
    said = (
        _in_public(work, staff, where, comment, found, text.strip(), f"{key}~selesai", able, now)
        if found.public.allowed
        else None
    )
    before = found.done or Carried(comment.id, where.id, now, staff.id, found.thread.id if found.thread else None)
    after = replace(before, solved_at=now, solved_id=said.id if said else None)
    work.outreach.carry(after)
    work.note(actor(staff), "solved_in_public", "message", comment.id, at=now, conversation_id=where.id)
    return after


def look(work: Work, comment_id: int, *, able: Abilities, now: datetime) -> tuple[Message, Conversation, Plan]:
    """The comment, its thread, and what can be done about it. NotFound."""
    comment = work.messages.get(comment_id)
    if comment is None or comment.direction is not Direction.IN or comment.surface is not Surface.PUBLIC:
        raise NotFound("Komentar itu tidak ada.")
    where = of(work, comment.conversation_id)
    return comment, where, carrying.plan(work, where, comment, capabilities=able.public, direct=able.direct, now=now)


def _in_public(
    work: Work,
    staff: Staff,
    where: Conversation,
    comment: Message,
    found: Plan,
    words: str,
    key: str,
    able: Abilities,
    now: datetime,
) -> Message:
    """Under that very comment, whoever has written since."""
    if not found.public.allowed:
        raise WindowClosed(found.public.reason or "")
    if find(words):
        raise Invalid(TELLS)
    return reply(work, staff, where.id, words, key=key, capabilities=able.public, now=now, reply_to=comment.external_id)


def _in_private(
    work: Work, staff: Staff, comment: Message, found: Plan, words: str, key: str, able: Abilities, now: datetime
) -> Message:
    if found.way is Way.THREAD and found.thread is not None:
        inside = (able.public.private if able.public else None) or able.direct
        return reply(work, staff, found.thread.id, words, key=key, capabilities=inside, now=now)
    if found.way is not Way.NEW:
        raise WindowClosed(found.why or carrying.WAITS)
    return answer_aside(work, comment, words, key=key, capabilities=able.public, now=now, staff=staff)


def _told(thread: int | None) -> str | None:
    return str(thread) if thread is not None else None
