"""Hears danger to life beyond the rules of `urgent`: a learnt weight for every word, run of letters and idea of danger.toml.

Rules find what somebody thought of. This finds "his shirt is alight and the stairs are gone" by the ideas in it and by their
nearness: a child beside water, a body part beside "does not answer". A letter is read in windows, so that the cry in its last
line is not outvoted by a page on the price of rubbish collection; what speaks of another day or of a film is felt around it.

The file is gzip over lines of JSON: an object (`Head`), then an array for each piece: the piece and its weight in thousandths.
"""

import gzip
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from omnichannel.domain.errors import Invalid
from omnichannel.domain.understanding import Idea
from omnichannel.router.cues import Hit
from omnichannel.router.grams import runs
from omnichannel.router.text import Plain
from omnichannel.router.urgent import Alarm

FORMAT = 3
WIDTH = 24  # tokens of a window; a cry for help is shorter
STEP = 8
SENTENCE = 4  # tokens a sentence must have to be heard alone
WHOLE = 30  # a message this short is one window
AROUND = 8  # tokens beside a window in which calming words are still felt
NEAR = 5  # tokens within which two ideas are felt together
# What each sort of piece is worth while we learn; found on messages by another hand.
WORD, LETTER, IDEA, NEARNESS, BOTH, RULE = 0.7, 0.2, 1.5, 1.5, 0.7, 0.5
THOUSANDTH = 1000
MEMORY = 20_000
BIGGEST = 30_000_000  # bytes once unpacked
LOUDEST = 3.0  # of what a rule's own weight may say
TELLING = 0.4  # log-odds from which a word is worth showing
UNNAMED = "bahaya"
SHORT = (("tiny", 2),)


@dataclass(frozen=True, slots=True)
class Heard:
    """What of a message the danger head looks at."""

    plain: Plain
    ideas: Sequence[Hit[Idea]]
    rules: Sequence[Alarm]
    cues: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens `first` up to, not including, `end`."""

    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Hearing:
    """What rings the alarm, and what only a person can tell from danger; never both."""

    alarms: tuple[Alarm, ...] = ()
    perhaps: tuple[Alarm, ...] = ()


@dataclass(frozen=True, slots=True)
class Sounding:
    """How sure the head is that somebody is in danger, and where in the message."""

    score: float
    window: Window


def windows(plain: Plain) -> list[Window]:
    """A short message as one; a long one sentence by sentence and in steps, the last of which ends with the message."""
    size = len(plain.tokens)
    if size <= WHOLE:
        return [Window(0, size)]
    last = size - WIDTH
    found = {Window(start, start + WIDTH) for start in (*range(0, last, STEP), last)}
    found.update(_sentences(plain))
    return sorted(found, key=lambda window: (window.first, window.end))


def _sentences(plain: Plain) -> Iterator[Window]:
    tokens = plain.tokens
    first = 0
    for at in range(1, len(tokens) + 1):
        if at == len(tokens) or tokens[at].sentence != tokens[first].sentence:
            if at - first >= SENTENCE:
                yield Window(first, min(at, first + WIDTH))
            first = at


def signs(heard: Heard, window: Window) -> dict[str, float]:
    """All that a window says beside its words: ideas, ideas near one another, rules, and what the whole message says."""
    inside = [hit for hit in heard.ideas if window.first <= hit.first < window.end]
    found: dict[str, float] = {f"idea:{hit.owner.name}": IDEA for hit in inside}
    for at, one in enumerate(inside):
        for other in inside[at + 1 :]:
            if other.first - one.last > NEAR:
                break
            if one.owner.name != other.owner.name:
                found[_near(one, other)] = NEARNESS
    names = sorted({hit.owner.name for hit in inside})
    found.update((f"both:{one}+{two}", BOTH) for at, one in enumerate(names) for two in names[at + 1 :])
    short = len(heard.plain.tokens) <= WHOLE
    for hit in heard.ideas:
        if hit.owner.calm and (short or window.first - AROUND <= hit.first < window.end + AROUND):
            found[f"calm:{hit.owner.name}"] = IDEA
    rules = [rule for rule in heard.rules if window.first <= rule.first < window.end]
    if rules:
        found["rule"] = RULE * min(max(rule.weight for rule in rules), LOUDEST) / LOUDEST
    if short:  # of a long letter we are not told in which part its cues stand
        found.update({f"cue:{name}": min(strength, 1.0) for name, strength in heard.cues.items()})
    found.update(_form(heard.plain, window))
    return found


def _near(one: Hit[Idea], other: Hit[Idea]) -> str:
    first, second = sorted((one.owner.name, other.owner.name))
    return f"near:{first}+{second}"


def _form(plain: Plain, window: Window) -> dict[str, float]:
    length = window.end - window.first
    tokens = plain.tokens[window.first : window.end]
    found = {f"form:{name}": 1.0 for name, most in SHORT if length <= most}
    if plain.shouted:
        found["form:shouted"] = 1.0
    if len(plain.tokens) > WHOLE:
        found["form:long"] = 1.0
    closings = {plain.closings[token.sentence] for token in tokens}
    found.update({f"form:{mark}": 1.0 for mark in closings if mark in "?!"})
    return found


def pieces(plain: Plain, window: Window) -> Iterator[tuple[str, float]]:
    """Words, pairs and runs of letters of a window, each once; typed forms beside plain ones (`=pak` is no father)."""
    tokens = plain.tokens[window.first : window.end]
    seen: set[str] = set()
    for token in tokens:
        if token.word in seen:
            continue
        seen.add(token.word)
        yield token.word, WORD
        for run in runs(token.word):
            yield run, LETTER
    yield from ((piece, WORD) for piece in _between(plain, window))


def _between(plain: Plain, window: Window) -> set[str]:
    """What is no single plain word: pairs side by side, and words as they were typed."""
    tokens = plain.tokens[window.first : window.end]
    found = {f"={token.raw}" for token in tokens if token.raw != token.word}
    for one, two in pairwise(tokens):
        if one.sentence == two.sentence:
            found.add(f"{one.word} {two.word}")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What belongs to no piece of text: `alarm` is the score from which on the alarm rings, `watch` the lower one from which a
    person is asked to look at once; each has its like for a message of many windows: of so many, one is soon loud by chance."""

    bias: float
    alarm: float
    alarm_long: float
    watch: float
    watch_long: float
    signs: Mapping[str, float]
    about: Mapping[str, Any] = field(default_factory=dict)


class DangerModel:
    """Weights for danger; immutable but for its memory of words, and safe to share between threads."""

    def __init__(self, head: Head, weights: Mapping[str, float]) -> None:
        self.head = head
        self._weights = weights
        self._memory: dict[str, float] = {}

    @classmethod
    def read(cls, packed: bytes) -> "DangerModel":
        """The model of those bytes; Invalid where they are none of ours."""
        try:
            text = gzip.decompress(packed)
            if len(text) > BIGGEST:
                raise ValueError("too big")
            first, *lines = text.decode("utf-8").split("\n")
            head = _head(json.loads(first))
            weights = dict(map(_line, filter(None, lines)))
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise Invalid(f"not a danger model that this version can read: {error}") from error
        return cls(head, weights)

    def __len__(self) -> int:
        return len(self._weights)

    def __contains__(self, piece: object) -> bool:
        return piece in self._weights

    def sound(self, heard: Heard) -> Sounding:
        """The window that is nearest to danger."""
        return max(
            (Sounding(self._score(heard, window), window) for window in windows(heard.plain)),
            key=lambda sounding: sounding.score,
        )

    def hear(self, heard: Heard, sure: float) -> Hearing:
        """The rules' alarms where the head believes them too or they are `sure` themselves, and the words that the head heard.

        What stays under the alarm but over the watch is `perhaps` danger: too seldom true to send the citizen to 112, too
        often to wait its turn.
        """
        ruled = tuple(heard.rules)
        if not heard.plain.tokens:
            return Hearing(ruled)
        long = len(heard.plain.tokens) > WHOLE
        if not long and ruled and ruled[0].weight >= sure:
            return Hearing(ruled)
        head, sounding = self.head, self.sound(heard)
        # In a long report even a sure rule may have met an old story: there the head decides.
        alarm, watch = (head.alarm_long, head.watch_long) if long else (head.alarm, head.watch)
        if sounding.score < min(alarm, watch):
            return Hearing()
        told = self._told(heard, sounding.window, sounding.score - watch)
        if sounding.score < alarm:
            return Hearing(perhaps=told)
        return Hearing((*ruled, *(one for one in told if all(one.last < r.first or one.first > r.last for r in ruled))))

    def _score(self, heard: Heard, window: Window) -> float:
        words = {token.word for token in heard.plain.tokens[window.first : window.end]}
        total = self.head.bias + sum(map(self._word, words))
        total += WORD * sum(self._weights.get(piece, 0.0) for piece in _between(heard.plain, window))
        known = self.head.signs
        return total + sum(strength * known.get(name, 0.0) for name, strength in signs(heard, window).items())

    def _word(self, word: str) -> float:
        """A word and the letters in it."""
        known = self._memory.get(word)
        if known is None:
            known = WORD * self._weights.get(word, 0.0)
            known += LETTER * sum(self._weights.get(run, 0.0) for run in runs(word))
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            self._memory[word] = known
        return known

    def _told(self, heard: Heard, window: Window, over: float) -> tuple[Alarm, ...]:
        """The words of the window that say danger loudest, under the name of the idea they belong to."""
        spoken: list[tuple[float, int, int, str]] = []
        for hit in heard.ideas:
            if window.first <= hit.first < window.end and hit.owner.danger:
                own = self.head.signs.get(f"idea:{hit.owner.name}", 0.0)
                words = range(hit.first, hit.last + 1)
                own += sum(self._word(heard.plain.tokens[at].word) for at in words)
                spoken.append((own, hit.first, hit.last, hit.owner.danger))
        alone = ((self._word(heard.plain.tokens[at].word), at) for at in range(window.first, window.end))
        spoken.extend((own, at, at, UNNAMED) for own, at in alone if own >= TELLING)
        spoken.sort(key=lambda one: (one[3] == UNNAMED, -one[0], one[1]))
        chosen: list[tuple[float, int, int, str]] = []
        for one in spoken:
            if all(one[2] < other[1] or one[1] > other[2] for other in chosen):
                chosen.append(one)
        last = max(window.first, window.end - 1)
        chosen = chosen or [(over, window.first, last, UNNAMED)]
        return tuple(Alarm(name, max(own, TELLING), first, end) for own, first, end, name in chosen[:3])


def pack(head: Mapping[str, Any], weights: Mapping[str, int]) -> bytes:
    """A model file; the same weights give the same bytes on every machine and day."""
    lines = [json.dumps({"format": FORMAT, **head}, ensure_ascii=False, sort_keys=True)]
    lines.extend(json.dumps([piece, weights[piece]], ensure_ascii=False) for piece in sorted(weights))
    return gzip.compress("\n".join(lines).encode("utf-8"), compresslevel=9, mtime=0)


def _head(row: Mapping[str, Any]) -> Head:
    if row["format"] != FORMAT:
        raise ValueError("made for another version")
    head = Head(
        bias=float(row["bias"]),
        alarm=float(row["alarm"]),
        alarm_long=float(row["alarm_long"]),
        watch=float(row["watch"]),
        watch_long=float(row["watch_long"]),
        signs={str(name): float(weight) for name, weight in row["signs"].items()},
        about=dict(row["about"]),
    )
    if not all(
        map(math.isfinite, (head.bias, head.alarm, head.alarm_long, head.watch, head.watch_long, *head.signs.values()))
    ):
        raise ValueError("a weight is no number")
    return head


def _line(line: str) -> tuple[str, float]:
    piece, weight = json.loads(line)
    if not isinstance(piece, str) or not isinstance(weight, int):
        raise ValueError(f"a piece and its weight expected, not {line[:40]!r}")
    return piece, weight / THOUSANDTH
