"""Keeps the counters, the units' lists and the labels' lists in step with the conversations, in the same transaction."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from omnichannel.store.counters import Standing, difference
from omnichannel.store.shelf import Shelf, b, on_both
from omnichannel.store.tables import conversation_labels, conversation_units, counters

u = conversation_units.c
ENTER = sa.insert(conversation_units)
LEAVE = sa.delete(conversation_units).where(u.conversation_id == b("id"), u.unit == b("unit"))
MOVE = sa.update(conversation_units).where(u.conversation_id == b("id")).values(lane=b("lane"), last_at=b("last_at"))


n = conversation_labels.c
BEAR = sa.insert(conversation_labels)
SHED = sa.delete(conversation_labels).where(n.conversation_id == b("id"), n.label_id == b("label"))
CARRY = sa.update(conversation_labels).where(n.conversation_id == b("id")).values(lane=b("lane"), last_at=b("last_at"))


def _adding(insert: Any, table: sa.Table) -> sa.Executable:
    statement = insert(table)
    result: sa.Executable = statement.on_conflict_do_update(
        index_elements=["view", "scope"], set_={"n": table.c.n + statement.excluded.n}
    )
    return result


ADD = on_both(_adding, counters)


class Lists(Shelf):
    """Applies a change of standing; most messages change none, and then it costs nothing."""

    def move(self, conversation_id: int, before: Standing | None, after: Standing) -> None:
        if before is not None and before == after:
            return
        if before is None or replace(before, last_at=after.last_at) != after:
            self._count(before, after)
        if after.units or (before is not None and before.units):
            self._place(conversation_id, before, after)
        if after.labels or (before is not None and before.labels):
            self._mark(conversation_id, before, after)

    def _count(self, before: Standing | None, after: Standing) -> None:
        changes = difference(before, after)
        if changes:
            rows = [{"view": view, "scope": scope, "n": n} for (view, scope), n in sorted(changes.items())]
            self.run(ADD[self.dialect], rows)

    def _place(self, conversation_id: int, before: Standing | None, after: Standing) -> None:
        was = frozenset() if before is None else before.units
        where = {"lane": after.lane, "last_at": after.last_at}
        if was & after.units:
            self.run(MOVE, {"p_id": conversation_id, "p_lane": after.lane, "p_last_at": after.last_at})
        for unit in sorted(after.units - was):
            self.run(ENTER, {"unit": unit, "conversation_id": conversation_id} | where)
        for unit in sorted(was - after.units):
            self.run(LEAVE, {"p_id": conversation_id, "p_unit": unit})

    def _mark(self, conversation_id: int, before: Standing | None, after: Standing) -> None:
        was = frozenset() if before is None else before.labels
        where = {"lane": after.lane, "last_at": after.last_at}
        if was & after.labels:
            self.run(CARRY, {"p_id": conversation_id, "p_lane": after.lane, "p_last_at": after.last_at})
        for label in sorted(after.labels - was):
            self.run(BEAR, {"label_id": label, "conversation_id": conversation_id} | where)
        for label in sorted(was - after.labels):
            self.run(SHED, {"p_id": conversation_id, "p_label": label})
