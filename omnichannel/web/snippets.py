"""A little of what was said around the words that were looked for, personal numbers masked, the words marked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from omnichannel.domain.privacy import mask
from omnichannel.domain.search import Passage, Piece, Sought
from omnichannel.domain.terms import term

WORD = re.compile(r"[^\W_]+")
BEFORE, LENGTH = 40, 150
MASKED_AROUND = 4000  # characters: masking reads a text several times, and a snippet shows little of a long one


@dataclass(frozen=True, slots=True)
class Bit:
    """Words, and whether they were looked for."""

    text: str
    marked: bool


def snippet(passage: Passage, sought: Sought) -> list[Bit]:
    """From the text; from its subject or a file's name where only they say it."""
    first: list[Bit] | None = None
    for text in (passage.text, passage.subject or "", *passage.files):
        bits = cut(text, sought.pieces)
        if any(bit.marked for bit in bits):
            return bits
        first = first if first else bits
    return first or []


def cut(text: str, pieces: Iterable[Piece]) -> list[Bit]:
    """The surroundings of the first marked word, with "…" where something was left out."""
    wanted = _wanted(pieces)
    text = " ".join(text.split())
    place = next(_hits(text, wanted), (0, 0))[0]
    near = max(0, place - MASKED_AROUND // 2)
    text = mask(text[near : near + MASKED_AROUND])
    marks = list(_hits(text, wanted))
    start = _word_start(text, max(0, (marks[0][0] if marks else 0) - BEFORE))
    end = min(len(text), start + LENGTH)
    bits = list(_bits(text, [(a, b) for a, b in marks if a >= start and b <= end], start, end))
    if start or near:
        bits.insert(0, Bit("… ", False))
    return [*bits, Bit(" …", False)] if end < len(text) else bits


def marked(text: str, sought: Sought) -> list[Bit]:
    """A whole short text, such as a name, its words marked."""
    wanted = _wanted((*sought.pieces, *sought.names))
    return list(_bits(text, list(_hits(text, wanted)), 0, len(text)))


def _wanted(pieces: Iterable[Piece]) -> tuple[str, ...]:
    return tuple(one for piece in pieces if not piece.without for one in piece.terms)


def _hits(text: str, wanted: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    begun = tuple(one for one in wanted if len(one) > 2)
    for match in WORD.finditer(text) if wanted else ():
        found = term(match.group())
        if found in wanted or found.startswith(begun):
            yield match.span()


def _bits(text: str, marks: list[tuple[int, int]], start: int, end: int) -> Iterator[Bit]:
    for from_, to in marks:
        if from_ > start:
            yield Bit(text[start:from_], False)
        yield Bit(text[from_:to], True)
        start = to
    if start < end:
        yield Bit(text[start:end], False)


def _word_start(text: str, at: int) -> int:
    space = text.find(" ", at) if at else -1
    return space + 1 if 0 <= space - at < BEFORE else at
