"""Learns which messages hold two intents, and which two: the weights of `router.second`.

A regression over candidates, not over messages: each kind but the likeliest is asked whether it is the other intent. It is
fitted on probabilities that were found on manners not learnt, as citizens' messages will be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from omnichannel.domain.case import Kind
from omnichannel.router.classify import Features
from omnichannel.router.lessons import Lesson
from omnichannel.router.second import Seconds, candidates

Matrix = NDArray[np.float64]

STRENGTH = 0.05  # the regression's C
ENOUGH = tuple(round(0.15 + 0.025 * step, 3) for step in range(13))
FEWEST = 20  # messages with two intents; from fewer nothing is learnt
NEVER = Seconds(bias=0.0, enough=1.0, weights={})


@dataclass(frozen=True, slots=True)
class Told:
    """A lesson, what was seen of it, and the probabilities of those who had not learnt its manner (`group`)."""

    lesson: Lesson
    features: Features
    p: Mapping[Kind, float]
    group: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    message: int
    seen: Mapping[str, float]
    right: bool


def seconds(told: Sequence[Told]) -> Seconds:
    """The weights, and the threshold from which most seconds are named rightly on groups that did not teach."""
    if sum(one.lesson.second is not None for one in told) < FEWEST:
        return NEVER
    asked = [
        _Candidate(number, seen, {first, kind} == {one.lesson.kind, one.lesson.second})
        for number, one in enumerate(told)
        for first in [max(Kind, key=lambda kind: one.p[kind])]
        for kind, seen in candidates(one.features, one.p)
    ]
    groups = np.array([told[one.message].group for one in asked])
    names = sorted({name for one in asked for name in one.seen})
    inputs, right = _inputs(asked, names), np.array([one.right for one in asked])
    score = np.zeros(len(asked))
    for group in sorted(set(groups.tolist())):
        rest = groups != group
        if right[rest].any():
            score[~rest] = _fit(inputs[rest], right[rest]).predict_proba(inputs[~rest])[:, 1]
    whole = _fit(inputs, right)
    weights = {name: round(float(one), 3) for name, one in zip(names, whole.coef_[0], strict=True)}
    there = sum(one.lesson.second is not None for one in told)
    return Seconds(
        bias=round(float(whole.intercept_[0]), 3),
        enough=max(ENOUGH, key=lambda enough: _f1(asked, score, enough, there)),
        weights={name: weight for name, weight in weights.items() if weight},
    )


def _f1(asked: Sequence[_Candidate], score: Matrix, enough: float, there: int) -> float:
    best: dict[int, tuple[float, bool]] = {}
    for one, p in zip(asked, score, strict=True):
        if p >= max(enough, best.get(one.message, (0.0, False))[0]):
            best[one.message] = float(p), one.right
    return 2 * sum(right for _, right in best.values()) / ((len(best) + there) or 1)


def _fit(inputs: csr_matrix, right: Matrix) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=2000, tol=1e-3).fit(inputs, right)


def _inputs(asked: Sequence[_Candidate], names: Sequence[str]) -> csr_matrix:
    column = {name: at for at, name in enumerate(names)}
    rows = [number for number, one in enumerate(asked) for _ in one.seen]
    at = [column[name] for one in asked for name in one.seen]
    values = [value for one in asked for value in one.seen.values()]
    return csr_matrix((values, (rows, at)), shape=(len(asked), len(names)))
