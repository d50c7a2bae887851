"""Whether files may go with an answer on a surface, and why not: the same for the composer before and the story during."""

from collections.abc import Sequence

from omnichannel.domain.channel import Capabilities
from omnichannel.domain.errors import Refused
from omnichannel.domain.message import Attachment

MEGABYTE = 1024 * 1024
FAMILIES = ("image", "video", "audio")
NO_FILES = "Di sini tidak dapat dikirim berkas. Kirim berkasnya lewat pesan langsung, atau tulis tautannya."
GENERAL = "file"


def largest(can: Capabilities, media_type: str) -> int:
    """Bytes that one file of this kind may have; 0: the surface takes none of this kind.

    The kind itself stands first in `attachment_limits`, then its family (image, video, audio, file); without any, one limit
    holds for all.
    """
    plain = media_type.partition(";")[0].strip().lower()
    family = plain.partition("/")[0]
    whole = can.attachment_limit or 0
    if not can.attachment_limits:
        return whole
    found = can.attachment_limits.get(plain)
    if found is None:
        found = can.attachment_limits.get(family if family in FAMILIES else GENERAL, 0)
    return min(found, whole)


def check(can: Capabilities, files: Sequence[Attachment]) -> None:
    """Refused, in words for the writer."""
    if not files:
        return
    if can.attachment_limit is None:
        raise Refused(NO_FILES, code="files")
    for one in files:
        _one(can, one)
    if len(files) > can.attachments_most:
        raise Refused(
            f"Kanal ini menerima paling banyak {can.attachments_most} berkas sekali kirim. Kirim sisanya menyusul.",
            code="too_many_files",
        )
    if len(files) > 1 and can.attachments_alone and any(not _may_be_several(can, one) for one in files):
        raise Refused("Kanal ini menerima beberapa foto, atau satu GIF, atau satu video sekali kirim.", code="mixed")
    if can.attachments_together and sum(one.size or 0 for one in files) > (can.attachment_limit or 0):
        whole = (can.attachment_limit or 0) // MEGABYTE
        raise Refused(f"Semua berkas bersama-sama paling banyak {whole} MB.", code="too_large")


def _one(can: Capabilities, file: Attachment) -> None:
    limit, name = largest(can, file.media_type), file.name or "Berkas"
    if limit == 0:
        raise Refused(f"Kanal ini tidak menerima {name}. Ubah menjadi PDF, JPEG, atau PNG.", code="kind")
    if not file.size:
        raise Refused(f"{name} kosong.", code="empty_file")
    if file.size > limit:
        raise Refused(
            f"{name} lebih besar dari {limit // MEGABYTE} MB. Kecilkan dulu, atau kirim tautannya.", code="too_large"
        )


def _may_be_several(can: Capabilities, file: Attachment) -> bool:
    return file.media_type.partition(";")[0].strip().lower() not in can.attachments_alone
