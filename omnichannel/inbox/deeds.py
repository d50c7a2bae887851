"""What a ready move does beside its answer, in its order: all of it, or the caller's transaction is undone."""

from collections.abc import Callable
from datetime import datetime

from omnichannel.domain.composing import After, Deeds
from omnichannel.domain.errors import NotAllowed
from omnichannel.domain.label import borne
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import labelling, triage
from omnichannel.inbox.reply import actor, note, of

# Kind, topic and unit of one conversation, by hand; it lies in the router, which this room does not know.
Classify = Callable[[Work, Staff, int, str, str, str | None, datetime], object]


def carry_out(
    work: Work,
    staff: Staff,
    conversation_id: int,
    deeds: Deeds,
    *,
    key: str,
    speak: Callable[[], Message] | None,
    classify: Classify,
    now: datetime,
) -> Message | None:
    """`speak` says the answer, where there is one. Whatever refuses leaves the transaction half done: the caller must not
    commit it."""
    _ask(work, staff, conversation_id, deeds)
    number, said = conversation_id, None
    if deeds.kind:
        was = of(work, number)
        classify(work, staff, number, deeds.kind, deeds.topic or was.topic or "lainnya", deeds.unit or was.unit, now)
    if speak is not None:
        said = speak()
    if deeds.note:
        note(work, staff, number, deeds.note, key=key if speak is None else f"{key}~catatan", now=now)
    if deeds.unit:
        triage.pass_to_unit(work, staff, number, deeds.unit, now=now)
    if deeds.assignee_id is not None:
        triage.assign(work, staff, number, deeds.assignee_id, now=now)
    if deeds.labels or deeds.unlabels:
        on = [one.id for one in borne(deeds.labels, work.labels.all())]
        labelling.change(work, actor(staff), number, on=on, off=deeds.unlabels, now=now)
    if deeds.after is After.RESOLVE:
        triage.resolve(work, staff, number, now=now)
    elif deeds.until is not None:
        triage.snooze(work, staff, number, deeds.until, now=now)
    work.note(actor(staff), "moved_by", "move", deeds.move_id, at=now, conversation_id=number, after=deeds.name)
    return said


def needed(deeds: Deeds) -> tuple[Action, ...]:
    """What one must be allowed to do, besides answering."""
    asked = (
        (deeds.kind, Action.CLASSIFY),
        (deeds.note, Action.NOTE),
        (deeds.assignee_id or deeds.unit, Action.ASSIGN),
        (deeds.labels or deeds.unlabels, Action.LABEL),
        (deeds.after, Action.RESOLVE),
    )
    return tuple(action for wanted, action in asked if wanted)


def _ask(work: Work, staff: Staff, conversation_id: int, deeds: Deeds) -> None:
    conversation = of(work, conversation_id)
    for action in needed(deeds):
        if not (decision := may(staff, action, conversation)):
            raise NotAllowed(decision.why)
