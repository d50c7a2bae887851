"""A letter on paper: A4, letterhead with the coat of arms, the form's lines and boxes, signatures, page numbers."""

import io
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image as Picture
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from omnichannel.domain.calendar import MONTHS
from omnichannel.domain.letter import Block, Choices, Fields, Heading, Letter, Signature, Words
from omnichannel.printing.fonts import BOLD, PLAIN, Fonts

SIDE, TOP, BOTTOM = 2.2 * cm, 1.6 * cm, 2 * cm
WIDTH = A4[0] - 2 * SIDE
FRAME = 6  # points that reportlab leaves inside its margins
LABEL = 5.7 * cm
ARMS = 2.1 * cm
KEPT = 3  # pieces of the body that stay with the signature
TOTAL = "total"  # how many pages there are, known only at the end
HANGS = 1.43 * cm  # where the words of a box begin, on every line
LONG = 700  # signs; a longer value gets lines of its own, so that it may run over to the next page
LINE = 160  # signs of a name or an address above the letter
LARGEST_ARMS = 4 * 1024 * 1024  # bytes
GREY = HexColor("#5a5f66")
BODY = ParagraphStyle("body", fontName=PLAIN, fontSize=9.5, leading=13.5, splitLongWords=1)
STRONG = ParagraphStyle("strong", BODY, fontName=BOLD, spaceBefore=7, spaceAfter=2, keepWithNext=1)
MIDDLE = ParagraphStyle("middle", BODY, alignment=TA_CENTER)
BLANK, SIGNED = "…" * 24, "…" * 16


class LetterPrinter:
    """One office's letters."""

    def __init__(self, fonts: Fonts, arms: str = "") -> None:
        self.fonts = fonts
        self._arms = _arms(arms)

    def draw(self, letter: Letter) -> bytes:
        """The PDF. The same letter gives the same bytes."""
        out = io.BytesIO()
        pages = SimpleDocTemplate(
            out,
            pagesize=A4,
            leftMargin=SIDE - FRAME,
            rightMargin=SIDE - FRAME,
            topMargin=TOP,
            bottomMargin=BOTTOM,
            title=" ".join(f"{letter.title} {letter.number}".split()),
            author=letter.head[0] if letter.head else "",
            subject=letter.foot,
            creator="Omnichannel",
            lang="id",
            invariant=1,
        )
        story = [*self._head(letter), *self._title(letter)]
        for block in letter.body:
            story += self._block(block)
        # Nobody signs an empty page: the last words go over to it together with the signature.
        story, last = story[:-KEPT], story[-KEPT:]
        story.append(KeepTogether([*last, *self._signatures(letter)]))
        around = partial(self._around, letter)
        pages.build(story, onFirstPage=around, onLaterPages=around, canvasmaker=_Counted)
        return out.getvalue()

    def text(self, words: str, style: ParagraphStyle = BODY, *, bold: bool = False) -> Paragraph:
        """A paragraph of whatever somebody wrote."""
        return Paragraph(self.fonts.markup(words, bold), style)

    def _head(self, letter: Letter) -> Iterator[Flowable]:
        lines: list[Flowable] = []
        for n, line in enumerate(letter.head):
            size = 11 if n == 0 else 12.5
            style = ParagraphStyle(f"head{n}", MIDDLE, fontName=BOLD, fontSize=size, leading=size * 1.25)
            lines.append(self.text(line, style, bold=True))
        if letter.address:
            small = ParagraphStyle("address", MIDDLE, fontSize=8, leading=10.5, textColor=GREY, spaceBefore=2)
            lines.append(self.text(letter.address, small))
        # Without a coat of arms the words keep the middle.
        side: list[Flowable] = [self._arms] if self._arms is not None else []
        style = [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), 0),
                 ("RIGHTPADDING", (0, 0), (-1, -1), 0), ("LINEBELOW", (0, 0), (-1, -1), 1.6, HexColor("#1b1d20")),
                 ("BOTTOMPADDING", (0, 0), (-1, -1), 7)]  # fmt: skip
        edge = ARMS + 0.1 * cm if side else 0.4 * cm
        yield Table([[side, lines, ""]], colWidths=[edge, WIDTH - 2 * edge, edge], style=style)
        yield Spacer(1, 0.55 * cm)

    def _title(self, letter: Letter) -> Iterator[Flowable]:
        style = ParagraphStyle("title", MIDDLE, fontName=BOLD, fontSize=11.5, leading=15)
        yield self.text(letter.title, style, bold=True)
        if letter.report:
            yield Spacer(1, 0.4 * cm)
            return
        yield self.text(f"Nomor: {letter.number or BLANK}", MIDDLE)
        yield Spacer(1, 0.4 * cm)
        yield self.text("Kepada Yth.", BODY)
        for n, line in enumerate(letter.to):
            # Whole, it stands among the fields.
            yield self.text(_short(line), BODY, bold=n == 0)
        yield Spacer(1, 0.35 * cm)

    def _block(self, block: Block) -> Iterator[Flowable]:
        if isinstance(block, Heading):
            yield self.text(block.text, STRONG, bold=True)
        elif isinstance(block, Words):
            announcing = block.text.endswith(":")
            style = ParagraphStyle("words", BODY, spaceBefore=4, spaceAfter=5, keepWithNext=announcing)
            yield self.text(block.text or BLANK, style)
        elif isinstance(block, Fields):
            for label, value in block.rows:
                yield from self._field(label, value)
            yield Spacer(1, 0.15 * cm)
        elif isinstance(block, Choices):
            for ticked, words in block.rows:
                yield self._choice(ticked, words)
            yield Spacer(1, 0.1 * cm)

    def _field(self, label: str, value: str) -> Iterator[Flowable]:
        plain = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0),
                 ("RIGHTPADDING", (0, 0), (-1, -1), 4), ("TOPPADDING", (0, 0), (-1, -1), 1),
                 ("BOTTOMPADDING", (0, 0), (-1, -1), 1)]  # fmt: skip
        widths = [LABEL, 0.4 * cm, WIDTH - LABEL - 0.4 * cm]
        if len(value) <= LONG and value.count("\n") < 20:
            row = [self.text(label), self.text(":"), self.text(value or BLANK)]
            yield Table([row], colWidths=widths, style=plain)
            return
        yield self.text(f"{label}:")
        yield self.text(value, ParagraphStyle("long", BODY, leftIndent=0.6 * cm, spaceAfter=3))

    def _choice(self, ticked: bool, words: str) -> Flowable:
        style = ParagraphStyle("choice", BODY, leftIndent=HANGS, firstLineIndent=0.75 * cm - HANGS, spaceAfter=1.5)
        # Written out as well as drawn, so that whoever reads the text alone (aloud, by a program) knows it too.
        mark = "[x]" if ticked else "[  ]"
        return Paragraph(f"{self.fonts.markup(mark)}&nbsp;&nbsp;{self.fonts.markup(words)}", style)

    def _signatures(self, letter: Letter) -> list[Flowable]:
        day = f"{letter.place}, {letter.day.day} {MONTHS[letter.day.month - 1]} {letter.day.year}"
        signing = letter.signatures if len(letter.signatures) > 1 else (None, *letter.signatures)
        rows: list[list[Any]] = [[""] * (len(signing) - 1) + [self.text(day, MIDDLE)]]
        # Post, room for the hand and the stamp, name and number stand in rows of their own, so that both sides agree.
        parts = (self._post, self._room, self._name, self._number)
        rows += [["" if one is None else part(one) for one in signing] for part in parts]
        style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 0),
                 ("BOTTOMPADDING", (0, 0), (-1, -1), 1)]  # fmt: skip
        return [Spacer(1, 0.6 * cm), Table(rows, colWidths=[WIDTH / len(signing)] * len(signing), style=style)]

    def _post(self, signature: Signature) -> Flowable:
        return self.text(_short(signature.post), MIDDLE)

    def _room(self, signature: Signature) -> Flowable:
        return Spacer(1, 1.6 * cm)

    def _name(self, signature: Signature) -> Flowable:
        name = _short(signature.name)
        return self.text(name, MIDDLE, bold=True) if name else self.text(f"({SIGNED})", MIDDLE)

    def _number(self, signature: Signature) -> Flowable | str:
        return self.text(f"NIP {_short(signature.id)}", MIDDLE) if signature.id else ""

    def _around(self, letter: Letter, canvas: Canvas, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(PLAIN, 7.5)
        canvas.setFillColor(GREY)
        canvas.drawString(SIDE, 1.1 * cm, self.fonts.plain(letter.foot)[:110])
        edge = A4[0] - SIDE - canvas.stringWidth("00", PLAIN, 7.5)
        canvas.drawRightString(edge, 1.1 * cm, f"Halaman {document.page} dari ")
        canvas.translate(edge, 1.1 * cm)
        canvas.doForm(TOTAL)
        canvas.translate(-edge, -1.1 * cm)
        if not letter.number and not letter.report:
            canvas.setFont(BOLD, 64)
            canvas.setFillColor(HexColor("#9aa0a6"), alpha=0.22)
            canvas.translate(A4[0] / 2, A4[1] / 2)
            canvas.rotate(52)
            canvas.drawCentredString(0, 0, "PRATINJAU")
        canvas.restoreState()


def _short(words: str) -> str:
    """One line of them, for where a letter has room for no more."""
    line = " ".join(words.split())
    return line if len(line) <= LINE else f"{line[:LINE]}…"


def readable(path: str) -> bool:
    """Whether that file can be the coat of arms."""
    return _arms(path) is not None


def _arms(path: str) -> Flowable | None:
    """The coat of arms. A letter without one is still a letter: what cannot be read is left out (`check` tells of it)."""
    if not path:
        return None
    try:
        content = Path(path).read_bytes()
        if len(content) > LARGEST_ARMS:
            return None
        picture = Picture.open(io.BytesIO(content)).convert("RGBA")
    except (OSError, ValueError, Picture.DecompressionBombError):
        return None
    picture.thumbnail((600, 600))
    return _Drawn(picture)


class _Counted(Canvas):  # type: ignore[misc]  # reportlab's classes are untyped
    """A document whose every page says how many there are."""

    def save(self) -> None:
        self.beginForm(TOTAL)
        self.setFont(PLAIN, 7.5)
        self.setFillColor(GREY)
        self.drawString(0, 0, str(self.getPageNumber() - 1))
        self.endForm()
        super().save()


class _Drawn(Flowable):  # type: ignore[misc]  # reportlab's classes are untyped
    """A picture that may be drawn in many documents."""

    def __init__(self, picture: Picture.Image) -> None:
        super().__init__()
        scale = ARMS / max(picture.size)
        self.width, self.height = picture.size[0] * scale, picture.size[1] * scale
        self._reader = ImageReader(picture)

    def wrap(self, *room: Sequence[float]) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        self.canv.drawImage(self._reader, 0, 0, self.width, self.height, mask="auto")
