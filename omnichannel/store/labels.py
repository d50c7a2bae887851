"""An office's labels on their shelf, and the pages of conversations that bear one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.errors import Conflict
from omnichannel.domain.label import Label, Spread, Tone
from omnichannel.store import kept
from omnichannel.store.shelf import Row, Shelf, b
from omnichannel.store.tables import conversation_labels, conversations, labels

c, l, n = conversations.c, conversation_labels.c, labels.c  # noqa: E741
USED = sa.select(*n).where(n.removed_at.is_(None)).order_by(n.folded, n.id)
REMOVED = sa.select(*n).where(n.removed_at.is_not(None)).order_by(n.removed_at.desc(), n.id.desc()).limit(50)
GET = sa.select(*n).where(n.id == b("id"))
IS_USED = sa.select(n.id).where(n.folded == b("folded"), sa.text("removed_at IS NULL"))
FEW = 500  # conversations: from here on a list finds a label sooner by walking itself
TAKEN = "Sudah ada label bernama itu."
RUNNING, RESOLVED = "conversation_labels.lane <> 'resolved'", "conversation_labels.lane = 'resolved'"
# Each along the index of its own half.
SPREAD = tuple(
    sa.select(l.label_id, sa.func.count()).where(sa.text(half)).group_by(l.label_id) for half in (RUNNING, RESOLVED)
)


class LabelsShelf(Shelf):
    """Fits `domain.label.Labels`."""

    def all(self) -> Sequence[Label]:
        return [_label(row) for row in self.run(USED)]

    def removed(self) -> Sequence[Label]:
        return [_label(row) for row in self.run(REMOVED)]

    def get(self, label_id: int) -> Label | None:
        row = self.run(GET, {"p_id": label_id}).first()
        return None if row is None else _label(row)

    def add(self, label: Label) -> Label:
        self._must_be_free(label)
        return replace(label, id=kept.insert(self.connection, labels, kept.values(label, "id")))

    def save(self, before: Label, after: Label) -> Label:
        if after.removed_at is None:
            self._must_be_free(after)
        kept.write(self.connection, labels, before.id, before.version, kept.values(after, "id"))
        return replace(after, version=before.version + 1)

    def spread(self) -> Mapping[int, Spread]:
        counted: list[dict[int, int]] = [dict(map(tuple, self.run(half))) for half in SPREAD]
        running, resolved = counted
        ids = running.keys() | resolved.keys()
        return {one: Spread(running.get(one, 0), resolved.get(one, 0)) for one in ids}

    def _must_be_free(self, label: Label) -> None:
        if self.run(IS_USED, {"p_folded": label.folded}).scalar() not in (None, label.id):
            raise Conflict(TAKEN)


def has(ids: Sequence[int]) -> sa.ColumnElement[bool]:
    """Asked of one conversation after another."""
    borne = conversation_labels.alias("borne").c  # a statement that walks a label's index holds the table already
    return sa.exists().where(borne.conversation_id == c.id, borne.label_id.in_(ids))


def running(ids: Sequence[int]) -> sa.ColumnElement[bool]:
    """Conversations that are not done, from the label's own index: a rare one is not looked for in a whole list."""
    return c.id.in_(sa.select(l.conversation_id).where(l.label_id.in_(ids), sa.text(RUNNING)))


def few(ids: Sequence[int]) -> sa.Select[*tuple[Any, ...]]:
    """How many conversations that are not done bear one of them; nobody counts beyond FEW."""
    some = sa.select(l.conversation_id).where(l.label_id.in_(ids), sa.text(RUNNING)).limit(FEW).subquery()
    return sa.select(sa.func.count()).select_from(some)


def first(
    ids: Sequence[int],
    which: str,
    conditions: Sequence[Any],
    limit: Any,
    *,
    oldest: bool = False,
    place: tuple[Any, Any] | None = None,
) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Ids of the first of those that bear any of the labels, by time, each label along its own index. `which` is RUNNING or
    RESOLVED, `place` where the page before ended. A statement of its own, for the same reason as below."""
    here = sa.tuple_(l.last_at, l.conversation_id)
    arms = []
    for one in ids:
        # Asked of one after another: joined, or without OFFSET, a planner may walk the conversations instead.
        fits = (
            sa.select(sa.literal_column("1"))
            .select_from(conversations)
            .where(c.id == l.conversation_id, *conditions)
            .correlate(conversation_labels)
            .offset(sa.literal_column("0"))
            .exists()
        )
        arm = sa.select(l.conversation_id).where(l.label_id == one, sa.text(which), fits).limit(limit)
        if place is not None:
            there = sa.tuple_(*place)
            arm = arm.where(here > there if oldest else here < there)
        by = (l.last_at, l.conversation_id) if oldest else (l.last_at.desc(), l.conversation_id.desc())
        arms.append(sa.select(arm.order_by(*by).subquery()))
    return sa.union(*arms)


def _label(row: Row) -> Label:
    given: dict[str, Any] = dict(row._mapping)
    return Label(**given | {"tone": Tone(given["tone"])})
