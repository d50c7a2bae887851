"""The demo's lists of information are taken in whole, by the same rules as any office's."""

from omnichannel.demo.lists import PUBLIC, fill
from omnichannel.domain.dip import Category
from omnichannel.domain.people import Role
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_staff
from tests.desk import carried


async def test_every_row_of_the_demo_finds_its_unit(quick_store: SqlStore) -> None:
    organisation = carried().organisation

    added = await quick_store.write(lambda work: fill(work, organisation, a_staff(work, role=Role.PPID), NOON))

    assert added == sum(len(items) for items in PUBLIC.values()) + 1
    counts = await quick_store.read(lambda work: work.catalogue.counts())
    assert sum(n for (_, category), n in counts.items() if category is Category.EXEMPT) == 1
