"""The little language in which staff write cues: words in a row, with gaps, classes and conditions.

    mohon|tolong .. diperbaiki     either word, then at most three others, then the last
    perbaik*                       any word that begins so (three letters at least)
    *tabrak*                       any word with that inside: menabrak, ditabrak, tabrakan (four letters at least)
    <not> .... mengalir            a word of the class `not`, at most eight others, then the last
    ^halo   ^^tes                  first in its sentence; first in the message
    oke $                          last in its sentence
    kapan .. cair ?                only in a sentence that asks (it ends in a question mark)
    !<not> rusak                   a word without one of these within the two before it
    api !unggun|cemburu            at the end: without one of these within the two after

    mati|padam_total               an alternative of several words, joined by _
    minum ~ racun                  both in either order, at most three words apart (~~: eight)

A gap never crosses the end of a sentence. A number reads as `#`, an emoji as `:name:`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

GAPS = {"..": 3, "....": 8}
EITHER_WAY = {"~": "..", "~~": "...."}
SHORTEST_PREFIX = 3
SHORTEST_INSIDE = 4


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One place in a phrase: the words, the beginnings of words and the insides of words that fit it."""

    words: frozenset[str]
    beginnings: tuple[str, ...] = ()
    insides: tuple[str, ...] = ()

    def fits(self, word: str) -> bool:
        """Whether that word may stand here."""
        if word in self.words or (self.beginnings and word.startswith(self.beginnings)):
            return True
        return bool(self.insides) and any(inside in word for inside in self.insides)


@dataclass(frozen=True, slots=True)
class Step:
    """The next place, after at most `gap` other words, and not close behind one of `without`."""

    gap: int
    here: Alternatives
    without: Alternatives | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """One parsed cue; `text` is how it was written."""

    text: str
    steps: tuple[Step, ...]
    opens_sentence: bool = False
    opens_message: bool = False
    closes_sentence: bool = False
    asks: bool = False
    not_after: Alternatives | None = None

    def words(self) -> frozenset[str]:
        """Every whole word the phrase knows; the vocabulary that spelling is mended towards."""
        return frozenset().union(*(step.here.words for step in self.steps))


def variants(text: str) -> tuple[str, ...]:
    """The plain cues that one cue stands for.

    `lampu mati|padam_total` is `lampu mati` and `lampu padam total`; `minum ~ racun` is `minum .. racun` and `racun .. minum`.
    """
    for either, gap in EITHER_WAY.items():
        left, between, right = f" {text} ".partition(f" {either} ")
        if between:
            return (*variants(f"{left} {gap} {right}"), *variants(f"{right} {gap} {left}"))
    ways: list[tuple[str, ...]] = []
    for part in text.split():
        pieces = part.split("|")
        joined = tuple(piece.replace("_", " ") for piece in pieces if "_" in piece)
        plain = "|".join(piece for piece in pieces if "_" not in piece)
        ways.append((plain, *joined) if plain else joined)
    return tuple(" ".join(way) for way in product(*ways))


def parse(text: str, classes: Mapping[str, Alternatives]) -> Phrase:
    """Reads one cue. ValueError says what is wrong with it, in words fit for the administrator."""
    rest = text.split()
    opens_message = bool(rest) and rest[0].startswith("^^")
    opens_sentence = bool(rest) and rest[0].startswith("^") and not opens_message
    if rest and rest[0].startswith("^"):
        rest[0] = rest[0].lstrip("^")
    rest = [part for part in rest if part]
    asks = bool(rest) and rest[-1] == "?"
    rest = rest[:-1] if asks else rest
    closes = bool(rest) and rest[-1] == "$"
    rest = rest[:-1] if closes else rest
    not_after = alternatives(rest.pop()[1:], classes) if len(rest) > 1 and rest[-1].startswith("!") else None
    return Phrase(
        text=text,
        steps=_steps(rest, classes),
        opens_sentence=opens_sentence,
        opens_message=opens_message,
        closes_sentence=closes,
        asks=asks,
        not_after=not_after,
    )


def _steps(parts: list[str], classes: Mapping[str, Alternatives]) -> tuple[Step, ...]:
    steps: list[Step] = []
    gap = 0
    without: Alternatives | None = None
    for part in parts:
        if part.startswith("!"):
            without = alternatives(part[1:], classes)
            continue
        if part in GAPS:
            if not steps or gap:
                raise ValueError("a gap stands between two words")
            gap = GAPS[part]
            continue
        steps.append(Step(gap, alternatives(part, classes), without))
        gap, without = 0, None
    if not steps:
        raise ValueError("at least one word")
    if gap:
        raise ValueError("a gap stands between two words")
    return tuple(steps)


def alternatives(part: str, classes: Mapping[str, Alternatives]) -> Alternatives:
    """`a|b*|<class>` as one set; ValueError names what is not understood."""
    words: set[str] = set()
    beginnings: list[str] = []
    insides: list[str] = []
    for piece in part.split("|"):
        if piece.startswith("<") and piece.endswith(">"):
            known = classes.get(piece[1:-1])
            if known is None:
                raise ValueError(f"a word class of words.toml, not {piece}")
            words |= known.words
            beginnings.extend(known.beginnings)
            insides.extend(known.insides)
        elif piece.startswith("*") and piece.endswith("*"):
            if len(piece) < SHORTEST_INSIDE + 2 or not piece[1:-1].isalnum():
                raise ValueError(f"at least {SHORTEST_INSIDE} letters between the stars, not {piece!r}")
            insides.append(piece[1:-1])
        elif piece.endswith("*"):
            if len(piece) <= SHORTEST_PREFIX or not piece[:-1].isalnum():
                raise ValueError(f"at least {SHORTEST_PREFIX} letters before the star, not {piece!r}")
            beginnings.append(piece[:-1])
        elif piece and not set(piece) & set("<>*^$!?_~"):
            words.add(piece)
        else:
            raise ValueError(f"a word, word*, *word*, <class> or words parted by |, not {piece!r}")
    return Alternatives(frozenset(words), tuple(beginnings), tuple(insides))
