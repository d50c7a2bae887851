"""What belongs to one officer's desk alone: how they like it, and what they did last to many conversations at once."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

from omnichannel.store.columns import moment, row_id, to
from omnichannel.store.tables.ground import metadata

undos = Table(
    "undos",
    metadata,
    row_id(),
    to("staff_id", "staff.id"),
    moment("at"),
    Column("deed", sa.String(20), nullable=False),
    Column("changes", sa.JSON, nullable=False),
    Index(None, "staff_id"),
)

tastes = Table(
    "tastes",
    metadata,
    to("staff_id", "staff.id"),
    Column("density", sa.String(10), nullable=False),
    PrimaryKeyConstraint("staff_id"),
)
