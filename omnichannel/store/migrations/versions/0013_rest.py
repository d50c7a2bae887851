"""What PPID, LAPOR and the lists came to need."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0012"
branch_labels = None
depends_on = None


OPEN = "lane <> 'resolved'"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _lists()
    _search()
    _carried()


# ---------------------------------------------------------------- the work lists


def _lists() -> None:
    """How an officer likes the desk, what can be taken back, and how many cases run."""
    op.create_table(
        "undos",
        sa.Column("id", ID, nullable=False),
        sa.Column("staff_id", sa.BigInteger, sa.ForeignKey("staff.id", name="fk_undos_staff_id"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("deed", sa.String(20), nullable=False),
        sa.Column("changes", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_undos"),
    )
    op.create_index("ix_undos_staff_id", "undos", ["staff_id"])
    op.create_table(
        "tastes",
        sa.Column("staff_id", sa.BigInteger, sa.ForeignKey("staff.id", name="fk_tastes_staff_id"), nullable=False),
        sa.Column("density", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_tastes"),
    )
    for name in ("unread", "mine", "failed"):
        op.drop_index(f"ix_conversations_{name}", "conversations")
    for name, holder, which in (
        ("unread", (), "lane = 'active' AND unread > 0"),
        ("mine", ("assignee_id",), "lane = 'active' AND assignee_id IS NOT NULL"),
        ("failed", (), "failed > 0"),
        ("burning", (), OPEN),
    ):
        op.create_index(
            f"ix_conversations_{name}",
            "conversations",
            [*holder, "calm", "burn", "id", "unit", "last_at"],
            sqlite_where=sa.text(which),
            postgresql_where=sa.text(which),
        )
    # What is urgent burns on the day it was said: days stand in the high bits, the newest word in the low 34.
    day = "(719163 + last_at / 86400000000)"
    op.execute(
        f"UPDATE conversations SET burn = ({day} << 34) | (burn & {(1 << 34) - 1})"
        f" WHERE urgent AND {OPEN} AND (burn >> 34) > {day}"
    )
    for scope in ("'queue=' || queue", "'unit=' || unit || ';queue=' || queue"):
        op.execute(
            f"INSERT INTO counters (view, scope, n) SELECT 'kasus', {scope}, count(*) FROM cases"
            " WHERE state IN ('open', 'forwarded') AND " + scope + " IS NOT NULL GROUP BY 2"
        )


# ---------------------------------------------------------------- search


def _search() -> None:
    """PostgreSQL keeps new words in a list beside the index, which every search reads whole and whoever overflows it must
    sort in. At 4 MB, its default, that costs a search 10 ms and one commit in thousands a tenth of a second."""
    if op.get_bind().dialect.name == "postgresql":
        for table in ("search_words", "search_cards"):
            op.execute(f"ALTER INDEX ix_{table}_fts SET (gin_pending_list_limit = 256)")


# ---------------------------------------------------------------- public comments that go on in private


def _carried() -> None:
    """Which public comments an officer carried over to the private desk, and which were marked as solved in public."""

    def to(name: str, table: str, *, null: bool = False) -> sa.Column[int]:
        return sa.Column(name, sa.BigInteger, sa.ForeignKey(f"{table}.id", name=f"fk_carried_{name}"), nullable=null)

    op.create_table(
        "carried",
        to("comment_id", "messages"),
        to("conversation_id", "conversations"),
        sa.Column("at", sa.BigInteger, nullable=False),
        to("staff_id", "staff"),
        to("private_id", "conversations", null=True),
        to("said_id", "messages", null=True),
        sa.Column("solved_at", sa.BigInteger, nullable=True),
        to("solved_id", "messages", null=True),
        sa.PrimaryKeyConstraint("comment_id", name="pk_carried"),
    )
    op.create_index("ix_carried_conversation_id", "carried", ["conversation_id"])
    op.create_index("ix_carried_private_id", "carried", ["private_id"])


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
