"""The coasts that we carry: Natural Earth's land at 1:10,000,000, Indonesia only, cut to a map's window.

The build makes the file (hatch_build.py). A checkout that was never built has none, and its maps have no coast.
Natural Earth calls its data right to the scale (naturalearthdata.com/about/terms-of-use, 2026-11): at 1:10,000,000 a coast
may lie some kilometres from where it is, and small islands are missing.
"""

import json
from functools import cache, lru_cache
from importlib import resources
from itertools import accumulate

from omnichannel.domain.outline import Box, Point, around, clip

FILE = "indonesia.json"
MARGIN = 2.0  # degrees around a cell of one degree: whatever a map of that cell shows is cut from there
Rings = tuple[tuple[Point, ...], ...]


def land(box: Box) -> Rings | None:
    """The land within a window; None where we know nothing of it, which is not the same as sea."""
    known, rings = _carried()
    if not known.holds(box):
        return None
    cell = Box(box.west // 1, box.south // 1, box.west // 1 + 1, box.south // 1 + 1)
    near = Box(cell.west - MARGIN, cell.south - MARGIN, cell.east + MARGIN, cell.north + MARGIN)
    source = _near(near) if near.holds(box) else rings
    cut = (tuple(clip(ring, box)) for ring in source if around(ring).meets(box))
    return tuple(ring for ring in cut if len(ring) > 2)


@lru_cache(maxsize=64)
def _near(box: Box) -> Rings:
    cut = (tuple(clip(ring, box)) for ring in _carried()[1] if around(ring).meets(box))
    return tuple(ring for ring in cut if len(ring) > 2)


@cache
def _carried() -> tuple[Box, Rings]:
    """Read at the first map. Each ring is a first point and the steps from it, on the file's grid."""
    try:
        text = resources.files("omnichannel.web").joinpath("land").joinpath(FILE).read_text(encoding="utf-8")
    except OSError:
        return Box(0, 0, 0, 0), ()
    held = json.loads(text)
    rings = []
    for steps in held["rings"]:
        xs, ys = accumulate(steps[::2]), accumulate(steps[1::2])
        rings.append(tuple((x / held["grid"], y / held["grid"]) for x, y in zip(xs, ys, strict=True)))
    return Box(*held["box"]), tuple(rings)
