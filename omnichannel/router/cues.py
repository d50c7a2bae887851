"""Finds many phrases in a message at once: each word looks up only the phrases that begin with it."""

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from omnichannel.domain.phrase import SHORTEST_PREFIX, Alternatives, Phrase, Step
from omnichannel.router.text import Plain, Token

T = TypeVar("T")
BEFORE = AFTER = 2  # words within which `!…` looks around a phrase
MEMORY = 20_000
NO_INSIDE = -1


class Hit(NamedTuple, Generic[T]):
    """A phrase's owner, and the first and last token of where it was found."""

    owner: T
    first: int
    last: int


class _Place(NamedTuple):
    """A step ready for matching: `inside` numbers its list of word insides, worked out once a word and remembered."""

    gap: int
    words: frozenset[str]
    beginnings: tuple[str, ...]
    inside: int
    without: Alternatives | None


class _Words(NamedTuple):
    """The message as matching sees it: its tokens, and for each the inside lists that fit."""

    tokens: Sequence[Token]
    insides: Sequence[frozenset[int]]


class Matcher(Generic[T]):
    """Holds phrases with their owners; `find` is a few dictionary look-ups a word."""

    def __init__(self, phrases: Iterable[tuple[Phrase, T]]) -> None:
        self._entries = list(phrases)
        self._insides: list[tuple[str, ...]] = []
        self._places = [tuple(map(self._place, phrase.steps)) for phrase, _ in self._entries]
        # The words of which one must stand somewhere in the message, lest a common first word try hundreds of phrases.
        self._needed = [_second_words(places) for places in self._places]
        self._words: dict[str, list[int]] = {}
        self._beginnings: dict[str, list[int]] = {}
        self._inside: dict[int, list[int]] = {}
        for number, places in enumerate(self._places):
            for word in places[0].words:
                self._words.setdefault(word, []).append(number)
            for beginning in {text[:SHORTEST_PREFIX] for text in places[0].beginnings}:
                self._beginnings.setdefault(beginning, []).append(number)
            if places[0].inside != NO_INSIDE:
                self._inside.setdefault(places[0].inside, []).append(number)
        self._memo: dict[str, tuple[tuple[int, ...], frozenset[int]]] = {}

    def vocabulary(self) -> frozenset[str]:
        """Every whole word that the phrases look for."""
        return frozenset().union(*(phrase.words() for phrase, _ in self._entries)) if self._entries else frozenset()

    def find(self, plain: Plain) -> list[Hit[T]]:
        """Every phrase at every place where it begins, in reading order."""
        known = [self._known(token.word) for token in plain.tokens]
        words = _Words(plain.tokens, [insides for _, insides in known])
        present = frozenset(token.word for token in plain.tokens)
        hits: list[Hit[T]] = []
        for at, (numbers, _) in enumerate(known):
            for number in numbers:
                needed = self._needed[number]
                if needed is not None and needed.isdisjoint(present):
                    continue
                last = _match(self._places[number], words, at)
                if last is not None and _fits(self._entries[number][0], plain, at, last):
                    hits.append(Hit(self._entries[number][1], at, last))
        return hits

    def _place(self, step: Step) -> _Place:
        here = step.here
        if here.insides and here.insides not in self._insides:
            self._insides.append(here.insides)
        inside = self._insides.index(here.insides) if here.insides else NO_INSIDE
        return _Place(step.gap, here.words, here.beginnings, inside, step.without)

    def _known(self, word: str) -> tuple[tuple[int, ...], frozenset[int]]:
        """The phrases that begin with that word, and the inside lists that it fits."""
        found = self._memo.get(word)
        if found is None:
            insides = frozenset(n for n, pieces in enumerate(self._insides) if any(piece in word for piece in pieces))
            begun = self._beginnings.get(word[:SHORTEST_PREFIX], ())
            numbers = dict.fromkeys(self._words.get(word, ()))
            numbers.update(dict.fromkeys(n for n in begun if word.startswith(self._places[n][0].beginnings)))
            numbers.update(dict.fromkeys(n for inside in insides for n in self._inside.get(inside, ())))
            found = tuple(sorted(numbers)), insides
            if len(self._memo) >= MEMORY:
                self._memo.clear()
            self._memo[word] = found
        return found


def _second_words(places: Sequence[_Place]) -> frozenset[str] | None:
    """The words that may stand second in a phrase; None where it has no second, or where parts of words will do."""
    if len(places) < 2 or places[1].beginnings or places[1].inside != NO_INSIDE:
        return None
    return places[1].words


def _match(places: Sequence[_Place], words: _Words, at: int, step: int = 1) -> int | None:
    """The last token of the phrase whose step `step - 1` stands at `at`; the nearest words win."""
    if step == 1 and places[0].without is not None and _stands_before(places[0].without, words.tokens, at):
        return None
    if step == len(places):
        return at
    gap, wanted, beginnings, inside, without = places[step]
    tokens = words.tokens
    sentence = tokens[at].sentence
    for next_at, (word, _, _, _, there) in enumerate(tokens[at + 1 : at + 2 + gap], start=at + 1):
        if there != sentence:
            return None
        if word in wanted or (beginnings and word.startswith(beginnings)) or inside in words.insides[next_at]:
            if without is not None and _stands_before(without, tokens, next_at):
                continue
            last = _match(places, words, next_at, step + 1)
            if last is not None:
                return last
    return None


def _fits(phrase: Phrase, plain: Plain, first: int, last: int) -> bool:
    """The conditions around a phrase that was found."""
    tokens = plain.tokens
    sentence = tokens[first].sentence
    if phrase.opens_message and first != 0:
        return False
    if phrase.opens_sentence and first > 0 and tokens[first - 1].sentence == sentence:
        return False
    if phrase.closes_sentence and last + 1 < len(tokens) and tokens[last + 1].sentence == sentence:
        return False
    if phrase.asks and not plain.asked(sentence):
        return False
    return not (phrase.not_after and _stands(phrase.not_after, tokens[last + 1 : last + 1 + AFTER], sentence))


def _stands_before(unwanted: Alternatives, tokens: Sequence[Token], at: int) -> bool:
    return _stands(unwanted, tokens[max(0, at - BEFORE) : at], tokens[at].sentence)


def _stands(unwanted: Alternatives, tokens: Sequence[Token], sentence: int) -> bool:
    return any(token.sentence == sentence and unwanted.fits(token.word) for token in tokens)
