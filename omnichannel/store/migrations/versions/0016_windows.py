"""Until when a channel lets an officer answer, for the lists that show what burns first."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision: str | None = "0015"
branch_labels = None
depends_on = None

HOUR, DAY = 3_600_000_000, 86_400_000_000  # microseconds
OPEN = "lane <> 'resolved'"
SHUTTING = f"{OPEN} AND shuts_at IS NOT NULL"
# Channel by channel as the connectors said on the day of this migration; what is received later brings its own.
SPANS = {"whatsapp": 24 * HOUR, "facebook": 7 * DAY, "instagram": 7 * DAY}


def upgrade() -> None:
    op.add_column("conversations", sa.Column("shuts_at", sa.BigInteger, nullable=True))
    op.create_index(
        "ix_conversations_shuts",
        "conversations",
        ["shuts_at", "id"],
        sqlite_where=sa.text(SHUTTING),
        postgresql_where=sa.text(SHUTTING),
    )
    # Days stand in the high bits of `burn`. Of the low 34 the upper two now tell what is urgent (1) and what is a window (2)
    # from the rest (3): all was rest.
    op.execute(f"UPDATE conversations SET burn = burn - {2 << 32} WHERE urgent AND {OPEN}")
    newest = "(SELECT coalesce(max(last_at), 0) FROM conversations)"
    for channel, span in SPANS.items():
        op.execute(
            f"UPDATE conversations SET shuts_at = last_in_at + {span} WHERE channel = '{channel}' AND surface = 'direct'"
            f" AND {OPEN} AND last_in_at + {span} > {newest}"
        )
    day = f"(719163 + shuts_at / {DAY})"
    op.execute(
        f"UPDATE conversations SET burn = ({day} << 34) | (burn & {(1 << 34) - 1})"
        f" WHERE {SHUTTING} AND state = 'open' AND urgent AND {day} < (burn >> 34)"
    )
    op.execute(
        f"UPDATE conversations SET burn = ({day} << 34) + {2 << 32} + shuts_at / 1000000"
        f" WHERE {SHUTTING} AND state = 'open' AND NOT urgent AND {day} <= (burn >> 34)"
    )


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
