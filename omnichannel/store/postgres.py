"""PostgreSQL: one writing connection in this process, one writer at a time among all processes.

Every writing transaction first takes an advisory lock that it keeps until its end. So the transactions of all processes
stand in line, as they do on SQLite, and what the stories rely on is true on both databases alike: event ids are in the
order of commits (a reader that has seen 7 will never be surprised by 6), the ledger's chain has one head, a register
number has no twin and no gap, and two messages of one citizen cannot open two conversations. It costs little: one
connection with group commit outruns several (14,932 messages/s on one, fewer on more).
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from omnichannel.domain.errors import StoreAway
from omnichannel.domain.ports import Bell, Clock
from omnichannel.domain.work import Work
from omnichannel.store import schema
from omnichannel.store.commit import Asked, GroupCommit, Outcome, failed, run_batch, still_wanted
from omnichannel.store.hot import PostgresHand
from omnichannel.store.trouble import away, is_away
from omnichannel.store.work import StoreWork

T = TypeVar("T")
# A server remembers 64 subtransactions of a connection cheaply (PGPROC_MAX_CACHED_SUBXIDS, version 15), then spills.
BATCH = 60
READERS = 5
IN_LINE = "SELECT pg_advisory_xact_lock(7305812)"
SETTINGS = {
    "application_name": "omnichannel",
    "jit": "off",
    "lock_timeout": "10s",
    "statement_timeout": "60s",
    # A process that died on a broken line must not hold the others up for longer than this.
    "idle_in_transaction_session_timeout": "60s",
}
CONNECT = {"timeout": 5, "command_timeout": 60, "server_settings": SETTINGS}


def address_of(url: sa.URL) -> sa.URL:
    """The driver is ours; libpq's `sslmode` is called `ssl` there."""
    query = dict(url.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(drivername="postgresql+asyncpg", query=query)


def _engine(url: sa.URL, *, size: int) -> AsyncEngine:
    # Parameters are hidden: a failed statement may reach a log; a citizen's words may not.
    return create_async_engine(url, pool_size=size, max_overflow=0, hide_parameters=True, connect_args=CONNECT)


class PostgresStore(GroupCommit):
    """Fits `domain.ports.Store`."""

    def __init__(self, url: sa.URL, bell: Bell, clock: Clock) -> None:
        super().__init__(bell, clock)
        self._writing = _engine(url, size=1)
        self._pool = _engine(url, size=READERS)
        self._reading = self._pool.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._asked: deque[Asked] = deque()
        self._knock = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Start the writer. The schema is `migrate`'s business."""
        if self._open:
            return
        self._open = True
        self._writer = asyncio.create_task(self._write_on(), name="store-writer")

    async def close(self) -> None:
        """Finish what was asked for, then hang up; harmless when called twice."""
        self._open = False
        self._knock.set()
        if self._writer is not None:
            await self._writer
            self._writer = None
        await self._writing.dispose()
        await self._pool.dispose()

    async def read(self, question: Callable[[Work], T]) -> T:
        if not self._open:
            raise StoreAway("the store is not open")
        return await self._with(self._reading, lambda connection: question(StoreWork(connection)))

    async def migrate(self) -> None:
        """Bring the schema up to date; several processes may try at once."""

        def in_line(connection: sa.Connection) -> None:
            connection.exec_driver_sql(IN_LINE)
            schema.upgrade(connection)

        await self._with(self._pool, in_line)

    async def schema_ready(self) -> bool:
        return await self._with(self._reading, schema.is_current)

    async def ready(self) -> None:
        """StoreAway unless the database answers and its schema is ours."""
        if not await self.schema_ready():
            raise StoreAway("the schema is not up to date: run `omnichannel migrate`")

    def _put(self, asked: Asked) -> None:
        self._asked.append(asked)
        self._knock.set()

    async def _with(self, engine: AsyncEngine, do: Callable[[sa.Connection], T]) -> T:
        """On a pooled connection. One that died while it lay in the pool is replaced, and the question asked again."""
        for last in (False, True):
            try:
                async with engine.begin() as connection:
                    return await connection.run_sync(do)
            except Exception as error:
                stale = isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated
                if last or not stale:
                    raise away(error) from error
        raise AssertionError("unreachable")

    async def _write_on(self) -> None:
        """Take what has piled up, commit it, tell; until closed and empty."""
        while self._open or self._asked:
            if not self._asked:
                self._knock.clear()
                await self._knock.wait()
                continue
            piled = [self._asked.popleft() for _ in range(min(BATCH, len(self._asked)))]
            batch = still_wanted(piled)
            self._settle(batch, await self._commit(batch))

    async def _commit(self, batch: list[Asked]) -> list[Outcome]:
        if not batch:
            return []
        try:
            connection = await self._begun()
            try:
                outcomes = await connection.run_sync(_run_batch, batch)
                await connection.commit()
            finally:
                await connection.close()
            return outcomes
        except asyncio.CancelledError:
            self._open = False
            self._settle(batch, failed(batch, StoreAway("the store is being stopped")))
            raise
        except BaseException as error:
            # When the line is cut during COMMIT itself nobody can know; the stories' own unique keys make asking twice harmless.
            return failed(batch, error)

    async def _begun(self) -> AsyncConnection:
        """A connection in a transaction, in line. A stale one is found out here, before any story has begun."""
        for last in (False, True):
            connection = await self._writing.connect()
            try:
                await connection.exec_driver_sql(IN_LINE)
            except BaseException as error:
                await connection.close()
                if last or not (isinstance(error, sa.exc.DBAPIError) and is_away(error)):
                    raise
            else:
                return connection
        raise AssertionError("unreachable")


def _run_batch(connection: sa.Connection, batch: list[Asked]) -> list[Outcome]:
    driver: Any = connection.connection.driver_connection
    work = StoreWork(connection, PostgresHand(connection.dialect, driver))
    return run_batch(work, batch, PostgresSavepoint(driver))


class PostgresSavepoint:
    """Fits `store.commit.Savepoint`; each deed is one journey to the server."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver

    def set(self) -> None:
        await_only(self._driver.execute("SAVEPOINT story"))

    def keep(self) -> None:
        # In a transaction that a statement has broken RELEASE fails, and with it a story that hid the failure.
        await_only(self._driver.execute("RELEASE SAVEPOINT story; SAVEPOINT story"))

    def undo(self) -> None:
        await_only(self._driver.execute("ROLLBACK TO SAVEPOINT story"))

    def lost(self) -> bool:
        return bool(self._driver.is_closed())
