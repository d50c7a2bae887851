"""The toy Cloud API: its manners towards callers, its webhooks, and its citizens' side."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from omnichannel.toys.base import Pictures, ToyFile
from omnichannel.toys.serving import Loopback
from omnichannel.toys.whatsapp import WhatsAppToy

TOKEN = "EAAtoy"


class Listener:
    """An office that only listens; `answers` are the statuses it gives, the last one for ever."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.signatures: list[str] = []
        self.answers = [200]
        app = web.Application()
        app.router.add_post("/hook", self._hook)
        app.router.add_get("/hook", self._greet)
        self.server = Loopback(app)

    async def _hook(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.signatures.append(request.headers["X-Hub-Signature-256"])
        return web.Response(status=self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])

    async def _greet(self, request: web.Request) -> web.Response:
        fits = request.query["hub.verify_token"] == "kata"
        return web.Response(text=request.query["hub.challenge"]) if fits else web.Response(status=403)

    def values(self, field: str = "messages") -> list[dict[str, Any]]:
        return [
            change["value"]
            for body in self.bodies
            for entry in json.loads(body)["entry"]
            for change in entry["changes"]
            if change["field"] == field
        ]


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    office = Listener()
    await office.server.start()
    yield office
    await office.server.stop()


@pytest.fixture
async def toy(listener: Listener) -> AsyncIterator[WhatsAppToy]:
    platform = WhatsAppToy(token=TOKEN, app_secret="rahasia", verify_token="kata")
    await platform.start()
    platform.courier.url = f"{listener.server.base}/hook"
    yield platform
    await platform.stop()


async def call(toy: WhatsAppToy, path: str, body: object = None, token: str = TOKEN) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request("GET" if body is None else "POST", f"{toy.base}/v26.0/{path}", json=body) as answer,
    ):
        return answer.status, await answer.json()


async def send(toy: WhatsAppToy, **more: object) -> tuple[int, Any]:
    said = {"messaging_product": "whatsapp", "type": "text", "text": {"body": "Baik."}, **more}
    return await call(toy, f"{toy.number_id}/messages", said)


async def test_hooks_are_signed_over_the_bytes_and_repeated_until_taken(toy: WhatsAppToy, listener: Listener) -> None:
    listener.answers = [503, 200]
    toy.courier.repeats = 1

    toy.citizen("Siti").writes("Lampu mati 🌚")
    await asyncio.wait_for(toy.courier.settled(), 5)

    assert len(listener.bodies) == 3
    assert len(set(listener.bodies)) == 1
    assert b"\\ud83c\\udf1a" in listener.bodies[0]
    signed = hmac.new(b"rahasia", listener.bodies[0], hashlib.sha256).hexdigest()
    assert listener.signatures == [f"sha256={signed}"] * 3


async def test_hooks_come_in_any_order_when_told_so(toy: WhatsAppToy, listener: Listener) -> None:
    toy.courier.url, url = None, toy.courier.url
    for number in range(12):
        toy.citizen("Siti").writes(str(number))
    toy.courier.shuffle(7)
    toy.courier.url = url
    toy.citizen("Siti").writes("12")
    await asyncio.wait_for(toy.courier.settled(), 5)

    order = [int(value["messages"][0]["text"]["body"]) for value in listener.values()]
    assert sorted(order) == list(range(13))
    assert order != sorted(order)


async def test_the_handshake_asks_for_the_word(toy: WhatsAppToy) -> None:
    assert await toy.greet() == (200, "1158201444")
    toy.verify_token = "salah"
    assert (await toy.greet())[0] == 403


async def test_several_items_may_come_in_one_webhook(toy: WhatsAppToy, listener: Listener) -> None:
    siti = toy.citizen("Siti")
    items = [{"id": f"wamid.{n}", "from": siti.number, "type": "text", "text": {"body": str(n)}} for n in range(3)]

    toy.tell(*items, contacts=[siti.contact])
    await asyncio.wait_for(toy.courier.settled(), 5)

    assert [len(value["messages"]) for value in listener.values()] == [3]


async def test_who_shows_no_number_is_named_by_id_alone(toy: WhatsAppToy, listener: Listener) -> None:
    toy.citizen("Budi", with_number=False).writes("halo")
    await asyncio.wait_for(toy.courier.settled(), 5)

    (value,) = listener.values()
    assert "from" not in value["messages"][0]
    assert "wa_id" not in value["contacts"][0]
    assert value["messages"][0]["from_user_id"] == value["contacts"][0]["user_id"]
    assert value["contacts"][0]["profile"]["username"]


async def test_what_the_office_says_reaches_the_citizen_and_is_ticked(toy: WhatsAppToy, listener: Listener) -> None:
    siti, budi = toy.citizen("Siti"), toy.citizen("Budi", with_number=False)
    siti.writes("halo")
    budi.writes("halo")

    status, said = await send(toy, to=siti.number)
    await send(toy, recipient=budi.id)
    await asyncio.wait_for(toy.courier.settled(), 5)

    assert (status, said["contacts"][0]["wa_id"]) == (200, siti.number)
    assert [line.text for line in toy.transcript(siti.id)] == ["halo", "Baik."]
    assert [line.text for line in toy.transcript(budi.id)] == ["halo", "Baik."]
    ticks = [value["statuses"][0] for value in listener.values() if "statuses" in value]
    assert [tick["status"] for tick in ticks] == ["sent", "delivered"] * 2
    assert ticks[0]["id"] == said["messages"][0]["id"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"to": "62800"}, 131026),
        ({"to": "ID.1", "recipient": None}, 131026),
        ({"text": {"body": "x" * 4097}}, 100),
        ({"text": {"body": " "}}, 131008),
        ({"text": "x"}, 131008),
        ({"type": "hologram", "hologram": {}}, 131051),
        ({"type": "image", "image": {"id": "0"}}, 131052),
        ({"type": "template", "template": {"name": "x", "language": {"code": "id"}}}, 132001),
        ({"recipient_type": "group"}, 131009),
        ({"messaging_product": "sms"}, 100),
    ],
    ids=range(10),
)
async def test_what_the_platform_would_refuse_is_refused(toy: WhatsAppToy, said: dict[str, object], code: int) -> None:
    siti = toy.citizen("Siti")
    siti.writes("halo")

    status, answer = await send(toy, **{"to": siti.number, **said})

    assert (status >= 400, answer["error"]["code"]) == (True, code)
    assert len(toy.transcript(siti.id)) == 1


async def test_who_never_wrote_may_not_be_written_to(toy: WhatsAppToy) -> None:
    assert (await send(toy, to=toy.citizen("Siti").number))[1]["error"]["code"] == 131047


async def test_a_stranger_and_an_unknown_object_are_refused(toy: WhatsAppToy) -> None:
    assert (await call(toy, toy.number_id, token="salah"))[1]["error"]["code"] == 190
    status, answer = await call(toy, "12345")
    assert (status, answer["error"]["code"], answer["error"]["error_subcode"]) == (400, 100, 33)


async def test_a_link_to_a_file_wants_the_token_too(toy: WhatsAppToy) -> None:
    media_id = toy.keep(ToyFile("a.jpg", "image/jpeg", b"JPEG"))
    _, found = await call(toy, media_id)

    async with aiohttp.ClientSession() as session:
        async with session.get(found["url"]) as answer:
            assert answer.status == 401
        async with session.get(found["url"], headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
            assert await answer.read() == b"JPEG"


async def test_the_citizens_page_can_write_show_and_correct(toy: WhatsAppToy) -> None:
    assert isinstance(toy, Pictures)

    chat = await toy.write(None, "Siti", "Lampu mati")
    await toy.write(chat, "", "di Gang Mawar")
    await toy.correct(chat, "di Gang Melati")
    await toy.show(None, "Budi", "ini", ToyFile("a.jpg", "image/jpeg", b"JPEG"))

    assert {one.name: [line.text for line in one.lines] for one in toy.chats()} == {
        "Siti": ["Lampu mati", "di Gang Melati"],
        "Budi": ["ini"],
    }
    assert all(line.mine for one in toy.chats() for line in one.lines)
