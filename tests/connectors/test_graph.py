"""facebook-sdk's own calls on our transport, against a Graph on loopback."""

import asyncio
import io
import json
import logging
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import facebook
import pytest
from aiohttp import web

from omnichannel.connectors.graph import Graph, Meaning, Upload, Who
from omnichannel.domain.errors import (
    AccountBroken,
    OmnichannelError,
    Refused,
    TooLong,
    TryLater,
    Unsure,
    WindowClosed,
)
from omnichannel.domain.office import Secret
from omnichannel.toys.serving import Loopback

TOKEN = "EAAgraph-token"


class Platform:
    """Says what it is told to say, and remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.status, self.body, self.headers = 200, json.dumps({"id": "1"}), {"content-type": "application/json"}
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self.server = Loopback(app)

    def says(self, body: object, status: int = 200, **headers: str) -> None:
        self.body = body if isinstance(body, str) else json.dumps(body)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def refuses(self, code: object, status: int = 400, **more: object) -> None:
        headers = {name: str(more.pop(name)) for name in ("retry_after", "x_business_use_case_usage") if name in more}
        self.says({"error": {"message": "no", "type": "OAuthException", "code": code, **more}}, status, **headers)

    async def _answer(self, request: web.Request) -> web.Response:
        said: object = None
        if request.content_type == "application/json":
            said = await request.json()
        elif request.content_type.startswith("multipart"):
            fields = (await request.post()).items()
            said = {
                key: (one.filename, one.content_type, one.file.read()) if isinstance(one, web.FileField) else one
                for key, one in fields
            }
        told = {"method": request.method, "path": request.path, "query": dict(request.query), "said": said}
        self.heard.append({**told, "token": request.headers.get("Authorization")})
        return web.Response(status=self.status, text=self.body, headers=self.headers)


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    made = Platform()
    await made.server.start()
    yield made
    await made.server.stop()


@pytest.fixture
async def graph(platform: Platform) -> AsyncIterator[Graph]:
    made = a_graph(platform.server.base)
    yield made
    await made.close()


def a_graph(base: str, **more: Any) -> Graph:
    return Graph(Secret(TOKEN), base=base, **{"patience": timedelta(seconds=1), **more})


# ---- the SDK's vocabulary


async def test_it_is_the_sdks_own_object_at_a_version_that_the_sdk_refuses(platform: Platform, graph: Graph) -> None:
    assert isinstance(graph, facebook.GraphAPI)
    with pytest.raises(facebook.GraphAPIError):
        facebook.GraphAPI(version="26.0")

    assert await graph.get_object("me", fields="id") == {"id": "1"}

    heard = platform.heard[-1]
    assert (heard["method"], heard["path"], heard["query"]) == ("GET", "/v26.0/me", {"fields": "id"})
    assert heard["token"] == f"Bearer {TOKEN}"


async def test_nested_fields_arrive_whole(platform: Platform, graph: Graph) -> None:
    await graph.put_object("me", "messages", recipient={"id": "7"}, message={"text": "hai"})

    assert platform.heard[-1]["said"] == {"recipient": {"id": "7"}, "message": {"text": "hai"}}
    assert (platform.heard[-1]["method"], platform.heard[-1]["query"]) == ("POST", {})


async def test_the_rest_of_the_vocabulary_is_awaitable(platform: Platform, graph: Graph) -> None:
    await graph.put_comment("p1", "Terima kasih")
    await graph.put_like("c1")
    await graph.delete_object("c1")
    await graph.get_objects(["1", "2"])
    await graph.get_connections("p1", "comments", limit=5, filter={"a": True})

    assert [(one["method"], one["path"]) for one in platform.heard] == [
        ("POST", "/v26.0/p1/comments"),
        ("POST", "/v26.0/c1/likes"),
        ("DELETE", "/v26.0/c1"),
        ("GET", "/v26.0/"),
        ("GET", "/v26.0/p1/comments"),
    ]
    assert platform.heard[-1]["query"] == {"limit": "5", "filter": '{"a": true}'}


async def test_files_go_as_parts_of_a_form(platform: Platform, graph: Graph) -> None:
    await graph.put_photo(io.BytesIO(b"JPEG"), album_path="p/photos", caption="jalan")
    assert platform.heard[-1]["said"]["source"][2] == b"JPEG"
    assert platform.heard[-1]["said"]["caption"] == "jalan"

    upload = Upload('surat "tugas".pdf', "application/pdf", b"%PDF")
    await graph.ask("v26.0/9/media", post_args={"type": "x"}, files={"file": upload}, method="POST")
    assert platform.heard[-1]["said"]["file"] == ("surat _tugas_.pdf", "application/pdf", b"%PDF")


async def test_calls_are_proved_with_the_apps_secret(platform: Platform) -> None:
    graph = a_graph(platform.server.base, app_secret=Secret("rahasia"), version="19.0")
    await graph.get_object("me")
    await graph.close()

    # printf EAAgraph-token | openssl dgst -sha256 -hmac rahasia
    proof = "27cbcff67b72e27105cba8888313eb96b97a819234ce750d609a5c4a9b5f469a"
    assert platform.heard[-1]["query"]["appsecret_proof"] == proof
    assert platform.heard[-1]["path"] == "/v19.0/me"


async def test_what_meta_says_of_our_use_is_kept(platform: Platform, graph: Graph) -> None:
    platform.says({"id": "1"}, x_app_usage='{"call_count": 12}')
    await graph.get_object("me")
    platform.says({"id": "1"})
    await graph.get_object("me")

    assert graph.usage == {"x-app-usage": '{"call_count": 12}'}


async def test_every_page_is_turned(platform: Platform, graph: Graph) -> None:
    platform.says({"data": [{"id": "1"}, {"id": "2"}], "paging": {"cursors": {"after": "x"}, "next": "http://h/n"}})
    seen = []

    async for item in graph.pages("9", "things", limit=2):
        seen.append(item["id"])
        if len(seen) == 3:
            platform.says({"data": [{"id": "3"}], "paging": {"cursors": {"after": "y"}}})

    assert seen == ["1", "2", "1", "2", "3"]
    assert platform.heard[-1]["query"] == {"limit": "2", "after": "x"}


async def test_a_token_is_missing_before_the_network(platform: Platform) -> None:
    graph = Graph(None, base=platform.server.base)

    for call in (graph.get_object("me"), graph.put_object("me", "feed", message="x"), graph.download("x", largest=1)):
        with pytest.raises(AccountBroken):
            await call

    assert platform.heard == []


async def test_many_calls_at_once_need_no_thread(platform: Platform) -> None:
    graph = a_graph(platform.server.base, patience=timedelta(seconds=30))
    before = threading.active_count()

    assert len(await asyncio.gather(*(graph.get_object("me") for _ in range(50)))) == 50

    assert threading.active_count() == before
    await graph.close()


# ---- refusals


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        (190, 400, AccountBroken),
        (190, 401, AccountBroken),
        ("190", 403, AccountBroken),
        (102, 400, AccountBroken),
        (0, 401, AccountBroken),
        (10, 403, AccountBroken),
        (200, 403, AccountBroken),
        (299, 403, AccountBroken),
        (368, 403, AccountBroken),
        (1, 500, TryLater),
        (2, 503, TryLater),
        (4, 400, TryLater),
        (17, 400, TryLater),
        (32, 400, TryLater),
        (613, 400, TryLater),
        (80007, 400, TryLater),
        (100, 400, Refused),
        (300, 400, Refused),
        (987654, 404, Refused),
    ],
)
async def test_each_code_says_who_can_mend_it(
    platform: Platform, graph: Graph, code: object, status: int, error: type[OmnichannelError]
) -> None:
    platform.refuses(code, status)

    with pytest.raises(error) as asked:
        await graph.get_object("me")
    with pytest.raises(error) as told:
        await graph.put_object("me", "messages", text={"body": "x"})

    assert type(asked.value) is type(told.value) is error
    assert isinstance(told.value.__cause__, facebook.GraphAPIError)
    assert getattr(told.value, "code", str(code)) == str(code)


async def test_how_long_to_wait_comes_from_the_answer(platform: Platform, graph: Graph) -> None:
    usage = json.dumps({"9": [{"type": "whatsapp", "estimated_time_to_regain_access": 5}, {"type": "x"}]})
    cases: list[tuple[dict[str, object], timedelta | None]] = [
        ({"retry_after": 7}, timedelta(seconds=7)),
        ({"x_business_use_case_usage": usage}, timedelta(minutes=5)),
        ({"x_business_use_case_usage": "bukan JSON"}, None),
        ({}, None),
    ]
    for headers, wait in cases:
        platform.refuses(4, 400, **headers)
        with pytest.raises(TryLater) as raised:
            await graph.put_object("me", "messages")
        assert raised.value.after == wait


async def test_a_product_adds_its_codes_and_a_subcode_goes_first(platform: Platform) -> None:
    codes = {
        (10, 2018278): Meaning(Who.WINDOW, "jendela tertutup"),
        551: Meaning(Who.REFUSED, "warga tidak ada"),
        777: Meaning(Who.LONG, "terlalu panjang"),
        778: Meaning(Who.LATER, "nanti", after=timedelta(seconds=6)),
    }
    graph = a_graph(platform.server.base, codes=codes)

    platform.refuses(10, 403, error_subcode=2018278)
    with pytest.raises(WindowClosed, match="jendela"):
        await graph.put_object("me", "messages")
    platform.refuses(10, 403, error_subcode=1)
    with pytest.raises(AccountBroken):
        await graph.put_object("me", "messages")
    platform.refuses(551)
    with pytest.raises(Refused, match="warga"):
        await graph.put_object("me", "messages")
    platform.refuses(777)
    with pytest.raises(TooLong):
        await graph.put_object("me", "messages")
    platform.refuses(778)
    with pytest.raises(TryLater) as raised:
        await graph.put_object("me", "messages")
    await graph.close()

    assert raised.value.after == timedelta(seconds=6)


async def test_a_proof_by_another_apps_secret_is_the_administrators(platform: Platform, graph: Graph) -> None:
    platform.says({"error": {"message": "Invalid appsecret_proof provided in the API argument", "code": 100}}, 400)

    with pytest.raises(AccountBroken, match="APP_SECRET"):
        await graph.get_object("me")


async def test_a_code_of_the_future_is_read_by_what_stands_beside_it(platform: Platform, graph: Graph) -> None:
    platform.refuses(999999, 500, is_transient=True)
    with pytest.raises(TryLater):
        await graph.put_object("me", "messages")
    platform.refuses(999999, 500)
    with pytest.raises(Unsure):
        await graph.put_object("me", "messages")
    with pytest.raises(TryLater):
        await graph.get_object("me")
    platform.says({"error": {"code": 999999, "error_data": {"details": "rincian"}, "message": "no"}}, 400)
    with pytest.raises(Refused, match="rincian"):
        await graph.put_object("me", "messages")


@pytest.mark.parametrize(
    ("body", "status", "asking", "telling"),
    [
        ("<html>502</html>", 502, TryLater, Unsure),
        ("<html>halo</html>", 200, TryLater, Unsure),
        ("", 200, TryLater, Unsure),
        ("", 500, TryLater, Unsure),
        ("", 429, TryLater, TryLater),
        ('{"error": "entah"}', 400, Refused, Refused),
        ('{"error": {"code": null}}', 503, TryLater, Unsure),
        ('{"error": {"code": [1]}}', 200, TryLater, Unsure),
        ("", 401, AccountBroken, AccountBroken),
        ("", 302, AccountBroken, AccountBroken),
    ],
)
async def test_an_answer_that_is_none_of_the_graphs(
    platform: Platform, graph: Graph, body: str, status: int, asking: type[Exception], telling: type[Exception]
) -> None:
    platform.says(body, status)

    with pytest.raises(asking):
        await graph.get_object("me")
    with pytest.raises(telling):
        await graph.put_object("me", "messages")


async def test_nobody_there_is_try_later_because_nothing_left() -> None:
    graph = a_graph("http://127.0.0.1:9")

    with pytest.raises(TryLater):
        await graph.put_object("me", "messages")
    await graph.close()
    await graph.close()


async def test_the_token_goes_to_no_plain_link_of_an_encrypted_graph() -> None:
    graph = a_graph("https://graph.example")

    with pytest.raises(Refused):
        await graph.download("http://127.0.0.1:9/berkas", largest=10)


async def test_no_secret_is_shown_even_when_meta_repeats_it(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    graph = a_graph(platform.server.base, app_secret=Secret("rahasia-app"))
    shown = [repr(graph), str(vars(graph)["_token"]), str(graph.session)]
    for status in (400, 500):
        platform.says({"error": {"message": f"Malformed access token {TOKEN}", "code": 999}}, status)
        with pytest.raises(OmnichannelError) as raised:
            await graph.put_object("me", "messages")
        cause = raised.value.__cause__
        shown += [str(raised.value), repr(raised.value), str(cause), repr(cause), repr(getattr(cause, "result", ""))]
    await graph.close()

    assert TOKEN not in "".join(shown) + caplog.text
    assert "rahasia-app" not in "".join(shown) + caplog.text


def test_the_sdks_blocking_transport_cannot_be_reached(graph: Graph) -> None:
    with pytest.raises(NotImplementedError):
        graph.get_version()
