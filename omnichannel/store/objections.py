"""The register of objections: its own numbers, drawn in the story's own transaction like those of cases."""

from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from omnichannel.domain.objection import SERIES, Objection, ObjectionState, Verdict
from omnichannel.domain.screens import Page
from omnichannel.store import kept
from omnichannel.store.cases import NEXT
from omnichannel.store.shelf import Shelf
from omnichannel.store.tables import objections

o = objections.c
OPEN = sa.text("state = 'open'")
PLACE = ("year", "sequence")


class ObjectionsShelf(Shelf):
    """A number that was drawn and not used goes back with its story, so none is skipped."""

    def next_number(self, year: int) -> int:
        row = {"queue": SERIES, "year": year, "last": 1}
        return int(self.run(NEXT[self.dialect], row).scalar_one())

    def add(self, objection: Objection, year: int, sequence: int) -> Objection:
        given = kept.values(objection, "id") | {"year": year, "sequence": sequence}
        return replace(objection, id=kept.insert(self.connection, objections, given))

    def get(self, objection_id: int) -> Objection | None:
        return self._one(o.id == objection_id)

    def by_number(self, number: str) -> Objection | None:
        return self._one(o.number == number)

    def of_case(self, case_id: int) -> list[Objection]:
        found = self.run(sa.select(objections).where(o.case_id == case_id).order_by(o.id))
        return [objection_of(row) for row in found.mappings()]

    def save(self, before: Objection, after: Objection) -> Objection:
        given = kept.values(after, "id", "version", "number", "case_id")
        kept.write(self.connection, objections, before.id, before.version, given)
        return replace(after, version=before.version + 1)

    def page(self, state: ObjectionState | None, after: int | None, limit: int) -> Page[Objection]:
        statement = sa.select(objections).order_by(o.id.desc()).limit(limit + 1)
        if state is not None:
            statement = statement.where(o.state == state)
        if after is not None:
            statement = statement.where(o.id < after)
        rows = [objection_of(row) for row in self.run(statement).mappings()]
        return Page(tuple(rows[:limit]), str(rows[limit - 1].id) if len(rows) > limit else None)

    def near_due(self, until: date, limit: int = 500) -> list[Objection]:
        statement = sa.select(objections).where(OPEN, o.due <= until).order_by(o.due, o.id).limit(limit)
        return [objection_of(row) for row in self.run(statement).mappings()]

    def _one(self, which: sa.ColumnElement[bool]) -> Objection | None:
        row = self.run(sa.select(objections).where(which)).mappings().first()
        return None if row is None else objection_of(row)


def objection_of(row: sa.RowMapping) -> Objection:
    given = {name: value for name, value in row.items() if name not in PLACE}
    verdict = row["verdict"]
    given |= {
        "state": ObjectionState(row["state"]),
        "grounds": tuple(row["grounds"]),
        "verdict": None if verdict is None else Verdict(verdict),
    }
    return Objection(**given)
