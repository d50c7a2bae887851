"""Hears danger to life beyond the rules of `urgent`: a learnt weight for every word, run of letters, idea and sense of danger.toml.

Rules find what somebody thought of. This finds "his shirt is alight and the stairs are gone" by the ideas in it and by their
nearness: a child beside water, a body part beside "does not answer". A letter is read in windows, so that the cry in its last
line is not outvoted by a page on the price of rubbish collection; what speaks of another day or of a film is felt around it.

A sum of weights cannot say "only together": a small layer of units (`danger_layer`) listens to the same pieces beside it.

The file is gzip over lines of JSON: an object (`Head`), then an array for each piece: the piece, its weight in thousandths and,
where it stood in enough lessons, what it says to each unit.
"""

import gzip
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from typing import Any

from omnichannel.domain.errors import Invalid
from omnichannel.domain.understanding import Idea
from omnichannel.router import senses
from omnichannel.router.cues import Hit
from omnichannel.router.danger_layer import SILENT, Gates, Layer, Said, Sum
from omnichannel.router.grams import runs
from omnichannel.router.text import Plain
from omnichannel.router.urgent import Alarm

FORMAT = 4
WIDTH = 24  # tokens of a window; a cry for help is shorter
STEP = 8
SENTENCE = 4  # tokens a sentence must have to be heard alone
WHOLE = 30  # a message this short is one window
AROUND = 8  # tokens beside a window in which calming words are still felt
NEAR = 5  # tokens within which two ideas are felt together
# What each sort of piece is worth while we learn; found on messages by another hand.
WORD, LETTER, IDEA, NEARNESS, BOTH, RULE = 0.7, 0.2, 1.5, 1.5, 0.7, 0.5
MEMORY = 20_000
BIGGEST = 30_000_000  # bytes once unpacked
LOUDEST = 3.0  # of what a rule's own weight may say
TELLING = 0.4  # log-odds from which a word is worth showing
SPEAKING = 4  # letters of a word that is worth showing by itself
UNNAMED = "bahaya"
SHORT = (("tiny", 2),)
LOOKED_AT = 4  # windows of a letter, the loudest by their weights alone, to which the layer listens too


@dataclass(frozen=True, slots=True)
class Heard:
    """What of a message the danger head looks at."""

    plain: Plain
    ideas: Sequence[Hit[Idea]]
    senses: Sequence[Hit[Idea]]
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
    found.update(senses.signs([hit for hit in heard.senses if _felt(hit, window, short)], window.end - window.first))
    return found


def _felt(hit: Hit[Idea], window: Window, short: bool) -> bool:
    """What speaks of another matter is felt around the window too."""
    around = AROUND if hit.owner.calm else 0
    return short or window.first - around <= hit.first < window.end + around


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
    signs: Mapping[str, Said]
    layer: Layer = field(default_factory=Layer)
    about: Mapping[str, Any] = field(default_factory=dict)


class DangerModel:
    """Weights for danger; immutable but for its memory of words, and safe to share between threads."""

    def __init__(self, head: Head, weights: Mapping[str, Said]) -> None:
        self.head = head
        self._weights = weights
        self._memory: dict[str, Sum] = {}

    @classmethod
    def read(cls, packed: bytes) -> "DangerModel":
        """The model of those bytes; Invalid where they are none of ours."""
        try:
            lines = _lines(packed)
            head = _head(json.loads(next(lines)))
            units = len(head.layer.bias)
            weights = dict(_line(line, units) for line in lines)
        except (
            OSError,
            EOFError,
            StopIteration,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            OverflowError,
        ) as error:
            raise Invalid(f"not a danger model that this version can read: {error}") from error
        return cls(head, weights)

    def __len__(self) -> int:
        return len(self._weights)

    def __contains__(self, piece: object) -> bool:
        return piece in self._weights

    def sound(self, heard: Heard) -> Sounding:
        """The window that is nearest to danger."""
        sums = [(self._sum(heard, window), window) for window in windows(heard.plain)]
        if len(sums) > LOOKED_AT:
            sums.sort(key=lambda one: -one[0].weight)
        return max(
            (Sounding(self._score(told), window) for told, window in sums[:LOOKED_AT]),
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

    def _sum(self, heard: Heard, window: Window) -> Sum:
        """What everything in the window says together."""
        told = Sum(len(self.head.layer.bias))
        for word in {token.word for token in heard.plain.tokens[window.first : window.end]}:
            told.join(self._word(word))
        for piece in _between(heard.plain, window):
            told.hear(self._weights.get(piece, SILENT), WORD)
        known = self.head.signs
        for name, strength in signs(heard, window).items():
            told.hear(known.get(name, SILENT), strength)
        return told

    def _score(self, told: Sum) -> float:
        return self.head.bias + told.weight + self.head.layer.says(told)

    def _word(self, word: str) -> Sum:
        """A word and the letters in it."""
        known = self._memory.get(word)
        if known is None:
            known = Sum(len(self.head.layer.bias))
            known.hear(self._weights.get(word, SILENT), WORD)
            for run in runs(word):
                known.hear(self._weights.get(run, SILENT), LETTER)
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            self._memory[word] = known
        return known

    def _told(self, heard: Heard, window: Window, over: float) -> tuple[Alarm, ...]:
        """The words of the window that say danger loudest, under the name of the idea or sense they belong to."""
        gates = self.head.layer.gates(self._sum(heard, window))
        own = {at: gates.of(self._word(heard.plain.tokens[at].word)) for at in range(window.first, window.end)}
        spoken = [
            (self._said(hit, own, gates), hit.first, hit.last, hit.owner.danger) for hit in _dangers(heard, window)
        ]
        spoken = [one for one in spoken if one[0] > 0]
        if not spoken:  # a little word may tip the scales; it tells nobody anything
            words = ((at, said) for at, said in own.items() if len(heard.plain.tokens[at].word) >= SPEAKING)
            spoken = [(said, at, at, UNNAMED) for at, said in words if said >= TELLING]
        spoken.sort(key=lambda one: (-one[0], one[1]))
        chosen: list[tuple[float, int, int, str]] = []
        for one in spoken:
            if all(one[2] < other[1] or one[1] > other[2] for other in chosen):
                chosen.append(one)
        last = max(window.first, window.end - 1)
        chosen = chosen or [(over, window.first, last, UNNAMED)]
        return tuple(Alarm(name, max(said, TELLING), first, end) for said, first, end, name in chosen[:3])

    def _said(self, hit: Hit[Idea], own: Mapping[int, float], gates: Gates) -> float:
        """What an idea or sense and its words say for danger where they stand."""
        told = Sum(len(self.head.layer.bias))
        name, worth = (f"sense:{hit.owner.name}", senses.SENSE) if hit.owner.role else (f"idea:{hit.owner.name}", IDEA)
        told.hear(self.head.signs.get(name, SILENT), worth)
        return gates.of(told) + sum(own.get(at, 0.0) for at in range(hit.first, hit.last + 1))


def _dangers(heard: Heard, window: Window) -> list[Hit[Idea]]:
    """Ideas and senses of the window that an alarm can be called after."""
    both = (*heard.ideas, *heard.senses)
    return [hit for hit in both if hit.owner.danger and window.first <= hit.first and hit.last < window.end]


def pack(head: Mapping[str, Any], weights: Mapping[str, Said]) -> bytes:
    """A model file; the same weights give the same bytes on every machine and day."""
    lines = [json.dumps({"format": FORMAT, **head}, ensure_ascii=False, sort_keys=True)]
    lines.extend(json.dumps([piece, *weights[piece].row()], ensure_ascii=False) for piece in sorted(weights))
    return gzip.compress("\n".join(lines).encode("utf-8"), compresslevel=9, mtime=0)


def _lines(packed: bytes) -> Iterator[str]:
    """Line by line: unpacked as a whole it would take more memory for a moment than the model does for good."""
    size = 0
    with gzip.open(BytesIO(packed), "rt", encoding="utf-8") as unpacked:
        for line in unpacked:
            size += len(line)
            if size > BIGGEST:
                raise ValueError("too big")
            yield line


def _head(row: Mapping[str, Any]) -> Head:
    if row["format"] != FORMAT:
        raise ValueError("made for another version")
    layer = Layer.read(row["layer"])
    head = Head(
        bias=float(row["bias"]),
        alarm=float(row["alarm"]),
        alarm_long=float(row["alarm_long"]),
        watch=float(row["watch"]),
        watch_long=float(row["watch_long"]),
        signs={str(name): Said.read(said, len(layer.bias)) for name, said in row["signs"].items()},
        layer=layer,
        about=dict(row["about"]),
    )
    if not all(map(math.isfinite, (head.bias, head.alarm, head.alarm_long, head.watch, head.watch_long))):
        raise ValueError("a weight is no number")
    return head


def _line(line: str, units: int) -> tuple[str, Said]:
    piece, *said = json.loads(line)
    if not isinstance(piece, str):
        raise ValueError(f"a piece and its weight expected, not {line[:40]!r}")
    return piece, Said.read(said, units)
