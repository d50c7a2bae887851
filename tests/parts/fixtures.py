"""The real parts, each an instance of our own on a free loopback port, started when first asked for.

    postgres_url   an empty database, dropped after the test    postgres   the server: fresh(template), stop(), start()
    redis_url      an empty Redis                               redis      the server: stop(), start(), port
    dovecot        user, password, host, port, url; another(), deliver(user, raw), forget(user), cut(), stop(), start()
    smtp_sink      messages, logins, user, password, host, port, url; refuse(), hang(), cut(), accept(), stop(), start()
    page           a new Chromium page at a desk                chromium   the browser, for a context of another size
    installed      the `omnichannel` command of a wheel, installed in an empty folder's environment

A test that asks for one carries its marker by itself (`real` or `browser`), and is skipped, listed and, where CI=true,
failed on a machine that lacks the part. `request.getfixturevalue("postgres_url")` cannot be seen in advance: give such a
parameter `marks=pytest.mark.real`.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.parts import browser as browsers
from tests.parts import dovecot as dovecots
from tests.parts import postgres as postgreses
from tests.parts import redis as redises
from tests.parts import wheel
from tests.parts.dovecot import Dovecot
from tests.parts.missing import Lack
from tests.parts.postgres import Postgres
from tests.parts.redis import Redis
from tests.parts.smtp import SmtpSink


@pytest.fixture(scope="session")
def postgres(lack: Lack) -> Iterator[Postgres]:
    bin = postgreses.programs()
    if bin is None:
        lack("postgresql", postgreses.REMEDY)
    server = Postgres(bin)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        server.remove()


@pytest.fixture
async def postgres_url(postgres: Postgres) -> AsyncIterator[str]:
    url = await postgres.fresh()
    yield url
    await postgres.drop(url)


@pytest.fixture(scope="session")
def _redis_server(lack: Lack) -> Iterator[Redis]:
    program = redises.program()
    if program is None:
        lack("redis", redises.REMEDY)
    server = Redis(program)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        server.remove()


@pytest.fixture
def redis(_redis_server: Redis) -> Redis:
    _redis_server.empty()
    return _redis_server


@pytest.fixture
def redis_url(redis: Redis) -> str:
    return redis.url


@pytest.fixture(scope="session")
def _dovecot_server(lack: Lack) -> Iterator[Dovecot]:
    program = dovecots.program()
    if program is None:
        lack("dovecot", dovecots.REMEDY)
    server = Dovecot(program)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        server.remove()


@pytest.fixture
def dovecot(_dovecot_server: Dovecot) -> Dovecot:
    _dovecot_server.user = _dovecot_server.another()
    return _dovecot_server


@pytest.fixture
async def smtp_sink() -> AsyncIterator[SmtpSink]:
    sink = SmtpSink()
    await sink.start()
    yield sink
    await sink.stop()


@pytest.fixture(scope="session")
async def chromium(lack: Lack) -> AsyncIterator[Browser]:
    program = browsers.program()
    if program is None:
        lack("chromium", browsers.REMEDY)
    expect.set_options(timeout=browsers.PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(browsers.FLAGS))
        yield browser
        await browser.close()


@pytest.fixture
async def page(chromium: Browser) -> AsyncIterator[Page]:
    context = await chromium.new_context(**browsers.DESK)
    yield await context.new_page()
    await context.close()


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console script of the built wheel; run it in a folder that is not the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    return wheel.install(wheel.build(folder / "dist"), folder / "venv")
