"""Rules with all their versions and what they did; who is on duty when."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "rules",
        sa.Column("id", ID),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("on", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("removed_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_rules"),
    )
    op.create_table(
        "rule_versions",
        _to("rule_versions", "rule_id", "rules"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("spec", sa.JSON, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "version", name="pk_rule_versions"),
    )
    op.create_table(
        "rule_firings",
        sa.Column("id", ID),
        _to("rule_firings", "rule_id", "rules"),
        sa.Column("version", sa.Integer, nullable=False),
        _to("rule_firings", "conversation_id", "conversations"),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("changes", sa.JSON, nullable=False),
        sa.Column("acts", sa.JSON, nullable=False),
        sa.Column("undone_at", sa.BigInteger),
        sa.Column("undone_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_rule_firings"),
        sa.UniqueConstraint(
            "conversation_id", "rule_id", "cause", name="uq_rule_firings_conversation_id_rule_id_cause"
        ),
    )
    op.create_index("ix_rule_firings_conversation_id_at", "rule_firings", ["conversation_id", "at"])
    op.create_table(
        "turns",
        _to("turns", "staff_id", "staff"),
        sa.Column("on", sa.Boolean, nullable=False),
        sa.Column("days", sa.JSON, nullable=False),
        sa.Column("most", sa.Integer, nullable=False),
        sa.Column("skills", sa.JSON, nullable=False),
        sa.Column("last_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("staff_id", name="pk_turns"),
    )
    op.create_table(
        "switches",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("on", sa.Boolean, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_switches"),
    )


def _to(table: str, name: str, target: str) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, sa.BigInteger, key, nullable=False)


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
