"""Fits `domain.printing.Printer` with reportlab, xlsxwriter, Pillow and pdfium."""

import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path

from omnichannel.domain.letter import Letter, LetterRules
from omnichannel.domain.printing import Archive, Format, Region, Sheet, SheetHead
from omnichannel.printing import archive, redact, sheet
from omnichannel.printing.fonts import Fonts
from omnichannel.printing.letter import LetterPrinter, readable

# pdfium is one engine with state of its own and is not made for several threads at once (pdfium's docs, 2026-11).
_pdfium = threading.Lock()


def unusable(rules: LetterRules) -> list[str]:
    """Files that the configuration names and that letters cannot use."""
    wrong = [rules.arms] if rules.arms and not readable(rules.arms) else []
    return wrong + [path for path in rules.fonts if not Fonts.knows(path)]


class OfficePrinter:
    """Every call blocks: the caller decides on which thread."""

    def __init__(self, rules: LetterRules) -> None:
        self._rules = rules

    @cached_property
    def _fonts(self) -> Fonts:
        return Fonts(self._rules.fonts)

    @cached_property
    def _letters(self) -> LetterPrinter:
        return LetterPrinter(self._fonts, self._rules.arms)

    def letter(self, letter: Letter) -> bytes:
        return self._letters.draw(letter)

    def sheet(self, path: Path, format: Format, head: SheetHead) -> AbstractContextManager[Sheet]:
        return sheet.opened(path, format, head, self._fonts)

    def pages(self, content: bytes) -> int:
        with _pdfium:
            return redact.pages(content)

    def picture(self, content: bytes, page: int) -> bytes:
        with _pdfium:
            return redact.picture(content, page)

    def black_out(self, content: bytes, regions: Sequence[Region]) -> bytes:
        with _pdfium:
            return redact.black_out(content, regions)

    def archive(self, path: Path, about: Mapping[str, str]) -> AbstractContextManager[Archive]:
        return archive.opened(path, about)
