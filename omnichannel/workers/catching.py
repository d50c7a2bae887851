"""Reads again what a webhook should have told: at the start after a silence, on a slow clock, sooner when something was
missing. What is known already is left alone, so that the ledger holds everything once."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from omnichannel.domain.abilities import CatchUp
from omnichannel.domain.channel import Health
from omnichannel.domain.errors import Conflict, StoreAway, TryLater
from omnichannel.domain.house import House
from omnichannel.domain.message import Event, iso
from omnichannel.domain.ports import Connector, Raw
from omnichannel.domain.work import MACHINE, Work
from omnichannel.inbox.deliver import ON_SENDING
from omnichannel.inbox.receive import Intake, read
from omnichannel.workers.loop import heed_stop
from omnichannel.workers.polling import FIRST_WAIT, LEASE, LONGEST_WAIT, STANDBY, set_health, trouble

log = logging.getLogger(__name__)

EVERY = timedelta(hours=2)
# A walk that found something says that webhooks get lost: the next one comes sooner, until nothing is missing.
SUSPECTED = timedelta(minutes=10)
# What was said while a walk was under way, and clocks that differ.
OVERLAP = timedelta(minutes=10)
STRETCH_TIMEOUT = 80  # seconds; shorter than our lease
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Walk:
    """How far an account was read again. Up to `done` nothing is missing; a walk under way reads from `since`."""

    done: datetime | None = None
    lost: bool = False
    since: datetime | None = None
    began: datetime | None = None
    found: int = 0
    place: str | None = None

    @classmethod
    def load(cls, text: str | None) -> Self:
        """A text that cannot be read is none: reading again does no harm."""
        try:
            held: Any = json.loads(text or "{}")
            moments = {key: datetime.fromisoformat(held[key]) for key in ("done", "since", "began") if held.get(key)}
            return cls(**moments, lost=bool(held.get("lost")), found=int(held.get("found", 0)), place=held.get("place"))
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def dump(self) -> str:
        held: dict[str, Any] = {"lost": self.lost, "found": self.found, "place": self.place}
        moments = {"done": self.done, "since": self.since, "began": self.began}
        return json.dumps(held | {key: iso(value) for key, value in moments.items() if value})

    def due(self, now: datetime) -> timedelta:
        """How long until the next walk; none while one is under way. A `done` of the future is a clock set back."""
        if self.began is not None or self.done is None or self.done > now + OVERLAP:
            return timedelta(0)
        return max(self.done + (SUSPECTED if self.lost else EVERY) - now, timedelta(0))


class Catcher:
    """One account whose webhooks are checked against what the platform itself holds."""

    def __init__(self, house: House, connector: Connector, owner: str) -> None:
        self.house = house
        self.connector = connector
        self.owner = owner
        self.intake = Intake(house.store, house.files, house.clock)
        self._unreadable: set[bytes] = set()
        self._started = False

    async def run(self) -> None:
        """For as long as the service runs."""
        patience = FIRST_WAIT
        while True:
            wait = await self.turn(patience)
            heed_stop()
            await self.house.clock.sleep(wait)
            patience = FIRST_WAIT if wait > LONGEST_WAIT else min(patience * 2, LONGEST_WAIT)

    async def turn(self, patience: timedelta) -> timedelta:
        """Walk to the end if a walk is due; then how long to wait."""
        try:
            if not await self._holds_lease():
                return STANDBY
            walk = await self._begun()
            while walk.began is not None:
                walk = await self._stretch(walk)
                heed_stop()
                if not await self._holds_lease():
                    return STANDBY
            return min(walk.due(self.house.clock.now()), EVERY) or patience
        except (StoreAway, Conflict) as error:
            log.warning("reading again paused", extra={"account": self.connector.account, "error": str(error)})
            return patience
        except TryLater as error:
            # Webhooks and answers go on: this is no trouble of the account's.
            log.info("reading again postponed", extra={"account": self.connector.account, "error": error.reason})
            return error.after or patience
        except Exception as error:
            return await trouble(self.house, self.connector, error, patience)

    async def _begun(self) -> Walk:
        """The walk under way, a new one if it is time (at every start: something brought us down), or none."""
        account, now = self.connector.account, self.house.clock.now()
        state = await self.house.store.read(lambda work: work.accounts.get(account))
        walk = Walk.load(state.cursor if state else None)
        if walk.began is not None:
            self._started = True
            return walk
        last = walk.done or (state.last_in_at if state else None)
        if last is None:
            # Nothing was ever heard here: what citizens wrote before the office was connected is not unanswered mail.
            return await self._saved(replace(walk, done=now))
        if self._started and walk.due(now):
            return walk
        self._started = True
        return replace(walk, began=now, since=min(last, now) - OVERLAP, found=0, place=None)

    async def _stretch(self, walk: Walk) -> Walk:
        assert isinstance(self.connector, CatchUp)
        since = walk.since or self.house.clock.now()
        batch = await asyncio.wait_for(self.connector.missed(since, walk.place), STRETCH_TIMEOUT)
        raws = await self._unknown(batch.raws)
        walk = replace(walk, place=batch.cursor, found=walk.found + len(raws))
        if batch.cursor is None:
            walk = replace(walk, done=walk.began, began=None, since=None, lost=walk.found > 0)
        await self.intake.take_in(self.connector, raws, cursor=walk.dump(), owner=self.owner)
        if batch.cursor is None:
            await self._arrived(walk)
        return walk

    async def _unknown(self, raws: Sequence[Raw]) -> list[Raw]:
        """Those that no webhook told. What cannot be read is kept once a process, not once a walk."""
        told = [(raw, read(self.connector, raw)) for raw in raws]
        ids = [event.external_id for _, events in told for event in events]
        known = await self.house.store.read(lambda work: work.ledger.seen(self.connector.account, ids))
        return [raw for raw, events in told if self._is_news(raw, events, known)]

    def _is_news(self, raw: Raw, events: Sequence[Event], known: set[str]) -> bool:
        fresh = [event for event in events if event.external_id not in known]
        if any(event.problem is None for event in fresh):
            return True
        if not fresh or raw.body in self._unreadable or len(self._unreadable) > REMEMBERED:
            return False
        self._unreadable.add(raw.body)
        return True

    async def _arrived(self, walk: Walk) -> None:
        """The account answers; and a line for the administrator: webhooks that get lost are mended at the platform."""
        now, account = self.house.clock.now(), self.connector.account
        state = await self.house.store.read(lambda work: work.accounts.get(account))
        if state is not None and state.health is Health.BROKEN and not (state.error or "").startswith(ON_SENDING):
            await set_health(self.house, account, Health.WELL, None)
        if not walk.found:
            return
        why = f"{account}: {walk.found} butir baru didapat dengan membaca ulang. Bila berulang, periksa webhook di platform."
        await self.house.store.write(
            lambda work: work.note(MACHINE, "account_caught_up", "account", 0, at=now, why=why)
        )

    async def _saved(self, walk: Walk) -> Walk:
        account = self.connector.account
        await self.house.store.write(lambda work: work.accounts.set_cursor(account, walk.dump(), self.owner))
        return walk

    async def _holds_lease(self) -> bool:
        now, account = self.house.clock.now(), self.connector.account

        def story(work: Work) -> bool:
            work.accounts.ensure(account, self.connector.channel)
            return work.accounts.take_lease(account, self.owner, now + LEASE, now)

        return await self.house.store.write(story)
