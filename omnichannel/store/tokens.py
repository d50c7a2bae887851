"""Keys of programs, and whose hands they are."""

from datetime import datetime

import sqlalchemy as sa

from omnichannel.domain.errors import Conflict
from omnichannel.domain.tokens import Token
from omnichannel.store.people import STAFF, staff_of
from omnichannel.store.shelf import Row, Shelf, b, insert_or_skip
from omnichannel.store.tables import api_tokens, staff

t = api_tokens.c
ADD = insert_or_skip(api_tokens, t.id)
TOKEN = sa.select(
    t.id, t.name, t.tail, t.writes, t.unmasked, t.made_by, t.made_at, t.expires_at, t.used_at, t.ended_at, *STAFF
).join_from(api_tokens, staff, t.staff_id == staff.c.id)  # fmt: skip
BY_HASH = TOKEN.where(t.hashed == b("hashed"))
GET = TOKEN.where(t.id == b("id"))
ALL = TOKEN.order_by(t.id.desc())
USED = sa.update(api_tokens).where(t.id == b("id")).values(used_at=b("at"))
END = sa.update(api_tokens).where(t.id == b("id"), t.ended_at.is_(None)).values(ended_at=b("at"))


class TokensShelf(Shelf):
    """Fits `domain.tokens.Tokens`."""

    def add(
        self,
        *,
        name: str,
        hashed: str,
        tail: str,
        staff_id: int,
        writes: bool,
        unmasked: bool,
        made_by: str,
        at: datetime,
        expires_at: datetime | None,
    ) -> int:
        row = {
            "name": name,
            "hashed": hashed,
            "tail": tail,
            "staff_id": staff_id,
            "writes": writes,
            "unmasked": unmasked,
            "made_by": made_by,
            "made_at": at,
            "expires_at": expires_at,
        }
        made = self.run(ADD[self.dialect], row).first()
        if made is None:
            raise Conflict(f"Token bernama “{name}” sudah ada. Pilih nama lain.")
        return int(made[0])

    def by_hash(self, hashed: str) -> Token | None:
        return _token(self.run(BY_HASH, {"p_hashed": hashed}).first())

    def get(self, token_id: int) -> Token | None:
        return _token(self.run(GET, {"p_id": token_id}).first())

    def all(self) -> list[Token]:
        return [found for row in self.run(ALL) if (found := _token(row)) is not None]

    def used(self, token_id: int, at: datetime) -> None:
        self.run(USED, {"p_id": token_id, "p_at": at})

    def end(self, token_id: int, at: datetime) -> bool:
        return self.run(END, {"p_id": token_id, "p_at": at}).rowcount == 1


def _token(row: Row | None) -> Token | None:
    if row is None:
        return None
    id_, name, tail, writes, unmasked, made_by, made_at, expires_at, used_at, ended_at = row[:10]
    return Token(
        id=id_,
        name=name,
        tail=tail,
        staff=staff_of(row[10:]),
        writes=writes,
        unmasked=unmasked,
        made_by=made_by,
        made_at=made_at,
        expires_at=expires_at,
        used_at=used_at,
        ended_at=ended_at,
    )
