"""Officers tick what they have made sure of; each tick, and each that is taken back, stands in the history."""

from datetime import datetime

from omnichannel.domain.case import Case
from omnichannel.domain.checklist import Item
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Work
from omnichannel.inbox.reply import actor


def tick(work: Work, staff: Staff, case: Case, item: Item, now: datetime) -> None:
    """Looked at. Ticked twice it is ticked once, by whoever was first."""
    if work.together.tick(case.id, item.key, now, staff.name):
        _note(work, staff, "ticked", case, item, now)


def untick(work: Work, staff: Staff, case: Case, item: Item, now: datetime) -> None:
    """Not so after all."""
    if work.together.untick(case.id, item.key):
        _note(work, staff, "unticked", case, item, now)


def _note(work: Work, staff: Staff, verb: str, case: Case, item: Item, now: datetime) -> None:
    work.note(actor(staff), verb, "case", case.id, at=now, conversation_id=case.conversation_id, after=item.text)
