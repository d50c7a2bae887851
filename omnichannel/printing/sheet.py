"""Registers as XLSX, CSV and PDF, written row by row: a hundred thousand lines take no more memory than a hundred."""

import contextlib
import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import xlsxwriter
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A3, landscape
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from omnichannel.domain.printing import Column, Format, Sheet, SheetHead
from omnichannel.printing.fonts import BOLD, PLAIN, Fonts

# A cell that begins so is a formula to some spreadsheet (OWASP, "CSV Injection", 2026-11); the full-width ones too.
FORMULA = re.compile(r"^[\s\x00-\x1f\"']*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r|]")
LARGEST_CELL = 32_000  # letters; Excel takes 32,767 (support.microsoft.com, "Excel specifications and limits", 2026-11)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
PAGE, MARGIN = landscape(A3), 1.2 * cm
SIZE, LEADING = 6.8, 8.4
MOST_LINES = 14  # of one cell on paper; whoever needs every word opens the sheet
GREY, LIGHT = HexColor("#5a5f66"), HexColor("#c9cdd2")


@contextlib.contextmanager
def opened(path: Path, format: Format, head: SheetHead, fonts: Fonts) -> Iterator[Sheet]:
    """A new sheet at `path`; whole once the context has ended."""
    if format is Format.CSV:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            yield _Csv(file, head)
    elif format is Format.XLSX:
        with xlsxwriter.Workbook(str(path), {"constant_memory": True, **AS_TEXT}) as book:
            yield _Xlsx(book, head)
    else:
        paper = _Paper(path, head, fonts)
        yield paper
        paper.close()


# What a citizen wrote is never a formula, a link or a number.
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class _Csv:
    """UTF-8 with its mark, which spreadsheets of an Indonesian computer read."""

    def __init__(self, file: io.TextIOBase, head: SheetHead) -> None:
        self._writer = csv.writer(file, lineterminator="\r\n")
        self._writer.writerow([_title(one) for one in head.columns])

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        self._writer.writerows([_harmless(one) for one in row] for row in rows)


class _Xlsx:
    """One worksheet: title, period, heads, then the rows as they come."""

    def __init__(self, book: xlsxwriter.Workbook, head: SheetHead) -> None:
        self._sheet = book.add_worksheet("Register")
        strong = book.add_format({"bold": True})
        heads = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._cell = book.add_format({"text_wrap": True, "valign": "top"})
        for n, column in enumerate(head.columns):
            self._sheet.set_column(n, n, column.weight * 1.6)
        for n, line in enumerate((head.title, head.office, head.period)):
            self._sheet.write_string(n, 0, line, strong if n == 0 else None)
        self._row = 4
        for n, column in enumerate(head.columns):
            self._sheet.write_string(self._row, n, _title(column), heads)
        self._sheet.freeze_panes(self._row + 1, 1)
        self._row += 1

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        for row in rows:
            for n, cell in enumerate(row):
                self._sheet.write_string(self._row, n, CONTROLS.sub(" ", cell)[:LARGEST_CELL], self._cell)
            self._row += 1


class _Paper:
    """A3 on its side, the heads on every page, each row as high as its longest cell."""

    def __init__(self, path: Path, head: SheetHead, fonts: Fonts) -> None:
        self._head, self._fonts, self._page = head, fonts, 0
        self._canvas = Canvas(str(path), pagesize=PAGE, invariant=1, pageCompression=1, lang="id")
        self._canvas.setTitle(f"{head.title} {head.period}")
        self._canvas.setAuthor(head.office)
        whole = sum(one.weight for one in head.columns)
        room = PAGE[0] - 2 * MARGIN
        self._widths = [one.weight * room / whole for one in head.columns]
        self._y = 0.0
        self._open()

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        for row in rows:
            self._line([self._wrapped(cell, n, PLAIN) for n, cell in enumerate(row)], PLAIN)

    def close(self) -> None:
        self._canvas.save()

    def _open(self) -> None:
        self._page += 1
        self._y = PAGE[1] - MARGIN
        self._words(self._head.title, BOLD, 12, 15)
        self._words(f"{self._head.office} · {self._head.period}", PLAIN, 8, 14)
        self._line([self._wrapped(_title(one), n, BOLD) for n, one in enumerate(self._head.columns)], BOLD)
        self._canvas.setFont(PLAIN, 7)
        self._canvas.setFillColor(GREY)
        self._canvas.drawRightString(PAGE[0] - MARGIN, MARGIN / 2, f"Halaman {self._page}")

    def _words(self, text: str, font: str, size: float, leading: float) -> None:
        self._canvas.setFillColor(HexColor("#1b1d20"))
        self._canvas.setFont(font, size)
        self._canvas.drawString(MARGIN, self._y - size, self._fonts.plain(text)[:200])
        self._y -= leading

    def _line(self, cells: list[list[str]], font: str) -> None:
        height = max(len(one) for one in cells) * LEADING + 5
        if self._y - height < MARGIN:
            self._canvas.showPage()
            self._open()
        self._canvas.setFillColor(HexColor("#1b1d20"))
        x = MARGIN
        for lines, width in zip(cells, self._widths, strict=True):
            text = self._canvas.beginText(x, self._y - SIZE - 1)
            text.setFont(font, SIZE, LEADING)
            for one in lines:
                text.textLine(one)
            self._canvas.drawText(text)
            x += width
        self._y -= height
        self._canvas.setStrokeColor(LIGHT)
        self._canvas.setLineWidth(0.4)
        self._canvas.line(MARGIN, self._y + 1, PAGE[0] - MARGIN, self._y + 1)

    def _wrapped(self, text: str, column: int, font: str) -> list[str]:
        """Whole words where they fit, letters where they do not; at most so many lines."""
        width, lines = self._widths[column] - 4, []
        for given in self._fonts.plain(text[:4000]).split("\n"):
            line = ""
            for word in given.split(" "):
                whole = f"{line} {word}" if line else word
                if pdfmetrics.stringWidth(whole, font, SIZE) <= width:
                    line = whole
                    continue
                if line:
                    lines.append(line)
                *full, line = _pieces(word, width, font)
                lines += full
                if len(lines) > MOST_LINES:
                    return [*lines[: MOST_LINES - 1], "…"]
            lines.append(line)
        return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], "…"]


def _pieces(word: str, width: float, font: str) -> list[str]:
    """A word that is longer than its column."""
    pieces, piece = [], ""
    for sign in word:
        if piece and pdfmetrics.stringWidth(piece + sign, font, SIZE) > width:
            pieces.append(piece)
            piece = ""
        piece += sign
    return [*pieces, piece]


def _title(column: Column) -> str:
    return f"{column.group}: {column.title}" if column.group else column.title


def _harmless(cell: str) -> str:
    """As a spreadsheet shows it, and never computes it."""
    text = CONTROLS.sub(" ", cell)
    return f"'{text}" if FORMULA.match(text) else text
