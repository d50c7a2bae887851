"""Staff order the desk: who takes it, when it comes back, what is done."""

from dataclasses import replace
from datetime import datetime

from omnichannel.domain.case import Case, CaseState
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.snooze import Rule, Snooze
from omnichannel.domain.work import Actor, Work
from omnichannel.inbox.acts import alarmed, put_read
from omnichannel.inbox.reply import actor, of
from omnichannel.inbox.telling import hand_over, taken_from


def assign(
    work: Work,
    staff: Staff,
    conversation_id: int,
    assignee_id: int | None,
    *,
    now: datetime,
    seen: int | None = None,
    word: str = "",
) -> Conversation:
    """Give the conversation to somebody (None: to nobody). `seen` is the holder the page showed (0: nobody).

    Compare and set: Conflict when somebody else took it in between; the page says who and asks again. Whoever gets it is
    told, with the giver's `word`; so is whoever had it.
    """
    conversation = of(work, conversation_id)
    if seen is not None and (conversation.assignee_id or 0) != seen and conversation.assignee_id != assignee_id:
        holder = work.people.get(conversation.assignee_id) if conversation.assignee_id else None
        who = holder.name if holder else "Tidak ada lagi yang"
        raise Conflict(f"{who} memegang percakapan ini sejak Anda membuka halaman. Muat ulang, lalu putuskan lagi.")
    new = None if assignee_id is None else work.people.get(assignee_id)
    if conversation.assignee_id == assignee_id:
        if new is not None and word.strip():
            hand_over(work, staff, conversation, new, word, now)
        return conversation
    if assignee_id is not None and (new is None or new.disabled_at is not None):
        raise NotFound("Petugas itu tidak ada atau sudah dinonaktifkan.")
    if new is not None and not may(new, Action.REPLY, conversation):
        raise Invalid(f"{new.name} tidak dapat menjawab percakapan ini. Pilih petugas lain, atau serahkan ke unitnya.")
    old = work.people.get(conversation.assignee_id) if conversation.assignee_id else None
    after = work.conversations.save(conversation, replace(conversation, assignee_id=assignee_id))
    work.note(
        actor(staff),
        "assigned",
        "conversation",
        conversation.id,
        at=now,
        conversation_id=conversation.id,
        before=old.name if old else None,
        after=new.name if new else None,
    )
    if old is not None and old.id != staff.id:
        taken_from(work, staff, conversation, old, new, now)
    if new is not None:
        hand_over(work, staff, conversation, new, word, now)
    return after


def pass_to_unit(
    work: Work, staff: Staff, conversation_id: int, unit: str | None, *, now: datetime, why: str | None = None
) -> Conversation:
    """A person hands it to another unit."""
    return lay_with(work, actor(staff), conversation_id, unit, now=now, why=why)


def lay_with(
    work: Work, who: Actor, conversation_id: int, unit: str | None, *, now: datetime, why: str | None = None
) -> Conversation:
    """Lay the conversation on another unit's table; `unit` is a key of organisation.toml, checked by the caller.

    Its running case goes along: a case and the talk about it never lie with two units. Whoever held it and may no longer
    see it lets go.
    """
    conversation = of(work, conversation_id)
    if conversation.unit == unit:
        return conversation
    case = work.cases.get(conversation.case_id) if conversation.case_id else None
    _must_not_open_a_secret(work, conversation, case, unit)
    if case is not None and case.state.running and case.unit != unit:
        work.cases.save(case, replace(case, unit=unit))
        conversation = of(work, conversation_id)
    moved = replace(conversation, unit=unit)
    holder = work.people.get(conversation.assignee_id) if conversation.assignee_id else None
    if holder is not None and not may(holder, Action.READ, moved):
        moved = replace(moved, assignee_id=None)
    after = work.conversations.save(conversation, moved)
    work.note(
        who,
        "passed",
        "conversation",
        conversation.id,
        at=now,
        conversation_id=conversation.id,
        before=conversation.unit,
        after=unit,
        why=why,
    )
    return after


def _must_not_open_a_secret(work: Work, conversation: Conversation, moving: Case | None, unit: str | None) -> None:
    """Invalid where the thread also holds a secret report that stays with another unit: who reads one, reads both."""
    for case in work.cases.of_conversation(conversation.id):
        kept = case.secret and case.state is not CaseState.VOIDED and (moving is None or case.id != moving.id)
        if kept and case.unit != unit:
            raise Invalid("Percakapan ini juga memuat laporan rahasia di unit lain, jadi tidak dapat diserahkan.")


def resolve(work: Work, staff: Staff, conversation_id: int, *, now: datetime) -> Conversation:
    """Done. A new word from the citizen opens it again; a running case keeps its clock all the same."""
    conversation = of(work, conversation_id)
    if conversation.state is ConversationState.RESOLVED:
        return conversation
    after = replace(conversation, state=ConversationState.RESOLVED, unread=0, snoozed_until=None)
    return _changed(work, staff, conversation, after, "resolved", now)


def reopen(work: Work, staff: Staff, conversation_id: int, *, now: datetime) -> Conversation:
    """Not done after all."""
    conversation = of(work, conversation_id)
    if conversation.state is ConversationState.OPEN:
        return conversation
    after = replace(conversation, state=ConversationState.OPEN, snoozed_until=None, aside=None)
    return _changed(work, staff, conversation, after, "reopened", now)


def snooze(
    work: Work,
    staff: Staff,
    conversation_id: int,
    until: datetime,
    *,
    now: datetime,
    verb: str = "snoozed",
    why: str | None = None,
) -> Conversation:
    """Out of sight until a moment; any new word from the citizen brings it back earlier. `inbox.snoozing` has the reasons."""
    if until <= now:
        raise Invalid("Pilih waktu yang masih akan datang.")
    conversation = of(work, conversation_id)
    if conversation.state is ConversationState.RESOLVED:
        raise Invalid("Percakapan ini sudah selesai. Buka lagi dulu, lalu tunda.")
    after = work.conversations.save(conversation, replace(conversation, snoozed_until=until, unread=0))
    where = conversation.id
    work.together.sleep(Snooze(where, staff.id, Rule.TIME, now))
    work.note(
        actor(staff), verb, "conversation", where, at=now, conversation_id=where, after=until.isoformat(), why=why
    )
    return after


def mark_read(
    work: Work, staff: Staff, conversation_id: int, *, now: datetime, capabilities: Capabilities | None = None
) -> Conversation:
    """Somebody has looked at it; where the surface can show that to the citizen, it is asked to."""
    conversation = of(work, conversation_id)
    if conversation.unread == 0:
        return conversation
    # What only perhaps is danger asked for this look; an alarm ends by being acknowledged.
    urgent = conversation.urgent and alarmed(work, conversation.id)
    after = work.conversations.save(conversation, replace(conversation, unread=0, urgent=urgent))
    work.note(actor(staff), "read", "conversation", conversation.id, at=now, conversation_id=conversation.id)
    put_read(work, after, capabilities, now)
    return after


def mark_unread(work: Work, staff: Staff, conversation_id: int, *, now: datetime) -> Conversation:
    """Somebody wants to come back to it: it stands in "Perlu dibaca" again."""
    conversation = of(work, conversation_id)
    if conversation.unread > 0:
        return conversation
    if conversation.state is ConversationState.RESOLVED or conversation.snoozed_until is not None:
        raise Invalid("Percakapan yang selesai atau ditunda tidak ada di “Perlu dibaca”. Buka lagi dulu.")
    after = work.conversations.save(conversation, replace(conversation, unread=1))
    work.note(actor(staff), "unread", "conversation", conversation.id, at=now, conversation_id=conversation.id)
    return after


def _changed(
    work: Work, staff: Staff, before: Conversation, after: Conversation, verb: str, now: datetime
) -> Conversation:
    saved = work.conversations.save(before, after)
    work.note(
        actor(staff),
        verb,
        "conversation",
        before.id,
        at=now,
        conversation_id=before.id,
        before=before.state.value,
        after=after.state.value,
    )
    return saved
