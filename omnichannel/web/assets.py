"""The files under `/static/`: read once, named by their content, kept by browsers for a year."""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from aiohttp import web

from omnichannel.domain.errors import NotFound

YEAR = 365 * 24 * 3600
WORTH_PACKING = 1024
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it goes on the wire. `packed` is None where gzip gains nothing."""

    media_type: str
    version: str
    content: bytes = field(repr=False)
    packed: bytes | None = field(repr=False)


class Assets:
    """Everything in a folder. Only what the folder lists can be asked for: a path never reaches the disk."""

    def __init__(self, folder: Traversable) -> None:
        self._assets = {name: _asset(name, file.read_bytes()) for name, file in _walk(folder, "")}

    def address(self, name: str) -> str:
        """`desk.css` → `/static/desk.css?v=4f0c…`. KeyError names a file that is not there."""
        return f"/static/{name}?v={self._assets[name].version}"

    def content(self, name: str) -> bytes:
        """The bytes of one file. KeyError names a file that is not there."""
        return self._assets[name].content

    def text(self, name: str) -> str:
        """The same, of a text."""
        return self.content(name).decode()

    def versions(self) -> list[str]:
        """Every file with its version."""
        return [f"{name} {asset.version}" for name, asset in self._assets.items()]

    def __contains__(self, name: object) -> bool:
        return name in self._assets

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Immutable under its versioned address, checked again under the bare one."""
        asset = self._assets.get(request.match_info["path"])
        if asset is None:
            raise NotFound("Berkas ini tidak ada.")
        current = request.query.get("v") == asset.version
        headers = {
            "ETag": f'"{asset.version}"',
            "Cache-Control": f"public, max-age={YEAR}, immutable" if current else "no-cache",
            "Vary": "Accept-Encoding",
        }
        if any(tag.value == asset.version for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        body = asset.content
        if asset.packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"], body = "gzip", asset.packed
        return web.Response(
            body=body, content_type=asset.media_type, charset=_charset(asset.media_type), headers=headers
        )


@cache
def carried() -> Assets:
    """The files that the package carries."""
    return Assets(resources.files("omnichannel.web").joinpath("static"))


def _asset(name: str, content: bytes) -> Asset:
    media_type = TYPES.get("." + name.rpartition(".")[2]) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    packed = gzip.compress(content, 9, mtime=0) if _charset(media_type) and len(content) > WORTH_PACKING else None
    return Asset(media_type, hashlib.sha256(content).hexdigest()[:12], content, packed)


def _charset(media_type: str) -> str | None:
    textual = media_type.startswith("text/") or media_type.endswith(("+xml", "json"))
    return "utf-8" if textual else None


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    if not folder.is_dir():
        return
    for part in folder.iterdir():
        if part.is_dir():
            yield from _walk(part, f"{prefix}{part.name}/")
        elif not part.name.startswith("."):
            yield prefix + part.name, part
