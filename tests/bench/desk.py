"""The desk over a million messages: what the server takes for each of its pages, and what a click takes until it is painted.

The floor of the pages is a bare handler over the same file: one row, its messages, as many bytes packed. The floor of the
click is the same handler and a page that puts its answer in.
"""

import asyncio
import random
import statistics
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import aiohttp

from omnichannel.web.labels import VIEW_WORDS
from tests.bench.load import processor
from tests.bench.million import CONVERSATIONS, a_million
from tests.bench.panes import Clicks, measure_clicks
from tests.bench.stand import Stand
from tests.drills.service import Officer, Service
from tests.parts.browser import program
from tests.parts.ports import free_port, wait_for_port

LOOKS = 300
LISTS = 40
WARM = 30
GOAL = "15 ms of the server, 100 ms of a click, p95"
Took = list[float]


async def measure_desk(stand: Stand) -> None:
    """Prints as it goes."""
    service = await a_million(stand, stand.kept)
    print(f"\nthe desk over {CONVERSATIONS * 3:,} messages; wanted: {GOAL}")
    async with service:
        officer = Officer(service.url)
        try:
            await officer.login()
            size = await _pages(officer, service)
        finally:
            await officer.close()
        if program() is None:
            print("  Chromium is not on this machine")
            return
        async with bare(_database(service), size) as (floor, _):
            lowest, clicks = await measure_clicks(floor, service.url)
    _show_clicks(lowest, clicks)


async def _pages(officer: Officer, service: Service) -> int:
    """The server's own pages beside the floor; returns the panel's length in characters."""
    status, panel = await officer.get(f"/kotak/semua/{CONVERSATIONS}/panel")
    assert status == 200, f"{status}\n{service.tail()}"
    assert service.process is not None
    get, pid = _getting(officer, service), service.process.pid
    async with bare(_database(service), len(panel)) as (address, low_pid), aiohttp.ClientSession() as session:

        async def floor(path: str) -> None:
            async with session.get(address + path) as answer:
                await answer.read()

        low = await _took("floor: one row, its messages, as many bytes", floor, "/panel/{id}", low_pid, LOOKS)
    await _took("panel, any conversation", get, "/kotak/semua/{id}/panel", pid, LOOKS, low)
    await _took("panel, open ones", get, "/kotak/semua/{open}/panel", pid, LOOKS, low)
    await _took("whole page", get, "/kotak/semua/{id}", pid, LISTS, low)
    for view in VIEW_WORDS:
        await _took(f"list {view}", get, f"/kotak/{view}/baris", pid, LISTS, low)
    await _took("numbers of the rail", get, "/hitung", pid, LISTS, low)
    return len(panel)


def _database(service: Service) -> Path:
    return service.config.parent / "data" / "omnichannel.db"


def _getting(officer: Officer, service: Service) -> Callable[[str], Awaitable[None]]:
    async def get(path: str) -> None:
        status, _ = await officer.get(path)
        assert status == 200, f"{path}: {status}\n{service.tail()}"

    return get


async def _took(
    name: str, get: Callable[[str], Awaitable[None]], path: str, pid: int, looks: int, low: float = 0.0
) -> float:
    """Warm, one after another, each of another conversation. Returns p50."""
    chance, took, burnt = random.Random(1), list[float](), 0.0
    for look in range(WARM + looks):
        number = chance.randrange(1, CONVERSATIONS + 1)
        address = path.format(id=number, open=max(10, number // 10 * 10))
        if look == WARM:
            burnt = processor(pid)
        began = perf_counter()
        await get(address)
        took.append(perf_counter() - began)
    return _shown(name, took[WARM:], low, (processor(pid) - burnt) / looks)


def _shown(name: str, took: Took, low: float = 0.0, burnt: float | None = None) -> float:
    """The processor's time of one, too: other work on the machine hardly changes it."""
    p50, p95, p99 = statistics.median(took), _part(took, 0.95), _part(took, 0.99)
    ratio = f"   × {p50 / low:.1f} of the floor" if low else ""
    own = f"  CPU {burnt * 1e3:>5.1f}" if burnt is not None else ""
    print(
        f"  {name:<46} p50 {p50 * 1e3:>6.1f}  p95 {p95 * 1e3:>6.1f}  p99 {p99 * 1e3:>6.1f}{own} ms{ratio}", flush=True
    )
    return p50


def _part(took: Took, share: float) -> float:
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]


def _show_clicks(lowest: Took, clicks: Clicks) -> None:
    low = _shown("click → painted, floor", lowest)
    _shown("click → painted, at once", clicks.cold, low)
    _shown("click → painted, after resting on the row", clicks.hovered, low)
    print(f"  our own files of the page, packed: {clicks.own / 1024:.0f} KB in {clicks.files} files (most 120 KB)")


@asynccontextmanager
async def bare(database: Path, size: int) -> AsyncIterator[tuple[str, int]]:
    """The floor as a process of its own; yields its address and its number."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.bare", str(database), str(port), str(size)
    )
    try:
        await asyncio.to_thread(wait_for_port, port, alive=lambda: process.returncode is None, log=lambda: "")
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.kill()
        await process.wait()
