"""XLSX in and out; the one door of openpyxl. A sheet of a stranger is read as text, within limits, and never as formulas."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from omnichannel.domain.errors import Invalid

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS, COLUMNS = 5_000, 40
UNPACKED = 60 * 1024 * 1024  # bytes of all parts together: a small file may unpack to gigabytes
FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNREADABLE = "Berkas ini tidak terbaca sebagai Excel (.xlsx). Simpan ulang sebagai .xlsx, lalu coba lagi."


def read(content: bytes) -> list[list[str]]:
    """The first sheet as text, its empty tail left out. Invalid, in words for whoever uploaded it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED:
                raise Invalid("Berkas Excel ini terlalu besar. Bagi menjadi beberapa berkas.")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Invalid:
        raise
    except Exception as error:
        # The library raises whatever its parts raise: KeyError, BadZipFile, XML errors of several kinds.
        raise Invalid(UNREADABLE) from error
    try:
        return _rows(book)
    except Invalid:
        raise
    except Exception as error:
        raise Invalid(UNREADABLE) from error
    finally:
        book.close()


def write(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> bytes:
    """One sheet with a head row that stays; every cell is text, so that nothing a citizen wrote is ever computed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_cell(sheet, head, bold=True) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _rows(book: Workbook) -> list[list[str]]:
    if not book.worksheets:
        raise Invalid(UNREADABLE)
    found: list[list[str]] = []
    for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True, max_col=COLUMNS), start=1):
        if number > ROWS + 1:
            raise Invalid(f"Paling banyak {ROWS} baris dalam satu berkas.")
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        found.append(cells)
    while found and not found[-1]:
        found.pop()
    return found


def _text(value: object) -> str:
    """As a person reads the cell: whole numbers without their point, a date as one."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date() if value.time() == datetime.min.time() else value
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\x00", "").strip()


def _cell(sheet: object, value: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=_storable(value))
    cell.data_type = "s"  # text that begins with "=" stays text
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if bold:
        cell.font = Font(bold=True)
    if value.startswith(FORMULA):
        cell.quotePrefix = True
    return cell


def _storable(value: str) -> str:
    """What XML can hold: control characters are not among it, and a cell holds 32,767 characters."""
    return "".join(sign for sign in value if sign in "\n\t" or ord(sign) >= 32)[:32_767]
