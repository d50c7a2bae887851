"""Out of sight until something comes; and back by itself."""

from dataclasses import replace
from datetime import date, datetime

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.snooze import WHENEVER, Rule, Snooze, before_due, overslept
from omnichannel.domain.together import NudgeKind
from omnichannel.domain.work import MACHINE, Work
from omnichannel.inbox import triage
from omnichannel.inbox.reply import of
from omnichannel.inbox.telling import tell


def until_written(work: Work, staff: Staff, conversation_id: int, *, now: datetime) -> Conversation:
    """Until the citizen writes, or the day of its deadline has come."""
    after = triage.snooze(work, staff, conversation_id, WHENEVER, now=now, verb="snoozed_till_written")
    work.together.sleep(Snooze(conversation_id, staff.id, Rule.WRITES, now))
    return after


def until_near(
    work: Work, staff: Staff, conversation_id: int, days: int, *, calendar: WorkingCalendar, now: datetime
) -> Conversation:
    """Until so many working days before the deadline. Where that moves, the sleep moves along."""
    conversation = of(work, conversation_id)
    if conversation.due is None:
        raise Invalid("Percakapan ini tidak punya kasus berjalan, jadi tidak punya batas waktu.")
    until = before_due(date.fromisoformat(conversation.due), days, calendar)
    if until <= now:
        raise Invalid("Batas waktunya lebih dekat daripada itu. Pilih hari yang lebih sedikit, atau waktu lain.")
    after = triage.snooze(work, staff, conversation_id, until, now=now, verb="snoozed_before_due", why=str(days))
    work.together.sleep(Snooze(conversation_id, staff.id, Rule.BEFORE, now, days))
    return after


def wake(work: Work, now: datetime) -> int:
    """Bring back what slept until now; returns how many. Who put it to sleep is told, if they may still read it."""
    sleepers = work.conversations.wake(now)
    for conversation in sleepers:
        _wake(work, conversation, now)
    return len(sleepers)


def recount(work: Work, calendar: WorkingCalendar, now: datetime) -> int:
    """Sleep that hangs on a deadline follows it; returns how many moved or woke."""
    moved = 0
    for snooze in work.together.sleeping(Rule.BEFORE, Rule.WRITES):
        conversation = work.conversations.get(snooze.conversation_id)
        if conversation is None or conversation.snoozed_until is None:
            work.together.awake(snooze.conversation_id)  # the citizen wrote, or somebody opened it
        elif snooze.rule is Rule.WRITES:
            if overslept(snooze, conversation.due, calendar.day(now)):
                _wake(work, conversation, now)
                moved += 1
        elif conversation.due is None:
            _wake(work, conversation, now)  # its case has ended meanwhile: there is nothing left to wait for
            moved += 1
        else:
            until = before_due(date.fromisoformat(conversation.due), snooze.days or 1, calendar)
            if until != conversation.snoozed_until:
                work.conversations.save(conversation, replace(conversation, snoozed_until=until))
                moved += 1
    return moved


def _wake(work: Work, conversation: Conversation, now: datetime) -> None:
    work.conversations.save(conversation, replace(conversation, snoozed_until=None, unread=max(1, conversation.unread)))
    work.note(MACHINE, "woke", "conversation", conversation.id, at=now, conversation_id=conversation.id)
    snooze = work.together.awake(conversation.id)
    staff = work.people.get(snooze.staff_id) if snooze else None
    if staff is not None and may(staff, Action.READ, conversation):
        tell(work, staff, conversation, NudgeKind.WOKE, staff.name, now)
