"""A ZIP with a manifest: every file by its hash, so that whoever receives it can prove that nothing was changed."""

import contextlib
import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from omnichannel.domain.printing import Archive

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # what ZIP can say; when things happened stands in the files themselves
STRANGE = re.compile(r'[\x00-\x1f\x7f"\\<>|:*?\u202a-\u202e\u2066-\u2069]')


@contextlib.contextmanager
def opened(path: Path, about: Mapping[str, str]) -> Iterator[Archive]:
    """A new archive; its manifest and sums are written last."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        made = _Zip(file)
        yield made
        made.close(about)


class _Zip:
    """Two files of one name become two: nothing of the evidence is overwritten."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self._known: list[dict[str, object]] = []
        self._names: set[str] = {MANIFEST, SUMS}

    def add(self, name: str, content: bytes, note: str = "") -> None:
        name = self._fresh(name)
        self._write(name, content)
        sha256 = hashlib.sha256(content).hexdigest()
        self._known.append({"name": name, "size": len(content), "sha256": sha256, "note": note})

    def close(self, about: Mapping[str, str]) -> None:
        sums = "".join(f"{one['sha256']}  {one['name']}\n" for one in self._known)
        manifest = json.dumps({**about, "files": self._known}, ensure_ascii=False, indent=1).encode()
        self._write(MANIFEST, manifest)
        self._write(SUMS, f"{sums}{hashlib.sha256(manifest).hexdigest()}  {MANIFEST}\n".encode())

    def _fresh(self, name: str) -> str:
        """A name that stays inside the folder it is unpacked into, and is nobody else's."""
        parts = [STRANGE.sub("_", one).strip(". ")[-120:] for one in name.split("/")]
        safe = "/".join(one for one in parts if one) or "berkas"
        stem, dot, ending = safe.rpartition(".")
        found, n = safe, 1
        while found.lower() in self._names:
            n += 1
            found = f"{stem}-{n}.{ending}" if dot else f"{safe}-{n}"
        self._names.add(found.lower())
        return found

    def _write(self, name: str, content: bytes) -> None:
        self._file.writestr(zipfile.ZipInfo(name, EARLIEST), content, zipfile.ZIP_DEFLATED)
