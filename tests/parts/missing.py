"""What a machine lacks: said once at the end of a run, and a failure where CI=true.

A test that was skipped proves nothing. On a developer's machine that is told; in CI it is the whole point of the run.
"""

import os
from collections.abc import Callable, Generator
from typing import Any, NoReturn

import pytest

MISSING = pytest.StashKey[dict[str, str]]()

# The fixtures that start an outside process, and the marker that a test gets by asking for one.
MARKERS = {
    "postgres": "real",
    "postgres_url": "real",
    "redis": "real",
    "redis_url": "real",
    "dovecot": "real",
    "installed": "real",
    "chromium": "browser",
    "page": "browser",
}

Lack = Callable[[str, str], NoReturn]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MISSING] = {}


@pytest.fixture(scope="session")
def lack(pytestconfig: pytest.Config) -> Lack:
    """`lack("redis", "apt-get install redis-server")` skips the test and remembers why."""

    def skip(part: str, remedy: str) -> NoReturn:
        pytestconfig.stash[MISSING][part] = remedy
        pytest.skip(f"{part} is not on this machine: {remedy}")

    return skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before `-m` is applied, so that nobody has to remember a marker."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in MARKERS:
                item.add_marker(MARKERS[fixture])


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    yield
    told = getattr(session.config, "workeroutput", None)  # we are one of several processes: the first one sums up
    if told is not None:
        told["missing"] = session.config.stash[MISSING]
        return
    if session.config.stash[MISSING] and in_ci() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """One of the processes of `pytest -n 2` has ended: what it lacked, the whole run lacked."""
    node.config.stash[MISSING].update(getattr(node, "workeroutput", {}).get("missing", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    missing = config.stash[MISSING]
    if not missing:
        return
    verdict = "CI=true, so this run FAILS" if in_ci() else "their tests were skipped"
    terminalreporter.section(f"real parts missing: {verdict}", red=in_ci(), yellow=not in_ci())
    for part, remedy in sorted(missing.items()):
        terminalreporter.line(f"{part}: {remedy}")


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"true", "1"}
