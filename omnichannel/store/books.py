"""Pages of rows by id within a span of time."""

import sqlalchemy as sa

from omnichannel.domain.books import Span, Talk
from omnichannel.domain.case import Case, Kind, Queue
from omnichannel.domain.objection import Objection
from omnichannel.store.conversations import COLUMNS, conversation_of
from omnichannel.store.objections import objection_of
from omnichannel.store.rows import CASE, case_of
from omnichannel.store.shelf import Shelf
from omnichannel.store.tables import cases, contacts, conversations, messages, objections, staff
from omnichannel.store.worklist import label_of

NEAR = 2_000  # items; no platform packs as many into one payload
c, o, t = cases.c, objections.c, conversations.c


class BooksShelf(Shelf):
    """Each page begins where the last one ended: however deep, it costs the same."""

    def cases(
        self, span: Span, after: int, limit: int, *, queue: Queue | None = None, kind: Kind | None = None
    ) -> list[Case]:
        statement = sa.select(*CASE).where(c.id > after, c.received_at >= span.since, c.received_at < span.until)
        if queue is not None:
            statement = statement.where(c.queue == queue)
        if kind is not None:
            statement = statement.where(c.kind == kind)
        return [case_of(row) for row in self.run(statement.order_by(c.id).limit(limit))]

    def objections(self, span: Span, after: int, limit: int) -> list[Objection]:
        within = o.id > after, o.received_at >= span.since, o.received_at < span.until
        found = self.run(sa.select(objections).where(*within).order_by(o.id).limit(limit))
        return [objection_of(row) for row in found.mappings()]

    def talks(self, span: Span, after: int, limit: int) -> list[Talk]:
        people = contacts.c.name, contacts.c.handle, contacts.c.phone, contacts.c.address, staff.c.name
        joined = conversations.join(contacts, contacts.c.id == t.contact_id).outerjoin(
            staff, staff.c.id == t.assignee_id
        )
        within = t.id > after, t.created_at >= span.since, t.created_at < span.until
        statement = sa.select(*COLUMNS, *people).select_from(joined).where(*within).order_by(t.id).limit(limit)
        found = []
        for row in self.run(statement):
            *thread, name, handle, phone, address, assignee = row
            found.append(Talk(conversation_of(thread), label_of(name, handle, phone, address), assignee))
        return found

    def shared(self, message_id: int, entry: int, conversation_id: int) -> bool:
        m = messages.c
        # What one payload brought was written in one story, so its rows stand side by side.
        near = m.id > message_id - NEAR, m.id < message_id + NEAR
        found = sa.select(m.id).where(*near, m.ledger_id == entry, m.conversation_id != conversation_id).limit(1)
        return self.run(found).first() is not None
