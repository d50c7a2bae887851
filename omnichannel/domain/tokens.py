"""Bearer tokens: another system of the office acts as one of its staff, and never as more than that."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from omnichannel.domain.people import Staff

PREFIX = "omni_"  # so that a token that leaked into a repository is recognised for what it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A key that was made for a program. Only its hash is stored; `tail` are its last letters, to tell two apart.

    `writes`: it may also change what its officer may change. `unmasked`: it is given identities whole (UU 27/2022:
    whoever receives personal data must need it).
    """

    id: int
    name: str
    tail: str
    staff: Staff
    writes: bool
    unmasked: bool
    made_by: str
    made_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None
    ended_at: datetime | None = None

    def lives(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        over = self.expires_at is not None and self.expires_at <= now
        return self.ended_at is None and not over and self.staff.disabled_at is None

    @property
    def hand(self) -> Staff:
        """The officer as histories name them when it was the program that acted for them."""
        return replace(self.staff, name=f"{self.staff.name} (API {self.name})")


class Tokens(Protocol):
    """Made and ended in the administration."""

    def add(
        self,
        *,
        name: str,
        hashed: str,
        tail: str,
        staff_id: int,
        writes: bool,
        unmasked: bool,
        made_by: str,
        at: datetime,
        expires_at: datetime | None,
    ) -> int:
        """Conflict where a living or an ended token has that name: a history must tell them apart."""
        ...

    def by_hash(self, hashed: str) -> Token | None: ...
    def get(self, token_id: int) -> Token | None: ...
    def all(self) -> list[Token]:
        """Newest first."""
        ...

    def used(self, token_id: int, at: datetime) -> None: ...
    def end(self, token_id: int, at: datetime) -> bool:
        """False where it had ended before."""
        ...
