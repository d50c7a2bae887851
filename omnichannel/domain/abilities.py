"""More optional sockets: what some connectors can do beyond hearing and answering. `domain.ports` has the rest."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from omnichannel.domain.message import Author
from omnichannel.domain.ports import Batch, Raw
from omnichannel.domain.posts import Post


@runtime_checkable
class CatchUp(Protocol):
    """A connector that is told, and can also be asked what was said while nobody listened."""

    async def missed(self, since: datetime, cursor: str | None) -> Batch:
        """One stretch of what was said since then, under the ids that its webhooks bear; then the cursor of the next
        stretch, None after the last. The same cursor gives at least the same. TryLater, AccountBroken."""
        ...


@runtime_checkable
class Naming(Protocol):
    """A connector whose messages bear no name, and which may be asked for it."""

    async def name_of(self, contact: str) -> Author | None:
        """What the platform tells of a citizen; None: nothing, and it will not change. Refused: not of this one, not
        now. AccountBroken: of nobody, we have no right to ask. TryLater."""
        ...


@runtime_checkable
class Heading(Protocol):
    """A connector whose public comments come without the post that they stand under, and which may be asked for it."""

    async def heading(self, thread: str) -> Post | None:
        """The post of a thread; None: there is none, or it is told to nobody. Refused, AccountBroken (no right to ask),
        TryLater."""
        ...


@dataclass(frozen=True, slots=True)
class Link:
    """A public post or comment as its address names it: its id at the platform, its thread, whose page it stands on."""

    url: str
    id: str
    thread: str
    owner: str | None = None


@runtime_checkable
class Pasting(Protocol):
    """A connector for whose platform staff may paste the address of a public post that did not come by itself."""

    def link(self, url: str) -> Link | None:
        """What an address leads to; None: to nothing of this platform's."""
        ...

    def by_hand(self, link: Link, author: str, text: str, at: datetime) -> Raw:
        """What staff copied, as a payload that `parse` reads like any other."""
        ...

    async def look_up(self, link: Link, cursor: str | None) -> Raw | None:
        """The post itself, if the platform's API gives it; None: it never does. `cursor` is the account's, for what it
        says of money. TryLater, Refused (gone, not public), AccountBroken."""
        ...


@dataclass(frozen=True, slots=True)
class Spending:
    """What an account costs this month, in rupiah; `limit` None: no limit. `pace`: how long between two readings.
    `opens`: when reading goes on once the money is gone."""

    spent: int
    limit: int | None
    pace: timedelta
    opens: datetime | None = None


@runtime_checkable
class Metered(Protocol):
    """A connector whose platform charges for every call."""

    def spending(self, cursor: str | None, now: datetime) -> Spending:
        """What the account's cursor says of money."""
        ...
