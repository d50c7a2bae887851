"""The small layer of units in the head for danger: each hears every piece and speaks only when enough speak to it together.

A unit is one sum, cut off at zero, of a weight for each piece. The weights are whole numbers of a byte, 128 for none; what
they are worth is the layer's `scale`. Plain Python: no library of numbers is loaded to serve it.
"""

import math
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

THOUSANDTH = 1000
NONE = 128  # the byte that says nothing


class Said(NamedTuple):
    """What one piece says: its own weight, and a byte for each unit, or none at all."""

    weight: float
    units: bytes = b""

    @classmethod
    def read(cls, row: Sequence[Any], units: int) -> "Said":
        """A piece as the file holds it; ValueError where that is none."""
        weight, *rest = row
        if not isinstance(weight, int) or len(rest) > 1:
            raise ValueError(f"a weight in thousandths expected, not {str(row)[:40]}")
        said = b64decode(rest[0], validate=True) if rest else b""
        if len(said) not in (0, units):
            raise ValueError(f"{units} units expected, not {len(said)}")
        return cls(weight / THOUSANDTH, said)

    def row(self) -> list[int | str]:
        """The way back."""
        weight = round(self.weight * THOUSANDTH)
        return [weight, b64encode(self.units).decode("ascii")] if self.units else [weight]


SILENT = Said(0.0)


class Sum:
    """What many pieces say together: their weights, and to each unit; `none` is what the bytes hold too much."""

    __slots__ = ("none", "units", "weight")

    def __init__(self, units: int) -> None:
        self.weight = 0.0
        self.none = 0.0
        self.units = [0.0] * units

    def hear(self, said: Said, worth: float) -> None:
        """One piece more."""
        self.weight += worth * said.weight
        if said.units:
            self.none += worth
            self.units = [known + worth * byte for known, byte in zip(self.units, said.units, strict=True)]

    def join(self, other: "Sum") -> None:
        """Many pieces more."""
        self.weight += other.weight
        self.none += other.none
        self.units = [one + two for one, two in zip(self.units, other.units, strict=True)]


@dataclass(frozen=True, slots=True)
class Gates:
    """Which units speak in a message, and how loudly: there the layer is a plain sum of weights, and words can be told."""

    loudness: Sequence[float]

    def of(self, told: Sum) -> float:
        """What those pieces say where these units speak."""
        heard = zip(self.loudness, told.units, strict=True)
        return told.weight + sum(loudness * (units - NONE * told.none) for loudness, units in heard if loudness)


@dataclass(frozen=True, slots=True)
class Layer:
    """The units: what each hears before the first word (`bias`), how loudly it speaks (`out`), and what a byte is worth."""

    scale: float = 0.0
    bias: tuple[float, ...] = ()
    out: tuple[float, ...] = ()

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> "Layer":
        """A layer as the file holds it; ValueError where that is none."""
        layer = cls(float(row["scale"]), tuple(map(float, row["bias"])), tuple(map(float, row["out"])))
        if len(layer.bias) != len(layer.out) or not all(map(math.isfinite, (layer.scale, *layer.bias, *layer.out))):
            raise ValueError("a layer's units do not fit together")
        return layer

    def says(self, told: Sum) -> float:
        """What the units add to the weights."""
        return sum(out * level for out, level in zip(self.out, self._levels(told), strict=True) if level > 0)

    def gates(self, told: Sum) -> Gates:
        """Which of the units speak in that message."""
        levels = zip(self.out, self._levels(told), strict=True)
        return Gates([out * self.scale if level > 0 else 0.0 for out, level in levels])

    def _levels(self, told: Sum) -> list[float]:
        too_much = NONE * told.none
        return [bias + self.scale * (units - too_much) for bias, units in zip(self.bias, told.units, strict=True)]
