"""Who is told of what has just happened, on which device, and in which words: never the citizen's own.

Follows the events table, so nothing that happens waits for it: what it has dealt with is a number, kept in the same
transaction as the jobs it puts. A happening is told of once, however many processes read.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta, tzinfo

from omnichannel.domain.case import Case
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.pushing import LIVES, Cause, Words
from omnichannel.domain.together import named
from omnichannel.domain.work import Happening, Work

FOLLOWER = "pushing"
QUEUE = "push"
STALE = timedelta(hours=1)  # what happened while nobody sent is on the screen by now
LAST_DAY = "0 hari kerja"

ALARM, ASSIGNED, WROTE, NOTED = "alarm", "assigned", "wrote", "noted"
NEAR, OVER, LATE_TASK, BY_RULE = "near_due", "overdue", "task_late", "rule_told"
INTERESTING = frozenset({ALARM, ASSIGNED, WROTE, NOTED, NEAR, OVER, LATE_TASK, BY_RULE})

TITLES = {
    ALARM: ("DARURAT: alarm 112", "EMERGENCY: 112 alarm"),
    ASSIGNED: ("Percakapan diserahkan kepada Anda", "A conversation was given to you"),
    WROTE: ("Pesan baru di percakapan Anda", "New message in your conversation"),
    NOTED: ("Anda disebut dalam catatan", "You were mentioned in a note"),
    NEAR: ("Hari ini batas terakhir", "Due today"),
    OVER: ("Lewat batas waktu", "Overdue"),
    LATE_TASK: ("Tugas unit lewat batas", "A task of your unit is overdue"),
    BY_RULE: ("Aturan meminta perhatian Anda", "A rule asks for your attention"),
}
CAUSES = {ALARM: Cause.URGENT, NEAR: Cause.DEADLINE, OVER: Cause.DEADLINE, LATE_TASK: Cause.DEADLINE}


def matters(happened: Happening) -> bool:
    """Whether anybody might be told of it."""
    return happened.verb in INTERESTING and (happened.verb != NEAR or happened.why == LAST_DAY)


def follow(work: Work, after: int | None, news: Sequence[Happening], until: int, now: datetime, zone: tzinfo) -> bool:
    """Put a push for each device that wants to hear of these, and remember that they are dealt with. False when another
    process was faster."""
    if not work.followers.move(FOLLOWER, after, until):
        return False
    at = now.astimezone(zone).time()
    for happened in news:
        if matters(happened) and now - happened.at < STALE:
            for person in whom(work, happened):
                tell(work, person, words(work, happened, person), happened, now, at=at)
    return True


def tell(work: Work, person: Staff, said: Words, event: Happening, now: datetime, *, at: time) -> None:
    """A push for each device of theirs that was there then and wants it at this hour."""
    for device in work.devices.of(person.id):
        if device.created_at <= event.at and device.choice.wants(said.cause, at):
            put(work, device.id, said, f"push:{device.id}:{event.id}", now)


def put(work: Work, device_id: int, said: Words, key: str, now: datetime) -> None:
    """One push for one device."""
    body = {"device": device_id, "words": said.kept(), "until": (now + LIVES[said.cause]).isoformat()}
    work.jobs.put(QUEUE, body, key=key, run_at=now)
    work.ring(QUEUE)


def whom(work: Work, happened: Happening) -> Iterator[Staff]:
    """Whoever this is about and may read it; never whoever did it."""
    conversation = work.conversations.get(happened.conversation_id) if happened.conversation_id else None
    for person in _concerned(work, happened, conversation):
        did_it = happened.actor == f"staff:{person.id}"
        if person.disabled_at is None and not did_it and _may_know(person, happened, conversation):
            yield person


def _concerned(work: Work, happened: Happening, conversation: Conversation | None) -> Iterable[Staff]:
    if happened.verb == ALARM:
        return [one for one in work.people.all() if may(one, Action.ACKNOWLEDGE_ALARM)]
    if happened.verb == NOTED:
        note = work.messages.get(happened.thing_id)
        return named(note.text, work.people.all()) if note is not None and "@" in note.text else []
    if happened.verb == BY_RULE:
        named_one = happened.before or ""  # the officer's number; their name stands in `after` for people
        return _known(work, int(named_one) if named_one.isdecimal() else None)
    if happened.verb == LATE_TASK:
        return _unit(work, happened.after)
    holder = conversation.assignee_id if conversation is not None else None
    if happened.verb in (ASSIGNED, WROTE):
        return _known(work, holder)
    case = work.cases.get(happened.thing_id) if happened.thing == "case" else None
    theirs = _unit(work, case.unit if case is not None else None)
    return {one.id: one for one in (*_known(work, holder), *theirs)}.values()


def _may_know(person: Staff, happened: Happening, conversation: Conversation | None) -> bool:
    """Danger to life is everybody's; a unit's own task lies with it though the conversation may not."""
    if happened.verb in (ALARM, LATE_TASK) or conversation is None:
        return True
    return bool(may(person, Action.READ, conversation))


def _known(work: Work, staff_id: int | None) -> list[Staff]:
    found = work.people.get(staff_id) if staff_id is not None else None
    return [found] if found is not None else []


def _unit(work: Work, unit: str | None) -> list[Staff]:
    """Officers of that unit. Whoever sees the whole office is told of what they hold, not of everything."""
    return [one for one in work.people.all() if unit is not None and one.unit == unit and one.role is Role.UNIT]


def words(work: Work, happened: Happening, person: Staff) -> Words:
    """In their language: the kind of notice, a number, and where to open it."""
    conversation_id = happened.conversation_id
    case = _case(work, happened)
    english = person.lang == "en"
    if case is not None:
        number = case.number
    elif conversation_id is not None:
        number = f"{'Conversation' if english else 'Percakapan'} {conversation_id}"
    else:
        number = ""
    opened = f"/kotak/semua/{conversation_id}" if conversation_id is not None else "/kotak/perlu-dibaca"
    if happened.verb == LATE_TASK and case is not None:
        opened = f"/kasus/{case.number}"
    title = TITLES[happened.verb][1 if english else 0]
    cause = CAUSES.get(happened.verb, Cause.MINE)
    tag = f"{cause.value}:{conversation_id or happened.thing_id}"
    return Words(cause, title, number, opened, tag)


def _case(work: Work, happened: Happening) -> Case | None:
    if happened.thing == "case":
        return work.cases.get(happened.thing_id)
    conversation = work.conversations.get(happened.conversation_id) if happened.conversation_id else None
    return work.cases.get(conversation.case_id) if conversation is not None and conversation.case_id else None
