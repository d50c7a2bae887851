"""What stands beside a conversation and comes from others: the event it may be part of, and similar cases with their answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.incident import Incident, Member
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may, scope
from omnichannel.domain.work import Work
from omnichannel.router.precedents import Precedent, precedents


@dataclass(frozen=True, slots=True)
class Beside:
    """`events` are the open incidents of this conversation with how many citizens are in each."""

    events: Sequence[tuple[Incident, Member, int]]
    similar: Sequence[Precedent]


def beside(work: Work, staff: Staff, conversation: Conversation | None) -> Beside:
    """Only what this reader may open."""
    if conversation is None or not may(staff, Action.READ, conversation):
        return Beside((), ())
    hidden = scope(staff).hidden

    def readable(other: Conversation) -> bool:
        return other.queue not in hidden and bool(may(staff, Action.READ, other))

    events = [
        (incident, member, len(work.incidents.members(incident.id)))
        for incident, member in work.incidents.of(conversation.id)
        if incident.state.open
    ]
    return Beside(events, precedents(work, conversation, readable))


def context(found: Beside) -> dict[str, Any]:
    """As the panel's templates name it."""
    return {"beside": found}
