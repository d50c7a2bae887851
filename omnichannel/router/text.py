"""A citizen's words made plain, with the way back: each plain word knows where it stood in the original.

Cues are looked for in the plain words; what staff see highlighted is the citizen's own text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from omnichannel.domain.understanding import WordTables
from omnichannel.router.lookalikes import folded, unboxed
from omnichannel.router.spelling import Spelling

# The matter of a letter stands in its first pages; a pasted book must not hold up the queue.
MOST_WORDS = 700
MOST_CHARACTERS = 8_000
WRAPPED = 58  # a line at least this long that goes on in lower case was broken by a mail program

_TOKEN = re.compile(
    r"(?P<url>(?:https?://|www\.)\S+)"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<mention>@\w[\w.]*\w|@\w)"
    r"|(?P<hashtag>\#\w+)"
    r"|(?P<number>\d+(?:[.,:]\d+)+)"
    r"|(?P<word>[^\W_]+(?:[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff'’\-]+[^\W_]+)*)"
    r"|(?P<end>[.!?;\n…]+|:(?=\s))"
    r"|(?P<mark>[^\w\s])"
)
_JOINERS = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff'’]")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SPACED_OUT = re.compile(r"(?<!\w)(?:(?:[^\W\d_] ){4,}|(?:[^\W\d_][.*·]){2,})[^\W\d_](?!\w)")
_BETWEEN = re.compile(r"[ .*·]")


class Token(NamedTuple):
    """One plain word, the lower-case form it was typed in, and where that stood."""

    word: str
    raw: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Plain:
    """A message made plain. `closings[n]` is the mark that ended sentence n: "." "?" or "!"."""

    original: str
    tokens: tuple[Token, ...]
    closings: tuple[str, ...]
    mentions: tuple[str, ...]
    links: int
    hashtags: int
    shouted: bool
    understood: float

    def asked(self, sentence: int) -> bool:
        """Whether that sentence ends in a question mark."""
        return self.closings[sentence] == "?"

    def with_tokens(self, tokens: tuple[Token, ...]) -> "Plain":
        """The same message read in other words."""
        return replace(self, tokens=tokens)

    def quote(self, first: int, last: int) -> str:
        """The citizen's own words from token `first` to token `last`."""
        return self.original[self.tokens[first].start : self.tokens[last].end]

    @property
    def length(self) -> int:
        """How many words were typed, emoji and marks not counted."""
        return len({token.start for token in self.tokens if not token.word.startswith(":")})


class Reader:
    """Makes messages plain by the tables of words.toml and the vocabulary that the cues use."""

    def __init__(self, words: WordTables, vocabulary: frozenset[str]) -> None:
        self._spelling = Spelling(words.slang, words.known, vocabulary)
        self._emoji: Mapping[str, str] = {sign: f":{name}:" for sign, name in words.emoji.items()}
        self._abbreviations = words.abbreviations

    def read(self, text: str) -> Plain:
        """Never fails: whatever was written comes back as words, however few."""
        reading = _Reading(text)
        text = unboxed(text)
        spaced = [match.span() for match in _SPACED_OUT.finditer(text[:MOST_CHARACTERS])]
        for match in _TOKEN.finditer(text[:MOST_CHARACTERS]):
            if len(reading.tokens) >= MOST_WORDS:
                break
            if spaced and self._take_spaced(match, spaced, reading):
                continue
            self._take(match, reading)
        self._join_prefix(reading)
        return reading.plain(self._spelling)

    def _take_spaced(self, match: re.Match[str], spaced: list[tuple[int, int]], reading: "_Reading") -> bool:
        """T O L O N G: letters set apart for emphasis are one word."""
        for start, end in spaced:
            if start <= match.start() < end:
                if match.start() == start:
                    word = _bare(_BETWEEN.sub("", unboxed(reading.original[start:end])))
                    reading.add(self._spelling.plain(word), word, start, end)
                return True
        return False

    def _take(self, match: re.Match[str], reading: "_Reading") -> None:
        kind, piece, start, end = match.lastgroup, match.group(), match.start(), match.end()
        if kind == "word":
            raw = _bare(piece)
            reading.add(self._spelling.plain(raw), raw, start, end)
        elif kind == "end":
            if not self._goes_on(piece, start, end, reading):
                reading.close("?" if "?" in piece else "!" if "!" in piece else ".")
        elif kind == "number":
            reading.add(("#",), piece, start, end)
        elif kind == "hashtag":
            reading.hashtags += 1
            self._split_hashtag(piece, start, reading)
        elif kind == "mention":
            reading.mentions.append(piece[1:].lower())
        elif kind in ("url", "mail"):
            reading.links += 1
        elif name := self._emoji.get(piece):
            reading.add((name,), piece, start, end)

    def _goes_on(self, piece: str, start: int, end: int, reading: "_Reading") -> bool:
        """A dot after an abbreviation, or a line that a mail program broke, ends nothing."""
        text = reading.original
        if piece == "." and reading.tokens and reading.tokens[-1].end == start:
            return reading.tokens[-1].raw in self._abbreviations
        if piece == "\n":
            line = text.rfind("\n", 0, start)
            return start - line > WRAPPED and text[end : end + 1].islower()
        return False

    def _split_hashtag(self, piece: str, start: int, reading: "_Reading") -> None:
        """#JalanRusak by its capitals, #jalanrusak by the words we know."""
        for part in _CAMEL.finditer(piece):
            at = start + part.start()
            for word in self._segment(part.group().lower()):
                reading.add(self._spelling.plain(word), word, at, at + len(word))
                at += len(word)

    def _segment(self, run: str) -> tuple[str, ...]:
        """The fewest known words that make up the run; the run itself when there are none."""
        if len(run) > 40 or self._spelling.knows(run):
            return (run,)
        best: list[tuple[str, ...] | None] = [()] + [None] * len(run)
        for end in range(3, len(run) + 1):
            for begin in range(max(0, end - 14), end - 2):
                head = best[begin]
                if head is not None and self._spelling.knows(run[begin:end]):
                    known = best[end]
                    if known is None or len(head) + 1 < len(known):
                        best[end] = (*head, run[begin:end])
        return best[-1] or (run,)

    def _join_prefix(self, reading: "_Reading") -> None:
        """`di perbaiki` is `diperbaiki` written as two."""
        tokens = reading.tokens
        at = 0
        while at + 1 < len(tokens):
            one, two = tokens[at], tokens[at + 1]
            if one.word == "di" and one.sentence == two.sentence and self._spelling.joins("di" + two.word):
                tokens[at : at + 2] = [Token("di" + two.word, "di" + two.raw, one.start, two.end, one.sentence)]
            at += 1


class _Reading:
    """What has been read so far."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.tokens: list[Token] = []
        self.closings: list[str] = []
        self.mentions: list[str] = []
        self.links = 0
        self.hashtags = 0
        self._open = 0

    def add(self, words: tuple[str, ...], raw: str, start: int, end: int) -> None:
        """Takes plain words that one typed piece stands for."""
        for word in words:
            self.tokens.append(Token(word, raw, start, end, len(self.closings)))

    def close(self, mark: str) -> None:
        """Ends the sentence; marks after an empty one sharpen the last (`. ?` is a question)."""
        if len(self.tokens) > self._open:
            self.closings.append(mark)
            self._open = len(self.tokens)
        elif self.closings and mark != ".":
            self.closings[-1] = mark

    def plain(self, spelling: Spelling) -> Plain:
        """What came of it."""
        self.closings.append(".")
        letters = [char for char in self.original[:400] if char.isalpha()]
        shouted = len(letters) >= 12 and sum(map(str.isupper, letters)) > 0.7 * len(letters)
        typed = [token.word for token in self.tokens if len(token.word) > 2 and token.word.isalpha()]
        known = sum(map(spelling.knows, typed))
        return Plain(
            original=self.original,
            tokens=tuple(self.tokens),
            closings=tuple(self.closings),
            mentions=tuple(self.mentions),
            links=self.links,
            hashtags=self.hashtags,
            shouted=shouted,
            understood=known / len(typed) if typed else 1.0,
        )


def _bare(piece: str) -> str:
    """Lower case, plain letters: look-alike fonts and accents folded, marks inside a word dropped."""
    if piece.isascii():
        return piece.lower().replace("'", "")
    return folded(_JOINERS.sub("", piece))
