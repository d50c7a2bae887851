"""What the tests of this room share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.front import Front, a_front


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as front:
        yield front
