"""Learnt models on our disk: `root/0001.model.gz`, `0002…`, and `root/current`, one line that names the one in use.

A model once kept is never changed or removed, so that going back is a matter of one line.
"""

import contextlib
import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from omnichannel.domain.errors import Conflict, NotFound, StoreAway

NAME = re.compile(r"(\d{4,})\.model\.gz")
CURRENT = "current"
LEARNING = ".learning"


class ModelShelf:
    """Fits `domain.ports.Models`. Blocking: a service asks it on a thread of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> list[str]:
        """Every version, oldest first."""
        try:
            found = [(int(match[1]), one.name) for one in self.root.iterdir() if (match := NAME.fullmatch(one.name))]
        except OSError:
            return []
        return [name for _, name in sorted(found)]

    def current(self) -> str | None:
        """The version in use; None where the package's own is."""
        try:
            name = (self.root / CURRENT).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return name if NAME.fullmatch(name) else None

    def read(self, name: str) -> bytes:
        """NotFound where there is no such version, StoreAway where the disk will not give it."""
        if not NAME.fullmatch(name):
            raise NotFound(f"no model {name!r}")
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(f"no model {name!r}") from error
        except OSError as error:
            raise StoreAway(f"cannot read the model {name}: {error.strerror}") from error

    def keep(self, content: bytes) -> str:
        """A new version on the shelf, not yet in use; StoreAway when the disk is full or ill."""
        last = self.names()[-1:]
        number = int(last[0].split(".")[0]) + 1 if last else 1
        name = f"{number:04d}.model.gz"
        self._write(name, content)
        return name

    def use(self, name: str) -> None:
        """From now on. NotFound where there is no such version."""
        self.read(name)
        self._write(CURRENT, f"{name}\n".encode())

    def use_carried(self) -> None:
        """Back to the model that the package carries."""
        try:
            (self.root / CURRENT).unlink(missing_ok=True)
        except OSError as error:
            raise StoreAway(f"cannot change the model: {error.strerror or type(error).__name__}") from error

    def mark(self) -> tuple[str | None, int]:
        """Changes whenever another version is put in use, by whichever process."""
        try:
            at = (self.root / CURRENT).stat().st_mtime_ns
        except OSError:
            at = 0
        return self.current(), at

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """One learns at a time, on however many hands the folder is. Conflict while another does."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / LEARNING).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Conflict("another process is learning") from error
            yield  # The lock goes with the file, even where the process is killed.

    def _write(self, name: str, content: bytes) -> None:
        """Written beside and moved into place, so that nobody ever reads half a file."""
        beside = self.root / f".{name}.{secrets.token_hex(4)}"
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.root / name)
        except OSError as error:
            raise StoreAway(f"cannot keep a model: {error.strerror or type(error).__name__}") from error
        finally:
            with contextlib.suppress(OSError):
                beside.unlink()
