"""Templates of an account, and by which way a message of ours left when it was no ordinary one."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

from omnichannel.store.columns import flag, key, moment, to, words
from omnichannel.store.tables.ground import metadata

templates = Table(
    "templates",
    metadata,
    key("account"),
    key("name"),
    Column("language", sa.String(20), nullable=False),
    Column("state", sa.String(40), nullable=False),
    Column("category", sa.String(40), nullable=False),
    words("text", null=False),
    flag("plain"),
    words("why", null=False),
    moment("seen_at"),
    PrimaryKeyConstraint("account", "name", "language"),
)

template_uses = Table(
    "template_uses",
    metadata,
    to("message_id", "messages.id"),
    key("name"),
    Column("language", sa.String(20), nullable=False),
    Column("values", sa.JSON, nullable=False),
    PrimaryKeyConstraint("message_id"),
)

# A comment has one private answer at most: the key says so, whoever asks twice at once.
private_answers = Table(
    "private_answers",
    metadata,
    to("comment_id", "messages.id"),
    to("message_id", "messages.id"),
    to("conversation_id", "conversations.id"),
    to("public_id", "conversations.id"),
    PrimaryKeyConstraint("comment_id"),
    Index(None, "message_id", unique=True),
    Index(None, "conversation_id"),
    Index(None, "public_id"),
)

carried = Table(
    "carried",
    metadata,
    to("comment_id", "messages.id"),
    to("conversation_id", "conversations.id"),
    moment("at"),
    to("staff_id", "staff.id"),
    to("private_id", "conversations.id", null=True),
    to("said_id", "messages.id", null=True),
    moment("solved_at", null=True),
    to("solved_id", "messages.id", null=True),
    PrimaryKeyConstraint("comment_id"),
    Index(None, "conversation_id"),
    Index(None, "private_id"),
)

veils = Table(
    "veils",
    metadata,
    to("message_id", "messages.id"),
    Column("sight", sa.String(10), nullable=False),
    moment("at"),
    to("staff_id", "staff.id", null=True),
    words("error"),
    PrimaryKeyConstraint("message_id"),
)
