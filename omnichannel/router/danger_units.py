"""Fits the small layer of units of the head for danger: what a sum of weights cannot say, "these only together".

Every unit starts from its own small random weights, by a seed, and each step leaves out half of what a message says, so that
no unit relies on one word: a call in other words than we were taught must still be heard by what is left. The same rows give
the same units on the same machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from omnichannel.router.danger_layer import NONE

UNITS = 16
ROUNDS = 6  # through all rows
STEP = 0.003  # how far a step goes at first; ever less until the last
LEFT_OUT = 0.5  # of a row's pieces, at each step others
TOGETHER = 128  # rows of a step
FIRST = 0.05  # size of the weights before the first step
FADING, FADING_SQUARES, TINY = 0.9, 0.999, 1e-8  # of Adam, as its authors give them (arXiv:1412.6980)
HOLD = 1e-5  # how firmly weights are held at zero
BIAS_STEP = 0.5  # of a step, for the bias of the whole
LOUDEST_BYTE = 127
SEED = 0

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Units:
    """Fitted units: for each column its own weight and one for each unit."""

    columns: Mapping[str, int]
    own: Floats
    heard: Floats
    unit_bias: Floats
    out: Floats
    bias: float
    scale: float  # what a byte of the file is worth

    @classmethod
    def fit(
        cls, rows: csr_matrix, truths: NDArray[np.bool_], worth: NDArray[np.float64], columns: Mapping[str, int]
    ) -> "Units":
        """Units that tell the true rows from the others."""
        return _Fitting(rows.astype(np.float32), truths, worth).run(columns)

    def weighs(self, bag: Mapping[str, float]) -> float:
        """What the pieces of a bag say by themselves."""
        return sum(worth * float(self.own[at]) for at, worth in self._known(bag))

    def says(self, bag: Mapping[str, float]) -> float:
        """What the units add."""
        known = self._known(bag)
        if not known:
            return float(np.maximum(self.unit_bias, 0) @ self.out)
        places, worth = [at for at, _ in known], np.array([worth for _, worth in known], np.float32)
        return float(np.maximum(self.unit_bias + worth @ self.heard[places], 0) @ self.out)

    def _known(self, bag: Mapping[str, float]) -> list[tuple[int, float]]:
        return [(self.columns[name], worth) for name, worth in bag.items() if name in self.columns]

    def weight(self, name: str) -> float:
        """A piece's own weight; none where the units do not hear it."""
        return float(self.own[self.columns[name]]) if name in self.columns else 0.0

    def bytes_of(self, name: str) -> bytes:
        """What a piece says to each unit, as the file holds it."""
        if name not in self.columns:
            return b""
        return bytes(round(float(weight) / self.scale) + NONE for weight in self.heard[self.columns[name]])

    def row(self, share: float) -> dict[str, Any]:
        """What the file's head holds of them; `share` of their voice counts."""
        return {
            "scale": self.scale,
            "bias": [round(float(one), 4) for one in self.unit_bias],
            "out": [round(share * float(one), 4) for one in self.out],
        }


class _Fitting:
    """The weights on their way, and what Adam remembers of the steps before."""

    def __init__(self, rows: csr_matrix, truths: NDArray[np.bool_], worth: NDArray[np.float64]) -> None:
        self._rows, self._truths, self._worth = rows, truths.astype(np.float32), worth.astype(np.float32)
        self._chance = np.random.default_rng(SEED)
        width = rows.shape[1]
        heard = (self._chance.normal(0, 1, (width, UNITS)) * FIRST).astype(np.float32)
        out = (self._chance.normal(0, 1, UNITS) / np.sqrt(UNITS)).astype(np.float32)
        self._weights = [heard, np.zeros(UNITS, np.float32), out, np.zeros(width, np.float32)]
        self._means = [np.zeros_like(one) for one in self._weights]
        self._squares = [np.zeros_like(one) for one in self._weights]
        self._bias = -1.0
        self._steps = 0

    def run(self, columns: Mapping[str, int]) -> Units:
        """All rounds."""
        count = self._rows.shape[0]
        for number in range(ROUNDS):
            size = STEP * (1 - number / ROUNDS)
            order = self._chance.permutation(count)
            for first in range(0, count, TOGETHER):
                self._step(order[first : first + TOGETHER], size)
        heard, unit_bias, out, own = self._weights
        scale = float(np.abs(heard).max(initial=TINY)) / LOUDEST_BYTE
        return Units(columns, own, heard, unit_bias, out, self._bias, scale)

    def _step(self, some: NDArray[np.int64], size: float) -> None:
        heard, unit_bias, out, own = self._weights
        batch = self._rows[some].copy()
        batch.data = batch.data * (self._chance.random(len(batch.data)) > LEFT_OUT) / np.float32(1 - LEFT_OUT)
        levels = batch @ heard + unit_bias
        spoken = np.maximum(levels, 0)
        sure = 1 / (1 + np.exp(-(spoken @ out + batch @ own + np.float32(self._bias))))
        wrong = ((sure - self._truths[some]) * self._worth[some] / len(some)).astype(np.float32)
        back = np.outer(wrong, out) * (levels > 0)
        turned = batch.T.tocsr()
        self._move(
            [turned @ back + HOLD * heard, back.sum(0), spoken.T @ wrong, turned @ wrong + HOLD * own],
            size,
        )
        slope = float(wrong.sum())
        self._bias -= size * BIAS_STEP * float(np.clip(10 * slope, -1, 1))

    def _move(self, slopes: list[Floats], size: float) -> None:
        self._steps += 1
        for at, slope in enumerate(slopes):
            mean, square = self._means[at], self._squares[at]
            mean += (1 - FADING) * (slope - mean)
            square += (1 - FADING_SQUARES) * (slope**2 - square)
            sized = mean / (1 - FADING**self._steps)
            spread = np.sqrt(square / (1 - FADING_SQUARES**self._steps)) + TINY
            self._weights[at] -= np.float32(size) * sized / spread
