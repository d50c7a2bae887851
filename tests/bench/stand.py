"""Where a bench runs: a folder, a free port, and the service in it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.load import SECRET
from tests.drills.service import Service
from tests.parts.ports import free_port, wait_for_port

CONFIG = """
[server]
port = {port}
[store]
data_dir = "{data}"
[[account]]
name = "coba"
channel = "sandbox"
base_url = "{sandbox}"
"""


@dataclass
class Stand:
    """One bench's folder, and where to keep what takes long to make."""

    folder: Path
    kept: Path | None = None

    def service(
        self, folder: Path, *, roles: str, url: str | None = None, sandbox: str = "http://127.0.0.1:9"
    ) -> Service:
        """Not yet started."""
        port = free_port()
        config = folder / "omnichannel.toml"
        config.write_text(CONFIG.format(port=port, data=folder / "data", sandbox=sandbox))
        environment = {"OMNI_COBA_SECRET": SECRET}
        if url is not None:
            environment["OMNI_DATABASE_URL"] = url
        return Service(config, environment, port, "--roles", roles)

    @asynccontextmanager
    async def floor(self, name: str) -> AsyncIterator[tuple[int, int]]:
        """The bare handler; yields its port and its process."""
        port = free_port()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.floor", str(self.folder / f"{name}.db"), str(port)
        )
        try:
            await asyncio.to_thread(wait_for_port, port, alive=lambda: process.returncode is None, log=lambda: "")
            yield port, process.pid
        finally:
            process.kill()
            await process.wait()
