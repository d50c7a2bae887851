"""How each account is watched: probes, expiry, rhythm; and wrong guesses at codes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.care import Care
from omnichannel.store.shelf import Row, Shelf, b, insert_or_skip, on_both
from omnichannel.store.tables import account_care, account_hours, ledger, tries

c, h, t = account_care.c, account_hours.c, tries.c
GET = sa.select(c.account, c.probe_at, c.probed_at, c.expires_at, c.heard_id, c.quiet_since).order_by(c.account)
ENSURE = insert_or_skip(account_care)
ONE = sa.update(account_care).where(c.account == b("account"))
SET_PROBED = ONE.values(probe_at=b("next"), probed_at=b("at"), expires_at=b("expires"))
SET_NEXT = ONE.values(probe_at=b("next"))
SET_HEARD = ONE.values(heard_id=b("heard"))
SET_QUIET = ONE.values(quiet_since=b("since"))
FRESH = (
    sa.select(ledger.c.id, ledger.c.at)
    .where(ledger.c.account == b("account"), ledger.c.id > b("after"))
    .order_by(ledger.c.id)
    .limit(b("limit"))
)
HOURS = sa.select(h.hour, h.n).where(h.account == b("account"), h.hour >= b("since")).order_by(h.hour)
FORGET = sa.delete(account_hours).where(h.account == b("account"), h.hour < b("before"))

NOTE = sa.insert(tries)
COUNT = sa.select(sa.func.count()).select_from(tries).where(t.name == b("name"), t.at > b("since"))
OLD = sa.delete(tries).where(t.at < b("before"))
KEPT = timedelta(days=1)


def _adding(insert: Any, table: sa.Table) -> sa.Executable:
    statement = insert(table)
    result: sa.Executable = statement.on_conflict_do_update(
        index_elements=["account", "hour"], set_={"n": table.c.n + statement.excluded.n}
    )
    return result


ADD = on_both(_adding, account_hours)


def _care(row: Row) -> Care:
    return Care(
        account=row.account,
        probe_at=row.probe_at,
        probed_at=row.probed_at,
        expires_at=row.expires_at,
        heard_id=row.heard_id,
        quiet_since=row.quiet_since,
    )


class WatchShelf(Shelf):
    """One row an account, made when it is first asked for."""

    def all(self) -> dict[str, Care]:
        return {row.account: _care(row) for row in self.run(GET)}

    def get(self, account: str) -> Care:
        row = self.run(GET.where(c.account == b("account")), {"p_account": account}).first()
        return Care(account=account) if row is None else _care(row)

    def plan_probe(self, account: str, at: datetime) -> None:
        self._ensure(account)
        self.run(SET_NEXT, {"p_account": account, "p_next": at})

    def probed(self, account: str, at: datetime, next_at: datetime, expires_at: datetime | None) -> None:
        self._ensure(account)
        self.run(SET_PROBED, {"p_account": account, "p_at": at, "p_next": next_at, "p_expires": expires_at})

    def set_quiet(self, account: str, since: datetime | None) -> None:
        self._ensure(account)
        self.run(SET_QUIET, {"p_account": account, "p_since": since})

    def fresh(self, account: str, limit: int) -> list[tuple[int, datetime]]:
        row = {"p_account": account, "p_after": self.get(account).heard_id, "p_limit": limit}
        return [(found.id, found.at) for found in self.run(FRESH, row)]

    def count_hours(self, account: str, hours: Mapping[datetime, int], heard_id: int, forget: datetime) -> None:
        self._ensure(account)
        for hour, n in hours.items():
            self.run(ADD[self.dialect], {"account": account, "hour": hour, "n": n})
        self.run(SET_HEARD, {"p_account": account, "p_heard": heard_id})
        self.run(FORGET, {"p_account": account, "p_before": forget})

    def hours(self, account: str, since: datetime) -> dict[datetime, int]:
        row = {"p_account": account, "p_since": since}
        return {found.hour: found.n for found in self.run(HOURS, row)}

    def _ensure(self, account: str) -> None:
        self.run(ENSURE[self.dialect], {"account": account, "heard_id": 0})


class TriesShelf(Shelf):
    """Wrong guesses of the last day."""

    def note(self, name: str, at: datetime) -> None:
        self.run(OLD, {"p_before": at - KEPT})
        self.run(NOTE, {"name": name, "at": at})

    def count(self, name: str, since: datetime) -> int:
        return int(self.run(COUNT, {"p_name": name, "p_since": since}).scalar_one())
