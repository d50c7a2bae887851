"""What the first-run guide has written down, in the data folder: it adds to the hand-written file and never touches it.

`guided.toml` holds `[office]`, `[[account]]` and the published address; `guided.env` their secrets, readable by us alone. What stands in the
hand-written file or in the environment wins.
"""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from omnichannel.domain.errors import BadConfig, StoreAway
from omnichannel.settings.source import parsed

MAIN = "guided.toml"
SECRETS = "guided.env"
ADDRESS = "public_url"  # of [server], the only thing there that a page may choose
HEAD = "# Written by the first-run guide. What stands in omnichannel.toml wins.\n"


class Guided:
    """The guide's own two files."""

    def __init__(self, folder: Path) -> None:
        self.main = folder / MAIN
        self.secrets = folder / SECRETS

    def table(self) -> Mapping[str, Any]:
        """Empty where nothing was guided."""
        return parsed(_read(self.main), str(self.main))

    def environment(self) -> dict[str, str]:
        """The secrets as an environment would hold them."""
        lines = _read(self.secrets).decode("utf-8", "replace").splitlines()
        pairs = (line.partition("=") for line in lines if line.strip() and not line.startswith("#"))
        return {name.strip(): value.strip() for name, sign, value in pairs if sign}

    def save(self, table: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        """Both at once, each whole or not at all; secrets first. StoreAway where the folder takes no file."""
        _write(self.secrets, "".join(f"{name}={value}\n" for name, value in sorted(environment.items())))
        _write(self.main, HEAD + toml(table))


def over(table: Mapping[str, Any], guided: Mapping[str, Any]) -> dict[str, Any]:
    """The hand-written table over the guided one."""
    if not guided:
        return dict(table)
    whole = dict(table)
    office, accounts = table.get("office", {}), table.get("account", [])
    server = table.get("server", {})
    if isinstance(server, Mapping) and ADDRESS in guided.get("server", {}):
        whole["server"] = {ADDRESS: guided["server"][ADDRESS], **server}
    if isinstance(office, Mapping):
        whole["office"] = {**guided.get("office", {}), **office}
    if isinstance(accounts, Sequence):
        whole["account"] = [*accounts, *guided.get("account", [])]
    return whole


def toml(table: Mapping[str, Any]) -> str:
    """`[server]`, `[office]` and `[[account]]` with texts and whole numbers."""
    lines: list[str] = []
    for name in ("server", "office"):
        if held := table.get(name, {}):
            lines += [f"[{name}]", *_pairs(held), ""]
    for account in table.get("account", []):
        lines += ["[[account]]", *_pairs(account), ""]
    return "\n".join(lines)


def _pairs(table: Mapping[str, Any]) -> list[str]:
    # What JSON escapes in a text, TOML reads alike (toml.io/en/v1.0.0#string, 2026-11); DEL alone must be told.
    return [
        f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f") for key, value in table.items()
    ]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise BadConfig(str(path), "(file)", f"a readable file ({error.strerror})") from error


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mode 0600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        raise StoreAway(f"{path}: {error.strerror}") from error
