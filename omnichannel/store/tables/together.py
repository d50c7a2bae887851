"""Officers on one inbox: what they tell each other, what they follow, what is joined, put off, ticked."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

from omnichannel.store.columns import key, moment, row_id, to, where, words
from omnichannel.store.tables.ground import metadata

# News for one officer; `message_id` is the note in which they are named.
nudges = Table(
    "nudges",
    metadata,
    row_id(),
    to("staff_id", "staff.id"),
    to("conversation_id", "conversations.id"),
    Column("kind", sa.String(12), nullable=False),
    words("by", null=False),
    words("words"),
    to("message_id", "messages.id", null=True),
    moment("at"),
    moment("read_at", null=True),
    Index("ix_nudges_unread", "staff_id", "id", **where("read_at IS NULL")),
    Index("ix_nudges_staff", "staff_id", "id"),
    Index("ix_nudges_conversation", "conversation_id", "staff_id"),
)

# `seen` is the last happening that the follower knows of.
watchers = Table(
    "watchers",
    metadata,
    to("conversation_id", "conversations.id"),
    to("staff_id", "staff.id"),
    moment("at"),
    Column("seen", sa.BigInteger, nullable=False),
    PrimaryKeyConstraint("conversation_id", "staff_id"),
    Index("ix_watchers_staff", "staff_id", "conversation_id"),
)

# Why a conversation sleeps, and who wants to be told when it wakes. The moment itself stands on the conversation.
snoozes = Table(
    "snoozes",
    metadata,
    Column(
        "conversation_id",
        sa.BigInteger,
        sa.ForeignKey("conversations.id"),
        primary_key=True,
        autoincrement=False,
    ),
    to("staff_id", "staff.id"),
    Column("rule", sa.String(10), nullable=False),
    Column("days", sa.Integer),
    moment("at"),
    Index("ix_snoozes_rule", "rule"),
)

# One citizen's threads shown as one. Nothing moves: the thread keeps its messages, its cases and its address.
merges = Table(
    "merges",
    metadata,
    Column(
        "conversation_id",
        sa.BigInteger,
        sa.ForeignKey("conversations.id"),
        primary_key=True,
        autoincrement=False,
    ),
    to("into_id", "conversations.id"),
    moment("at"),
    words("by", null=False),
    Column("state", sa.String(10), nullable=False),
    Index("ix_merges_into", "into_id"),
)

# Messages taken out of a thread into one of their own; undone, the row stays and says when.
splits = Table(
    "splits",
    metadata,
    Column(
        "conversation_id",
        sa.BigInteger,
        sa.ForeignKey("conversations.id"),
        primary_key=True,
        autoincrement=False,
    ),
    to("from_id", "conversations.id"),
    moment("at"),
    words("by", null=False),
    moment("undone_at", null=True),
    Index("ix_splits_from", "from_id"),
)

# Two contacts of which a person said that they are one citizen, or not. `before` is who belonged to whom until then.
contact_links = Table(
    "contact_links",
    metadata,
    row_id(),
    to("contact_id", "contacts.id"),
    to("other_id", "contacts.id"),
    Column("same", sa.Boolean, nullable=False),
    words("why", null=False),
    moment("at"),
    words("by", null=False),
    Column("before", sa.JSON, nullable=False),
    moment("undone_at", null=True),
    Index("ix_contact_links_contact", "contact_id"),
    Index("ix_contact_links_other", "other_id"),
)

# What has been looked at in a case, of the list that config gives its kind.
ticks = Table(
    "ticks",
    metadata,
    to("case_id", "cases.id"),
    key("item"),
    moment("at"),
    words("by", null=False),
    PrimaryKeyConstraint("case_id", "item"),
)
