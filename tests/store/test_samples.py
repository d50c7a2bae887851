"""An empty house can be made empty again, and the database's own refusals stand as before."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from omnichannel.domain.errors import Conflict
from omnichannel.domain.work import Work
from omnichannel.store.database import SqlStore
from omnichannel.store.tables import ledger

NOW = datetime(2026, 11, 23, tzinfo=UTC)


async def test_after_the_wipe_receipts_are_kept_again(store: SqlStore) -> None:
    def receive(work: Work) -> int:
        entry = work.ledger.append("telepon", b"{}", {}, NOW)
        assert work.ledger.first_time("telepon", "contoh-1", entry.id, 0, "incoming")
        return entry.id

    await store.write(receive)
    assert await store.read(lambda work: work.samples.alone())
    await store.write(lambda work: work.samples.wipe())

    assert await store.read(lambda work: work.ledger.entries(None, 0, 10)) == []
    entry = await store.write(receive)
    assert entry > 0
    with pytest.raises(Conflict, match="append-only"):
        await store.write(lambda work: work.samples.run(sa.delete(ledger)))  # type: ignore[attr-defined]
