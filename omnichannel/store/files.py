"""Attachments on disk, named by what is in them."""

import hashlib
import os
import re
import secrets
from pathlib import Path

from omnichannel.domain.errors import NotFound, StoreAway

NAME = re.compile(r"[0-9a-f]{64}")


class DiskFiles:
    """`root/ab/cd/abcd…`: written beside, made durable, then moved into place, so a half-written file has no name.

    Blocking: the caller decides on which thread.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, content: bytes) -> str:
        """StoreAway when the disk is full or ill; nothing half-kept is left behind."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if self.size(sha256) == len(content):
            return sha256
        beside = path.with_name(f".{sha256}.{secrets.token_hex(4)}")
        try:
            self._make_folders(path.parent)
            _write_durably(beside, content)
            beside.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            raise StoreAway(f"cannot keep a file: {error.strerror or type(error).__name__}") from error
        finally:
            _remove(beside)
        return sha256

    def read(self, sha256: str) -> bytes:
        """NotFound when it is not there; StoreAway when the disk gives back something else than was kept."""
        path = self._path(sha256)
        try:
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotFound(f"no file {sha256[:12]}…") from error
        except OSError as error:
            raise StoreAway(f"cannot read a file: {error.strerror or type(error).__name__}") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StoreAway(f"the file {sha256[:12]}… is damaged on disk")
        return content

    def size(self, sha256: str) -> int | None:
        try:
            return self._path(sha256).stat().st_size
        except OSError:
            return None

    def _path(self, sha256: str) -> Path:
        # The name reaches us from a screen's address: nothing but a hash may become a path.
        if NAME.fullmatch(sha256) is None:
            raise NotFound("not the name of a file of ours")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def _make_folders(self, folder: Path) -> None:
        """New folders are made durable in their parents, or a crash could lose a file that was synced."""
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for new in reversed(missing):
            new.mkdir(exist_ok=True)
            _sync_folder(new.parent)


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    """The leftover of a failed write; when even that fails, it is a hidden name that nobody reads."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
