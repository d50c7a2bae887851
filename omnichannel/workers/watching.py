"""Watches the accounts: asks each once a day whether we are still let in and until when, and notices silence unlike it."""

import asyncio
import hashlib
import logging
from datetime import datetime, timedelta

from omnichannel.domain.care import Care, Expiry, expiry
from omnichannel.domain.channel import Health
from omnichannel.domain.errors import AccountBroken, StoreAway
from omnichannel.domain.house import House
from omnichannel.domain.ports import Connector, Expiring, Polling, Probe, Webhook
from omnichannel.domain.rhythm import HOUR, WEEKS, by_hour, silence
from omnichannel.domain.work import MACHINE, Work
from omnichannel.inbox.deliver import ON_SENDING
from omnichannel.workers.polling import ON_PROBE, trouble

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
SPREAD = timedelta(hours=2)  # so that not every account is asked in the same minute, every day
AGAIN = timedelta(hours=1)  # after a refusal or no answer
FRESH = timedelta(minutes=5)  # three processes that start together ask once
CLAIM = timedelta(minutes=10)  # longer than a probe may take
PROBE_TIMEOUT = 60
ENTRIES = 20_000  # of the ledger at a time


class Watcher:
    """The watch of one process: it asks everybody when it begins."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._begun = False

    async def turn(self) -> bool:
        if not self._begun:
            await begin(self.house)
            self._begun = True
        return await turn(self.house)


async def begin(house: House) -> None:
    """At the start every account is asked, unless somebody has just done so."""
    now = house.clock.now()

    def story(work: Work) -> None:
        known = work.watch.all()
        for account in house.connectors:
            asked = known.get(account, Care(account=account)).probed_at
            if asked is None or asked < now - FRESH:
                work.watch.plan_probe(account, now)

    await house.store.write(story)


async def turn(house: House) -> bool:
    """Ask whoever is due, and listen to the silence; called about once a minute."""
    now = house.clock.now()
    known = await house.store.read(lambda work: work.watch.all())
    due = [one for name, one in house.connectors.items() if _due(known.get(name), now)]
    faults = await asyncio.gather(*(probe(house, one) for one in due), return_exceptions=True)
    for fault in faults:
        if isinstance(fault, Exception) and not isinstance(fault, StoreAway):
            log.error("probe fault", exc_info=fault)
    for connector in house.connectors.values():
        if isinstance(connector, Webhook | Polling):
            await listen(house, connector.account)
    return False


def _due(care: Care | None, now: datetime) -> bool:
    """A plan that lies further off than any we make was made by a clock that was wrong."""
    planned = care.probe_at if care is not None else None
    return planned is None or planned <= now or planned > now + 2 * DAY


async def probe(house: House, connector: Connector) -> bool:
    """Ask one account who we are there and until when; False when another process does it. The claim is a commit of its
    own, so that nothing is open while the platform answers."""
    account, now = connector.account, house.clock.now()

    def claim(work: Work) -> bool:
        work.accounts.ensure(account, connector.channel)
        if not _due(work.watch.get(account), now):
            return False
        work.watch.plan_probe(account, now + CLAIM)
        return True

    if not await house.store.write(claim):
        return False
    if not isinstance(connector, Probe):
        await house.store.write(lambda work: work.watch.probed(account, now, now + DAY, None))
        return True
    try:
        whoami = await asyncio.wait_for(connector.probe(), PROBE_TIMEOUT)
        until = await _until(connector)
    except Exception as error:
        await _failed(house, connector, error)
        return True
    await house.store.write(lambda work: _well(work, account, whoami, until, house.clock.now()))
    return True


async def _until(connector: Connector) -> datetime | None:
    """Not to be told until when is no trouble of the account's."""
    if not isinstance(connector, Expiring):
        return None
    try:
        return await asyncio.wait_for(connector.expires(), PROBE_TIMEOUT)
    except AccountBroken:
        raise
    except Exception as error:
        log.info("no word on expiry", extra={"account": connector.account, "error": type(error).__name__})
        return None


async def _failed(house: House, connector: Connector, error: Exception) -> None:
    """Shown as every other trouble is; asked again in an hour, and what we knew of its end stays. A refusal stays shown
    until a probe is let in: a mailbox that can still be read hides a mail server that no longer takes our letters."""
    told = AccountBroken(ON_PROBE + error.reason, code=error.code) if isinstance(error, AccountBroken) else error
    await trouble(house, connector, told, AGAIN)
    now, account = house.clock.now(), connector.account
    kept = (await house.store.read(lambda work: work.watch.get(account))).expires_at
    await house.store.write(lambda work: work.watch.probed(account, now, now + AGAIN, kept))


def _well(work: Work, account: str, whoami: str, until: datetime | None, now: datetime) -> None:
    """We are let in. What sending found stays on the page until a message leaves."""
    before, state = work.watch.get(account), work.accounts.get(account)
    ill = state is not None and (state.error or "").startswith(ON_SENDING)
    health, error = (state.health, state.error) if state is not None and ill else (Health.WELL, None)
    if work.accounts.set_health(account, health, error, now, whoami):
        work.note(MACHINE, "account_well", "account", 0, at=now, why=account)
    near = expiry(until, now)
    if (
        until is not None
        and near is not Expiry.FAR
        and (before.expires_at != until or expiry(until, before.probed_at or now) is not near)
    ):
        work.note(MACHINE, "account_expiring", "account", 0, at=now, after=until.isoformat(), why=account)
    work.watch.probed(account, now, now + DAY - _share(account, SPREAD), until)


def _share(account: str, whole: timedelta) -> timedelta:
    """The same part of it every day, another one for each account."""
    drawn = int.from_bytes(hashlib.sha256(account.encode()).digest()[:2], "big")
    return whole * (drawn / 0xFFFF)


async def listen(house: House, account: str) -> None:
    """Count what has come in since, and say so when the silence is unlike this account, or over."""
    now = house.clock.now()
    zone, calendar = house.office.zone, house.clocks.calendar

    def question(work: Work) -> tuple[list[tuple[int, datetime]], Care, dict[datetime, int], datetime | None]:
        state = work.accounts.get(account)
        heard = state.last_in_at if state is not None else None
        return (
            work.watch.fresh(account, ENTRIES),
            work.watch.get(account),
            work.watch.hours(account, now - WEEKS),
            heard,
        )

    fresh, care, hours, heard = await house.store.read(question)
    if not fresh and care.quiet_since is None and not _worth_a_look(heard, now):
        return
    for hour, n in by_hour([at for _, at in fresh]).items():
        hours[hour] = hours.get(hour, 0) + n
    last = max([at for _, at in fresh] + ([heard] if heard is not None else []), default=None)
    found = await asyncio.to_thread(
        lambda: silence(hours, last, now, zone=zone, rests=lambda day: not calendar.is_working(day)) if last else None
    )
    quiet = found.since if found is not None and found.alarming else None
    if fresh or quiet != care.quiet_since:
        await house.store.write(lambda work: _heard(work, account, fresh, quiet, now))


def _worth_a_look(heard: datetime | None, now: datetime) -> bool:
    """An account that was heard this hour is not silent, and one that never was has no rhythm."""
    return heard is not None and now - heard >= HOUR


def _heard(work: Work, account: str, fresh: list[tuple[int, datetime]], quiet: datetime | None, now: datetime) -> None:
    """Counted once, whoever else counts: what another process has counted meanwhile is left out."""
    before = work.watch.get(account)
    new = [(id, at) for id, at in fresh if id > before.heard_id]
    if new:
        work.watch.count_hours(account, by_hour([at for _, at in new]), new[-1][0], now - WEEKS)
    if (before.quiet_since is None) != (quiet is None):
        verb = "account_silent" if quiet is not None else "account_heard"
        since = (quiet or before.quiet_since or now).isoformat()
        work.note(MACHINE, verb, "account", 0, at=now, after=since, why=account)
    if before.quiet_since != quiet:
        work.watch.set_quiet(account, quiet)
