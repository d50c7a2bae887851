"""Rules with all their versions and what they did; who is on duty when."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from omnichannel.store.columns import key, moment, row_id, to, words
from omnichannel.store.tables.ground import metadata

rules = Table(
    "rules",
    metadata,
    row_id(),
    Column("position", sa.Integer, nullable=False),
    Column("on", sa.Boolean, nullable=False),
    Column("version", sa.Integer, nullable=False),
    moment("removed_at", null=True),
)

rule_versions = Table(
    "rule_versions",
    metadata,
    to("rule_id", "rules.id"),
    Column("version", sa.Integer, nullable=False),
    Column("spec", sa.JSON, nullable=False),
    words("by", null=False),
    moment("at"),
    PrimaryKeyConstraint("rule_id", "version"),
)

rule_firings = Table(
    "rule_firings",
    metadata,
    row_id(),
    to("rule_id", "rules.id"),
    Column("version", sa.Integer, nullable=False),
    to("conversation_id", "conversations.id"),
    key("cause"),
    moment("at"),
    Column("changes", sa.JSON, nullable=False),
    Column("acts", sa.JSON, nullable=False),
    moment("undone_at", null=True),
    words("undone_by"),
    UniqueConstraint("conversation_id", "rule_id", "cause"),
    Index(None, "conversation_id", "at"),
)

turns = Table(
    "turns",
    metadata,
    to("staff_id", "staff.id"),
    Column("on", sa.Boolean, nullable=False),
    Column("days", sa.JSON, nullable=False),
    Column("most", sa.Integer, nullable=False),
    Column("skills", sa.JSON, nullable=False),
    moment("last_at", null=True),
    PrimaryKeyConstraint("staff_id"),
)

switches = Table(
    "switches",
    metadata,
    Column("name", sa.String(20), nullable=False),
    Column("on", sa.Boolean, nullable=False),
    words("by", null=False),
    moment("at"),
    PrimaryKeyConstraint("name"),
)
