"""Reports on their way to SP4N-LAPOR!, what came back, and LAPOR's own lists."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from omnichannel.store.columns import flag, key, moment, row_id, to, where, words
from omnichannel.store.tables.ground import metadata

forwards = Table(
    "forwards",
    metadata,
    to("case_id", "cases.id"),
    Column("state", sa.String(10), nullable=False),
    moment("since"),
    flag("named"),
    Column("attempts", sa.Integer, nullable=False),
    moment("tried_at", null=True),
    words("title"),
    words("error"),
    key("complaint_id", null=True),
    words("cursor"),
    moment("checked_at", null=True),
    PrimaryKeyConstraint("case_id"),
    Index("ix_forwards_state", "state", "case_id", **where("state <> 'sent'")),
    Index("ix_forwards_complaint_id", "complaint_id", **where("complaint_id IS NOT NULL")),
)

lapor_news = Table(
    "lapor_news",
    metadata,
    row_id(),
    to("case_id", "cases.id"),
    key("external_id"),
    moment("at"),
    moment("arrived_at"),
    key("status", null=True),
    words("text", null=False),
    words("institution"),
    flag("ours"),
    flag("late"),
    UniqueConstraint("case_id", "external_id"),
)

lapor_names = Table(
    "lapor_names",
    metadata,
    Column("kind", sa.String(20), nullable=False),
    key("code"),
    words("name", null=False),
    moment("seen_at"),
    PrimaryKeyConstraint("kind", "code"),
)
