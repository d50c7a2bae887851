"""Rosters, and switches of the whole office."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.turns import Turn
from omnichannel.store.shelf import Both, Row, Shelf, b, on_both
from omnichannel.store.tables import conversations, switches, turns

t, c = turns.c, conversations.c
ALL = sa.select(turns).order_by(t.staff_id)
DEALT = sa.update(turns).where(t.staff_id == b("staff")).values(last_at=b("at"))
LOADS = (
    sa.select(c.assignee_id, sa.func.count())
    .where(sa.text("lane = 'active' AND assignee_id IS NOT NULL"))
    .group_by(c.assignee_id)
)
WAITING = (
    sa.select(c.id)
    .where(sa.text("lane = 'active' AND unread > 0"), c.assignee_id.is_(None), c.aside.is_(None))
    .order_by(c.calm, c.burn, c.id)
    .limit(b("limit"))
)
SWITCHED = sa.select(switches.c.on).where(switches.c.name == b("name"))


def _replacing(table: sa.Table, key: str, names: tuple[str, ...]) -> Both:
    def build(insert: Any, into: sa.Table) -> sa.Executable:
        made = insert(into)
        fresh = {name: made.excluded[name] for name in names}
        result: sa.Executable = made.on_conflict_do_update(index_elements=[key], set_=fresh)
        return result

    return on_both(build, table)


KEEP = _replacing(turns, "staff_id", ("on", "days", "most", "skills"))
SWITCH = _replacing(switches, "name", ("on", "by", "at"))


class TurnsShelf(Shelf):
    """Fits `domain.turns.Turns`."""

    def all(self) -> list[Turn]:
        return [_turn(row) for row in self.run(ALL)]

    def keep(self, turn: Turn) -> None:
        days = {str(day): [[f"{a:%H:%M}", f"{z:%H:%M}"] for a, z in spans] for day, spans in turn.days.items()}
        skills = {"topics": turn.topics, "channels": turn.channels, "languages": turn.languages}
        row = {"staff_id": turn.staff_id, "on": turn.on, "days": days, "most": turn.most, "last_at": turn.last_at}
        self.run(KEEP[self.dialect], row | {"skills": {name: list(held) for name, held in skills.items()}})

    def dealt(self, staff_id: int, at: datetime) -> None:
        self.run(DEALT, {"p_staff": staff_id, "p_at": at})

    def loads(self) -> dict[int, int]:
        return {int(row[0]): int(row[1]) for row in self.run(LOADS)}

    def waiting(self, limit: int) -> list[int]:
        return list(self.run(WAITING, {"p_limit": limit}).scalars())

    def switched(self, name: str) -> bool:
        return bool(self.run(SWITCHED, {"p_name": name}).scalar())

    def switch(self, name: str, on: bool, by: str, at: datetime) -> None:
        self.run(SWITCH[self.dialect], {"name": name, "on": on, "by": by, "at": at})


def _end(kept: str) -> time:
    """The last minute of a day is its whole end: a night shift has no gap at midnight."""
    return time.max if kept == "23:59" else time.fromisoformat(kept)


def _turn(row: Row) -> Turn:
    days: Mapping[str, list[list[str]]] = row.days
    return Turn(
        staff_id=row.staff_id,
        on=row.on,
        days={int(day): tuple((time.fromisoformat(a), _end(z)) for a, z in spans) for day, spans in days.items()},
        most=row.most,
        topics=tuple(row.skills["topics"]),
        channels=tuple(row.skills["channels"]),
        languages=tuple(row.skills["languages"]),
        last_at=row.last_at,
    )
