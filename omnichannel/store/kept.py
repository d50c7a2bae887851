"""Frozen rows of the domain in tables of the same names: written whole, and changed only by who has seen the last version."""

from dataclasses import fields
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.errors import Conflict

OTHERS = "Data ini baru saja diubah oleh orang lain. Lihat dulu, lalu putuskan lagi."


def values(row: Any, *without: str) -> dict[str, Any]:
    """A row's fields by name, as columns keep them."""
    return {one.name: _plain(getattr(row, one.name)) for one in fields(row) if one.name not in without}


def insert(connection: sa.Connection, table: sa.Table, given: dict[str, Any]) -> int:
    """A new row; returns its id."""
    return int(connection.execute(sa.insert(table).returning(table.c.id), given).scalar_one())


def write(connection: sa.Connection, table: sa.Table, id_: int, version: int, given: dict[str, Any]) -> None:
    """The whole row anew, its version raised. Conflict when somebody was faster."""
    statement = sa.update(table).where(table.c.id == id_, table.c.version == version)
    if connection.execute(statement.values(given | {"version": version + 1})).rowcount != 1:
        raise Conflict(OTHERS)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.value if isinstance(value, StrEnum) else value
