"""What every shelf stands on: one connection inside one transaction, and statements compiled once."""

from collections.abc import Callable
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from omnichannel.domain.errors import StoreAway

Insert = sqlite.Insert | postgresql.Insert
Both = dict[str, sa.Executable]
Row: TypeAlias = sa.Row[*tuple[Any, ...]]


class Shelf:
    """Statements are built once at import; running one costs its parameters only."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self.run = connection.execute

    def fresh_id(self, statement: sa.Insert, row: dict[str, Any]) -> int:
        """Insert one row and return its id."""
        made = self.run(statement, row).inserted_primary_key
        if made is None:
            raise StoreAway("the database gave a new row no number")
        return int(made[0])


def on_both(build: Callable[[Any, sa.Table], sa.Executable], table: sa.Table) -> Both:
    """ON CONFLICT is spelt alike on both databases but built by two functions; `build` gets the right one."""
    return {"sqlite": build(sqlite.insert, table), "postgresql": build(postgresql.insert, table)}


def insert_or_skip(table: sa.Table, *returning: sa.Column[Any]) -> Both:
    """Insert unless some UNIQUE says no. With `returning`, the absence of a row is the answer."""

    def build(insert: Any, into: sa.Table) -> sa.Executable:
        statement: Insert = insert(into).on_conflict_do_nothing()
        result: Insert | ReturningInsert[Any] = statement.returning(*returning) if returning else statement
        return result

    return on_both(build, table)


def b(name: str, type_: Any = None) -> sa.BindParameter[Any]:
    """A parameter whose name cannot collide with a column's."""
    return sa.bindparam(f"p_{name}", type_=type_)
