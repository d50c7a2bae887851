"""Samples come in as citizens' words do, and leave no trace where nobody else has written."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from omnichannel.connectors.catalogue import ours
from omnichannel.domain.case import CaseState
from omnichannel.domain.people import Role
from omnichannel.domain.samples import SAMPLES, WHY
from omnichannel.judging import LivingClassifier
from omnichannel.settings.load import load
from omnichannel.web.keys import HOUSE
from tests.web.front import Client, Front, a_front, csrf


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    """With the real classifier and the channels of our own."""
    config = load(None, {})
    async with a_front(tmp_path) as front:
        house = replace(
            front.house,
            connectors={**front.house.connectors, **ours()},
            classifier=LivingClassifier(config.understanding, tmp_path),
            organisation=config.organisation,
            office=replace(config.office, zone=front.house.office.zone),
            clocks=config.clocks,
        )
        front.server.app._state[HOUSE] = house
        front.house = house
        yield front


async def press(client: Client, path: str):
    return await client.post(path, data={"csrf": await csrf(client)}, allow_redirects=False)


async def numbers(front: Front) -> list[tuple[str, CaseState, str | None]]:
    def question(work):
        found = [work.cases.of_conversation(number) for number in range(1, 60)]
        return [(case.number, case.state, case.void_reason) for cases in found for case in cases]

    return await front.house.store.read(question)


async def test_an_empty_house_is_filled_and_emptied_again(front: Front) -> None:
    client = await front.signed_in(Role.ADMINISTRATOR)

    filled = await press(client, "/mulai/contoh")
    page = await (await client.get("/kotak/semua")).text()
    cases = await numbers(front)
    twice = await press(client, "/mulai/contoh")
    gone = await press(client, "/mulai/contoh/hapus")
    assert gone.status == 303, await gone.text()
    empty = await (await client.get("/kotak/semua")).text()

    assert (filled.status, twice.status, gone.status) == (303, 303, 303)
    assert page.count("Contoh: ") >= len(SAMPLES)
    assert "Contoh: Menunggu lapangan" in page
    assert "Hapus data contoh" in page
    assert len(cases) >= 6
    assert await numbers(front) == []
    assert "Contoh: " not in empty
    assert await front.house.store.read(lambda work: (work.labels.all(), work.labels.removed())) == ([], [])
    assert "Hapus data contoh" not in empty
    await press(client, "/mulai/contoh")
    assert {number for number, _, _ in await numbers(front)} == {number for number, _, _ in cases}


async def test_where_citizens_have_written_samples_become_void_with_a_reason(front: Front) -> None:
    client = await front.signed_in(Role.ADMINISTRATOR)
    await press(client, "/mulai/contoh")
    real = await front.incoming("Lampu jalan mati")

    await press(client, "/mulai/contoh/hapus")

    found = await numbers(front)
    assert found
    assert {(state, why) for _, state, why in found} == {(CaseState.VOIDED, WHY)}
    page = await (await client.get("/kotak/semua")).text()
    assert f"/kotak/semua/{real.id}" in page
    assert "Contoh: " not in page
    assert "Hapus data contoh" not in page


async def test_nobody_fills_a_house_that_is_lived_in(front: Front) -> None:
    client = await front.signed_in(Role.ADMINISTRATOR)
    await front.incoming("Lampu jalan mati")

    answer = await press(client, "/mulai/contoh")

    assert answer.status == 409
