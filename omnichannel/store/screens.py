"""The rows that staff read: made for one screen each, and flat however old the office is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.case import CaseState, Queue
from omnichannel.domain.errors import Invalid
from omnichannel.domain.screens import Board, CaseRow, Order, Page, View, WorkRow, orders_of
from omnichannel.domain.search import Sought
from omnichannel.domain.work import Happening, Scope
from omnichannel.store import caselist, finding, labels, worklist
from omnichannel.store.casecounts import RUNNING
from omnichannel.store.columns import EPOCH
from omnichannel.store.counters import scope_key
from omnichannel.store.hot import Hot
from omnichannel.store.shelf import Row, Shelf, b
from omnichannel.store.tables import counters, events, messages

COUNTS = sa.select(counters.c.view, counters.c.scope, counters.c.n).where(
    counters.c.view.in_(sa.bindparam("p_views", expanding=True)),
    counters.c.scope.in_(sa.bindparam("p_scopes", expanding=True)),
)
e = events.c
HAPPENING = (
    e.id, e.at, e.actor, e.actor_name, e.thing, e.thing_id, e.verb, e.conversation_id, e.before, e.after, e.why,
)  # fmt: skip
HISTORY = Hot(
    sa.select(*HAPPENING)
    .where(e.conversation_id == b("id"), e.conversation_id.is_not(None))
    .order_by(e.id.desc())
    .limit(b("limit"))
)
HAPPENED = sa.select(*HAPPENING).where(e.id > b("after")).order_by(e.id).limit(b("limit"))
OF_THING = (
    sa.select(*HAPPENING)
    .where(e.thing == b("thing"), e.thing_id == b("thing_id"))
    .order_by(e.id.desc())
    .limit(b("limit"))
)
ANSWERED = (
    sa.select(messages.c.id)
    .where(
        messages.c.account.in_(sa.bindparam("p_accounts", expanding=True)),
        messages.c.staff_id.is_not(None),
        messages.c.delivery.in_(("sent", "delivered", "read")),
    )
    .limit(1)
)
LAST = sa.select(sa.func.max(e.id))
COUNTED = tuple(view for view in View if view is not View.NEAR)
BOARD_LIMIT = 200


class ScreensShelf(Shelf):
    """Lists page by key, numbers come from the counters."""

    def work_list(
        self,
        view: str,
        scope: Scope,
        *,
        today: date,
        near: date | None = None,
        after: str | None = None,
        limit: int = 50,
        narrow: Sought | None = None,
        order: Order | None = None,
    ) -> Page[WorkRow]:
        chosen = _view(view)
        row: dict[str, Any] = {"p_limit": limit + 1}
        if scope.hidden:
            row["p_hidden"] = sorted(scope.hidden)
        by_unit, paged = scope.unit is not None, after is not None
        if by_unit:
            row["p_unit"] = scope.unit
        if chosen is View.MINE:
            row["p_staff"] = scope.staff_id
        if chosen is View.NEAR:
            row["p_near"] = today if near is None else near
        by = _order(chosen, order)
        by_time = by is not Order.BURNING
        if after is not None:
            row |= _after(after, by_time=by_time)
        how = {"by_unit": by_unit, "paged": paged, "hides": bool(scope.hidden)}
        bears = narrow.labels if narrow is not None else ()
        statement = worklist.list_statement(chosen, by, **how, narrowed=narrow is not None, labelled=bool(bears))
        if narrow is not None:
            asked = finding.narrowing(replace(narrow, labels=()), scope, self.dialect)
            asked += finding.of_conversation(narrow)
            if bears and by_time and chosen in worklist.LANE_OF:
                return _page(self._first_bearing(chosen, by, bears, asked, how, row, limit + 1), limit, by_time=True)
            statement = statement.where(*asked, *([self._bearing(chosen, bears)] if bears else ()))
        found = self.run(statement, row).all()
        return _page(found, limit, by_time=by_time)

    def _first_bearing(
        self, view: View, by: Order, bears: Sequence[int], asked: Sequence[Any], how: Any, row: Any, most: int
    ) -> Sequence[Row]:
        """A page by time, picked from the labels' own index before anything else of it is read."""
        ids = self.run(worklist.first_bearing(view, by, bears, asked, **how), row).scalars().all()
        found = self.run(worklist.WHOLE_OF, {"p_ids": ids}).all()
        return sorted(found, key=lambda one: (one.last_at, one.id), reverse=by is Order.NEWEST)[:most]

    def _bearing(self, view: View, bears: Sequence[int]) -> sa.ColumnElement[bool]:
        """What is true of those that bear a label, however often it was put on: by the label's own index, or where that
        would be the longer way by asking each conversation of the list."""
        if view not in worklist.LANE_OF or self.run(labels.few(bears)).scalar_one() >= labels.FEW:
            return labels.has(bears)
        return labels.running(bears)

    def row(self, conversation_id: int) -> WorkRow | None:
        found = self.run(worklist.ROW, {"p_id": conversation_id}).first()
        return None if found is None else worklist.work_row(found)

    def counts(self, scope: Scope, today: date, near: date | None = None) -> dict[str, int]:
        """Every View's number, and `queue:ppid` … for the cases that run in a queue."""
        numbers = self._numbers(scope)
        counted = {view.value: self._count(numbers, view, scope) for view in COUNTED}
        row: dict[str, Any] = {"p_near": today if near is None else near, "p_hidden": sorted(scope.hidden)}
        if scope.unit is None:
            counted[View.NEAR.value] = self.run(worklist.NEAR, row).scalar_one()
        else:
            counted[View.NEAR.value] = self.run(worklist.NEAR_OF_UNIT, row | {"p_unit": scope.unit}).scalar_one()
        for queue in Queue:
            key = scope_key(unit=scope.unit, queue=queue.value)
            counted[f"queue:{queue.value}"] = 0 if queue in scope.hidden else numbers.get((RUNNING, key), 0)
        return counted

    def cases_list(
        self,
        queue: Queue,
        scope: Scope,
        *,
        state: str,
        today: date,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[CaseRow]:
        return caselist.page(self.connection, queue, scope, state=state, today=today, after=after, limit=limit)

    def board(self, today: date, scope: Scope) -> Board:
        def column(state: str) -> tuple[CaseRow, ...]:
            return self.cases_list(Queue.LAPOR, scope, state=state, today=today, limit=BOARD_LIMIT).rows

        return Board(
            waiting=column(CaseState.OPEN),
            sent=column(CaseState.FORWARDED),
            answered=column(CaseState.ANSWERED),
            overdue=column(caselist.OVERDUE),
        )

    def history(self, conversation_id: int, limit: int = 100) -> list[Happening]:
        """The last `limit`, newest first."""
        return [Happening(*row) for row in self.hand.ask(HISTORY, {"p_id": conversation_id, "p_limit": limit})]

    def happened(self, after_id: int, limit: int = 200) -> list[Happening]:
        return [Happening(*row) for row in self.run(HAPPENED, {"p_after": after_id, "p_limit": limit})]

    def of_thing(self, thing: str, thing_id: int, limit: int = 20) -> list[Happening]:
        asked = {"p_thing": thing, "p_thing_id": thing_id, "p_limit": limit}
        return [Happening(*row) for row in self.run(OF_THING, asked)]

    def answered(self, accounts: Sequence[str]) -> bool:
        """Whether somebody of the staff has written on one of these, and it has gone out: no notice of ours counts."""
        return self.run(ANSWERED, {"p_accounts": list(accounts)}).first() is not None

    def last_happening(self) -> int:
        return self.run(LAST).scalar() or 0

    def _numbers(self, scope: Scope) -> dict[tuple[str, str], int]:
        queues = [None, *(queue.value for queue in Queue), *sorted(scope.hidden)]
        keys = {scope_key(unit=scope.unit, queue=queue) for queue in queues}
        keys |= {scope_key(unit=scope.unit, queue=queue, staff=scope.staff_id) for queue in queues}
        found = self.run(COUNTS, {"p_views": [RUNNING, *(view.value for view in COUNTED)], "p_scopes": sorted(keys)})
        return {(view, key): n for view, key, n in found}

    def _count(self, numbers: dict[tuple[str, str], int], view: View, scope: Scope) -> int:
        if view is View.MINE and scope.staff_id is None:
            return 0
        staff = scope.staff_id if view is View.MINE else None

        def one(queue: str | None) -> int:
            return numbers.get((view.value, scope_key(unit=scope.unit, queue=queue, staff=staff)), 0)

        return one(None) - sum(one(queue) for queue in scope.hidden)


def _view(view: str) -> View:
    try:
        return View(view)
    except ValueError as error:
        raise Invalid(f"Tidak ada daftar bernama {view!r}.") from error


def _order(view: View, order: Order | None) -> Order:
    offered = orders_of(view)
    if order is not None and order not in offered:
        raise Invalid("Daftar ini tidak dapat diurutkan begitu.")
    return order or offered[0]


def _after(after: str, *, by_time: bool) -> dict[str, Any]:
    if by_time:
        micros, id_ = worklist.place(after, 2)
        try:
            return {"p_last_at": EPOCH + timedelta(microseconds=micros), "p_id": id_}
        except OverflowError as error:
            raise Invalid("Tautan halaman ini tidak dikenal. Muat ulang daftarnya.") from error
    calm, burn, id_ = worklist.place(after, 3)
    return {"p_calm": calm, "p_burn": burn, "p_id": id_}


def _page(found: Sequence[Row], limit: int, *, by_time: bool) -> Page[WorkRow]:
    """One more row than asked for tells whether there is a next page."""
    rows = tuple(worklist.work_row(row) for row in found[:limit])
    if len(found) <= limit or not rows:
        return Page(rows, None)
    last, ended = rows[-1], found[limit - 1]
    if by_time:
        return Page(rows, worklist.cursor((last.last_at - EPOCH) // timedelta(microseconds=1), last.id))
    return Page(rows, worklist.cursor(ended.calm, ended.burn, last.id))
