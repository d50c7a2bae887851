"""Open figures, counted from one index: the rows of cases carry whole ladders, and there may be a hundred thousand."""

from datetime import date, datetime, timedelta, tzinfo
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.case import CaseState, Outcome
from omnichannel.domain.figures import Bucket, Tally
from omnichannel.store.columns import EPOCH
from omnichannel.store.shelf import Shelf, b
from omnichannel.store.tables import cases, conversations

c = cases.c
DAY = 86_400_000_000  # a day in the microseconds that moments are kept in
OFFSET: sa.BindParameter[Any] = sa.bindparam("p_offset", type_=sa.BigInteger)
# What a due day is in days since 1970; `//` on moments gives the same for them.
DUE: dict[str, sa.ColumnElement[Any]] = {
    "sqlite": sa.cast(sa.func.julianday(c.due) - 2440587.5, sa.Integer),
    "postgresql": sa.literal_column("(cases.due - DATE '1970-01-01')", sa.Integer),
}


def _day(moment: sa.Column[Any]) -> sa.ColumnElement[Any]:
    return (sa.type_coerce(moment, sa.BigInteger) + OFFSET) // DAY


def _counting(dialect: str) -> sa.Select[Any]:
    done = sa.and_(c.closed_at.is_not(None), sa.func.coalesce(c.outcome, "") != Outcome.WITHDRAWN.value)
    due, closed = DUE[dialect], _day(c.closed_at)

    def many(condition: sa.ColumnElement[bool], n: Any = 1) -> sa.ColumnElement[Any]:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, n), else_=0)), 0)

    return (
        sa.select(
            c.kind,
            c.topic,
            c.unit,
            conversations.c.channel,
            sa.func.count().label("received"),
            many(done).label("answered"),
            many(sa.and_(done, closed <= due)).label("in_time"),
            many(done, closed - _day(c.received_at)).label("days"),
            many(sa.and_(c.closed_at.is_(None), due < sa.bindparam("p_today", type_=sa.BigInteger))).label("overdue"),
        )
        .join_from(cases, conversations, conversations.c.id == c.conversation_id)
        .where(c.received_at >= b("since"), c.received_at < b("until"), c.state != CaseState.VOIDED.value)
        .group_by(c.kind, c.topic, c.unit, conversations.c.channel)
    )


COUNT = {dialect: _counting(dialect) for dialect in DUE}
FIRST = sa.select(c.received_at).order_by(c.received_at).limit(1)
LAST = sa.select(c.received_at).order_by(c.received_at.desc()).limit(1)


class FiguresShelf(Shelf):
    """Nobody's name is read here."""

    def cases(self, month: int, since: datetime, until: datetime, today: date, zone: tzinfo) -> list[Bucket]:
        offset = since.astimezone(zone).utcoffset() or timedelta(0)
        row = {
            "p_since": since,
            "p_until": until,
            "p_offset": offset // timedelta(microseconds=1),
            "p_today": (today - EPOCH.date()).days,
        }
        return [
            Bucket(month, found.kind, found.topic, found.unit, found.channel, _tally(found))
            for found in self.run(COUNT[self.dialect], row)
        ]

    def years(self, zone: tzinfo) -> tuple[int, int] | None:
        first, last = self.run(FIRST).scalar(), self.run(LAST).scalar()
        if first is None or last is None:
            return None
        return first.astimezone(zone).year, last.astimezone(zone).year


def _tally(row: Any) -> Tally:
    return Tally(row.received, int(row.answered), int(row.in_time), max(0, int(row.days)), int(row.overdue))
