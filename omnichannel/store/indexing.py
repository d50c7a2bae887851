"""Keeping the search's index true, in the same transaction as what it speaks of.

Shelves only mark what has changed; once a batch of stories is done, and before it is committed, what was marked is read
again and indexed in a few statements for all of them. So a story pays next to nothing, a story that was undone leaves
nothing, and no message is ever durable without being found. Writing over a text takes its terms out of the index at
once, whoever wrote (triggers of migration 0007): what is erased is not found.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from omnichannel.domain.terms import terms
from omnichannel.store.among import among
from omnichannel.store.shelf import b
from omnichannel.store.tables import (
    attachments,
    cases,
    contacts,
    conversations,
    messages,
    requests,
    search_cards,
    search_words,
)

BATCH = 1000
GAP = "0gap0"  # a word that nobody writes
LAST_POSITION = 16_383  # a tsvector counts no further (postgresql.org/docs/15/textsearch-limitations.html, 2026-11)

m, a, c, k, s, r = messages.c, attachments.c, conversations.c, contacts.c, cases.c, requests.c
SAID = sa.select(m.id, m.text, m.subject).where(among(m.id), m.withdrawn_at.is_(None))
FILES = sa.select(a.message_id, a.name).where(among(a.message_id), a.name.is_not(None))
CALLED = (
    sa.select(c.id, c.subject, k.name, k.handle, k.phone, k.address)
    .join_from(conversations, contacts, k.id == c.contact_id)
    .where(among(c.id))
)
NUMBERED = (
    sa.select(s.conversation_id, s.number, s.tracking_id, r.name, r.identity)
    .join_from(cases, requests, r.case_id == s.id, isouter=True)
    .where(among(s.conversation_id))
)
OF_CONTACTS = sa.select(c.id).where(among(c.contact_id))
OF_CASES = sa.select(s.conversation_id).where(among(s.id))
NEXT_MESSAGES = sa.select(m.id).where(m.id > b("after")).order_by(m.id).limit(BATCH)
NEXT_CONVERSATIONS = sa.select(c.id).where(c.id > b("after")).order_by(c.id).limit(BATCH)


# PostgreSQL takes a whole batch in one statement; SQLite, which is in this process, one row after another.
KEEP_SQLITE = (
    "INSERT INTO {table} ({id}, words) VALUES (:p_id, :p_words) ON CONFLICT ({id}) DO UPDATE SET words = excluded.words"
)
KEEP_POSTGRES = (
    "INSERT INTO {table} ({id}, words)"
    " SELECT id, CAST(words AS tsvector) FROM unnest(:p_ids, :p_words) AS marked (id, words)"
    " ON CONFLICT ({id}) DO UPDATE SET words = excluded.words"
)


def _keeping(table: sa.Table) -> dict[str, sa.TextClause]:
    names = {"table": table.name, "id": table.primary_key.columns[0].name}
    arrays = (sa.bindparam("p_ids", type_=ARRAY(sa.BigInteger)), sa.bindparam("p_words", type_=ARRAY(sa.Text)))
    return {
        "sqlite": sa.text(KEEP_SQLITE.format(**names)),
        "postgresql": sa.text(KEEP_POSTGRES.format(**names)).bindparams(*arrays),
    }


KEEP_WORDS, KEEP_CARD = _keeping(search_words), _keeping(search_cards)


@dataclass(slots=True)
class Marks:
    """What a batch of stories has changed, by id."""

    messages: set[int] = field(default_factory=set)
    conversations: set[int] = field(default_factory=set)
    contacts: set[int] = field(default_factory=set)
    cases: set[int] = field(default_factory=set)

    def settle(self, connection: sa.Connection) -> None:
        """Index all that was marked; nothing is marked afterwards."""
        if self.contacts:
            self.conversations.update(connection.execute(OF_CONTACTS, {"p_ids": list(self.contacts)}).scalars())
        if self.cases:
            self.conversations.update(connection.execute(OF_CASES, {"p_ids": list(self.cases)}).scalars())
        index_messages(connection, sorted(self.messages))
        index_conversations(connection, sorted(self.conversations))
        for marked in (self.messages, self.conversations, self.contacts, self.cases):
            marked.clear()


def index_messages(connection: sa.Connection, ids: Sequence[int]) -> None:
    """Text, subject and file names of these. What the citizen has withdrawn is found no more."""
    if not ids:
        return
    names: dict[int, list[str]] = {}
    for message_id, name in connection.execute(FILES, {"p_ids": list(ids)}):
        names.setdefault(message_id, []).append(name)
    said = (
        (id_, [subject, text, *names.get(id_, ())]) for id_, text, subject in connection.execute(SAID, {"p_ids": ids})
    )
    _keep(connection, KEEP_WORDS, said)


def index_conversations(connection: sa.Connection, ids: Sequence[int]) -> None:
    """By what these are called: the citizen's names and numbers, the subject, register numbers and tracking ids."""
    if not ids:
        return
    more: dict[int, list[str | None]] = {}
    for id_, *facts in connection.execute(NUMBERED, {"p_ids": list(ids)}):
        more.setdefault(id_, []).extend(facts)
    called = ((id_, [*facts, *more.get(id_, ())]) for id_, *facts in connection.execute(CALLED, {"p_ids": list(ids)}))
    _keep(connection, KEEP_CARD, called)


def fill(connection: sa.Connection) -> None:
    """Everything that is there, anew, a bounded batch at a time."""
    for statement, index in ((NEXT_MESSAGES, index_messages), (NEXT_CONVERSATIONS, index_conversations)):
        for ids in _batches(connection, statement):
            index(connection, ids)


def _batches(connection: sa.Connection, statement: sa.Select[int]) -> Iterator[list[int]]:
    ids = list(connection.execute(statement, {"p_after": 0}).scalars())
    while ids:
        yield ids
        ids = list(connection.execute(statement, {"p_after": ids[-1]}).scalars())


def _keep(
    connection: sa.Connection, statement: dict[str, sa.TextClause], found: Iterable[tuple[int, Sequence[str | None]]]
) -> None:
    dialect = connection.dialect.name
    written = as_vector if dialect == "postgresql" else as_text
    rows = [(id_, written([terms(text) for text in texts if text])) for id_, texts in found]
    if not rows:
        return
    if dialect == "postgresql":
        ids, words = zip(*rows, strict=True)
        connection.execute(statement[dialect], {"p_ids": list(ids), "p_words": list(words)})
    else:
        connection.execute(statement[dialect], [{"p_id": id_, "p_words": words} for id_, words in rows])


def as_text(parts: Sequence[Sequence[str]]) -> str:
    """Terms as FTS5 reads them. A phrase never runs from one part into the next."""
    return f" {GAP} ".join(" ".join(part) for part in parts)


def as_vector(parts: Sequence[Sequence[str]]) -> str:
    """Terms and their places as PostgreSQL reads a tsvector; letters and digits alone need no escaping."""
    places: dict[str, list[str]] = {}
    at = 0
    for part in parts:
        for one in part:
            at += 1
            places.setdefault(one, []).append(str(min(at, LAST_POSITION)))
        at += 1
    return " ".join(f"'{one}':{','.join(found[:255])}" for one, found in places.items())
