"""Lists walk their indexes: what SQLite's planner says it will do, on a database that nobody has analysed."""

from typing import Any

import pytest
import sqlalchemy as sa

from omnichannel.domain.screens import Order, View, orders_of
from omnichannel.domain.work import Work
from omnichannel.store import composing, incidents, joins, messages, rules, worklist
from omnichannel.store.columns import EPOCH
from omnichannel.store.database import SqlStore
from tests.build import TODAY

PARAMETERS = {
    "p_hidden": ["ppid"], "p_limit": 51, "p_unit": "dishub", "p_staff": 1, "p_near": TODAY, "p_calm": 1, "p_burn": 5,
    "p_id": 1, "p_last_at": EPOCH,
}  # fmt: skip
OFFICE = {
    View.UNREAD: "ix_conversations_unread",
    View.MINE: "ix_conversations_mine",
    View.UNIT: "ix_conversations_burning",
    View.NEAR: "ix_conversations_",  # by due day, and further pages by what burns: the same days stand on top of both
    View.FAILED: "ix_conversations_failed",
    View.SNOOZED: "ix_conversations_snoozed",
    View.RESOLVED: "ix_conversations_resolved",
    View.ASIDE: "ix_conversations_aside",
    View.ALL: "ix_conversations_open",
}
UNSORTED = {View.UNREAD, View.MINE, View.FAILED, View.RESOLVED, View.ASIDE, View.ALL}
LISTS = [(view, order) for view in View for order in orders_of(view)]
# Every open row by what burns, or by time: thousands of them, so each order has an index of its own.
LONG = {
    (View.ALL, Order.BURNING): "ix_conversations_burning",
    (View.ALL, Order.NEWEST): "ix_conversations_open",
    (View.ALL, Order.OLDEST): "ix_conversations_open",
    (View.RESOLVED, Order.NEWEST): "ix_conversations_resolved",
    (View.RESOLVED, Order.OLDEST): "ix_conversations_resolved",
}


async def plan(store: SqlStore, statement: sa.Select[*tuple[object, ...]]) -> list[str]:
    """Ask the question itself, and then how the very same text is answered."""
    said: list[tuple[str, Any]] = []

    def question(work: Work) -> list[str]:
        connection: sa.Connection = work.connection  # type: ignore[attr-defined]
        sa.event.listen(connection, "before_cursor_execute", lambda *facts: said.append((facts[2], facts[3])))
        connection.execute(statement, PARAMETERS)
        text, values = said[0]
        return [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]

    return await store.read(question)


@pytest.mark.parametrize("paged", [False, True])
@pytest.mark.parametrize(("view", "order"), LISTS)
async def test_a_list_of_the_office_walks_the_index_made_for_it(
    quick_store: SqlStore, view: View, order: Order, paged: bool
) -> None:
    steps = await plan(quick_store, worklist.list_statement(view, order, by_unit=False, paged=paged, hides=False))

    usual = order is orders_of(view)[0]
    if usual or (view, order) in LONG:
        index = LONG.get((view, order), OFFICE[view])
        assert any(index in step for step in steps), steps
    assert all("USING" in step for step in steps if step.startswith(("SCAN conv", "SEARCH"))), steps
    if (usual and view in UNSORTED) or (view, order) in LONG:
        assert not any("TEMP B-TREE" in step for step in steps), steps


@pytest.mark.parametrize("paged", [False, True])
@pytest.mark.parametrize(("view", "order"), LISTS)
async def test_a_list_of_a_unit_never_reads_the_whole_table(
    quick_store: SqlStore, view: View, order: Order, paged: bool
) -> None:
    steps = await plan(quick_store, worklist.list_statement(view, order, by_unit=True, paged=paged, hides=False))

    assert all("USING" in step for step in steps if step.startswith(("SCAN", "SEARCH")) and step != "SCAN picked"), (
        steps
    )
    if view in (View.ALL, View.RESOLVED) and order is not Order.BURNING:
        index = "open" if view is View.ALL else "resolved"
        assert any(f"ix_conversation_units_{index}" in step for step in steps), steps
        assert not any("TEMP B-TREE" in step for step in steps), steps


OPENING = {
    "threads of one contact": (joins.THREADS_OF_ONE, "ix_conversations_contact_id"),
    "same address": (joins.SAME_ADDRESS, "ix_contacts_address_key"),
    "same name": (joins.SAME_NAME, "ix_contacts_name_key"),
    "links": (joins.LINKS_OF_ONE, "ix_contact_links_contact"),
    "files": (messages.FILES.hot(16), "sqlite_autoindex_attachments_1 (message_id=?)"),
    "reactions": (messages.REACTIONS.hot(16), "sqlite_autoindex_reactions_1 (message_id=?)"),
    "a similar case": (incidents.TOLD, "ix_cases_conversation_id"),
    "plans": (composing.SHOWN, "ix_plans_"),
    "firings": (rules.OF, "ix_rule_firings_conversation_id"),
}


@pytest.mark.parametrize("asked", OPENING)
async def test_opening_a_conversation_looks_up_what_it_needs(quick_store: SqlStore, asked: str) -> None:
    hot, index = OPENING[asked]

    def question(work: Work) -> list[str]:
        connection: sa.Connection = work.connection  # type: ignore[attr-defined]
        made = hot.plan(connection.dialect)
        values = tuple(1 for _ in made.names)
        return [str(row[-1]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {made.text}", values)]

    steps = await quick_store.read(question)

    assert any(index in step for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps
