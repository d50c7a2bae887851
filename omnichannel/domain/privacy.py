"""Finds and masks what identifies a person in free text: NIK, KK, phone, e-mail, plate, bank account (UU 27/2022).

Only shapes are known here, no registers: a number that could be somebody's identity is masked, for a masked order number
does no harm and a shown NIK does. Our own register numbers (LAP-2026-000123) stay readable.
"""

import re
from enum import StrEnum
from typing import NamedTuple

DOT = "•"
IDENTITY_DIGITS = 16  # NIK: Perpres 62/2019 Pasal 1; the KK number has as many
PHONE_DIGITS = range(8, 16)  # E.164 allows 15
EMAIL_SHOWN = 1

# First letters of Indonesian number plates (Perpolri 7/2021, lampiran).
PLATES = [
    "A",
    "AA",
    "AB",
    "AD",
    "AE",
    "AG",
    "B",
    "BA",
    "BB",
    "BD",
    "BE",
    "BG",
    "BH",
    "BK",
    "BL",
    "BM",
    "BN",
    "BP",
    "D",
    "DA",
    "DB",
    "DC",
    "DD",
    "DE",
    "DG",
    "DH",
    "DK",
    "DL",
    "DM",
    "DN",
    "DP",
    "DR",
    "DS",
    "DT",
    "DW",
    "E",
    "EA",
    "EB",
    "ED",
    "F",
    "G",
    "H",
    "K",
    "KB",
    "KH",
    "KT",
    "KU",
    "L",
    "M",
    "N",
    "P",
    "PA",
    "PB",
    "PG",
    "PS",
    "PT",
    "PY",
    "R",
    "S",
    "T",
    "W",
    "Z",
]


class Personal(StrEnum):
    """What was found."""

    NIK = "nik"
    KK = "kk"
    PHONE = "phone"
    EMAIL = "email"
    PLATE = "plate"
    ACCOUNT = "account"


class Found(NamedTuple):
    """A piece of personal data, standing at start:end of the text."""

    kind: Personal
    start: int
    end: int


_GAP = r"[ \t._\-–—·\u00a0\u00ad\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff]{0,3}"
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_LABELLED = re.compile(
    r"(?P<label>\b(?:n\s?i\s?k|no(?:mor|\.)?\s*(?:induk|ktp|kk|identitas)|e?-?ktp|kk|kartu\s+keluarga|sim|npwp|(?:no(?:mor|\.)?\s*)?rek(?:ening)?)\b"
    r"(?:\s+(?:saya|kami|a/?n|atas\s+nama|ibu|bapak|anak|istri|suami|nomor|no|nik))*\.?\s*[:=#]?\s*)"
    rf"(?P<number>\d(?:{_GAP}\d){{9,19}})(?!\d)",
    re.IGNORECASE,
)
_SOLID = re.compile(r"(?<!\d)\d{16}(?!\d)")
# As many or more, with gaps: two numbers written side by side are one run, and none of it is shown.
_SIXTEEN = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{15,}}(?!\d)")
_YEARS = re.compile(r"(?:(?:19|20)\d\d\D*)+")
_MOBILE = re.compile(rf"(?<!\d)(?:\(?\+?\s?62\)?{_GAP}0?|\(?0)8\)?(?:{_GAP}\(?\d\)?){{7,12}}(?!\d)")
_LANDLINE = re.compile(
    rf"(?<![\w\-/.])(?:\(0[2-9]\d{{1,2}}\)\s?|0[2-9]\d{{1,2}}[ \-]|\+62[ \-]?[2-79]\d{{1,2}}[ \-]?)\d(?:{_GAP}\d){{4,7}}(?!\d)"
)
_ABROAD = re.compile(rf"(?<![\w+])\+(?!62)[1-9](?:{_GAP}\d){{7,13}}(?!\d)")
_PLATE = re.compile(
    rf"(?<![\w-])(?P<area>{'|'.join(sorted(PLATES, key=len, reverse=True))})[ .\-]?(?P<digits>\d{{1,4}})[ .\-]?(?P<tail>[A-Z]{{1,3}})(?![\w])",
    re.IGNORECASE,
)
_PLATE_NEAR = re.compile(
    r"(?:plat|pelat|nopol|no\.?\s?pol|nomor polisi|motor|mobil|truk|bus|angkot|kendaraan|pickup)\W+(?:\w+\W+){0,4}$",
    re.IGNORECASE,
)
_KK_NEAR = re.compile(r"(?:\bkk\b|kartu keluarga)\W+(?:\w+\W+){0,2}$", re.IGNORECASE)


def find(text: str) -> tuple[Found, ...]:
    """Every piece of personal data in reading order; pieces never overlap."""
    found: list[Found] = []
    for match in _EMAIL.finditer(text):
        _take(found, Personal.EMAIL, *match.span())
    for match in _LABELLED.finditer(text):
        _take(found, _labelled_kind(match["label"], match["number"]), *match.span("number"))
    for pattern in (_SOLID, _SIXTEEN):
        for match in pattern.finditer(_rest(text, found)):
            if not _YEARS.fullmatch(match.group()):
                near_kk = _KK_NEAR.search(text[max(0, match.start() - 40) : match.start()])
                _take(found, Personal.KK if near_kk else Personal.NIK, *match.span())
    for pattern in (_MOBILE, _LANDLINE, _ABROAD):
        for match in pattern.finditer(_rest(text, found)):
            if sum(map(str.isdigit, match.group())) in PHONE_DIGITS:
                _take(found, Personal.PHONE, *match.span())
    for match in _PLATE.finditer(text):
        if _is_plate(match, text):
            _take(found, Personal.PLATE, *match.span())
    return tuple(sorted(found, key=lambda one: one.start))


def mask(text: str) -> str:
    """The text with every piece of personal data dotted out; the rest stays letter for letter.

    Looks again until nothing is found: digits left of one number may make another with what stands beside them.
    """
    while found := find(text):
        parts: list[str] = []
        done = 0
        for one in found:
            parts += [text[done : one.start], _masked(one.kind, text[one.start : one.end])]
            done = one.end
        masked = "".join((*parts, text[done:]))
        if masked == text:
            break
        text = masked
    return text


def mask_number(number: str) -> str:
    """A NIK, KK or account number: all but the last four digits."""
    return _dot_digits(number, first=0, last=4)


def mask_phone(phone: str) -> str:
    """A phone number: enough stays to tell two apart, not enough to call."""
    digits = sum(map(str.isdigit, phone))
    return _dot_digits(phone, first=min(4, digits // 3), last=min(3, digits // 4))


def mask_email(address: str) -> str:
    """An e-mail address: the first letter and the domain stay."""
    name, at, domain = address.rpartition("@")
    if not at:
        return _dotted(address)
    return f"{name[:EMAIL_SHOWN]}{DOT * 3}@{domain}"


def mask_plate(plate: str) -> str:
    """A number plate: its region stays."""
    region = re.match(r"[A-Za-z]{1,2}", plate)
    shown = region.group() if region else ""
    return shown + "".join(DOT if char.isalnum() else char for char in plate[len(shown) :])


def _masked(kind: Personal, piece: str) -> str:
    if kind is Personal.PHONE:
        return mask_phone(piece)
    if kind is Personal.EMAIL:
        return mask_email(piece)
    return mask_plate(piece) if kind is Personal.PLATE else mask_number(piece)


def _rest(text: str, found: list[Found]) -> str:
    """The text, letter for letter in its place, without what was found: what is left beside it is found too."""
    for one in found:
        text = f"{text[: one.start]}{' ' * (one.end - one.start)}{text[one.end :]}"
    return text


def _take(found: list[Found], kind: Personal, start: int, end: int) -> None:
    if all(end <= other.start or start >= other.end for other in found):
        found.append(Found(kind, start, end))


def _labelled_kind(label: str, number: str) -> Personal:
    said = label.lower()
    if "rek" in said:
        return Personal.ACCOUNT
    # "No KTP/WA 0812…": what looks like a phone is one, whatever stands before it.
    digits = "".join(filter(str.isdigit, number))
    if len(digits) != IDENTITY_DIGITS and digits.startswith(("08", "628")):
        return Personal.PHONE
    return Personal.KK if re.search(r"\bkk\b|keluarga", said) else Personal.NIK


def _is_plate(match: re.Match[str], text: str) -> bool:
    """Capitals with three digits or more, or a word for a vehicle just before: `RT 5`, `Blok B 12 A` are no plates."""
    area, digits, tail = match["area"], match["digits"], match["tail"]
    if _PLATE_NEAR.search(text[max(0, match.start() - 60) : match.start()]):
        return len(tail) > 1 or len(digits) > 1
    capitals = (area + tail).isupper()
    return capitals and len(digits) >= 3 and len(tail) >= 2


def _dot_digits(text: str, *, first: int, last: int) -> str:
    digits = sum(map(str.isdigit, text))
    last = min(last, max(0, digits - 4 - first))
    seen = 0
    shown: list[str] = []
    for char in text:
        if char.isdigit():
            seen += 1
            char = char if seen <= first or seen > digits - last else DOT
        shown.append(char)
    return "".join(shown)


def _dotted(text: str) -> str:
    return "".join(DOT if char.isalnum() else char for char in text)
