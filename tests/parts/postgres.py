"""A PostgreSQL server of our own: private folder, free port, no password, gone after the run."""

import getpass
import itertools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import asyncpg

from tests.parts.ports import free_port

REMEDY = "apt-get install postgresql"

# The drills kill processes, never the machine's power: what reached the kernel is safe, so fsync would only cost time.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
}


def programs() -> Path | None:
    """The folder of initdb and pg_ctl. Debian keeps them off PATH, one folder a version."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    return folders[-1].parent if folders else None


class Postgres:
    """`fresh()` gives an empty database; `stop()` and `start()` are for tests of an outage."""

    user = "omni"

    def __init__(self, bin: Path) -> None:
        self._bin = bin
        self._numbers = itertools.count(1)
        self.port = free_port()
        # pytest's own tmp_path is closed to the user postgres.
        self.folder = Path(tempfile.mkdtemp(prefix="omnichannel-pg-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run(
            "initdb", "--auth=trust", f"--username={self.user}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        with (self.folder / "data/postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{key} = '{value}'\n" for key, value in {**SETTINGS, "port": str(self.port)}.items())

    def start(self) -> None:
        try:
            self._run("pg_ctl", "start", "--wait", "--silent", "--log", str(self.folder / "log"))
        except RuntimeError as error:
            log = self.folder / "log"
            raise RuntimeError(f"{error}\n{log.read_text(encoding='utf-8') if log.exists() else ''}") from error

    def stop(self, mode: str = "immediate") -> None:
        """Modes are pg_ctl's: "immediate" is the crash, "fast" the orderly end. Twice is harmless."""
        if (self.folder / "data/postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--wait", "--silent", "--mode", mode)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql://{self.user}@127.0.0.1:{self.port}/{database}"

    async def fresh(self, template: str = "template1") -> str:
        """The URL of a new database; `template` is one that you migrated once and left without connections."""
        name = f"omni_{next(self._numbers)}"
        await self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    async def drop(self, url: str) -> None:
        """Also where a connection was left open."""
        await self._admin(f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')

    async def _admin(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _run(self, program: str, *arguments: str) -> None:
        """As user postgres where we are root: PostgreSQL refuses to run as root."""
        command = [str(self._bin / program), "-D", str(self.folder / "data"), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        # Output goes to a file: the server inherits it, and a pipe would keep us waiting for its end.
        with (self.folder / "output").open("a+", encoding="utf-8") as output:
            done = subprocess.run(command, cwd="/", stdout=output, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            said = (self.folder / "output").read_text(encoding="utf-8")
            raise RuntimeError(f"{program} failed for {getpass.getuser()} (exit {done.returncode}):\n{said}")
