"""The time of day."""

import asyncio
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock, in aware UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, duration: timedelta) -> None:
        await asyncio.sleep(duration.total_seconds())
