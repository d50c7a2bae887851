"""What monitors see."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.web.front import Client, Front, a_batch, a_front, an_item, signed


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as front:
        yield front


async def samples(client: Client) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample of a scrape."""
    answer = await client.get("/metrics")
    assert answer.status == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(await answer.text())
        for sample in family.samples
    }


async def test_a_healthy_house_says_so(front: Front) -> None:
    client = await front.client()

    alive, ready = await client.get("/healthz"), await client.get("/readyz")

    assert (alive.status, ready.status) == (200, 200)
    assert await ready.json() == {"status": "ok", "database": True}


async def test_without_a_database_the_process_lives_but_is_not_ready(front: Front) -> None:
    client = await front.client()
    front.gate.shut = True

    alive, ready = await client.get("/healthz"), await client.get("/readyz")

    assert (alive.status, ready.status) == (200, 503)
    assert ready.headers["Retry-After"]
    assert (await samples(client))[("omnichannel_database_up", ())] == 0


async def test_what_came_in_is_counted_by_account(front: Front) -> None:
    client = await front.client()
    body = a_batch([an_item("satu"), an_item("dua"), {"type": "incoming"}])
    await client.post("/hooks/uji", data=body, headers=signed(body))
    front.clock.go(timedelta(seconds=90))

    found = await samples(client)

    account = (("account", "uji"), ("channel", "sandbox"))
    assert found[("omnichannel_received_total", account)] == 2
    assert found[("omnichannel_quarantined_total", account)] == 1
    assert found[("omnichannel_account_silence_seconds", account)] == 90
    assert found[("omnichannel_webhooks_total", (("account", "uji"), ("result", "quarantined")))] == 1
    assert found[("omnichannel_database_up", ())] == 1
    assert found[("omnichannel_conversations", (("view", "semua"),))] == 1


async def test_waiting_and_dead_jobs_are_seen(front: Front) -> None:
    client = await front.client()
    now = front.clock.now()

    def story(work):
        work.jobs.put("sending", {"n": 1}, run_at=now)
        work.jobs.put("sending", {"n": 2}, run_at=now)
        work.jobs.bury(work.jobs.claim("sending", "me", now, timedelta(minutes=1), 1)[0], "rusak")

    await front.house.store.write(story)
    found = await samples(client)

    assert found[("omnichannel_jobs", (("queue", "sending"), ("state", "dead")))] == 1
    assert found[("omnichannel_jobs", (("queue", "sending"), ("state", "waiting")))] == 1


async def test_latency_is_kept_by_route_and_never_by_what_a_citizen_typed(front: Front) -> None:
    client = await front.client()
    for path in ("/berkas/12345", "/tidak/ada/0812345678", "/hooks/tidak-ada"):
        await client.get(path, allow_redirects=False)
    await client.request("XYZZY", "/login")

    found = await samples(client)

    routes = {dict(labels)["route"] for name, labels in found if name == "omnichannel_request_seconds_count"}
    methods = {dict(labels)["method"] for name, labels in found if name == "omnichannel_request_seconds_count"}
    assert {"unknown", r"/hooks/{account}"} <= routes
    assert not any("12345" in route or "0812" in route or "tidak-ada" in route for route in routes)
    assert methods <= {"GET", "OTHER"}


async def test_every_name_is_ours(front: Front) -> None:
    client = await front.client()

    names = {name for name, _ in await samples(client)}

    assert names
    assert all(name.startswith("omnichannel_") for name in names)


async def test_an_older_schema_is_not_ready(tmp_path: Path) -> None:
    async with a_front(tmp_path, migrated=False) as front:
        client = await front.client()

        assert (await client.get("/healthz")).status == 200
        assert (await client.get("/readyz")).status == 503
