"""What we owe an answer, and the register numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.case import Case, CaseState, Kind, Queue
from omnichannel.domain.errors import Conflict
from omnichannel.store.casecounts import CaseCounts
from omnichannel.store.hot import Hand, Hot
from omnichannel.store.indexing import Marks
from omnichannel.store.rows import CASE, case_of
from omnichannel.store.shelf import Shelf, b, insert_or_skip, on_both
from omnichannel.store.tables import cases, conversations, registers

c = cases.c
CHANGING = (
    "kind", "queue", "number", "state", "topic", "received_at", "due", "provisional", "calendar_version", "clocks",
    "certain", "confidence", "reasons", "title", "unit", "kecamatan", "desa", "outcome", "closed_at", "void_reason",
    "tracking_id", "lapor_url", "lapor_status", "lapor_at", "anonymous", "secret",
)  # fmt: skip
RUNNING = sa.text("state IN ('open', 'forwarded')")
WHOLE = sa.select(*CASE)
GET = WHOLE.where(c.id == b("id"))
BY_NUMBER = WHOLE.where(c.number == b("number"))
BY_TRACKING = WHOLE.where(c.tracking_id.is_not(None), c.tracking_id == b("tracking", c.tracking_id.type)).order_by(c.id)
OF_CONVERSATION = Hot(WHOLE.where(c.conversation_id == b("id")).order_by(c.id))
# Only in threads of their own: in a mail thread of somebody else a copied stranger may write, too.
OF_CONTACT = (
    WHOLE.where(
        c.conversation_id.in_(sa.select(conversations.c.id).where(conversations.c.contact_id == b("id"))),
        c.contact_id == b("id"),
    )
    .order_by(c.id.desc())
    .limit(b("limit"))
)
ADD = insert_or_skip(cases, c.id)
SAVE = (
    sa.update(cases)
    .where(c.id == b("id"), c.version == b("version"))
    .values({name: b(name) for name in CHANGING} | {"version": c.version + 1})
)
NEAR_DUE = WHOLE.where(RUNNING, c.due <= b("until")).order_by(c.due, c.id).limit(b("limit"))
IN_STATE = (
    WHOLE.where(c.queue == b("queue"), c.state.in_(sa.bindparam("p_states", expanding=True)))
    .order_by(c.due, c.id)
    .limit(b("limit"))
)


def _counting(insert: Any, table: sa.Table) -> sa.Executable:
    statement = insert(table)
    result: sa.Executable = statement.on_conflict_do_update(
        index_elements=["queue", "year"], set_={"last": table.c.last + 1}
    ).returning(table.c.last)
    return result


NEXT = on_both(_counting, registers)


class CasesShelf(Shelf):
    """A register number is drawn in the story's own transaction: it rolls back with it, and writers stand in line."""

    def __init__(self, connection: sa.Connection, hand: Hand, marks: Marks) -> None:
        super().__init__(connection, hand)
        self.marks = marks.conversations
        self.counts = CaseCounts(connection, hand)

    def get(self, case_id: int) -> Case | None:
        return self._one(GET, {"p_id": case_id})

    def by_number(self, number: str) -> Case | None:
        return self._one(BY_NUMBER, {"p_number": number})

    def by_tracking(self, tracking_id: str) -> list[Case]:
        return [case_of(row) for row in self.run(BY_TRACKING, {"p_tracking": tracking_id})]

    def of_conversation(self, conversation_id: int) -> list[Case]:
        return [case_of(row) for row in self.hand.ask(OF_CONVERSATION, {"p_id": conversation_id})]

    def of_contact(self, contact_id: int, limit: int) -> list[Case]:
        return [case_of(row) for row in self.run(OF_CONTACT, {"p_id": contact_id, "p_limit": limit})]

    def next_number(self, queue: Queue, year: int) -> int:
        return int(self.run(NEXT[self.dialect], {"queue": queue, "year": year, "last": 1}).scalar_one())

    def add(
        self,
        *,
        conversation_id: int,
        message_id: int,
        contact_id: int,
        kind: Kind,
        queue: Queue,
        number: str,
        year: int,
        sequence: int,
        topic: str,
        unit: str | None,
        kecamatan: str | None,
        desa: str | None,
        received_at: datetime,
        created_at: datetime,
        due: date,
        provisional: bool,
        calendar_version: str,
        clocks: Mapping[str, Any],
        certain: bool,
        confidence: float,
        reasons: Sequence[Mapping[str, Any]],
        title: str,
    ) -> Case:
        # The arguments are, name for name, columns; all but the place in the register are fields of a Case.
        stated = dict(locals())
        del stated["self"]
        stated |= {"clocks": dict(clocks), "reasons": [dict(reason) for reason in reasons]}
        row = self.run(ADD[self.dialect], stated | {"state": CaseState.OPEN, "version": 1}).first()
        if row is None:
            raise Conflict(f"{number}: this register number is taken")
        self.marks.add(conversation_id)
        facts = {name: value for name, value in stated.items() if name not in ("year", "sequence")}
        made = Case(id=row[0], state=CaseState.OPEN, **facts)
        self.counts.move(None, made)
        return made

    def save(self, before: Case, after: Case) -> Case:
        row = {f"p_{name}": getattr(after, name) for name in CHANGING}
        if self.run(SAVE, row | {"p_id": before.id, "p_version": before.version}).rowcount != 1:
            raise Conflict(f"{before.number} baru saja diubah oleh orang lain. Lihat dulu, lalu putuskan lagi.")
        if (after.number, after.tracking_id) != (before.number, before.tracking_id):
            self.marks.add(before.conversation_id)
        self.counts.move(before, after)
        return replace(after, id=before.id, version=before.version + 1)

    def near_due(self, until: date, limit: int = 500) -> list[Case]:
        return [case_of(row) for row in self.run(NEAR_DUE, {"p_until": until, "p_limit": limit})]

    def in_state(self, queue: Queue, states: Sequence[CaseState], limit: int = 500) -> list[Case]:
        row = {"p_queue": queue, "p_states": list(states), "p_limit": limit}
        return [case_of(found) for found in self.run(IN_STATE, row)] if states else []

    def _one(self, statement: sa.Executable, row: dict[str, Any]) -> Case | None:
        found = self.run(statement, row).first()
        return None if found is None else case_of(found)
