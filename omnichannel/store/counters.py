"""Which lists a conversation stands in: pure, so that the numbers beside the views can be kept by difference.

A number is never counted when a screen asks for it. Whoever saves a conversation adds and takes away exactly what
changed, in the same transaction; a test recounts from nothing and compares.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.screens import View

ACTIVE, SNOOZED, RESOLVED = "active", "snoozed", "resolved"
NEVER = date.max
SECONDS = (1 << 34) - 1  # enough until the year 2514
# Within a day, in the uppermost two of these bits: what may be a danger, then windows that shut, then the rest (3).
DANGER, WINDOW, OF_A_KIND = 1 << 32, 2 << 32, (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides in which lists a conversation stands, and where a unit's list sorts it."""

    lane: str
    unread: bool
    failed: bool
    assignee_id: int | None
    queue: str | None
    units: frozenset[str]
    last_at: datetime
    aside: bool = False
    labels: frozenset[int] = frozenset()


def lane(conversation: Conversation) -> str:
    """Where it lies on the desk: in hand, put off, or done."""
    if conversation.state is ConversationState.RESOLVED:
        return RESOLVED
    return ACTIVE if conversation.snoozed_until is None else SNOOZED


def standing(conversation: Conversation) -> Standing:
    """A conversation stands in the lists of the unit it lies with, and no other: what a list shows, `may` must allow."""
    units = frozenset(() if conversation.unit is None else (conversation.unit,))
    return Standing(
        lane=lane(conversation),
        unread=conversation.unread > 0,
        failed=conversation.failed > 0,
        assignee_id=conversation.assignee_id,
        queue=conversation.queue,
        units=units,
        last_at=conversation.last_at,
        aside=conversation.aside is not None,
        labels=frozenset(conversation.labels),
    )


def burn(due: str | None, last_at: datetime, *, urgent: bool = False, shuts_at: datetime | None = None) -> int:
    """One number to sort open work by, smallest first: the nearest day on which something ends. That is the legal due day,
    the day on which the channel's reply window shuts (`shuts_at`, while the citizen waits), and for what is urgent the
    day it was said. Within a day: what is urgent, then the windows, the soonest first, then the newest word.

    Days count in the high bits and seconds in the low 34, turned round where the newest comes first; no end comes after
    every end. A window's day is UTC's: what shuts before eight in the morning (WITA) is the evening's work.
    """
    law = NEVER if due is None else date.fromisoformat(due)
    said, shuts = last_at.astimezone(UTC).date(), NEVER if shuts_at is None else shuts_at.astimezone(UTC).date()
    day = min(law, shuts, said if urgent else NEVER)
    newest = SECONDS - min(max(_seconds(last_at), 0), SECONDS)
    if urgent:
        within = DANGER | (newest & OF_A_KIND)
    elif shuts_at is not None and shuts == day:
        within = WINDOW | min(max(_seconds(shuts_at), 0), OF_A_KIND)
    else:
        within = newest
    return day.toordinal() << 34 | within


def _seconds(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())


def scope_key(*, unit: str | None = None, queue: str | None = None, staff: int | None = None) -> str:
    """The name of one counter within a view; empty for the whole office."""
    parts = (("unit", unit), ("queue", queue), ("staff", staff))
    return ";".join(f"{name}={value}" for name, value in parts if value is not None)


def memberships(row: Standing) -> frozenset[tuple[str, str]]:
    """Every (view, scope) that counts this conversation: for the office, for each unit, and for each of both by queue."""
    views = list(_views(row))
    units: list[str | None] = [None, *row.units]
    queues = [None] if row.queue is None else [None, row.queue]
    found: set[tuple[str, str]] = set()
    for unit in units:
        for queue in queues:
            key = scope_key(unit=unit, queue=queue)
            found.update((view, key) for view in views)
            if row.lane == ACTIVE and row.assignee_id is not None:
                found.add((View.MINE.value, scope_key(unit=unit, queue=queue, staff=row.assignee_id)))
    return frozenset(found)


def _views(row: Standing) -> list[str]:
    """The views that do not depend on who looks. A failed send is seen wherever the conversation lies."""
    active = row.lane == ACTIVE
    return [
        view.value
        for view, stands in (
            (View.UNREAD, active and row.unread),
            (View.UNIT, active and bool(row.units)),
            (View.FAILED, row.failed),
            (View.SNOOZED, row.lane == SNOOZED),
            (View.RESOLVED, row.lane == RESOLVED),
            (View.ASIDE, row.aside),
            (View.ALL, row.lane != RESOLVED),
        )
        if stands
    ]


def difference(before: Standing | None, after: Standing) -> dict[tuple[str, str], int]:
    """What to add to which counter; empty when nothing that counts has changed."""
    was = frozenset() if before is None else memberships(before)
    now = memberships(after)
    return dict.fromkeys(now - was, 1) | dict.fromkeys(was - now, -1)
