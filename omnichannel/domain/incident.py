"""Many citizens, one event: a flood, an outage, a road that is cut. Each is still counted and answered alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from omnichannel.domain.study import Reading


class IncidentState(StrEnum):
    """offered: the machine thinks so · confirmed: a person says so · closed: over · dismissed: it was no event."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    DISMISSED = "dismissed"

    @property
    def open(self) -> bool:
        """Whether later messages may still join."""
        return self in (IncidentState.OFFERED, IncidentState.CONFIRMED)


class Part(StrEnum):
    """suggested: nobody has looked yet · in: part of it · out: another matter."""

    SUGGESTED = "suggested"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One event that citizens write about."""

    id: int
    topic: str
    state: IncidentState
    title: str
    opened_at: datetime
    last_at: datetime
    kecamatan: str | None = None
    desa: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One citizen's part in it. `unanswered` is why the one answer could not leave to them."""

    incident_id: int
    conversation_id: int
    message_id: int
    part: Part
    likeness: float
    at: datetime
    answered_at: datetime | None = None
    unanswered: str | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A message that may speak of the same matter, and the incident it is part of, if any."""

    reading: Reading
    incident: Incident | None = None
    part: Part | None = None


class Earlier(NamedTuple):
    """An earlier message and what it was about: hundreds are looked at for the three that are shown."""

    conversation_id: int
    message_id: int
    gist: str


class Told(NamedTuple):
    """What an earlier message said, its case's number, and whether its matter is nobody else's to read."""

    text: str
    withdrawn_at: datetime | None
    number: str | None
    secret: bool


class Incidents(Protocol):
    """Events and whose messages belong to them."""

    def near(self, topic: str, since: datetime, until: datetime, limit: int) -> list[Neighbour]:
        """Messages of that topic in that time, newest first, with the youngest incident of each."""
        ...

    def past(self, topic: str, kecamatan: str | None, before: datetime, limit: int) -> list[Earlier]:
        """Earlier messages of that topic (and place), newest first."""
        ...

    def told(self, conversation_id: int, message_id: int) -> Told | None:
        """What that message said, as one who looks for a model may read it."""
        ...

    def reading_of(self, conversation_id: int) -> Reading | None:
        """The newest reading of that conversation."""
        ...

    def open(self, topic: str, kecamatan: str | None, desa: str | None, title: str, at: datetime) -> Incident: ...
    def get(self, incident_id: int) -> Incident | None: ...
    def set_state(self, incident_id: int, state: IncidentState) -> None: ...
    def seen(self, incident_id: int, at: datetime) -> None:
        """Somebody wrote of it then."""

    def listed(self, states: Sequence[IncidentState], limit: int = 100) -> list[Incident]:
        """Latest first."""
        ...

    def offered(self) -> int:
        """How many wait for a person's word."""
        ...

    def put(self, member: Member) -> None:
        """Add a member, or change the one of that conversation."""

    def members(self, incident_id: int) -> list[Member]:
        """In the order in which they wrote."""
        ...

    def of(self, conversation_id: int) -> list[tuple[Incident, Member]]:
        """Latest first."""
        ...
