"""Our pictures and films, brought to X before anything is said: an upload nobody sees may be repeated.

Three steps a file: initialize, append (parts of at most 5 MB), finalize; films are then made ready at X, and asked after.
https://docs.x.com/x-api/media/quickstart/media-upload-chunked and …/best-practices (2026-11-22): 4 photos, or one GIF, or
one film a post, one a message; photos of 5 MB, GIFs of 15, films of 512.
"""

import asyncio
import base64
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from omnichannel.connectors.reading import part, whole, word
from omnichannel.connectors.x import refusals
from omnichannel.connectors.x.api import Client
from omnichannel.domain.channel import Surface
from omnichannel.domain.errors import Refused, TryLater
from omnichannel.domain.message import OutgoingFile

MEGABYTE = 1024 * 1024
# A film of X's may have 512 MB; so much of one file we hold at once.
LARGEST = 64 * MEGABYTE
LIMITS = {"image": 5 * MEGABYTE, "gif": 15 * MEGABYTE, "video": LARGEST}
KINDS = {
    "image/jpeg": "image",
    "image/png": "image",
    "image/webp": "image",
    "image/gif": "gif",
    "video/mp4": "video",
    "video/quicktime": "video",
}
PHOTOS = 4
# As text in JSON a part grows by a third, and stays below the megabyte from which sending it would hold up the loop.
PART = 700 * 1024
# Longer than this and the film is asked for with the next try: a send may take two minutes.
READY_WITHIN = 60.0


def check(files: Sequence[OutgoingFile], surface: Surface) -> None:
    """What X would refuse anyway is refused before the network."""
    kinds = [_kind(file) for file in files]
    most = PHOTOS if surface is Surface.PUBLIC and set(kinds) <= {"image"} else 1
    if len(files) > most:
        what = "4 foto, atau satu GIF, atau satu video" if surface is Surface.PUBLIC else "satu lampiran"
        raise Refused(f"X menerima {what} sekali kirim. Kirim sisanya dalam balasan berikutnya.", code="too_many_files")
    for file, kind in zip(files, kinds, strict=True):
        if not file.content:
            raise Refused(f"{file.name} kosong.", code="empty_file")
        if len(file.content) > LIMITS[kind]:
            raise Refused(f"{file.name} lebih besar dari {LIMITS[kind] // MEGABYTE} MB.", code="too_large")


def _kind(file: OutgoingFile) -> str:
    kind = KINDS.get(file.media_type.partition(";")[0].strip().lower())
    if kind is None:
        raise Refused(
            f"X hanya menerima foto, GIF dan video; {file.name} bukan salah satunya. Kirim tautan atau kanal lain.",
            code="media_type",
        )
    return kind


async def upload(client: Client, files: Sequence[OutgoingFile], surface: Surface) -> list[str]:
    """Bring every file there; returns the names by which a post or a message takes them."""
    return [await _one(client, file, surface) for file in files]


async def _one(client: Client, file: OutgoingFile, surface: Surface) -> str:
    kind = _kind(file)
    whose = "tweet" if surface is Surface.PUBLIC else "dm"
    begun = await _step(
        client,
        "/2/media/upload/initialize",
        {"media_type": file.media_type, "total_bytes": len(file.content), "media_category": f"{whose}_{kind}"},
    )
    number = word(part(begun, "data"), "id")
    if number is None or not number.isdigit():
        raise TryLater("X tidak menyebut nomor unggahan. Dicoba lagi.")
    for at, start in enumerate(range(0, len(file.content), PART)):
        content = base64.b64encode(file.content[start : start + PART]).decode()
        await _step(client, f"/2/media/upload/{number}/append", {"media": content, "segment_index": at})
    await _ready(client, number, await _step(client, f"/2/media/upload/{number}/finalize", {}))
    return number


async def _ready(client: Client, number: str, said: Any) -> None:
    """Wait until X has made a film ready; a photo is at once."""
    waited = 0.0
    while True:
        progress = part(part(said, "data"), "processing_info")
        state = word(progress, "state") or "succeeded"
        if state == "succeeded":
            return
        if state == "failed":
            why = word(part(progress, "error"), "message") or "berkas tidak dapat diolah"
            raise Refused(f"X menolak berkas: {why}.", code="media_failed")
        pause = float(max(whole(progress, "check_after_secs") or 0, 0.2))
        if waited + pause > READY_WITHIN:
            raise TryLater("X masih mengolah videonya.", after=timedelta(seconds=60))
        await asyncio.sleep(pause)
        waited += pause
        said = await _asked(client, "GET", f"/2/media/upload?command=STATUS&media_id={number}")


async def _step(client: Client, route: str, body: dict[str, Any]) -> Any:
    return await _asked(client, "POST", route, json=body)


async def _asked(client: Client, method: str, route: str, **call: Any) -> Any:
    """One step; an append answers with nothing at all."""
    answer = await client.signed(method, client.address(route), **call)
    if not answer.ok:
        raise refusals.of_upload(client.veiled(answer))
    return answer.json()
