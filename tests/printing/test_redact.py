"""Under the black there is nothing: not as text, not as picture, not as metadata."""

import io
from dataclasses import replace

import pypdfium2
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from reportlab.pdfgen.canvas import Canvas

from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.letter import LetterRules
from omnichannel.domain.printing import Region
from omnichannel.printing.printer import OfficePrinter
from tests.printing.test_letter import text_of

PRINTER = OfficePrinter(LetterRules())
SECRET = "6408010101900001"
TOP = Region(0, 0.0, 0.0, 1.0, 0.2)


def a_document(pages: int = 2) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 600))
    canvas.setTitle(f"Rahasia {SECRET}")
    canvas.setAuthor("Penyusun Uji")
    for n in range(pages):
        canvas.drawString(40, 560, f"NIK {SECRET}")  # within the top fifth
        canvas.drawString(40, 100, f"Halaman terbuka {n + 1}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_what_is_blacked_out_is_neither_text_nor_metadata_nor_bytes() -> None:
    assert SECRET in text_of(a_document())

    copy = PRINTER.black_out(a_document(), [TOP, replace(TOP, page=1)])

    assert text_of(copy) == ""
    assert SECRET.encode() not in copy
    document = pypdfium2.PdfDocument(copy)
    said = " ".join(str(one) for one in document.get_metadata_dict().values())
    document.close()
    assert SECRET not in said
    assert "Penyusun" not in said


def test_only_the_regions_are_black_and_the_rest_can_be_read() -> None:
    copy = PRINTER.black_out(a_document(1), [TOP])

    document = pypdfium2.PdfDocument(copy)
    page = document[0].render(scale=1).to_pil().convert("L")
    document.close()
    wide, high = page.size
    top = page.crop((0, 0, wide, int(high * 0.19)))
    below = page.crop((0, int(high * 0.25), wide, high))
    darkest, lightest = below.getextrema()
    assert top.getextrema()[1] < 40
    assert lightest > 200
    assert darkest < 120  # the open words are still there


def test_every_page_of_the_original_is_in_the_copy() -> None:
    assert PRINTER.pages(PRINTER.black_out(a_document(5), [TOP])) == 5


def test_the_same_marks_give_the_same_bytes() -> None:
    assert PRINTER.black_out(a_document(), [TOP]) == PRINTER.black_out(a_document(), [TOP])


def a_picture(**facts: object) -> bytes:
    out = io.BytesIO()
    notes = PngInfo()
    notes.add_text("Comment", SECRET)
    Image.new("RGB", (300, 200), "white").save(out, "PNG", pnginfo=notes)
    return out.getvalue()


def test_a_picture_loses_what_its_file_said_beside_the_pixels() -> None:
    assert SECRET.encode() in a_picture()

    copy = PRINTER.black_out(a_picture(), [TOP])

    assert SECRET.encode() not in copy
    assert PRINTER.pages(copy) == 1


def test_a_page_can_be_looked_at_before() -> None:
    page = Image.open(io.BytesIO(PRINTER.picture(a_document(), 1)))

    assert page.size[0] > 400
    with pytest.raises(NotFound):
        PRINTER.picture(a_document(), 2)


@pytest.mark.parametrize(
    "content", [b"", b"bukan dokumen", b"%PDF-1.4 rusak", b"\x89PNG\r\n\x1a\n rusak", b"GIF89a" + b"\0" * 50]
)
def test_what_is_no_document_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Invalid):
        PRINTER.pages(content)


@pytest.mark.parametrize(
    "regions",
    [
        [],
        [Region(5, 0, 0, 1, 1)],
        [Region(-1, 0, 0, 1, 1)],
        [Region(0, 0.5, 0, 0.5, 1)],
        [Region(0, 0, 0, 2, 1)],
        [TOP] * 3_000,
    ],
)
def test_marks_that_are_nowhere_make_no_copy(regions: list[Region]) -> None:
    with pytest.raises(Invalid):
        PRINTER.black_out(a_document(), regions)
