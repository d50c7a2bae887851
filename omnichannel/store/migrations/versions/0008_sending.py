"""What the composer keeps: drafts, planned sendings, ready moves."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SHOWN = "state IN ('waiting', 'failed')"


def upgrade() -> None:
    _drafts()
    _plans()
    _moves()


def _drafts() -> None:
    op.create_table(
        "drafts",
        _to("drafts", "staff_id", "staff"),
        _to("drafts", "conversation_id", "conversations"),
        _text("text"),
        sa.Column("way", sa.String(10), nullable=False),
        _to("drafts", "comment_id", "messages", null=True),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("rivals", sa.JSON, nullable=False),
        sa.Column("tab", sa.String(40), nullable=False),
        _count("version"),
        _moment("saved_at"),
        sa.PrimaryKeyConstraint("staff_id", "conversation_id", name="pk_drafts"),
    )


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("id", ID, nullable=False),
        _to("plans", "conversation_id", "conversations"),
        _to("plans", "staff_id", "staff"),
        _text("text"),
        sa.Column("key", sa.String(200), nullable=False),
        _moment("at"),
        _moment("made_at"),
        _flag("brief"),
        _flag("unless"),
        _to("plans", "comment_id", "messages", null=True),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        _text("why"),
        _to("plans", "message_id", "messages", null=True),
        _count("version"),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
        sa.UniqueConstraint("key", name="uq_plans_key"),
    )
    partial: dict[str, Any] = {"sqlite_where": sa.text(SHOWN), "postgresql_where": sa.text(SHOWN)}
    op.create_index("ix_plans_shown", "plans", ["conversation_id", "at"], **partial)


def _moves() -> None:
    op.create_table(
        "moves",
        sa.Column("id", ID, nullable=False),
        *(_text(name) for name in ("name", "text", "note", "assign", "unit")),
        sa.Column("kind", sa.String(40), nullable=False),
        _text("topic"),
        sa.Column("after", sa.String(20), nullable=False),
        _to("moves", "made_by", "staff"),
        _moment("made_at"),
        _moment("removed_at", null=True),
        _count("version"),
        sa.PrimaryKeyConstraint("id", name="pk_moves"),
    )
    op.create_table(
        "plan_tastes",
        _to("plan_tastes", "staff_id", "staff"),
        _flag("brief"),
        sa.PrimaryKeyConstraint("staff_id", name="pk_plan_tastes"),
    )


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=null)


def _count(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _to(table: str, name: str, target: str, *, null: bool = False) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, sa.BigInteger, key, nullable=null)


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
