"""No page without somebody who looks at it: every address we answer is drawn, or says who else looks."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from tests.screens import ELSEWHERE, MACHINES, NO_PAGE, screens
from tests.web.evening import Evening, an_evening


@pytest.fixture(scope="module")
async def evening(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Evening]:
    async with an_evening(tmp_path_factory.mktemp("desk")) as found:
        yield found


def resources(application: web.Application) -> list[web.AbstractResource]:
    return [one for one in application.router.resources() if any(way.method == "GET" for way in one)]


async def seen_by_us(evening: Evening) -> set[str]:
    """The resource behind each screen's address."""
    found = set()
    for name, screen in screens(evening).items():
        path = screen.path.partition("?")[0]
        matching = [one for one in resources(evening.desk.application) if one.get_info().get("path") == path]
        matching = matching or [
            one
            for one in resources(evening.desk.application)
            if "pattern" in one.get_info() and one.get_info()["pattern"].fullmatch(path)
        ]
        assert matching, name
        found.add(matching[0].canonical)
    return found


async def test_every_page_is_drawn_or_says_who_looks_at_it(evening: Evening) -> None:
    ours = {one.canonical for one in resources(evening.desk.application) if not one.canonical.startswith(MACHINES)}
    looked_at = await seen_by_us(evening)

    assert ours - looked_at - set(ELSEWHERE) - NO_PAGE == set()
    assert (set(ELSEWHERE) | NO_PAGE) - ours == set()
    assert looked_at & (set(ELSEWHERE) | NO_PAGE) == set()
    assert [where for where in set(ELSEWHERE.values()) if not (Path(__file__).parents[2] / where).exists()] == []


async def test_what_has_no_picture_is_no_page(evening: Evening) -> None:
    plain = [path for path in sorted(NO_PAGE) if "{" not in path and not path.startswith("/live")]
    async with evening.desk.visitor("admin") as admin:
        drawn = [path for path in plain if await admin.draws(path)]

    assert drawn == []


async def test_every_screen_stands_and_is_whole(evening: Evening) -> None:
    wrong = {}
    for name, screen in screens(evening).items():
        async with evening.desk.visitor(screen.login) as visitor:
            seen = await visitor.get(screen.path)
            whole = (
                seen.html.startswith("<!doctype html>") and seen.path.partition("?")[0] == screen.path.partition("?")[0]
            )
            if not whole or seen.status != (404 if name == "galat" else 200):
                wrong[name] = (seen.status, seen.path)

    assert wrong == {}


async def test_every_page_marks_one_place_in_the_rail_and_in_the_tabs(evening: Evening) -> None:
    lost = {}
    for name, screen in screens(evening).items():
        async with evening.desk.visitor(screen.login) as visitor:
            html = (await visitor.get(screen.path)).html
        menus = [re.search(rf'<nav class="{one}".*?</nav>', html, re.DOTALL) for one in ("rail", "mobile-tabs")]
        marked = [one.group().count('aria-current="page"') for one in menus if one is not None]
        if any(n != 1 for n in marked) or (screen.login and name != "galat" and len(marked) != 2):
            lost[name] = marked

    assert lost == {}
