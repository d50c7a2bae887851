"""Many conversations at once: what may be done to them, and what taking it back needs to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

MOST = 200  # conversations in one go: more than fits on any screen, and still one short commit
# Told on the screen for ten seconds; a tab that sleeps or a reader who is slow finds the way back open for longer.
UNDO_SECONDS = 10
UNDO_OPEN_SECONDS = 300


class Deed(StrEnum):
    """What is done to each of them; the value is the form's word."""

    ASSIGN = "tugaskan"
    RESOLVE = "selesai"
    READ = "dibaca"
    UNREAD = "belum-dibaca"
    SNOOZE = "tunda"
    ASIDE = "sisihkan"
    REOPEN = "buka"
    LABEL = "label"
    UNLABEL = "lepas-label"


@dataclass(frozen=True, slots=True)
class Change:
    """What one conversation was and became, in the fields that the deed touched."""

    conversation_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A deed that can still be taken back."""

    deed: Deed
    at: datetime
    changes: Sequence[Change]


class Undos(Protocol):
    """What each person did last to many at once."""

    def keep(self, staff_id: int, kept: Kept) -> int:
        """In place of all that this person could have taken back before; returns its number."""
        ...

    def take(self, staff_id: int, undo_id: int) -> Kept | None:
        """Once only; None where it is not theirs, or was taken already."""
        ...
