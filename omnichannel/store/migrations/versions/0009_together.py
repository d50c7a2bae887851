"""Officers who work on one conversation: who reads, what they owe each other, what was joined."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _between_officers()
    _joined_and_parted()


def _between_officers() -> None:
    op.create_table(
        "nudges",
        sa.Column("id", ID, nullable=False),
        _to("nudges", "staff_id", "staff"),
        _to("nudges", "conversation_id", "conversations"),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=True),
        _to("nudges", "message_id", "messages", null=True),
        _moment("at"),
        _moment("read_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_nudges"),
    )
    op.create_index("ix_nudges_unread", "nudges", ["staff_id", "id"], **_where("read_at IS NULL"))
    op.create_index("ix_nudges_staff", "nudges", ["staff_id", "id"])
    op.create_index("ix_nudges_conversation", "nudges", ["conversation_id", "staff_id"])
    op.create_table(
        "watchers",
        _to("watchers", "conversation_id", "conversations"),
        _to("watchers", "staff_id", "staff"),
        _moment("at"),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "staff_id", name="pk_watchers"),
    )
    op.create_index("ix_watchers_staff", "watchers", ["staff_id", "conversation_id"])
    op.create_table(
        "snoozes",
        _of_conversation("snoozes"),
        _to("snoozes", "staff_id", "staff"),
        sa.Column("rule", sa.String(10), nullable=False),
        sa.Column("days", sa.Integer, nullable=True),
        _moment("at"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_snoozes"),
    )
    op.create_index("ix_snoozes_rule", "snoozes", ["rule"])
    op.create_table(
        "ticks",
        _to("ticks", "case_id", "cases"),
        sa.Column("item", sa.Text, nullable=False),
        _moment("at"),
        sa.Column("by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "item", name="pk_ticks"),
    )


def _joined_and_parted() -> None:
    op.create_table(
        "merges",
        _of_conversation("merges"),
        _to("merges", "into_id", "conversations"),
        _moment("at"),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_merges"),
    )
    op.create_index("ix_merges_into", "merges", ["into_id"])
    op.create_table(
        "splits",
        _of_conversation("splits"),
        _to("splits", "from_id", "conversations"),
        _moment("at"),
        sa.Column("by", sa.Text, nullable=False),
        _moment("undone_at", null=True),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_splits"),
    )
    op.create_index("ix_splits_from", "splits", ["from_id"])
    op.create_table(
        "contact_links",
        sa.Column("id", ID, nullable=False),
        _to("contact_links", "contact_id", "contacts"),
        _to("contact_links", "other_id", "contacts"),
        sa.Column("same", sa.Boolean, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        _moment("at"),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        _moment("undone_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_contact_links"),
    )
    op.create_index("ix_contact_links_contact", "contact_links", ["contact_id"])
    op.create_index("ix_contact_links_other", "contact_links", ["other_id"])


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=null)


def _to(table: str, name: str, target: str, *, null: bool = False) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, sa.BigInteger, key, nullable=null)


def _of_conversation(table: str) -> sa.Column[Any]:
    key = sa.ForeignKey("conversations.id", name=f"fk_{table}_conversation_id")
    return sa.Column("conversation_id", sa.BigInteger, key, nullable=False, autoincrement=False)


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
