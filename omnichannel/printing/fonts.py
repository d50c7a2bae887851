"""The fonts that go into our PDFs, and which of them can draw what a citizen wrote."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

# Bitstream Vera comes with reportlab and may be embedded by everybody (its licence stands beside it).
PLAIN, BOLD = "Vera", "VeraBd"
CARRIED = Path(reportlab.__file__).parent / "fonts"
# For scripts that Vera lacks, where the machine has them; `[letters] fonts` names others first.
COMMON = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansSymbols2-Regular.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansDevanagari-Regular.ttf",
)
TICK = "√"  # the nearest to a tick that Vera has
LACKED = "?"  # the same in a table
LACKING = "\u25a1"  # an empty box: something stands here that no font of ours can draw
_LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"  # Hebrew, Arabic and their kin
RIGHT_TO_LEFT = re.compile(f"[{_LETTERS}](?:[{_LETTERS} ]*[{_LETTERS}])?")


class Fonts:
    """The chain of fonts, first one that can draw a sign wins."""

    def __init__(self, extra: Sequence[str] = ()) -> None:
        self._chain = (PLAIN, *_known((*extra, *COMMON)))
        _carried()

    @staticmethod
    def knows(path: str) -> bool:
        """Whether that file is a font that can be embedded."""
        return bool(_known((path,)))

    def markup(self, text: str, bold: bool = False) -> str:
        """The text for a paragraph, each stretch in a font that has its signs."""
        base = BOLD if bold else PLAIN
        parts = []
        for font, run in self._runs(clean(text)):
            shown = escape(run).replace("\n", "<br/>")
            parts.append(shown if font == PLAIN else f'<font name="{font}">{shown}</font>')
        return f'<font name="{base}">{"".join(parts)}</font>'

    def plain(self, text: str) -> str:
        """The text with what the first font lacks as question marks: for tables of thousands of rows."""
        glyphs = _glyphs(PLAIN)
        words = clean(text).replace("✓", TICK)
        return "".join(one if one == "\n" or ord(one) in glyphs else LACKED for one in words)

    def _runs(self, text: str) -> Iterator[tuple[str, str]]:
        font, run = PLAIN, ""
        for sign in text:
            fitting, drawn = self._fitting(sign, font)
            if fitting != font and run:
                yield font, _turned(run)
                run = ""
            font = fitting
            run += drawn
        if run:
            yield font, _turned(run)

    def _fitting(self, sign: str, last: str) -> tuple[str, str]:
        if sign == "\n":
            return last, sign
        if sign == " " and last != PLAIN and ord(sign) in _glyphs(last):
            return last, sign
        for font in self._chain:
            if ord(sign) in _glyphs(font):
                return font, sign
        fallback = next((font for font in self._chain if ord(LACKING) in _glyphs(font)), None)
        return (fallback, LACKING) if fallback is not None else (PLAIN, "?")


def clean(text: str) -> str:
    """Without what draws nothing or would turn the line around: controls, joiners, direction marks, lone surrogates."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(
        one for one in text if one == "\n" or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Cn", "Co")
    )


def _turned(run: str) -> str:
    """Right-to-left words in the order in which they are drawn; what stands around them keeps its place."""
    return RIGHT_TO_LEFT.sub(lambda found: found[0][::-1], run)


@cache
def _glyphs(font: str) -> frozenset[int]:
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


@cache
def _carried() -> None:
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(CARRIED / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)


@cache
def _known(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are there and can be embedded."""
    found = []
    for path in dict.fromkeys(paths):
        try:
            pdfmetrics.registerFont(TTFont(Path(path).stem, path))
        except (TTFError, OSError):
            continue  # not on this machine, or a kind that cannot be embedded: the next one may do
        found.append(Path(path).stem)
    return tuple(found)
