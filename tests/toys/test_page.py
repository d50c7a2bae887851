"""The citizens' page: both sides, a form that needs no script, and nothing a citizen writes can break out."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp import web

from omnichannel.toys.base import Line
from omnichannel.toys.page import routes
from omnichannel.toys.sandbox import SandboxToy
from omnichannel.toys.serving import Loopback

EVIL = '<script>alert("x")</script> & \'"'


class Tags(HTMLParser):
    """Which tags a page has, and what its form asks."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[dict[str, str | None]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture
async def toy() -> AsyncIterator[SandboxToy]:
    platform = SandboxToy()
    await platform.start()
    yield platform
    await platform.stop()


@pytest.fixture
async def base(toy: SandboxToy) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes(routes({"kotak-pasir": toy}, token=lambda request: 'tanda"<'))
    server = Loopback(app)
    yield await server.start()
    await server.stop()


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def text_of(browser: aiohttp.ClientSession, url: str, status: int = 200) -> str:
    async with browser.get(url) as response:
        assert response.status == status
        return await response.text()


async def test_a_new_citizen_writes_and_is_shown(toy: SandboxToy, base: str, browser: aiohttp.ClientSession) -> None:
    fields = {"csrf": "x", "warga": "", "nama": "Rahma Toyana", "teks": "Lampu mati"}
    async with browser.post(f"{base}/mainan/kotak-pasir", data=fields) as response:
        page = await response.text()
        assert response.status == 200

    assert [(line.mine, line.text) for line in toy.chats()[0].lines] == [(True, "Lampu mati")]
    assert "Rahma Toyana" in page
    assert "Lampu mati" in page


async def test_an_old_citizen_goes_on_in_their_thread(
    toy: SandboxToy, base: str, browser: aiohttp.ClientSession
) -> None:
    chat = await toy.write(None, "Rahma", "satu")

    await browser.post(f"{base}/mainan/kotak-pasir", data={"warga": chat, "nama": "", "teks": "dua"})

    assert [line.text for line in toy.transcript(chat)] == ["satu", "dua"]


async def test_a_new_name_is_a_new_citizen_whoever_is_chosen_above_it(
    toy: SandboxToy, base: str, browser: aiohttp.ClientSession
) -> None:
    """The list always has somebody chosen; a name typed beside it was dropped, and the words went out as that citizen's."""
    chat = await toy.write(None, "Rahma", "satu")

    await browser.post(f"{base}/mainan/kotak-pasir", data={"warga": chat, "nama": "Tono Toyana", "teks": "dua"})

    assert [line.text for line in toy.transcript(chat)] == ["satu"]
    assert {one.name for one in toy.chats()} == {"Rahma", "Tono Toyana"}


async def test_the_offices_answer_stands_on_the_page_and_in_the_frame(
    toy: SandboxToy, base: str, browser: aiohttp.ClientSession
) -> None:
    chat = await toy.write(None, "Rahma", "Lampu mati")
    toy._chats[chat].lines.append(Line(False, "Besok kami perbaiki.", toy.now()))

    assert "Besok kami perbaiki." in await text_of(browser, f"{base}/mainan/kotak-pasir")
    frame = await text_of(browser, f"{base}/mainan/kotak-pasir/percakapan?warga={chat}")
    assert "Besok kami perbaiki." in frame
    assert 'http-equiv="refresh"' in frame


async def test_both_sides_of_a_talk_show_the_offices_hour(toy: SandboxToy, browser: aiohttp.ClientSession) -> None:
    chat = await toy.write(None, "Rahma", "Lampu mati")
    toy._chats[chat].lines.append(Line(False, "Besok.", datetime(2026, 12, 17, 16, 30, tzinfo=UTC)))
    app = web.Application()
    app.add_routes(routes({"kotak-pasir": toy}, zone=ZoneInfo("Asia/Makassar")))
    server = Loopback(app)
    url = await server.start()

    frame = await text_of(browser, f"{url}/mainan/kotak-pasir/percakapan?warga={chat}")
    await server.stop()

    assert "18/12 00.30" in frame


async def test_the_page_with_the_form_never_reloads_itself(
    toy: SandboxToy, base: str, browser: aiohttp.ClientSession
) -> None:
    await toy.write(None, "Rahma", "Lampu mati")

    assert "http-equiv" not in await text_of(browser, f"{base}/mainan/kotak-pasir")


async def test_nothing_a_citizen_writes_is_markup(toy: SandboxToy, base: str, browser: aiohttp.ClientSession) -> None:
    chat = await toy.write(None, EVIL, EVIL)

    for path in ("/mainan", "/mainan/kotak-pasir", f"/mainan/kotak-pasir/percakapan?warga={chat}"):
        page = Tags(await text_of(browser, base + path))
        assert "script" not in page.tags
        assert "style" not in page.tags
        assert all(not (key.startswith("on") or key == "style") for one in page.attributes for key in one)
    assert EVIL in Tags(await text_of(browser, f"{base}/mainan/kotak-pasir")).words


async def test_the_page_holds_to_a_strict_policy(base: str, browser: aiohttp.ClientSession) -> None:
    async with browser.get(f"{base}/mainan/kotak-pasir") as response:
        policy = response.headers["Content-Security-Policy"]
        page = Tags(await response.text())

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert {"csrf", "warga", "nama", "teks"} <= {str(one.get("name")) for one in page.attributes}
    assert any(one.get("name") == "csrf" and one.get("value") == 'tanda"<' for one in page.attributes)
    assert "body" in await text_of(browser, f"{base}/mainan/mainan.css")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"teks": "x"},
        {"nama": "Rahma", "teks": "  "},
        {"nama": "Rahma", "teks": "x" * 4001},
        {"warga": "c99", "teks": "x"},
    ],
)
async def test_a_form_that_lacks_something_says_so(
    toy: SandboxToy, base: str, browser: aiohttp.ClientSession, fields: dict[str, str]
) -> None:
    async with browser.post(f"{base}/mainan/kotak-pasir", data=fields) as response:
        assert response.status == 400

    assert toy.chats() == []


async def test_another_site_cannot_write(toy: SandboxToy, base: str, browser: aiohttp.ClientSession) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    fields = {"nama": "Rahma", "teks": "x"}
    async with browser.post(f"{base}/mainan/kotak-pasir", data=fields, headers=headers) as response:
        assert response.status == 403


async def test_an_unknown_account_is_not_there(base: str, browser: aiohttp.ClientSession) -> None:
    await text_of(browser, f"{base}/mainan/tidak-ada", status=404)
