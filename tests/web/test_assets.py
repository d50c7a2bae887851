"""Files of the frame: named by content, served from memory, never from a path."""

import gzip
from importlib import resources
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from omnichannel.domain.errors import NotFound
from omnichannel.web.assets import Assets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "desk.css").write_text("body { color: red }\n" * 200)
    (tmp_path / "icon.svg").write_text("<svg/>")
    (tmp_path / ".hidden").write_text("no")
    (tmp_path.parent / "outside.txt").write_text("secret")
    return tmp_path


async def served(assets: Assets) -> TestClient[web.Request, web.Application]:
    @web.middleware
    async def missing(request, handler):
        try:
            return await handler(request)
        except NotFound:
            return web.Response(status=404)

    application = web.Application(middlewares=[missing])
    application.router.add_get("/static/{path:.+}", assets.serve)
    client = TestClient(TestServer(application), auto_decompress=False)
    await client.start_server()
    return client


async def test_a_versioned_address_may_be_kept_for_ever(folder: Path) -> None:
    assets = Assets(folder)
    client = await served(assets)

    answer = await client.get(assets.address("css/desk.css"))

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    await client.close()


async def test_an_old_version_is_not_kept_under_the_wrong_name(folder: Path) -> None:
    client = await served(Assets(folder))

    answer = await client.get("/static/css/desk.css?v=000000000000")

    assert answer.headers["Cache-Control"] == "no-cache"
    await client.close()


async def test_text_travels_packed_when_the_browser_can_read_it(folder: Path) -> None:
    client = await served(Assets(folder))

    packed = await client.get("/static/css/desk.css", headers={"Accept-Encoding": "gzip"})
    plain = await client.get("/static/css/desk.css", headers={"Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(await packed.read()) == await plain.read() == (folder / "css" / "desk.css").read_bytes()
    await client.close()


async def test_a_file_the_browser_has_is_not_sent_again(folder: Path) -> None:
    client = await served(Assets(folder))
    first = await client.get("/static/icon.svg")

    again = await client.get("/static/icon.svg", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status == 304
    assert await again.read() == b""
    await client.close()


@pytest.mark.parametrize(
    "path", ["../outside.txt", "%2e%2e/outside.txt", "css/../../outside.txt", ".hidden", "css", "/etc/passwd", "x\\y"]
)
async def test_only_what_the_folder_lists_can_be_asked_for(folder: Path, path: str) -> None:
    client = await served(Assets(folder))

    answer = await client.get(f"/static/{path}")

    assert answer.status == 404
    await client.close()


def test_the_address_changes_with_the_content(folder: Path) -> None:
    before = Assets(folder).address("icon.svg")
    (folder / "icon.svg").write_text("<svg><path/></svg>")

    assert Assets(folder).address("icon.svg") != before


def test_all_of_our_own_files_together_are_small() -> None:
    """120 KB packed, every sheet and script of every page; what a library brings lies apart and is loaded where it is used."""
    root = resources.files("omnichannel.web").joinpath("static")
    own = [one for folder in ("css", "js") for one in root.joinpath(folder).iterdir() if one.is_file()]
    own += [one for one in root.iterdir() if one.is_file()]
    packed = {one.name: len(gzip.compress(one.read_bytes(), 6)) for one in own}

    print(f"{sum(packed.values())} bytes in {len(packed)} files")
    assert len(packed) > 40
    assert sum(packed.values()) <= 120 * 1024, sorted(packed.items(), key=lambda one: -one[1])[:10]
