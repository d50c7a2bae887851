"""Several processes share one run (`make test` has two): each has its own servers, databases, ports and folders.

A file stays whole in one process, so what it sets up once is set up once. The dear files go first, so that all end together.
"""

import pytest

DEAR = ("real", "browser", "slow", "drill")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Only where the run is shared: whoever runs alone wants the quick tests first."""
    if not hasattr(config, "workerinput"):
        return
    dear = {item.path for item in items if any(item.get_closest_marker(name) for name in DEAR)}
    items.sort(key=lambda item: item.path not in dear)
