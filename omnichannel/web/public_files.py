"""Files that citizens send in with a form: what they are is read from their bytes, not from their names."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import filetype
from aiohttp import web

from omnichannel.domain.forms import FILE_LARGEST, FILES_MOST
from omnichannel.domain.ports import Files
from omnichannel.web.guard import Fields

FIELD = "berkas"
# What an office can open and a browser shows or saves without running anything.
ALLOWED = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "application/pdf": ".pdf",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/m4a": ".m4a",
    "audio/mp4": ".m4a",
    "audio/amr": ".amr",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
PAPERS = ("image/*", "application/pdf")  # what proves somebody's identity
NAME = 150
SNIFFED = 8192

TOO_MANY = "Paling banyak 5 berkas. Pilih lagi yang paling penting."
TOO_LARGE = "Satu berkas lebih dari 10 MB. Kecilkan, atau kirim beberapa bagian."
EMPTY = "Satu berkas kosong. Pilih lagi berkasnya."
STRANGE = "Jenis berkas ini tidak kami terima. Kirim foto, PDF, video, suara, Word (.docx), atau Excel (.xlsx)."


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be kept."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


class BadFile(Exception):
    """A file that we do not take; the text says why, for the page."""


async def read(fields: Fields, field: str = FIELD) -> list[Upload]:
    """Every file of that field. BadFile for the first that we do not take."""
    sent = [one for one in fields.getall(field, []) if isinstance(one, web.FileField) and one.filename]
    if len(sent) > FILES_MOST:
        raise BadFile(TOO_MANY)
    return [await asyncio.to_thread(_read, one) for one in sent]


async def keep(files: Files, uploads: Sequence[Upload]) -> list[dict[str, object]]:
    """Write them to our disk and return what the ledger says of them. OSError when the disk will not."""
    kept: list[dict[str, object]] = []
    for one in uploads:
        sha256 = await asyncio.to_thread(files.keep, one.content)
        kept.append({"name": one.name, "media_type": one.media_type, "size": len(one.content), "sha256": sha256})
    return kept


def kind_of(content: bytes) -> str | None:
    """What the bytes are, where it is something we take."""
    found = filetype.guess(content[:SNIFFED])
    media_type = str(found.mime) if found is not None else ""
    return media_type if media_type in ALLOWED else None


def _read(sent: web.FileField) -> Upload:
    content = sent.file.read(FILE_LARGEST + 1)
    if len(content) > FILE_LARGEST:
        raise BadFile(TOO_LARGE)
    if not content:
        raise BadFile(EMPTY)
    media_type = kind_of(content)
    if media_type is None:
        raise BadFile(STRANGE)
    return Upload(named(sent.filename, media_type), media_type, content)


def named(given: str, media_type: str) -> str:
    """Their name for it, with the ending of what it is: a program that calls itself foto.exe stays a photo here."""
    plain = given.replace("\\", "/").encode("utf-8", "replace").decode().replace("\x00", "")
    stem = PurePosixPath(plain).stem.strip(". ")[:NAME]
    return f"{stem or 'berkas'}{ALLOWED[media_type]}"
