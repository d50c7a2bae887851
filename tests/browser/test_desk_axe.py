"""axe finds nothing on any screen, wide and light; and nothing on those used all day at the sizes between.

Narrow and dark: test_desk_axe_narrow.py. Two files, because two processes share the tests and a file stays whole.
"""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.browser.visiting import faults
from tests.web.evening import Evening, an_evening


@pytest.fixture(scope="module")
async def evening(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Evening]:
    async with an_evening(tmp_path_factory.mktemp("desk")) as found:
        yield found


VARIANTS = (
    (1440, "light"),
    # The two between them: with the drills.
    pytest.param(1024, "dark", marks=pytest.mark.drill),
    pytest.param(390, "light", marks=pytest.mark.drill),
)


@pytest.mark.parametrize(("width", "theme"), VARIANTS)
async def test_axe_finds_nothing(chromium: Browser, evening: Evening, width: int, theme: str) -> None:
    assert await faults(chromium, evening, width, theme) == {}
