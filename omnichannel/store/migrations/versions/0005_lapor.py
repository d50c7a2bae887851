"""Reports to SP4N-LAPOR! and what comes back."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None


TO_FORWARD = "queue = 'lapor' AND state = 'open' AND tracking_id IS NULL"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def where(condition: str) -> dict[str, Any]:
    """A partial index, alike on both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    case = sa.ForeignKey("cases.id", name="fk_forwards_case_id")
    op.create_table(
        "forwards",
        sa.Column("case_id", sa.BigInteger, case, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("named", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("tried_at", sa.BigInteger),
        sa.Column("title", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("complaint_id", sa.Text),
        sa.Column("cursor", sa.Text),
        sa.Column("checked_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("case_id", name="pk_forwards"),
    )
    op.create_index("ix_forwards_state", "forwards", ["state", "case_id"], **where("state <> 'sent'"))
    op.create_index("ix_forwards_complaint_id", "forwards", ["complaint_id"], **where("complaint_id IS NOT NULL"))
    op.create_index("ix_cases_to_forward", "cases", ["id"], **where(TO_FORWARD))
    case = sa.ForeignKey("cases.id", name="fk_lapor_news_case_id")
    op.create_table(
        "lapor_news",
        sa.Column("id", ID),
        sa.Column("case_id", sa.BigInteger, case, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("arrived_at", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("institution", sa.Text),
        sa.Column("ours", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("late", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("id", name="pk_lapor_news"),
        sa.UniqueConstraint("case_id", "external_id", name="uq_lapor_news_case_id_external_id"),
    )
    op.create_table(
        "lapor_names",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("kind", "code", name="pk_lapor_names"),
    )


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
