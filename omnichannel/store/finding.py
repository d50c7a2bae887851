"""What a search asks of the database: which rows bear the words, and which conversations fit the filters.

Words come first: ids of the rows that bear them, newest first, a chunk at a time, straight from the full-text index.
Filters are then asked of that chunk only. So a common word costs as little as a rare one, and no plan can go astray.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.search import Piece, Sought, Standing
from omnichannel.domain.work import Scope
from omnichannel.store import labels
from omnichannel.store.shelf import b
from omnichannel.store.tables import (
    attachments,
    cases,
    conversation_units,
    conversations,
    messages,
    search_cards,
    search_words,
)

c, m, k, u = conversations.c, messages.c, cases.c, conversation_units.c
MOST_PIECES = 20
NEAR = 8000  # rows, newest first, among which a word is looked for before the index is asked; about 2 ms
Statement = sa.Select[Any]

STANDINGS: dict[Standing, Any] = {
    Standing.NEW: sa.text(f"conversations.lane = 'active' AND conversations.state = '{ConversationState.OPEN}'"),
    Standing.WAITING: sa.text(f"conversations.lane = 'active' AND conversations.state = '{ConversationState.WAITING}'"),
    Standing.SNOOZED: sa.text("conversations.lane = 'snoozed'"),
    Standing.RESOLVED: sa.text("conversations.lane = 'resolved'"),
    Standing.ASIDE: sa.text("conversations.aside IS NOT NULL"),
    Standing.FAILED: sa.text("conversations.failed > 0"),
    Standing.UNREAD: sa.text("conversations.lane = 'active' AND conversations.unread > 0"),
    Standing.URGENT: c.urgent,
}


def ids_statement(dialect: str, table: sa.Table, *, near: int = NEAR) -> Statement:
    """Ids of a table's rows that match `p_match`, below `p_below`, newest first."""
    if dialect == "postgresql":
        return _ids_by_gin(table, near)
    name = f"{table.name}_fts"
    fts = sa.table(name, sa.column("rowid", sa.Integer))
    matching = sa.text(f"{name} MATCH :p_match")
    return (
        sa.select(fts.c.rowid).where(matching, fts.c.rowid < b("below")).order_by(fts.c.rowid.desc()).limit(b("limit"))
    )


def _ids_by_gin(table: sa.Table, near: int) -> Statement:
    """A common word is found among the newest rows, any other by the index.

    A GIN index knows no order, so the planner must choose between it and a walk through all rows from the newest on; it
    guesses how often a word was written, and of a rare one it guesses wrong. Neither half here leaves it a choice. The
    second half is not run at all where the first has found enough.
    """
    id_, words, limit = table.primary_key.columns[0], table.c.words, b("limit", sa.BigInteger())
    asked = sa.cast(b("match", sa.Text()), TSQUERY)
    newest = (
        sa.select(id_.label("id"), words).where(id_ < b("below")).order_by(id_.desc()).limit(near).subquery("newest")
    )
    walked = sa.select(newest.c.id).where(_bears(newest.c.words, asked)).order_by(newest.c.id.desc()).limit(limit)
    near_by = walked.cte("near").prefix_with("MATERIALIZED")
    everywhere = sa.select(id_.label("id")).where(_bears(words, asked)).cte("everywhere").prefix_with("MATERIALIZED")
    enough = sa.select(sa.func.count()).select_from(near_by).scalar_subquery() >= limit
    by_walk = sa.select(near_by.c.id).where(enough)
    by_index = sa.select(everywhere.c.id).where(~enough, everywhere.c.id < b("below"))
    found = by_walk.union_all(by_index).subquery("found")
    return sa.select(found.c.id).order_by(found.c.id.desc()).limit(limit)


def _bears(words: Any, asked: Any) -> sa.ColumnElement[bool]:
    result: sa.ColumnElement[bool] = words.op("@@", is_comparison=True)(asked)
    return result


WORDS = {name: ids_statement(name, search_words) for name in ("sqlite", "postgresql")}
CARDS = {name: ids_statement(name, search_cards) for name in ("sqlite", "postgresql")}


def asking(dialect: str, pieces: Sequence[Piece], *, begun: bool) -> str | None:
    """The pieces in the index's own language; None where nothing is asked. `begun`: each word may be only a beginning."""
    wanted = [one for one in pieces if one.terms][:MOST_PIECES]
    with_, without = [one for one in wanted if not one.without], [one for one in wanted if one.without]
    if not with_:
        return None
    spell = _vector_piece if dialect == "postgresql" else _fts5_piece
    both, but = (" & ", " & !") if dialect == "postgresql" else (" AND ", " NOT ")
    text = both.join(spell(one, one.prefix or begun) for one in with_)
    return text + "".join(but + spell(one, one.prefix) for one in without)


def _fts5_piece(piece: Piece, begun: bool) -> str:
    return f'"{" ".join(piece.terms)}"' + (" *" if begun else "")


def _vector_piece(piece: Piece, begun: bool) -> str:
    *first, last = piece.terms
    return "(" + " <-> ".join([*(f"'{one}'" for one in first), f"'{last}'" + (":*" if begun else "")]) + ")"


def narrowing(sought: Sought, scope: Scope, dialect: str) -> list[sa.ColumnElement[bool]]:
    """What must be true of a conversation, for these eyes."""
    found: list[Any] = []
    if scope.hidden:
        found.append(sa.or_(c.queue.is_(None), c.queue.not_in(sorted(scope.hidden))))
    if scope.unit is not None:
        found.append(sa.exists().where(u.conversation_id == c.id, u.unit == scope.unit))
    for column, values in (
        (c.channel, sought.channels), (c.account, sought.accounts), (c.kind, sought.kinds), (c.topic, sought.topics),
        (c.queue, sought.queues), (c.surface, sought.surfaces), (c.unit, sought.units),
    ):  # fmt: skip
        if values:
            found.append(column.in_(values))
    if sought.standings:
        found.append(sa.or_(*(STANDINGS[one] for one in sought.standings)))
    if sought.staff or sought.nobody:
        held = [c.assignee_id.in_(sought.staff)] if sought.staff else []
        found.append(sa.or_(*held, c.assignee_id.is_(None)) if sought.nobody else held[0])
    if sought.labels:
        found.append(labels.has(sought.labels))
    return found + _by_case(sought) + _by_card(sought, dialect)


def _by_case(sought: Sought) -> list[Any]:
    found = []
    if sought.numbers:
        spelt = list({way for one in sought.numbers for way in (one, one.upper(), one.lower())})
        found.append(_has_case(sa.or_(k.number.in_(spelt), k.tracking_id.in_(spelt))))
    if sought.places:
        found.append(_has_case(sa.or_(k.desa.in_(sought.places), k.kecamatan.in_(sought.places))))
    return found


def _has_case(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return c.id.in_(sa.select(k.conversation_id).where(condition))


def _by_card(sought: Sought, dialect: str) -> list[Any]:
    """Conversations whose citizen bears the name, or whose card or words bear the tail of an identity number."""
    found: list[Any] = []
    called = asking(dialect, sought.names, begun=True)
    if called is not None:
        found.append(c.id.in_(_bearing(dialect, search_cards, called)))
    for tail in sought.tails:
        spelt = f"'{tail}'" if dialect == "postgresql" else f'"{tail}"'
        said = sa.select(m.conversation_id).where(m.id.in_(_bearing(dialect, search_words, spelt)))
        found.append(sa.or_(c.id.in_(_bearing(dialect, search_cards, spelt)), c.id.in_(said)))
    return found


def _bearing(dialect: str, table: sa.Table, match: str) -> sa.Select[Any]:
    if dialect == "postgresql":
        vector = table.c.words.op("@@", is_comparison=True)(sa.cast(sa.literal(match, sa.Text()), TSQUERY))
        return sa.select(table.primary_key.columns[0]).where(vector)
    name = f"{table.name}_fts"
    fts = sa.table(name, sa.column("rowid", sa.Integer), sa.column(name))
    return sa.select(fts.c.rowid).where(fts.c[name].op("MATCH", is_comparison=True)(sa.literal(match, sa.Text())))


def of_conversation(sought: Sought) -> list[Any]:
    """What dates and files mean where a conversation is found as a whole."""
    found: list[Any] = []
    if sought.since is not None:
        found.append(c.last_at >= sought.since)
    if sought.until is not None:
        found.append(c.created_at < sought.until)
    if sought.files is not None:
        held = _is_there(conversations, attachments.c.message_id == m.id, m.conversation_id == c.id)
        found.append(held if sought.files else ~held)
    return found


def of_message(sought: Sought) -> list[Any]:
    """What they mean where one message is found."""
    found: list[Any] = []
    if sought.since is not None:
        found.append(m.sent_at >= sought.since)
    if sought.until is not None:
        found.append(m.sent_at < sought.until)
    if sought.files is not None:
        held = _is_there(messages, attachments.c.message_id == m.id)
        found.append(held if sought.files else ~held)
    return found


def _is_there(outside: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Asked of one row after another, newest first. Without OFFSET, PostgreSQL would join the whole tables before it."""
    return (
        sa.select(sa.literal_column("1")).where(*conditions).correlate(outside).offset(sa.literal_column("0")).exists()
    )
