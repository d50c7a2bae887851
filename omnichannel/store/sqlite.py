"""SQLite: one writer thread, a few reader threads, one file.

A story runs on the writer's own thread from its first statement to its last, and a question on a reader's: a thread is
changed twice a story instead of four times a statement (a question of five statements: .7 ms instead of 4.5 through
aiosqlite on the same machine, 2026-11).
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import aiosqlite
import sqlalchemy as sa

from omnichannel.domain.errors import BadConfig, StoreAway
from omnichannel.domain.ports import Bell, Clock
from omnichannel.domain.work import Work
from omnichannel.store import schema
from omnichannel.store.commit import Asked, GroupCommit, Outcome, failed, run_batch, still_wanted
from omnichannel.store.hot import SqliteHand
from omnichannel.store.trouble import away
from omnichannel.store.work import StoreWork

T = TypeVar("T")
BATCH = 256
READERS = 4
PATIENCE = timedelta(seconds=5)
PRAGMAS: tuple[str, ...] = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # NORMAL gains 1.36 times and loses the last seconds with the power
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -32768",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA journal_size_limit = 67108864",
)


def engine_for(path: Path, *, begin: str, size: int, patience: timedelta, only_read: bool = False) -> sa.Engine:
    """An engine whose transactions are what they say: the driver's own habit of beginning late is switched off."""
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        poolclass=sa.QueuePool,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,  # a failed statement may reach a log; a citizen's words may not
        connect_args={"check_same_thread": False, "cached_statements": 256},
    )

    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        # Patience first: switching to WAL may have to wait. `query_only` last: the switch itself writes.
        last = ("PRAGMA query_only = ON",) if only_read else ()
        for pragma in (f"PRAGMA busy_timeout = {patience // timedelta(milliseconds=1)}", *PRAGMAS, *last):
            connection.execute(pragma).close()

    def begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    sa.event.listen(engine, "connect", connected)
    sa.event.listen(engine, "begin", begun)
    return engine


class SqliteSavepoint:
    """Fits `store.commit.Savepoint`."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver

    def set(self) -> None:
        self._driver.execute("SAVEPOINT story")

    def keep(self) -> None:
        self._driver.execute("RELEASE SAVEPOINT story")
        self._driver.execute("SAVEPOINT story")

    def undo(self) -> None:
        self._driver.execute("ROLLBACK TO SAVEPOINT story")

    def lost(self) -> bool:
        return not self._driver.in_transaction


class SqliteStore(GroupCommit):
    """Fits `domain.ports.Store`."""

    def __init__(self, path: Path, bell: Bell, clock: Clock, patience: timedelta = PATIENCE) -> None:
        """`patience` is how long a writer waits for another process to let go of the file."""
        super().__init__(bell, clock)
        self.path = path
        self._writing = engine_for(path, begin="BEGIN IMMEDIATE", size=1, patience=patience)
        self._reading = engine_for(path, begin="BEGIN", size=READERS, patience=patience, only_read=True)
        self._asked: queue.SimpleQueue[Asked | None] = queue.SimpleQueue()
        self._readers: ThreadPoolExecutor | None = None
        self._writer: threading.Thread | None = None

    async def open(self) -> None:
        """Start the threads. The schema is `migrate`'s business."""
        if self._open:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._open = True
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        loop = asyncio.get_running_loop()
        self._writer = threading.Thread(target=self._write_on, args=(loop,), name="store-writer", daemon=True)
        self._writer.start()

    async def close(self) -> None:
        """Finish what was asked for, then let go of the file; harmless when called twice."""
        self._open = False
        if self._writer is not None:
            self._asked.put(None)
            await asyncio.to_thread(self._writer.join)
            self._writer = None
        if self._readers is not None:
            await asyncio.to_thread(self._readers.shutdown)
            self._readers = None
        self._writing.dispose()
        self._reading.dispose()

    async def read(self, question: Callable[[Work], T]) -> T:
        if self._readers is None:
            raise StoreAway("the store is not open")
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._answer, question)

    async def migrate(self) -> None:
        """Bring the schema up to date; several processes may try at once."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(self._with_writer, schema.upgrade)

    async def schema_ready(self) -> bool:
        return bool(await asyncio.to_thread(self._with_reader, schema.is_current))

    async def ready(self) -> None:
        """StoreAway unless the database answers and its schema is ours.

        Asked on a connection of its own through aiosqlite, so that a monitor never waits behind busy readers and never
        keeps one of them busy.
        """
        if await self._version() != schema.head():
            raise StoreAway("the schema is not up to date: run `omnichannel migrate`")

    async def _version(self) -> str | None:
        try:
            async with aiosqlite.connect(f"file:{quote(str(self.path))}?mode=ro", uri=True, timeout=2) as connection:
                tables = await connection.execute_fetchall("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
                if not tables:
                    return None
                rows = await connection.execute_fetchall("SELECT version_num FROM alembic_version")
        except sqlite3.Error as error:
            raise StoreAway(f"the database does not answer: {error}") from error
        return next((str(row[0]) for row in rows), None)

    def _put(self, asked: Asked) -> None:
        self._asked.put(asked)

    def _answer(self, question: Callable[[Work], T]) -> T:
        try:
            with self._reading.connect() as connection, connection.begin():
                raw: Any = connection.connection.dbapi_connection
                return question(StoreWork(connection, SqliteHand(connection.dialect, raw)))
        except Exception as error:
            raise away(error) from error

    def _with_writer(self, do: Callable[[sa.Connection], object]) -> object:
        return self._with(self._writing, do)

    def _with_reader(self, do: Callable[[sa.Connection], object]) -> object:
        return self._with(self._reading, do)

    @staticmethod
    def _with(engine: sa.Engine, do: Callable[[sa.Connection], object]) -> object:
        try:
            with engine.begin() as connection:
                return do(connection)
        except sa.exc.DBAPIError as error:
            raise away(error) from error

    def _write_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """The writer's thread: take what has piled up, commit it, tell the loop."""
        going = True
        while going:
            batch, going = self._pile()
            outcomes = self._commit(batch)
            if outcomes and all(isinstance(one.error, StoreAway) for one in outcomes):
                # Whoever came meanwhile has waited as long: they hear it now, not after a wait of their own.
                late, going = self._late(going)
                outcomes += failed(late, StoreAway("the database stayed locked or away"))
                batch += late
            try:
                loop.call_soon_threadsafe(self._settle, batch, outcomes)
            except RuntimeError:  # the loop is closed: nobody is left to be told
                return

    def _pile(self) -> tuple[list[Asked], bool]:
        """Waits for the first, then takes all that is there; False when it is time to go."""
        batch: list[Asked] = []
        asked = self._asked.get()
        while asked is not None:
            batch.append(asked)
            if len(batch) == BATCH:
                return still_wanted(batch), True
            try:
                asked = self._asked.get_nowait()
            except queue.Empty:
                return still_wanted(batch), True
        return still_wanted(batch), False

    def _late(self, going: bool) -> tuple[list[Asked], bool]:
        """All that has piled up by now, at once."""
        late: list[Asked] = []
        while going:
            try:
                asked = self._asked.get_nowait()
            except queue.Empty:
                break
            if asked is None:
                going = False
            else:
                late.append(asked)
        return late, going

    def _commit(self, batch: list[Asked]) -> list[Outcome]:
        if not batch:
            return []
        try:
            with self._writing.connect() as connection, connection.begin():
                raw: Any = connection.connection.dbapi_connection
                work = StoreWork(connection, SqliteHand(connection.dialect, raw))
                return run_batch(work, batch, SqliteSavepoint(raw))
        except BaseException as error:
            self._writing.dispose()
            return failed(batch, error)


def path_of(url: sa.URL) -> Path:
    """The file of a `sqlite:///path`. A database in memory would be another one for every reader."""
    if not url.database or url.database == ":memory:" or url.database.startswith("file:") or url.query:
        raise BadConfig("OMNI_DATABASE_URL", "sqlite", "a file, as in sqlite:///data/omnichannel.db")
    return Path(url.database)
