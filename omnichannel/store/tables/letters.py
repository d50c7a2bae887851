"""Letters of the PPID, copies with parts blacked out, and what of them went to citizens."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, Table, UniqueConstraint

from omnichannel.store.columns import Key, key, moment, row_id, to, words
from omnichannel.store.tables.ground import metadata

letters = Table(
    "letters",
    metadata,
    row_id(),
    to("case_id", "cases.id"),
    to("objection_id", "objections.id", null=True),
    Column("kind", sa.String(20), nullable=False),
    Column("number", Key, nullable=False, unique=True),
    Column("year", sa.Integer, nullable=False),
    Column("sequence", sa.Integer, nullable=False),
    Column("content", sa.JSON, nullable=False),
    Column("sha256", sa.String(64), nullable=False),
    Column("size", sa.BigInteger, nullable=False),
    words("made_by", null=False),
    moment("made_at"),
    UniqueConstraint("year", "sequence"),
    Index(None, "case_id", "id"),
)

releases = Table(
    "releases",
    metadata,
    row_id(),
    to("case_id", "cases.id"),
    words("name", null=False),
    Column("original", sa.String(64), nullable=False),
    Column("sha256", sa.String(64), nullable=False),
    Column("size", sa.BigInteger, nullable=False),
    Column("pages", sa.Integer, nullable=False),
    Column("regions", sa.Integer, nullable=False),
    words("reason", null=False),
    words("made_by", null=False),
    moment("made_at"),
    Index(None, "case_id", "id"),
)

handings = Table(
    "handings",
    metadata,
    row_id(),
    to("case_id", "cases.id"),
    words("name", null=False),
    Column("sha256", sa.String(64), nullable=False),
    Column("size", sa.BigInteger, nullable=False),
    moment("at"),
    words("by", null=False),
    to("message_id", "messages.id", null=True),
    key("token_hash", null=True),
    moment("until", null=True),
    moment("opened_at", null=True),
    UniqueConstraint("token_hash"),
    Index(None, "case_id", "id"),
)
