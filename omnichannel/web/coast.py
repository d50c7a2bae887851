"""The coasts that we carry: Natural Earth's land at 1:10,000,000, Indonesia only, cut to a map's window.

The build makes the file (hatch_build.py). A checkout that was never built has none, and its maps have no coast.
Natural Earth calls its data right to the scale (naturalearthdata.com/about/terms-of-use, 2026-11): at 1:10,000,000 a coast
may lie some kilometres from where it is, and small islands are missing.
"""

import json
from functools import cache
from importlib import resources
from itertools import accumulate

from omnichannel.domain.outline import Box, Point, around, clip

FILE = "indonesia.json"
MARGIN = 2.0  # degrees around a cell of one degree: whatever a map of that cell shows is cut from there
CELLS = 64
Rings = tuple[tuple[Point, ...], ...]


class Coast:
    """The land inside `known`; outside of it we know nothing."""

    def __init__(self, known: Box, rings: Rings) -> None:
        self._known = known
        self._rings = rings
        self._cells: dict[Box, Rings] = {}

    def land(self, box: Box) -> Rings | None:
        """The land within a window; None where we know nothing of it, which is not the same as sea."""
        if not self._known.holds(box):
            return None
        near = Box(
            box.west // 1 - MARGIN, box.south // 1 - MARGIN, box.west // 1 + 1 + MARGIN, box.south // 1 + 1 + MARGIN
        )
        return _cut(self._near(near) if near.holds(box) else self._rings, box)

    def _near(self, cell: Box) -> Rings:
        """Borneo alone has ten thousand points: what lies around one cell is cut out once."""
        found = self._cells.get(cell)
        if found is None:
            if len(self._cells) >= CELLS:
                self._cells.clear()
            found = self._cells[cell] = _cut(self._rings, cell)
        return found


def _cut(rings: Rings, box: Box) -> Rings:
    cut = (tuple(clip(ring, box)) for ring in rings if around(ring).meets(box))
    return tuple(ring for ring in cut if len(ring) > 2)


@cache
def carried() -> Coast:
    """Read at the first map. Each ring is a first point and the steps from it, on the file's grid."""
    try:
        text = resources.files("omnichannel.web").joinpath("land").joinpath(FILE).read_text(encoding="utf-8")
    except OSError:
        return Coast(Box(0, 0, 0, 0), ())
    held = json.loads(text)
    rings = []
    for steps in held["rings"]:
        xs, ys = accumulate(steps[::2]), accumulate(steps[1::2])
        rings.append(tuple((x / held["grid"], y / held["grid"]) for x, y in zip(xs, ys, strict=True)))
    return Coast(Box(*held["box"]), tuple(rings))
