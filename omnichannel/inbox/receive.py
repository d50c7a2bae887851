"""A payload comes in: kept in the ledger, its items put where they belong, all in one commit.

Webhooks and pollers enter by the same door (`Intake.take_in`). Nothing a platform sends can stop a channel: an item that
cannot be read, or cannot be stored, is quarantined and the rest of its batch goes on. A database that is away quarantines
nothing: then nothing was kept, and the platform sends it again.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from omnichannel.domain.errors import Conflict, StoreAway
from omnichannel.domain.message import Attachment, Event
from omnichannel.domain.ports import Clock, Connector, Files, Raw, Store
from omnichannel.domain.work import Entry, Work
from omnichannel.inbox import apply
from omnichannel.inbox.clean import flaw, plain, read

__all__ = ["Intake", "Received", "read"]

log = logging.getLogger(__name__)

CONFLICTS = 3  # An item that met somebody else's change is told again so often before it counts as broken.
PROBLEM = 500


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a batch: items new, items known before, items in quarantine."""

    new: int = 0
    known: int = 0
    quarantined: int = 0

    def __add__(self, other: "Received") -> "Received":
        return Received(self.new + other.new, self.known + other.known, self.quarantined + other.quarantined)


@dataclass(frozen=True, slots=True)
class _Parcel:
    """One payload and what it means. `entry` is set when it lies in the ledger already and is read again."""

    raw: Raw
    events: tuple[Event, ...]
    entry: Entry | None = None


class Intake:
    """The door of every payload."""

    def __init__(self, store: Store, files: Files, clock: Clock) -> None:
        self._store = store
        self._files = files
        self._clock = clock

    async def take_in(
        self, connector: Connector, raws: Sequence[Raw], *, cursor: str | None = None, owner: str | None = None
    ) -> Received:
        """Keep the payloads and their items durably, then return; `cursor` is saved in the same commit.

        StoreAway: nothing was kept, the platform must repeat. Conflict: `owner` no longer polls this account.
        """
        parcels = [_Parcel(raw, await self._shelve(read(connector, raw))) for raw in raws]
        return await self._tell(_Story(connector, parcels, cursor, owner, self._clock.now()))

    async def replay(self, connector: Connector, entry: Entry) -> Received:
        """Read a ledger entry again; what is already there stays as it is, what could not be read before is taken in."""
        held = await self._store.read(lambda work: work.ledger.payload(entry.id))
        if held is None:
            return Received()
        headers, body = held
        raw = Raw(body=body, headers=headers)
        parcel = _Parcel(raw, await self._shelve(read(connector, raw)), entry)
        return await self._tell(_Story(connector, [parcel], None, None, self._clock.now()))

    async def _tell(self, story: "_Story") -> Received:
        """Tell the story to the database, again without each item that breaks it. Whose fault it was, the store knows:
        it says StoreAway for its own, and everything else is the item's."""
        conflicts = 0
        while True:
            try:
                return await self._store.write(story)
            except StoreAway:
                raise
            except Exception as error:
                place = story.at
                if place is None:
                    raise
                if isinstance(error, Conflict) and conflicts < CONFLICTS:
                    conflicts += 1
                    continue
                kind = type(error).__name__
                log.error("item quarantined", extra={"account": story.connector.account, "error": kind})
                story.now = self._clock.now()
                story.broken[place] = plain(f"{kind}: {error}")[:PROBLEM]

    async def _shelve(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """Files that came along go to the disk before the commit that names them. StoreAway when the disk will not."""
        try:
            return tuple([await self._with_files_kept(event) for event in events])
        except OSError as error:
            raise StoreAway(f"attachments cannot be kept: {error.strerror}") from error

    async def _with_files_kept(self, event: Event) -> Event:
        if not any(part.content is not None for part in event.attachments):
            return event
        kept: list[Attachment] = []
        for part in event.attachments:
            if part.content is None:
                kept.append(part)
                continue
            digest = await asyncio.to_thread(self._files.keep, part.content)
            kept.append(replace(part, sha256=digest, size=len(part.content), content=None))
        return replace(event, attachments=tuple(kept))


class _Story:
    """One batch, told to the database as often as it takes. `at` is the item it stands at: (payload, position).

    An item's error leaves the story as it is, unwrapped: only the store can tell a fault of its own (a full disk, a lock)
    from a value that fits no column.
    """

    def __init__(
        self, connector: Connector, parcels: Sequence[_Parcel], cursor: str | None, owner: str | None, now: datetime
    ) -> None:
        self.connector, self.parcels = connector, parcels
        self.cursor, self.owner = cursor, owner
        self.broken: dict[tuple[int, int], str] = {}
        self.at: tuple[int, int] | None = None
        self.now = now

    def __call__(self, work: Work) -> Received:
        self.at = None
        account = self.connector.account
        work.accounts.ensure(account, self.connector.channel)
        total, released = Received(), 0
        for number, parcel in enumerate(self.parcels):
            entry = parcel.entry or work.ledger.append(account, parcel.raw.body, parcel.raw.headers, self.now)
            waiting = _waiting(work, entry) if parcel.entry else None
            for position, event in enumerate(parcel.events):
                became = self._item(work, entry, number, position, event, waiting)
                released += _release(work, entry, position, became, waiting)
                total += became
            released += _vanished(work, entry, len(parcel.events), waiting)
        self._count(work, total, released)
        return total

    def _item(
        self, work: Work, entry: Entry, number: int, position: int, event: Event, waiting: frozenset[int] | None
    ) -> Received:
        problem = self.broken.get((number, position)) or event.problem or flaw(event)
        if problem is not None:
            if waiting is None or position in waiting:
                work.ledger.quarantine(entry.id, position, entry.account, problem, self.now)
            return Received(quarantined=1)
        self.at = (number, position)
        fresh = work.ledger.first_time(entry.account, event.external_id, entry.id, position, event.type.value)
        if fresh:
            apply.event(work, self.connector, entry, event, self.now)
        self.at = None
        return Received(new=1) if fresh else Received(known=1)

    def _count(self, work: Work, total: Received, released: int) -> None:
        account = self.connector.account
        if self.owner is not None:
            work.accounts.set_cursor(account, self.cursor, self.owner)
        if any(parcel.entry for parcel in self.parcels):
            if total.new or released:
                work.accounts.count(account, received=total.new, quarantined=-released)
        elif self.parcels:
            work.accounts.count(account, received=total.new, quarantined=total.quarantined, in_at=self.now)


def _waiting(work: Work, entry: Entry) -> frozenset[int]:
    """The positions of this entry that lie in quarantine."""
    held = work.ledger.quarantined(entry.account, limit=1_000_000)
    return frozenset(one.position for one in held if one.ledger_id == entry.id)


def _release(work: Work, entry: Entry, position: int, became: Received, waiting: frozenset[int] | None) -> int:
    if waiting is None or position not in waiting or became.quarantined:
        return 0
    work.ledger.release(entry.id, position)
    return 1


def _vanished(work: Work, entry: Entry, events: int, waiting: frozenset[int] | None) -> int:
    """A mended parser may see fewer items than the broken one: what is no item any more waits for nobody."""
    gone = [position for position in waiting or () if position >= events]
    for position in gone:
        work.ledger.release(entry.id, position)
    return len(gone)
