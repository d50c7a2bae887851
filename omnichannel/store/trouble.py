"""What the libraries' errors mean: is the database away, or did one story ask for something it cannot have?"""

import asyncio
import sqlite3

import sqlalchemy as sa

from omnichannel.domain.errors import Conflict, Invalid, StoreAway

# The low byte of SQLite's result codes (sqlite.org/rescode.html, 2026-11): busy, locked, no memory, read-only file,
# interrupted, disk error, corrupt, full, cannot open, locking protocol, not a database.
SQLITE_AWAY = frozenset((5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26))
# PostgreSQL's error classes (appendix A, version 15): connection, transaction rolled back by the server, out of
# resources (a full disk too), stopped by an operator, system error, internal error; then: a standby that only reads,
# and a lock that did not come.
POSTGRES_AWAY = ("08", "40", "53", "57", "58", "XX")
POSTGRES_AWAY_CODES = ("25006", "55P03")


def is_away(error: BaseException) -> bool:
    """Whether the database as such failed, so that nothing of the transaction can be kept."""
    if isinstance(error, StoreAway):
        return True
    if isinstance(error, sa.exc.DBAPIError):
        return error.connection_invalidated or _is_away_code(error.orig)
    return isinstance(error, (sa.exc.TimeoutError, OSError, asyncio.TimeoutError, sqlite3.OperationalError))


def _is_away_code(origin: BaseException | None) -> bool:
    if isinstance(origin, sqlite3.Error):
        code = getattr(origin, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in SQLITE_AWAY
    code = _sqlstate(origin)
    if code is None:
        # asyncpg's own word for a connection that is closed or in a wrong state; a misfit value is a ValueError too.
        return type(origin).__name__ == "InterfaceError" and not _is_misfit(origin)
    return code[:2] in POSTGRES_AWAY or code in POSTGRES_AWAY_CODES


def _sqlstate(origin: BaseException | None) -> str | None:
    return getattr(origin, "sqlstate", None)


def _is_misfit(origin: BaseException | None) -> bool:
    """A value that asyncpg could not even put on the wire."""
    return origin is not None and isinstance(origin.__cause__, ValueError)


def away(error: BaseException) -> BaseException:
    """StoreAway for a failed database, anything else as it is: a mistake of ours must not look like an outage."""
    if isinstance(error, StoreAway) or not is_away(error):
        return error
    origin = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    wrapped = StoreAway(f"the database does not answer: {type(origin).__name__}: {_short(origin)}")
    wrapped.__cause__ = error
    return wrapped


def plain(error: BaseException) -> BaseException:
    """One story's own fault in our words: another row has that name, or a value fits no column."""
    meant: Conflict | Invalid
    origin = error.orig if isinstance(error, sa.exc.DBAPIError) else None
    if isinstance(error, sa.exc.IntegrityError):
        meant = Conflict(f"the database says no: {_short(origin)}")
    elif isinstance(error, OverflowError) or (_sqlstate(origin) or "").startswith("22") or _is_misfit(origin):
        # The libraries repeat the value itself, and it may be a citizen's.
        meant = Invalid("a value that the database cannot hold")
    else:
        return error
    meant.__cause__ = error
    return meant


def _short(error: BaseException | None) -> str:
    """The first line: the rest repeats the statement and a citizen's words, which belong in no log."""
    return str(error).partition("\n")[0][:300]
