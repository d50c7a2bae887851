"""What every toy server shares: a loopback port, faults on command, and hooks delivered as platforms deliver them."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random

import aiohttp
from aiohttp import web

Sign = Callable[[bytes], Mapping[str, str]]


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next calls: `kind`, how many times, only for which call, and a number that goes with it."""

    kind: str
    times: int = 1
    only: str | None = None
    seconds: int = 1


class Faults:
    """Failures on command. Every toy knows hang, reset, bare (a 502 of a proxy) and garbage (200, no JSON)."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._over = asyncio.Event()

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def take(self, call: str) -> Fault | None:
        """The fault that hits this call, used up once."""
        for fault in self._waiting:
            if fault.only in (None, call):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._waiting.clear()

    def end(self) -> None:
        """Let hanging calls go."""
        self._over.set()

    async def strike(self, fault: Fault, request: web.Request) -> web.StreamResponse | None:
        """The network's own faults, after the request was read; None when the fault is the platform's to tell."""
        if fault.kind == "hang":
            await self._over.wait()
            return web.Response(status=503)
        if fault.kind == "reset":
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        if fault.kind == "bare":
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
        if fault.kind == "garbage":
            return web.Response(text="<html>selamat datang</html>", content_type="text/html")
        return None


class Loopback:
    """A server on 127.0.0.1 that stops at once."""

    def __init__(self, app: web.Application, port: int = 0) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        self._port = port
        self.base = ""

    async def start(self) -> str:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self.base

    async def stop(self) -> None:
        await self._runner.cleanup()


class Courier:
    """Delivers hooks one after another until each is taken, as the platforms do: repeated, and out of order if told so."""

    def __init__(self, sign: Sign, *, pause: float = 0.2) -> None:
        self.url: str | None = None
        self.repeats = 0
        self.answers: list[int] = []
        self._sign = sign
        self._pause = pause
        self._bags: list[bytes] = []
        self._news = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._task: asyncio.Task[None] | None = None
        self._rng: Random | None = None

    def shuffle(self, seed: int | None) -> None:
        """Deliver whatever waits in an order of our own; None brings back the real one."""
        self._rng = None if seed is None else Random(seed)

    def send(self, body: bytes) -> None:
        """Hand over one body; it is repeated `repeats` more times after it was taken."""
        self._bags += [body] * (1 + self.repeats)
        self._idle.clear()
        self._news.set()

    @property
    def waiting(self) -> int:
        """Bodies that nobody has taken yet."""
        return len(self._bags)

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._deliver(), name="toy courier")

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def settled(self) -> None:
        """Wait until everything was taken."""
        await self._idle.wait()

    async def _deliver(self) -> None:
        limit = aiohttp.ClientTimeout(total=30)
        async with aiohttp.ClientSession(timeout=limit) as session:
            while True:
                await self._news.wait()
                self._news.clear()
                while self._bags and self.url is not None:
                    at = self._rng.randrange(len(self._bags)) if self._rng else 0
                    await self._attempt(session, self.url, at)
                if not self._bags:
                    self._idle.set()

    async def _attempt(self, session: aiohttp.ClientSession, url: str, at: int) -> None:
        body = self._bags[at]
        headers = {"Content-Type": "application/json", **self._sign(body)}
        try:
            async with session.post(url, data=body, headers=headers) as response:
                self.answers.append(response.status)
                taken = 200 <= response.status < 300
        except (aiohttp.ClientError, TimeoutError):
            taken = False
        if taken:
            del self._bags[at]
        else:
            await asyncio.sleep(self._pause)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
