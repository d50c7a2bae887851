"""The shelf of learnt models: nothing is overwritten, and what is in use is said by one line."""

from pathlib import Path

import pytest

from omnichannel.domain.errors import NotFound, StoreAway
from omnichannel.store.models import ModelShelf


def test_versions_are_kept_side_by_side_and_one_is_in_use(tmp_path: Path) -> None:
    shelf = ModelShelf(tmp_path / "models")
    assert (shelf.names(), shelf.current()) == ([], None)

    first, second = shelf.keep(b"one"), shelf.keep(b"two")
    shelf.use(second)

    assert shelf.names() == [first, second] == ["0001.model.gz", "0002.model.gz"]
    assert shelf.read(shelf.current() or "") == b"two"
    shelf.use(first)
    assert shelf.current() == first
    assert sorted(one.name for one in shelf.root.iterdir()) == [first, second, "current"], (
        "nothing half-written is left"
    )


def test_what_is_not_there_is_not_used(tmp_path: Path) -> None:
    shelf = ModelShelf(tmp_path)

    with pytest.raises(NotFound):
        shelf.use("0007.model.gz")
    with pytest.raises(NotFound):
        shelf.read("../../rahasia")
    (tmp_path / "current").write_text("../../rahasia\n", encoding="utf-8")
    assert shelf.current() is None


def test_a_disk_that_will_not_write_says_so(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be", encoding="utf-8")

    with pytest.raises(StoreAway):
        ModelShelf(tmp_path / "models").keep(b"one")
