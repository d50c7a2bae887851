"""Attachments on disk: whole or not at all."""

import hashlib
import os
import resource
import shutil
from pathlib import Path

import pytest

from omnichannel.domain.errors import NotFound, StoreAway
from omnichannel.store.files import DiskFiles


def names(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_the_same_content_twice_is_one_file(tmp_path: Path) -> None:
    files = DiskFiles(tmp_path / "files")
    content = os.urandom(100_000)

    sha256 = files.keep(content)

    assert sha256 == hashlib.sha256(content).hexdigest() == files.keep(content)
    assert files.read(sha256) == content
    assert files.size(sha256) == len(content)
    assert names(tmp_path) == [tmp_path / "files" / sha256[:2] / sha256[2:4] / sha256]


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    files = DiskFiles(tmp_path)

    assert files.read(files.keep(b"")) == b""


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "/etc/passwd", "a" * 63, "A" * 64, "g" * 64, "a" * 65, "a" * 64 + "\n", "\x00" * 64]
)  # fmt: skip
def test_nothing_but_a_hash_becomes_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        DiskFiles(tmp_path).read(name)
    with pytest.raises(NotFound):
        DiskFiles(tmp_path).size(name)


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    assert DiskFiles(tmp_path).size("a" * 64) is None
    with pytest.raises(NotFound):
        DiskFiles(tmp_path).read("a" * 64)


def test_a_damaged_file_is_noticed_and_mended_by_keeping_it_again(tmp_path: Path) -> None:
    files = DiskFiles(tmp_path)
    sha256 = files.keep(b"a citizen's photo")
    path = names(tmp_path)[0]

    path.write_bytes(b"a citizen's")
    with pytest.raises(StoreAway, match="damaged"):
        files.read(sha256)

    files.keep(b"a citizen's photo")
    assert files.read(sha256) == b"a citizen's photo"


def test_a_full_disk_leaves_nothing_half_kept(tmp_path: Path) -> None:
    files = DiskFiles(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(StoreAway):
            files.keep(os.urandom(100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert names(tmp_path) == []
    assert files.read(files.keep(b"later")) == b"later"


def test_a_folder_that_vanished_comes_back(tmp_path: Path) -> None:
    files = DiskFiles(tmp_path / "files")
    files.keep(b"one")
    shutil.rmtree(tmp_path / "files")

    assert files.read(files.keep(b"one")) == b"one"


def test_a_root_that_is_no_folder_is_a_store_away(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way", encoding="utf-8")

    with pytest.raises(StoreAway):
        DiskFiles(tmp_path / "files").keep(b"one")
