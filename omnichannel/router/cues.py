"""Finds many phrases in a message at once: each word looks up only the phrases that begin with it."""

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from omnichannel.domain.phrase import SHORTEST_PREFIX, Alternatives, Phrase
from omnichannel.router.text import Plain, Token

T = TypeVar("T")
BEFORE = AFTER = 2  # words within which `!…` looks around a phrase
MEMORY = 20_000


class Hit(NamedTuple, Generic[T]):
    """A phrase's owner, and the first and last token of where it was found."""

    owner: T
    first: int
    last: int


class Matcher(Generic[T]):
    """Holds phrases with their owners; `find` is a few dictionary look-ups a word."""

    def __init__(self, phrases: Iterable[tuple[Phrase, T]]) -> None:
        self._entries = list(phrases)
        self._words: dict[str, list[int]] = {}
        self._beginnings: dict[str, list[int]] = {}
        for number, (phrase, _) in enumerate(self._entries):
            first = phrase.steps[0].here
            for word in first.words:
                self._words.setdefault(word, []).append(number)
            for beginning in {text[:SHORTEST_PREFIX] for text in first.beginnings}:
                self._beginnings.setdefault(beginning, []).append(number)
        self._memo: dict[str, tuple[int, ...]] = {}

    def vocabulary(self) -> frozenset[str]:
        """Every whole word that the phrases look for."""
        return frozenset().union(*(phrase.words() for phrase, _ in self._entries)) if self._entries else frozenset()

    def find(self, plain: Plain) -> list[Hit[T]]:
        """Every phrase at every place where it begins, in reading order."""
        tokens = plain.tokens
        hits: list[Hit[T]] = []
        for at, token in enumerate(tokens):
            for number in self._beginning_with(token.word):
                phrase, owner = self._entries[number]
                last = _match(phrase, tokens, at)
                if last is not None and _fits(phrase, plain, at, last):
                    hits.append(Hit(owner, at, last))
        return hits

    def _beginning_with(self, word: str) -> tuple[int, ...]:
        found = self._memo.get(word)
        if found is None:
            whole = self._words.get(word, [])
            begun = self._beginnings.get(word[:SHORTEST_PREFIX], [])
            also = (number for number in begun if self._entries[number][0].steps[0].here.fits(word))
            found = tuple(dict.fromkeys((*whole, *also)))
            if len(self._memo) >= MEMORY:
                self._memo.clear()
            self._memo[word] = found
        return found


def _match(phrase: Phrase, tokens: Sequence[Token], at: int, step: int = 1) -> int | None:
    """The last token of the phrase whose step `step - 1` stands at `at`; the nearest words win."""
    if step == len(phrase.steps):
        return at
    wanted = phrase.steps[step]
    sentence = tokens[at].sentence
    for next_at in range(at + 1, min(at + 2 + wanted.gap, len(tokens))):
        token = tokens[next_at]
        if token.sentence != sentence:
            return None
        if wanted.here.fits(token.word) and not _spoilt(wanted.without, tokens, next_at):
            last = _match(phrase, tokens, next_at, step + 1)
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
    if _spoilt(phrase.steps[0].without, tokens, first):
        return False
    return not (phrase.not_after and _stands(phrase.not_after, tokens[last + 1 : last + 1 + AFTER], sentence))


def _spoilt(unwanted: Alternatives | None, tokens: Sequence[Token], at: int) -> bool:
    """Whether one of the unwanted words stands close before that token."""
    return unwanted is not None and _stands(unwanted, tokens[max(0, at - BEFORE) : at], tokens[at].sentence)


def _stands(unwanted: Alternatives, tokens: Sequence[Token], sentence: int) -> bool:
    return any(token.sentence == sentence and unwanted.fits(token.word) for token in tokens)
