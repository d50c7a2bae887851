"""What we owe an answer: a request, a complaint or an aspiration, with its number, its clock and its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a citizen wants of us."""

    INFORMATION_REQUEST = "information_request"
    COMPLAINT = "complaint"
    ASPIRATION = "aspiration"
    OTHER = "other"


class Queue(StrEnum):
    """Whose table it lies on."""

    PPID = "ppid"
    LAPOR = "lapor"
    HUMAS = "humas"


QUEUE_OF = {
    Kind.INFORMATION_REQUEST: Queue.PPID,
    Kind.COMPLAINT: Queue.LAPOR,
    Kind.ASPIRATION: Queue.LAPOR,
    Kind.OTHER: Queue.HUMAS,
}


class CaseState(StrEnum):
    """open: we owe something · forwarded: in LAPOR, we wait for news · answered: said, may come back · closed · voided."""

    OPEN = "open"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    CLOSED = "closed"
    VOIDED = "voided"

    @property
    def running(self) -> bool:
        """Whether the clock still runs against us."""
        return self in (CaseState.OPEN, CaseState.FORWARDED)


class Outcome(StrEnum):
    """How it ended."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    NOT_HELD = "not_held"
    WITHDRAWN = "withdrawn"
    RESOLVED = "resolved"
    TRANSFERRED = "transferred"
    LAPSED = "lapsed"

    @property
    def state(self) -> CaseState:
        """An answer may be objected to or come back; what was withdrawn, given to another body or never completed is over
        for us."""
        over = (Outcome.WITHDRAWN, Outcome.TRANSFERRED, Outcome.LAPSED)
        return CaseState.CLOSED if self in over else CaseState.ANSWERED

    @property
    def needs_reason(self) -> bool:
        """Anything less than a yes is explained to the citizen (UU 14/2008, Pasal 22 ayat (7) for a request)."""
        less = (Outcome.PARTLY, Outcome.REFUSED, Outcome.NOT_HELD, Outcome.TRANSFERRED, Outcome.LAPSED)
        return self in less


_OF_A_REPORT = (Outcome.RESOLVED, Outcome.REFUSED, Outcome.TRANSFERRED, Outcome.WITHDRAWN)
OUTCOMES: Mapping[Kind, tuple[Outcome, ...]] = {
    Kind.INFORMATION_REQUEST: (
        Outcome.GRANTED,
        Outcome.PARTLY,
        Outcome.REFUSED,
        Outcome.NOT_HELD,
        Outcome.TRANSFERRED,
        Outcome.WITHDRAWN,
        Outcome.LAPSED,
    ),
    Kind.COMPLAINT: _OF_A_REPORT,
    Kind.ASPIRATION: _OF_A_REPORT,
    Kind.OTHER: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing we owe. `received_at` is the citizen's moment, `due` the last allowed day in the office's zone.

    `certain` is False while a person must still confirm the kind ("perlu dipastikan").
    `clocks` is the explained ladder as `omnichannel deadline` prints it, frozen with the calendar's version.
    `version` rises with every change; a writer states the one they saw.
    """

    id: int
    conversation_id: int
    message_id: int
    contact_id: int
    kind: Kind
    queue: Queue
    number: str
    state: CaseState
    topic: str
    received_at: datetime
    created_at: datetime
    due: date
    provisional: bool
    calendar_version: str
    clocks: dict[str, Any]
    certain: bool
    confidence: float
    reasons: list[dict[str, Any]]
    title: str
    unit: str | None = None
    kecamatan: str | None = None
    desa: str | None = None
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    void_reason: str | None = None
    tracking_id: str | None = None
    lapor_url: str | None = None
    lapor_status: str | None = None
    lapor_at: datetime | None = None
    anonymous: bool = False
    secret: bool = False
    version: int = 1

    def overdue(self, today: date) -> bool:
        """Computed, never stored: past the due day and still ours to answer."""
        return self.state.running and today > self.due
