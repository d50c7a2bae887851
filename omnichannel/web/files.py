"""Attachments of citizens, shown to whoever may read the conversation and never run as a page of ours."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import NotFound
from omnichannel.domain.policy import Action
from omnichannel.domain.work import File, FileState, Work
from omnichannel.web import guard
from omnichannel.web.keys import house

# A browser draws or plays these without running anything. SVG and HTML carry script and are never among them.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PLAYED = re.compile(r"(audio|video)/[a-z0-9][a-z0-9.+-]{0,60}")
PDF = "application/pdf"
UNKNOWN = "application/octet-stream"
# Opened by itself, a picture or a film stands in a page that the browser makes around it, with a style of its own.
SEALED = "default-src 'none'; sandbox; frame-ancestors 'none'"
SHOWN = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
)
# Chromium's own PDF reader stays blank in a sandbox; it runs no script of the document.
PAPER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
STRANGE = re.compile(r'[\x00-\x1f\x7f"\\/<>|:*?\u202a-\u202e\u2066-\u2069]')


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file is handed over."""

    media_type: str
    inline: bool
    policy: str


def routes() -> list[web.RouteDef]:
    return [web.get(r"/berkas/{file_id:\d{1,18}}", guard.allow(attachment, Action.READ))]


async def attachment(request: web.Request) -> web.StreamResponse:
    """The bytes, or the part of them that a player asks for; `?unduh` saves instead of showing."""
    return await give(request, int(request.match_info["file_id"]))


async def give(request: web.Request, file_id: int) -> web.StreamResponse:
    """An attachment, to whoever may read its conversation; NotFound where it is not (yet, or any more) on our disk."""
    parts = house(request)
    file, conversation = await parts.store.read(lambda work: _find(work, file_id))
    guard.ask(request, Action.READ, conversation)
    if file.state is not FileState.KEPT or file.sha256 is None:
        raise NotFound(_why_not(file))
    return await hand_over(request, file.sha256, file.media_type, file.name or f"berkas-{file.id}")


async def hand_over(request: web.Request, sha256: str, media_type: str, name: str) -> web.StreamResponse:
    """A file of our disk, to somebody who was found to have a right to it."""
    parts, manner = house(request), manner_of(media_type)
    headers = {
        "Content-Type": manner.media_type,
        "Content-Security-Policy": manner.policy,
        "Content-Disposition": disposition(name, manner.inline and "unduh" not in request.query),
        "ETag": f'"{sha256}"',
        # Kept by the reader's own browser, asked for again each time: the right to see it may have ended.
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
    }
    if any(tag.value in (sha256, "*") for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    try:
        content = await asyncio.to_thread(parts.files.read, sha256)
    except OSError as error:
        raise NotFound("Berkas ini tidak ada lagi di penyimpanan kami. Beri tahu administrator.") from error
    return _cut(request, content, headers)


def manner_of(media_type: str) -> Manner:
    """What the platform said it is decides only whether it is shown; a browser must believe us, not sniff."""
    plain = media_type.partition(";")[0].strip().lower()
    if plain in PICTURES or PLAYED.fullmatch(plain):
        return Manner(plain, True, SHOWN)
    if plain == PDF:
        return Manner(PDF, True, PAPER)
    return Manner(UNKNOWN, False, SEALED)


def disposition(name: str, inline: bool) -> str:
    """RFC 6266, with a name that no file system and no reader is fooled by."""
    safe = STRANGE.sub("_", name.encode("utf-8", "replace").decode()).strip(". ")[-150:] or "berkas"
    simple = "".join(sign if sign.isascii() and sign not in "%'" else "_" for sign in safe)
    return f"{'inline' if inline else 'attachment'}; filename=\"{simple}\"; filename*=UTF-8''{quote(safe, safe='')}"


def _find(work: Work, file_id: int) -> tuple[File, Conversation]:
    file = work.messages.file(file_id)
    message = work.messages.get(file.message_id) if file is not None else None
    conversation = work.conversations.get(message.conversation_id) if message is not None else None
    if file is None or conversation is None:
        raise NotFound("Berkas ini tidak ada.")
    return file, conversation


def _why_not(file: File) -> str:
    if file.state is FileState.WAITING:
        return "Berkas ini masih diambil dari kanalnya. Coba lagi sebentar lagi."
    return "Berkas ini sudah hilang di kanal asalnya sebelum sempat kami simpan. Minta warga mengirimnya lagi."


def _cut(request: web.Request, content: bytes, headers: dict[str, str]) -> web.Response:
    """All of it, or one range (RFC 9110, 14): players of sound and film jump about."""
    if_range = request.headers.get("If-Range")
    if "Range" not in request.headers or (if_range is not None and if_range != headers["ETag"]):
        return web.Response(body=content, headers=headers)
    try:
        wanted = request.http_range
    except ValueError:
        return web.Response(body=content, headers=headers)
    start, end, _ = wanted.indices(len(content))
    if start >= end:
        return web.Response(status=416, headers={**headers, "Content-Range": f"bytes */{len(content)}"})
    part = {**headers, "Content-Range": f"bytes {start}-{end - 1}/{len(content)}"}
    return web.Response(status=206, body=content[start:end], headers=part)
