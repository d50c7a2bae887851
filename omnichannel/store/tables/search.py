"""What is found by its words, and searches that people keep.

One row a message and one a conversation ("card": names, numbers, subject). SQLite keeps the terms as text, indexed by
FTS5 (`search_words_fts`, filled by triggers); PostgreSQL as a tsvector under a GIN index. Both are made by migration
0007 and lie beyond SQLAlchemy's tables. A deleted message or conversation takes its row with it.
"""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR

from omnichannel.store.columns import Id, moment, row_id, to, words
from omnichannel.store.tables.ground import metadata

Terms = sa.Text().with_variant(TSVECTOR(), "postgresql")


def _of(name: str, target: str) -> Column[int]:
    return Column(name, Id, ForeignKey(target, ondelete="CASCADE"), primary_key=True, autoincrement=False)


search_words = Table("search_words", metadata, _of("message_id", "messages.id"), Column("words", Terms, nullable=False))
search_cards = Table(
    "search_cards", metadata, _of("conversation_id", "conversations.id"), Column("words", Terms, nullable=False)
)
saved_searches = Table(
    "saved_searches",
    metadata,
    row_id(),
    to("staff_id", "staff.id"),
    words("name", null=False),
    words("query", null=False),
    moment("created_at"),
    UniqueConstraint("staff_id", "name"),
)
