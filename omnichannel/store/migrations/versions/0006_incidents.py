"""What the machine read, what people said to it, what was learnt; and many citizens, one event."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def where(condition: str) -> dict[str, Any]:
    """A partial index, alike on both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def to(table: str, name: str, target: str, *, null: bool = False) -> sa.Column[Any]:
    """A column that points at another table's row."""
    return sa.Column(name, sa.BigInteger, sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}"), nullable=null)


def upgrade() -> None:
    op.add_column("conversations", sa.Column("aside", sa.String(10), nullable=True))
    op.create_index("ix_conversations_aside", "conversations", ["last_at", "id"], **where("aside IS NOT NULL"))
    _readings()
    _lessons()
    _incidents()


def _readings() -> None:
    op.create_table(
        "readings",
        sa.Column(
            "message_id",
            sa.BigInteger,
            sa.ForeignKey("messages.id", name="fk_readings_message_id"),
            nullable=False,
            autoincrement=False,
        ),
        to("readings", "conversation_id", "conversations"),
        to("readings", "contact_id", "contacts", null=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("p", sa.Float(53), nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("kecamatan", sa.Text, nullable=True),
        sa.Column("desa", sa.Text, nullable=True),
        sa.Column("gist", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_readings"),
    )
    op.create_index("ix_readings_topic", "readings", ["topic", "at", "message_id"])
    op.create_index("ix_readings_place", "readings", ["topic", "kecamatan", "at", "message_id"])
    op.create_index("ix_readings_conversation", "readings", ["conversation_id", "message_id"])


def _lessons() -> None:
    op.create_table(
        "trials",
        sa.Column("id", ID, nullable=False),
        to("trials", "message_id", "messages"),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("said", sa.String(40), nullable=False),
        sa.Column("p", sa.Float(53), nullable=False),
        sa.Column("truth", sa.String(40), nullable=False),
        sa.Column("topic_said", sa.Text, nullable=False),
        sa.Column("topic_truth", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trials"),
        sa.UniqueConstraint("message_id", name="uq_trials_message_id"),
    )
    op.create_index("ix_trials_said", "trials", ["said", "at", "id"])
    op.create_index("ix_trials_at", "trials", ["at", "id"])
    op.create_table(
        "earned",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("right", sa.Integer, nullable=False),
        sa.Column("low", sa.Float(53), nullable=False),
        sa.Column("line", sa.Float(53), nullable=True),
        sa.PrimaryKeyConstraint("kind", name="pk_earned"),
    )
    op.create_table(
        "studies",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=True),
        sa.Column("taken", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("why", sa.Text, nullable=True),
        sa.Column("size", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("corrections", sa.Integer, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
        sa.Column("learnt", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_studies"),
    )
    op.create_index("ix_studies_name", "studies", ["name"], **where("name IS NOT NULL"))


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", ID, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("kecamatan", sa.Text, nullable=True),
        sa.Column("desa", sa.Text, nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
    )
    op.create_index("ix_incidents_open", "incidents", ["last_at", "id"], **where("state IN ('offered', 'confirmed')"))
    op.create_index("ix_incidents_state", "incidents", ["state", "last_at", "id"])
    op.create_table(
        "incident_members",
        to("incident_members", "incident_id", "incidents"),
        to("incident_members", "conversation_id", "conversations"),
        to("incident_members", "message_id", "messages"),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("likeness", sa.Float(53), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("answered_at", sa.BigInteger, nullable=True),
        sa.Column("unanswered", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("incident_id", "conversation_id", name="pk_incident_members"),
    )
    op.create_index("ix_incident_members_conversation", "incident_members", ["conversation_id", "incident_id"])


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
