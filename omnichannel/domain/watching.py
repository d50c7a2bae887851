"""The shelves of the watch: how accounts are doing, and wrong guesses. `domain.shelves` holds the rest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from omnichannel.domain.care import Care


class Watch(Protocol):
    """Probes, expiry and rhythm of each account."""

    def all(self) -> dict[str, Care]: ...
    def get(self, account: str) -> Care:
        """An empty one where nothing is known yet."""
        ...

    def plan_probe(self, account: str, at: datetime) -> None: ...
    def probed(self, account: str, at: datetime, next_at: datetime, expires_at: datetime | None) -> None: ...
    def set_quiet(self, account: str, since: datetime | None) -> None: ...
    def fresh(self, account: str, limit: int) -> list[tuple[int, datetime]]:
        """Ledger entries that the rhythm has not counted yet: id and moment, oldest first."""
        ...

    def count_hours(self, account: str, hours: Mapping[datetime, int], heard_id: int, forget: datetime) -> None:
        """Add to each hour, remember up to which entry, and drop hours before `forget`."""

    def hours(self, account: str, since: datetime) -> dict[datetime, int]:
        """How much was heard in each hour in which something was."""
        ...


class Tries(Protocol):
    """Wrong guesses at codes, by whom and at what; a day's worth is kept."""

    def note(self, name: str, at: datetime) -> None: ...
    def count(self, name: str, since: datetime) -> int: ...
