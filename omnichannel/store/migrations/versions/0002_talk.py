"""Conversations, messages, cases and alarms."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def where(condition: str) -> dict[str, Any]:
    """A partial index, alike on both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", ID),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("surface", sa.String(10), nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column(
            "contact_id",
            sa.BigInteger,
            sa.ForeignKey("contacts.id", name="fk_conversations_contact_id"),
            nullable=False,
        ),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("last_in_at", sa.BigInteger, nullable=True),
        sa.Column("preview", sa.Text, nullable=False),
        sa.Column("unread", sa.Integer, nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column(
            "assignee_id", sa.BigInteger, sa.ForeignKey("staff.id", name="fk_conversations_assignee_id"), nullable=True
        ),
        sa.Column("unit", sa.Text, nullable=True),
        sa.Column("kind", sa.String(40), nullable=True),
        sa.Column("queue", sa.String(20), nullable=True),
        sa.Column("topic", sa.Text, nullable=True),
        sa.Column("confidence", sa.Float(53), nullable=True),
        sa.Column("needs_person", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("subject", sa.Text, nullable=True),
        sa.Column("snoozed_until", sa.BigInteger, nullable=True),
        sa.Column("due", sa.Date, nullable=True),
        sa.Column("case_id", sa.BigInteger, nullable=True),
        sa.Column("token", sa.String(40), nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("lane", sa.String(10), nullable=False),
        sa.Column("calm", sa.SmallInteger, nullable=False, server_default="1"),
        sa.Column("burn", sa.BigInteger, nullable=False),
        sa.Column("alarm_id", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.UniqueConstraint("account", "external_id", "surface", name="uq_conversations_account_external_id_surface"),
        sa.UniqueConstraint("token", name="uq_conversations_token"),
    )
    op.create_index("ix_conversations_contact_id", "conversations", ["contact_id"])
    op.create_index(
        "ix_conversations_due", "conversations", ["due", "id"], **where("lane <> 'resolved' AND due IS NOT NULL")
    )
    op.create_index("ix_conversations_failed", "conversations", ["calm", "burn", "id"], **where("failed > 0"))
    op.create_index(
        "ix_conversations_mine",
        "conversations",
        ["assignee_id", "calm", "burn", "id"],
        **where("lane = 'active' AND assignee_id IS NOT NULL"),
    )
    op.create_index("ix_conversations_open", "conversations", ["last_at", "id"], **where("lane <> 'resolved'"))
    op.create_index("ix_conversations_resolved", "conversations", ["last_at", "id"], **where("lane = 'resolved'"))
    op.create_index("ix_conversations_snoozed", "conversations", ["snoozed_until", "id"], **where("lane = 'snoozed'"))
    op.create_index(
        "ix_conversations_unread", "conversations", ["calm", "burn", "id"], **where("lane = 'active' AND unread > 0")
    )
    op.create_table(
        "conversation_units",
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column(
            "conversation_id",
            sa.BigInteger,
            sa.ForeignKey("conversations.id", name="fk_conversation_units_conversation_id"),
            nullable=False,
        ),
        sa.Column("lane", sa.String(10), nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "unit", name="pk_conversation_units"),
    )
    op.create_index(
        "ix_conversation_units_open",
        "conversation_units",
        ["unit", "last_at", "conversation_id"],
        **where("lane <> 'resolved'"),
    )
    op.create_index(
        "ix_conversation_units_resolved",
        "conversation_units",
        ["unit", "last_at", "conversation_id"],
        **where("lane = 'resolved'"),
    )
    op.create_table(
        "messages",
        sa.Column("id", ID),
        sa.Column(
            "conversation_id",
            sa.BigInteger,
            sa.ForeignKey("conversations.id", name="fk_messages_conversation_id"),
            nullable=False,
        ),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("direction", sa.String(4), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
        sa.Column("arrived_at", sa.BigInteger, nullable=False),
        sa.Column("surface", sa.String(10), nullable=False),
        sa.Column(
            "contact_id", sa.BigInteger, sa.ForeignKey("contacts.id", name="fk_messages_contact_id"), nullable=True
        ),
        sa.Column("staff_id", sa.BigInteger, sa.ForeignKey("staff.id", name="fk_messages_staff_id"), nullable=True),
        sa.Column("quoted", sa.Text, nullable=True),
        sa.Column("html", sa.Text, nullable=True),
        sa.Column("subject", sa.Text, nullable=True),
        sa.Column("message_id", sa.Text, nullable=True),
        sa.Column("reply_to", sa.Text, nullable=True),
        sa.Column("references", sa.JSON, nullable=False),
        sa.Column("auto", sa.String(12), nullable=True),
        sa.Column("automatic", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("lat", sa.Float(53), nullable=True),
        sa.Column("lon", sa.Float(53), nullable=True),
        sa.Column("delivery", sa.String(12), nullable=True),
        sa.Column("delivered_at", sa.BigInteger, nullable=True),
        sa.Column("error", sa.Text, nullable=True),
        sa.Column("edited_at", sa.BigInteger, nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger, nullable=True),
        sa.Column("album", sa.Text, nullable=True),
        sa.Column("client_key", sa.Text, nullable=True),
        sa.Column("unknown", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("ledger_id", sa.BigInteger, sa.ForeignKey("ledger.id", name="fk_messages_ledger_id"), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("account", "external_id", name="uq_messages_account_external_id"),
    )
    op.create_index("ix_messages_album", "messages", ["conversation_id", "album"], **where("album IS NOT NULL"))
    op.create_index(
        "ix_messages_client_key", "messages", ["client_key"], unique=True, **where("client_key IS NOT NULL")
    )
    op.create_index("ix_messages_message_id", "messages", ["account", "message_id"], **where("message_id IS NOT NULL"))
    op.create_index("ix_messages_thread", "messages", ["conversation_id", "sent_at", "id"])
    op.create_table(
        "alarms",
        sa.Column("id", ID),
        sa.Column(
            "conversation_id",
            sa.BigInteger,
            sa.ForeignKey("conversations.id", name="fk_alarms_conversation_id"),
            nullable=False,
        ),
        sa.Column(
            "message_id", sa.BigInteger, sa.ForeignKey("messages.id", name="fk_alarms_message_id"), nullable=False
        ),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=True),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("told", sa.Integer, nullable=False, server_default="0"),
        sa.Column("told_at", sa.BigInteger, nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger, nullable=True),
        sa.Column("acknowledged_by", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_alarms"),
    )
    op.create_index("ix_alarms_open", "alarms", ["conversation_id"], unique=True, **where("acknowledged_at IS NULL"))
    op.create_table(
        "attachments",
        sa.Column("id", ID),
        sa.Column(
            "message_id", sa.BigInteger, sa.ForeignKey("messages.id", name="fk_attachments_message_id"), nullable=False
        ),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=True),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("remote_id", sa.Text, nullable=True),
        sa.Column("remote_url", sa.Text, nullable=True),
        sa.Column("error", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sa.UniqueConstraint("message_id", "position", name="uq_attachments_message_id_position"),
    )
    op.create_table(
        "cases",
        sa.Column("id", ID),
        sa.Column(
            "conversation_id",
            sa.BigInteger,
            sa.ForeignKey("conversations.id", name="fk_cases_conversation_id"),
            nullable=False,
        ),
        sa.Column(
            "message_id", sa.BigInteger, sa.ForeignKey("messages.id", name="fk_cases_message_id"), nullable=False
        ),
        sa.Column(
            "contact_id", sa.BigInteger, sa.ForeignKey("contacts.id", name="fk_cases_contact_id"), nullable=False
        ),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("queue", sa.String(20), nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("provisional", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("calendar_version", sa.Text, nullable=False),
        sa.Column("clocks", sa.JSON, nullable=False),
        sa.Column("certain", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("confidence", sa.Float(53), nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=True),
        sa.Column("kecamatan", sa.Text, nullable=True),
        sa.Column("desa", sa.Text, nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("closed_at", sa.BigInteger, nullable=True),
        sa.Column("void_reason", sa.Text, nullable=True),
        sa.Column("tracking_id", sa.Text, nullable=True),
        sa.Column("lapor_url", sa.Text, nullable=True),
        sa.Column("lapor_status", sa.Text, nullable=True),
        sa.Column("lapor_at", sa.BigInteger, nullable=True),
        sa.Column("anonymous", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("secret", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
        sa.UniqueConstraint("queue", "year", "sequence", name="uq_cases_queue_year_sequence"),
    )
    op.create_index("ix_cases_conversation_id", "cases", ["conversation_id"])
    op.create_index("ix_cases_queue", "cases", ["queue", "id"])
    op.create_index("ix_cases_running", "cases", ["due", "id"], **where("state IN ('open', 'forwarded')"))
    op.create_index("ix_cases_state", "cases", ["queue", "state", "id"])
    op.create_index("ix_cases_tracking_id", "cases", ["tracking_id"], **where("tracking_id IS NOT NULL"))
    op.create_index("ix_cases_unit", "cases", ["unit", "queue", "id"], **where("unit IS NOT NULL"))
    op.create_table(
        "message_versions",
        sa.Column("id", ID),
        sa.Column(
            "message_id",
            sa.BigInteger,
            sa.ForeignKey("messages.id", name="fk_message_versions_message_id"),
            nullable=False,
        ),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_versions"),
    )
    op.create_index("ix_message_versions_message_id_id", "message_versions", ["message_id", "id"])
    op.create_table(
        "reactions",
        sa.Column(
            "message_id", sa.BigInteger, sa.ForeignKey("messages.id", name="fk_reactions_message_id"), nullable=False
        ),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("emoji", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("message_id", "author", name="pk_reactions"),
    )


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
