"""What the machine read in each message, what people said to it, what was learnt from that, and many citizens' one event."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from omnichannel.store.columns import count, flag, key, moment, row_id, to, where, words
from omnichannel.store.tables.ground import metadata

# One row a message that was judged: the machine's own word on it, kept so that a person's later word can be held against it,
# and the words that tell whether another citizen speaks of the same matter.
readings = Table(
    "readings",
    metadata,
    Column("message_id", sa.BigInteger, ForeignKey("messages.id"), primary_key=True, autoincrement=False),
    to("conversation_id", "conversations.id"),
    to("contact_id", "contacts.id", null=True),
    moment("at"),
    Column("kind", sa.String(40), nullable=False),
    Column("p", sa.Float(53), nullable=False),
    key("topic"),
    Column("kecamatan", sa.Text),
    Column("desa", sa.Text),
    words("gist", null=False),
    Index("ix_readings_topic", "topic", "at", "message_id"),
    Index("ix_readings_place", "topic", "kecamatan", "at", "message_id"),
    Index("ix_readings_conversation", "conversation_id", "message_id"),
)

# One row a message on whose kind a person has ruled; the last word counts.
trials = Table(
    "trials",
    metadata,
    row_id(),
    to("message_id", "messages.id"),
    moment("at"),
    Column("said", sa.String(40), nullable=False),
    Column("p", sa.Float(53), nullable=False),
    Column("truth", sa.String(40), nullable=False),
    key("topic_said"),
    key("topic_truth"),
    key("by"),
    UniqueConstraint("message_id"),
    Index("ix_trials_said", "said", "at", "id"),
    Index("ix_trials_at", "at", "id"),
)

# Where the machine may decide by itself in mode "earned": one row a kind, made anew with each trial of it.
earned = Table(
    "earned",
    metadata,
    Column("kind", sa.String(40), nullable=False),
    Column("n", sa.Integer, nullable=False),
    Column("right", sa.Integer, nullable=False),
    Column("low", sa.Float(53), nullable=False),
    Column("line", sa.Float(53)),
    PrimaryKeyConstraint("kind"),
)

# Every time the machine learnt, whether or not what it learnt was taken.
studies = Table(
    "studies",
    metadata,
    row_id(),
    moment("at"),
    words("by", null=False),
    key("name", null=True),
    flag("taken"),
    words("why"),
    count("size"),
    Column("corrections", sa.Integer, nullable=False),
    Column("figures", sa.JSON, nullable=False),
    Column("learnt", sa.JSON, nullable=False),
    Index("ix_studies_name", "name", **where("name IS NOT NULL")),
)

incidents = Table(
    "incidents",
    metadata,
    row_id(),
    key("topic"),
    Column("kecamatan", sa.Text),
    Column("desa", sa.Text),
    Column("state", sa.String(12), nullable=False),
    words("title", null=False),
    moment("opened_at"),
    moment("last_at"),
    Index("ix_incidents_open", "last_at", "id", **where("state IN ('offered', 'confirmed')")),
    Index("ix_incidents_state", "state", "last_at", "id"),
)

incident_members = Table(
    "incident_members",
    metadata,
    to("incident_id", "incidents.id"),
    to("conversation_id", "conversations.id"),
    to("message_id", "messages.id"),
    Column("state", sa.String(12), nullable=False),
    Column("likeness", sa.Float(53), nullable=False),
    moment("at"),
    moment("answered_at", null=True),
    words("unanswered"),
    PrimaryKeyConstraint("incident_id", "conversation_id"),
    Index("ix_incident_members_conversation", "conversation_id", "incident_id"),
)
