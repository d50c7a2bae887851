"""Finding a conversation by what names it: a case number, a tracking id, a handle, a phone, an address, a name.

Every look-up is an equality or a prefix on an index. Searching in what was said is another matter and another index.
"""

import sqlalchemy as sa

from omnichannel.store.columns import Prefix, fold
from omnichannel.store.shelf import b
from omnichannel.store.tables import cases, contacts, conversations

BOUND = 200
HIGHEST = "\U0010ffff"  # no name sorts after its own prefix followed by the last code point

k = contacts.c
BY_CASE = (
    sa.select(cases.c.conversation_id).where(sa.or_(cases.c.number == b("exact"), cases.c.tracking_id == b("exact")))
).limit(BOUND)


def _starting(column: sa.Column[str]) -> sa.Select[int]:
    return (
        sa.select(conversations.c.id)
        .join(contacts, k.id == conversations.c.contact_id)
        .where(column.is_not(None), column >= b("low", Prefix()), column < b("high", sa.Text()))
        .order_by(conversations.c.id.desc())
        .limit(BOUND)
    )


BY_ATTRIBUTE = tuple(_starting(column) for column in (k.name_key, k.handle_key, k.address_key, k.phone_key))


def conversations_like(connection: sa.Connection, words: str) -> list[int]:
    """Ids of at most a few hundred conversations; none for empty words."""
    words = words.strip()
    low = fold(words.removeprefix("@"))
    if not low:
        return []
    found: set[int] = set(connection.execute(BY_CASE, {"p_exact": words.upper()}).scalars())
    found |= set(connection.execute(BY_CASE, {"p_exact": words}).scalars())
    for statement in BY_ATTRIBUTE:
        found |= set(connection.execute(statement, {"p_low": low, "p_high": low + HIGHEST}).scalars())
    digits = _as_phone(words)
    if digits is not None:
        found |= set(connection.execute(BY_ATTRIBUTE[-1], {"p_low": digits, "p_high": digits + HIGHEST}).scalars())
    return sorted(found)


def _as_phone(words: str) -> str | None:
    """`0812-3456` as people say it is `+62812345…` as platforms send it (E.164)."""
    digits = "".join(sign for sign in words if sign.isdigit())
    if len(digits) < 5 or any(sign.isalpha() for sign in words):
        return None
    return "+62" + digits[1:] if digits.startswith("0") else "+" + digits
