"""A table that somebody uploads: Excel, or text with one of the usual signs between its columns, whoever saved it."""

import csv
import io

from omnichannel.domain.errors import Invalid
from omnichannel.web import workbook

LARGEST = 12 * 1024 * 1024
SIGNS = (";", ",", "\t", "|")
ENCODINGS = ("utf-8-sig", "cp1252")
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
UNREADABLE = "Berkas ini tidak terbaca. Unggah berkas Excel (.xlsx) atau CSV."


def read(content: bytes) -> list[list[str]]:
    """Rows of text. Invalid, in words for whoever uploaded it. Blocking."""
    if not content.strip():
        raise Invalid("Berkas ini kosong.")
    if len(content) > LARGEST:
        raise Invalid("Berkas ini terlalu besar. Bagi menjadi beberapa berkas.")
    if content.startswith(b"PK"):
        return workbook.read(content)
    if content.startswith(OLD_EXCEL):
        raise Invalid("Ini Excel lama (.xls). Simpan ulang sebagai .xlsx, lalu coba lagi.")
    return _text(content)


def _text(content: bytes) -> list[list[str]]:
    text = _decoded(content).replace("\x00", "")
    lines = text.lstrip("\r\n").splitlines()
    if lines and lines[0].lower().startswith("sep="):  # Excel's own way of naming the sign
        text = text.lstrip("\r\n")[len(lines[0]) :].lstrip("\r\n")
    sign = _sign(text)
    found: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            if len(found) > workbook.ROWS:
                raise Invalid(f"Paling banyak {workbook.ROWS} baris dalam satu berkas.")
            found.append([cell.strip() for cell in cells[: workbook.COLUMNS]])
    except csv.Error as error:
        raise Invalid(UNREADABLE) from error
    return found


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")


def _sign(text: str) -> str:
    """The one that makes most columns in the rows at the top, whatever stands in a quoted cell."""
    top = text[:20_000]

    def columns(sign: str) -> int:
        try:
            rows = list(csv.reader(io.StringIO(top, newline=""), delimiter=sign))[:10]
        except csv.Error:
            return 0
        return max((len(row) for row in rows), default=0)

    return max(SIGNS, key=columns)
