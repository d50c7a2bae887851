"""`omnichannel serve` as a process of its own, and an officer at its desk: what the drills kill, fill and cut."""

import asyncio
import json
import os
import re
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp

PASSWORD = "lampu-jalan-menyala-lagi"
START = 60  # seconds; a busy machine takes its time over imports
SHORT = aiohttp.ClientTimeout(total=10)


class Service:
    """The process. `log` is what it said on stderr, over all its lives."""

    def __init__(self, config: Path, environment: dict[str, str], port: int, *options: str) -> None:
        self.config, self.environment, self.port, self.options = config, environment, port, options
        self.url = f"http://127.0.0.1:{port}"
        self.log = config.with_name("service.log")
        self.process: asyncio.subprocess.Process | None = None
        self.kills = 0

    async def __aenter__(self) -> "Service":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def launch(self) -> None:
        """Begin a life; nobody waits for it to be ready."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.command(self.config, "serve", "--port", str(self.port), *self.options),
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
            )

    async def start(self) -> None:
        await self.launch()
        await self.ready()

    async def ready(self, patience: float = START) -> None:
        """Until /readyz says so. AssertionError with the log's end when it ends by itself."""
        until = time.monotonic() + patience
        async with aiohttp.ClientSession(timeout=SHORT) as session:
            while time.monotonic() < until:
                try:
                    async with session.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                except (aiohttp.ClientError, TimeoutError):
                    pass
                assert self.process is not None
                assert self.process.returncode is None, f"the service ended by itself:\n{self.tail()}"
                await asyncio.sleep(0.05)
        raise AssertionError(f"the service did not become ready:\n{self.tail()}")

    async def kill(self) -> None:
        """As when the power goes, but for the disk."""
        assert self.process is not None
        assert self.process.returncode is None, f"the service ended by itself:\n{self.tail()}"
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()
        self.kills += 1

    async def stop(self) -> int:
        """As systemd stops it; its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 20)

    async def run(self, *words: str, stdin: bytes = b"") -> tuple[int, list[Any], str]:
        """Another command with the same configuration: exit code, JSON lines, stderr."""
        done = await asyncio.create_subprocess_exec(
            *self.command(self.config, *words),
            env=os.environ | self.environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complaint = await done.communicate(stdin)
        lines = [json.loads(line) for line in said.decode().splitlines() if line.startswith("{")]
        return done.returncode or 0, lines, complaint.decode()

    async def hire(self, login: str = "petugas", role: str = "administrator") -> None:
        """An officer with the drill's password."""
        code, _, said = await self.run(
            "staff", "add", login, "--name", "Petugas Uji", "--role", role, "--password-stdin", stdin=PASSWORD.encode()
        )
        assert code == 0, said

    async def metrics(self) -> dict[str, float]:
        """/metrics, name with labels → value."""
        async with aiohttp.ClientSession(timeout=SHORT) as session, session.get(f"{self.url}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        pairs = (line.rpartition(" ") for line in lines if line and not line.startswith("#"))
        return {name: float(value) for name, _, value in pairs}

    def memory(self) -> int:
        """Resident bytes of the process."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
        assert found is not None
        return int(found[1]) * 1024

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""

    def command(self, config: Path, *words: str) -> Sequence[str]:
        """How to call us, with that configuration."""
        return (sys.executable, "-m", "omnichannel", *words, "--config", str(config))


class Officer:
    """One browser at the desk."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=SHORT)

    async def close(self) -> None:
        await self._session.close()

    async def get(self, path: str) -> tuple[int, str]:
        async with self._session.get(self.url + path, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    def live(self) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """The stream of an open screen, for as long as somebody listens."""
        return self._session.get(f"{self.url}/live", timeout=aiohttp.ClientTimeout(total=None))

    async def login(self, login: str = "petugas") -> None:
        _, page = await self.get("/login")
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert token is not None
        form = {"login": login, "password": PASSWORD, "csrf": token[1]}
        async with self._session.post(f"{self.url}/login", data=form, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()

    async def submit(self, path: str, **form: str) -> tuple[int, str]:
        """A form of ours: the status, and the page that came back."""
        async with self._session.get(f"{self.url}/sesi") as answer:
            if answer.status != 200:
                return answer.status, await answer.text()
            token = (await answer.json())["csrf"]
        sent = self._session.post(self.url + path, data=form, headers={"X-CSRF-Token": token}, allow_redirects=False)
        async with sent as answer:
            return answer.status, await answer.text()

    async def reply(self, conversation: int, text: str, key: str, patience: float = 120) -> int:
        """As a browser that asks again with the same key until it hears an answer; how often it asked."""
        until = time.monotonic() + patience
        for asked in range(1, 10_000):
            try:
                status, _ = await self.submit(f"/percakapan/{conversation}/balas", text=text, key=key)
                if status < 400:
                    return asked
            except (aiohttp.ClientError, TimeoutError):
                pass
            assert time.monotonic() < until, f"reply {key} was never taken"
            await asyncio.sleep(0.2)
        raise AssertionError("unreachable")
