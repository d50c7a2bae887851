"""What was said before, as a letter repeats it below the answer: each turn under its attribution, the older the deeper.

Mail programs read "Pada …, … menulis:" and ">" (RFC 3676, section 4.5), fold them, and so do we when the citizen answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from omnichannel.domain.calendar import MONTHS
from omnichannel.domain.privacy import mask

MOST = 10  # turns
LETTERS = 12_000  # of the words repeated; a longer past is in the citizen's own mailbox
CUT = "[…]"
NAME = 60


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that was said. `who` is the citizen's name; None: we said it."""

    at: datetime
    who: str | None
    text: str


def repeated(turns: Sequence[Turn], zone: tzinfo) -> str | None:
    """The history below an answer, `turns` from old to new; None where there is none.

    A citizen may have written of others: numbers of identity, telephone and address are masked in what goes out again.
    """
    kept, left = [], LETTERS
    for turn in reversed(turns[-MOST:]):
        text = (turn.text if turn.who is None else mask(turn.text)).strip()
        if not text:
            continue
        if left <= 0:
            break
        shown = text if len(text) <= left else f"{text[:left].rstrip()}\n{CUT}"
        left -= len(text)
        kept.append((_attribution(turn, zone), shown))
    lines: list[str] = []
    for attribution, text in reversed(kept):
        lines = [attribution, *(_deeper(line) for line in [*text.splitlines(), *(["", *lines] if lines else [])])]
    return "\n".join(lines) or None


def _deeper(line: str) -> str:
    """One level further down: ">" stands beside ">", and a blank parts it from words."""
    return f">{line}" if line.startswith(">") else f"> {line}".rstrip()


def _attribution(turn: Turn, zone: tzinfo) -> str:
    at = turn.at.astimezone(zone)
    # A name is the citizen's own word: no line break of it may begin a line of ours.
    who = "kami" if turn.who is None else " ".join(turn.who.split())[:NAME] or "Anda"
    return f"Pada {at.day} {MONTHS[at.month - 1]} {at.year} pukul {at:%H.%M} {at.tzname()}, {who} menulis:"
