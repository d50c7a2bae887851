"""Devices that want to be told, letters of the morning, and how far each reader of the events table has come."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from omnichannel.store.columns import key, moment, row_id, to, words
from omnichannel.store.tables.ground import metadata

devices = Table(
    "devices",
    metadata,
    row_id(),
    to("staff_id", "staff.id"),
    key("endpoint"),
    Column("address", sa.Text, nullable=False),
    Column("p256dh", sa.String(200), nullable=False),
    Column("auth", sa.String(100), nullable=False),
    words("name", null=False),
    Column("urgent", sa.Boolean, nullable=False),
    Column("mine", sa.Boolean, nullable=False),
    Column("deadline", sa.Boolean, nullable=False),
    Column("quiet_from", sa.String(5)),
    Column("quiet_until", sa.String(5)),
    Column("urgent_anyway", sa.Boolean, nullable=False),
    moment("created_at"),
    moment("told_at", null=True),
    words("error"),
    UniqueConstraint("endpoint"),
    Index(None, "staff_id"),
)

digests = Table(
    "digests",
    metadata,
    to("staff_id", "staff.id"),
    words("address", null=False),
    Column("hour", sa.Integer, nullable=False),
    Column("last", sa.Date),
    PrimaryKeyConstraint("staff_id"),
)

followers = Table(
    "followers",
    metadata,
    Column("name", sa.String(20), nullable=False),
    Column("event_id", sa.BigInteger, nullable=False),
    PrimaryKeyConstraint("name"),
)
