"""What officers keep for their own work, and the papers of the PPID."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from omnichannel.store import indexing

revision = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _papers()
    _search()


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


# ---------------------------------------------------------------- search


def _search() -> None:
    """What is there already is indexed in batches; the index speaks the words of the version that runs."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for table, column, target in SEARCHED:
        op.create_table(
            table,
            sa.Column(
                column,
                ID,
                sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{column}", ondelete="CASCADE"),
                nullable=False,
                autoincrement=False,
            ),
            sa.Column("words", TSVECTOR() if postgres else sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint(column, name=f"pk_{table}"),
        )
        for statement in (GIN if postgres else FTS5).split(";;"):
            op.execute(statement.format(table=table, column=column))
    for statement in STALE_POSTGRES if postgres else STALE_SQLITE:
        op.execute(statement)
    op.create_table(
        "saved_searches",
        sa.Column("id", ID, nullable=False),
        _to("saved_searches", "staff_id", "staff"),
        *_text("name", "query"),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_searches"),
        sa.UniqueConstraint("staff_id", "name", name="uq_saved_searches_staff_id_name"),
    )
    indexing.fill(op.get_bind())


SEARCHED = (("search_words", "message_id", "messages"), ("search_cards", "conversation_id", "conversations"))
GIN = "CREATE INDEX ix_{table}_fts ON {table} USING gin (words)"
# The table holds the terms, FTS5 only the index over it (sqlite.org/fts5.html, external content tables, 2026-11).
FTS5 = """
CREATE VIRTUAL TABLE {table}_fts USING fts5(words, content='{table}', content_rowid='{column}', columnsize=0,
  tokenize='unicode61 remove_diacritics 0');;
CREATE TRIGGER {table}_fts_in AFTER INSERT ON {table} BEGIN
  INSERT INTO {table}_fts (rowid, words) VALUES (NEW.{column}, NEW.words);
END;;
CREATE TRIGGER {table}_fts_out AFTER DELETE ON {table} BEGIN
  INSERT INTO {table}_fts ({table}_fts, rowid, words) VALUES ('delete', OLD.{column}, OLD.words);
END;;
CREATE TRIGGER {table}_fts_new AFTER UPDATE ON {table} BEGIN
  INSERT INTO {table}_fts ({table}_fts, rowid, words) VALUES ('delete', OLD.{column}, OLD.words);
  INSERT INTO {table}_fts (rowid, words) VALUES (NEW.{column}, NEW.words);
END"""
OF_CONTACT = "conversation_id IN (SELECT id FROM conversations WHERE contact_id = NEW.id)"
STALE_SQLITE = (
    "CREATE TRIGGER search_words_stale AFTER UPDATE OF text, subject, withdrawn_at ON messages BEGIN"
    " DELETE FROM search_words WHERE message_id = NEW.id; END",
    "CREATE TRIGGER search_cards_stale AFTER UPDATE OF name, handle, phone, address ON contacts BEGIN"
    f" DELETE FROM search_cards WHERE {OF_CONTACT}; END",
)
STALE_POSTGRES = (
    "CREATE FUNCTION search_words_stale() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " DELETE FROM search_words WHERE message_id = NEW.id; RETURN NULL; END $$",
    "CREATE FUNCTION search_cards_stale() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" DELETE FROM search_cards WHERE {OF_CONTACT}; RETURN NULL; END $$",
    "CREATE TRIGGER search_words_stale AFTER UPDATE OF text, subject, withdrawn_at ON messages"
    " FOR EACH ROW EXECUTE FUNCTION search_words_stale()",
    "CREATE TRIGGER search_cards_stale AFTER UPDATE OF name, handle, phone, address ON contacts"
    " FOR EACH ROW EXECUTE FUNCTION search_cards_stale()",
)


def downgrade() -> None:
    """Back to nothing would erase what citizens wrote: restore a backup instead."""
    raise NotImplementedError("this would erase what citizens wrote; restore a backup instead")
