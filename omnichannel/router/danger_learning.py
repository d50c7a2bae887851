"""Fits the head of `router.danger`: a logistic regression over words, letters and ideas. Run while the package is built.

Staff's corrections do not come here: nobody's correction may teach the alarm to sleep. What a long letter says of danger
stands in one of its windows and we are not told in which: short messages and every window of the harmless letters teach
first; then the window that sounds nearest to danger is taken for the letter, of a harmless one the loudest few, and the fit
is made anew.

At which score the alarm rings is found on hands left out one after another: a fit that has read a hand's other messages
thinks too well of itself, and the next citizen is a hand that nobody has read.
"""

import hashlib
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from omnichannel.router.classify import CueClassifier
from omnichannel.router.danger import THOUSANDTH, Heard, Window, pack, pieces, signs, windows
from omnichannel.router.danger_lessons import HANDS, LETTER, Alert, letters

LEAST = 0.001  # what rounds a mark away from the last that must not ring
FEWEST = 2  # messages that must hold a piece; what stands in one message only is chance
STRENGTH = 1.0  # the regression's C
AGAIN = 2  # times that the windows are chosen anew
LOUDEST = 3  # windows of a harmless letter that teach; the loudest of them counts twice
FOLDS = 3  # of the letters that are put together
# Of ordinary messages by a hand left out, the shares that may ring and that may be looked at. On hands left out (`make
# figures`) a hundredth costs about a tenth of the calls, which the watch halves again and more: a glance is cheap.
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
    return Met(alert, tuple(_bag(heard, window) for window in windows(heard.plain)))


def _bag(heard: Heard, window: Window) -> Bag:
    bag: Bag = {}
    for piece, worth in pieces(heard.plain, window):
        bag[PIECE + piece] = bag.get(PIECE + piece, 0.0) + worth
    bag.update({SIGN + name: strength for name, strength in signs(heard, window).items()})
    return bag


@dataclass(frozen=True, slots=True)
class Fit:
    """One fitted regression: a weight for each piece and sign."""

    weights: dict[str, float]
    bias: float

    def score(self, bag: Bag) -> float:
        return self.bias + sum(worth * self.weights.get(name, 0.0) for name, worth in bag.items())

    def best(self, met: Met) -> float:
        return max(map(self.score, met.bags))


def fit(met: Sequence[Met], strength: float = STRENGTH) -> Fit:
    """The weights that tell the dangers of those lessons from the rest."""
    times = Counter(name for one in met for name in set().union(*one.bags))
    columns = {name: at for at, name in enumerate(sorted(name for name, count in times.items() if count >= FEWEST))}
    short = [_Row(one.bags[0], one.alert.urgent, one.alert.weight) for one in met if len(one.bags) == 1]
    calm = [one for one in met if len(one.bags) > 1 and not one.alert.urgent]
    cries = [one for one in met if len(one.bags) > 1 and one.alert.urgent]
    every = [_Row(bag, False, one.alert.weight / len(one.bags)) for one in calm for bag in one.bags]
    found = _fit_once([*short, *every], columns, strength)
    for _ in range(AGAIN):
        rows = [_Row(max(one.bags, key=found.score), True, one.alert.weight) for one in cries]
        for one in calm:
            loud = sorted(one.bags, key=found.score, reverse=True)[:LOUDEST]
            each = one.alert.weight / len(loud)
            rows.extend(_Row(bag, False, each * (2 if at == 0 else 1)) for at, bag in enumerate(loud))
        found = _fit_once([*short, *rows], columns, strength)
    return found


def apart(met: Sequence[Met]) -> list[tuple[Alert, float]]:
    """For each message by a hand that can be left out, letters we put together aside, the score by a fit that has not read
    that hand."""
    scores: list[tuple[Alert, float]] = []
    for hands in HANDS:
        out = [one for one in met if one.alert.hand in hands and one.alert.why != LETTER]
        if out and len(out) < len(met):
            found = fit([one for one in met if one.alert.hand not in hands])
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
    met = meet(cues, [*teaching, *letters(teaching, FOLDS)])
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
    said = {name.removeprefix(SIGN): weight for name, weight in found.weights.items() if name.startswith(SIGN)}
    whole = {
        name.removeprefix(PIECE): round(weight * THOUSANDTH)
        for name, weight in found.weights.items()
        if name.startswith(PIECE)
    }
    head: dict[str, Any] = {
        "bias": round(found.bias, 4),
        **asdict(at),
        "signs": {name: round(weight, 4) for name, weight in said.items()},
        "about": _about(teaching),
    }
    return pack(head, {piece: weight for piece, weight in whole.items() if weight})


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


def _fit_once(rows: Sequence[_Row], columns: dict[str, int], strength: float) -> Fit:
    regression = LogisticRegression(C=strength, max_iter=2000, tol=1e-4)
    truths, weights = np.array([one.urgent for one in rows]), np.array([one.weight for one in rows])
    regression.fit(_matrix([one.bag for one in rows], columns), truths, sample_weight=weights)
    row = regression.coef_[0]
    return Fit({name: float(row[at]) for name, at in columns.items()}, float(regression.intercept_[0]))


def _matrix(bags: Sequence[Bag], columns: dict[str, int]) -> csr_matrix:
    rows = [[(columns[name], worth) for name, worth in bag.items() if name in columns] for bag in bags]
    starts = np.cumsum([0, *map(len, rows)])
    at = np.fromiter((column for row in rows for column, _ in row), dtype=np.int64, count=int(starts[-1]))
    values = np.fromiter((value for row in rows for _, value in row), dtype=np.float64, count=int(starts[-1]))
    return csr_matrix((values, at, starts), shape=(len(rows), len(columns)))
