"""Every route and its decision, in one table: a route that is not in it, or is opened wider, fails here."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from omnichannel.domain.people import Role
from omnichannel.domain.policy import Action
from omnichannel.web import guard, server
from tests.web.front import Front, a_front, csrf

PUBLIC = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/login"),
    ("GET", "/mulai"),
    ("POST", "/mulai"),
    ("POST", "/login"),
    ("POST", "/logout"),
    ("POST", "/bahasa"),
    ("POST", "/tema"),
    ("POST", "/kepadatan"),
    ("GET", "/hooks/{account}"),
    ("POST", "/hooks/{account}"),
    ("GET", "/static/{path}"),
    ("GET", "/tampilan.css"),
    ("GET", "/aplikasi.webmanifest"),
    ("GET", "/aplikasi-{size}.png"),
    ("GET", "/pekerja.js"),
    ("GET", "/luring"),
    ("GET", "/publik"),
    ("GET", "/publik/{form}"),
    ("POST", "/publik/{form}"),
    ("GET", "/publik/lacak"),
    ("POST", "/publik/lacak"),
    ("POST", "/publik/lacak/tulis"),
    ("POST", "/publik/lacak/berkas/{file_id}"),
    ("GET", "/l/{token}"),
    ("POST", "/l/{token}"),
    ("GET", "/publik/keberatan"),
    ("POST", "/publik/keberatan"),
    ("GET", "/publik/dip"),
    ("GET", "/publik/dip.json"),
    ("GET", "/publik/dip.atom"),
    ("GET", "/publik/dip/{item}"),
    ("GET", "/publik/unit/{kode}"),
    ("GET", "/publik/register"),
    ("GET", "/publik/sematan/permohonan"),
    ("POST", "/publik/sematan/permohonan"),
    ("GET", "/publik/statistik"),
    ("GET", "/publik/statistik.csv"),
    ("GET", "/publik/statistik.json"),
    ("GET", "/surat/{token}"),
    ("GET", "/api/v1/openapi.json"),
}
ANY_LOGIN = {("GET", "/sesi"), ("GET", "/saya")}


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as front:
        yield front


def decisions(application: web.Application) -> dict[tuple[str, str], guard.Door | None]:
    return {
        (route.method, route.resource.canonical): guard.door(route.handler)
        for route in application.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }


async def test_every_route_has_its_decision(front: Front) -> None:
    undecided = [route for route, door in decisions(front.server.app).items() if door is None]

    assert undecided == []


async def test_only_the_listed_routes_are_open_to_everybody(front: Front) -> None:
    public = {route for route, door in decisions(front.server.app).items() if door is not None and door.public}

    assert public - PUBLIC == set()


async def test_whatever_changes_something_asks_for_more_than_a_login(front: Front) -> None:
    bare = {
        route
        for route, door in decisions(front.server.app).items()
        if door is not None and not door.public and door.action is None
    }

    assert bare - ANY_LOGIN == set()


async def test_a_page_asks_for_leave_to_look_and_a_form_for_leave_to_change(front: Front) -> None:
    """An auditor reads everything and has no action that writes: so no form may be registered with theirs."""
    looking = {
        Action.SEE_DESK,
        Action.READ,
        Action.SEE_REGISTER,
        Action.SEE_LAPOR,
        Action.SEE_ACCOUNTS,
        Action.SEE_AUDIT,
    }

    loose = [
        route
        for route, door in decisions(front.server.app).items()
        if route[0] not in guard.SAFE and door is not None and door.action in looking
    ]

    assert loose == []


async def test_a_stranger_gets_nothing_but_the_way_in(front: Front) -> None:
    client = await front.client()

    for (method, path), door in decisions(front.server.app).items():
        if door is None or door.public:
            continue
        answer = await client.request(method, filled(path), allow_redirects=False)
        assert answer.status in (303, 401), (method, path, answer.status)


async def test_an_auditor_can_post_nothing(front: Front) -> None:
    client = await front.signed_in(Role.AUDITOR)
    token = {"X-CSRF-Token": await csrf(client)}

    for (method, path), door in decisions(front.server.app).items():
        if method in guard.SAFE or door is None or door.public or door.bearer:
            continue
        answer = await client.request(method, filled(path), headers=token, allow_redirects=False)
        assert answer.status == 403, (method, path, answer.status)


async def test_no_page_breaks_on_a_thing_that_is_not_there(front: Front) -> None:
    client = await front.signed_in(Role.ADMINISTRATOR)
    token = {"X-CSRF-Token": await csrf(client)}

    for (method, path), door in decisions(front.server.app).items():
        if path.startswith(("/live", "/logout")) or door is None:
            continue
        answer = await client.request(method, filled(path), headers=token, allow_redirects=False)
        assert answer.status < 500, (method, path, answer.status, await answer.text())
        answer.release()


def filled(path: str) -> str:
    """An address of that pattern, of something nobody has."""
    for name in ("account", "view", "path"):
        path = path.replace(f"{{{name}}}", "semua")
    while "{" in path:
        path = path[: path.index("{")] + "999999" + path[path.index("}") + 1 :]
    return path


def with_route(route: web.RouteDef) -> Callable[[web.Application], None]:
    def extra(application: web.Application) -> None:
        application.router.add_routes([route])

    return extra


async def test_a_route_without_a_decision_is_shut_to_everybody(tmp_path: Path) -> None:
    async def forgotten(request: web.Request) -> web.StreamResponse:
        return web.Response(text="open")

    async with a_front(tmp_path) as front:
        application = server.build(
            front.house,
            extra=with_route(web.get("/terlupa", forgotten)),
        )
        async with TestClient(TestServer(application)) as client:
            answer = await client.get("/terlupa")

    assert answer.status == 403


async def test_an_address_nobody_has_is_a_kind_page(front: Front) -> None:
    client = await front.client()

    page = await client.get("/tidak/ada")
    part = await client.get("/tidak/ada", headers={"HX-Request": "true"})

    assert (page.status, part.status) == (404, 404)
    assert "tidak ada" in await page.text()
    assert len(await part.read()) < len(await page.read())


async def test_a_fault_of_ours_says_a_code_and_not_its_inside(tmp_path: Path) -> None:
    async def broken(request: web.Request) -> web.StreamResponse:
        raise RuntimeError("isi pesan warga yang rahasia")

    async with a_front(tmp_path) as front:
        route = web.get("/rusak", guard.allow(broken, public=True))
        application = server.build(front.house, extra=with_route(route))
        async with TestClient(TestServer(application)) as client:
            answer = await client.get("/rusak")
            text = await answer.text()

    assert answer.status == 500
    assert "rahasia" not in text
    assert "RuntimeError" not in text


async def test_while_the_database_is_away_a_page_says_what_is_safe(front: Front) -> None:
    client = await front.signed_in()
    front.gate.shut = True

    answer = await client.get("/sesi")

    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert "locked" not in await answer.text()


async def test_language_and_theme_are_each_readers_own(front: Front) -> None:
    client = await front.signed_in()

    async def choose(path: str, **fields: str):
        form = fields | {"csrf": await csrf(client), "next": "/saya"}
        return await client.post(path, data=form, allow_redirects=False)

    assert (await choose("/bahasa", lang="en")).headers["Location"] == "/saya"
    assert (await choose("/tema", theme="dark")).cookies["omni_theme"].value == "dark"
    assert (await choose("/bahasa", lang="xx")).status == 422
    assert (await choose("/tema", theme="<script>")).status == 422
    english = await (await client.get("/tidak/ada")).text()
    assert 'lang="en"' in english
