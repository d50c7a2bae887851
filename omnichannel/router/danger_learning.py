"""Fits the head of `router.danger`: a logistic regression over words, letters, ideas and senses, and the layer of units beside
it; what it says is the mean of both. Run while the package is built.

Staff's corrections do not come here: nobody's correction may teach the alarm to sleep. What a long letter says of danger
stands in one of its windows and we are not told in which: short messages and every window of the harmless letters teach
first; then the window that sounds nearest to danger is taken for the letter, of a harmless one the loudest few, and the fit
is made anew.

At which score the alarm rings is found on hands left out one after another: a fit that has read a hand's other messages
thinks too well of itself, and the next citizen is a hand that nobody has read.
"""

import hashlib
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from omnichannel.router.classify import CueClassifier
from omnichannel.router.danger import LOOKED_AT, Heard, Window, pack, pieces, signs, windows
from omnichannel.router.danger_layer import Said
from omnichannel.router.danger_lessons import HANDS, LETTER, WRAPPED, Alert, letters, wrapped
from omnichannel.router.danger_units import Units

LEAST = 0.001  # what rounds a mark away from the last that must not ring
FEWEST = 2  # messages that must hold a piece; what stands in one message only is chance
STRENGTH = 1.0  # the regression's C
AGAIN = 2  # times that the windows are chosen anew
LOUDEST = 3  # windows of a harmless letter that teach; the loudest of them counts twice
FOLDS = 3  # of the letters that are put together
HEARD_BY_UNITS = 4  # messages that must hold a piece before the units hear it
HALVES = 0.5  # of what the regression and the units say: they err on different messages
# Of ordinary messages by a hand left out, the shares that may ring and that may be looked at. On hands left out (`make
# figures`) a hundredth costs one call in fourteen, of which the watch hears all but one in eight: a glance is cheap.
FALSE, FALSE_LONG = 0.01, 0.015
GLANCE, GLANCE_LONG = 0.05, 0.05
PIECE, SIGN = "p:", "s:"

Bag = dict[str, float]


@dataclass(frozen=True, slots=True)
class Met:
    """A lesson as the regression meets it: a bag of weighted pieces for each window."""

    alert: Alert
    bags: tuple[Bag, ...]


def meet(cues: CueClassifier, alerts: Sequence[Alert]) -> list[Met]:
    """Every lesson read once, for as many fits as one likes."""
    return [_met(alert, cues.heard(alert.text)) for alert in alerts]


def _met(alert: Alert, heard: Heard) -> Met:
    whole = [Window(0, len(heard.plain.tokens))]
    return Met(
        alert, tuple(_bag(heard, window) for window in (whole if alert.why == WRAPPED else windows(heard.plain)))
    )


def _bag(heard: Heard, window: Window) -> Bag:
    bag: Bag = {}
    for piece, worth in pieces(heard.plain, window):
        bag[PIECE + piece] = bag.get(PIECE + piece, 0.0) + worth
    bag.update({SIGN + name: strength for name, strength in signs(heard, window).items()})
    return bag


@dataclass(frozen=True, slots=True)
class Line:
    """One fitted regression: a weight for each piece and sign."""

    weights: Mapping[str, float]
    bias: float

    def score(self, bag: Bag) -> float:
        return self.bias + sum(worth * self.weights.get(name, 0.0) for name, worth in bag.items())


@dataclass(frozen=True, slots=True)
class Fit:
    """The regression and the units together."""

    line: Line
    units: Units

    def best(self, met: Met) -> float:
        """As it is served: the units listen to the loudest windows alone."""
        loud = sorted(((self._weight(bag), bag) for bag in met.bags), key=lambda one: -one[0])[:LOOKED_AT]
        return max(weight + HALVES * self.units.says(bag) for weight, bag in loud)

    def _weight(self, bag: Bag) -> float:
        return HALVES * (self.line.score(bag) + self.units.bias + self.units.weighs(bag))


def fit(met: Sequence[Met], strength: float = STRENGTH) -> Fit:
    """The weights that tell the dangers of those lessons from the rest; what is wrapped teaches the units alone."""
    lessons = [one for one in met if one.alert.why != WRAPPED]
    times = Counter(name for one in lessons for name in set().union(*one.bags))
    columns = {name: at for at, name in enumerate(sorted(name for name, count in times.items() if count >= FEWEST))}
    short = [_Row(one.bags[0], one.alert.urgent, one.alert.weight) for one in lessons if len(one.bags) == 1]
    calm = [one for one in lessons if len(one.bags) > 1 and not one.alert.urgent]
    cries = [one for one in lessons if len(one.bags) > 1 and one.alert.urgent]
    every = [_Row(bag, False, one.alert.weight / len(one.bags)) for one in calm for bag in one.bags]
    rows = every
    found = _fit_once([*short, *rows], columns, strength)
    for _ in range(AGAIN):
        rows = [_Row(max(one.bags, key=found.score), True, one.alert.weight) for one in cries]
        for one in calm:
            loud = sorted(one.bags, key=found.score, reverse=True)[:LOUDEST]
            each = one.alert.weight / len(loud)
            rows.extend(_Row(bag, False, each * (2 if at == 0 else 1)) for at, bag in enumerate(loud))
        found = _fit_once([*short, *rows], columns, strength)
    wraps = [_Row(one.bags[0], one.alert.urgent, one.alert.weight) for one in met if one.alert.why == WRAPPED]
    heard = sorted(name for name, count in times.items() if count >= HEARD_BY_UNITS)
    return Fit(found, _units([*short, *rows, *wraps], {name: at for at, name in enumerate(heard)}))


def _units(rows: Sequence["_Row"], columns: dict[str, int]) -> Units:
    truths, weights = np.array([one.urgent for one in rows]), np.array([one.weight for one in rows])
    return Units.fit(_matrix([one.bag for one in rows], columns), truths, weights, columns)


def apart(met: Sequence[Met]) -> list[tuple[Alert, float]]:
    """For each message that can be left out, letters we put together aside, the score by a fit that has not read its hand."""
    scores: list[tuple[Alert, float]] = []
    for group in range(len(HANDS)):
        out = [one for one in met if one.alert.group == group and one.alert.why not in (LETTER, WRAPPED)]
        if out and len(out) < len(met):
            found = fit([one for one in met if one.alert.group != group])
            scores.extend((one.alert, found.best(one)) for one in out)
    return scores


@dataclass(frozen=True, slots=True)
class Marks:
    """The scores from which on the alarm rings, and from which on a person looks."""

    alarm: float = 0.0
    alarm_long: float = 0.0
    watch: float = 0.0
    watch_long: float = 0.0


def marks(scores: Sequence[tuple[Alert, float]], long: Container[str]) -> Marks:
    """Where so few of a day's post, short and long, ring or are looked at as may."""
    post = [(alert, score) for alert, score in scores if alert.ordinary]
    brief = [one for one in post if one[0].id not in long]
    letter = [one for one in post if one[0].id in long]
    alarm, watch = threshold(brief, FALSE), threshold(brief, GLANCE)
    return Marks(alarm, max(alarm, threshold(letter, FALSE_LONG)), watch, max(watch, threshold(letter, GLANCE_LONG)))


def threshold(scores: Sequence[tuple[Alert, float]], share: float = FALSE) -> float:
    """The score at which so few of the harmless ring as may."""
    harmless = sorted((score for alert, score in scores if not alert.urgent), reverse=True)
    if not harmless:
        return 0.0
    return round(harmless[min(int(share * len(harmless)), len(harmless) - 1)] + LEAST, 3)


@dataclass(frozen=True, slots=True)
class Share:
    """Of `n` messages of a sort, by hands that the fit had not read: the shares that rang, and that rang or were looked at."""

    name: str
    n: int
    rang: float
    seen: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """A model file, and what may be expected of it."""

    packed: bytes
    shares: tuple[Share, ...]


def learn(cues: CueClassifier, teaching: Sequence[Alert]) -> Learnt:
    """A model file from those lessons; the same lessons give the same bytes."""
    met = meet(cues, [*teaching, *letters(teaching, FOLDS), *wrapped(teaching)])
    with threadpool_limits(limits=1):
        scores = apart(met)
        found = fit(met)
    long = {one.alert.id for one in met if len(one.bags) > 1}
    at = marks(scores, long)
    return Learnt(packed(found, at, teaching), shares(scores, long, at))


def shares(scores: Sequence[tuple[Alert, float]], long: Container[str], at: Marks) -> tuple[Share, ...]:
    """What rang and what was looked at, by sort and hand; the head alone, without the rules."""
    lots: dict[str, list[tuple[float, float]]] = {}
    for alert, score in scores:
        mark = (at.alarm_long, at.watch_long) if alert.id in long else (at.alarm, at.watch)
        sort = "danger" if alert.urgent else "ordinary" if alert.ordinary else "lookalike"
        length = "long" if alert.id in long else "short"
        for name in (sort, f"{sort}, {length}", f"{sort}: {alert.hand}"):
            lots.setdefault(name, []).append((score - mark[0], score - mark[1]))
    return tuple(
        Share(
            name, len(lot), sum(rang >= 0 for rang, _ in lot) / len(lot), sum(max(both) >= 0 for both in lot) / len(lot)
        )
        for name, lot in sorted(lots.items())
    )


def packed(found: Fit, at: Marks, teaching: Sequence[Alert]) -> bytes:
    """The file that `DangerModel.read` takes."""
    line, units = found.line, found.units
    said = {
        name: Said(HALVES * (line.weights.get(name, 0.0) + units.weight(name)), units.bytes_of(name))
        for name in {*line.weights, *units.columns}
    }
    head: dict[str, Any] = {
        "bias": round(HALVES * (line.bias + units.bias), 4),
        **asdict(at),
        "signs": {name.removeprefix(SIGN): one.row() for name, one in said.items() if name.startswith(SIGN)},
        "layer": units.row(HALVES),
        "about": _about(teaching),
    }
    return pack(head, {name.removeprefix(PIECE): one for name, one in said.items() if name.startswith(PIECE)})


def _about(alerts: Sequence[Alert]) -> dict[str, Any]:
    """What it was learnt from; no day and no machine, or no build were like another."""
    told = "\n".join(sorted(f"{alert.id}\t{alert.urgent}\t{alert.text}" for alert in alerts))
    return {
        "danger": sum(alert.urgent for alert in alerts),
        "harmless": sum(not alert.urgent for alert in alerts),
        "sha256": hashlib.sha256(told.encode()).hexdigest(),
    }


@dataclass(frozen=True, slots=True)
class _Row:
    bag: Bag
    urgent: bool
    weight: float


def _fit_once(rows: Sequence[_Row], columns: dict[str, int], strength: float) -> Line:
    regression = LogisticRegression(C=strength, max_iter=2000, tol=1e-4)
    truths, weights = np.array([one.urgent for one in rows]), np.array([one.weight for one in rows])
    regression.fit(_matrix([one.bag for one in rows], columns), truths, sample_weight=weights)
    row = regression.coef_[0]
    return Line({name: float(row[at]) for name, at in columns.items()}, float(regression.intercept_[0]))


def _matrix(bags: Sequence[Bag], columns: dict[str, int]) -> csr_matrix:
    rows = [[(columns[name], worth) for name, worth in bag.items() if name in columns] for bag in bags]
    starts = np.cumsum([0, *map(len, rows)])
    at = np.fromiter((column for row in rows for column, _ in row), dtype=np.int64, count=int(starts[-1]))
    values = np.fromiter((value for row in rows for _, value in row), dtype=np.float64, count=int(starts[-1]))
    return csr_matrix((values, at, starts), shape=(len(rows), len(columns)))
