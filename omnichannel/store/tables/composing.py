"""What an officer writes before it leaves: drafts, answers that wait for their moment, ready moves."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

from omnichannel.store.columns import count, flag, ids, key, moment, row_id, to, where, words
from omnichannel.store.tables.ground import metadata

drafts = Table(
    "drafts",
    metadata,
    to("staff_id", "staff.id"),
    to("conversation_id", "conversations.id"),
    words("text", null=False),
    Column("way", sa.String(10), nullable=False),
    to("comment_id", "messages.id", null=True),
    Column("files", sa.JSON, nullable=False),
    Column("rivals", sa.JSON, nullable=False),
    Column("tab", sa.String(40), nullable=False),
    count("version"),
    moment("saved_at"),
    PrimaryKeyConstraint("staff_id", "conversation_id"),
)

plans = Table(
    "plans",
    metadata,
    row_id(),
    to("conversation_id", "conversations.id"),
    to("staff_id", "staff.id"),
    words("text", null=False),
    Column("key", sa.String(200), nullable=False, unique=True),
    moment("at"),
    moment("made_at"),
    flag("brief"),
    flag("unless"),
    to("comment_id", "messages.id", null=True),
    Column("files", sa.JSON, nullable=False),
    Column("state", sa.String(10), nullable=False),
    words("why", null=False),
    to("message_id", "messages.id", null=True),
    count("version"),
    Column("deeds", sa.JSON(none_as_null=True)),
    Index("ix_plans_shown", "conversation_id", "at", **where("state IN ('waiting', 'failed')")),
)

moves = Table(
    "moves",
    metadata,
    row_id(),
    words("name", null=False),
    words("text", null=False),
    words("note", null=False),
    key("assign"),
    key("unit"),
    Column("kind", sa.String(40), nullable=False),
    key("topic"),
    Column("after", sa.String(20), nullable=False),
    to("made_by", "staff.id"),
    moment("made_at"),
    moment("removed_at", null=True),
    count("version"),
    ids("labels"),
    ids("unlabels"),
)

# Whether somebody wants their answers to wait the few seconds in which they can be taken back. No row: as the office has it.
plan_tastes = Table(
    "plan_tastes",
    metadata,
    to("staff_id", "staff.id"),
    flag("brief"),
    PrimaryKeyConstraint("staff_id"),
)
