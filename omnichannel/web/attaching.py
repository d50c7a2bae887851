"""Files that an officer sends with an answer: read from the form, kept on our disk by their hash, limits told beforehand."""

import asyncio
import json
from collections.abc import Sequence

from aiohttp import web

from omnichannel.domain.attaching import FAMILIES, GENERAL, MEGABYTE, NO_FILES, largest
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.errors import Invalid, StoreAway
from omnichannel.domain.message import Attachment
from omnichannel.domain.ports import Files
from omnichannel.web import public_files
from omnichannel.web.guard import Fields

FIELD = "berkas"
# One file as the form takes it; the whole form has 52 MB (`server.UPLOAD_LIMIT`).
LARGEST = 25 * MEGABYTE
TOO_LARGE = "Satu berkas lebih dari 25 MB. Kecilkan dulu, atau kirim tautannya."
STRANGE = "Jenis berkas ini tidak dikirim dari sini. Pakai foto, PDF, video, suara, Word (.docx), atau Excel (.xlsx)."


def sent(fields: Fields) -> list[web.FileField]:
    """Every file of the form; a browser sends an empty one where none was chosen."""
    return [one for one in fields.getall(FIELD, []) if isinstance(one, web.FileField) and one.filename]


async def keep(files: Files, chosen: Sequence[web.FileField]) -> list[Attachment]:
    """On our disk. Invalid: too large, empty, or no kind that we send; what it is is read from its bytes."""
    read = [await asyncio.to_thread(_read, one) for one in chosen]
    kept = []
    for one in read:
        try:
            sha256 = await asyncio.to_thread(files.keep, one.content)
        except OSError as error:
            raise StoreAway(f"attachments cannot be kept: {error.strerror}") from error
        kept.append(Attachment(one.media_type, name=one.name, size=len(one.content), sha256=sha256))
    return kept


def rules(can: Capabilities | None) -> str:
    """What the composer's script needs to say no before anything is uploaded, as JSON; empty where nothing may be sent."""
    if can is None or can.attachment_limit is None:
        return ""
    kinds = {*public_files.ALLOWED, *FAMILIES, GENERAL}
    return json.dumps(
        {
            "most": can.attachments_most,
            "alone": sorted(can.attachments_alone),
            "together": can.attachment_limit if can.attachments_together else 0,
            "by": {kind: min(largest(can, kind), LARGEST) for kind in sorted(kinds)},
        }
    )


def in_words(can: Capabilities | None) -> list[tuple[str, int]]:
    """The limits as a person reads them: what, and how many megabytes; kinds with the same limit stand together."""
    if can is None or can.attachment_limit is None:
        return []
    named = {"foto": "image/jpeg", "video": "video/mp4", "suara": "audio/mpeg", "dokumen": "application/pdf"}
    found = {word: min(largest(can, kind), LARGEST) // MEGABYTE for word, kind in named.items()}
    return [(word, limit) for word, limit in found.items() if limit]


def _read(chosen: web.FileField) -> public_files.Upload:
    content = chosen.file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Invalid(TOO_LARGE)
    if not content:
        raise Invalid(public_files.EMPTY)
    media_type = public_files.kind_of(content)
    if media_type is None:
        raise Invalid(STRANGE)
    return public_files.Upload(public_files.named(chosen.filename, media_type), media_type, content)


def none_here(can: Capabilities | None) -> str | None:
    """Why no file may go along, None where one may."""
    return None if can is not None and can.attachment_limit is not None else NO_FILES
