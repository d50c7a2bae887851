"""What a mail without a thread may be part of, and what staff made of it."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

from omnichannel.store.columns import moment, to, where, words
from omnichannel.store.tables.ground import metadata

# `moved` are the messages that joining took over, so that it can be undone.
guesses = Table(
    "guesses",
    metadata,
    to("conversation_id", "conversations.id"),
    to("other_id", "conversations.id"),
    words("why", null=False),
    moment("at"),
    Column("verdict", sa.String(10)),
    moment("settled_at", null=True),
    Column("moved", sa.JSON, nullable=False),
    PrimaryKeyConstraint("conversation_id", "other_id"),
    Index("ix_guesses_open", "at", **where("verdict IS NULL")),
)
