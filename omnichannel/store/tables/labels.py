"""An office's labels, and which conversations bear them."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

from omnichannel.store.columns import count, key, moment, row_id, to, where, words
from omnichannel.store.tables.ground import metadata

labels = Table(
    "labels",
    metadata,
    row_id(),
    words("name", null=False),
    key("folded"),
    Column("tone", sa.String(20), nullable=False),
    words("made_by", null=False),
    moment("made_at"),
    moment("removed_at", null=True),
    count("version"),
    Index("ix_labels_folded", "folded", unique=True, **where("removed_at IS NULL")),
)

# What stands on a conversation's row, turned round: a label's list walks an index. It repeats what the lists sort by.
conversation_labels = Table(
    "conversation_labels",
    metadata,
    to("label_id", "labels.id"),
    to("conversation_id", "conversations.id"),
    Column("lane", sa.String(10), nullable=False),
    moment("last_at"),
    PrimaryKeyConstraint("conversation_id", "label_id"),
    Index("ix_conversation_labels_open", "label_id", "last_at", "conversation_id", **where("lane <> 'resolved'")),
    Index("ix_conversation_labels_resolved", "label_id", "last_at", "conversation_id", **where("lane = 'resolved'")),
)
