"""Several processes share one run (`make test` has two): each has its own servers, databases, ports and folders.

A file stays whole in one process, so what it sets up once is set up once. The longest files go first and the dear ones next, so
that all end together, on the quick ones.
"""

from pathlib import Path

import pytest

DEAR = ("real", "browser", "slow", "drill")
# Half a minute and more each, the longest first. A file that grows so long belongs here, or is parted.
LONGEST = (
    "tests/test_walk_channels.py",
    "tests/browser/test_desk_axe_narrow.py",
    "tests/browser/test_desk_axe.py",
    "tests/browser/test_learning.py",
    "tests/test_demo.py",
    "tests/router/test_learning.py",
    "tests/test_learn.py",
    "tests/test_walk.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Only where the run is shared: whoever runs alone wants the quick tests first."""
    if not hasattr(config, "workerinput"):
        return
    places = {config.rootpath / path: place for place, path in enumerate(LONGEST)}
    dear = {item.path for item in items if any(item.get_closest_marker(name) for name in DEAR)}

    def place(path: Path) -> int:
        return places.get(path, len(LONGEST) if path in dear else len(LONGEST) + 1)

    items.sort(key=lambda item: place(item.path))
