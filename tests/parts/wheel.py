"""Builds what we release and installs it apart from the checkout, without a network."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def build(dist: Path, *, source: Path = CHECKOUT, target: str = "wheel") -> Path:
    """The one file of `target` ("wheel" or "sdist"), by the hatchling of the running environment."""
    _run(sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(dist), folder=source)
    (made,) = dist.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return made


def install(wheel: Path, environment: Path) -> Path:
    """The `omnichannel` command of a new environment that holds this wheel and borrows our installed dependencies."""
    _run(sys.executable, "-m", "venv", "--without-pip", str(environment), folder=wheel.parent)
    python = environment / "bin/python"
    _run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        str(wheel),
    )
    # A path added by a .pth file is searched last, and .pth files in it are not read: our own editable install of the
    # checkout stays out of sight.
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return environment / "bin/omnichannel"


def _run(*command: str, folder: Path | None = None) -> None:
    done = subprocess.run(command, cwd=folder, env=_outside(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def _outside() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONHOME"}}
