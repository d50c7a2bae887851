"""A citizen's place as a map of our own: in the conversation, larger beside it, in words, and for those who may read it."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.geography import Landmark
from omnichannel.domain.message import Location
from omnichannel.domain.outline import Box
from omnichannel.web import chart
from omnichannel.web.coast import Coast
from tests.web.afternoon import Afternoon, an_afternoon
from tests.web.cast import PLACES


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        yield found


async def test_the_conversation_shows_a_map_with_words_and_names_no_stranger(desk: Afternoon) -> None:
    message = await desk.says("Warga A", "wa-layanan", "", location={"lat": 0.4831, "lon": 117.5061})
    async with desk.visitor("r") as r:
        seen = await r.get(f"/kotak/semua/{message.conversation_id}")
        large = await r.get(f"/pesan/{message.id}/peta")
        piece = await r.get(f"/pesan/{message.id}/peta", **{"HX-Request": "true"})
    async with desk.visitor("r", "en") as english:
        told = await english.get(f"/pesan/{message.id}/peta")

    assert 'aria-label="Peta. 3,4 km di barat daya Sangatta' in seen.html
    assert "3,4 km di barat daya Sangatta Mungkin Kec. Sangatta Utara (tebakan)" in seen.words
    assert "openstreetmap" not in seen.html
    assert ">Teluk Lingga</text>" in seen.html
    assert "style=" not in piece.html
    assert "8,9 km di selatan tengah Kec. Teluk Lingga" in large.words
    assert "3.4 km south-west of Sangatta" in told.words
    assert re.findall(r'href="(https?://[^"]+)"', piece.html) == [
        "https://www.openstreetmap.org/?mlat=0.483100&amp;mlon=117.506100#map=16/0.483100/117.506100"
    ]
    assert 'rel="noopener noreferrer nofollow"' in piece.html
    assert "<html" not in piece.html


async def test_written_places_are_told_from_shared_ones_and_hidden_ones_are_named(desk: Afternoon) -> None:
    text = "yang lama 0.5607, 117.5245 dan https://maps.app.goo.gl/AbC"
    message = await desk.says("Warga A", "wa-layanan", text, location={"lat": 0.4831, "lon": 117.5061})
    async with desk.visitor("r") as r:
        seen = await r.get(f"/kotak/semua/{message.conversation_id}")
        second = await r.get(f"/pesan/{message.id}/peta?ke=2")
        third = await r.get(f"/pesan/{message.id}/peta?ke=3")
        wild = await r.get(f"/pesan/{message.id}/peta?ke=<b>")

    assert seen.html.count('data-look="map"') == 2
    assert f"/pesan/{message.id}/peta?ke=2" in seen.html
    assert "Tautan peta ini menyembunyikan titiknya" in seen.words
    assert "Dibaca dari tulisan warga" in second.words
    assert "0.560700, 117.524500" in second.words
    assert (third.status, wild.status) == (404, 404)


async def test_the_place_is_only_for_who_may_read_the_conversation(desk: Afternoon) -> None:
    message = await desk.says("Warga A", "wa-layanan", "", location={"lat": 0.4831, "lon": 117.5061})
    plain = await desk.says("Warga B", "wa-layanan", "Selamat pagi")
    async with desk.visitor("unit") as other, desk.visitor(None) as stranger, desk.visitor("r") as r:
        refused = await other.get(f"/pesan/{message.id}/peta")
        away = await stranger.get(f"/pesan/{message.id}/peta")
        none, missing = await r.get(f"/pesan/{plain.id}/peta"), await r.get("/pesan/99999/peta")

    assert refused.status == 403
    assert "117.5061" not in away.html
    assert (none.status, missing.status) == (404, 404)


async def test_a_region_without_places_still_has_point_scale_and_degrees(desk: Afternoon) -> None:
    desk.house.organisation.places = ()
    message = await desk.says(
        "Warga A", "wa-layanan", "", location={"lat": -89.99, "lon": 179.9}, ago=timedelta(hours=1)
    )
    async with desk.visitor("r") as r:
        seen = await r.get(f"/kotak/semua/{message.conversation_id}")
        large = await r.get(f"/pesan/{message.id}/peta")

    assert 'class="bar"' in seen.html
    assert "km</text>" in seen.html
    assert "tebakan" not in seen.words
    assert "Tempat terdekat" not in large.words
    assert large.status == 200


def test_the_coast_is_cut_to_the_map_and_unknown_waters_are_no_sea() -> None:
    known = Coast(Box(100, -5, 130, 5), (((116.5, -1.0), (117.5, -1.0), (117.5, 1.0), (116.5, 1.0)),))

    (seen,) = known.land(Box(117.4, 0.4, 117.6, 0.6)) or ()
    assert {(round(x, 3), round(y, 3)) for x, y in seen} == {(117.4, 0.4), (117.5, 0.4), (117.5, 0.6), (117.4, 0.6)}
    assert known.land(Box(120.4, 0.4, 120.6, 0.6)) == ()
    assert known.land(Box(131.0, 0.4, 131.2, 0.6)) is None
    (whole,) = known.land(Box(101, -4, 129, 4)) or ()
    assert len(whole) == 4


def test_two_known_places_come_into_sight_and_names_never_cover_each_other() -> None:
    drawn = chart.close(Location(0.4831, 117.5061), PLACES, 300, 168)

    assert [mark.name for mark in drawn.marks] == ["Sangatta", "Teluk Lingga"]
    assert (drawn.x, drawn.y) == (150, 84)
    town = drawn.marks[0]
    assert town.x > drawn.x
    assert town.y < drawn.y
    # The bar is as long as it says: 10 km are 10 km of the way to Sangatta.
    px = ((town.x - drawn.x) ** 2 + (town.y - drawn.y) ** 2) ** 0.5
    assert px / drawn.scale_px * drawn.scale_km == pytest.approx(3.43, abs=0.05)

    crowd = tuple(Landmark(f"Tempat {n}", Location(0.48 + n / 2000, 117.506), "uji") for n in range(40))
    assert sum(bool(mark.name) for mark in chart.close(Location(0.4831, 117.5061), crowd, 300, 168).marks) < 12


def test_the_region_is_shown_only_around_points_that_lie_in_it() -> None:
    assert chart.wide(Location(-6.2, 106.8), PLACES, 400, 260) is None
    assert chart.wide(Location(0.5, 117.5), PLACES[:1], 400, 260) is None
    found = chart.wide(Location(0.5, 117.5), PLACES, 400, 260)
    assert found is not None
    assert 0 < found.x < 400


def test_the_place_in_which_somebody_stands_keeps_its_name_beside_the_pin() -> None:
    (town, _) = chart.close(Location(0.5100, 117.5300), PLACES, 300, 168).marks

    assert town.name == "Sangatta"
    assert abs(town.tx - 150) > chart.PIN or abs(town.ty - 84) > chart.PIN
