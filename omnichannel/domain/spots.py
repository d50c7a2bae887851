"""Places that are written rather than shared: coordinates in a sentence, and links to a map.

Only what says its position in its own words is read. A short link (maps.app.goo.gl) hides it on its maker's server,
and we ask no stranger where a citizen stands: such a link is told as one that cannot be read here.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from omnichannel.domain.message import Location

# Bare pairs of figures are believed inside Indonesia and its seas; a link says by itself that it means a place.
SOUTH, NORTH, WEST, EAST = -11.5, 6.5, 94.0, 142.0
MOST = 5  # places of one message; more is a table and no report
LONGEST = 4_000  # characters that are looked through: a place stands near the beginning, or it is no report

_FIGURE = r"[+-]?\d{1,3}[.,]\d{2,12}"
_LINK = re.compile(r"(?:https?://|geo:)[^\s<>\"']+", re.IGNORECASE)
_PAIR = re.compile(rf"(?<![\w.,/-])({_FIGURE})(?:\s*[;,/]\s*|\s+)({_FIGURE})(?![\w/]|[.,]\d)")
_ARC = r"(\d{1,3})\s*[°º]\s*(?:(\d{1,2})\s*['′’]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|”|''|’’)\s*)?"
_SIGN = r"(LU|LS|BT|BB|[NSEWU])(?![a-z])"
_DEGREES = re.compile(rf"{_ARC}{_SIGN}\s*[,;/]?\s*{_ARC}{_SIGN}", re.IGNORECASE)
_DECIMAL = re.compile(
    rf"(\d{{1,3}}[.,]\d+)\s*[°º]?\s*{_SIGN}\s*[,;/]?\s*(\d{{1,3}}[.,]\d+)\s*[°º]?\s*{_SIGN}", re.IGNORECASE
)
_AT = re.compile(r"@(-?\d{1,2}\.\d+),(-?\d{1,3}\.\d+)")
_PIN = re.compile(r"!3d(-?\d{1,2}\.\d+)!4d(-?\d{1,3}\.\d+)")
_HASH = re.compile(r"map=[\d.]+/(-?\d{1,2}\.?\d*)/(-?\d{1,3}\.?\d*)")
_TWO = re.compile(
    r"\s*(?:loc:)?\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*\+?(-?\d{1,3}(?:\.\d+)?)\s*(?:\([^)]*\)?)?\s*$", re.IGNORECASE
)
_SEARCH = re.compile(r"/maps/(?:search|place|dir)/[^@?#]*?(-?\d{1,2}\.\d{3,}),\s*\+?(-?\d{1,3}\.\d{3,})")
_THOUSANDS = re.compile(r"\d{1,3}[.,]\d{3}")
_HOURS = re.compile(r"\d{1,3}[.,]\d{2}")
_MEANT = re.compile(
    r"koordinat|titik|lokasi|\bgps\b|share\s?lo[ck]|\blat|\blong?\b|lintang|bujur|posisi|\bpeta\b|\bmaps?\b",
    re.IGNORECASE,
)
_KEYS = ("q", "query", "ll", "sll", "center", "daddr", "saddr", "destination", "origin", "cp", "pin")
_MAPS = re.compile(
    r"(?:^|\.)(?:google\.[a-z.]{2,6}|openstreetmap\.org|osm\.org|apple\.com|waze\.com|here\.com|bing\.com)$"
)
_SHORT = re.compile(
    r"https?://(?:maps\.app\.goo\.gl|goo\.gl/maps|g\.co/maps|maps\.google\.com/\?cid=|osm\.org/go|her\.is|share\.here\.com)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Written:
    """What a text says of places: positions in the order in which they stand, and links that hide theirs."""

    places: tuple[Location, ...] = ()
    hidden: tuple[str, ...] = ()


NOTHING = Written()


def written(text: str) -> Written:
    """The places that these words name by figures or by a link."""
    text = text[:LONGEST]
    if not any(sign.isdigit() for sign in text) and "goo.gl" not in text:
        return NOTHING
    found: list[tuple[int, Location]] = []
    hidden: list[str] = []
    links = list(_LINK.finditer(text))
    for link in links:
        at = _of_link(link[0])
        if at is not None:
            found.append((link.start(), at))
        elif _SHORT.match(link[0]):
            hidden.append(link[0].rstrip(").,;!?"))
    bare = _without(text, links)
    found += [(match.start(), at) for match in _DEGREES.finditer(bare) if (at := _by_arcs(match)) is not None]
    found += [(match.start(), at) for match in _DECIMAL.finditer(bare) if (at := _by_signs(match)) is not None]
    found += [(match.start(), at) for match in _PAIR.finditer(bare) if (at := _by_pair(match, bare)) is not None]
    places = dict.fromkeys(at for _, at in sorted(found, key=lambda one: one[0]))
    return Written(tuple(places)[:MOST], tuple(dict.fromkeys(hidden))[:MOST])


def _without(text: str, links: list[re.Match[str]]) -> str:
    """The same text with its links blanked, so that a figure in an address is not read twice."""
    for link in links:
        text = text[: link.start()] + " " * len(link[0]) + text[link.end() :]
    return text


def _of_link(address: str) -> Location | None:
    address = address.rstrip(").,;!?")
    if address.lower().startswith("geo:"):
        shown = _TWO.match(parse_qs(address.partition("?")[2]).get("q", [""])[0])
        pair = _TWO.match(address[4:].split("?")[0].split(";")[0])
        # geo:0,0?q=lat,lon is how Android says "this very place".
        found = shown or pair
        return _at(*found.groups()) if found else None
    try:
        parts = urlsplit(address)
        asked = parse_qs(parts.query)
    except ValueError:
        return None
    if not _MAPS.search(parts.hostname or ""):
        return None
    if "mlat" in asked and "mlon" in asked:
        return _at(asked["mlat"][0], asked["mlon"][0])
    path = unquote(parts.path + ("#" + parts.fragment if parts.fragment else ""))
    # The pin is the place; what follows the @ is only the middle of the picture.
    for pattern in (_PIN, _SEARCH):
        match = pattern.search(path)
        if match is not None:
            return _at(match[1], match[2])
    for key in _KEYS:
        match = _TWO.match(asked.get(key, [""])[0])
        if match is not None:
            return _at(match[1], match[2])
    match = _AT.search(path) or _HASH.search(path)
    return _at(match[1], match[2]) if match is not None else None


def _by_arcs(match: re.Match[str]) -> Location | None:
    one = _arc(match[1], match[2], match[3])
    other = _arc(match[5], match[6], match[7])
    return _signed(one, match[4], other, match[8])


def _by_signs(match: re.Match[str]) -> Location | None:
    return _signed(_number(match[1]), match[2], _number(match[3]), match[4])


def _arc(whole: str, minutes: str | None, seconds: str | None) -> float:
    return int(whole) + int(minutes or 0) / 60 + _number(seconds or "0") / 3600


def _signed(one: float, first: str, other: float, second: str) -> Location | None:
    """Latitude and longitude by their letters, in either order; "U" is utara, "S" both selatan and south."""
    signs = {"LU": ("lat", 1), "N": ("lat", 1), "U": ("lat", 1), "LS": ("lat", -1), "S": ("lat", -1)}
    signs |= {"BT": ("lon", 1), "E": ("lon", 1), "BB": ("lon", -1), "W": ("lon", -1)}
    read = {
        signs[letter.upper()][0]: value * signs[letter.upper()][1] for value, letter in ((one, first), (other, second))
    }
    return _within(read["lat"], read["lon"]) if len(read) == 2 else None


def _by_pair(match: re.Match[str], text: str) -> Location | None:
    """Two bare figures. "5.000, 110.000" is money and "2.30, 117.50" an hour and a price, unless they stand alone in
    their line or the words before them speak of a place."""
    one, other = match[1], match[2]
    meant = _MEANT.search(text[: match.start()][-60:]) is not None
    if _THOUSANDS.fullmatch(one) and _THOUSANDS.fullmatch(other) and not meant:
        return None
    if _HOURS.fullmatch(one) and _HOURS.fullmatch(other) and not (meant or _alone(match, text)):
        return None
    lat, lon = _number(one), _number(other)
    if not (SOUTH <= lat <= NORTH and WEST <= lon <= EAST):
        lat, lon = lon, lat  # written as x, y
    return Location(lat, lon) if SOUTH <= lat <= NORTH and WEST <= lon <= EAST else None


def _alone(match: re.Match[str], text: str) -> bool:
    line = text[text.rfind("\n", 0, match.start()) + 1 :].partition("\n")[0]
    return line.strip(" .()[]") == match[0].strip()


def _number(figure: str) -> float:
    return float(figure.replace(",", "."))


def _at(lat: str, lon: str) -> Location | None:
    return _within(float(lat), float(lon))


def _within(lat: float, lon: float) -> Location | None:
    # 0, 0 is what a device says that does not know.
    return Location(lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0) else None
