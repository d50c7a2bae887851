"""Keys that programs hold."""

import sqlalchemy as sa
from sqlalchemy import Column, Table

from omnichannel.store.columns import Key, flag, moment, row_id, to, words
from omnichannel.store.tables.ground import metadata

api_tokens = Table(
    "api_tokens",
    metadata,
    row_id(),
    Column("name", Key, nullable=False, unique=True),
    Column("hashed", Key, nullable=False, unique=True),
    Column("tail", sa.String(8), nullable=False),
    to("staff_id", "staff.id"),
    flag("writes"),
    flag("unmasked"),
    words("made_by", null=False),
    moment("made_at"),
    moment("expires_at", null=True),
    moment("used_at", null=True),
    moment("ended_at", null=True),
)
