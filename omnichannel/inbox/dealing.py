"""What waits and lies with nobody is dealt to whoever is on duty; never taken from anybody, and not twice in a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.turns import ACTOR, MOST, SWITCH, choose
from omnichannel.domain.work import Actor, Direction, Message, Work

DEALER = Actor(ACTOR, "Giliran")
AGAIN = timedelta(hours=12)  # whoever gave it back does not get it back at once
LOOK_BACK = 30


def deal(work: Work, calendar: WorkingCalendar, now: datetime) -> int:
    """One round over all that waits; returns how many found somebody."""
    if not work.turns.switched(SWITCH):
        return 0
    turns = [one for one in work.turns.all() if one.on_duty(now, calendar)]
    if not turns:
        return 0
    people, loads, done = {one.id: one for one in work.people.all()}, work.turns.loads(), 0
    for number in work.turns.waiting(MOST):
        conversation = work.conversations.get(number)
        if conversation is None or conversation.assignee_id is not None or _dealt_lately(work, number, now):
            continue
        person = choose(turns, people, loads, conversation, _words(work, number), now, calendar)
        if person is None:
            continue
        work.conversations.save(conversation, replace(conversation, assignee_id=person.id))
        work.turns.dealt(person.id, now)
        work.note(DEALER, "assigned", "conversation", number, at=now, conversation_id=number, after=person.name)
        loads[person.id] = loads.get(person.id, 0) + 1
        turns = [replace(one, last_at=now) if one.staff_id == person.id else one for one in turns]
        done += 1
    return done


def _dealt_lately(work: Work, number: int, now: datetime) -> bool:
    lately = work.screens.history(number, LOOK_BACK)
    return any(one.actor == ACTOR and now - one.at < AGAIN for one in lately)


def _words(work: Work, number: int) -> str:
    said: Sequence[Message] = work.messages.thread(number, limit=LOOK_BACK)
    return next((one.text for one in reversed(said) if one.direction is Direction.IN), "")
