"""The database, its server, the bell or the disk goes away under traffic: asked to repeat, nothing half kept, then well again.

Each drill prints its figures: what was sent, refused while it was away, kept in the end.
"""

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from omnichannel.toys.base import ToyFile
from tests.drills.platforms import a_complaint
from tests.drills.service import Service
from tests.drills.small import Small, a_body, an_item, small
from tests.parts.postgres import Postgres
from tests.parts.redis import Redis

pytestmark = [pytest.mark.drill]

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
input()
"""
AWAY = "Sistem sedang tidak bisa menyimpan"


async def written(office: Small, count: int, pause: float = 0.05, name: str = "Warga") -> None:
    """Citizens write; the toy's courier delivers, and repeats whatever is not taken."""
    for number in range(count):
        await office.sandbox.write(None, f"{name} {number}", a_complaint(f"{name} {number}"))
        await asyncio.sleep(pause)


async def settled(office: Small, patience: float = 90) -> float:
    """Until every letter is in and every job done; the seconds it took."""
    began, calm = time.monotonic(), 0
    while calm < 3:
        assert time.monotonic() - began < patience, (office.sandbox.courier.waiting, await office.books.busy())
        await asyncio.sleep(0.2)
        calm = 0 if office.sandbox.courier.waiting or await office.books.busy() else calm + 1
    return time.monotonic() - began


async def whole(office: Small, sent: int) -> tuple[int, int]:
    """(kept, doubled), and that no receipt and no register number is missing."""
    assert await office.books.broken_links() == 0
    assert await office.books.gaps() == 0
    kept = (await office.books.kept())["coba"]
    arrived = [call[1]["key"] for call in office.sandbox.calls if call[0] == "send"]
    assert len(set(arrived)) == len(arrived), "an answer was handed over twice"
    assert kept == sent
    return kept, await office.books.doubled()


async def refusals(office: Small, until_well: asyncio.Task[object]) -> Counter[int | str]:
    """Ask with the same message again and again for as long as it lasts: what the platform hears."""
    heard: Counter[int | str] = Counter()
    body = a_body(an_item(900_000))
    while not until_well.done():
        try:
            url = f"{office.service.url}/hooks/coba"
            async with office.http.post(url, data=body, headers=office.signed(body)) as answer:
                heard[answer.status] += 1
                if answer.status == 503:
                    assert int(answer.headers["Retry-After"]) >= 1
        except (aiohttp.ClientError, TimeoutError) as error:
            heard[type(error).__name__] += 1
        await asyncio.sleep(0.2)
    return heard


async def test_a_database_locked_for_twenty_seconds_is_waited_out(tmp_path: Path) -> None:
    async with small(tmp_path) as office:
        await written(office, 10)
        await settled(office)
        holder = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            HOLD,
            str(tmp_path / "data" / "omnichannel.db"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert holder.stdout is not None
        await holder.stdout.readline()
        held = asyncio.create_task(asyncio.sleep(20))
        asking = asyncio.create_task(refusals(office, held))
        writing = asyncio.create_task(written(office, 20, 0.5, "Sabar"))
        read, _ = await office.officer.get("/kotak/semua")
        number = await office.books.number("SELECT min(id) FROM conversations")
        status, page = await office.officer.submit(f"/percakapan/{number}/balas", text="Terima kasih.", key="k-1")
        await held
        holder.kill()
        await holder.communicate()
        await writing
        heard = await asking
        took = await settled(office)
        again, _ = await office.officer.submit(f"/percakapan/{number}/balas", text="Terima kasih.", key="k-1")
        await settled(office)
        kept, doubled = await whole(office, 31 if heard[200] else 30)
        told = Counter(office.sandbox.courier.answers)

    print(
        f"\nlocked 20 s: hooks heard {dict(heard)}, the courier {dict(told)}; the list answered {read}, a reply {status}; well again after {took:.1f} s; "
        f"sent {kept}, kept {kept}, doubled {doubled}"
    )
    assert read == 200, "reading goes on"
    assert (status, again) == (503, 303)
    assert AWAY in page
    assert "Terima kasih." in page, "the writer's words come back"
    assert heard[503] >= 1
    assert told[503] >= 2
    assert doubled == 0


@pytest.mark.real
async def test_postgresql_stopped_and_started_under_traffic(
    postgres: Postgres, postgres_url: str, tmp_path: Path
) -> None:
    async with small(tmp_path, url=postgres_url) as office:
        await written(office, 10)
        await settled(office)
        writing = asyncio.create_task(written(office, 60, 0.25, "Sabar"))
        pages: Counter[int] = Counter()
        heard: Counter[int | str] = Counter()
        for mode in ("immediate", "fast"):
            await asyncio.sleep(2)
            await asyncio.to_thread(postgres.stop, mode)
            gone = asyncio.create_task(asyncio.sleep(4))
            asking = asyncio.create_task(refusals(office, gone))
            status, page = await office.officer.get("/kotak/semua")
            pages[status] += 1
            assert AWAY in page
            assert (await office.officer.get("/readyz"))[0] == 503
            assert (await office.officer.get("/healthz"))[0] == 200
            heard += await asking
            await asyncio.to_thread(postgres.start)
            await office.service.ready(20)
        await writing
        took = await settled(office)
        assert (await office.officer.get("/kotak/semua"))[0] == 200
        kept, doubled = await whole(office, 70 + bool(heard[200]))

    print(
        f"\npostgresql stopped twice: hooks heard {dict(heard)}, pages {dict(pages)}; settled {took:.1f} s after; "
        f"sent {kept}, kept {kept}, doubled {doubled}"
    )
    assert heard[503] >= 2
    assert set(heard) == {503}
    assert doubled == 0


@pytest.mark.real
async def test_redis_stopped_and_started_costs_only_latency(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    async with small(tmp_path, OMNI_REDIS_URL=redis_url) as office:
        slowest = {}
        for state, act in (("up", None), ("gone", redis.stop), ("back", redis.start)):
            if act is not None:
                await asyncio.to_thread(act)
            seconds = []
            for number in range(15):
                before, began = len(office.sandbox.calls), time.monotonic()
                name = f"{state} {number}"
                await office.sandbox.write(None, name, a_complaint(name))
                while len(office.sandbox.calls) == before:
                    assert time.monotonic() - began < 30, f"no receipt while redis is {state}"
                    await asyncio.sleep(0.01)
                seconds.append(time.monotonic() - began)
            slowest[state] = max(seconds)
        await settled(office)
        kept, doubled = await whole(office, 45)

    said = ", ".join(f"{state} {seconds:.2f} s" for state, seconds in slowest.items())
    print(f"\nredis stopped and started: from the citizen's word to our receipt at worst: {said}; sent 45, kept {kept}")
    assert doubled == 0
    assert all(seconds < 12 for seconds in slowest.values())


class Disk:
    """Where the data lies, and a way to take the room away and give it back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, service: Service) -> None: ...
    def empty(self, service: Service) -> None: ...


class TinyDisk(Disk):
    """A file system of its own, filled with ballast."""

    def fill(self, service: Service) -> None:
        with (self.folder / "ballast").open("wb") as file:
            while (left := os.statvfs(self.folder).f_bavail * 4096) > 40_000:
                file.write(b"\0" * min(left - 30_000, 65_536))
                file.flush()

    def empty(self, service: Service) -> None:
        (self.folder / "ballast").unlink()


class Limited(Disk):
    """No file of the service may grow any more: for who may not mount."""

    def fill(self, service: Service) -> None:
        assert service.process is not None
        largest = (self.folder / "omnichannel.db-wal").stat().st_size
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))

    def empty(self, service: Service) -> None:
        assert service.process is not None
        forever = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, forever)


@pytest.fixture(params=["tiny", "limited"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    if request.param == "limited":
        yield Limited(tmp_path / "data")
        return
    if os.geteuid() != 0:
        pytest.skip("a tiny disk needs root")
    folder = Path(tempfile.mkdtemp(prefix="omnichannel-tiny-"))
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder)], check=False)
    if done.returncode:
        folder.rmdir()
        pytest.skip("this machine lets nobody mount")
    yield TinyDisk(folder)
    subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()


async def test_a_full_disk_refuses_keeps_nothing_by_halves_and_heals(disk: Disk, tmp_path: Path) -> None:
    kept_in = disk.folder / "files"
    async with small(tmp_path, data=disk.folder) as office:
        await written(office, 5)
        await settled(office)
        disk.fill(office.service)
        writing = asyncio.create_task(written(office, 30, 0.1, "Sabar"))
        for number in range(3):
            photo = ToyFile(f"foto{number}.jpg", "image/jpeg", os.urandom(200_000))
            await office.sandbox.show(None, f"Pemotret {number}", a_complaint(f"foto {number}"), photo)
        full = asyncio.create_task(asyncio.sleep(8))
        heard = await refusals(office, full)
        status, _ = await office.officer.get("/kotak/semua")
        await writing
        halves = list(kept_in.rglob(".*")) if kept_in.exists() else []
        alive = (await office.officer.get("/healthz"))[0]
        disk.empty(office.service)
        took = await settled(office)
        files = await office.books.ask("SELECT state, count(*) FROM attachments GROUP BY state")
        kept, doubled = await whole(office, 38 + bool(heard[200]))
        on_disk = [one.name for one in kept_in.rglob("*") if one.is_file()]
        integrity = await office.books.ask("PRAGMA integrity_check")

    print(
        f"\ndisk full ({type(disk).__name__}): hooks heard {dict(heard)}, list {status}; well again {took:.1f} s after there was room; "
        f"sent {kept}, kept {kept}, doubled {doubled}; attachments {[tuple(one) for one in files]}"
    )
    assert heard[503] >= 2
    assert alive == 200
    assert status in (200, 503)
    assert halves == []
    assert doubled == 0
    assert [tuple(one) for one in files] == [("kept", 3)]
    assert len(on_disk) == 3
    assert all(len(name) == 64 for name in on_disk)
    assert [one[0] for one in integrity] == ["ok"]
