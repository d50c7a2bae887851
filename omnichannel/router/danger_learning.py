"""Fits the head of `router.danger`: a logistic regression over words, letters and ideas. Run while the package is built.

Staff's corrections do not come here: nobody's correction may teach the alarm to sleep. What a long letter says of danger
stands in one of its windows and we are not told in which: after a first fit the window that sounds nearest to danger is taken
for the letter, and the fit is made anew.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from omnichannel.router.classify import CueClassifier
from omnichannel.router.danger import THOUSANDTH, Heard, Window, pack, pieces, signs, windows
from omnichannel.router.danger_lessons import LETTER, Alert, fold, letters

FEWEST = 2  # messages that must hold a piece; what stands in one message only is chance
STRENGTH = 0.5  # the regression's C
FOLDS = 3  # by which the score of the alarm is found
FALSE = 0.038  # of the harmless lessons, this share may ring: they are far harder than a day's post
FALSE_LONG = 0.004  # of the long ones, which are a day's post as it is
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
    chosen = [one.bags[0] if len(one.bags) == 1 else _joined(one.bags) for one in met]
    truths = np.array([one.alert.urgent for one in met])
    weights = np.array([one.alert.weight for one in met])
    found = _fit_once(chosen, truths, weights, columns, strength)
    chosen = [max(one.bags, key=found.score) for one in met]
    return _fit_once(chosen, truths, weights, columns, strength)


def learn(cues: CueClassifier, teaching: Sequence[Alert]) -> bytes:
    """A model file from those lessons; the same lessons give the same bytes."""
    met = meet(cues, [*teaching, *letters(teaching, FOLDS)])
    with threadpool_limits(limits=1):
        scores = apart(met)
        long = {one.alert.id for one in met if len(one.bags) > 1}
        alarm = threshold(scores)
        later = threshold([one for one in scores if one[0].id in long], FALSE_LONG)
        found = fit(met)
    return packed(found, alarm, max(alarm, later), teaching)


def apart(met: Sequence[Met]) -> list[tuple[Alert, float]]:
    """For each message, letters left out, the score by a fit that has not seen it."""
    scores: list[tuple[Alert, float]] = []
    for part in range(FOLDS):
        found = fit([one for one in met if fold(one.alert.id, FOLDS) != part])
        out = [one for one in met if fold(one.alert.id, FOLDS) == part and one.alert.why != LETTER]
        scores.extend((one.alert, found.best(one)) for one in out)
    return scores


def threshold(scores: Sequence[tuple[Alert, float]], share: float = FALSE) -> float:
    """The score at which so few of the harmless ring as may."""
    harmless = sorted((score for alert, score in scores if not alert.urgent), reverse=True)
    if not harmless:
        return 0.0
    return round(harmless[min(int(share * len(harmless)), len(harmless) - 1)], 3)


def packed(found: Fit, alarm: float, alarm_long: float, teaching: Sequence[Alert]) -> bytes:
    """The file that `DangerModel.read` takes."""
    said = {name.removeprefix(SIGN): weight for name, weight in found.weights.items() if name.startswith(SIGN)}
    whole = {
        name.removeprefix(PIECE): round(weight * THOUSANDTH)
        for name, weight in found.weights.items()
        if name.startswith(PIECE)
    }
    head: dict[str, Any] = {
        "bias": round(found.bias, 4),
        "alarm": alarm,
        "alarm_long": alarm_long,
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


def _joined(bags: Sequence[Bag]) -> Bag:
    whole: Bag = {}
    for bag in bags:
        for name, worth in bag.items():
            whole[name] = max(worth, whole.get(name, 0.0))
    return whole


def _fit_once(
    bags: Sequence[Bag],
    truths: NDArray[np.bool_],
    weights: NDArray[np.float64],
    columns: dict[str, int],
    strength: float,
) -> Fit:
    regression = LogisticRegression(C=strength, max_iter=2000, tol=1e-4)
    regression.fit(_matrix(bags, columns), truths, sample_weight=weights)
    row = regression.coef_[0]
    return Fit({name: float(row[at]) for name, at in columns.items()}, float(regression.intercept_[0]))


def _matrix(bags: Sequence[Bag], columns: dict[str, int]) -> csr_matrix:
    rows = [[(columns[name], worth) for name, worth in bag.items() if name in columns] for bag in bags]
    starts = np.cumsum([0, *map(len, rows)])
    at = np.fromiter((column for row in rows for column, _ in row), dtype=np.int64, count=int(starts[-1]))
    values = np.fromiter((value for row in rows for _, value in row), dtype=np.float64, count=int(starts[-1]))
    return csr_matrix((values, at, starts), shape=(len(rows), len(columns)))
