"""Receipts: every payload as it came, chained by hash, and which of its items were seen before."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.message import iso
from omnichannel.domain.work import Entry, Quarantined
from omnichannel.store.hot import Hand, Hot
from omnichannel.store.shelf import Shelf, b, insert_or_skip, inserting, on_both
from omnichannel.store.tables import items, ledger, payloads, quarantine

ENTRY = (ledger.c.id, ledger.c.account, ledger.c.at, ledger.c.sha256, ledger.c.previous, ledger.c.chain)
HEAD = Hot(sa.select(ledger.c.chain).where(ledger.c.account == b("account")).order_by(ledger.c.id.desc()).limit(1))
APPEND = inserting(ledger, "account", "at", "sha256", "previous", "chain")
KEEP = Hot(sa.insert(payloads), "entry_id", "headers", "body")
_appended = (
    sa.insert(ledger)
    .values({name: b(name) for name in ("account", "at", "sha256", "previous", "chain")})
    .returning(ledger.c.id)
    .cte("appended")
)
APPEND_WHOLE = Hot(
    sa.insert(payloads)
    .from_select(
        ["entry_id", "headers", "body"],
        sa.select(_appended.c.id, b("headers", payloads.c.headers.type), b("body", payloads.c.body.type)),
    )
    .returning(payloads.c.entry_id)
)
FIRST = Hot(insert_or_skip(items), "account", "external_id", "entry_id", "position", "type")
SEEN = sa.select(items.c.external_id).where(
    items.c.account == b("account"), items.c.external_id.in_(sa.bindparam("p_ids", expanding=True))
)
ENTRIES = sa.select(*ENTRY).where(ledger.c.id > b("after")).order_by(ledger.c.id).limit(b("limit"))
ENTRIES_OF = ENTRIES.where(ledger.c.account == b("account"))
PAYLOAD = sa.select(payloads.c.headers, payloads.c.body).where(payloads.c.entry_id == b("id"))
WAITING = (
    sa.select(quarantine.c.entry_id, quarantine.c.position, quarantine.c.account, quarantine.c.problem, quarantine.c.at)
    .order_by(quarantine.c.entry_id, quarantine.c.position)
    .limit(b("limit"))
)
WAITING_OF = WAITING.where(quarantine.c.account == b("account"))
RELEASE = sa.delete(quarantine).where(quarantine.c.entry_id == b("id"), quarantine.c.position == b("position"))


def _quarantining(insert: Any, table: sa.Table) -> sa.Executable:
    statement = insert(table)
    news = {"problem": statement.excluded.problem, "at": statement.excluded.at}
    result: sa.Executable = statement.on_conflict_do_update(index_elements=["entry_id", "position"], set_=news)
    return result


QUARANTINE = on_both(_quarantining, quarantine)


def link(previous: str | None, account: str, at: datetime, sha256: str) -> str:
    """The hash that ties an entry to all before it on its account: change one and every later link is wrong."""
    return hashlib.sha256(f"{previous or ''}\n{account}\n{iso(at)}\n{sha256}".encode()).hexdigest()


class LedgerShelf(Shelf):
    """The head of an account's chain is its last entry. Writers stand in line, so no two entries share a parent."""

    def __init__(self, connection: sa.Connection, hand: Hand, heads: dict[str, str]) -> None:
        super().__init__(connection, hand)
        self.heads = heads

    def append(self, account: str, body: bytes, headers: Mapping[str, str], at: datetime) -> Entry:
        previous = self._head(account)
        sha256 = hashlib.sha256(body).hexdigest()
        chain = link(previous, account, at, sha256)
        row = {"account": account, "at": at, "sha256": sha256, "previous": previous, "chain": chain}
        entry_id = self._keep(row, dict(headers), body)
        self.heads[account] = chain
        return Entry(entry_id, account, at, sha256, previous, chain)

    def _head(self, account: str) -> str | None:
        if account not in self.heads:
            head = self.ask(HEAD, {"p_account": account})
            if head is None:
                return None
            self.heads[account] = head[0]
        return self.heads[account]

    def _keep(self, row: dict[str, Any], headers: dict[str, str], body: bytes) -> int:
        """PostgreSQL takes receipt and payload in one breath, which saves a journey to the server."""
        if self.dialect == "postgresql":
            whole = {f"p_{name}": value for name, value in row.items()} | {"p_headers": headers, "p_body": body}
            return self.fresh_id(APPEND_WHOLE, whole)
        entry_id = self.fresh_id(APPEND, row)
        self.tell(KEEP, {"entry_id": entry_id, "headers": headers, "body": body})
        return entry_id

    def first_time(self, account: str, external_id: str, entry_id: int, position: int, type: str) -> bool:
        row = {
            "account": account,
            "external_id": external_id,
            "entry_id": entry_id,
            "position": position,
            "type": type,
        }
        return self.tell(FIRST, row) == 1

    def seen(self, account: str, external_ids: Sequence[str]) -> set[str]:
        ids = list(dict.fromkeys(external_ids))
        return set(self.run(SEEN, {"p_account": account, "p_ids": ids}).scalars()) if ids else set()

    def quarantine(self, entry_id: int, position: int, account: str, problem: str, at: datetime) -> None:
        row = {"entry_id": entry_id, "position": position, "account": account, "problem": problem, "at": at}
        self.run(QUARANTINE[self.dialect], row)

    def quarantined(self, account: str | None = None, limit: int = 1000) -> list[Quarantined]:
        if account is None:
            found = self.run(WAITING, {"p_limit": limit})
        else:
            found = self.run(WAITING_OF, {"p_limit": limit, "p_account": account})
        return [Quarantined(*row) for row in found]

    def release(self, entry_id: int, position: int) -> None:
        self.run(RELEASE, {"p_id": entry_id, "p_position": position})

    def entries(self, account: str | None, after_id: int, limit: int) -> list[Entry]:
        if account is None:
            found = self.run(ENTRIES, {"p_after": after_id, "p_limit": limit})
        else:
            found = self.run(ENTRIES_OF, {"p_after": after_id, "p_limit": limit, "p_account": account})
        return [Entry(*row) for row in found]

    def payload(self, entry_id: int) -> tuple[Mapping[str, str], bytes] | None:
        row = self.run(PAYLOAD, {"p_id": entry_id}).first()
        return None if row is None else (row.headers, bytes(row.body))
