"""What the network did, in our words."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from omnichannel.connectors.http import Answer, Http, judge, retry_after
from omnichannel.domain.errors import AccountBroken, OmnichannelError, Refused, TryLater, Unsure
from omnichannel.toys.serving import Loopback

SHORT = timedelta(seconds=0.4)


@pytest.fixture
async def base() -> AsyncIterator[str]:
    async def answer(request: web.Request) -> web.StreamResponse:
        await request.read()
        if request.path == "/besar":
            return web.Response(body=bytes(2_000_000))
        if request.path == "/pindah":
            raise web.HTTPFound("/besar")
        if request.path == "/putus" and request.transport is not None:
            request.transport.abort()
        return web.json_response({"auth": request.headers.get("Authorization", "")})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    server = Loopback(app)
    yield await server.start()
    await server.stop()


@pytest.fixture
async def http(base: str) -> AsyncIterator[Http]:
    session = Http(f"{base}/", secrets=("kunci-rahasia",), headers={"Authorization": "Bearer kunci-rahasia"})
    yield session
    await session.close()


async def test_an_answer_is_an_answer(http: Http) -> None:
    answer = await http.ask("GET", "/halo")

    assert (answer.ok, answer.json()) == (True, {"auth": "Bearer kunci-rahasia"})
    assert "kunci" not in repr(answer) + repr(http)


async def test_a_cut_line_is_a_delay_when_asking_and_a_doubt_when_telling(http: Http) -> None:
    with pytest.raises(TryLater):
        await http.ask("POST", "/putus")
    with pytest.raises(Unsure):
        await http.tell("POST", "/putus")


@pytest.mark.parametrize("base", ["http://127.0.0.1:9", "http://tidak-ada.invalid", "bukan alamat/kunci-rahasia", ""])
async def test_what_never_left_may_be_tried_again(base: str) -> None:
    http = Http(base, secrets=("kunci-rahasia",))

    for verb in (http.ask, http.tell):
        with pytest.raises(TryLater) as raised:
            await verb("POST", "/x", patience=timedelta(seconds=3))
        assert "kunci" not in str(raised.value) + repr(raised.value.__cause__)

    await http.close()


async def test_an_answer_larger_than_allowed_is_refused(http: Http) -> None:
    with pytest.raises(Refused):
        await http.ask("GET", "/besar", largest=1_000_000)


async def test_a_redirect_is_not_followed_with_our_key(http: Http) -> None:
    answer = await http.ask("GET", "/pindah")

    assert answer.status == 302
    assert isinstance(judge(answer, sending=True), AccountBroken)


@pytest.mark.parametrize(
    ("status", "asking", "sending"),
    [
        (200, None, None),
        (204, None, None),
        (400, Refused, Refused),
        (401, AccountBroken, AccountBroken),
        (403, AccountBroken, AccountBroken),
        (404, Refused, Refused),
        (408, TryLater, Unsure),
        (413, Refused, Refused),
        (429, TryLater, TryLater),
        (500, TryLater, Unsure),
        (503, TryLater, Unsure),
    ],
)
def test_a_status_says_who_can_mend_it(
    status: int, asking: type[OmnichannelError] | None, sending: type[OmnichannelError] | None
) -> None:
    answer = Answer(status, {}, b"")

    for found, wanted in ((judge(answer, sending=False), asking), (judge(answer, sending=True), sending)):
        assert type(found) is (wanted or type(None))


def test_retry_after_is_seconds_or_a_date_or_nothing() -> None:
    at = datetime.now(UTC) + timedelta(seconds=90)

    assert retry_after({"retry-after": "120"}) == timedelta(seconds=120)
    assert retry_after({"retry-after": "9" * 40}) == timedelta(days=1)
    found = retry_after({"retry-after": format_datetime(at, usegmt=True)})
    assert found is not None
    assert timedelta(seconds=80) < found <= timedelta(seconds=90)
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == timedelta()
    for wish in ("", "besok", "-5", "１２"):
        assert retry_after({"retry-after": wish}) is None
    assert retry_after({}) is None
