"""How the tests of commands speak to them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Omnichannel = Callable[..., Said]


@contextmanager
def process(folder: Path, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The command in a process of its own, in Indonesian whatever the machine speaks; gone at the end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMNI_", "LC_", "LANG"))}
    with subprocess.Popen(
        [sys.executable, "-m", "omnichannel", *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def config(folder: Path, text: str) -> Path:
    file = folder / "config" / "omnichannel.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file
