"""What we release carries all it needs: the front-end files and the default config, and no npm to install it."""

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from itertools import accumulate, pairwise
from pathlib import Path

import pytest

import hatch_build
from omnichannel import __version__
from tests.parts import wheel

pytestmark = pytest.mark.real

SERVED = {f"{hatch_build.VENDOR.as_posix()}/{name}" for name in (*hatch_build.FILES, hatch_build.STAMP)}
SERVED |= {f"{hatch_build.LAND.as_posix()}/{name}" for name in hatch_build.LAND_FILES}
CONFIG = sorted((wheel.CHECKOUT / "config").glob("*.toml"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The released source, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(wheel.build(folder, target="sdist")) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"omnichannel-{__version__}"


def without_npm(tmp_path: Path) -> dict[str, str]:
    """Nothing on PATH, and a registry where nobody listens: npm could neither start nor fetch."""
    return {"PATH": str(tmp_path), "npm_config_registry": "http://127.0.0.1:9", "HOME": str(tmp_path)}


def test_the_wheel_holds_front_end_and_config_and_nothing_of_the_workshop(tmp_path: Path) -> None:
    names = set(zipfile.ZipFile(wheel.build(tmp_path)).namelist())

    assert names >= SERVED
    assert {f"omnichannel/defaults/{file.name}" for file in CONFIG} <= names
    assert {name.split("/")[0] for name in names} == {"omnichannel", f"omnichannel-{__version__}.dist-info"}
    assert not [name for name in names if "node_modules" in name or name.endswith((".pyc", ".sqlite3"))]


def test_an_sdist_becomes_a_wheel_without_npm(sdist: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path / "dist")],
        cwd=sdist,
        env=without_npm(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = (tmp_path / "dist").glob("*.whl")
    assert set(zipfile.ZipFile(made).namelist()) >= SERVED


def test_node_is_asked_for_only_when_a_file_is_missing_or_changed(sdist: Path) -> None:
    script = sdist / hatch_build.VENDOR / "htmx.min.js"
    whole = script.read_bytes()

    assert hatch_build.fetched(sdist)
    script.write_bytes(whole[:-1])
    assert not hatch_build.fetched(sdist)
    script.unlink()
    assert not hatch_build.fetched(sdist)
    script.write_bytes(whole)
    assert hatch_build.fetched(sdist)

    lock = sdist / "package-lock.json"
    locked = lock.read_text(encoding="utf-8")
    lock.write_text(locked.replace("2.0.11", "2.0.10"), encoding="utf-8")
    assert not hatch_build.fetched(sdist)
    lock.write_text(locked, encoding="utf-8")


def test_a_build_without_the_registry_says_what_it_lacked(
    sdist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path))
    monkeypatch.setenv("npm_config_fetch_retries", "0")

    with pytest.raises(SystemExit, match="could not be fetched"):
        hatch_build.fetch(sdist)

    assert hatch_build.fetched(sdist)  # what stood there before still stands


def test_the_lock_pins_exactly_what_package_json_names() -> None:
    named = json.loads((wheel.CHECKOUT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    text = (wheel.CHECKOUT / "package-lock.json").read_text(encoding="utf-8")
    locked = {
        path.removeprefix("node_modules/"): package for path, package in json.loads(text)["packages"].items() if path
    }

    assert {name: package["version"] for name, package in locked.items()} == named
    assert all(package["integrity"].startswith("sha512-") for package in locked.values())
    assert "://" not in text  # a lock file that names hosts would send everybody there


def test_the_installed_package_is_found_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    look = (
        "import importlib.resources, json, omnichannel\n"
        "defaults = importlib.resources.files('omnichannel') / 'defaults'\n"
        "print(json.dumps([omnichannel.__file__, omnichannel.__version__,\n"
        "    {file.name: file.read_text(encoding='utf-8') for file in defaults.iterdir()} if defaults.is_dir() else {}]))"
    )

    done = subprocess.run(
        [installed.with_name("python"), "-I", "-c", look],
        cwd=tmp_path,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    origin, version, defaults = json.loads(done.stdout)
    assert Path(origin).is_relative_to(installed.parents[1])
    assert version == __version__
    assert defaults == {file.name: file.read_text(encoding="utf-8") for file in CONFIG}


def test_the_coasts_are_indonesias_on_a_grid_of_steps() -> None:
    square = [[0, 0], [10, 0], [0, 10], [-10, 0]]
    topology = {
        "transform": {"scale": [1.0, 1.0], "translate": [115.0, -2.0]},
        "arcs": [square, [[0, 10], [0, -10]], [[-60, 0], [5, 0], [0, 5]]],
        "objects": {"land": {"geometries": [{"type": "MultiPolygon", "arcs": [[[0, 1]], [[2]]]}]}},
    }

    held = json.loads(hatch_build.coasts(wheel.CHECKOUT, json.dumps(topology).encode()))

    (ring,) = held["rings"]
    assert (held["grid"], held["box"]) == (1000, [94.0, -12.0, 142.0, 8.0])
    xs, ys = list(accumulate(ring[::2])), list(accumulate(ring[1::2]))
    assert (min(xs), max(xs), min(ys), max(ys)) == (115_000, 125_000, -2_000, 8_000)


def test_the_carried_coast_has_sangatta_on_land_and_the_strait_in_the_sea() -> None:
    found = json.loads((wheel.CHECKOUT / hatch_build.LAND / hatch_build.LAND_FILES[0]).read_text(encoding="utf-8"))
    rings = [list(zip(accumulate(ring[::2]), accumulate(ring[1::2]), strict=True)) for ring in found["rings"]]

    def on_land(lat: float, lon: float) -> bool:
        """Crossings of a ray to the east: odd inside."""
        x, y, inside = lon * found["grid"], lat * found["grid"], False
        for ring in rings:
            for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
                if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                    inside = not inside
        return inside

    assert on_land(0.5049, 117.5279)
    assert on_land(-6.2, 106.8)
    assert not on_land(0.5, 118.5)
    assert not on_land(-5.0, 110.0)
