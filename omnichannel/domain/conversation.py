"""One thread with one citizen, and what may still be answered in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from omnichannel.domain.channel import Address, Capabilities, Channel, Late, Surface

# A conversation of messages that were taken out of a thread is answered in that thread: behind this stands its number.
APART = "#terpisah-"


class ConversationState(StrEnum):
    """open: ours to act · waiting: the citizen's turn · resolved. Snoozing is a date beside it, not a state."""

    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether and until when a reply may leave; `reason` is what staff read when it may not."""

    allowed: bool
    until: datetime | None = None
    late: Late | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The row that the work list reads; everything a list shows stands on it."""

    id: int
    account: str
    channel: Channel
    surface: Surface
    external_id: str
    contact_id: int
    state: ConversationState
    last_at: datetime
    created_at: datetime
    last_in_at: datetime | None = None
    preview: str = ""
    unread: int = 0
    failed: int = 0
    assignee_id: int | None = None
    unit: str | None = None
    kind: str | None = None
    queue: str | None = None
    topic: str | None = None
    confidence: float | None = None
    needs_person: bool = False
    urgent: bool = False
    subject: str | None = None
    snoozed_until: datetime | None = None
    due: str | None = None
    case_id: int | None = None
    aside: str | None = None
    labels: tuple[int, ...] = ()
    shuts_at: datetime | None = None
    token: str | None = None
    version: int = 1

    def address(self, contact_external_id: str) -> Address:
        """Where an answer in this thread goes."""
        return Address(
            conversation=self.external_id.partition(APART)[0], surface=self.surface, contact=contact_external_id
        )

    def may_answer(self, capabilities: Capabilities, now: datetime) -> Allowance:
        """The one check behind the screen, the reply and the automatic notice."""
        if capabilities.window is None:
            return Allowance(allowed=True)
        if self.last_in_at is None:
            return Allowance(
                allowed=False, reason="Warga belum pernah menulis di sini; kanal ini melarang kita memulai."
            )
        until = self.last_in_at + capabilities.window
        if now < until:
            return Allowance(allowed=True, until=until)
        if capabilities.late is Late.ALLOWED:
            return Allowance(allowed=True)
        if capabilities.late is Late.HUMAN_TAG and capabilities.late_window is not None:
            late_until = self.last_in_at + capabilities.late_window
            if now < late_until:
                return Allowance(allowed=True, until=late_until, late=Late.HUMAN_TAG)
        hint = "Kirim templat, atau tunggu" if capabilities.late is Late.TEMPLATE else "Tunggu"
        return Allowance(
            allowed=False,
            late=capabilities.late,
            reason=f"Jendela {_span(capabilities.window)} sudah tertutup. {hint} warga menulis lagi.",
        )


def shuts_at(capabilities: Capabilities | None, heard: datetime) -> datetime | None:
    """Until when an officer may still answer words of that moment with their own; None where no window shuts.

    24 hours on WhatsApp, where only an approved template goes out later; the 7 days of the human agent's tag on Messenger
    and Instagram: `may_answer` counts the same for the composer.
    """
    if capabilities is None or capabilities.window is None or capabilities.late is Late.ALLOWED:
        return None
    if capabilities.late is Late.HUMAN_TAG and capabilities.late_window is not None:
        return heard + capabilities.late_window
    return heard + capabilities.window


def _span(window: timedelta) -> str:
    """As people say it: 24 jam, 7 hari."""
    hours = round(window / timedelta(hours=1))
    return f"{hours // 24} hari" if hours >= 48 and hours % 24 == 0 else f"{hours} jam"
