"""A Redis server of our own on a free port, with nothing kept on disk."""

import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from tests.parts.ports import free_port, wait_for_port

REMEDY = "apt-get install redis-server"


def program() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


class Redis:
    """`stop()` and `start()` are for tests of an outage; the port stays."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self.folder = Path(tempfile.mkdtemp(prefix="omnichannel-redis-"))
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        log = self.folder / "log"
        with log.open("a", encoding="utf-8") as output:
            process = self._process = subprocess.Popen(
                [self._program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
                cwd=self.folder,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_for_port(
            self.port,
            alive=lambda: process.poll() is None,
            log=lambda: log.read_text(encoding="utf-8", errors="replace"),
        )

    def stop(self) -> None:
        """At once, as when the machine goes."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def empty(self) -> None:
        """What the test before left behind, keys and scripts alike."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as link:
            link.sendall(b"FLUSHALL\r\n")
            answer = link.recv(64)
        if answer != b"+OK\r\n":
            raise RuntimeError(f"redis would not empty itself: {answer!r}")
