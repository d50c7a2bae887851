"""The shelf of work to be done: what it can be asked, and what it promises."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from omnichannel.domain.records import Job


class Jobs(Protocol):
    """A job put twice under one key is one; a late owner acknowledges nothing."""

    def put(self, queue: str, body: Mapping[str, Any], *, key: str | None = None, run_at: datetime) -> bool:
        """False when the key is already there."""
        ...

    def claim(self, queue: str, owner: str, now: datetime, lease: timedelta, limit: int = 10) -> list[Job]: ...
    def done(self, job: Job) -> bool:
        """False when the lease was lost to another owner: then nothing may be concluded."""
        ...

    def retry(self, job: Job, at: datetime, error: str) -> bool: ...
    def release(self, job: Job) -> bool:
        """Give a claim back as if it had never been: to its old place, and the attempt does not count."""
        ...

    def owners(self) -> set[str]: ...  # everybody who holds a claim

    def release_from(self, owner: str, queue: str | None = None) -> int:
        """Take every claim (of that queue) from an owner who forgot it or will never come back; returns how many."""
        ...

    def hasten(self, now: datetime, *, but: str) -> int:
        """Make everything due that waits, except the queue `but`; returns how much. For a clock that was set back."""
        ...

    def bury(self, job: Job, error: str) -> bool:
        """Dead: a person must look."""
        ...

    def next_at(self, queue: str) -> datetime | None:
        """When the earliest job that nobody holds is due."""
        ...

    def waits(self, queue: str, key: str) -> bool:
        """Whether that job is planned or under way."""
        ...

    def depths(self) -> dict[str, tuple[int, int]]:
        """queue → (waiting, dead)."""
        ...
