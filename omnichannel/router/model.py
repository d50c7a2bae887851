"""Judges by a learnt model on top of the cues: plain Python over a plain file of words and numbers.

The cues stay inside: their verdict and each of them by name are inputs of the model like any word, so that a cue which a
person writes into routing.toml today is heard today. `learning` writes the file; `Model.read` takes its bytes, so that
nothing of this room touches a disk.

The file is gzip over lines of JSON: first an object (`Head`), then an array for each piece of text: the piece and its
weights in thousandths, four kinds and then the topics.
"""

import gzip
import json
import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import add
from typing import Any

from omnichannel.domain.case import Kind
from omnichannel.domain.errors import Invalid
from omnichannel.domain.verdict import NO_TOPIC, TOPICS, Reason, Verdict
from omnichannel.router.classify import CueClassifier, Features
from omnichannel.router.grams import edges, pairs, runs, words
from omnichannel.router.second import Seconds
from omnichannel.router.signs import signs
from omnichannel.router.text import Plain
from omnichannel.router.topics import Ranking, rank_topics

FORMAT = 2
KINDS = tuple(Kind)
ALL_TOPICS = (*TOPICS, NO_TOPIC)
WIDTH = len(KINDS) + len(ALL_TOPICS)
THOUSANDTH = 1000
LETTER_SHARE = 0.3  # a run of letters is worth this much of a word while we learn: there are many to a word
LONG = 25  # distinct words; a longer message does not become surer with every word
LEAST_P = 1e-4  # cues that are this sure are believed no further
TELLING = 0.25  # log-odds from which a word is worth showing
MOST_TOLD = 3
MEMORY = 10_000
BIGGEST = 60_000_000  # bytes once unpacked; ours are a tenth of it

Weights = Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the model says of itself, and the weights that belong to no piece of text.

    `kind_scores[i][j]`: what the cues' log-probability of kind j adds to kind i; the same for topics.
    `kind_heat`, `topic_heat` divide the sums before they become probabilities; found on manners that were not learnt.
    """

    kind_bias: Weights
    topic_bias: Weights
    kind_scores: Sequence[Weights]
    topic_scores: Sequence[Weights]
    signs: Mapping[str, Weights]
    kind_heat: float
    topic_heat: float
    second: Seconds
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model thinks of one message, and the words that moved it."""

    kinds: Mapping[Kind, float]
    topics: Ranking
    told: tuple[Reason, ...]


class Model:
    """Weights for the pieces of a message; immutable but for its memory of words, and safe to share between threads."""

    def __init__(self, head: Head, weights: "Mapping[str, array[int]]") -> None:
        self.head = head
        self._weights = weights
        self._kind_scores = _Through(head.kind_scores)
        self._topic_scores = _Through(head.topic_scores)
        self._memory: dict[str, array[float]] = {}

    @classmethod
    def read(cls, packed: bytes) -> "Model":
        """The model of those bytes; Invalid where they are none of ours."""
        try:
            text = gzip.decompress(packed)
            if len(text) > BIGGEST:
                raise ValueError("too big")
            first, *lines = text.decode("utf-8").split("\n")
            head = _head(json.loads(first))
            weights = dict(map(_line, filter(None, lines)))
        except (OSError, EOFError, ValueError, KeyError, TypeError, OverflowError) as error:
            raise Invalid(f"not a model that this version can read: {error}") from error
        return cls(head, weights)

    def __len__(self) -> int:
        return len(self._weights)

    def __contains__(self, piece: object) -> bool:
        return piece in self._weights

    @property
    def pieces(self) -> Iterable[str]:
        """Every piece of text that has a weight."""
        return self._weights.keys()

    def worth(self, word: str) -> tuple[float, ...]:
        """What a whole word, and the letters in it, add to each kind."""
        return tuple(one / self.head.kind_heat for one in self._word(word)[: len(KINDS)])

    def opinion(self, features: Features, seen: Mapping[Kind, float]) -> Opinion:
        """Kinds and topics of a message whose cues say `seen` of the kinds."""
        head, plain = self.head, features.plain
        found = words(plain)
        sums = [0.0] * WIDTH
        for word in found:
            sums = list(map(add, sums, self._word(word)))
        beside = [(at, weight) for pair, at in pairs(plain) if (weight := self._weights.get(pair)) is not None]
        for _, weight in beside:
            sums = [total + one / THOUSANDTH for total, one in zip(sums, weight, strict=True)]
        for edge in edges(plain):
            if (weight := self._weights.get(edge)) is not None:
                sums = [total + one / THOUSANDTH for total, one in zip(sums, weight, strict=True)]
        scale = share(len(found))
        sums = [total * scale for total in sums]

        by_kind = list(map(add, head.kind_bias, sums))
        for name, strength in signs(features).items():
            if (weights := head.signs.get(name)) is not None:
                by_kind = [total + one * strength for total, one in zip(by_kind, weights, strict=True)]
        by_kind = list(map(add, by_kind, self._kind_scores(logs([seen[kind] for kind in KINDS]))))
        kinds = dict(zip(KINDS, _softmax(by_kind, head.kind_heat), strict=True))

        heard = dict(rank_topics(plain, features.topic_hits, features.addressed).ranked)
        by_topic = list(map(add, head.topic_bias, sums[len(KINDS) :]))
        by_topic = list(map(add, by_topic, self._topic_scores(logs([heard[topic] for topic in ALL_TOPICS]))))
        p = zip(ALL_TOPICS, _softmax(by_topic, head.topic_heat), strict=True)
        topics = Ranking(tuple(sorted(p, key=lambda pair: (-pair[1], pair[0]))))

        best = KINDS.index(max(KINDS, key=lambda kind: kinds[kind]))
        return Opinion(kinds, topics, self._told(plain, beside, best, scale / head.kind_heat))

    def _word(self, word: str) -> "array[float]":
        """All that a word adds: itself and the letters in it."""
        known = self._memory.get(word)
        if known is None:
            total = [0.0] * WIDTH
            for piece in (word, *runs(word)):
                weights = self._weights.get(piece)
                if weights is not None:
                    total = [sofar + one / THOUSANDTH for sofar, one in zip(total, weights, strict=True)]
            known = array("d", total)
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            self._memory[word] = known
        return known

    def _told(
        self, plain: Plain, beside: "Sequence[tuple[int, array[int]]]", kind: int, scale: float
    ) -> tuple[Reason, ...]:
        """The citizen's words that moved the model most towards that kind. The kinds' weights of a piece add up to nought,
        so a weight alone says how much more the word speaks for one kind than for the others."""
        least = TELLING / scale
        spoken: list[tuple[float, int, int]] = []
        seen: set[str] = set()
        for at, token in enumerate(plain.tokens):
            weight = self._word(token.word)[kind]
            if weight >= least and token.word not in seen:
                seen.add(token.word)
                spoken.append((weight * scale, at, at))
        for at, weights in beside:
            if weights[kind] >= least * THOUSANDTH:
                spoken.append((weights[kind] / THOUSANDTH * scale, at, at + 1))
        spoken.sort(key=lambda one: (-one[0], one[1]))
        return tuple(
            Reason(plain.quote(a, z), weight, KINDS[kind].value, plain.tokens[a].start, plain.tokens[z].end)
            for weight, a, z in spoken[:MOST_TOLD]
        )


class LearntClassifier:
    """The socket `domain.ports.Classifier`, fitted by cues and model together."""

    def __init__(self, cues: CueClassifier, model: Model) -> None:
        self._cues = cues
        self.model = model

    def classify(self, text: str, *, channel: str | None = None) -> Verdict:
        """What the message is; never fails, whatever was written."""
        features = self._cues.features(text)
        if not features.plain.tokens:
            # Nothing to read, nothing learnt: the form alone speaks.
            return self._cues.verdict(features, self._cues.kinds(features, channel))
        opinion = self.model.opinion(features, self._cues.kinds(features, channel))
        return self._cues.verdict(
            features,
            opinion.kinds,
            topics=opinion.topics,
            second=self.model.head.second.named(features, opinion.kinds),
            told=opinion.told,
        )


def share(distinct: int) -> float:
    """How much each piece of a message with so many words counts."""
    return 1.0 if distinct <= LONG else math.sqrt(LONG / distinct)


def logs(p: Sequence[float]) -> list[float]:
    """Log-probabilities around their mean, none of them further out than LEAST_P."""
    found = [math.log(max(one, LEAST_P)) for one in p]
    middle = sum(found) / len(found)
    return [one - middle for one in found]


def pack(head: Mapping[str, Any], weights: Mapping[str, Sequence[int]]) -> bytes:
    """A model file; the same weights give the same bytes on every machine and day."""
    lines = [json.dumps({"format": FORMAT, **head}, ensure_ascii=False, sort_keys=True)]
    lines.extend(
        json.dumps([piece, *weights[piece]], ensure_ascii=False, separators=(",", ":")) for piece in sorted(weights)
    )
    return gzip.compress("\n".join(lines).encode("utf-8"), compresslevel=9, mtime=0)


def _head(row: Mapping[str, Any]) -> Head:
    if row["format"] != FORMAT or row["kinds"] != [kind.value for kind in KINDS] or row["topics"] != [*ALL_TOPICS]:
        raise ValueError("made for other kinds, topics or another version")
    head = Head(
        kind_bias=_numbers(row["kind_bias"], len(KINDS)),
        topic_bias=_numbers(row["topic_bias"], len(ALL_TOPICS)),
        kind_scores=_square(row["kind_scores"], len(KINDS)),
        topic_scores=_square(row["topic_scores"], len(ALL_TOPICS)),
        signs={str(name): _numbers(weights, len(KINDS)) for name, weights in row["signs"].items()},
        kind_heat=float(row["kind_heat"]),
        topic_heat=float(row["topic_heat"]),
        second=_seconds(row["second"]),
        about=dict(row["about"]),
    )
    if not (head.kind_heat > 0 and head.topic_heat > 0 and 0 <= head.second.enough <= 1):
        raise ValueError("heat or threshold out of range")
    return head


def _seconds(row: Mapping[str, Any]) -> Seconds:
    weights = {str(name): float(weight) for name, weight in row["weights"].items()}
    found = Seconds(float(row["bias"]), float(row["enough"]), weights)
    if not all(map(math.isfinite, (found.bias, *weights.values()))):
        raise ValueError("weights of a second kind that are no numbers")
    return found


def _square(rows: Sequence[Sequence[float]], size: int) -> tuple[Weights, ...]:
    if len(rows) != size:
        raise ValueError(f"{len(rows)} rows, not {size}")
    return tuple(_numbers(row, size) for row in rows)


def _numbers(row: Sequence[float], size: int) -> Weights:
    numbers = tuple(map(float, row))
    if len(numbers) != size or not all(map(math.isfinite, numbers)):
        raise ValueError(f"{size} numbers expected")
    return numbers


def _line(line: str) -> "tuple[str, array[int]]":
    piece, *numbers = json.loads(line)
    if not isinstance(piece, str) or len(numbers) != WIDTH:
        raise ValueError(f"{len(numbers)} weights for {piece!r}, not {WIDTH}")
    return piece, array("h", numbers)


class _Through:
    """A square of weights, ready for values of which most are the same: no cue was heard of most topics."""

    def __init__(self, rows: Sequence[Weights]) -> None:
        self._whole = [sum(row) for row in rows]
        self._columns = list(zip(*rows, strict=True))

    def __call__(self, values: Sequence[float]) -> list[float]:
        least = min(values)
        found = [whole * least for whole in self._whole]
        for value, column in zip(values, self._columns, strict=True):
            if value != least:
                over = value - least
                found = [sofar + weight * over for sofar, weight in zip(found, column, strict=True)]
        return found


def _softmax(scores: Sequence[float], heat: float) -> list[float]:
    highest = max(scores)
    powers = [math.exp((score - highest) / heat) for score in scores]
    whole = sum(powers)
    return [power / whole for power in powers]
