"""A small map, drawn here: the point, known places, the coast, degrees, a scale and north. No stranger is asked for it.

Plate carrée, true to scale at the point's own latitude: over the hundred kilometres that such a map shows nobody can see
the difference. Lengths are pixels of the picture; what the template draws is words and numbers, no style.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians

from omnichannel.domain.geography import Landmark, nearest
from omnichannel.domain.message import Location
from omnichannel.domain.outline import Box
from omnichannel.web import coast

DEGREE = 111.195  # km of one degree of latitude on the sphere of domain.geography
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600)  # minutes between two lines
SCALES = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)  # km of the bar
REACHES = (4.0, 6.0, 9.0, 14.0, 22.0, 34.0, 52.0, 80.0, 120.0)  # km from the middle to the upper edge
LONELY = 14.0  # where no known place is near
LINES = 4
LETTER = 5.9  # px, a letter's width at 11 px, a little too wide rather than too narrow
HEIGHT = 13
PIN = 13  # px around the point that stay free of words


@dataclass(frozen=True, slots=True)
class Line:
    """One meridian (`upright`) or parallel, and what it is called in minutes of arc."""

    at: float
    minutes: int
    upright: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A known place. `name` is "" where there was no room for it."""

    x: float
    y: float
    name: str
    tx: float
    ty: float
    anchor: str
    middle: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture. `land` is the path of the land, "" for none in sight, None where the coast is unknown."""

    width: int
    height: int
    x: float
    y: float
    land: str | None
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    scale_km: float
    scale_px: float


@dataclass(frozen=True, slots=True)
class _Window:
    """Where things stand: the middle of the picture, and pixels for a kilometre."""

    middle: Location
    width: int
    height: int
    px: float

    @property
    def east(self) -> float:
        """Kilometres of one degree of longitude here."""
        return DEGREE * max(0.02, cos(radians(self.middle.lat)))

    def put(self, lon: float, lat: float) -> tuple[float, float]:
        x = self.width / 2 + (lon - self.middle.lon) * self.east * self.px
        return round(x, 1), round(self.height / 2 - (lat - self.middle.lat) * DEGREE * self.px, 1)

    def box(self, pad: float = 0.0) -> Box:
        """The window in degrees, `pad` pixels wider on each side."""
        lon = (self.width / 2 + pad) / self.px / self.east
        lat = (self.height / 2 + pad) / self.px / DEGREE
        lat0, lon0 = self.middle.lat, self.middle.lon
        return Box(lon0 - lon, lat0 - lat, lon0 + lon, lat0 + lat)


@lru_cache(maxsize=512)
def close(at: Location, places: tuple[Landmark, ...], width: int, height: int) -> Chart:
    """The point in the middle, so near that two known places are in sight; one, where the second is far off."""
    seen = [near.place for near in nearest(places, at, 6)]
    reach = _reach(at, seen, width, height)
    return _draw(_Window(at, width, height, height / 2 / reach), at, places)


@lru_cache(maxsize=256)
def wide(at: Location, places: tuple[Landmark, ...], width: int, height: int) -> Chart | None:
    """The whole region with the point in it; None without known places, or where the point is nowhere near them."""
    if len(places) < 2:
        return None
    lats, lons = [place.at.lat for place in places], [place.at.lon for place in places]
    middle = Location((min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2)
    window = _Window(middle, width, height, 1.0)
    tall = max(20.0, (max(lats) - min(lats)) * DEGREE)
    broad = max(20.0, (max(lons) - min(lons)) * window.east)
    window = _Window(middle, width, height, min(height / (tall * 1.25), width / (broad * 1.25)))
    x, y = window.put(at.lon, at.lat)
    return _draw(window, at, places) if 0 < x < width and 0 < y < height else None


def _reach(at: Location, places: Sequence[Landmark], width: int, height: int) -> float:
    for wanted in (2, 1):
        for reach in REACHES if wanted == 1 else REACHES[:7]:
            window = _Window(at, width, height, height / 2 / reach)
            inside = [one for one in places if _within(window.put(one.at.lon, one.at.lat), width, height, 22)]
            if len(inside) >= wanted:
                return reach
    return LONELY


def _within(point: tuple[float, float], width: int, height: int, rim: float = 0.0) -> bool:
    return rim <= point[0] <= width - rim and rim <= point[1] <= height - rim


def _draw(window: _Window, at: Location, places: Iterable[Landmark]) -> Chart:
    rings = coast.carried().land(window.box(pad=4))
    x, y = window.put(at.lon, at.lat)
    across = window.width / window.px
    scale = max((km for km in SCALES if km <= across * 0.28), default=SCALES[0])
    return Chart(
        width=window.width,
        height=window.height,
        x=x,
        y=y,
        land=None if rings is None else "".join(_path(window, ring) for ring in rings),
        lines=tuple(_lines(window)),
        marks=tuple(_marks(window, (x, y), places)),
        scale_km=scale,
        scale_px=round(scale * window.px, 1),
    )


def _path(window: _Window, ring: Sequence[tuple[float, float]]) -> str:
    points = dict.fromkeys(window.put(lon, lat) for lon, lat in ring)
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"


def _lines(window: _Window) -> Iterable[Line]:
    box = window.box()
    broad = (box.east - box.west) * 60
    step = next((one for one in STEPS if broad / one <= LINES), STEPS[-1])
    for upright, low, high in ((True, box.west, box.east), (False, box.south, box.north)):
        first = -int(-low * 60 // step)
        for n in range(first, int(high * 60 // step) + 1):
            degree = n * step / 60
            x, y = window.put(degree, degree)
            yield Line(x if upright else y, n * step, upright)


def _marks(window: _Window, point: tuple[float, float], places: Iterable[Landmark]) -> Iterable[Mark]:
    """Places in sight. A name that would cover another, the point or the edge is left out; its dot stays."""
    # The corners belong to the scale and to north.
    taken = [
        (point[0] - PIN, point[1] - PIN, point[0] + PIN, point[1] + PIN),
        (0.0, window.height - 24.0, 120.0, float(window.height)),
    ]
    taken.append((window.width - 26.0, 0.0, float(window.width), 34.0))
    shown = [(place, window.put(place.at.lon, place.at.lat)) for place in places]
    shown = [one for one in shown if _within(one[1], window.width, window.height, 3)]
    dots = [(x - 4, y - 4, x + 4, y + 4) for _, (x, y) in shown]
    # Towns first: they are where people are.
    for place, (x, y) in sorted(
        shown, key=lambda one: (one[0].middle, abs(one[1][0] - point[0]) + abs(one[1][1] - point[1]))
    ):
        broad = len(place.name) * LETTER
        # Whoever stands in the place itself covers its dot: the name steps aside as far as the pin reaches.
        off = 7 + (PIN if abs(x - point[0]) < PIN and abs(y - point[1]) < PIN else 0)
        tries = (
            (x + off, y + 4, "start", x + off - 2),
            (x - off, y + 4, "end", x - off - broad),
            (x, y - off, "middle", x - broad / 2),
            (x, y + off + 9, "middle", x - broad / 2),
        )
        for tx, ty, anchor, left in tries:
            words = (left, ty - HEIGHT + 3, left + broad + 2, ty + 3)
            if words[0] < 3 or words[2] > window.width - 3 or words[1] < 2 or words[3] > window.height - 2:
                continue
            if not any(_meet(words, one) for one in (*taken, *dots)):
                taken.append(words)
                yield Mark(x, y, place.name, round(tx, 1), round(ty, 1), anchor, place.middle)
                break
        else:
            yield Mark(x, y, "", x, y, "start", place.middle)


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return not (one[2] < other[0] or one[0] > other[2] or one[3] < other[1] or one[1] > other[3])
