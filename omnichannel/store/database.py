"""The store's door: the address decides which database keeps our words."""

import sqlalchemy as sa

from omnichannel.domain.errors import BadConfig
from omnichannel.domain.ports import Bell, Clock
from omnichannel.store.postgres import PostgresStore, address_of
from omnichannel.store.sqlite import SqliteStore, path_of

SqlStore = SqliteStore | PostgresStore


def open_store(url: str, bell: Bell, clock: Clock) -> SqlStore:
    """A store for `sqlite:///path` or `postgresql://…`, not yet open. The driver is ours to add."""
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        # The address may hold a password: it is never repeated.
        raise BadConfig("OMNI_DATABASE_URL", "url", "sqlite:///path or postgresql://user@host/name") from error
    kind = address.drivername.partition("+")[0]
    if kind == "sqlite":
        return SqliteStore(path_of(address), bell, clock)
    if kind in ("postgresql", "postgres"):
        return PostgresStore(address_of(address), bell, clock)
    raise BadConfig("OMNI_DATABASE_URL", "url", f"sqlite or postgresql, not {kind}")
