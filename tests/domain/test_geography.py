"""Distances, winds and guesses; and outlines cut to a window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.geography import Landmark, candidates, direction, distance, nearest
from omnichannel.domain.message import Location
from omnichannel.domain.outline import Box, around, clip

BONTANG, SANGATTA = Location(0.1324, 117.4854), Location(0.5049, 117.5279)


def place(name: str, lat: float, lon: float, unit: str | None = None) -> Landmark:
    return Landmark(name, Location(lat, lon), "uji", unit=unit)


def test_a_degree_of_latitude_is_111_kilometres_everywhere() -> None:
    for lat, lon in ((-10, 95), (0, 117), (5, 141)):
        assert distance(Location(lat, lon), Location(lat + 1, lon)) == pytest.approx(111.195, abs=0.01)


def test_two_towns_are_as_far_apart_as_a_chart_says() -> None:
    assert distance(BONTANG, SANGATTA) == pytest.approx(41.7, abs=0.1)
    assert direction(BONTANG, SANGATTA) == "utara"
    assert direction(SANGATTA, BONTANG) == "selatan"


@pytest.mark.parametrize(
    ("lat", "lon", "wind"),
    [
        (1, 0, "utara"),
        (1, 1, "timur laut"),
        (0, 1, "timur"),
        (-1, 1, "tenggara"),
        (-1, 0, "selatan"),
        (-1, -1, "barat daya"),
        (0, -1, "barat"),
        (1, -1, "barat laut"),
    ],
)
def test_the_eight_winds(lat: float, lon: float, wind: str) -> None:
    assert direction(Location(0.5, 117.5), Location(0.5 + lat / 100, 117.5 + lon / 100)) == wind


@given(
    st.tuples(st.floats(-89, 89), st.floats(-179, 179)),
    st.tuples(st.floats(-89, 89), st.floats(-179, 179)),
)
def test_a_way_is_as_long_as_the_way_back(one: tuple[float, float], other: tuple[float, float]) -> None:
    assert distance(Location(*one), Location(*other)) == pytest.approx(distance(Location(*other), Location(*one)))


def test_who_stands_in_the_place_itself_has_no_wind() -> None:
    (near,) = nearest([place("Sangatta", 0.5049, 117.5279)], Location(0.5050, 117.5280), 1)

    assert (near.direction, round(near.km, 3)) == ("", 0.016)


def test_one_area_is_guessed_only_where_the_next_is_three_times_as_far() -> None:
    north, south = place("Utara", 0.6, 117.5, "kec-utara"), place("Selatan", 0.4, 117.5, "kec-selatan")
    town, far = place("Kota", 0.5, 117.5), place("Jauh", 3.0, 117.5, "kec-jauh")

    def guessed(lat: float, *places: Landmark) -> list[str | None]:
        return [near.place.unit for near in candidates(places, Location(lat, 117.5))]

    assert guessed(0.59, town, north, south) == ["kec-utara"]
    assert guessed(0.54, town, north, south) == ["kec-utara", "kec-selatan"]
    assert guessed(0.5, town) == []
    assert guessed(0.5, far) == []
    assert guessed(0.61, north, place("Balai desa", 0.62, 117.5, "kec-utara"), south) == ["kec-utara"]


def test_a_ring_is_cut_to_its_window() -> None:
    square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]

    assert set(clip(square, Box(1, 1, 2, 2))) == {(1, 1), (2, 1), (2, 2), (1, 2)}
    assert clip(square, Box(5, 5, 6, 6)) == []
    assert set(clip(square, Box(-1, -1, 9, 9))) == set(square)
    assert around(square) == Box(0, 0, 4, 4)
    assert around(clip(square, Box(3, -9, 9, 9))) == Box(3, 0, 4, 4)
