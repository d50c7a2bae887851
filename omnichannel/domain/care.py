"""Care of an account: when it was last asked, when its token dies, and since when it is too quiet. Pure."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """What the watch knows of one account. `probe_at` is when it is asked next; `heard_id` the last ledger entry counted."""

    account: str
    probe_at: datetime | None = None
    probed_at: datetime | None = None
    expires_at: datetime | None = None
    heard_id: int = 0
    quiet_since: datetime | None = None


class Expiry(StrEnum):
    """How near a token's end is."""

    FAR = "far"
    SOON = "soon"
    LOUD = "loud"
    OVER = "over"


SOON, LOUD = timedelta(days=14), timedelta(days=3)


def expiry(expires_at: datetime | None, now: datetime) -> Expiry:
    """A token that never expires is far."""
    if expires_at is None or expires_at - now > SOON:
        return Expiry.FAR
    if expires_at <= now:
        return Expiry.OVER
    return Expiry.LOUD if expires_at - now <= LOUD else Expiry.SOON


def days_left(expires_at: datetime, now: datetime) -> int:
    """Whole days that are left, rounded up while there is any time at all: "1 hari lagi" until the last hour."""
    return max(0, math.ceil((expires_at - now) / timedelta(days=1)))
