"""`[[place]]` of organisation.toml → the known places that a map names and measures from."""

from collections.abc import Collection

from omnichannel.domain.geography import Landmark
from omnichannel.domain.message import Location
from omnichannel.settings.rows import Row

KEYS = ("name", "lat", "lon", "unit", "middle", "source")


def build_places(root: Row, areas: Collection[str]) -> tuple[Landmark, ...]:
    """The places, checked; `areas` are the keys of units that are pieces of land."""
    if root.raw("place") is None:
        return ()
    return tuple(_place(row, areas) for row in root.rows("place", KEYS))


def _place(row: Row, areas: Collection[str]) -> Landmark:
    unit = row.optional_text("unit")
    if unit is not None and unit not in areas:
        row.wrong("unit", "the key of a kecamatan, desa, kelurahan or kabupaten of this file")
    middle = row.flag("middle")
    if middle and unit is None:
        row.wrong("unit", "the area whose middle this is")
    return Landmark(
        name=row.text("name"),
        at=Location(_degrees(row, "lat", 90), _degrees(row, "lon", 180)),
        source=row.text("source"),
        unit=unit,
        middle=middle,
    )


def _degrees(row: Row, key: str, limit: int) -> float:
    value = row.raw(key)
    # true is a number to Python, and nan is within no limit.
    if isinstance(value, bool) or not isinstance(value, int | float) or not -limit <= value <= limit:
        row.wrong(key, f"decimal degrees from -{limit} to {limit}, such as 0.505")
    return float(value)
