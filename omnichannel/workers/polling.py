"""Asks the accounts that must be asked. A fenced lease lets only one process poll an account at a time."""

import asyncio
import logging
from datetime import timedelta

from omnichannel.domain.channel import Health
from omnichannel.domain.errors import AccountBroken, Conflict, StoreAway, TryLater
from omnichannel.domain.house import House
from omnichannel.domain.ports import Connector, Polling
from omnichannel.domain.work import MACHINE, AccountState, Work
from omnichannel.inbox.deliver import ON_SENDING
from omnichannel.inbox.receive import Intake
from omnichannel.workers.loop import heed_stop

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
POLL_TIMEOUT = 80  # seconds; shorter than our lease, or another process would take over meanwhile
OPEN_TIMEOUT = 60
STANDBY = timedelta(seconds=15)
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=5)
BROKEN_WAIT = timedelta(seconds=30)
SILENT = "Platform tidak menjawab."
ON_PROBE = "Pemeriksaan: "  # begins a trouble that the daily probe found: a good poll does not hide that either


class Poller:
    """One account that is polled, for as long as the service runs."""

    def __init__(self, house: House, connector: Connector, owner: str) -> None:
        self.house = house
        self.connector = connector
        self.owner = owner
        self.intake = Intake(house.store, house.files, house.clock)

    async def run(self) -> None:
        """Poll for ever; troubles are shown on the channel page and waited out."""
        patience = FIRST_WAIT
        while True:
            wait = await self.turn(patience)
            heed_stop()
            if wait is None:
                patience = FIRST_WAIT
                continue
            await self.house.clock.sleep(wait)
            patience = min(patience * 2, LONGEST_WAIT)

    async def turn(self, patience: timedelta) -> timedelta | None:
        """Poll as long as all is well and the lease is ours; then how long to wait, None when news came in between."""
        polled = False
        try:
            if not await self._holds_lease():
                return STANDBY
            if not await self._opened():
                await self._once(well=False)
                return max(patience, BROKEN_WAIT)
            while await self._once():
                heed_stop()
                polled = True
        except (StoreAway, Conflict) as error:
            log.warning("poll paused", extra={"account": self.connector.account, "error": str(error)})
        except Exception as error:
            return await trouble(self.house, self.connector, error, FIRST_WAIT if polled else patience)
        return None if polled else patience

    async def _opened(self) -> bool:
        """Prove the credentials. An account that can no longer send may still be read: what citizens write comes first."""
        try:
            await open_account(self.house, self.connector)
        except AccountBroken as error:
            await trouble(self.house, self.connector, error, FIRST_WAIT)
            return False
        return True

    async def _once(self, *, well: bool = True) -> bool:
        """One poll and its commit; False when the lease is gone. `well`: the account may be shown as well again."""
        assert isinstance(self.connector, Polling)
        state = await self.house.store.read(lambda work: work.accounts.get(self.connector.account))
        cursor = state.cursor if state else None
        batch = await asyncio.wait_for(self.connector.poll(cursor), POLL_TIMEOUT)
        if batch.raws or batch.cursor != cursor:
            await self.intake.take_in(self.connector, batch.raws, cursor=batch.cursor, owner=self.owner)
        if well and state is not None and state.health is not Health.WELL and not _sending_is_ill(state):
            await set_health(self.house, self.connector.account, Health.WELL, None)
        return await self._holds_lease()

    async def _holds_lease(self) -> bool:
        now = self.house.clock.now()
        account = self.connector.account

        def story(work: Work) -> bool:
            work.accounts.ensure(account, self.connector.channel)
            return work.accounts.take_lease(account, self.owner, now + LEASE, now)

        return await self.house.store.write(story)


async def open_account(house: House, connector: Connector) -> None:
    """Prove the credentials once and show who we are there. AccountBroken, TryLater, TimeoutError."""
    await asyncio.wait_for(connector.open(), OPEN_TIMEOUT)
    state = await house.store.read(lambda work: work.accounts.get(connector.account))
    if state is None or not _sending_is_ill(state):
        await set_health(house, connector.account, Health.WELL, None)


async def trouble(house: House, connector: Connector, error: Exception, patience: timedelta) -> timedelta:
    """Show what is wrong with the account, and say how long to wait. A fault of ours is logged and waited out like one
    of theirs: it must not end the other accounts' work."""
    account = connector.account
    if isinstance(error, AccountBroken):
        await set_health(house, account, Health.BROKEN, error.reason)
        return max(patience, BROKEN_WAIT)
    if isinstance(error, TryLater):
        await set_health(house, account, Health.TROUBLED, error.reason)
        return error.after or patience
    if isinstance(error, TimeoutError):
        await set_health(house, account, Health.TROUBLED, SILENT)
        return patience
    log.error("account fault", exc_info=error, extra={"account": account})
    await set_health(house, account, Health.TROUBLED, f"{type(error).__name__}, lihat catatan layanan.")
    return patience


async def set_health(house: House, account: str, health: Health, error: str | None) -> None:
    """Show it on the channel page; a change is told to every screen. What cannot be noted now is noted next time."""
    now = house.clock.now()

    def story(work: Work) -> None:
        if work.accounts.set_health(account, health, error, now):
            why = f"{account}: {error}" if error else account
            work.note(MACHINE, f"account_{health.value}", "account", 0, at=now, why=why)

    try:
        await house.store.write(story)
    except Exception as fault:
        log.warning("health not noted", extra={"account": account, "error": str(fault)})


async def keep_open(house: House, connector: Connector) -> None:
    """A webhook account has nobody who polls it: open it, and try again while that fails."""
    patience = FIRST_WAIT
    while True:
        try:
            await house.store.write(lambda work: work.accounts.ensure(connector.account, connector.channel))
            await open_account(house, connector)
            return
        except StoreAway as away:
            log.warning("not opened yet", extra={"account": connector.account, "error": str(away)})
            wait = patience
        except Exception as error:
            wait = await trouble(house, connector, error, patience)
        heed_stop()
        await house.clock.sleep(wait)
        patience = min(patience * 2, LONGEST_WAIT)


async def drop_leases(house: House, owner: str) -> None:
    """On a clean stop the next process need not wait for our leases to run out."""

    def story(work: Work) -> None:
        for name in house.connectors:
            work.accounts.drop_lease(name, owner)

    async with asyncio.timeout(3):
        await house.store.write(story)


def _sending_is_ill(state: AccountState) -> bool:
    """A good poll says nothing of our right to send: what sending found stays on the page until a message leaves."""
    return (state.error or "").startswith((ON_SENDING, ON_PROBE))
