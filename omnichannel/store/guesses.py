"""Mails without a thread, and what they may be part of."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.guesses import Guess, Verdict
from omnichannel.store.hot import Hot
from omnichannel.store.shelf import Shelf, b, insert_or_skip
from omnichannel.store.tables import guesses, messages

g, m = guesses.c, messages.c
ADD = insert_or_skip(guesses)
WHOLE = sa.select(g.conversation_id, g.other_id, g.why, g.at, g.verdict, g.moved)
OF = Hot(WHOLE.where(g.conversation_id == b("id")).order_by(g.other_id))
OPEN = WHOLE.where(sa.text("verdict IS NULL")).order_by(g.at, g.conversation_id, g.other_id).limit(b("limit"))
COUNT = sa.select(sa.func.count(sa.distinct(g.conversation_id))).where(sa.text("verdict IS NULL"))
SETTLE = (
    sa.update(guesses)
    .where(g.conversation_id == b("id"), g.other_id == b("other"))
    .values(verdict=b("verdict"), settled_at=b("at"), moved=b("moved", sa.JSON()))
)
MOVE = sa.update(messages).where(m.id == b("id"), m.conversation_id == b("from")).values(conversation_id=b("to"))


class GuessShelf(Shelf):
    """Fits `domain.guesses.Guesses`."""

    def add(self, guess: Guess) -> None:
        row = {"conversation_id": guess.conversation_id, "other_id": guess.other_id, "why": guess.why, "at": guess.at}
        self.run(ADD[self.dialect], row | {"verdict": None, "settled_at": None, "moved": []})

    def of(self, conversation_id: int) -> list[Guess]:
        return [_guess(row) for row in self.hand.ask(OF, {"p_id": conversation_id})]

    def open(self, limit: int = 100) -> list[Guess]:
        return [_guess(row) for row in self.run(OPEN, {"p_limit": limit})]

    def count(self) -> int:
        return int(self.run(COUNT).scalar() or 0)

    def settle(self, guess: Guess, verdict: Verdict | None, at: datetime, moved: tuple[int, ...] = ()) -> None:
        row = {"p_id": guess.conversation_id, "p_other": guess.other_id, "p_at": at if verdict else None}
        self.run(SETTLE, row | {"p_verdict": verdict.value if verdict else None, "p_moved": list(moved)})

    def move(self, messages: tuple[int, ...], from_conversation: int, to_conversation: int) -> int:
        where = {"p_from": from_conversation, "p_to": to_conversation}
        return sum(self.run(MOVE, where | {"p_id": number}).rowcount for number in messages)


def _guess(row: Sequence[Any]) -> Guess:
    conversation_id, other_id, why, at, verdict, moved = row
    return Guess(conversation_id, other_id, why, at, Verdict(verdict) if verdict else None, tuple(moved or ()))
