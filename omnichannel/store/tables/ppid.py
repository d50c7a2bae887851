"""The formal part of information requests, objections, and the lists of public and of exempted information."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint

from omnichannel.store.columns import Key, Prefix, flag, key, moment, row_id, to, where, words
from omnichannel.store.tables.ground import metadata


def text(name: str) -> Column[str]:
    return words(name, null=False)


requests = Table(
    "requests",
    metadata,
    Column("case_id", sa.BigInteger, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    moment("received_at"),
    moment("complete_at", null=True),
    Column("applicant", sa.String(20), nullable=False),
    *(text(name) for name in ("name", "identity", "address", "job", "phone", "mail", "deed", "details", "purpose")),
    Column("access", sa.String(30), nullable=False),
    Column("delivery", sa.String(30), nullable=False),
    Column("waits", sa.JSON, nullable=False),
    moment("extended_at", null=True),
    text("extension_reason"),
    Column("offered_item", sa.BigInteger),
    to("offered_by", "staff.id", null=True),
    moment("offered_at", null=True),
    Column("version", sa.Integer, nullable=False),
)

request_papers = Table(
    "request_papers",
    metadata,
    row_id(),
    to("case_id", "cases.id"),
    Column("kind", sa.String(20), nullable=False),
    text("name"),
    Column("media_type", sa.String(150), nullable=False),
    Column("size", sa.BigInteger, nullable=False),
    Column("sha256", sa.String(64), nullable=False),
    moment("at"),
    text("fault"),
    Index(None, "case_id", "id"),
)

decisions = Table(
    "decisions",
    metadata,
    row_id(),
    to("case_id", "cases.id"),
    Column("ruling", sa.JSON, nullable=False),
    Column("state", sa.String(10), nullable=False),
    to("drafted_by", "staff.id"),
    text("drafted_by_name"),
    moment("drafted_at"),
    to("approved_by", "staff.id", null=True),
    text("approved_by_name"),
    moment("approved_at", null=True),
    text("remark"),
    Column("version", sa.Integer, nullable=False),
    Index(None, "case_id", "id"),
)

consequence_tests = Table(
    "consequence_tests",
    metadata,
    row_id(),
    to("case_id", "cases.id"),
    text("information"),
    Column("basis", sa.String(2), nullable=False),
    text("law"),
    *(text(name) for name in ("consequence", "period", "approver", "approver_post", "by")),
    moment("at"),
    Column("item_id", sa.BigInteger),
    Index(None, "case_id", "id"),
)

unit_tasks = Table(
    "unit_tasks",
    metadata,
    row_id(),
    to("case_id", "cases.id"),
    key("unit"),
    text("question"),
    Column("due", sa.Date, nullable=False),
    text("given_by"),
    moment("given_at"),
    text("answer"),
    Column("held", sa.Boolean),
    text("answered_by"),
    moment("answered_at", null=True),
    moment("cancelled_at", null=True),
    Column("version", sa.Integer, nullable=False),
    Index(None, "case_id", "id"),
    Index("ix_unit_tasks_open", "due", "id", **where("answered_at IS NULL AND cancelled_at IS NULL")),
)

links = Table(
    "links",
    metadata,
    row_id(),
    Column("token_hash", Key, nullable=False, unique=True),
    Column("purpose", sa.String(20), nullable=False),
    to("case_id", "cases.id"),
    to("task_id", "unit_tasks.id", null=True),
    text("holder"),
    text("made_by"),
    moment("made_at"),
    moment("expires_at"),
    Column("tries_left", sa.Integer, nullable=False),
    moment("revoked_at", null=True),
    moment("used_at", null=True),
    Index(None, "case_id", "id"),
)

objections = Table(
    "objections",
    metadata,
    row_id(),
    to("case_id", "cases.id"),
    Column("number", Key, nullable=False, unique=True),
    Column("year", sa.Integer, nullable=False),
    Column("sequence", sa.Integer, nullable=False),
    Column("state", sa.String(20), nullable=False),
    Column("grounds", sa.JSON, nullable=False),
    text("story"),
    text("proxy"),
    moment("received_at"),
    Column("found_on", sa.Date, nullable=False),
    Column("due", sa.Date, nullable=False),
    flag("provisional"),
    Column("calendar_version", sa.String(40), nullable=False),
    Column("clocks", sa.JSON, nullable=False),
    Column("verdict", sa.String(20)),
    *(text(name) for name in ("answer", "superior", "superior_post")),
    moment("answered_at", null=True),
    text("response"),
    moment("disputed_at", null=True),
    text("dispute_number"),
    Column("dispute_due", sa.Date),
    Column("version", sa.Integer, nullable=False),
    UniqueConstraint("year", "sequence"),
    Index(None, "case_id", "id"),
    Index("ix_objections_due", "due", "id", **where("state = 'open'")),
)

public_items = Table(
    "public_items",
    metadata,
    row_id(),
    key("unit"),
    Column("category", sa.String(20), nullable=False),
    text("title"),
    Column("title_key", Prefix, nullable=False),
    text("searched"),
    *(text(name) for name in ("holder", "maker", "made", "medium", "kept", "url")),
    *(text(name) for name in ("basis", "consequence", "period", "approver")),
    moment("updated_at"),
    moment("removed_at", null=True),
    Column("version", sa.Integer, nullable=False),
    Index("ix_public_items_listed", "title_key", "id", **where("removed_at IS NULL")),
    Index("ix_public_items_unit", "unit", "title_key", **where("removed_at IS NULL")),
)
