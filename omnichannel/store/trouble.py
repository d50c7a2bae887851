"""What the libraries' errors mean: is the database away, or did one story ask for something it cannot have?"""

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
REFUSED, MISFIT = "23", "22"


def is_away(error: BaseException) -> bool:
    """Whether the database as such failed, so that nothing of the transaction can be kept."""
    return isinstance(error, (StoreAway, sa.exc.TimeoutError, OSError, TimeoutError)) or is_driver_away(error)


def is_driver_away(error: BaseException) -> bool:
    """The same, of what a driver alone can raise: a story's own OSError is no outage."""
    if isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated:
        return True
    origin = _origin(error)
    if isinstance(origin, sqlite3.Error):
        # A closed or misused connection has no code, and says so by its kind.
        code = getattr(origin, "sqlite_errorcode", None)
        return isinstance(origin, sqlite3.ProgrammingError) if code is None else code & 0xFF in SQLITE_AWAY
    code = _sqlstate(origin)
    if code is not None:
        return code[:2] in POSTGRES_AWAY or code in POSTGRES_AWAY_CODES
    # asyncpg's own word for a connection that is closed or in a wrong state; a misfit value is one of these too.
    return _is_named(origin, "InterfaceError") and not _is_misfit(origin)


def away(error: BaseException) -> BaseException:
    """StoreAway for a failed database, anything else as it is: a mistake of ours must not look like an outage."""
    if isinstance(error, StoreAway) or not is_away(error):
        return error
    origin = _origin(error) or error
    wrapped = StoreAway(f"the database does not answer: {type(origin).__name__}: {_short(origin)}")
    wrapped.__cause__ = error
    return wrapped


def plain(error: BaseException) -> BaseException:
    """One story's own fault in our words: another row has that name, or a value fits no column."""
    origin = _origin(error)
    state = _sqlstate(origin) or ""
    meant: Conflict | Invalid
    if isinstance(origin, sqlite3.IntegrityError) or state.startswith(REFUSED):
        meant = Conflict(f"the database says no: {_short(origin)}")
    elif isinstance(error, OverflowError) or state.startswith(MISFIT) or _is_misfit(origin):
        # The libraries repeat the value itself, and it may be a citizen's.
        meant = Invalid("a value that the database cannot hold")
    else:
        return error
    meant.__cause__ = error
    return meant


def _origin(error: BaseException) -> BaseException | None:
    """The driver's own error: behind SQLAlchemy's, or raised to us directly."""
    if isinstance(error, sa.exc.DBAPIError):
        return error.orig
    if isinstance(error, sqlite3.Error) or type(error).__module__.startswith("asyncpg"):
        return error
    return None


def _sqlstate(origin: BaseException | None) -> str | None:
    return getattr(origin, "sqlstate", None)


def _is_misfit(origin: BaseException | None) -> bool:
    """A value that asyncpg could not even put on the wire."""
    return origin is not None and (isinstance(origin, ValueError) or isinstance(origin.__cause__, ValueError))


def _is_named(origin: BaseException | None, name: str) -> bool:
    """By name, for PostgreSQL's driver is an extra that need not be installed."""
    return any(kind.__name__ == name for kind in type(origin).__mro__)


def _short(error: BaseException | None) -> str:
    """The first line: the rest repeats the statement and a citizen's words, which belong in no log."""
    return str(error).partition("\n")[0][:300]
