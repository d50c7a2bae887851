"""What stands under every conversation: receipts, people, time, history, numbers."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from omnichannel.store.columns import Key, Prefix, count, flag, key, moment, row_id, to, where, words

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


ledger = Table(
    "ledger",
    metadata,
    row_id(),
    key("account"),
    moment("at"),
    Column("sha256", sa.String(64), nullable=False),
    Column("previous", sa.String(64)),
    Column("chain", sa.String(64), nullable=False),
    Index(None, "account", "id"),
    sqlite_autoincrement=True,
)

payloads = Table(
    "payloads",
    metadata,
    Column("entry_id", sa.BigInteger, ForeignKey("ledger.id"), primary_key=True, autoincrement=False),
    Column("headers", sa.JSON, nullable=False),
    Column("body", sa.LargeBinary, nullable=False),
)

items = Table(
    "items",
    metadata,
    key("account"),
    key("external_id"),
    to("entry_id", "ledger.id"),
    Column("position", sa.Integer, nullable=False),
    Column("type", sa.String(20), nullable=False),
    PrimaryKeyConstraint("account", "external_id"),
    sqlite_with_rowid=False,
)

quarantine = Table(
    "quarantine",
    metadata,
    to("entry_id", "ledger.id"),
    Column("position", sa.Integer, nullable=False),
    key("account"),
    words("problem", null=False),
    moment("at"),
    PrimaryKeyConstraint("entry_id", "position"),
    Index(None, "account", "entry_id"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("account", Key, primary_key=True),
    Column("channel", sa.String(20), nullable=False),
    words("cursor"),
    Column("health", sa.String(20), nullable=False),
    words("error"),
    words("whoami"),
    moment("checked_at", null=True),
    moment("last_in_at", null=True),
    moment("last_out_at", null=True),
    count("received"),
    count("quarantined"),
    count("failed"),
    Column("lease_owner", sa.Text),
    moment("lease_until", null=True),
)


persons = Table("persons", metadata, row_id(), words("name"), moment("created_at"))

contacts = Table(
    "contacts",
    metadata,
    row_id(),
    key("account"),
    Column("channel", sa.String(20), nullable=False),
    key("external_id"),
    words("name"),
    words("handle"),
    words("phone"),
    words("address"),
    Column("name_key", Prefix),
    Column("handle_key", Prefix),
    Column("address_key", Prefix),
    Column("phone_key", Prefix),
    to("person_id", "persons.id", null=True),
    moment("first_at"),
    moment("last_at"),
    UniqueConstraint("account", "external_id"),
    Index(None, "name_key"),
    Index(None, "handle_key", **where("handle_key IS NOT NULL")),
    Index(None, "address_key", **where("address_key IS NOT NULL")),
    Index(None, "phone_key", **where("phone_key IS NOT NULL")),
    Index(None, "person_id", **where("person_id IS NOT NULL")),
)

staff = Table(
    "staff",
    metadata,
    row_id(),
    Column("login", Key, nullable=False, unique=True),
    words("name", null=False),
    Column("role", sa.String(20), nullable=False),
    key("unit", null=True),
    Column("password_hash", sa.Text, nullable=False),
    moment("created_at"),
    moment("disabled_at", null=True),
    Column("lang", sa.String(8), nullable=False, server_default="id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Key, primary_key=True),
    to("staff_id", "staff.id"),
    Column("csrf", sa.Text, nullable=False),
    moment("created_at"),
    moment("seen_at"),
    moment("expires_at"),
    Index(None, "staff_id"),
)

login_attempts = Table(
    "login_attempts",
    metadata,
    row_id(),
    key("login"),
    Column("ok", sa.Boolean, nullable=False),
    moment("at"),
    Index(None, "login", "at"),
)

registers = Table(
    "registers",
    metadata,
    Column("queue", sa.String(20), nullable=False),
    Column("year", sa.Integer, nullable=False),
    Column("last", sa.Integer, nullable=False),
    PrimaryKeyConstraint("queue", "year"),
)


jobs = Table(
    "jobs",
    metadata,
    row_id(),
    key("queue"),
    Column("key", Key, unique=True),
    Column("body", sa.JSON, nullable=False),
    moment("run_at"),
    moment("ready_at"),
    Column("attempts", sa.Integer, nullable=False),
    Column("owner", sa.Text),
    flag("dead"),
    words("error"),
    Index("ix_jobs_ready", "queue", "ready_at", "id", **where("NOT dead")),
    Index("ix_jobs_dead", "queue", **where("dead")),
    sqlite_autoincrement=True,
)

events = Table(
    "events",
    metadata,
    row_id(),
    moment("at"),
    key("actor"),
    words("actor_name"),
    Column("thing", sa.Text, nullable=False),
    Column("thing_id", sa.BigInteger, nullable=False),
    Column("verb", sa.Text, nullable=False),
    Column("conversation_id", sa.BigInteger),
    words("before"),
    words("after"),
    words("why"),
    Index("ix_events_conversation", "conversation_id", "id", **where("conversation_id IS NOT NULL")),
    Index("ix_events_thing", "thing", "thing_id", "id"),
    sqlite_autoincrement=True,
)

counters = Table(
    "counters",
    metadata,
    Column("view", sa.String(20), nullable=False),
    Column("scope", Key, nullable=False),
    count("n"),
    PrimaryKeyConstraint("view", "scope"),
)
