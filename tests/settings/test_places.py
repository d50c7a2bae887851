"""`[[place]]` of organisation.toml: known places for the map."""

import pytest

from omnichannel.domain.errors import BadConfig
from omnichannel.domain.geography import distance
from omnichannel.domain.organisation import Level
from omnichannel.settings.load import load_organisation
from omnichannel.settings.rows import Row
from omnichannel.settings.source import Source
from omnichannel.settings.understanding import ORGANISATION_KEYS, build_organisation

UNITS = [
    {"key": "kab", "name": "Kabupaten", "level": "kabupaten", "code": "1"},
    {"key": "kec", "name": "Kecamatan", "level": "kecamatan", "code": "1.1", "parent": "kab"},
    {"key": "dinas", "name": "Dinas", "level": "opd", "parent": "kab"},
]
GOOD = {"name": "Pasar", "lat": 0.5, "lon": 117.5, "source": "uji"}


def build(*places: dict[str, object]):
    raw = {"unit": UNITS, "place": list(places)}
    return build_organisation(Row(raw, "organisation.toml", "", ORGANISATION_KEYS))


def test_the_carried_organisation_places_every_kecamatan_and_says_where_from() -> None:
    organisation = load_organisation(Source(None, {}))
    middles = {place.unit for place in organisation.places if place.middle}

    assert middles == {unit.key for unit in organisation.at(Level.KECAMATAN)}
    assert all(place.source for place in organisation.places)
    # Kutai Timur reaches from 116° to 119° E and from 0° to 2° N: none of its middles may lie elsewhere.
    for place in organisation.places:
        if place.middle:
            assert 0 < place.at.lat < 2, place
            assert 115.8 < place.at.lon < 119.1, place
    towns = {place.name: place.at for place in organisation.places if not place.middle}
    assert 35 < distance(towns["Sangatta"], towns["Bontang"]) < 50


def test_a_region_may_have_no_places_and_a_village_office_may_stand_for_its_kecamatan() -> None:
    raw = {"unit": UNITS}
    assert build_organisation(Row(raw, "organisation.toml", "", ORGANISATION_KEYS)).places == ()
    (place,) = build(GOOD | {"unit": "kec", "lat": -7}).places
    assert (place.at.lat, place.unit, place.middle) == (-7.0, "kec", False)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"lat": 91}, "place #1.lat"),
        ({"lat": True}, "place #1.lat"),
        ({"lat": float("nan")}, "place #1.lat"),
        ({"lon": "117"}, "place #1.lon"),
        ({"unit": "dinas"}, "place #1.unit"),
        ({"unit": "tak-ada"}, "place #1.unit"),
        ({"middle": True}, "place #1.unit"),
        ({"source": ""}, "place #1.source"),
        ({"latitude": 1}, "place #1.latitude"),
    ],
)
def test_a_wrong_place_says_which_key(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(BadConfig, match=says.replace("#", r"\#")):
        build(GOOD | wrong)
