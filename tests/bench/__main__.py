"""How fast, on this machine, in a few minutes: `make bench`, or `python -m tests.bench [--kept FOLDER] [webhook|pages|push|desk …]`.

Quote the ratios: absolutes are this machine's, and the client runs on the same cores as the service.
"""

import argparse
import asyncio
import itertools
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench.desk import measure_desk
from tests.bench.load import Measured, Run
from tests.bench.pages import measure_pages
from tests.bench.push import BROWSERS, measure_push
from tests.bench.stand import Stand
from tests.parts.postgres import Postgres, programs

CONNECTIONS = (1, 8, 64)
SECONDS = 4.0
SIZES = (1_000, 100_000)


async def webhook(stand: Stand) -> None:
    """Signed sandbox webhooks, answered after the commit, beside the floor of the same run."""
    print("\nwebhook → 200 with everything stored             msg/s        p99  CPU ms/msg   of the floor's rate, CPU")
    async with stand.floor("floor") as (port, pid):
        floor = {count: await _run(port, pid, count) for count in CONNECTIONS}
    _show("floor: aiohttp, HMAC, one INSERT, group commit", floor)
    _show("SQLite", await _served(stand, "sqlite"), floor)
    _show("SQLite, workers in the same process", await _served(stand, "busy", roles="web,workers"), floor)
    folder = programs()
    if folder is None:
        print("  PostgreSQL is not on this machine")
        return
    server = await asyncio.to_thread(Postgres, folder)
    try:
        await asyncio.to_thread(server.start)
        _show("PostgreSQL", await _served(stand, "postgres", url=await server.fresh()), floor)
    finally:
        await asyncio.to_thread(server.stop)
        server.remove()


async def _served(stand: Stand, name: str, *, roles: str = "web", url: str | None = None) -> dict[int, Measured]:
    folder = stand.folder / name
    folder.mkdir()
    async with stand.service(folder, roles=roles, url=url) as service:
        assert service.process is not None
        pid = service.process.pid
        return {count: await _run(service.port, pid, count) for count in CONNECTIONS}


_numbers = itertools.count(1)


async def _run(port: int, pid: int, connections: int) -> Measured:
    return await Run("127.0.0.1", "/hooks/coba", _numbers).measure(port, pid, connections, SECONDS)


def _show(name: str, runs: dict[int, Measured], floor: dict[int, Measured] | None = None) -> None:
    print(f"  {name}")
    for count, run in runs.items():
        part = f"{run.rate / floor[count].rate:>12.2f} × {run.burnt / floor[count].burnt:.1f}" if floor else ""
        odd = {status: n for status, n in run.statuses.items() if status != 200}
        told = f"{run.rate:>9,.0f} {run.p99 * 1e3:>7.1f} ms {run.burnt * 1e3:>10.3f}"
        print(f"    {count:>3} connections {'':<26} {told} {part} {odd or ''}")


async def pages(stand: Stand) -> None:
    """The same pages over a small and a large desk."""
    small, large = [await measure_pages(stand, count) for count in SIZES]
    print(f"\npages, one browser{'':<26} {SIZES[0]:>9,} conversations {SIZES[1]:>15,}      p50 grows")
    for name, (p50, p95) in small.items():
        big50, big95 = large[name]
        print(
            f"  {name:<42} p50 {p50 * 1e3:>6.1f} p95 {p95 * 1e3:>6.1f} ms   p50 {big50 * 1e3:>6.1f} p95 {big95 * 1e3:>6.1f} ms"
            f"   × {big50 / p50:.2f}"
        )


async def push(stand: Stand) -> None:
    """From the citizen's word to a hundred open screens."""
    p50, p95, missed = await measure_push(stand)
    print(f"\nlive push to {BROWSERS} browsers: p50 {p50 * 1e3:.1f} ms, p95 {p95 * 1e3:.1f} ms, not heard {missed}")


BENCHES: dict[str, Callable[[Stand], Awaitable[None]]] = {
    "webhook": webhook,
    "pages": pages,
    "push": push,
    "desk": measure_desk,
}


async def measure(wanted: list[str], kept: Path | None) -> None:
    began = time.monotonic()
    for name, bench in BENCHES.items():
        if not wanted or name in wanted:
            with tempfile.TemporaryDirectory(prefix="omnichannel-bench-") as folder:
                await bench(Stand(Path(folder), kept))
    print(f"\nmeasured in {time.monotonic() - began:.0f} s")


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.bench", description="How fast, on this machine.")
    asked.add_argument("wanted", nargs="*", metavar="|".join(BENCHES), help="all of them when none is named")
    asked.add_argument("--kept", type=Path, help="a folder where the seeded desk of a million messages stays (.cache)")
    given = asked.parse_args()
    if unknown := set(given.wanted) - set(BENCHES):
        asked.error(f"no such bench: {', '.join(sorted(unknown))}")
    asyncio.run(measure(given.wanted, given.kept))


if __name__ == "__main__":
    main()
