"""What every shelf stands on: one connection inside one transaction, and statements compiled once."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from omnichannel.store.hot import Hand, Hot

Insert = sqlite.Insert | postgresql.Insert
Both = dict[str, sa.Executable]
Row: TypeAlias = sa.Row[*tuple[Any, ...]]


class Shelf:
    """Statements are built once at import. `run` goes through Core; `ask` and `tell` are for what every message does."""

    def __init__(self, connection: sa.Connection, hand: Hand) -> None:
        self.connection = connection
        self.hand = hand
        self.dialect = connection.dialect.name
        self.run = connection.execute
        self.tell = hand.tell

    def ask(self, hot: Hot, row: dict[str, Any]) -> Sequence[Any] | None:
        """The first row, if there is one."""
        found = self.hand.ask(hot, row)
        return found[0] if found else None

    def fresh_id(self, hot: Hot, row: dict[str, Any]) -> int:
        """Insert one row and return its id."""
        return int(self.hand.ask(hot, row)[0][0])


def inserting(table: sa.Table, *keys: str) -> Hot:
    """A new row of these columns; its id comes back."""
    return Hot(sa.insert(table).returning(table.c.id), *keys)


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
