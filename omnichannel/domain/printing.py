"""The socket to paper: letters, sheets of a register, and copies with parts blacked out. Every call blocks."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from omnichannel.domain.letter import Letter

PDF = "application/pdf"
MOST_PAGES = 200  # of a document that is blacked out: each page is a picture in memory for a moment
MOST_REGIONS = 2_000


class Format(StrEnum):
    """What a register is written as."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"


MEDIA_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv",
    Format.PDF: PDF,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet; `weight` is its share of the width. `group` is the heading that spans its neighbours too."""

    title: str
    weight: int = 10
    group: str = ""


@dataclass(frozen=True, slots=True)
class SheetHead:
    """What stands above the rows."""

    title: str
    office: str
    period: str
    columns: tuple[Column, ...]


class Sheet(Protocol):
    """Rows go in as they come; only a few of them are in memory at a time."""

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        """Cells are text and stay text, whatever a spreadsheet would make of them."""


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle to be blacked out: page from 0, the rest as shares of the page from its top left corner, 0 to 1."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


class Archive(Protocol):
    """A ZIP in the making. Each file's hash goes into its manifest."""

    def add(self, name: str, content: bytes, note: str = "") -> None:
        """`note` says in the manifest what it is."""


class Printer(Protocol):
    """Draws. The same content gives the same bytes."""

    def letter(self, letter: Letter) -> bytes:
        """A PDF with its fonts in it, whose text can be read out again."""
        ...

    def sheet(self, path: Path, format: Format, head: SheetHead) -> AbstractContextManager[Sheet]:
        """A new file at `path`; whole once the context has ended."""
        ...

    def pages(self, content: bytes) -> int:
        """How many pages a PDF or picture has. Invalid where it is neither, is locked, or has too many."""
        ...

    def picture(self, content: bytes, page: int) -> bytes:
        """One page as PNG, to mark on. NotFound where there is no such page."""
        ...

    def black_out(self, content: bytes, regions: Sequence[Region]) -> bytes:
        """A PDF of pictures alone: no text, no metadata, and black where the regions are."""
        ...

    def archive(self, path: Path, about: Mapping[str, str]) -> AbstractContextManager[Archive]:
        """A new ZIP at `path`: whole, with its manifest and its sums, once the context has ended."""
        ...
