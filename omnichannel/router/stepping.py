"""Moves a fitted regression towards what one office says, without losing what the corpus taught it.

In one heap a hundred corrections drown among thousands of seeds. As a step away from the corpus they count in full, move
little what they do not speak of, and outweigh the corpus the more of them there are. It makes little difference whether staff
only put right what is wrong or confirm what is right as well; both were tried on hands left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Matrix = NDArray[np.float64]

TINY = 1e-12
ROUNDS = 150  # of the search for the best step; it settles in far fewer


@dataclass(frozen=True, slots=True)
class Head:
    """One fitted regression: a row of weights for each class, and its bias."""

    weights: Matrix
    bias: Matrix

    def p(self, inputs: csr_matrix, heat: float = 1.0) -> Matrix:
        return softmax(self.scores(inputs) / heat)

    def scores(self, inputs: csr_matrix) -> Matrix:
        return np.asarray(inputs @ self.weights.T) + self.bias


@dataclass(frozen=True, slots=True)
class Held:
    """Messages about which the head is to say what it said before, and how much each of them counts."""

    inputs: csr_matrix
    weight: float


def stepped(
    head: Head,
    inputs: csr_matrix,
    truths: Sequence[int],
    reach: Matrix,
    ridges: tuple[float, float],
    held: Held | None = None,
) -> Head:
    """The head moved towards those truths. A ridge around where it stands holds it back, each column by its `reach` (the
    second ridge is that of the bias), and so does what it says of the messages `held`: of their words, not of how often each
    kind comes, which is this office's own.
    """
    used = np.unique(inputs.indices)
    near, before = _scaled(inputs[:, used], reach[used]), head.scores(inputs)
    told = np.eye(len(head.bias))[np.array(truths)]
    far, stood = (_scaled(held.inputs[:, used], reach[used]), head.scores(held.inputs)) if held else (None, before)
    still = softmax(stood)
    weight = held.weight if held else 0.0
    shape = (len(head.bias), len(used) + 1)
    ridge = np.full(shape, ridges[0])
    ridge[:, -1] = ridges[1]

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        steps = flat.reshape(shape)
        p = softmax(before + near @ steps[:, :-1].T + steps[:, -1])
        value = -float((told * np.log(p + TINY)).sum())
        slope = np.hstack([(near.T @ (p - told)).T, (p - told).sum(axis=0)[:, None]])
        if far is not None:
            now = softmax(stood + far @ steps[:, :-1].T)
            value -= weight * float((still * np.log(now + TINY)).sum())
            slope[:, :-1] += weight * (far.T @ (now - still)).T
        return value + float((ridge * steps**2).sum()) / 2, (slope + ridge * steps).ravel()

    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS})
    steps = found.x.reshape(shape)
    weights = head.weights.copy()
    weights[:, used] += steps[:, :-1] * reach[used]
    return Head(weights, head.bias + steps[:, -1])


def softmax(scores: Matrix) -> Matrix:
    """Each row of scores as probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _scaled(inputs: csr_matrix, reach: Matrix) -> csr_matrix:
    return csr_matrix(inputs.multiply(reach))
