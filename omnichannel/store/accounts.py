"""Cursor, lease, health and counts of each outside account."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from omnichannel.domain.channel import Channel, Health
from omnichannel.domain.errors import Conflict
from omnichannel.domain.work import AccountState
from omnichannel.store.hot import Hot
from omnichannel.store.shelf import Row, Shelf, b, insert_or_skip
from omnichannel.store.tables import accounts

a = accounts.c
FAR = timedelta(hours=1)
STATE = (
    a.account, a.channel, a.cursor, a.health, a.error, a.checked_at, a.last_in_at, a.last_out_at, a.received,
    a.quarantined, a.failed, a.whoami,
)  # fmt: skip
ENSURE = Hot(insert_or_skip(accounts), "account", "channel", "health")
ALL = sa.select(*STATE).order_by(a.account)
GET = ALL.where(a.account == b("account"))
ONE = sa.update(accounts).where(a.account == b("account"))
SET_CURSOR = ONE.values(cursor=b("cursor"))
SET_CURSOR_FENCED = SET_CURSOR.where(a.lease_owner == b("owner"))
# A lease that runs for an hour yet was written by a clock that was wrong, and would keep an account silent for as long.
TAKE = ONE.where(
    sa.or_(
        a.lease_owner.is_(None),
        a.lease_owner == b("owner"),
        a.lease_until <= b("now"),
        a.lease_until > b("far"),
    )
).values(lease_owner=b("owner"), lease_until=b("until"))
DROP = ONE.where(a.lease_owner == b("owner")).values(lease_owner=None, lease_until=None)
OWNERS = sa.select(a.lease_owner).where(a.lease_owner.is_not(None)).distinct()
FREE = sa.update(accounts).where(a.lease_owner == b("owner")).values(lease_owner=None, lease_until=None)
HEALTH = sa.select(a.health).where(a.account == b("account"))
SET_HEALTH = ONE.values(
    health=b("health"),
    error=b("error"),
    checked_at=b("at"),
    whoami=sa.func.coalesce(b("whoami", a.whoami.type), a.whoami),
)
COUNT_VALUES = ONE.values(
    received=a.received + b("received"),
    quarantined=a.quarantined + b("quarantined"),
    failed=a.failed + b("failed"),
    last_in_at=sa.func.coalesce(b("in_at", a.last_in_at.type), a.last_in_at),
    last_out_at=sa.func.coalesce(b("out_at", a.last_out_at.type), a.last_out_at),
)

COUNT = Hot(COUNT_VALUES)


def _state(row: Row) -> AccountState:
    return AccountState(
        account=row.account,
        channel=Channel(row.channel),
        cursor=row.cursor,
        health=Health(row.health),
        error=row.error,
        checked_at=row.checked_at,
        last_in_at=row.last_in_at,
        last_out_at=row.last_out_at,
        received=row.received,
        quarantined=row.quarantined,
        failed=row.failed,
        whoami=row.whoami,
    )


class AccountsShelf(Shelf):
    """One row an account; a lease says which process polls it, and its owner's name is the fence."""

    def ensure(self, account: str, channel: Channel) -> None:
        self.tell(ENSURE, {"account": account, "channel": channel.value, "health": Health.UNKNOWN.value})

    def get(self, account: str) -> AccountState | None:
        row = self.run(GET, {"p_account": account}).first()
        return None if row is None else _state(row)

    def all(self) -> list[AccountState]:
        return [_state(row) for row in self.run(ALL)]

    def set_cursor(self, account: str, cursor: str | None, owner: str | None = None) -> None:
        if owner is None:
            self.run(SET_CURSOR, {"p_account": account, "p_cursor": cursor})
            return
        done = self.run(SET_CURSOR_FENCED, {"p_account": account, "p_cursor": cursor, "p_owner": owner})
        if done.rowcount != 1:
            raise Conflict(f"{account}: another process polls this account now")

    def take_lease(self, account: str, owner: str, until: datetime, now: datetime) -> bool:
        row = {"p_account": account, "p_owner": owner, "p_until": until, "p_now": now, "p_far": until + FAR}
        return self.run(TAKE, row).rowcount == 1

    def drop_lease(self, account: str, owner: str) -> None:
        self.run(DROP, {"p_account": account, "p_owner": owner})

    def owners(self) -> set[str]:
        return set(self.run(OWNERS).scalars())

    def release_from(self, owner: str) -> int:
        return self.run(FREE, {"p_owner": owner}).rowcount

    def set_health(
        self, account: str, health: Health, error: str | None, at: datetime, whoami: str | None = None
    ) -> bool:
        was = self.run(HEALTH, {"p_account": account}).scalar()
        row = {"p_account": account, "p_health": health, "p_error": error, "p_at": at, "p_whoami": whoami}
        self.run(SET_HEALTH, row)
        return was is not None and was != health

    def count(
        self,
        account: str,
        *,
        received: int = 0,
        quarantined: int = 0,
        failed: int = 0,
        in_at: datetime | None = None,
        out_at: datetime | None = None,
    ) -> None:
        row = {
            "p_account": account,
            "p_received": received,
            "p_quarantined": quarantined,
            "p_failed": failed,
            "p_in_at": in_at,
            "p_out_at": out_at,
        }
        self.tell(COUNT, row)
