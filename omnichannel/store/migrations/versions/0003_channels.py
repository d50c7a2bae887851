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
    _outreach()
    _guesses()


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


def _outreach() -> None:
    """Templates, private answers to comments, hidden comments."""
    op.create_table(
        "templates",
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("plain", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("account", "name", "language", name="pk_templates"),
    )
    op.create_table(
        "template_uses",
        _to("template_uses", "message_id", "messages"),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("values", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_template_uses"),
    )
    op.create_table(
        "private_answers",
        _to("private_answers", "comment_id", "messages"),
        _to("private_answers", "message_id", "messages"),
        _to("private_answers", "conversation_id", "conversations"),
        _to("private_answers", "public_id", "conversations"),
        sa.PrimaryKeyConstraint("comment_id", name="pk_private_answers"),
    )
    op.create_index("ix_private_answers_message_id", "private_answers", ["message_id"], unique=True)
    op.create_index("ix_private_answers_conversation_id", "private_answers", ["conversation_id"])
    op.create_index("ix_private_answers_public_id", "private_answers", ["public_id"])
    op.create_table(
        "veils",
        _to("veils", "message_id", "messages"),
        sa.Column("sight", sa.String(10), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        _to("veils", "staff_id", "staff", null=True),
        sa.Column("error", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("message_id", name="pk_veils"),
    )


def _guesses() -> None:
    """What a mail without a thread may be part of."""
    op.create_table(
        "guesses",
        _to("guesses", "conversation_id", "conversations"),
        _to("guesses", "other_id", "conversations"),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("verdict", sa.String(10)),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("moved", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "other_id", name="pk_guesses"),
    )
    waiting = sa.text("verdict IS NULL")
    op.create_index("ix_guesses_open", "guesses", ["at"], sqlite_where=waiting, postgresql_where=waiting)


def _to(table: str, column: str, target: str, *, null: bool = False) -> sa.Column[int]:
    foreign = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{column}")
    return sa.Column(column, sa.BigInteger, foreign, nullable=null)


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
