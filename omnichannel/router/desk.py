"""What the stories of a case lean on, and how they find what they speak of."""

from collections.abc import Callable
from dataclasses import dataclass

from omnichannel.domain.case import Case
from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.deadline import Clocks
from omnichannel.domain.errors import Conflict, NotFound
from omnichannel.domain.office import Office
from omnichannel.domain.organisation import Organisation
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Actor, Work

Ability = Callable[[str, Surface], Capabilities | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The office, its units, its clocks, and what each account can do."""

    office: Office
    organisation: Organisation
    clocks: Clocks
    ability: Ability


def conversation_of(work: Work, conversation_id: int) -> Conversation:
    """NotFound in words for staff."""
    conversation = work.conversations.get(conversation_id)
    if conversation is None:
        raise NotFound("Percakapan itu tidak ada.")
    return conversation


def case_of(work: Work, case_id: int, seen: int | None = None) -> Case:
    """NotFound; Conflict when the case is no longer the version that the page showed."""
    case = work.cases.get(case_id)
    if case is None:
        raise NotFound("Kasus itu tidak ada.")
    if seen is not None and case.version != seen:
        raise Conflict("Kasus ini berubah sejak Anda membuka halaman. Muat ulang, lalu putuskan lagi.")
    return case


def by_staff(staff: Staff) -> Actor:
    """A staff member in the events table."""
    return Actor(f"staff:{staff.id}", staff.name)
