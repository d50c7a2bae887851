"""The migrations add up to the tables, on both databases, whoever runs them and however often."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

from omnichannel.domain.errors import BadConfig, StoreAway
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import open_store
from omnichannel.store.postgres import address_of
from omnichannel.store.tables import metadata
from tests.house import HandClock, opened


def ours(name: str | None, _kind: str, _parents: object) -> bool:
    """The full-text index is each database's own affair, made by migration 0007 alone."""
    return name is None or "_fts" not in name


def differences(connection: sa.Connection) -> list[object]:
    opts = {"compare_type": True, "compare_server_default": True, "include_name": ours}
    context = MigrationContext.configure(connection, opts=opts)
    return list(compare_metadata(context, metadata))


def index_sql(connection: sa.Connection) -> dict[str, str]:
    """What a partial index says: the comparison above looks at its columns alone."""
    source = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        if connection.dialect.name == "sqlite"
        else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
    )
    rows = connection.exec_driver_sql(source)
    return {
        name: " ".join(sql.replace('"', "").split())
        for name, sql in rows
        if name != "alembic_version_pkc" and ours(name, "index", {})
    }


def columns(connection: sa.Connection) -> dict[str, list[tuple[str, bool, str]]]:
    inspector = sa.inspect(connection)
    return {
        table: [(one["name"], one["nullable"], str(one["type"])) for one in inspector.get_columns(table)]
        for table in sorted(metadata.tables)
    }


def from_the_tables(connection: sa.Connection) -> tuple[object, ...]:
    metadata.create_all(connection)
    return index_sql(connection), columns(connection)


async def test_on_sqlite_the_migrations_add_up_to_the_tables(sqlite_url: str) -> None:
    engine, other = sa.create_engine(sqlite_url), sa.create_engine("sqlite://")

    with engine.connect() as connection:
        assert differences(connection) == []
        migrated = (index_sql(connection), columns(connection))
    with other.begin() as connection:
        assert migrated == from_the_tables(connection)
    engine.dispose()
    other.dispose()


async def test_on_postgresql_the_migrations_add_up_to_the_tables(postgres, postgres_url: str) -> None:
    bare = await postgres.fresh()
    async with opened(postgres_url, LocalBell(), HandClock()) as store:
        await store.migrate()
    engine, other = (create_async_engine(address_of(sa.make_url(url))) for url in (postgres_url, bare))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        migrated = (await connection.run_sync(index_sql), await connection.run_sync(columns))
    async with other.begin() as connection:
        assert migrated == await connection.run_sync(from_the_tables)
    await engine.dispose()
    await other.dispose()
    await postgres.drop(bare)


async def everybody_migrates(url: str) -> None:
    async with opened(url, LocalBell(), HandClock()) as store:
        assert not await store.schema_ready()
        with pytest.raises(StoreAway, match="migrate"):
            await store.ready()
        others = [open_store(url, LocalBell(), HandClock()) for _ in range(3)]

        await asyncio.gather(store.migrate(), *(one.migrate() for one in others))
        await store.migrate()

        assert await store.schema_ready()
        await store.ready()
        for one in others:
            await one.close()


async def test_several_processes_may_migrate_at_once_on_sqlite(tmp_path: Path) -> None:
    await everybody_migrates(f"sqlite:///{tmp_path / 'new folder' / '100% baru.db'}")


async def test_several_processes_may_migrate_at_once_on_postgresql(postgres_url: str) -> None:
    await everybody_migrates(postgres_url)


@pytest.mark.parametrize(
    "url", ["", "sqlite://", "sqlite:///:memory:", "mysql://root:rahasia@127.0.0.1/x", "rahasia", "sqlite:///file:x?mode=memory"]
)  # fmt: skip
def test_an_address_we_cannot_use_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(BadConfig) as refused:
        open_store(url, LocalBell(), HandClock())

    assert "rahasia" not in str(refused.value)


async def test_a_server_that_is_not_there_is_a_store_away(clock: HandClock) -> None:
    async with opened("postgresql://omni:rahasia@127.0.0.1:1/none", LocalBell(), clock) as store:
        for attempt in (store.ready(), store.migrate(), store.write(lambda _: 1), store.read(lambda _: 1)):
            with pytest.raises(StoreAway) as away:
                await attempt
            assert "rahasia" not in str(away.value)


@pytest.mark.parametrize(
    ("given", "driver", "query"),
    [
        ("postgresql://u@h/d", "postgresql+asyncpg", {}),
        ("postgres://u@h/d?sslmode=require", "postgresql+asyncpg", {"ssl": "require"}),
        ("postgresql+asyncpg://u@h/d?ssl=require", "postgresql+asyncpg", {"ssl": "require"}),
    ],
)
def test_the_driver_is_ours_to_add(given: str, driver: str, query: dict[str, str]) -> None:
    # SQLAlchemy has no dialect of the old name `postgres`, but knows the word.
    address = address_of(sa.make_url(given))

    assert address.drivername == driver
    assert dict(address.query) == query
