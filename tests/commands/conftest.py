"""What the tests of this room share."""

import io
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from omnichannel.__main__ import run
from tests.commands.commanding import Omnichannel, Said


@pytest.fixture
def omnichannel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Iterator[Omnichannel]:
    """Runs one command in an empty folder, as in a process of its own."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("OMNI_")]:
        monkeypatch.delenv(name)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def call(*arguments: str, stdin: bytes = b"") -> Said:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = run(arguments)
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode(), err.decode())

    yield call
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)
