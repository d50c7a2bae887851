"""What one model learnt that the one before did not know: the whole words whose weight moved most, and towards which kind."""

from collections.abc import Iterator
from typing import Any

from omnichannel.router.grams import MARKS
from omnichannel.router.model import KINDS, Model

MOST = 12
LEAST = 0.05  # log-odds; less is the noise of any refit


def learnt(old: Model | None, new: Model) -> dict[str, Any]:
    """`gained` and `lost`: [word, kind, by how much], the largest first, each word once with the kind it moved most for."""
    if old is None:
        return {"gained": [], "lost": []}
    moved = [max(_moved(old, new, word), key=lambda one: abs(one[2])) for word in _words(old, new)]
    told = sorted((one for one in moved if abs(one[2]) >= LEAST), key=lambda one: (-abs(one[2]), one[0]))
    gained = [[word, kind, round(by, 2)] for word, kind, by in told if by > 0]
    lost = [[word, kind, round(by, 2)] for word, kind, by in told if by < 0]
    return {"gained": gained[:MOST], "lost": lost[:MOST]}


def _words(old: Model, new: Model) -> list[str]:
    """Plain single words that the newer one knows, or that the older one knew: no runs of letters, pairs, or emoji."""
    return sorted(word for word in {*old.pieces, *new.pieces} if not word.startswith((*MARKS, ":")) and " " not in word)


def _moved(old: Model, new: Model, word: str) -> Iterator[tuple[str, str, float]]:
    before, after = old.worth(word), new.worth(word)
    for at, kind in enumerate(KINDS):
        yield word, kind.value, after[at] - before[at]
