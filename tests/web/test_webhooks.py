"""The platforms' door: nothing is answered 200 that is not kept."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from omnichannel.web import webhooks
from tests.web.front import Front, a_batch, a_front, an_item, signed


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as front:
        yield front


async def texts(front: Front) -> list[str]:
    def question(work):
        ids = {one.conversation_id for one in work.screens.happened(0, 10_000) if one.conversation_id is not None}
        return sorted(message.text for id in ids for message in work.messages.thread(id))

    return await front.house.store.read(question)


async def test_every_item_of_a_batch_is_there_when_the_platform_hears_200(front: Front) -> None:
    client = await front.client()
    body = a_batch([an_item(f"pesan {n}", f"t{n % 3}") for n in range(7)])

    answer = await client.post("/hooks/uji", data=body, headers=signed(body))

    assert answer.status == 200
    assert await texts(front) == [f"pesan {n}" for n in range(7)]


async def test_a_repeated_webhook_adds_nothing(front: Front) -> None:
    client = await front.client()
    body = a_batch([an_item("sekali saja", id="m1")])

    answers = await asyncio.gather(*(client.post("/hooks/uji", data=body, headers=signed(body)) for _ in range(5)))

    assert {answer.status for answer in answers} == {200}
    assert await texts(front) == ["sekali saja"]


@pytest.mark.parametrize("secret", ["", "salah"])
async def test_a_bad_signature_is_refused_and_counted(front: Front, secret: str) -> None:
    client = await front.client()
    body = a_batch([an_item("palsu")])

    answer = await client.post("/hooks/uji", data=body, headers=signed(body, secret))

    assert answer.status == 403
    assert answer.content_type == "application/problem+json"
    assert await texts(front) == []
    scraped = await (await client.get("/metrics")).text()
    assert 'omnichannel_webhooks_total{account="uji",result="bad_signature"} 1.0' in scraped


async def test_a_flipped_byte_is_a_bad_signature(front: Front) -> None:
    client = await front.client()
    body = a_batch([an_item("asli")])

    answer = await client.post("/hooks/uji", data=body.replace(b"asli", b"asla"), headers=signed(body))

    assert answer.status == 403


@pytest.mark.parametrize("account", ["tidak-ada", "uji%00", "..", "uji%2f..", "a" * 300])
async def test_an_account_nobody_configured_is_404(front: Front, account: str) -> None:
    client = await front.client()
    body = a_batch([])

    answer = await client.post(f"/hooks/{account}", data=body, headers=signed(body))

    assert answer.status in (404, 405)


async def test_the_handshake_is_answered_with_the_challenge(front: Front) -> None:
    client = await front.client()

    answer = await client.get("/hooks/uji?challenge=12345")
    curious = await client.get("/hooks/uji")

    assert (answer.status, await answer.text()) == (200, "12345")
    assert answer.content_type == "text/plain"
    assert curious.status == 403


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b'{"events": 7}', b'{"events": [null, 3, {}]}']
)
async def test_what_cannot_be_read_is_kept_in_quarantine_and_thanked_for(front: Front, body: bytes) -> None:
    client = await front.client()

    answer = await client.post("/hooks/uji", data=body, headers=signed(body))

    assert answer.status == 200
    held = await front.house.store.read(lambda work: work.ledger.quarantined("uji"))
    entries = await front.house.store.read(lambda work: work.ledger.entries("uji", 0, 10))
    assert len(held) >= 1
    assert len(entries) == 1
    kept = await front.house.store.read(lambda work: work.ledger.payload(entries[0].id))
    assert kept is not None
    assert kept[1] == body


async def test_the_ledger_keeps_the_signature_but_no_cookie_and_no_token(front: Front) -> None:
    client = await front.client()
    body = a_batch([an_item("halo")])
    headers = signed(body) | {
        "Cookie": "omni_sid=rahasia",
        "Authorization": "Bearer rahasia",
        "X-Api-Secret-Token": "rahasia",
    }

    await client.post("/hooks/uji", data=body, headers=headers)

    entries = await front.house.store.read(lambda work: work.ledger.entries("uji", 0, 10))
    kept = await front.house.store.read(lambda work: work.ledger.payload(entries[0].id))
    assert kept is not None
    assert set(kept[0]) == {"content-type", "user-agent", "x-sandbox-signature"}
    assert "rahasia" not in str(kept[0])


async def test_too_large_is_said_before_it_is_read(front: Front) -> None:
    client = await front.client()

    async def endless():
        for _ in range(webhooks.LIMIT // 65536 + 64):
            yield b"x" * 65536

    told = await client.post("/hooks/uji", data=io.BytesIO(b"x" * (webhooks.LIMIT + 1)))
    try:
        untold = (await client.post("/hooks/uji", data=endless())).status
    except aiohttp.ClientConnectionError:
        untold = 413  # the door was shut while the body was still coming

    assert told.status == 413
    assert untold == 413


async def test_while_the_database_is_away_the_platform_is_asked_to_repeat(front: Front) -> None:
    client = await front.client()
    body = a_batch([an_item("jangan hilang")])

    front.gate.shut = True
    refused = await client.post("/hooks/uji", data=body, headers=signed(body))
    front.gate.shut = False
    repeated = await client.post("/hooks/uji", data=body, headers=signed(body))

    assert refused.status == 503
    assert int(refused.headers["Retry-After"]) >= 1
    assert repeated.status == 200
    assert await texts(front) == ["jangan hilang"]


async def test_programs_get_problems_and_not_pages(front: Front) -> None:
    client = await front.client()

    answer = await client.post("/hooks/tidak-ada", data=b"{}")
    problem = await answer.json(content_type="application/problem+json")

    assert problem["status"] == answer.status == 404
    assert problem["title"]


async def test_other_methods_are_refused_with_those_that_work(front: Front) -> None:
    client = await front.client()

    answer = await client.put("/hooks/uji", data=b"{}")

    assert answer.status == 405
    assert set(answer.headers["Allow"].split(",")) == {"GET", "POST"}
