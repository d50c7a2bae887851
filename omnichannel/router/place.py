"""Which kecamatan or desa a message names: the longest name wins, one slip of the finger is forgiven.

A name that is also an ordinary word, or lies elsewhere in Indonesia too, is believed only beside other evidence.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from omnichannel.domain.organisation import Level, Organisation, Unit
from omnichannel.domain.understanding import PlaceTables
from omnichannel.domain.verdict import Area, Place
from omnichannel.router.spelling import MEMORY, one_slip_apart
from omnichannel.router.text import Plain

VILLAGE_BEFORE = frozenset(
    ["desa", "ds", "dsa", "kelurahan", "kel", "kampung", "kmpg", "kmp", "kades", "lurah", "pemdes", "pkk", "bpd"]
)
KECAMATAN_BEFORE = frozenset(["kecamatan", "kec", "kcmtn", "kecmtn", "camat"])
STREET_BEFORE = frozenset(
    [
        "jl",
        "jln",
        "jalan",
        "gg",
        "gang",
        "komplek",
        "komp",
        "perum",
        "perumahan",
        "blok",
        "toko",
        "hotel",
        "pt",
        "cv",
        "masjid",
    ]
)
NEAR_BEFORE = frozenset(
    [
        "di",
        "ke",
        "dari",
        "d",
        "dr",
        "warga",
        "wilayah",
        "daerah",
        "poros",
        "arah",
        "simpang",
        "sp",
        "km",
        "masyarakat",
        "menuju",
        "dusun",
        "dsn",
        "sekitar",
        "antara",
        "puskesmas",
        "pkm",
        "dermaga",
        "pesisir",
        "ning",
        "nang",
        "teng",
    ]
)
BELIEVED = 2.0
FORGIVEN_FROM = 6  # letters a word must have before one slip is forgiven
FORGIVEN_BESIDE = 5  # and beside another word of the same name
_WORD = re.compile(r"[^\W_]+")


class Piece(NamedTuple):
    """One word as typed, spelt as the names are, and where it stands."""

    word: str
    start: int
    end: int
    capital: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A unit that was named: how far it is believed, and where."""

    unit: Unit
    belief: float
    start: int
    end: int
    asked_level: Level | None


class PlaceFinder:
    """Knows every name and alias of the areas of one organisation."""

    def __init__(self, organisation: Organisation, tables: PlaceTables, ordinary: frozenset[str]) -> None:
        """`ordinary`: words that a slip must not turn into a name (bengkel is not Bengkal)."""
        self._organisation = organisation
        self._spelling = tables.spelling
        self._ours = tuple(tuple(self._spell(word) for word in name.lower().split()) for name in tables.ours)
        self._elsewhere = tables.elsewhere
        self._ordinary = ordinary
        self._names: dict[tuple[str, ...], list[Unit]] = {}
        for unit in organisation:
            if unit.level.area and unit.level is not Level.KABUPATEN:
                for name in (unit.name, *unit.aliases):
                    self._learn(name, unit)
        self._words = frozenset(word for name in self._names for word in name)
        self._longest = max(map(len, self._names), default=0)
        self._near = _near_forms(self._words)
        self._memo: dict[str, str] = {}

    def find(self, plain: Plain) -> tuple[Place, Found] | None:
        """The place and the words that named it, or None where no name is believed."""
        pieces = self._pieces(plain)
        named = self._named(pieces)
        if not named:
            return None
        return self._choose(self._weigh(named, pieces))

    def _learn(self, name: str, unit: Unit) -> None:
        words = tuple(self._spell(word) for word in _WORD.findall(name.lower()))
        for form in {words, ("".join(words),)}:
            units = self._names.setdefault(form, [])
            if unit not in units:
                units.append(unit)

    def _spell(self, word: str) -> str:
        return self._spelling.get(word, word)

    def _pieces(self, plain: Plain) -> list[Piece]:
        pieces: list[Piece] = []
        last = -1
        for token in plain.tokens:
            if token.start == last or not token.raw[:1].isalnum():
                continue
            last = token.start
            capital = plain.original[token.start : token.start + 1].isupper() and not plain.shouted
            pieces.extend(
                Piece(self._spell(word), token.start, token.end, capital) for word in _WORD.findall(token.raw)
            )
        return pieces

    def _named(self, pieces: list[Piece]) -> list[tuple[int, int, list[Unit]]]:
        """(first, after last, units of that name), the longest at each place."""
        named: list[tuple[int, int, list[Unit]]] = []
        at = 0
        while at < len(pieces):
            if not self._may_begin(pieces[at].word):
                at += 1
                continue
            for length in range(min(self._longest, len(pieces) - at), 0, -1):
                units = self._units(tuple(piece.word for piece in pieces[at : at + length]))
                if units:
                    named.append((at, at + length, units))
                    at += length - 1
                    break
            at += 1
        return named

    def _may_begin(self, word: str) -> bool:
        """Whether any name could begin with that word; most words end here."""
        return word in self._words or (len(word) >= FORGIVEN_BESIDE and self._mend(word) != word)

    def _units(self, words: tuple[str, ...]) -> list[Unit]:
        exact = self._names.get(words)
        if exact is not None:
            return exact
        if len(words) == 1 and words[0] in self._ordinary:
            return []
        shortest = FORGIVEN_FROM if len(words) == 1 else FORGIVEN_BESIDE
        mended = tuple(word if word in self._words or len(word) < shortest else self._mend(word) for word in words)
        if mended == words or (len(words) > 1 and all(one != two for one, two in zip(words, mended, strict=True))):
            return []
        return [unit for unit in self._names.get(mended, []) if len(words) > 1 or not unit.common]

    def _mend(self, word: str) -> str:
        """The one name word that a slip of the finger could have turned into this; else the word itself."""
        found = self._memo.get(word)
        if found is None:
            forms = {word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))}
            near = {name for form in forms for name in self._near.get(form, ())}
            fits = [name for name in near if one_slip_apart(word, name)]
            found = fits[0] if len(fits) == 1 else word
            if len(self._memo) >= MEMORY:
                self._memo.clear()
            self._memo[word] = found
        return found

    def _weigh(self, named: list[tuple[int, int, list[Unit]]], pieces: list[Piece]) -> list[Found]:
        words = [piece.word for piece in pieces]
        ours = any(_contains(words, name) for name in self._ours)
        elsewhere = any(word in self._elsewhere for word in words)
        sure = {
            unit.key
            for first, _, units in named
            for unit in units
            if not unit.common or _asked_level(words, first) is unit.level
        }
        found: list[Found] = []
        for first, after, units in named:
            before = words[first - 1] if first else ""
            asked = _asked_level(words, first)
            around = _around(before, pieces[first].capital and first > 0) + (1.5 if ours else 0.0)
            for unit in units:
                belief = around + (3.0 if asked else 0.0) + self._own_belief(unit, sure, elsewhere)
                if before in STREET_BEFORE and words[first - 2 : first] != ["jalan", "poros"]:
                    belief -= 3.0 if unit.common else 0.5
                if before in unit.not_after or (after < len(words) and words[after] in unit.not_before):
                    belief -= 4.0
                found.append(Found(unit, belief, pieces[first].start, pieces[after - 1].end, asked))
        return [one for one in found if one.belief >= BELIEVED]

    def _own_belief(self, unit: Unit, sure: set[str], elsewhere: bool) -> float:
        belief = 0.0 if unit.common else 2.5
        if unit.level is Level.KECAMATAN and unit.common:
            belief += 1.0
        kin = {unit.parent, *(child.key for child in self._organisation.children(unit.key))}
        if kin & sure - {None}:
            belief += 2.5
        if elsewhere and unit.common:
            belief -= 2.5
        return belief

    def _choose(self, found: list[Found]) -> tuple[Place, Found] | None:
        kecamatan = [one for one in found if one.unit.level is Level.KECAMATAN and one.asked_level is not Level.DESA]
        villages = [one for one in found if one.unit.level.village and self._means_village(one, found)]
        insisted = {one.unit.key for one in kecamatan if one.asked_level is Level.KECAMATAN}
        named = {one.unit.key for one in kecamatan}
        agreed = [one for one in villages if not insisted or one.unit.parent in insisted or not one.unit.common]
        if agreed:
            best = max(agreed, key=lambda one: (one.unit.parent in named, one.belief, -one.start))
            above = self._organisation.kecamatan_of(best.unit.key)
            if above is not None:
                return Place(_area(above), _area(best.unit)), best
        if not kecamatan:
            return None
        best = max(kecamatan, key=lambda one: (one.belief, -one.start))
        return Place(_area(best.unit), None), best

    def _means_village(self, village: Found, found: list[Found]) -> bool:
        """Six desa bear their kecamatan's name; there the kecamatan is meant unless the citizen says desa."""
        if village.asked_level is Level.KECAMATAN:
            return False
        twins = [one for one in found if one.unit.key == village.unit.parent and one.start == village.start]
        if not twins or village.asked_level is Level.DESA:
            return True
        return any(
            one.unit.key == village.unit.parent and one.start > village.start and one.asked_level is Level.KECAMATAN
            for one in found
        )


def _asked_level(words: list[str], first: int) -> Level | None:
    before = words[first - 1] if first else ""
    if before in VILLAGE_BEFORE:
        return Level.DESA
    return Level.KECAMATAN if before in KECAMATAN_BEFORE else None


def _around(before: str, capital: bool) -> float:
    return (1.0 if before in NEAR_BEFORE else 0.0) + (0.5 if capital else 0.0)


def _contains(words: list[str], name: tuple[str, ...]) -> bool:
    width = len(name)
    return any(tuple(words[at : at + width]) == name for at in range(len(words) - width + 1))


def _area(unit: Unit) -> Area:
    return Area(unit.code or "", unit.name)


def _near_forms(words: frozenset[str]) -> dict[str, list[str]]:
    forms: dict[str, list[str]] = {}
    for word in sorted(words):
        if len(word) >= FORGIVEN_BESIDE:
            for form in {word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))}:
                forms.setdefault(form, []).append(word)
    return forms
