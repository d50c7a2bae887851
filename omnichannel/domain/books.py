"""Reading the rows of a span of time one page after another, for registers, reports and bundles of evidence."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from omnichannel.domain.case import Case, Kind, Queue
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.objection import Objection


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment on, up to and without another."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation with whom it is."""

    conversation: Conversation
    contact: str
    assignee: str | None


class Books(Protocol):
    """Pages by id, so that a hundred thousand rows are never in memory at once. `after` is the last id of the page before."""

    def cases(
        self, span: Span, after: int, limit: int, *, queue: Queue | None = None, kind: Kind | None = None
    ) -> list[Case]:
        """Received within the span, voided ones too: a register shows every number."""
        ...

    def objections(self, span: Span, after: int, limit: int) -> list[Objection]: ...
    def talks(self, span: Span, after: int, limit: int) -> list[Talk]:
        """Begun within the span."""
        ...

    def shared(self, message_id: int, entry: int, conversation_id: int) -> bool:
        """Whether the payload that brought this message also brought words of another conversation (platforms batch)."""
        ...
