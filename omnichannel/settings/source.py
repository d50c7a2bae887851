"""Where settings lie: a folder of TOML files, the defaults carried in the package under it, secrets in the environment."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from omnichannel.domain.errors import BadConfig
from omnichannel.domain.office import Secret

MAIN = "omnichannel.toml"
EXAMPLE = "omnichannel.example.toml"


class Source:
    """Reads `NAME.toml` beside the main file where it exists, else the default in the package.

    `main` None: the defaults alone, as for `classify` and `deadline` in an empty folder.
    """

    def __init__(self, main: Path | None, environment: Mapping[str, str]) -> None:
        self.main = main
        self._environment = environment

    @classmethod
    def find(cls, named: Path | None, environment: Mapping[str, str]) -> "Source":
        """The file that was named (BadConfig when it is missing), else config/omnichannel.toml, else the defaults."""
        if named is not None:
            if not named.is_file():
                raise BadConfig(
                    str(named), "(file)", "a file that exists; copy config/omnichannel.example.toml to begin"
                )
            return cls(named, environment)
        usual = Path("config") / MAIN
        return cls(usual if usual.is_file() else None, environment)

    def beside(self, more: Mapping[str, str]) -> "Source":
        """The same with these secrets too; what the environment says wins."""
        return Source(self.main, {**more, **self._environment})

    def table(self, name: str) -> tuple[Mapping[str, Any], str]:
        """One of the data files (`routing.toml`) and how a person finds it."""
        beside = self.main.parent / name if self.main else None
        if beside is not None and beside.is_file():
            return parsed(_content(beside), str(beside)), str(beside)
        return parsed(_carried(name), name), name

    def settings(self) -> tuple[Mapping[str, Any], str]:
        """The main file, empty where there is none."""
        if self.main is None:
            return {}, MAIN
        return parsed(_content(self.main), str(self.main)), str(self.main)

    def secret(self, name: str) -> Secret | None:
        """`NAME` from the environment, or the content of the file that `NAME_FILE` names. An empty one is none."""
        value = self._environment.get(name, "").strip()
        if value:
            return Secret(value)
        path = self._environment.get(f"{name}_FILE")
        if not path:
            return None
        try:
            held = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadConfig("environment", f"{name}_FILE", f"a readable file ({error.strerror})") from error
        except UnicodeDecodeError:
            # Not "from error": it carries the bytes it could not read, and they are the secret.
            raise BadConfig("environment", f"{name}_FILE", "a text file in UTF-8") from None
        if not held:
            raise BadConfig("environment", f"{name}_FILE", "a file that holds something")
        return Secret(held)

    def variable(self, name: str) -> str | None:
        """A setting of the environment that is no secret by itself."""
        found = self.secret(name)
        return found.reveal() if found else None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadConfig(str(path), "(file)", f"a readable file ({error.strerror})") from error


def _carried(name: str) -> bytes:
    """The default that the wheel carries; in a checkout it lies in config/."""
    carried = resources.files("omnichannel") / "defaults" / name
    if carried.is_file():
        return carried.read_bytes()
    checkout = Path(__file__).parents[2] / "config" / name
    if checkout.is_file():
        return checkout.read_bytes()
    raise BadConfig(name, "(file)", "this data file; the installation is incomplete")


def parsed(content: bytes, file: str) -> Mapping[str, Any]:
    """BadConfig where the bytes are no TOML."""
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(file, "(syntax)", f"valid TOML in UTF-8: {error}") from error
