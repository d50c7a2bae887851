"""One officer's own: how they like their desk, and the last deed to many, gone once it was taken back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.bulk import Change, Deed, Kept
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.taste import Density
from omnichannel.store.shelf import Both, Shelf, b, inserting, on_both
from omnichannel.store.tables import tastes, undos

t = undos.c
ADD = inserting(undos, "staff_id", "at", "deed", "changes")
FORGET = sa.delete(undos).where(t.staff_id == b("staff"))
TAKE = sa.delete(undos).where(t.id == b("id"), t.staff_id == b("staff")).returning(t.at, t.deed, t.changes)
MOMENT = "snoozed_until"


LIKED = sa.select(tastes.c.density).where(tastes.c.staff_id == b("staff"))


def _liking(insert: Any, table: sa.Table) -> sa.Executable:
    made = insert(table)
    result: sa.Executable = made.on_conflict_do_update(
        index_elements=["staff_id"], set_={"density": made.excluded.density}
    )
    return result


LIKE: Both = on_both(_liking, tastes)


class TastesShelf(Shelf):
    """Fits `domain.taste.Tastes`."""

    def density(self, staff_id: int) -> Density:
        return Density(self.run(LIKED, {"p_staff": staff_id}).scalar() or Density.COMFORTABLE)

    def set_density(self, staff_id: int, density: Density) -> None:
        self.run(LIKE[self.dialect], {"staff_id": staff_id, "density": density.value})


class UndosShelf(Shelf):
    """Fits `domain.bulk.Undos`. Two screens of one person share it: the later deed is the one that can be undone."""

    def keep(self, staff_id: int, kept: Kept) -> int:
        self.run(FORGET, {"p_staff": staff_id})
        changes = [[one.conversation_id, _plain(one.before), _plain(one.after)] for one in kept.changes]
        return self.fresh_id(ADD, {"staff_id": staff_id, "at": kept.at, "deed": kept.deed.value, "changes": changes})

    def take(self, staff_id: int, undo_id: int) -> Kept | None:
        row = self.run(TAKE, {"p_id": undo_id, "p_staff": staff_id}).first()
        if row is None:
            return None
        changes = [Change(number, _typed(before), _typed(after)) for number, before, after in row.changes]
        return Kept(Deed(row.deed), row.at, changes)


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields.items()}


def _typed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """As a conversation holds them."""
    typed = dict(fields)
    if "state" in typed:
        typed["state"] = ConversationState(typed["state"])
    if "labels" in typed:
        typed["labels"] = tuple(typed["labels"])
    if typed.get(MOMENT) is not None:
        typed[MOMENT] = datetime.fromisoformat(typed[MOMENT])
    return typed
