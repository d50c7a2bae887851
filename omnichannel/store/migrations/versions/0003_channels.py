"""What channels at full depth need."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _watch()


def _watch() -> None:
    """Probes, rhythms, wrong guesses, and the index that open figures are counted from."""
    op.create_table(
        "account_care",
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("probe_at", sa.BigInteger),
        sa.Column("probed_at", sa.BigInteger),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("heard_id", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("quiet_since", sa.BigInteger),
        sa.PrimaryKeyConstraint("account", name="pk_account_care"),
    )
    op.create_table(
        "account_hours",
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("hour", sa.BigInteger, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("account", "hour", name="pk_account_hours"),
    )
    op.create_table(
        "tries",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tries"),
    )
    op.create_index("ix_tries_name_at", "tries", ["name", "at"])
    op.create_index("ix_tries_at", "tries", ["at"])
    counted = ["received_at", "kind", "state", "due", "closed_at", "outcome", "topic", "unit", "conversation_id"]
    op.create_index("ix_cases_figures", "cases", counted)


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
