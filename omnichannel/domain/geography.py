"""Where a point lies: how far from a known place, in which direction, and which kecamatan that suggests.

Distances are great circles on a sphere of the Earth's mean radius (IUGG, 6371.0088 km): within half a percent of the
ellipsoid's, which is less than what a telephone's own position is off by.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, atan2, cos, degrees, radians, sin, sqrt

from omnichannel.domain.message import Location

RADIUS = 6371.0088  # km
DIRECTIONS = ("utara", "timur laut", "timur", "tenggara", "selatan", "barat daya", "barat", "barat laut")
HERE = 0.15  # km; nearer than this no direction is named
FAR = 150.0  # km; what is nearest then tells nothing about the place
CLEAR = 1 / 3  # the nearest area is named alone where the next one is three times as far


@dataclass(frozen=True, slots=True)
class Landmark:
    """A known place. `unit` is the area of organisation.toml that it stands for; `middle`: the point is the middle of
    that area and not a settlement. `source` says where the position was read."""

    name: str
    at: Location
    source: str
    unit: str | None = None
    middle: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """A known place seen from a point: `direction` is where the POINT lies as seen from the place, "" when it is there."""

    place: Landmark
    km: float
    direction: str


def distance(one: Location, other: Location) -> float:
    """Kilometres along the ground."""
    lat, lon = radians(other.lat - one.lat), radians(other.lon - one.lon)
    half = sin(lat / 2) ** 2 + cos(radians(one.lat)) * cos(radians(other.lat)) * sin(lon / 2) ** 2
    return 2 * RADIUS * asin(min(1.0, sqrt(half)))


def direction(start: Location, end: Location) -> str:
    """The one of eight winds in which `end` lies as seen from `start`."""
    lat, other, lon = radians(start.lat), radians(end.lat), radians(end.lon - start.lon)
    east = sin(lon) * cos(other)
    north = cos(lat) * sin(other) - sin(lat) * cos(other) * cos(lon)
    return DIRECTIONS[round(degrees(atan2(east, north)) / 45) % 8]


def nearest(places: Iterable[Landmark], at: Location, most: int) -> list[Near]:
    """The nearest known places, nearest first."""
    measured = sorted(((distance(place.at, at), n, place) for n, place in enumerate(places)), key=lambda one: one[:2])
    return [Near(place, km, "" if km < HERE else direction(place.at, at)) for km, _, place in measured[:most]]


def candidates(places: Iterable[Landmark], at: Location) -> Sequence[Near]:
    """The areas the point may lie in, judged by nothing but the distance to their known places: one where the next is
    clearly further, two where it is not, none where even the nearest is far. It is a guess: areas have borders, and the
    middle of a large one may be further from its own edge than the middle of its neighbour."""
    found: dict[str, Near] = {}
    for near in nearest((place for place in places if place.unit is not None), at, 12):
        found.setdefault(near.place.unit or "", near)
    ranked = list(found.values())[:2]
    if not ranked or ranked[0].km > FAR:
        return []
    return ranked[:1] if len(ranked) == 1 or ranked[0].km <= CLEAR * ranked[1].km else ranked
