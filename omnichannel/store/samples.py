"""Samples, found by their name in the ledger; and a house made empty again."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from omnichannel.domain.counter import WAYS
from omnichannel.domain.samples import LABELS, PREFIX
from omnichannel.store.shelf import Shelf
from omnichannel.store.tables import (
    accounts,
    contacts,
    conversations,
    counters,
    events,
    incidents,
    items,
    jobs,
    labels,
    ledger,
    messages,
    metadata,
    registers,
    undos,
)

FIRST = f"{PREFIX}1"
OURS = items.c.external_id.like(f"{PREFIX}%")
SHOWN = (
    sa.select(sa.literal(1))
    .join_from(messages, conversations, messages.c.conversation_id == conversations.c.id)
    .where(messages.c.account.in_(tuple(WAYS)), messages.c.external_id == FIRST)
    .where(sa.func.coalesce(conversations.c.aside, "") != "sample")
)
FOUND = (
    sa.select(messages.c.conversation_id)
    .where(messages.c.external_id.like(f"{PREFIX}%"), messages.c.direction == "in")
    .distinct()
)
LOCKS = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN :tables").bindparams(
    sa.bindparam("tables", expanding=True)
)
OTHERS = sa.select(sa.literal(1)).select_from(items).where(~OURS).limit(1)


def _growing() -> list[sa.Table]:
    """Every table that a message, a thread or a citizen leads to, whatever comes to be added: children first."""
    grown = {ledger, contacts, conversations, incidents}
    while more := {
        table
        for table in metadata.sorted_tables
        if table not in grown and any(key.column.table in grown for key in table.foreign_keys)
    }:
        grown |= more
    return [table for table in reversed(metadata.sorted_tables) if table in grown]


class SamplesShelf(Shelf):
    """Fits `domain.samples.Samples`."""

    def shown(self) -> bool:
        return self.run(SHOWN).first() is not None

    def conversations(self) -> list[int]:
        return [row[0] for row in self.run(FOUND)]

    def alone(self) -> bool:
        return self.run(OTHERS).first() is None

    def wipe(self) -> None:
        with self._unlocked("ledger", "events"):
            for table in (*_growing(), registers, counters, undos):
                self.run(sa.delete(table))
            self.run(sa.delete(events).where(events.c.conversation_id.is_not(None)))
        self.run(sa.delete(labels).where(labels.c.name.in_([name for name, _, _ in LABELS])))
        self.run(sa.delete(jobs).where(jobs.c.queue == "route"))
        self.run(sa.update(accounts).values(received=0, quarantined=0, failed=0, last_in_at=None, last_out_at=None))

    @contextmanager
    def _unlocked(self, *tables: str) -> Iterator[None]:
        """The database itself refuses to forget a receipt or a happening. Only here, where no citizen has ever written, its
        refusal is lifted, inside this one transaction."""
        if self.dialect == "postgresql":
            for table in tables:
                self.run(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            yield
            for table in tables:
                self.run(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
            return
        held = self.run(LOCKS, {"tables": list(tables)}).all()
        for name, _ in held:
            self.run(sa.text(f'DROP TRIGGER "{name}"'))
        yield
        for _, made in held:
            self.connection.exec_driver_sql(made)
