"""Column types that mean the same on SQLite and PostgreSQL, and survive whatever a citizen sends."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEY_BYTES = 1000

# SQLite numbers rows by itself only in a column declared INTEGER.
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Moment(TypeDecorator[datetime]):
    """An aware moment as whole microseconds since 1970 UTC: exact, sortable, and one integer on both databases.

    SQLite has no type for a moment and would keep text without a zone; PostgreSQL's is exact but slower to bind.
    """

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        since = value - EPOCH
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


def storable(text: str) -> str:
    """The same text without what a database cannot hold: NUL (PostgreSQL) and lone surrogates (both).

    Both arrive inside perfectly valid JSON as \\u0000 or half an emoji; one must not cost the citizen the message.
    """
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


class Words(TypeDecorator[str]):
    """Text that somebody wrote."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class Key(TypeDecorator[str]):
    """Text that identifies, and is therefore indexed.

    A name too long for PostgreSQL's index pages (2,704 bytes a row) is kept as its beginning and its hash,
    on the way in and in every comparison alike, so it still identifies.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        text = storable(value)
        if len(text) * 4 <= KEY_BYTES:
            return text
        encoded = text.encode()
        if len(encoded) <= KEY_BYTES:
            return text
        return encoded[:200].decode(errors="ignore") + "~" + hashlib.sha256(encoded).hexdigest()


class Ids(TypeDecorator[tuple[int, ...]]):
    """A few numbers of rows, as words of one text: read with the row they stand on, without a statement of their own."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else " ".join(map(str, value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...] | None:
        return None if value is None else tuple(map(int, value.split()))


class Prefix(TypeDecorator[str]):
    """Folded text that is looked up by its beginning; bytewise order, so that a range of it is a prefix."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[str]:
        # Not through the dialect's own text type, which would forget TEXT and declare VARCHAR.
        return sa.Text(collation="C") if dialect.name == "postgresql" else sa.Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else fold(value)


def fold(text: str) -> str:
    """As people type when they search: small letters, single spaces; 80 characters are enough to find by."""
    return " ".join(storable(text).casefold().split())[:80]


def row_id() -> Column[Any]:
    return Column("id", Id, primary_key=True)


def to(name: str, target: str, *, null: bool = False) -> Column[Any]:
    return Column(name, sa.BigInteger, ForeignKey(target), nullable=null)


def moment(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Moment, nullable=null)


def key(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Key, nullable=null)


def words(name: str, *, null: bool = True) -> Column[Any]:
    return Column(name, Words, nullable=null)


def ids(name: str) -> Column[Any]:
    return Column(name, Ids, nullable=False, server_default=sa.text("''"))


def count(name: str) -> Column[Any]:
    return Column(name, sa.BigInteger, nullable=False, server_default="0")


def flag(name: str) -> Column[Any]:
    return Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def where(condition: str) -> dict[str, Any]:
    """A partial index. SQLite takes it only for a query that states the same words."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
