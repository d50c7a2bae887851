"""What the long commands share: configuration with logs that know its secrets, and a clean stop at a signal."""

import asyncio
import contextlib
import errno
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from omnichannel.commands.speech import fail, tell

if TYPE_CHECKING:
    from omnichannel.settings.load import Config

T = TypeVar("T")

# systemd and Docker wait ten seconds or more before they kill; people wait less.
STOP_WITHIN = 4.5


def configured(named: Path | None, folder: Path | None = None) -> "Config":
    """The whole configuration, and logs that blot out its secrets. BadConfig."""
    from omnichannel import logs
    from omnichannel.settings.load import load

    config = load(named, data=folder)
    logs.set_up(secrets_of(config))
    return config


def secrets_of(config: "Config") -> list[str]:
    """Every value that must never be printed."""
    held = [secret.reveal() for account in config.accounts for secret in account.secrets.values()]
    addresses = [urlsplit(url).password for url in (config.database_url, config.redis_url or "")]
    return held + [one for one in addresses if one]


def run(work: Coroutine[Any, Any, T]) -> T:
    """Something that ends by itself."""
    return asyncio.run(work)


def until_stopped(service: Coroutine[Any, Any, None]) -> None:
    """Something that ends by a signal: the first stops it cleanly, a second at once."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_until_signal(service))


async def _until_signal(service: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(service)
    signals = 0

    def told() -> None:
        nonlocal signals
        signals += 1
        if signals > 1:
            os._exit(1)
        _leave_at_last()
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has Ctrl-C alone, and the runner sees to it.
            asyncio.get_running_loop().add_signal_handler(number, told)
    try:
        await task
    except asyncio.CancelledError:
        if not signals:
            raise


def _leave_at_last() -> None:
    """A thread that waits for a silent server must not hold the stop: what was kept is durable, the rest comes again."""
    timer = threading.Timer(STOP_WITHIN, _leave)
    timer.daemon = True
    timer.start()


def _leave() -> NoReturn:
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(0)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where the extra `speed` is installed."""
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


@contextlib.contextmanager
def door(host: str, port: int) -> Iterator[None]:
    """Says in words why we could not listen there; other faults pass."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise fail(
                f"Port {port} di {host} sudah dipakai program lain. Pilih yang lain dengan --port.",
                f"Port {port} on {host} is taken by another program. Choose another with --port.",
            ) from error
        if error.errno in (errno.EACCES, errno.EADDRNOTAVAIL) or isinstance(error, socket.gaierror):
            raise fail(
                f"Tidak dapat mendengarkan di {host}:{port}: {error.strerror}.",
                f"Cannot listen on {host}:{port}: {error.strerror}.",
            ) from error
        raise


def stopped() -> NoReturn:
    """The last word of a clean stop. Everything is closed by now; Python would spend seconds on giving memory back."""
    tell("Berhenti dengan rapi.", "Stopped cleanly.")
    _leave()
