"""Devices that want to be told, letters of the morning, and how far each reader of the events table has come."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "devices",
        sa.Column("id", ID),
        sa.Column("staff_id", sa.BigInteger, sa.ForeignKey("staff.id", name="fk_devices_staff_id"), nullable=False),
        sa.Column("endpoint", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("p256dh", sa.String(200), nullable=False),
        sa.Column("auth", sa.String(100), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        *(sa.Column(name, sa.Boolean, nullable=False) for name in ("urgent", "mine", "deadline")),
        sa.Column("quiet_from", sa.String(5)),
        sa.Column("quiet_until", sa.String(5)),
        sa.Column("urgent_anyway", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("told_at", sa.BigInteger),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
        sa.UniqueConstraint("endpoint", name="uq_devices_endpoint"),
    )
    op.create_index("ix_devices_staff_id", "devices", ["staff_id"])
    op.create_table(
        "digests",
        sa.Column("staff_id", sa.BigInteger, sa.ForeignKey("staff.id", name="fk_digests_staff_id"), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("last", sa.Date),
        sa.PrimaryKeyConstraint("staff_id", name="pk_digests"),
    )
    op.create_table(
        "followers",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_followers"),
    )


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
