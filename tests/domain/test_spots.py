"""Places that citizens write: figures and links, and the many figures that are no place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.message import Location
from omnichannel.domain.spots import MOST, written

HERE = Location(0.5049, 117.5279)


@pytest.mark.parametrize(
    "text",
    [
        "Pohon tumbang di 0.5049, 117.5279 pak",
        "0.5049,117.5279",
        "0.5049 117.5279",
        "(0,5049; 117,5279)",
        "117.5279, 0.5049",
        "titik: +0.5049 / +117.5279.",
        "0.5049 LU 117.5279 BT",
        "117.5279° BT, 0.5049° LU",
        "geo:0.5049,117.5279",
        "geo:0,0?q=0.5049,117.5279(Rumah)",
        "https://maps.google.com/?q=0.5049,117.5279 tolong",
        "https://maps.google.com/maps?q=loc:0.5049,117.5279",
        "https://www.google.com/maps/search/?api=1&query=0.5049%2C117.5279",
        "https://www.google.co.id/maps/@0.5049,117.5279,17z",
        "https://www.google.com/maps/search/0.5049,+117.5279?entry=tts",
        "https://www.google.com/maps/place/X/@0.4,117.5,13z/data=!3m1!4b1!4m6!8m2!3d0.5049!4d117.5279!16s",
        "https://www.openstreetmap.org/?mlat=0.5049&mlon=117.5279#map=16/0.1/117.1",
        "https://www.openstreetmap.org/#map=16/0.5049/117.5279",
        "https://maps.apple.com/?ll=0.5049,117.5279&q=Titik",
        "https://waze.com/ul?ll=0.5049,117.5279&navigate=yes.",
    ],
)
def test_a_place_is_read_however_it_is_written(text: str) -> None:
    assert written(text).places == (HERE,)


def test_degrees_minutes_and_seconds_are_read_on_both_sides_of_the_equator() -> None:
    (north,) = written("di 0°30′44,4″ LU, 117°32′04,4″ BT").places
    (south,) = written("0°30'44.4\" S 117°32'04.4\" E").places

    assert (round(north.lat, 4), round(north.lon, 4)) == (0.5123, 117.5346)
    assert (round(south.lat, 4), round(south.lon, 4)) == (-0.5123, 117.5346)


@pytest.mark.parametrize(
    "text",
    [
        "harga 5.000, 110.000 per karung",
        "pukul 2.30, 117.50 ribu",
        "telp 0812.3456, 117.555",
        "12.30, 13.45",
        "versi 1.2345.117.5279",
        "0.5049, 217.5279",
        "55.7558, 37.6173",
        "NIK 6408.1234, 117.1234567890123",
        "https://contoh.id/?q=0.5049,117.5279",
        "https://google.com.contoh.id/maps/@0.5049,117.5279,17z",
        "geo:0,0",
        "https://maps.google.com/?q=Sangatta",
        "https://[::1/maps",
        "",
    ],
)
def test_what_is_no_place_stays_none(text: str) -> None:
    assert written(text).places == ()


def test_money_is_a_place_only_where_the_words_say_so() -> None:
    assert written("koordinat 5.000, 110.000").places == (Location(5.0, 110.0),)
    assert written("Di sini:\n0.48, 117.53").places == (Location(0.48, 117.53),)
    assert written("lokasi -0.48, 117.53 ya").places == (Location(-0.48, 117.53),)


def test_a_short_link_hides_its_place_and_that_is_said() -> None:
    said = written("di sini https://maps.app.goo.gl/AbC123, atau https://goo.gl/maps/xyz.")

    assert said.places == ()
    assert said.hidden == ("https://maps.app.goo.gl/AbC123", "https://goo.gl/maps/xyz")


def test_a_table_of_figures_does_not_fill_the_desk_with_maps() -> None:
    assert len(written("\n".join(f"0.{n:04}, 117.{n:04}" for n in range(5000))).places) == MOST


@given(st.text(alphabet="0123456789.,-+°′″'\" LUSBTNE/@!?=&#:htpsgeomap\n", max_size=400))
def test_nothing_that_is_written_breaks_it(text: str) -> None:
    assert all(abs(at.lat) <= 90 and abs(at.lon) <= 180 for at in written(text).places)
