"""How each account is watched, and who has guessed at what."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

from omnichannel.store.columns import Key, key, moment, row_id
from omnichannel.store.tables.ground import metadata

# `heard_id` is the last ledger entry that the rhythm has counted; `quiet_since` is set while the account is too silent.
account_care = Table(
    "account_care",
    metadata,
    Column("account", Key, primary_key=True),
    moment("probe_at", null=True),
    moment("probed_at", null=True),
    moment("expires_at", null=True),
    Column("heard_id", sa.BigInteger, nullable=False, server_default="0"),
    moment("quiet_since", null=True),
)

# How much an account heard in each hour of the last weeks.
account_hours = Table(
    "account_hours",
    metadata,
    key("account"),
    moment("hour"),
    Column("n", sa.Integer, nullable=False),
    PrimaryKeyConstraint("account", "hour"),
)

# One row a wrong guess at a code; `name` says whose, or at which number.
tries = Table(
    "tries",
    metadata,
    row_id(),
    key("name"),
    moment("at"),
    Index(None, "name", "at"),
    Index(None, "at"),
)
