"""What a rule would have done last month: read only, a page of the history at a time, newest first.

Kind, topic and unit are those that the machine named at that moment; whoever holds a conversation and where it lies are
those of today, and the page says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.rules import Deed, Facts, Spec, fits
from omnichannel.domain.work import Happening, Work
from omnichannel.inbox.rules import TRIGGERS, Ground, cause_of, facts_of, message_of

SPAN = timedelta(days=30)
PAGE = 500  # happenings a question
MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Effect:
    """One deed: what it would have set, what stands there now, and why it would have been left undone, if so."""

    deed: Deed
    value: str
    now: str = ""
    not_done: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One conversation that the rule would have touched."""

    conversation_id: int
    at: datetime
    who: str
    words: str
    effects: tuple[Effect, ...]


@dataclass(slots=True)
class Rehearsal:
    """What was looked at so far."""

    looked: int = 0
    fired: int = 0
    hits: list[Hit] = field(default_factory=list)
    conversations: set[int] = field(default_factory=set)
    causes: set[tuple[int, str]] = field(default_factory=set)
    oldest: datetime | None = None
    whole: bool = False


def page(work: Work, ground: Ground, spec: Spec, so_far: Rehearsal, before: int, since: datetime) -> int:
    """Look at one page before that happening; returns where to go on, 0 at the end."""
    verbs = [verb for verb, when in TRIGGERS.items() if when is spec.when]
    found, rest = work.rules.happened_before(before, verbs, since, PAGE)
    for happened in found:
        so_far.looked += 1
        so_far.oldest = happened.at
        hit = _hit(work, ground, spec, happened, so_far)
        if hit is not None and len(so_far.hits) < MOST_SHOWN:
            so_far.hits.append(hit)
    so_far.whole = rest == 0
    return rest


def _hit(work: Work, ground: Ground, spec: Spec, happened: Happening, so_far: Rehearsal) -> Hit | None:
    conversation = work.conversations.get(happened.conversation_id or 0)
    cause = (happened.conversation_id or 0, cause_of(happened, spec.when))
    if conversation is None or cause in so_far.causes:
        return None
    message = message_of(work, happened, conversation)
    if not fits(spec.conditions, _then(facts_of(work, ground, conversation, message, happened.at), happened)):
        return None
    so_far.causes.add(cause)
    so_far.fired += 1
    so_far.conversations.add(conversation.id)
    contact = work.contacts.get(conversation.contact_id)
    words = message.text if message is not None else conversation.preview
    who = contact.label if contact is not None else ""
    effects = tuple(_effect(work, act.deed, act.value, conversation) for act in spec.acts)
    return Hit(conversation.id, happened.at, who, words[:200], effects)


def _then(facts: Facts, happened: Happening) -> Facts:
    """As the machine saw it at that moment, where the history says so ("92 % · pju · dishub")."""
    if happened.verb != "classified":
        return facts
    said: Sequence[str] = (happened.why or "").split(" · ")
    topic, unit = (said[1], said[2]) if len(said) == 3 else (facts.topic, facts.unit)
    return replace(facts, kind=happened.after, topic=topic, unit=unit)


def _effect(work: Work, deed: Deed, value: str, conversation: Conversation) -> Effect:
    holder = work.people.get(conversation.assignee_id) if conversation.assignee_id else None
    held = holder.name if holder is not None else ""
    if deed in (Deed.ASSIGN, Deed.NOTIFY):
        person = work.people.get(int(value)) if value.isdecimal() else None
        taken = "Percakapan ini sudah dipegang petugas." if held and deed is Deed.ASSIGN else ""
        return Effect(deed, person.name if person is not None else "", held, taken)
    if deed is Deed.LABEL:
        label = work.labels.get(int(value)) if value.isdecimal() else None
        return Effect(deed, label.name if label is not None else "")
    if deed is Deed.UNIT:
        taken = "Percakapan ini sudah dipegang petugas." if held and conversation.unit != value else ""
        return Effect(deed, value, conversation.unit or "", taken)
    if deed is Deed.ASIDE and (conversation.case_id or held or conversation.urgent):
        return Effect(deed, "", "", "Percakapan ini berkasus, mendesak, atau sudah dipegang petugas.")
    return Effect(deed, value)
