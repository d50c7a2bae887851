"""Conversations that bear a label: every list and every order, page by page, equal to a look at all of them."""

import itertools
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.label import Label, Spread, Tone, fold
from omnichannel.domain.screens import Order, View, orders_of
from omnichannel.domain.search import Sought, Standing
from omnichannel.domain.work import Scope, Work
from omnichannel.store.database import SqlStore
from omnichannel.store.labels import RUNNING, running
from omnichannel.store.worklist import LANE_OF, first_bearing, list_statement
from tests.build import NOON, TODAY, a_contact, a_conversation, a_staff

NEAR = TODAY + timedelta(days=2)


def a_label(work: Work, name: str = "Banjir") -> Label:
    return work.labels.add(
        Label(id=0, name=name, folded=fold(name), tone=Tone.BLUE, made_by="Uji", made_at=NOON, version=1)
    )


def a_town(work: Work, lot: random.Random) -> tuple[list[int], list[Conversation]]:
    """Sixty conversations in every state there is, some with one label, some with two, most with none."""
    for _ in range(2):
        a_staff(work)
    labels = [a_label(work, name).id for name in ("Banjir", "Pilkades", "Sepi")]
    contact = a_contact(work)
    made = []
    for minute in range(60):
        before = a_conversation(work, contact=contact, at=NOON + timedelta(minutes=minute))
        resolved = lot.random() < 0.4
        after = replace(
            before,
            state=ConversationState.RESOLVED if resolved else lot.choice(list(ConversationState)[:2]),
            unread=0 if resolved else lot.choice((0, 1)),
            failed=lot.choice((0, 0, 1)),
            assignee_id=lot.choice((None, 1, 2)),
            unit=lot.choice((None, "pupr", "dishub")),
            queue=lot.choice((None, "ppid", "lapor")),
            due=lot.choice((None, "2026-11-20", "2026-11-25")),
            snoozed_until=None if resolved else lot.choice((None, None, NOON)),
            aside=lot.choice((None, "spam")) if resolved else None,
            labels=lot.choice(((), (), (labels[0],), (labels[1],), tuple(labels[:2]))),
        )
        made.append(work.conversations.save(before, after))
    # Said again later, and taken off again: the label's own index must follow.
    for at, one in enumerate(lot.sample(made, 20)):
        place = made.index(one)
        again = replace(one, last_at=NOON + timedelta(hours=2, minutes=at), labels=one.labels[at % 2 :])
        made[place] = work.conversations.save(one, again)
    return labels, made


def walked(work: Work, view: View, order: Order, scope: Scope, sought: Sought | None) -> list[int]:
    found: list[int] = []
    after: str | None = None
    while True:
        page = work.screens.work_list(
            view, scope, today=TODAY, near=NEAR, after=after, limit=7, narrow=sought, order=order
        )
        found += [row.id for row in page.rows]
        after = page.after
        if after is None:
            return found


SCOPES = (Scope(staff_id=1, hidden=frozenset({"ppid"})), Scope(staff_id=1, unit="pupr"))


async def test_every_list_in_every_order_holds_those_that_bear_the_label_and_no_other(store: SqlStore) -> None:
    labels, made = await store.write(lambda work: a_town(work, random.Random(5)))
    bears = {one.id: set(one.labels) for one in made}

    def look(work: Work) -> list[object]:
        wrong: list[object] = []
        for scope, view in itertools.product(SCOPES, View):
            for order in orders_of(view):
                everything = walked(work, view, order, scope, None)
                for asked in ((labels[0],), (labels[0], labels[1])):
                    found = walked(work, view, order, scope, Sought(labels=asked))
                    if found != [one for one in everything if bears[one] & set(asked)]:
                        wrong.append((view, order, scope, asked))
        return wrong

    assert await store.read(look) == []
    assert (
        await store.read(lambda work: walked(work, View.ALL, Order.NEWEST, Scope(), Sought(labels=(labels[2],)))) == []
    )


async def test_a_search_over_all_years_finds_those_that_bear_it_newest_first(store: SqlStore) -> None:
    labels, made = await store.write(lambda work: a_town(work, random.Random(7)))
    sought = Sought(labels=(labels[0],), standings=(Standing.RESOLVED, Standing.NEW, Standing.WAITING))

    found: list[int] = []
    after: str | None = None
    while True:
        page = await store.read(lambda work, after=after: work.search.find(sought, Scope(), after=after, limit=5))  # type: ignore[misc]
        found += [hit.row.id for hit in page.rows]
        after = page.after
        if after is None:
            break

    newest = sorted(made, key=lambda one: (one.last_at, one.id), reverse=True)
    assert found == [one.id for one in newest if labels[0] in one.labels and one.snoozed_until is None]
    assert found


async def test_the_numbers_of_a_label_are_those_of_its_conversations(store: SqlStore) -> None:
    labels, made = await store.write(lambda work: a_town(work, random.Random(3)))

    spread = await store.read(lambda work: work.labels.spread())

    for label in labels:
        those = [one for one in made if label in one.labels]
        done = sum(one.state is ConversationState.RESOLVED for one in those)
        assert spread.get(label, Spread()) == Spread(len(those) - done, done)
    row = await store.read(lambda work: work.screens.row(next(one.id for one in made if len(one.labels) == 2)))
    assert row is not None
    assert row.labels == tuple(labels[:2])


@pytest.mark.parametrize("view", sorted(one for one, which in LANE_OF.items() if which == RUNNING))
async def test_a_rare_label_is_found_by_its_own_index(sqlite_url: str, view: View) -> None:
    engine = sa.create_engine(sqlite_url)
    how = {"by_unit": False, "hides": False, "paged": False}
    said: list[Any] = []
    for order in orders_of(view):
        if order is Order.BURNING:
            listed = list_statement(view, order, **how, narrowed=True, labelled=True)
            statement: Any = listed.where(running((7,)))
        else:
            statement = first_bearing(view, order, (7,), [], **how)
        given = {"p_limit": 50, "p_staff": 1, "p_near": TODAY}
        with engine.connect() as connection:
            sa.event.listen(connection, "before_cursor_execute", lambda *told: said.append(told[2:4]))
            connection.execute(statement, given)
            text, values = said[-1]
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all()
        plan = " ".join(str(row[-1]) for row in rows)
        assert "ix_conversation_labels_open" in plan, (order, plan)
        assert "SCAN conversations" not in plan, (order, plan)
    engine.dispose()


async def test_a_label_that_is_everywhere_is_found_by_walking_the_list(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels, made = await store.write(lambda work: a_town(work, random.Random(5)))
    monkeypatch.setattr("omnichannel.store.labels.FEW", 2)

    def look(work: Work) -> tuple[list[int], list[int]]:
        everything = walked(work, View.UNREAD, Order.BURNING, Scope(), None)
        return everything, walked(work, View.UNREAD, Order.BURNING, Scope(), Sought(labels=(labels[0],)))

    everything, found = await store.read(look)
    bears = {one.id for one in made if labels[0] in one.labels}
    assert found == [one for one in everything if one in bears]
    assert found


async def test_a_story_that_is_undone_leaves_no_label_behind(store: SqlStore) -> None:
    def begin(work: Work) -> tuple[Label, Conversation]:
        return a_label(work), a_conversation(work)

    label, talk = await store.write(begin)

    def fails(work: Work) -> None:
        work.conversations.save(talk, replace(talk, labels=(label.id,)))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await store.write(fails)

    assert await store.read(lambda work: work.labels.spread()) == {}
