"""The registers: running cases by due day, the rest newest first."""

from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.case import CaseState, Queue
from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import Invalid
from omnichannel.domain.screens import CaseRow, Page
from omnichannel.domain.work import Scope
from omnichannel.store.rows import CASE, case_of
from omnichannel.store.shelf import Row, b
from omnichannel.store.tables import cases, contacts, conversations, jobs, staff
from omnichannel.store.worklist import cursor, label_of, place

ALL, RUNNING, OVERDUE = "all", "running", "overdue"
STATES = (ALL, RUNNING, OVERDUE, *(state.value for state in CaseState))

c = cases.c
COLUMNS = (
    *CASE, contacts.c.name, contacts.c.handle, contacts.c.phone, contacts.c.address, conversations.c.channel,
    staff.c.name.label("assignee_name"), conversations.c.preview,
)  # fmt: skip
JOINED = (
    cases.join(conversations, conversations.c.id == c.conversation_id)
    .join(contacts, contacts.c.id == c.contact_id)
    .outerjoin(staff, staff.c.id == conversations.c.assignee_id)
)
TROUBLES = sa.select(jobs.c.key, jobs.c.error).where(
    jobs.c.key.in_(sa.bindparam("p_keys", expanding=True)), jobs.c.error.is_not(None)
)


@cache
def _statement(state: str, *, by_unit: bool, paged: bool) -> sa.Select[*tuple[object, ...]]:
    statement = sa.select(*COLUMNS).select_from(JOINED).where(c.queue == b("queue")).limit(b("limit"))
    if by_unit:
        statement = statement.where(c.unit == b("unit"))
    if state in (RUNNING, OVERDUE):
        statement = statement.where(sa.text("cases.state IN ('open', 'forwarded')"))
    elif state != ALL:
        statement = statement.where(c.state == state)
    if state == OVERDUE:
        statement = statement.where(c.due < b("today"))
    if _by_due(state):
        if paged:
            statement = statement.where(sa.tuple_(c.due, c.id) > sa.tuple_(b("due", c.due.type), b("id", c.id.type)))
        return statement.order_by(c.due, c.id)
    if paged:
        statement = statement.where(c.id < b("id"))
    return statement.order_by(c.id.desc())


def _by_due(state: str) -> bool:
    return state in (RUNNING, OVERDUE, CaseState.OPEN, CaseState.FORWARDED)


def page(
    connection: sa.Connection,
    queue: Queue,
    scope: Scope,
    *,
    state: str,
    today: date,
    after: str | None,
    limit: int,
) -> Page[CaseRow]:
    """`state` is a CaseState, `running`, `overdue` or `all`. A unit officer sees the cases of their unit."""
    if state not in STATES:
        raise Invalid(f"Tidak ada daftar kasus bernama {state!r}.")
    if queue in scope.hidden:
        return Page((), None)
    row: dict[str, Any] = {"p_queue": queue, "p_limit": limit + 1}
    if scope.unit is not None:
        row["p_unit"] = scope.unit
    if state == OVERDUE:
        row["p_today"] = today
    if after is not None:
        row |= _after(after, by_due=_by_due(state))
    found = connection.execute(
        _statement(state, by_unit=scope.unit is not None, paged=after is not None), row
    ).all()  # fmt: skip
    rows = _with_troubles(connection, [_case_row(one) for one in found[:limit]])
    if len(found) <= limit or not rows:
        return Page(rows, None)
    last = rows[-1].case
    return Page(rows, cursor(last.due.toordinal(), last.id) if _by_due(state) else cursor(last.id))


def _after(after: str, *, by_due: bool) -> dict[str, Any]:
    if not by_due:
        return {"p_id": place(after, 1)[0]}
    day, id_ = place(after, 2)
    if not date.min.toordinal() <= day <= date.max.toordinal():
        raise Invalid("Tautan halaman ini tidak dikenal. Muat ulang daftarnya.")
    return {"p_due": date.fromordinal(day), "p_id": id_}


def _case_row(row: Row) -> CaseRow:
    *case, name, handle, phone, address, channel, assignee, preview = row
    return CaseRow(
        case=case_of(case),
        contact_label=label_of(name, handle, phone, address),
        channel=Channel(channel),
        assignee_name=assignee,
        preview=preview,
    )


def _with_troubles(connection: sa.Connection, rows: list[CaseRow]) -> tuple[CaseRow, ...]:
    """What last went wrong with forwarding: the error on the job whose key is `forward:<case id>`."""
    if not rows:
        return ()
    keys = [f"forward:{row.case.id}" for row in rows]
    troubles = {key: error for key, error in connection.execute(TROUBLES, {"p_keys": keys})}  # noqa: C416 (rows are not pairs to mypy)
    return tuple(
        CaseRow(
            case=row.case,
            contact_label=row.contact_label,
            channel=row.channel,
            assignee_name=row.assignee_name,
            preview=row.preview,
            error=troubles.get(key),
        )
        for row, key in zip(rows, keys, strict=True)
    )
