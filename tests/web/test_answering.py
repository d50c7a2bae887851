"""Which earlier message one answers: as a line above it, of this thread only."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.message import Delivery
from tests.web.afternoon import Afternoon, an_afternoon

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        yield found


async def test_an_answer_names_what_it_answers_unless_that_stands_right_above(desk: Afternoon) -> None:
    first = await desk.says("Warga A", "wa-layanan", "Lampu mati di gang Mawar, NIK 6408041203900001", ago=9 * MINUTE)
    await desk.answers("r", "Warga A", "Sejak kapan?", Delivery.SENT, ago=8 * MINUTE)
    await desk.says("Warga A", "wa-layanan", "Sejak Senin", ago=7 * MINUTE)
    late = await desk.says("Warga A", "wa-layanan", "Ini sudah menyala", ago=6 * MINUTE, reply_to=first.external_id)
    near = await desk.says("Warga A", "wa-layanan", "Terima kasih", ago=5 * MINUTE, reply_to=late.external_id)
    async with desk.visitor("r") as r:
        seen = await r.get(f"/kotak/semua/{late.conversation_id}")

    assert seen.html.count('class="answers"') == 1
    bubble = seen.html[seen.html.index(f'id="p{late.id}"') : seen.html.index(f'id="p{near.id}"')]
    assert f'href="/kotak/semua/{late.conversation_id}?pesan={first.id}"' in bubble
    assert "<b>Warga</b> Lampu mati di gang Mawar" in bubble
    assert "6408041203900001" not in bubble


async def test_what_has_no_words_says_what_it_is(desk: Afternoon) -> None:
    place = await desk.says("Warga A", "wa-layanan", "", ago=9 * MINUTE, location={"lat": 0.5, "lon": 117.5})
    await desk.says("Warga A", "wa-layanan", "Cepat ya", ago=8 * MINUTE)
    await desk.says("Warga A", "wa-layanan", "Bukan di situ", ago=7 * MINUTE, reply_to=place.external_id)
    async with desk.visitor("r") as r:
        seen = await r.get(f"/kotak/semua/{place.conversation_id}")

    assert "<b>Warga</b> Lokasi</a>" in seen.html


async def test_a_message_of_another_thread_and_an_unknown_one_are_not_told(desk: Afternoon) -> None:
    other = await desk.says("Warga B", "wa-layanan", "Rahasia Warga B")
    await desk.says("Warga A", "wa-layanan", "Halo", ago=9 * MINUTE)
    said = await desk.says("Warga A", "wa-layanan", "Membalas", ago=8 * MINUTE, reply_to=other.external_id)
    await desk.says("Warga A", "wa-layanan", "Lagi", ago=7 * MINUTE, reply_to="tidak-dikenal")
    async with desk.visitor("r") as r:
        seen = await r.get(f"/kotak/semua/{said.conversation_id}")

    assert 'class="answers"' not in seen.html
    assert "Rahasia Warga B" not in seen.html.split('id="aliran"')[1].split("</ol>")[0]
