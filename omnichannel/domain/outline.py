"""Outlines of land: rings of (x, y) cut to a window.

Standard library only and no import of ours: the build runs this file by itself to make the coast that we carry.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

Point = tuple[float, float]


class Box(NamedTuple):
    """A window; x grows eastward, y northward."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, other: "Box") -> bool:
        """Whether the other window lies within this one."""
        return (
            self.west <= other.west
            and self.south <= other.south
            and self.east >= other.east
            and self.north >= other.north
        )

    def meets(self, other: "Box") -> bool:
        """Whether the two share any ground."""
        return not (
            self.west > other.east or self.east < other.west or self.south > other.north or self.north < other.south
        )


def around(ring: Sequence[Point]) -> Box:
    """The smallest window that holds a ring."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return Box(min(xs), min(ys), max(xs), max(ys))


def clip(ring: Sequence[Point], box: Box) -> list[Point]:
    """The part of a ring inside a window (Sutherland and Hodgman, 1974); empty where they do not meet. Where the ring
    leaves and comes back, the edge of the window joins the parts."""
    ring = _cut(ring, lambda p: p[0] >= box.west, lambda a, b: _at_x(a, b, box.west))
    ring = _cut(ring, lambda p: p[0] <= box.east, lambda a, b: _at_x(a, b, box.east))
    ring = _cut(ring, lambda p: p[1] >= box.south, lambda a, b: _at_y(a, b, box.south))
    return _cut(ring, lambda p: p[1] <= box.north, lambda a, b: _at_y(a, b, box.north))


def _cut(
    ring: Sequence[Point], inside: Callable[[Point], bool], crossing: Callable[[Point, Point], Point]
) -> list[Point]:
    kept: list[Point] = []
    for n, point in enumerate(ring):
        before = ring[n - 1]
        if inside(point):
            if not inside(before):
                kept.append(crossing(before, point))
            kept.append(point)
        elif inside(before):
            kept.append(crossing(before, point))
    return kept


def _at_x(one: Point, other: Point, x: float) -> Point:
    return x, one[1] + (other[1] - one[1]) * (x - one[0]) / (other[0] - one[0])


def _at_y(one: Point, other: Point, y: float) -> Point:
    return one[0] + (other[0] - one[0]) * (y - one[1]) / (other[1] - one[1]), y
