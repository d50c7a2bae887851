"""A template's places and the text that they make once they are filled."""

import re
from collections.abc import Mapping

from omnichannel.domain.errors import Invalid
from omnichannel.domain.message import Template, TemplateUse

PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
APPROVED = "approved"
# A value may not hold line ends, tabs or more than four spaces in a row, and a filled text not more than 1024 letters:
# https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/components (2026-11-22).
FORBIDDEN = re.compile(r"[\r\n\t]| {5,}")
LONGEST = 1024
WHY_NOT = {
    "pending": "Templat ini masih diperiksa platform.",
    "rejected": "Templat ini ditolak platform.",
    "paused": "Templat ini dijeda platform karena keluhan penerima.",
    "disabled": "Templat ini sudah tidak berlaku di platform.",
}
UNKNOWN_STATE = "Templat ini belum disetujui platform."
NOT_PLAIN = "Templat ini butuh gambar atau tombol dengan isi sendiri; kirim dari aplikasi platform."


def places(text: str) -> tuple[str, ...]:
    """The names of its places in the order of reading, each once."""
    return tuple(dict.fromkeys(PLACE.findall(text)))


def why_not(template: Template) -> str | None:
    """Why staff cannot send it; None when they can."""
    if template.state != APPROVED:
        return WHY_NOT.get(template.state, UNKNOWN_STATE)
    return None if template.plain else NOT_PLAIN


def fill(template: Template, values: Mapping[str, str]) -> tuple[TemplateUse, str]:
    """What the platform is to send, and the text as the citizen will read it. Invalid, in words for the writer."""
    refused = why_not(template)
    if refused is not None:
        raise Invalid(refused)
    given = {name: " ".join(values.get(name, "").split(" ")).strip() for name in places(template.text)}
    for name, value in given.items():
        if not value:
            raise Invalid(f"Isian {name} masih kosong.")
        if FORBIDDEN.search(value):
            raise Invalid(f"Isian {name} harus satu baris tanpa spasi panjang.")
        if PLACE.search(value):
            raise Invalid(f"Isian {name} tidak boleh memuat tanda kurung kurawal ganda.")
    text = PLACE.sub(lambda place: given[place[1]], template.text)
    if len(text) > LONGEST:
        raise Invalid(f"Teks templat menjadi {len(text)} huruf; paling banyak {LONGEST}.")
    return TemplateUse(template.name, template.language, given), text
