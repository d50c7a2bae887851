"""Fits the model of `router.model`: for kinds and for topics a logistic regression over cues, words and letters.

Run by `omnichannel learn` in a process of its own, and by nobody else: scikit-learn (BSD) is a helper of the workshop that
a serving machine need not have. Whatever is learnt leaves here as a plain file; no pickle is written or read.

Why so: cues alone miss what nobody thought of, letters and words alone miss every town they have not read, and a vocabulary
weighted by rarity knows one channel's talk from another's. Together they are better on manners they never read than either.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from omnichannel.domain.verdict import NO_TOPIC
from omnichannel.router.classify import CueClassifier, Features
from omnichannel.router.grams import LETTERS, edges, grams, words
from omnichannel.router.lessons import Lesson, Origin
from omnichannel.router.measures import Judged
from omnichannel.router.model import ALL_TOPICS, KINDS, LETTER_SHARE, THOUSANDTH, logs, pack, share
from omnichannel.router.pairing import NEVER, Told, seconds
from omnichannel.router.second import Seconds
from omnichannel.router.signs import signs
from omnichannel.router.stepping import Head, Held, softmax, stepped
from omnichannel.router.topics import rank_topics

Matrix = NDArray[np.float64]

FEWEST = 2  # messages of the corpus that must hold a piece; what stands in one message only is chance
FEWEST_LOCAL = 3  # of the corrections: a name that one citizen wrote must not lie in a file (UU 27/2022, Pasal 16)
STRENGTH = {"kind": 0.1, "topic": 0.3}  # the regressions' C, found on manners that were not learnt
# How an office's corrections move the kinds: the ridge around what the corpus taught, the ridge of how often each kind comes, how
# much the corpus holds back in all, and what a sign counts beside a rare word. Found on hands, tongues and shares left out
# (`make figures`): held less, a hundred corrections of one manner spoil all others; held more, they change nothing.
RIDGE, RIDGE_SHARES, ANCHOR, SIGN_REACH = 4.0, 8.0, 60.0, 0.7
RARE = 5.0  # the logarithm of how much rarer than all a piece must be to count in full
ANCHORS = 1000  # lessons of the corpus that hold it, evenly chosen; more cost time and say the same
# What nothing holds back, to see whether the corrections are to be believed: every piece counts alike.
FREE_RIDGE = 8.0
TINY = 1e-12
# What has no word that we know is oftener a matter of ours than our own writing says, where idle talk is plentiful: without it
# a fifth of what has a topic was called `lainnya`.
NO_TOPIC_SHIFT = 1.0
FADING = 1000  # corrections after which the corpus counts half among the topics
WEIGHT = {Origin.CORPUS: 1.0, Origin.TUNED: 0.5, Origin.CORRECTION: 3.0}
LARGEST = 32.0  # a weight; more would not fit the file, and nothing in words is that certain
HELD_OUT = (("tweet", "comment", "review"), ("whatsapp", "dm"), ("mail", "letter", "report"))
HEATS = tuple(round(0.5 + 0.05 * step, 2) for step in range(51))


@dataclass(frozen=True, slots=True)
class Seen:
    """A lesson as the regressions meet it."""

    lesson: Lesson
    features: Features
    grams: tuple[str, ...]
    share: float
    signs: Mapping[str, float]
    kind_logs: tuple[float, ...]
    topic_logs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Both heads over the same columns."""

    columns: "Columns"
    kind: Head
    topic: Head


class Learner:
    """Learns from what the cues of one configuration see."""

    def __init__(self, cues: CueClassifier) -> None:
        self._cues = cues
        self._known: dict[Lesson, Seen] = {}

    def see(self, lessons: Sequence[Lesson]) -> list[Seen]:
        """Every lesson read once, for as many fits as one likes."""
        for lesson in lessons:
            if lesson not in self._known:
                self._known[lesson] = self._seen(lesson)
        return [self._known[lesson] for lesson in lessons]

    def learn(self, seen: Sequence[Seen]) -> bytes:
        """A model file from those lessons; the same lessons give the same bytes."""
        with threadpool_limits(limits=1):
            kind_heat, topic_heat, second = self._settle(seen)
            fitted = fit(seen)
        return _packed(fitted, seen, kind_heat, topic_heat, second)

    def _seen(self, lesson: Lesson) -> Seen:
        features = self._cues.features(lesson.text)
        said = self._cues.kinds(features)
        heard = dict(rank_topics(features.plain, features.topic_hits, features.addressed).ranked)
        return Seen(
            lesson,
            features,
            (*grams(features.plain), *edges(features.plain)),
            share(len(words(features.plain))),
            signs(features),
            tuple(logs([said[kind] for kind in KINDS])),
            tuple(logs([heard[topic] for topic in ALL_TOPICS])),
        )

    def _settle(self, seen: Sequence[Seen]) -> tuple[float, float, Seconds]:
        """Heats and the weights of a second kind, on manners held out one group after another: what one calibrates on
        messages like those it learnt makes it boast on all others."""
        kinds, topics, truths, groups = [], [], [], []
        for number, group in enumerate(HELD_OUT):
            out = [one for one in seen if one.lesson.manner in group]
            rest = [one for one in seen if one.lesson.manner not in group]
            if not out or not _teaches(rest):
                continue
            fitted = fit(rest)
            kinds.append(fitted.kind.p(fitted.columns.kind(out)))
            topics.append(fitted.topic.p(fitted.columns.topic(out)))
            truths.extend(out)
            groups.extend([number] * len(out))
        if not truths:
            return 1.0, 1.0, NEVER
        kind_p, topic_p = np.vstack(kinds), np.vstack(topics)
        kind_heat = _heat(kind_p, [KINDS.index(one.lesson.kind) for one in truths])
        topic_heat = _heat(topic_p, [ALL_TOPICS.index(one.lesson.topic) for one in truths])
        told = [
            Told(one.lesson, one.features, dict(zip(KINDS, map(float, row), strict=True)), group)
            for one, row, group in zip(truths, softmax(np.log(kind_p + TINY) / kind_heat), groups, strict=True)
        ]
        return kind_heat, topic_heat, seconds(told)


class Columns:
    """Which column of the regressions is what: pieces of text, then signs, then the cues' log-probabilities."""

    def __init__(self, seen: Sequence[Seen]) -> None:
        written, local = Counter[str](), Counter[str]()
        for one in seen:
            (local if one.lesson.origin is Origin.CORRECTION else written).update(set(one.grams))
        kept = {piece for piece, times in written.items() if times >= FEWEST}
        kept.update(piece for piece, times in local.items() if times >= FEWEST_LOCAL)
        self.pieces = {piece: at for at, piece in enumerate(sorted(kept))}
        self.signs = {name: at for at, name in enumerate(sorted({name for one in seen for name in one.signs}))}

    def kind(self, seen: Sequence[Seen]) -> csr_matrix:
        after = len(self.pieces)

        def row(one: Seen) -> Iterator[tuple[int, float]]:
            yield from self._pieces(one)
            for name, strength in one.signs.items():
                if name in self.signs:
                    yield after + self.signs[name], strength
            yield from enumerate(one.kind_logs, start=after + len(self.signs))

        return _matrix([list(row(one)) for one in seen], after + len(self.signs) + len(KINDS))

    def topic(self, seen: Sequence[Seen]) -> csr_matrix:
        after = len(self.pieces)

        def row(one: Seen) -> Iterator[tuple[int, float]]:
            yield from self._pieces(one)
            yield from enumerate(one.topic_logs, start=after)

        return _matrix([list(row(one)) for one in seen], after + len(ALL_TOPICS))

    def reach(self, ground: csr_matrix) -> Matrix:
        """How far corrections may move each column of the kinds: a piece the further the rarer it is in the corpus, since a
        common one speaks of everybody's messages; what the cues weigh together not at all."""
        counts = np.asarray((ground[:, : len(self.pieces)] > 0).sum(axis=0)).ravel()
        pieces = np.log((1 + ground.shape[0]) / (1 + counts))
        return np.concatenate([pieces / RARE, np.full(len(self.signs), SIGN_REACH), np.zeros(len(KINDS))])

    def _pieces(self, one: Seen) -> Iterator[tuple[int, float]]:
        for piece in one.grams:
            if (at := self.pieces.get(piece)) is not None:
                yield at, one.share * (LETTER_SHARE if piece.startswith(LETTERS) else 1.0)


def fit(seen: Sequence[Seen]) -> Fitted:
    """Both heads from those lessons.

    The kinds are learnt twice: from the corpus, and then from the office's own corrections how far to move away from that
    (`stepping`).
    """
    columns = Columns(seen)
    corrections = sum(one.lesson.origin is Origin.CORRECTION for one in seen)
    fading = FADING / (FADING + corrections)
    weights = [WEIGHT[one.lesson.origin] * (1.0 if one.lesson.origin is Origin.CORRECTION else fading) for one in seen]
    topics = [ALL_TOPICS.index(one.lesson.topic) for one in seen]
    topic = _head(columns.topic(seen), topics, weights, len(ALL_TOPICS), STRENGTH["topic"])
    topic.bias[ALL_TOPICS.index(NO_TOPIC)] -= NO_TOPIC_SHIFT
    return Fitted(columns, _kinds(columns, seen), topic)


def _kinds(columns: Columns, seen: Sequence[Seen]) -> Head:
    ground = [one for one in seen if one.lesson.origin is not Origin.CORRECTION]
    local = [one for one in seen if one.lesson.origin is Origin.CORRECTION]
    if not _teaches(ground):
        ground, local = list(seen), []
    inputs = columns.kind(ground)
    head = grounded(inputs, ground)
    return taught(columns, head, inputs, local) if local else head


def grounded(inputs: csr_matrix, ground: Sequence[Seen]) -> Head:
    """What the corpus alone teaches of the kinds; `inputs` are its columns."""
    weights = [WEIGHT[one.lesson.origin] for one in ground]
    return _head(inputs, _truths(ground), weights, len(KINDS), STRENGTH["kind"])


def taught(columns: Columns, head: Head, inputs: csr_matrix, local: Sequence[Seen]) -> Head:
    """The same after what this office's people said of theirs; `inputs` are the columns of the corpus."""
    many = inputs.shape[0]
    kept = np.linspace(0, many - 1, min(ANCHORS, many)).astype(int)
    held = Held(inputs[kept], ANCHOR / len(kept))
    return stepped(head, columns.kind(local), _truths(local), columns.reach(inputs), (RIDGE, RIDGE_SHARES), held)


def contradicted(seen: Sequence[Seen], frozen: Sequence[Seen]) -> tuple[list[Judged], list[Judged]]:
    """What is said of `frozen` without the corrections among `seen`, and with them where nothing holds them back: whoever is
    right about one town costs the others little, whoever is wrong about everything much."""
    local = [one for one in seen if one.lesson.origin is Origin.CORRECTION]
    ground = [one for one in seen if one.lesson.origin is not Origin.CORRECTION]
    if not local or not frozen or not _teaches(ground):
        return [], []
    with threadpool_limits(limits=1):
        columns = Columns(seen)
        before = _kinds(columns, ground)
        reach = np.ones(before.weights.shape[1])
        after = stepped(before, columns.kind(local), _truths(local), reach, (FREE_RIDGE, FREE_RIDGE))
    asked = columns.kind(frozen)
    return _judged(before.p(asked), frozen), _judged(after.p(asked), frozen)


def _judged(p: Matrix, frozen: Sequence[Seen]) -> list[Judged]:
    return [
        Judged(one.lesson.kind, KINDS[int(row.argmax())], dict(zip(KINDS, map(float, row), strict=True)))
        for one, row in zip(frozen, p, strict=True)
    ]


def _truths(seen: Sequence[Seen]) -> list[int]:
    return [KINDS.index(one.lesson.kind) for one in seen]


def _head(inputs: csr_matrix, truths: Sequence[int], weights: Sequence[float], classes: int, strength: float) -> Head:
    regression = LogisticRegression(C=strength, max_iter=2000, tol=1e-3)
    regression.fit(inputs, np.array(truths), sample_weight=np.array(weights))
    found = np.zeros((classes, inputs.shape[1]))
    # A class of which no lesson speaks is left to chance, far behind.
    bias = np.full(classes, float(regression.intercept_.min()) - 5.0)
    found[regression.classes_], bias[regression.classes_] = regression.coef_, regression.intercept_
    return Head(found, bias)


def _teaches(seen: Sequence[Seen]) -> bool:
    return len({one.lesson.kind for one in seen}) > 2 and len({one.lesson.topic for one in seen}) > 2


def _packed(fitted: Fitted, seen: Sequence[Seen], kind_heat: float, topic_heat: float, second: Seconds) -> bytes:
    columns, kind, topic = fitted.columns, fitted.kind, fitted.topic
    size = len(columns.pieces)
    table = np.vstack([kind.weights[:, :size], topic.weights[:, :size]]).T.copy()
    table[[at for piece, at in columns.pieces.items() if piece.startswith(LETTERS)]] *= LETTER_SHARE
    whole = np.rint(np.clip(table, -LARGEST, LARGEST) * THOUSANDTH).astype(int)
    after = size + len(columns.signs)
    head: dict[str, Any] = {
        "kinds": [one.value for one in KINDS],
        "topics": list(ALL_TOPICS),
        "kind_bias": _rounded(kind.bias),
        "topic_bias": _rounded(topic.bias),
        "kind_scores": [_rounded(row) for row in kind.weights[:, after:]],
        "topic_scores": [_rounded(row) for row in topic.weights[:, size:]],
        "signs": {name: _rounded(kind.weights[:, size + at]) for name, at in columns.signs.items()},
        "kind_heat": kind_heat,
        "topic_heat": topic_heat,
        "second": asdict(second),
        "about": _about(seen),
    }
    return pack(head, {piece: whole[at].tolist() for piece, at in columns.pieces.items() if whole[at].any()})


def _about(seen: Sequence[Seen]) -> dict[str, Any]:
    """What it was learnt from, so that two models can be told apart; no day and no machine, or no build were like another."""
    told = "\n".join(
        sorted(f"{one.lesson.id}\t{one.lesson.kind}\t{one.lesson.topic}\t{one.lesson.text}" for one in seen)
    )
    counts = Counter(one.lesson.origin.value for one in seen)
    return {"lessons": dict(sorted(counts.items())), "sha256": hashlib.sha256(told.encode()).hexdigest()}


def _heat(p: Matrix, truths: Sequence[int]) -> float:
    """The temperature at which the truths are likeliest."""
    scores, rows = np.log(p + 1e-12), np.arange(len(truths))

    def loss(heat: float) -> float:
        return float(-np.log(softmax(scores / heat)[rows, truths] + 1e-12).mean())

    return min(HEATS, key=loss)


def _matrix(rows: Sequence[Sequence[tuple[int, float]]], width: int) -> csr_matrix:
    starts = np.cumsum([0, *map(len, rows)])
    at = np.fromiter((column for row in rows for column, _ in row), dtype=np.int64, count=int(starts[-1]))
    values = np.fromiter((value for row in rows for _, value in row), dtype=np.float64, count=int(starts[-1]))
    found = csr_matrix((values, at, starts), shape=(len(rows), width))
    found.sum_duplicates()
    return found


def _rounded(row: Matrix) -> list[float]:
    return [round(float(one), 4) for one in row]
