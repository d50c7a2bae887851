"""How far we have read, and what it has cost: the cursor of one account, as text."""

import json
from dataclasses import dataclass, field
from typing import Any

from omnichannel.connectors.reading import part, things, whole, word
from omnichannel.connectors.x.prices import Meter


@dataclass(frozen=True, slots=True)
class Tape:
    """One list that X gives newest first. Everything up to `known` is ours. While a walk through its pages goes on,
    `token` names the page to go on with and `newest` the newest item seen: known only once the walk has arrived."""

    known: str | None = None
    newest: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Both lists and the meter."""

    mentions: Tape = field(default_factory=Tape)
    messages: Tape = field(default_factory=Tape)
    meter: Meter = field(default_factory=Meter)

    @classmethod
    def load(cls, text: str | None) -> "Cursor":
        """A cursor that cannot be read is none: what it knew comes once more, and is known by its id."""
        try:
            held: Any = json.loads(text or "{}")
        except (ValueError, RecursionError):
            held = {}
        meter = part(held, "meter")
        paid = tuple(one for one in things(meter, "paid") if isinstance(one, str))
        return cls(
            mentions=_tape(part(held, "mentions")),
            messages=_tape(part(held, "messages")),
            meter=Meter(
                month=word(meter, "month") or "",
                spent=max(whole(meter, "spent") or 0, 0),
                day=word(meter, "day") or "",
                paid=paid,
            ),
        )

    def dump(self) -> str:
        meter = self.meter
        return json.dumps(
            {
                "mentions": _plain(self.mentions),
                "messages": _plain(self.messages),
                "meter": {"month": meter.month, "spent": meter.spent, "day": meter.day, "paid": list(meter.paid)},
            },
            separators=(",", ":"),
        )


def _tape(held: dict[str, Any]) -> Tape:
    known, newest = _number(held, "known"), _number(held, "newest")
    return Tape(known=known, newest=newest, token=word(held, "token"))


def _number(held: dict[str, Any], key: str) -> str | None:
    found = word(held, key)
    return found if found and found.isascii() and found.isdigit() else None


def _plain(tape: Tape) -> dict[str, str]:
    named = {"known": tape.known, "newest": tape.newest, "token": tape.token}
    return {key: value for key, value in named.items() if value is not None}
