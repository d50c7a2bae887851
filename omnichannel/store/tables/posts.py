"""Posts of ours and of others under which public threads stand."""

import sqlalchemy as sa
from sqlalchemy import Column, PrimaryKeyConstraint, Table

from omnichannel.store.columns import key, moment, words
from omnichannel.store.tables.ground import metadata

posts = Table(
    "posts",
    metadata,
    key("account"),
    key("thread"),
    words("text", null=False),
    words("link", null=True),
    Column("kind", sa.String(10), nullable=False),
    moment("at", null=True),
    moment("seen_at"),
    PrimaryKeyConstraint("account", "thread"),
)
