"""What a citizen typed into a public form: read, checked field by field, and kept for the page when something is missing."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from omnichannel.domain.forms import ACCESS, APPLICANTS, DELIVERY
from omnichannel.web.guard import Fields

SHORTEST, LONGEST = 10, 10_000  # characters of the matter itself
LINE = 200
NIK = re.compile(r"\d{16}")  # Perpres 62/2019, Pasal 1
MAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]{2,}")
DIGITS = range(8, 16)  # of a telephone number; E.164 allows 15
YES = "ya"

# Sentences beside a field. Each is said in the reader's language by the page.
SAYS = {
    "text_missing": "Tulis dulu isinya, paling sedikit satu kalimat.",
    "text_long": "Isinya terlalu panjang: paling banyak 10.000 huruf. Ringkas, atau lampirkan sebagai berkas.",
    "line_long": "Terlalu panjang: paling banyak 200 huruf.",
    "name_missing": "Tulis nama Anda. Undang-undang meminta nama pada permohonan informasi.",
    "address_missing": "Tulis alamat Anda. Undang-undang meminta alamat pada permohonan informasi.",
    "purpose_missing": "Tulis untuk apa informasi ini akan dipakai.",
    "pemohon": "Pilih siapa pemohonnya.",
    "cara": "Pilih cara memperoleh informasinya.",
    "salinan": "Pilih cara mendapat salinannya.",
    "contact_missing": "Isi nomor telepon atau surel, supaya jawaban dapat sampai kepada Anda.",
    "mail_missing": "Salinan lewat surel membutuhkan alamat surel Anda.",
    "nik": "NIK terdiri atas 16 angka. Periksa lagi, atau kosongkan dulu.",
    "phone": "Nomor telepon ini tidak terbaca. Contoh: 0812 3456 7890.",
    "mail": "Alamat surel ini tidak terbaca. Contoh: nama@contoh.id.",
    "happened": "Tanggal ini tidak terbaca, atau belum terjadi.",
    "place": "Titik koordinat tidak terbaca. Contoh lintang 0,5234 dan bujur 117,5821; isi keduanya atau kosongkan.",
    "consent": "Centang persetujuan ini supaya kami boleh memproses data Anda.",
}


@dataclass(slots=True)
class Draft:
    """The form as it was typed, and what is wrong with it: field → sentence."""

    form: str
    values: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def on(self, name: str) -> bool:
        """A box that was ticked."""
        return self[name] == YES

    def wrong(self, name: str, why: str) -> None:
        """The first fault of a field is the one that is told."""
        self.errors.setdefault(name, SAYS.get(why, why))

    @property
    def place(self) -> tuple[float, float] | None:
        """The point, where both numbers are given and on this Earth."""
        lat, lon = degrees(self["lat"], 90), degrees(self["lon"], 180)
        return None if lat is None or lon is None else (lat, lon)

    @property
    def phone(self) -> str | None:
        """In E.164 where it is Indonesian, else its digits."""
        digits = "".join(sign for sign in self["telepon"] if sign.isdigit())
        if not digits:
            return None
        if self["telepon"].startswith("+"):
            return f"+{digits}"
        return f"+62{digits[1:]}" if digits.startswith("0") else f"+{digits}" if digits.startswith("62") else digits


NAMES = (
    "judul", "isi", "tempat", "desa", "lat", "lon", "waktu", "nama", "telepon", "surel", "anonim", "rahasia", "setuju",
    "pemohon", "nik", "alamat", "pekerjaan", "tujuan", "cara", "salinan",
)  # fmt: skip
LINES = ("judul", "tempat", "nama", "telepon", "surel", "alamat", "pekerjaan")


def blank(form: str) -> Draft:
    """Nothing typed yet."""
    return Draft(form, {})


def read(form: str, fields: Fields, today: date) -> Draft:
    """What was typed, each fault noted beside its field."""
    draft = Draft(form, {name: typed(fields, name) for name in NAMES})
    for name in LINES:
        if len(draft[name]) > LINE:
            draft.wrong(name, "line_long")
    for check in (_matter, _contact, _place, CHECKS[form]):
        check(draft)
    if draft["waktu"] and _day(draft["waktu"], today) is None:
        draft.wrong("waktu", "happened")
    if not draft.on("setuju"):
        draft.wrong("setuju", "consent")
    return draft


def typed(fields: Fields, name: str) -> str:
    """One field as text that every database holds; a file under its name is none."""
    value = fields.get(name, "")
    text = value if isinstance(value, str) else ""
    return text.replace("\x00", "").replace("\r\n", "\n").encode("utf-8", "replace").decode().strip()


def degrees(text: str, limit: int) -> float | None:
    """A coordinate, with the Indonesian comma too."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) <= limit else None  # NaN is no coordinate either: every comparison with it is False


def body(draft: Draft, areas: Mapping[str, str] | None = None, unit: str = "") -> dict[str, Any]:
    """The part of the ledger's payload that the citizen filled in (`connectors.webform` describes it). `areas` names the
    desa that may be chosen; another word than one of theirs says nothing. `unit` is whom the page named as the addressee."""
    place = ", ".join(one for one in (draft["tempat"], (areas or {}).get(draft["desa"], "")) if one)
    made: dict[str, Any] = {
        "anonymous": draft.on("anonim"),
        "secret": draft.on("rahasia"),
        "subject": draft["judul"] or None,
        "text": f"Kepada {unit}:\n{draft['isi']}" if unit else draft["isi"],
        "place": {"text": place or None},
        "happened": draft["waktu"] or None,
        "person": {"name": draft["nama"], "phone": draft.phone, "mail": draft["surel"]},
    }
    if draft.place is not None:
        made["place"] |= {"lat": draft.place[0], "lon": draft.place[1]}
    if draft.form == "permohonan":
        made["request"] = {"purpose": draft["tujuan"], "access": draft["cara"], "delivery": draft["salinan"]}
        made["person"] |= {
            "applicant": draft["pemohon"],
            "nik": draft["nik"].replace(" ", ""),
            "address": draft["alamat"],
            "job": draft["pekerjaan"],
        }
    return made


def _matter(draft: Draft) -> None:
    if len(draft["isi"]) < SHORTEST:
        draft.wrong("isi", "text_missing")
    elif len(draft["isi"]) > LONGEST:
        draft.wrong("isi", "text_long")


def _contact(draft: Draft) -> None:
    if draft["telepon"] and sum(sign.isdigit() for sign in draft["telepon"]) not in DIGITS:
        draft.wrong("telepon", "phone")
    if draft["surel"] and not MAIL.fullmatch(draft["surel"]):
        draft.wrong("surel", "mail")


def _place(draft: Draft) -> None:
    if (draft["lat"] or draft["lon"]) and draft.place is None:
        draft.wrong("lat", "place")


def _request(draft: Draft) -> None:
    """What a request must hold (UU 14/2008, Pasal 22 ayat (2)): name, address, the matter, form and way of delivery."""
    for name, why in (("nama", "name_missing"), ("alamat", "address_missing"), ("tujuan", "purpose_missing")):
        if not draft[name]:
            draft.wrong(name, why)
    if len(draft["tujuan"]) > LONGEST:
        draft.wrong("tujuan", "text_long")
    chosen: Sequence[tuple[str, Mapping[str, str]]] = (("pemohon", APPLICANTS), ("cara", ACCESS), ("salinan", DELIVERY))
    for name, choices in chosen:
        if draft[name] not in choices:
            draft.wrong(name, name)
    # An identity number may follow later: the request is numbered at once (ayat (4) and (5)).
    if draft["nik"] and not NIK.fullmatch(draft["nik"].replace(" ", "")):
        draft.wrong("nik", "nik")
    if not draft["telepon"] and not draft["surel"]:
        draft.wrong("telepon", "contact_missing")
    if draft["salinan"] == "surel" and not draft["surel"]:
        draft.wrong("surel", "mail_missing")


def _complaint(draft: Draft) -> None:
    """A complaint needs no name and no contact: the tracking page answers whoever holds the code."""


CHECKS: Mapping[str, Callable[[Draft], None]] = {"permohonan": _request, "pengaduan": _complaint}


def _day(text: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day <= today else None
