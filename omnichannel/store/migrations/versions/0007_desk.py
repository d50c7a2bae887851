"""What officers keep for their own work, and the papers of the PPID."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _papers()


# ---------------------------------------------------------------- letters, releases, handings


def _papers() -> None:
    op.create_table(
        "letters",
        sa.Column("id", ID),
        _to("letters", "case_id", "cases"),
        _to("letters", "objection_id", "objections", null=True),
        sa.Column("kind", sa.String(20), nullable=False),
        *_text("number"),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        *_file(),
        *_text("made_by"),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sa.UniqueConstraint("number", name="uq_letters_number"),
        sa.UniqueConstraint("year", "sequence", name="uq_letters_year_sequence"),
    )
    op.create_index("ix_letters_case_id_id", "letters", ["case_id", "id"])
    op.create_table(
        "releases",
        sa.Column("id", ID),
        _to("releases", "case_id", "cases"),
        *_text("name"),
        sa.Column("original", sa.String(64), nullable=False),
        *_file(),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("regions", sa.Integer, nullable=False),
        *_text("reason", "made_by"),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("id", name="pk_releases"),
    )
    op.create_index("ix_releases_case_id_id", "releases", ["case_id", "id"])
    op.create_table(
        "handings",
        sa.Column("id", ID),
        _to("handings", "case_id", "cases"),
        *_text("name"),
        *_file(),
        _moment("at"),
        *_text("by"),
        _to("handings", "message_id", "messages", null=True),
        sa.Column("token_hash", sa.Text, nullable=True),
        _moment("until", null=True),
        _moment("opened_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_handings"),
        sa.UniqueConstraint("token_hash", name="uq_handings_token_hash"),
    )
    op.create_index("ix_handings_case_id_id", "handings", ["case_id", "id"])


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _file() -> list[sa.Column[Any]]:
    hashed = sa.Column("sha256", sa.String(64), nullable=False)
    return [hashed, sa.Column("size", sa.BigInteger, nullable=False)]


def _moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=null)


def _to(table: str, name: str, target: str, *, null: bool = False) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, sa.BigInteger, key, nullable=null)


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
