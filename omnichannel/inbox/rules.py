"""Rules at work: what has just happened is held against each of them, and what one does stands in the history under its
name and can be undone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from omnichannel.domain.label import borne
from omnichannel.domain.office import Office
from omnichannel.domain.organisation import Organisation
from omnichannel.domain.outbox import notify
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.rules import ACTOR, MOST_AN_HOUR, Act, Deed, Facts, Rule, When, fits
from omnichannel.domain.work import Actor, Direction, Happening, Message, Work
from omnichannel.inbox import labelling
from omnichannel.inbox.reply import actor, of
from omnichannel.inbox.triage import lay_with

STALE = timedelta(hours=24)
HOUR = timedelta(hours=1)
SPAM = "spam"
# Fields that a rule may change; whatever else it does has no way back.
CHANGING = ("assignee_id", "unit", "urgent", "aside", "state", "unread", "needs_person", "labels")
TRIGGERS: Mapping[str, When] = {
    "classified": When.MESSAGE,
    "not_judged": When.MESSAGE,
    "case_opened": When.CASE,
    "near_due": When.NEAR,
    "resolved": When.RESOLVED,
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What a rule leans on."""

    office: Office
    organisation: Organisation
    calendar: WorkingCalendar
    ability: Callable[[str, Surface], Capabilities | None]

    def open_at(self, moment: datetime) -> bool:
        """Whether the office is open; without hours it always is."""
        return self.office.hours is None or self.office.hours.open_at(moment, self.calendar)


def trigger(happened: Happening) -> When | None:
    """What it sets off, if anything. What a rule did itself sets off nothing."""
    if happened.conversation_id is None or happened.actor.startswith(ACTOR):
        return None
    return TRIGGERS.get(happened.verb)


def cause_of(happened: Happening, when: When) -> str:
    """The name under which a rule acts once: an edit of a message is no second message, a reminder of each day no second
    deadline."""
    if when is When.RESOLVED:
        return f"{when.value}:{happened.id}"
    if when is When.NEAR:
        return f"{when.value}:{happened.thing_id}:{happened.after}"
    return f"{when.value}:{happened.thing_id}"


def run(work: Work, ground: Ground, happened: Happening, now: datetime) -> list[int]:
    """Every rule that this sets off, in their order; returns the numbers of what was done."""
    when = trigger(happened)
    if when is None or happened.conversation_id is None or now - happened.at > STALE:
        return []
    done: list[int] = []
    seen: tuple[int, Facts] | None = None
    for rule in [one for one in work.rules.all() if one.on and one.spec.when is when]:
        conversation = work.conversations.get(happened.conversation_id)
        if conversation is None:
            break
        if seen is None or seen[0] != conversation.version:  # asked again only where a rule before has changed it
            message = message_of(work, happened, conversation)
            seen = (conversation.version, facts_of(work, ground, conversation, message, happened.at))
        if not fits(rule.spec.conditions, seen[1]):
            continue
        if work.rules.fired_since(conversation.id, now - HOUR) >= MOST_AN_HOUR:
            work.note(
                _name(rule), "rule_held", "conversation", conversation.id, at=now, conversation_id=conversation.id
            )
            break
        fired = work.rules.fire(rule, conversation.id, cause_of(happened, when), now)
        if fired is not None:
            _act(work, ground, rule, conversation, fired, cause_of(happened, when), now)
            done.append(fired)
    return done


def facts_of(work: Work, ground: Ground, conversation: Conversation, message: Message | None, at: datetime) -> Facts:
    """What is so."""
    case = work.cases.get(conversation.case_id) if conversation.case_id else None
    places = frozenset(one for one in (case.kecamatan, case.desa) if one) if case is not None else frozenset[str]()
    text = "\n".join(one for one in ((message.subject or ""), message.text) if one) if message is not None else ""
    return Facts(
        channel=conversation.channel.value,
        text=text,
        kind=conversation.kind,
        topic=conversation.topic,
        unit=conversation.unit,
        places=places,
        labels=_labels(work, conversation),
        known=_known(work, conversation, message),
        open=ground.open_at(at),
    )


def _labels(work: Work, conversation: Conversation) -> frozenset[str]:
    """Those it bears and that are in use."""
    return frozenset(
        str(one.id) for one in borne(conversation.labels, work.labels.all() if conversation.labels else ())
    )


def _known(work: Work, conversation: Conversation, message: Message | None) -> bool:
    """Whether this citizen had written here before: an older message of theirs, or a case begun by one."""
    before = message.id if message is not None else None
    earlier = work.messages.thread(conversation.id, before_id=before, limit=30)
    who = message.contact_id if message is not None else conversation.contact_id
    return any(
        one.direction is Direction.IN and one.contact_id == who and (message is None or one.id < message.id)
        for one in earlier
    )


def message_of(work: Work, happened: Happening, conversation: Conversation) -> Message | None:
    """The words it is about: the message itself, a case's own, else the citizen's latest."""
    if happened.thing == "message":
        return work.messages.get(happened.thing_id)
    case = work.cases.get(happened.thing_id) if happened.thing == "case" else None
    if case is not None:
        return work.messages.get(case.message_id)
    page = work.messages.thread(conversation.id, limit=30)
    return next((one for one in reversed(page) if one.direction is Direction.IN), None)


def _act(work: Work, ground: Ground, rule: Rule, before: Conversation, fired: int, cause: str, now: datetime) -> None:
    told: list[str] = []
    for act in rule.spec.acts:
        try:
            said = _DEEDS[act.deed](work, ground, rule, of(work, before.id), act, cause, now)
        except (Invalid, NotFound, NotAllowed, Conflict) as error:
            said = f"tidak dilakukan: {error}"
        told.append(f"{act.deed.value}|{said}")
    after = of(work, before.id)
    changes = {
        name: (getattr(before, name), getattr(after, name))
        for name in CHANGING
        if getattr(before, name) != getattr(after, name)
    }
    work.rules.did(fired, changes, told)
    where = before.id
    work.note(_name(rule), "rule_fired", "conversation", where, at=now, conversation_id=where, after=rule.spec.name)


def _assign(
    work: Work, ground: Ground, rule: Rule, conversation: Conversation, act: Act, cause: str, now: datetime
) -> str:
    person = work.people.get(int(act.value)) if act.value.isdecimal() else None
    if person is None or person.disabled_at is not None or not may(person, Action.REPLY, conversation):
        raise NotFound("Petugas itu tidak dapat memegang percakapan ini.")
    if conversation.assignee_id is not None:
        raise Conflict("Percakapan ini sudah dipegang petugas.")
    work.conversations.save(conversation, replace(conversation, assignee_id=person.id))
    where = conversation.id
    work.note(_name(rule), "assigned", "conversation", where, at=now, conversation_id=where, after=person.name)
    return person.name


def _unit(
    work: Work, ground: Ground, rule: Rule, conversation: Conversation, act: Act, cause: str, now: datetime
) -> str:
    if act.value not in ground.organisation:
        raise NotFound("Unit itu tidak ada di susunan organisasi.")
    if conversation.assignee_id is not None and conversation.unit != act.value:
        raise Conflict("Percakapan ini sudah dipegang petugas.")
    lay_with(work, _name(rule), conversation.id, act.value, now=now, why=rule.spec.name)
    return act.value


def _label(
    work: Work, ground: Ground, rule: Rule, conversation: Conversation, act: Act, cause: str, now: datetime
) -> str:
    label = work.labels.get(int(act.value)) if act.value.isdecimal() else None
    if label is None or label.removed_at is not None:
        raise NotFound("Label itu tidak ada lagi.")
    labelling.change(work, _name(rule), conversation.id, on=(label.id,), now=now)
    return label.name


def _urgent(
    work: Work, ground: Ground, rule: Rule, conversation: Conversation, act: Act, cause: str, now: datetime
) -> str:
    if not conversation.urgent:
        work.conversations.save(conversation, replace(conversation, urgent=True))
    return ""


def _aside(
    work: Work, ground: Ground, rule: Rule, conversation: Conversation, act: Act, cause: str, now: datetime
) -> str:
    if conversation.case_id is not None or conversation.assignee_id is not None or conversation.urgent:
        raise Conflict("Percakapan ini berkasus, mendesak, atau sudah dipegang petugas.")
    resolved = ConversationState.RESOLVED
    after = replace(conversation, state=resolved, aside=SPAM, unread=0, needs_person=False, snoozed_until=None)
    work.conversations.save(conversation, after)
    where, why = conversation.id, "iklan atau spam"
    work.note(_name(rule), "set_aside", "conversation", where, at=now, conversation_id=where, after=why)
    return ""


def _note(
    work: Work, ground: Ground, rule: Rule, conversation: Conversation, act: Act, cause: str, now: datetime
) -> str:
    key = f"aturan:{rule.id}:{rule.version}:{conversation.id}:{cause}"
    made = work.messages.add(
        conversation_id=conversation.id,
        account=conversation.account,
        external_id=f"note:{key}",
        direction=Direction.NOTE,
        text=f"{act.value.strip()}\n(Aturan “{rule.spec.name}”)",
        sent_at=now,
        arrived_at=now,
        surface=conversation.surface,
        automatic=True,
        client_key=key,
    )
    work.note(_name(rule), "noted", "message", made.id, at=now, conversation_id=conversation.id)
    return act.value.strip()[:80]


def _offer(
    work: Work, ground: Ground, rule: Rule, conversation: Conversation, act: Act, cause: str, now: datetime
) -> str:
    found = next((one for one in ground.office.replies if one.key == act.value), None)
    if found is None:
        raise NotFound("Balasan siap pakai itu tidak ada lagi.")
    return found.key


def _notice(
    work: Work, ground: Ground, rule: Rule, conversation: Conversation, act: Act, cause: str, now: datetime
) -> str:
    if act.value not in ground.office.notices or not act.value.startswith("aturan_"):
        raise NotFound("Kabar itu tidak ada di konfigurasi.")
    if conversation.surface is not Surface.DIRECT or conversation.urgent or conversation.aside is not None:
        raise Conflict("Kabar otomatis hanya untuk pesan langsung yang tidak darurat.")
    text = ground.office.notice(act.value, kantor=ground.office.name)
    able = ground.ability(conversation.account, conversation.surface)
    key = f"aturan:{rule.id}:{conversation.id}:{cause}:{act.value}"
    if notify(work, conversation, text, key=key, capabilities=able, now=now) is None:
        raise Conflict("Kabar otomatis tidak dapat dikirim di percakapan ini.")
    return act.value


def _notify(
    work: Work, ground: Ground, rule: Rule, conversation: Conversation, act: Act, cause: str, now: datetime
) -> str:
    person = work.people.get(int(act.value)) if act.value.isdecimal() else None
    if person is None or person.disabled_at is not None or not may(person, Action.READ, conversation):
        raise NotFound("Petugas itu tidak dapat membuka percakapan ini.")
    where, number = conversation.id, str(person.id)
    work.note(
        _name(rule), "rule_told", "conversation", where, at=now, conversation_id=where, before=number, after=person.name
    )
    return person.name


DeedStory = Callable[[Work, Ground, Rule, Conversation, Act, str, datetime], str]
_DEEDS: Mapping[Deed, DeedStory] = {
    Deed.ASSIGN: _assign,
    Deed.UNIT: _unit,
    Deed.LABEL: _label,
    Deed.URGENT: _urgent,
    Deed.ASIDE: _aside,
    Deed.NOTE: _note,
    Deed.OFFER: _offer,
    Deed.NOTICE: _notice,
    Deed.NOTIFY: _notify,
}


def undo(work: Work, staff: Staff, firing_id: int, *, now: datetime) -> Sequence[str]:
    """Put back what the rule changed, where nobody has changed it since; returns the fields that stay as somebody else left
    them. What was written or said stays. NotFound, NotAllowed, Conflict when it was undone before."""
    fired = work.rules.firing(firing_id)
    conversation = work.conversations.get(fired.conversation_id) if fired is not None else None
    if fired is None or conversation is None:
        raise NotFound("Tindakan aturan itu tidak ada.")
    decision = may(staff, Action.ASSIGN, conversation)
    if not decision:
        raise NotAllowed(decision.why)
    if not work.rules.undone(firing_id, staff.name, now):
        raise Conflict("Tindakan aturan ini sudah dibatalkan.")
    ours = {name: pair for name, pair in fired.changes.items() if getattr(conversation, name) == pair[1]}
    kept = [name for name in fired.changes if name not in ours]
    if "unit" in ours:
        conversation = lay_with(work, actor(staff), conversation.id, ours.pop("unit")[0], now=now)
    back: dict[str, Any] = {name: pair[0] for name, pair in ours.items()}
    if "state" in back:
        back["state"] = ConversationState(back["state"])
    if back:
        work.conversations.save(conversation, replace(conversation, **back))
    where = conversation.id
    work.note(actor(staff), "rule_undone", "conversation", where, at=now, conversation_id=where, before=fired.name)
    return kept


def _name(rule: Rule) -> Actor:
    return Actor(f"{ACTOR}{rule.id}", f"Aturan “{rule.spec.name}”")
