"""The office's units as a tree: kabupaten, perangkat daerah (OPD), kecamatan, desa and kelurahan."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from omnichannel.domain.geography import Landmark


class Level(StrEnum):
    """What a unit is; `outside` is a body that is not ours (PLN, police), known so that we can say whose matter it is."""

    KABUPATEN = "kabupaten"
    OPD = "opd"
    KECAMATAN = "kecamatan"
    DESA = "desa"
    KELURAHAN = "kelurahan"
    OUTSIDE = "outside"

    @property
    def area(self) -> bool:
        """Whether it is a piece of land with an official code."""
        return self in (Level.KABUPATEN, Level.KECAMATAN, Level.DESA, Level.KELURAHAN)

    @property
    def village(self) -> bool:
        """desa and kelurahan: the smallest areas."""
        return self in (Level.DESA, Level.KELURAHAN)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit. `key` never changes once cases point at it; names and codes may.

    `topics` is how competent it is for each topic, 0 to 1. `common` marks a place name that is also an ordinary word or
    the name of a place elsewhere; `not_after` and `not_before` are words beside which it is never the place.
    """

    key: str
    name: str
    level: Level
    parent: str | None = None
    code: str | None = None
    aliases: tuple[str, ...] = ()
    topics: Mapping[str, float] = field(default_factory=dict)
    common: bool = False
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


class Organisation:
    """The tree, checked: one root, every parent known, no circle, no key or code twice (ValueError says which).

    `places` are the known places on the map: settlements, and the middles of areas."""

    def __init__(self, units: Iterable[Unit], places: Iterable[Landmark] = ()) -> None:
        self.places = tuple(places)
        self._units: dict[str, Unit] = {}
        for unit in units:
            if unit.key in self._units:
                raise ValueError(f"{unit.key}: a key that no other unit has")
            self._units[unit.key] = unit
        self._check()

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._units.values())

    def __len__(self) -> int:
        return len(self._units)

    def __contains__(self, key: object) -> bool:
        return key in self._units

    def __getitem__(self, key: str) -> Unit:
        return self._units[key]

    @cached_property
    def root(self) -> Unit:
        """The unit that stands above all: the kabupaten."""
        return next(unit for unit in self._units.values() if unit.parent is None)

    def get(self, key: str) -> Unit | None:
        """The unit with that key, if there is one."""
        return self._units.get(key)

    def by_code(self, code: str) -> Unit | None:
        """The area with that official code (Kepmendagri), if there is one."""
        return self._codes.get(code)

    def at(self, level: Level) -> tuple[Unit, ...]:
        """Every unit of one level, in the file's order."""
        return tuple(unit for unit in self._units.values() if unit.level is level)

    def children(self, key: str) -> tuple[Unit, ...]:
        """The units directly under that one."""
        return tuple(unit for unit in self._units.values() if unit.parent == key)

    def path(self, key: str) -> tuple[Unit, ...]:
        """From the root down to that unit itself."""
        line = [self._units[key]]
        while (parent := line[-1].parent) is not None:
            line.append(self._units[parent])
        return tuple(reversed(line))

    def kecamatan_of(self, key: str) -> Unit | None:
        """The kecamatan that an area lies in; a kecamatan lies in itself."""
        return next((unit for unit in self.path(key) if unit.level is Level.KECAMATAN), None)

    def within(self, key: str, above: str) -> bool:
        """Whether a unit is that one or stands somewhere under it; what a unit's staff may see."""
        return any(unit.key == above for unit in self.path(key))

    def competent(self, topic: str) -> tuple[tuple[Unit, float], ...]:
        """The units whose matter a topic is, the most competent first."""
        return self._competence.get(topic, ())

    @cached_property
    def _competence(self) -> dict[str, tuple[tuple[Unit, float], ...]]:
        able: dict[str, list[tuple[Unit, float]]] = {}
        for unit in self._units.values():
            for topic, weight in unit.topics.items():
                if weight > 0:
                    able.setdefault(topic, []).append((unit, weight))
        return {topic: tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0].key))) for topic, pairs in able.items()}

    @cached_property
    def _codes(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self._units.values() if unit.code}

    def _check(self) -> None:
        roots = [unit.key for unit in self._units.values() if unit.parent is None]
        if len(roots) != 1:
            raise ValueError(f"{', '.join(roots) or '(no unit)'}: exactly one unit without a parent")
        seen: dict[str, str] = {}
        for unit in self._units.values():
            if unit.parent is not None and unit.parent not in self._units:
                raise ValueError(f"{unit.key}: a parent that is a unit of this file, not {unit.parent!r}")
            if unit.code and seen.setdefault(unit.code, unit.key) != unit.key:
                raise ValueError(f"{unit.key}: a code that no other unit has; {unit.code} is {seen[unit.code]}'s")
            if unit.level.area and not unit.code:
                raise ValueError(f"{unit.key}: an official code, for it is a {unit.level}")
        for unit in self._units.values():
            self._climb(unit)

    def _climb(self, unit: Unit) -> None:
        line = {unit.key}
        while unit.parent is not None:
            unit = self._units[unit.parent]
            if unit.key in line:
                raise ValueError(f"{unit.key}: parents that lead to the root, not in a circle")
            line.add(unit.key)
