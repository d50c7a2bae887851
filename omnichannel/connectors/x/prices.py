"""What X charges, and the meter that keeps a month within its budget.

Prices in millionths of a dollar, https://docs.x.com/x-api/getting-started/pricing (2026-11-22). The mentions of our own
account are "owned reads" since 2026-04-20 (https://docs.x.com/changelog); direct messages are not. The page does not
say whether what stands in `includes` is charged: the meter counts it, so that it errs on the dear side.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DOLLAR = 1_000_000
OWNED_READ = 1_000
DM_EVENT_READ = 10_000
USER_READ = 10_000
MEDIA_READ = 5_000
POST_READ = 5_000
POST_WRITE = 15_000
POST_WRITE_WITH_LINK = 200_000
DM_WRITE = 15_000

# Rupiah for a dollar where the configuration names none: above Bank Indonesia's selling rate of 16.816 on 2025-11-20,
# the last one looked up. Credits are bought in dollars, so an office sets its own.
IDR_PER_USD = 17_500
# The same thing read twice within a UTC day is charged once (same page); so many names are remembered for that.
REMEMBERED = 400


@dataclass(frozen=True, slots=True)
class Meter:
    """What this month has cost, and what was already paid for today."""

    month: str = ""
    spent: int = 0
    day: str = ""
    paid: tuple[str, ...] = ()

    def at(self, now: datetime) -> "Meter":
        """The meter now: a new month starts at nothing, a new day forgets what was paid."""
        month, day = now.astimezone(UTC).strftime("%Y-%m"), now.astimezone(UTC).strftime("%Y-%m-%d")
        return Meter(
            month=month,
            spent=self.spent if self.month == month else 0,
            day=day,
            paid=self.paid if self.day == day else (),
        )

    def read(self, things: Iterable[tuple[str, int]]) -> "Meter":
        """After reading these (name, price): a name that was paid for today costs nothing more."""
        known, cost, fresh = set(self.paid), 0, list(self.paid)
        for name, price in things:
            if name not in known:
                known.add(name)
                fresh.append(name)
                cost += price
        return Meter(self.month, self.spent + cost, self.day, tuple(fresh[-REMEMBERED:]))

    def plus(self, cost: int) -> "Meter":
        """After something that is charged each time."""
        return Meter(self.month, self.spent + cost, self.day, self.paid)


@dataclass(frozen=True, slots=True)
class Budget:
    """Rupiah a month; None is no limit."""

    rupiah: int | None = None
    idr_per_usd: int = IDR_PER_USD

    @property
    def limit(self) -> int | None:
        """The same in millionths of a dollar."""
        return None if self.rupiah is None else self.rupiah * DOLLAR // max(self.idr_per_usd, 1)

    def in_rupiah(self, spent: int) -> int:
        return spent * self.idr_per_usd // DOLLAR

    def gone(self, meter: Meter) -> bool:
        return self.limit is not None and meter.spent >= self.limit

    def pace(self, usual: timedelta, meter: Meter, now: datetime) -> timedelta:
        """How long between two polls. As usual while money lasts as long as the month; the thinner, the slower."""
        if self.limit is None or self.limit <= 0 or not usual:
            return usual
        money = 1 - meter.spent / self.limit
        share = money / max(left(now), 0.01)
        return usual if share >= 1 else min(usual / max(share, 0.01), max(SLOWEST, usual))


SLOWEST = timedelta(minutes=30)


def left(now: datetime) -> float:
    """How much of the month is still to come, 0 to 1."""
    return (next_month(now) - now) / timedelta(days=monthrange(now.year, now.month)[1])


def next_month(now: datetime) -> datetime:
    """When the budget opens again: X counts its days in UTC."""
    now = now.astimezone(UTC)
    year, month = (now.year + 1, 1) if now.month == 12 else (now.year, now.month + 1)
    return datetime(year, month, 1, tzinfo=UTC)


def rupiah(amount: int) -> str:
    """Rp1.234.567."""
    return f"Rp{amount:,}".replace(",", ".")
