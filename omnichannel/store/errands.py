"""Links that open one case without an account, and what the PPID asked of units."""

from dataclasses import replace

import sqlalchemy as sa

from omnichannel.domain.ppid import Link, LinkPurpose, UnitTask
from omnichannel.store import kept
from omnichannel.store.shelf import Shelf
from omnichannel.store.tables import links, unit_tasks

OPEN = sa.text("answered_at IS NULL AND cancelled_at IS NULL")


class ErrandsShelf(Shelf):
    """Of a link only the hash of its token is here."""

    def add_link(self, link: Link) -> Link:
        return replace(link, id=kept.insert(self.connection, links, kept.values(link, "id")))

    def link(self, token_hash: str) -> Link | None:
        return self._link(links.c.token_hash == token_hash)

    def link_by_id(self, link_id: int) -> Link | None:
        return self._link(links.c.id == link_id)

    def links(self, case_id: int) -> list[Link]:
        found = self.run(sa.select(links).where(links.c.case_id == case_id).order_by(links.c.id))
        return [_link(row) for row in found.mappings()]

    def save_link(self, link: Link) -> None:
        self.run(sa.update(links).where(links.c.id == link.id).values(kept.values(link, "id")))

    def add_task(self, task: UnitTask) -> UnitTask:
        return replace(task, id=kept.insert(self.connection, unit_tasks, kept.values(task, "id")))

    def task(self, task_id: int) -> UnitTask | None:
        row = self.run(sa.select(unit_tasks).where(unit_tasks.c.id == task_id)).mappings().first()
        return None if row is None else UnitTask(**row)

    def tasks(self, case_id: int) -> list[UnitTask]:
        found = self.run(sa.select(unit_tasks).where(unit_tasks.c.case_id == case_id).order_by(unit_tasks.c.id))
        return [UnitTask(**row) for row in found.mappings()]

    def save_task(self, before: UnitTask, after: UnitTask) -> UnitTask:
        kept.write(self.connection, unit_tasks, before.id, before.version, kept.values(after, "id", "version"))
        return replace(after, version=before.version + 1)

    def open_tasks(self, unit: str | None, limit: int = 200) -> list[UnitTask]:
        statement = sa.select(unit_tasks).where(OPEN).order_by(unit_tasks.c.due, unit_tasks.c.id).limit(limit)
        if unit is not None:
            statement = statement.where(unit_tasks.c.unit == unit)
        return [UnitTask(**row) for row in self.run(statement).mappings()]

    def _link(self, which: sa.ColumnElement[bool]) -> Link | None:
        row = self.run(sa.select(links).where(which)).mappings().first()
        return None if row is None else _link(row)


def _link(row: sa.RowMapping) -> Link:
    return Link(**(dict(row) | {"purpose": LinkPurpose(row["purpose"])}))
