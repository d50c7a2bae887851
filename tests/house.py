"""The house's own parts for tests: a clock that nobody waits for, a bell, and a migrated, empty, open store.

store          on SQLite and on PostgreSQL: the test runs twice (the second with the marker `real`)
quick_store    on SQLite alone, for tests of what stands on the store
database_settings   the environment of a whole house: none for SQLite, or PostgreSQL and Redis (with the marker `real`)
dear_passwords hashed as in an office; every other test hashes quickly
dear_commits   waited for until they lie on the disk, as in an office; every other test trusts the kernel
clock, bell    what the store was opened with
"""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from omnichannel.domain.ports import Bell, Clock
from omnichannel.store import sqlite
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore, open_store
from omnichannel.web import passwords
from tests.build import NOON
from tests.parts.postgres import Postgres


class HandClock:
    """Stands still until somebody moves it; who sleeps moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> datetime:
        self.at += by
        return self.at

    async def sleep(self, duration: timedelta) -> None:
        self.advance(duration)


@asynccontextmanager
async def opened(url: str, bell: Bell, clock: Clock) -> AsyncIterator[SqlStore]:
    """A store that is closed whatever happens."""
    store = open_store(url, bell, clock)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


async def migrated(url: str) -> None:
    async with opened(url, LocalBell(), HandClock()) as store:
        await store.migrate()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """A hash is made to cost a tenth of a second; only the tests of `dear_passwords` pay it."""
    passwords.hash_with(PasswordHasher(time_cost=1, memory_cost=16, parallelism=1))
    yield
    passwords.hash_with(passwords.ADVICE)


@pytest.fixture
def dear_passwords(_quick_passwords: None) -> Iterator[None]:
    """Hashed as in an office."""
    passwords.hash_with(passwords.ADVICE)
    yield
    passwords.hash_with(PasswordHasher(time_cost=1, memory_cost=16, parallelism=1))


OURS = sqlite.PRAGMAS
HASTY = tuple(one.replace("synchronous = FULL", "synchronous = OFF") for one in OURS)


@pytest.fixture(scope="session", autouse=True)
def _quick_commits() -> Iterator[None]:
    """No test cuts the machine's power: what reached the kernel is safe, and waiting for the disk took half of the time."""
    sqlite.PRAGMAS = HASTY
    yield
    sqlite.PRAGMAS = OURS


@pytest.fixture
def dear_commits(_quick_commits: None) -> Iterator[None]:
    """Safe from a power cut, as in an office."""
    sqlite.PRAGMAS = OURS
    yield
    sqlite.PRAGMAS = HASTY


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def bell() -> LocalBell:
    return LocalBell()


@pytest.fixture(scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once and copied: what a migration does has its own tests."""
    path = tmp_path_factory.mktemp("store") / "template.db"
    await migrated(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated, empty database file."""
    shutil.copy(sqlite_template, tmp_path / "omnichannel.db")
    return f"sqlite:///{tmp_path / 'omnichannel.db'}"


_templates: dict[int, str] = {}


async def migrated_postgres(server: Postgres) -> str:
    """The URL of a migrated, empty database on that server."""
    if id(server) not in _templates:
        url = await server.fresh()
        await migrated(url)
        _templates[id(server)] = url.rpartition("/")[2]
    return await server.fresh(_templates[id(server)])


@pytest.fixture
async def quick_store(sqlite_url: str, bell: LocalBell, clock: HandClock) -> AsyncIterator[SqlStore]:
    async with opened(sqlite_url, bell, clock) as store:
        yield store


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.real)])
async def store_url(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> AsyncIterator[str]:
    """A migrated, empty database on each of the two."""
    if request.param == "sqlite":
        shutil.copy(sqlite_template, tmp_path / "omnichannel.db")
        yield f"sqlite:///{tmp_path / 'omnichannel.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = await migrated_postgres(server)
    yield url
    await server.drop(url)


@pytest.fixture
async def store(store_url: str, bell: LocalBell, clock: HandClock) -> AsyncIterator[SqlStore]:
    async with opened(store_url, bell, clock) as opened_store:
        yield opened_store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def database_settings(request: pytest.FixtureRequest) -> dict[str, str]:
    """A whole house's: SQLite by itself; PostgreSQL with Redis. Asked for outside the loop, because their fixtures run in it."""
    if request.param == "sqlite":
        return {}
    return {
        "OMNI_DATABASE_URL": request.getfixturevalue("postgres_url"),
        "OMNI_REDIS_URL": request.getfixturevalue("redis_url"),
    }
