"""Statements of the path that every message takes, handed to the driver without a detour.

SQLAlchemy's Core spends some 40 µs a statement on what is the same each time. A `Hot` statement is built and typed with
Core like any other, compiled once, and then runs as text, parameters in order, and the columns' own converters.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.util import await_only

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the driver needs: the text, how to make its parameters, how to read its rows."""

    text: str
    names: tuple[str, ...]
    convert: tuple[tuple[int, Convert], ...]
    fixed: Mapping[str, Any]
    read: tuple[tuple[int, Convert], ...]

    def values(self, row: Mapping[str, Any]) -> list[Any]:
        fixed = self.fixed
        values = [row[name] if name not in fixed else fixed[name] for name in self.names]
        for place, convert in self.convert:
            values[place] = convert(values[place])
        return values

    def rows(self, found: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        if not self.read:
            return found
        return [self._row(one) for one in found]

    def _row(self, found: Sequence[Any]) -> Sequence[Any]:
        row = list(found)
        for place, convert in self.read:
            row[place] = convert(row[place])
        return row


class Hot:
    """`keys` are the columns of an INSERT; other statements name their own parameters."""

    def __init__(self, statement: Any, *keys: str) -> None:
        self.statement = statement
        self.keys = keys or None
        self._plans: dict[str, Plan] = {}

    def on(self, dialect: Dialect) -> Any:
        return self.statement[dialect.name] if isinstance(self.statement, dict) else self.statement

    def plan(self, dialect: Dialect) -> Plan:
        known = self._plans.get(dialect.name)
        if known is None:
            known = self._plans[dialect.name] = _planned(self.on(dialect), self.keys, dialect)
        return known


def _planned(statement: Any, keys: tuple[str, ...] | None, dialect: Dialect) -> Plan:
    compiled = statement.compile(dialect=dialect, column_keys=keys)
    names = tuple(compiled.positiontup)
    given = set(keys or ()) | {name for name in names if name.startswith("p_")}
    convert = ((place, _binding(compiled.binds[name].type, dialect)) for place, name in enumerate(names))
    read = ((place, _reading(kind, dialect)) for place, kind in enumerate(_returned(statement)))
    return Plan(
        text=str(compiled),
        names=names,
        convert=tuple((place, one) for place, one in convert if one is not None),
        fixed={name: compiled.params[name] for name in names if name not in given},
        read=tuple((place, one) for place, one in read if one is not None),
    )


def _returned(statement: Any) -> list[sa.types.TypeEngine[Any]]:
    if isinstance(statement, sa.Select):
        return [column.type for column in statement.selected_columns]
    return [column["type"] for column in statement.returning_column_descriptions]


def _binding(kind: sa.types.TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reading(kind: sa.types.TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if isinstance(kind, sa.Float):
        return None  # a float already; Core would first ask the server what kind of number it is
    return kind.dialect_impl(dialect).result_processor(dialect, None)


class Hand(Protocol):
    """Runs hot statements on one connection, inside the transaction that is open there."""

    def ask(self, hot: Hot, row: Mapping[str, Any]) -> Sequence[Sequence[Any]]: ...
    def tell(self, hot: Hot, row: Mapping[str, Any]) -> int:
        """How many rows it touched."""
        ...


class CoreHand:
    """Through Core after all: where nothing is gained by haste."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def ask(self, hot: Hot, row: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        return self._connection.execute(hot.on(self._connection.dialect), dict(row)).all()

    def tell(self, hot: Hot, row: Mapping[str, Any]) -> int:
        return self._connection.execute(hot.on(self._connection.dialect), dict(row)).rowcount


class SqliteHand:
    """Straight to the sqlite3 module."""

    def __init__(self, dialect: Dialect, driver: Any) -> None:
        self._dialect = dialect
        self._execute = driver.execute

    def ask(self, hot: Hot, row: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        plan = hot.plan(self._dialect)
        return plan.rows(self._execute(plan.text, plan.values(row)).fetchall())

    def tell(self, hot: Hot, row: Mapping[str, Any]) -> int:
        plan = hot.plan(self._dialect)
        count: int = self._execute(plan.text, plan.values(row)).rowcount
        return count


class PostgresHand:
    """Straight to asyncpg, whose connection keeps each text prepared. Core has begun the transaction before."""

    def __init__(self, dialect: Dialect, driver: Any) -> None:
        self._dialect = dialect
        self._driver = driver

    def ask(self, hot: Hot, row: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        plan = hot.plan(self._dialect)
        found: Sequence[Sequence[Any]] = await_only(self._driver.fetch(plan.text, *plan.values(row)))
        return plan.rows(found)

    def tell(self, hot: Hot, row: Mapping[str, Any]) -> int:
        plan = hot.plan(self._dialect)
        # The server's own word: `INSERT 0 1`, `UPDATE 3`.
        done: str = await_only(self._driver.execute(plan.text, *plan.values(row)))
        return int(done.rpartition(" ")[2])
