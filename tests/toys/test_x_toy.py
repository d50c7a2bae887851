"""The toy X keeps X's own rules, so that what passes beside it has a chance beside the real one."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from omnichannel.toys.base import Pictures, Toy, ToyFile
from omnichannel.toys.serving import Loopback
from omnichannel.toys.x import XToy


@pytest.fixture
async def toy() -> AsyncIterator[XToy]:
    made = XToy()
    made.bearers["kita"] = "segar"
    await made.start()
    yield made
    await made.stop()


async def ask(toy: XToy, path: str, token: str = "kita") -> tuple[int, dict[str, object]]:
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as session, session.get(f"{toy.base}{path}", headers=headers) as answer:
        return answer.status, await answer.json()


async def test_it_is_a_toy_with_pictures(toy: XToy) -> None:
    as_toy: Toy = toy
    number = await as_toy.write(None, "Siti", "lampu mati")
    assert await as_toy.write(number, "", "masih mati") == number
    assert isinstance(toy, Pictures)
    await toy.show(number, "", "ini fotonya", ToyFile("a.jpg", "image/jpeg", b"x"))
    await toy.correct(number, "ini foto yang benar")

    (chat,) = as_toy.chats()
    assert [line.text for line in chat.lines][:2] == ["lampu mati", "masih mati"]
    assert chat.lines[2].files == ("a.jpg",)


async def test_new_citizens_write_on_both_sides(toy: XToy) -> None:
    for name in ("Siti", "Budi", "Wati", "Joko"):
        await toy.write(None, name, "halo")

    assert len(toy.posts) == len(toy.events) == 2


async def test_strangers_learn_nothing(toy: XToy) -> None:
    assert (await ask(toy, "/2/users/me", "asing"))[0] == 401
    assert (await ask(toy, f"/2/users/{toy.own}1/mentions"))[0] == 404


async def test_messages_know_no_since_id(toy: XToy) -> None:
    assert (await ask(toy, "/2/dm_events?since_id=5"))[0] == 400


async def test_pages_are_newest_first_and_an_empty_one_has_no_data(toy: XToy) -> None:
    assert await ask(toy, "/2/dm_events") == (200, {"meta": {"result_count": 0}})
    siti = toy.citizen("Siti")
    numbers = [siti.messages(f"{at}")["id"] for at in range(3)]

    _, page = await ask(toy, "/2/dm_events?max_results=2")

    listed, meta = page["data"], page["meta"]
    assert isinstance(listed, list)
    assert isinstance(meta, dict)
    assert [one["id"] for one in listed] == [numbers[2], numbers[1]]
    assert meta["next_token"]


async def test_only_the_newest_version_of_a_post_is_listed(toy: XToy) -> None:
    siti = toy.citizen("Siti")
    first = siti.mentions("lampu mti")
    second = siti.corrects("lampu mati")

    assert second is not None
    assert [one["id"] for one in toy.posts] == [second["id"]]
    assert second["edit_history_tweet_ids"] == [first["id"], second["id"]]


async def test_hooks_are_signed_and_the_challenge_is_put() -> None:
    taken: list[tuple[bytes, str]] = []

    async def hear(request: web.Request) -> web.Response:
        if request.method == "GET":
            return web.json_response({"response_token": request.query["crc_token"]})
        taken.append((await request.read(), request.headers["x-twitter-webhooks-signature"]))
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/hooks/x", hear)
    listener, toy = Loopback(app), XToy(consumer_secret="rahasia")
    toy.courier.url = f"{await listener.start()}/hooks/x"
    await toy.start()
    toy.citizen("Siti").messages("halo")
    await asyncio.wait_for(toy.courier.settled(), 5)
    status, said = await toy.greet("abc")
    await toy.stop()
    await listener.stop()

    ((body, signature),) = taken
    wanted = base64.b64encode(hmac.new(b"rahasia", body, hashlib.sha256).digest()).decode()
    assert signature == f"sha256={wanted}"
    assert json.loads(body)["for_user_id"] == toy.own
    assert (status, json.loads(said)) == (200, {"response_token": "abc"})
