"""How alike two texts are that ought to be one: a title as we made it, and as LAPOR's officers shortened or retyped it."""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

SHORTEST_WORD = 3
NUMBER = 6  # letters that a number counts for
FEW = 3  # words; a title of fewer says little, so it must be there whole
MEMORY = 50_000
# Words that any two reports share.
COMMON = frozenset({
    "yang", "dan", "dari", "untuk", "dengan", "pada", "ini", "itu", "ada", "tidak", "sudah", "mohon", "tolong", "segera", "agar",
    "karena", "saya", "kami", "telah", "akan", "oleh", "juga", "warga", "bapak", "ibu", "pak", "laporan", "keluhan", "aduan",
    "pengaduan", "terkait", "perihal", "tentang", "kondisi", "selama", "masih", "sangat", "perbaikan", "diperbaiki", "tindak",
    "lanjut", "ditindaklanjuti", "lapor", "melaporkan",
})  # fmt: skip


@lru_cache(maxsize=MEMORY)
def words(text: str) -> tuple[str, ...]:
    """The words that tell one text from another, each once."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    found = re.findall(r"[a-z0-9]+", "".join(sign for sign in plain if not unicodedata.combining(sign)))
    told = [word for word in found if word.isdigit() or (len(word) >= SHORTEST_WORD and word not in COMMON)]
    return tuple(dict.fromkeys(told or found))


@lru_cache(maxsize=MEMORY)
def runs(word: str) -> frozenset[str]:
    edged = f" {word} "
    return frozenset(edged[at : at + 3] for at in range(len(edged) - 2))


def alike(one: str, other: str) -> float:
    """0 to 1. The shorter text must be found in the longer one; what the longer one has besides counts little."""
    first, second = words(one), words(other)
    if not first or not second:
        return 0.0
    if first == second:
        return 1.0
    fewer, more = sorted((first, second), key=len)
    held = _held(fewer, more)
    if len(fewer) < FEW and len(more) > len(fewer):
        held *= 0.6 if len(fewer) > 1 else 0.4
    back = _held(more, fewer)
    return 0.75 * held + 0.25 * back


def _held(fewer: Collection[str], more: Collection[str]) -> float:
    """The share of the letters of `fewer` that stand in `more`, a word at a time, misspelt or cut short ones in part."""
    return sum(_weight(word) * _best(word, more) for word in fewer) / sum(map(_weight, fewer))


def _weight(word: str) -> int:
    """A number tells two streets apart, however short it is."""
    return max(len(word), NUMBER) if word.isdigit() else len(word)


def _best(word: str, among: Collection[str]) -> float:
    if word in among:
        return 1.0
    if word.isdigit():
        return 0.0
    best = 0.0
    for other in among:
        shorter, longer = sorted((word, other), key=len)
        if len(shorter) >= 4 and longer.startswith(shorter):
            best = max(best, 0.9)
            continue
        mine, theirs = runs(word), runs(other)
        share = 2 * len(mine & theirs) / (len(mine) + len(theirs))
        best = max(best, share if share >= 0.5 else 0.0)
    return best
