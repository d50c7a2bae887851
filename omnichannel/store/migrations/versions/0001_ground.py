"""Receipts, people, time and history: what stands under every conversation."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Bytewise order, so that a range is a prefix.
PREFIX = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def where(condition: str) -> dict[str, Any]:
    """A partial index, alike on both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("cursor", sa.Text, nullable=True),
        sa.Column("health", sa.String(20), nullable=False),
        sa.Column("error", sa.Text, nullable=True),
        sa.Column("whoami", sa.Text, nullable=True),
        sa.Column("checked_at", sa.BigInteger, nullable=True),
        sa.Column("last_in_at", sa.BigInteger, nullable=True),
        sa.Column("last_out_at", sa.BigInteger, nullable=True),
        sa.Column("received", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("quarantined", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("failed", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("lease_owner", sa.Text, nullable=True),
        sa.Column("lease_until", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("account", name="pk_accounts"),
    )
    op.create_table(
        "ledger",
        sa.Column("id", ID),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=True),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ledger_account_id", "ledger", ["account", "id"])
    op.create_table(
        "payloads",
        sa.Column(
            "entry_id",
            sa.BigInteger,
            sa.ForeignKey("ledger.id", name="fk_payloads_entry_id"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_payloads"),
    )
    op.create_table(
        "items",
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("entry_id", sa.BigInteger, sa.ForeignKey("ledger.id", name="fk_items_entry_id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("account", "external_id", name="pk_items"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quarantine",
        sa.Column("entry_id", sa.BigInteger, sa.ForeignKey("ledger.id", name="fk_quarantine_entry_id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "position", name="pk_quarantine"),
    )
    op.create_index("ix_quarantine_account_entry_id", "quarantine", ["account", "entry_id"])
    op.create_table(
        "persons",
        sa.Column("id", ID),
        sa.Column("name", sa.Text, nullable=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
    )
    op.create_table(
        "contacts",
        sa.Column("id", ID),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=True),
        sa.Column("handle", sa.Text, nullable=True),
        sa.Column("phone", sa.Text, nullable=True),
        sa.Column("address", sa.Text, nullable=True),
        sa.Column("name_key", PREFIX, nullable=True),
        sa.Column("handle_key", PREFIX, nullable=True),
        sa.Column("address_key", PREFIX, nullable=True),
        sa.Column("phone_key", PREFIX, nullable=True),
        sa.Column("person_id", sa.BigInteger, sa.ForeignKey("persons.id", name="fk_contacts_person_id"), nullable=True),
        sa.Column("first_at", sa.BigInteger, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.UniqueConstraint("account", "external_id", name="uq_contacts_account_external_id"),
    )
    op.create_index("ix_contacts_address_key", "contacts", ["address_key"], **where("address_key IS NOT NULL"))
    op.create_index("ix_contacts_handle_key", "contacts", ["handle_key"], **where("handle_key IS NOT NULL"))
    op.create_index("ix_contacts_name_key", "contacts", ["name_key"])
    op.create_index("ix_contacts_person_id", "contacts", ["person_id"], **where("person_id IS NOT NULL"))
    op.create_index("ix_contacts_phone_key", "contacts", ["phone_key"], **where("phone_key IS NOT NULL"))
    op.create_table(
        "staff",
        sa.Column("id", ID),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("unit", sa.Text, nullable=True),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("disabled_at", sa.BigInteger, nullable=True),
        sa.Column("lang", sa.String(8), nullable=False, server_default="id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("login", name="uq_staff_login"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("staff_id", sa.BigInteger, sa.ForeignKey("staff.id", name="fk_sessions_staff_id"), nullable=False),
        sa.Column("csrf", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_staff_id", "sessions", ["staff_id"])
    op.create_table(
        "login_attempts",
        sa.Column("id", ID),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("ok", sa.Boolean, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_login_attempts"),
    )
    op.create_index("ix_login_attempts_login_at", "login_attempts", ["login", "at"])
    op.create_table(
        "registers",
        sa.Column("queue", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("queue", "year", name="pk_registers"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", ID),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=True),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("run_at", sa.BigInteger, nullable=False),
        sa.Column("ready_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text, nullable=True),
        sa.Column("dead", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("error", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("key", name="uq_jobs_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_dead", "jobs", ["queue"], **where("dead"))
    op.create_index("ix_jobs_ready", "jobs", ["queue", "ready_at", "id"], **where("NOT dead"))
    op.create_table(
        "events",
        sa.Column("id", ID),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("actor_name", sa.Text, nullable=True),
        sa.Column("thing", sa.Text, nullable=False),
        sa.Column("thing_id", sa.BigInteger, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.BigInteger, nullable=True),
        sa.Column("before", sa.Text, nullable=True),
        sa.Column("after", sa.Text, nullable=True),
        sa.Column("why", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_events_conversation", "events", ["conversation_id", "id"], **where("conversation_id IS NOT NULL")
    )
    op.create_index("ix_events_thing", "events", ["thing", "thing_id", "id"])
    op.create_table(
        "counters",
        sa.Column("view", sa.String(20), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("view", "scope", name="pk_counters"),
    )
    forbid_change("ledger")
    forbid_change("events")


def forbid_change(table: str) -> None:
    """What is written here stays as it is, whoever asks: the database itself refuses."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_stays()"
    )


def downgrade() -> None:
    """Back to nothing would erase receipts: restore a backup instead."""
    raise NotImplementedError("there is nothing before the first schema; restore a backup instead")
