"""Telling an officer who is not looking: on a device that asked to be told, and by mail once a day.

What leaves the house names no citizen and none of their words: a kind of notice, a number, and which page to open.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Protocol

from omnichannel.domain.office import Secret

MOST_DEVICES = 10  # an officer has a phone, an office computer, a laptop; more are forgotten ones


class Cause(StrEnum):
    """Why somebody is told."""

    URGENT = "urgent"
    MINE = "mine"
    DEADLINE = "deadline"
    TEST = "test"


# How long a push service keeps what it cannot deliver yet. An alarm of yesterday helps nobody.
LIVES: Mapping[Cause, timedelta] = {
    Cause.URGENT: timedelta(hours=1),
    Cause.MINE: timedelta(hours=12),
    Cause.DEADLINE: timedelta(hours=12),
    Cause.TEST: timedelta(minutes=5),
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a device shows. `open` is a path of ours; a later one with the same `tag` takes the earlier one's place."""

    cause: Cause
    title: str
    body: str
    open: str
    tag: str

    def payload(self) -> bytes:
        """As the service worker reads it."""
        facts = {"cause": self.cause.value, "title": self.title, "body": self.body, "open": self.open, "tag": self.tag}
        return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()

    def kept(self) -> dict[str, str]:
        """As a job keeps it."""
        return {"cause": self.cause.value, "title": self.title, "body": self.body, "open": self.open, "tag": self.tag}


def words_of(kept: Mapping[str, Any]) -> Words:
    """What `Words.kept` made."""
    rest = (str(kept[name]) for name in ("title", "body", "open", "tag"))
    return Words(Cause(kept["cause"]), *rest)


@dataclass(frozen=True, slots=True)
class Choice:
    """What one device wants to hear of, and when it wants to be left alone (hours of the office's day)."""

    urgent: bool = True
    mine: bool = True
    deadline: bool = True
    quiet_from: time | None = None
    quiet_until: time | None = None
    urgent_anyway: bool = True

    def wants(self, cause: Cause, at: time) -> bool:
        """Whether it is to be told of this at that hour."""
        if cause is Cause.TEST:
            return True
        chosen = {Cause.URGENT: self.urgent, Cause.MINE: self.mine, Cause.DEADLINE: self.deadline}[cause]
        return chosen and (not self.quiet(at) or (cause is Cause.URGENT and self.urgent_anyway))

    def quiet(self, at: time) -> bool:
        """Whether it wants to be left alone; 21.00 to 06.00 goes over midnight."""
        begin, end = self.quiet_from, self.quiet_until
        if begin is None or end is None or begin == end:
            return False
        return begin <= at < end if begin < end else at >= begin or at < end


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One browser that asked to be told, and where its push service takes messages for it."""

    id: int
    staff_id: int
    endpoint: str
    p256dh: str
    auth: str
    name: str
    choice: Choice
    created_at: datetime
    told_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """An officer's letter of the morning; `last` is the day of the latest one."""

    staff_id: int
    address: str
    hour: int
    last: date | None = None


class Devices(Protocol):
    """Who is told where."""

    def add(
        self, *, staff_id: int, endpoint: str, p256dh: str, auth: str, name: str, choice: Choice, at: datetime
    ) -> Device:
        """The same endpoint again is the same device: it belongs to whoever signed it up last, with new keys."""
        ...

    def get(self, device_id: int) -> Device | None: ...
    def by_endpoint(self, endpoint: str) -> Device | None: ...
    def of(self, staff_id: int) -> list[Device]: ...
    def any(self) -> bool: ...
    def choose(self, device_id: int, choice: Choice) -> None: ...
    def told(self, device_id: int, at: datetime, error: str | None = None) -> None: ...
    def remove(self, device_id: int) -> None: ...


class Digests(Protocol):
    """Who wants a letter."""

    def of(self, staff_id: int) -> Digest | None: ...
    def all(self) -> Sequence[Digest]: ...
    def want(self, digest: Digest) -> None: ...
    def stop(self, staff_id: int) -> None: ...


class Followers(Protocol):
    """How far each reader of the events table has come."""

    def at(self, name: str) -> int | None:
        """The last happening that it has dealt with; None before its first day."""
        ...

    def move(self, name: str, before: int | None, after: int) -> bool:
        """False when another process was faster: then nothing may be concluded."""
        ...


@dataclass(frozen=True, slots=True)
class Push:
    """One message for one device, on its way out. `topic` replaces what the service still holds of the same."""

    endpoint: str
    p256dh: str
    auth: str
    payload: bytes
    lives: timedelta
    high: bool
    topic: str


@dataclass(frozen=True, slots=True)
class PushRules:
    """`[push]` of the configuration. `contact` is whom a push service may write to; `key` overrides the kept one."""

    contact: str
    services: tuple[str, ...] = ()
    key: Secret | None = None


class Gone(Exception):
    """The push service says that this device is no longer there."""


class Pusher(Protocol):
    """The way to the browsers' push services."""

    def key(self) -> str:
        """Our public key, as a browser wants it (base64url of an uncompressed point)."""
        ...

    def accepts(self, endpoint: str) -> bool:
        """Whether this is a push service that we know: no officer makes us call an address of their choice."""
        ...

    async def send(self, push: Push) -> None:
        """Gone; TryLater (with the service's own wish); Refused for good."""
        ...

    async def close(self) -> None: ...
