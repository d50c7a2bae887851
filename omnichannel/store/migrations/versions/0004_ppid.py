"""The whole life of an information request."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def where(condition: str) -> dict[str, Any]:
    """A partial index, alike on both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def text(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=null) for name in names]


def moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=null)


def to(table: str, name: str, target: str, *, null: bool = False) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, sa.BigInteger, key, nullable=null)


def version() -> sa.Column[Any]:
    return sa.Column("version", sa.Integer, nullable=False)


def upgrade() -> None:
    _requests()
    _decisions()
    _errands()
    _objections()
    _public_items()


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("cases.id", name="fk_requests_case_id"), autoincrement=False),
        moment("received_at"),
        moment("complete_at", null=True),
        sa.Column("applicant", sa.String(20), nullable=False),
        *text("name", "identity", "address", "job", "phone", "mail", "deed", "details", "purpose"),
        sa.Column("access", sa.String(30), nullable=False),
        sa.Column("delivery", sa.String(30), nullable=False),
        sa.Column("waits", sa.JSON, nullable=False),
        moment("extended_at", null=True),
        *text("extension_reason"),
        sa.Column("offered_item", sa.BigInteger, nullable=True),
        to("requests", "offered_by", "staff", null=True),
        moment("offered_at", null=True),
        version(),
        sa.PrimaryKeyConstraint("case_id", name="pk_requests"),
    )
    op.create_table(
        "request_papers",
        sa.Column("id", ID),
        to("request_papers", "case_id", "cases"),
        sa.Column("kind", sa.String(20), nullable=False),
        *text("name"),
        sa.Column("media_type", sa.String(150), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        moment("at"),
        *text("fault"),
        sa.PrimaryKeyConstraint("id", name="pk_request_papers"),
    )
    op.create_index("ix_request_papers_case_id_id", "request_papers", ["case_id", "id"])


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", ID),
        to("decisions", "case_id", "cases"),
        sa.Column("ruling", sa.JSON, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        to("decisions", "drafted_by", "staff"),
        *text("drafted_by_name"),
        moment("drafted_at"),
        to("decisions", "approved_by", "staff", null=True),
        *text("approved_by_name"),
        moment("approved_at", null=True),
        *text("remark"),
        version(),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_case_id_id", "decisions", ["case_id", "id"])
    op.create_table(
        "consequence_tests",
        sa.Column("id", ID),
        to("consequence_tests", "case_id", "cases"),
        *text("information"),
        sa.Column("basis", sa.String(2), nullable=False),
        *text("law", "consequence", "period", "approver", "approver_post", "by"),
        moment("at"),
        sa.Column("item_id", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_consequence_tests"),
    )
    op.create_index("ix_consequence_tests_case_id_id", "consequence_tests", ["case_id", "id"])


def _errands() -> None:
    op.create_table(
        "unit_tasks",
        sa.Column("id", ID),
        to("unit_tasks", "case_id", "cases"),
        *text("unit", "question"),
        sa.Column("due", sa.Date, nullable=False),
        *text("given_by"),
        moment("given_at"),
        *text("answer"),
        sa.Column("held", sa.Boolean, nullable=True),
        *text("answered_by"),
        moment("answered_at", null=True),
        moment("cancelled_at", null=True),
        version(),
        sa.PrimaryKeyConstraint("id", name="pk_unit_tasks"),
    )
    op.create_index("ix_unit_tasks_case_id_id", "unit_tasks", ["case_id", "id"])
    op.create_index(
        "ix_unit_tasks_open", "unit_tasks", ["due", "id"], **where("answered_at IS NULL AND cancelled_at IS NULL")
    )
    op.create_table(
        "links",
        sa.Column("id", ID),
        *text("token_hash"),
        sa.Column("purpose", sa.String(20), nullable=False),
        to("links", "case_id", "cases"),
        to("links", "task_id", "unit_tasks", null=True),
        *text("holder", "made_by"),
        moment("made_at"),
        moment("expires_at"),
        sa.Column("tries_left", sa.Integer, nullable=False),
        moment("revoked_at", null=True),
        moment("used_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("token_hash", name="uq_links_token_hash"),
    )
    op.create_index("ix_links_case_id_id", "links", ["case_id", "id"])


def _objections() -> None:
    op.create_table(
        "objections",
        sa.Column("id", ID),
        to("objections", "case_id", "cases"),
        *text("number"),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("grounds", sa.JSON, nullable=False),
        *text("story", "proxy"),
        moment("received_at"),
        sa.Column("found_on", sa.Date, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("provisional", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("calendar_version", sa.String(40), nullable=False),
        sa.Column("clocks", sa.JSON, nullable=False),
        sa.Column("verdict", sa.String(20), nullable=True),
        *text("answer", "superior", "superior_post"),
        moment("answered_at", null=True),
        *text("response"),
        moment("disputed_at", null=True),
        *text("dispute_number"),
        sa.Column("dispute_due", sa.Date, nullable=True),
        version(),
        sa.PrimaryKeyConstraint("id", name="pk_objections"),
        sa.UniqueConstraint("number", name="uq_objections_number"),
        sa.UniqueConstraint("year", "sequence", name="uq_objections_year_sequence"),
    )
    op.create_index("ix_objections_case_id_id", "objections", ["case_id", "id"])
    op.create_index("ix_objections_due", "objections", ["due", "id"], **where("state = 'open'"))


def _public_items() -> None:
    prefix = sa.Text(collation="C") if op.get_bind().dialect.name == "postgresql" else sa.Text()
    op.create_table(
        "public_items",
        sa.Column("id", ID),
        *text("unit"),
        sa.Column("category", sa.String(20), nullable=False),
        *text("title"),
        sa.Column("title_key", prefix, nullable=False),
        *text("searched", "holder", "maker", "made", "medium", "kept", "url"),
        *text("basis", "consequence", "period", "approver"),
        moment("updated_at"),
        moment("removed_at", null=True),
        version(),
        sa.PrimaryKeyConstraint("id", name="pk_public_items"),
    )
    op.create_index("ix_public_items_listed", "public_items", ["title_key", "id"], **where("removed_at IS NULL"))
    op.create_index("ix_public_items_unit", "public_items", ["unit", "title_key"], **where("removed_at IS NULL"))


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
