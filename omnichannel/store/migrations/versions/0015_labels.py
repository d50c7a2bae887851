"""Labels of the office's own, on conversations and in ready moves; and moves that can be taken back while they wait."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision: str | None = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "labels",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("tone", sa.String(20), nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("removed_at", sa.BigInteger, nullable=True),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
    )
    _index("labels", "folded", ["folded"], "removed_at IS NULL", unique=True)
    op.create_table(
        "conversation_labels",
        _to("label_id", "labels"),
        _to("conversation_id", "conversations"),
        sa.Column("lane", sa.String(10), nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "label_id", name="pk_conversation_labels"),
    )
    walked = ["label_id", "last_at", "conversation_id"]
    _index("conversation_labels", "open", walked, "lane <> 'resolved'")
    _index("conversation_labels", "resolved", walked, "lane = 'resolved'")
    for table, name in (("conversations", "labels"), ("moves", "labels"), ("moves", "unlabels")):
        op.add_column(table, sa.Column(name, sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("plans", sa.Column("deeds", sa.JSON, nullable=True))


def _to(name: str, table: str) -> sa.Column[int]:
    foreign = sa.ForeignKey(f"{table}.id", name=f"fk_conversation_labels_{name}")
    return sa.Column(name, sa.BigInteger, foreign, nullable=False)


def _index(table: str, name: str, columns: list[str], which: str, *, unique: bool = False) -> None:
    where = sa.text(which)
    op.create_index(f"ix_{table}_{name}", table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
