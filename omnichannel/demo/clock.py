"""The demo's clock: it can be held at a moment of the past, and then runs with the machine's."""

from datetime import datetime, timedelta

from omnichannel.domain.ports import Clock


class DemoClock:
    """Fits `domain.ports.Clock`. Held, it stands still; sleeping is always real."""

    def __init__(self, real: Clock) -> None:
        self._real = real
        self._held: datetime | None = None

    def now(self) -> datetime:
        return self._held or self._real.now()

    def hold(self, at: datetime) -> None:
        """It is that moment until told otherwise."""
        self._held = at

    def release(self) -> None:
        """It is now again."""
        self._held = None

    async def sleep(self, duration: timedelta) -> None:
        await self._real.sleep(duration)


class At:
    """A clock that shows one moment, for a story that is told about it."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    async def sleep(self, duration: timedelta) -> None:
        raise RuntimeError("nobody sleeps in the past")
