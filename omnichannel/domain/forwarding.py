"""A report on its way to SP4N-LAPOR!, what LAPOR told of it, and the shelf where both lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from omnichannel.domain.message import Attachment

TO_LAPOR = "lapor"  # the queue of reports to be sent, and the bell that wakes its worker


@dataclass(frozen=True, slots=True)
class News:
    """One status or follow-up that LAPOR tells."""

    id: str
    at: datetime
    status_name: str | None
    status_code: str | None
    text: str
    institution: str | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One row of LAPOR's own export. `line` is its place in the file, the head row being 1; `number` is ours, where our own
    file came back with LAPOR's numbers in it."""

    line: int
    tracking_id: str | None = None
    complaint_id: str | None = None
    number: str | None = None
    title: str = ""
    content: str = ""
    at: datetime | None = None
    happened: date | None = None
    status: str | None = None
    follow_up: str = ""
    followed_at: datetime | None = None
    institution: str | None = None
    place: str = ""
    classification: str = ""
    reporter: str | None = None
    url: str | None = None
    anonymous: bool = False
    secret: bool = False


class ForwardState(StrEnum):
    """asking: the citizen's consent is awaited · held: nobody sends it (objected, or an officer said so) · waiting ·
    sending · sent: it is there, with its id · unsure: it may be there · failed: LAPOR will not have it as it is ·
    own: the citizen handed it in themselves · received: LAPOR gave it to us."""

    ASKING = "asking"
    HELD = "held"
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"
    FAILED = "failed"
    OWN = "own"
    RECEIVED = "received"

    @property
    def needs_a_person(self) -> bool:
        return self in (ForwardState.UNSURE, ForwardState.FAILED, ForwardState.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """One row a case. `since` is when it began to wait, `tried_at` the last attempt, `title` what LAPOR then read.

    `named` is the citizen's own choice to be named; without it the report stands under the office's account.
    `cursor` and `checked_at` belong to the news that is polled once it is there.
    """

    case_id: int
    state: ForwardState
    since: datetime
    named: bool = False
    attempts: int = 0
    tried_at: datetime | None = None
    title: str | None = None
    error: str | None = None
    complaint_id: str | None = None
    cursor: str | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One piece of news as it is kept. `ours` is what we wrote there; `late` what would have moved the case back."""

    id: int
    case_id: int
    external_id: str
    at: datetime
    arrived_at: datetime
    status: str | None
    text: str
    institution: str | None
    ours: bool = False
    late: bool = False


class Forwards(Protocol):
    """Reports on their way, their news, and LAPOR's own lists."""

    def get(self, case_id: int) -> Forward | None: ...
    def add(self, forward: Forward) -> bool:
        """False when the case has a row already: the database's own key decides."""
        ...

    def save(self, forward: Forward) -> None: ...
    def by_complaint(self, complaint_id: str) -> Forward | None: ...
    def titled(self, title: str) -> list[Forward]:
        """Every report that was ever tried under this title."""
        ...

    def fresh(self, limit: int) -> list[int]:
        """Cases of the LAPOR queue that are sure, open, not there yet and have no row: nobody thought of them yet."""
        ...

    def in_state(self, *states: ForwardState, limit: int = 1000) -> list[Forward]: ...
    def hear(self, case_id: int, news: News, at: datetime, *, ours: bool = False, late: bool = False) -> bool:
        """False when this piece was heard before."""
        ...

    def news(self, case_id: int) -> list[Told]:
        """Oldest first."""
        ...

    def names(self, kind: str) -> dict[str, str]:
        """code → name of one of LAPOR's lists: institution, category, template."""
        ...

    def set_names(self, kind: str, names: Sequence[tuple[str, str]], at: datetime) -> None:
        """The list as it is now; what LAPOR no longer tells is forgotten."""
