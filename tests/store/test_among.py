"""Lists of ids under a few texts: each is asked for once or more, none is left out, and none is asked for beside them."""

import pytest
import sqlalchemy as sa

from omnichannel.domain.work import Work
from omnichannel.store.among import Several
from omnichannel.store.columns import EPOCH
from omnichannel.store.database import SqlStore
from omnichannel.store.tables import staff


@pytest.mark.parametrize("many", [0, 1, 2, 4, 5, 255, 256, 257, 600])
async def test_as_many_as_are_listed_are_found(store: SqlStore, many: int) -> None:
    asked = Several(lambda ids: sa.select(staff.c.id).where(staff.c.id.in_(ids)))
    rows = [{"login": f"a{n}", "name": "A", "role": "agent", "password_hash": "!"} for n in range(many + 3)]

    def told(work: Work) -> tuple[list[int], list[int]]:
        hand, connection = work.hand, work.connection  # type: ignore[attr-defined]
        given = [
            connection.execute(sa.insert(staff).returning(staff.c.id), row | {"created_at": EPOCH}).scalar_one()
            for row in rows
        ]
        wanted = given[:many]
        return wanted, [one[0] for hot, row in asked.asked(wanted) for one in hand.ask(hot, row)]

    wanted, found = await store.write(told)

    assert sorted(found) == sorted(wanted)
