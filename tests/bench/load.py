"""Signed webhooks from N connections, each with one request on the way: how many a second, and how long each took."""

import asyncio
import hmac
import itertools
import json
import os
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

SECRET = "rahasia-ukur"
CITIZENS = 1000
TEXT = "Lampu jalan di Teluk Lingga mati sudah seminggu, gelap sekali. Mohon segera diperbaiki."


@dataclass(frozen=True, slots=True)
class Measured:
    """One run. `burnt` is the server's processor time for one message, which other work on the machine hardly changes."""

    rate: float
    p50: float
    p99: float
    burnt: float
    statuses: Counter[int]


def a_request(host: str, path: str, number: int) -> bytes:
    """A citizen's message as the sandbox posts it."""
    citizen = number % CITIZENS
    item = {
        "type": "incoming",
        "id": f"m{number}",
        "thread": f"u{citizen}",
        "surface": "direct",
        "from": {"id": f"w{citizen}", "name": f"Warga {citizen}"},
        "at": "2026-11-17T06:00:00Z",
        "text": TEXT,
    }
    body = json.dumps({"events": [item]}).encode()
    signature = hmac.digest(SECRET.encode(), body, "sha256").hex()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"X-Sandbox-Signature: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Sender(asyncio.Protocol):
    """One connection: the next message leaves when the answer to the last one is whole."""

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._buffer = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator or len(rest) < _length(head):
            return
        self._buffer = b""
        self._run.took(int(head[9:12]), time.perf_counter() - self._sent_at)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.left()

    def _next(self) -> None:
        assert self._transport is not None
        if self._run.over:
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(self._run.request())


class Run:
    """What the connections of one run share."""

    def __init__(self, host: str, path: str, numbers: "itertools.count[int]") -> None:
        self._host, self._path, self._numbers = host, path, numbers
        self._waits: list[float] = []
        self._statuses: Counter[int] = Counter()
        self._open = 0
        self._done = asyncio.Event()
        self.over = False

    def request(self) -> bytes:
        return a_request(self._host, self._path, next(self._numbers))

    def took(self, status: int, seconds: float) -> None:
        self._statuses[status] += 1
        self._waits.append(seconds)

    def left(self) -> None:
        self._open -= 1
        if not self._open:
            self._done.set()

    async def measure(self, port: int, pid: int, connections: int, seconds: float) -> Measured:
        """The first tenth of the time only warms up."""
        loop = asyncio.get_running_loop()
        self._open = connections
        for _ in range(connections):
            await loop.create_connection(lambda: Sender(self), "127.0.0.1", port)
        await asyncio.sleep(seconds / 10)
        self._waits.clear()
        self._statuses.clear()
        began, burnt = time.perf_counter(), processor(pid)
        await asyncio.sleep(seconds)
        took, burnt = time.perf_counter() - began, processor(pid) - burnt
        waits, statuses = sorted(self._waits), Counter(self._statuses)
        self.over = True
        await self._done.wait()
        return Measured(len(waits) / took, _part(waits, 0.5), _part(waits, 0.99), burnt / max(1, len(waits)), statuses)


def processor(pid: int) -> float:
    """Seconds of processor that a process has used; nan where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0


def _part(waits: list[float], part: float) -> float:
    return waits[min(len(waits) - 1, int(len(waits) * part))] if waits else float("nan")
