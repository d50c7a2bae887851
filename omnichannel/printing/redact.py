"""Copies with parts blacked out. The pages become pictures, the regions are painted, and only the pictures are kept: there is
no text layer, no attachment, no earlier version and no metadata that could still say what is under the black."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pypdfium2
from PIL import Image, ImageDraw, ImageOps
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.printing import MOST_PAGES, MOST_REGIONS, Region

DPI = 150  # legible when printed, and a page stays below half a megabyte
SHOWN_DPI = 96
POINT = 72
LARGEST = 40_000_000  # pixels of one page
UNREADABLE = "Berkas ini tidak terbaca sebagai PDF atau gambar (PNG, JPEG, WebP)."
LOCKED = "PDF ini terkunci dengan kata sandi. Buka kuncinya dulu, lalu unggah lagi."
EDGE = 1.5  # pixels by which a region grows: the edge of a letter must not look out


def pages(content: bytes) -> int:
    """How many pages; Invalid where it cannot be read, is locked or too long."""
    if not _is_pdf(content):
        _picture(content)
        return 1
    with _document(content) as document:
        count = len(document)
    if not 0 < count <= MOST_PAGES:
        raise Invalid(f"Dokumen ini {count} halaman; paling banyak {MOST_PAGES}. Bagi dulu menjadi beberapa berkas.")
    return count


def picture(content: bytes, page: int) -> bytes:
    """One page as PNG, to mark on."""
    out = io.BytesIO()
    _page(content, page, SHOWN_DPI).save(out, "PNG")
    return out.getvalue()


def black_out(content: bytes, regions: Sequence[Region]) -> bytes:
    """The copy. Invalid: no region, one on no page, or more than anybody draws."""
    count = pages(content)
    if not regions:
        raise Invalid("Tandai dulu bagian yang dihitamkan.")
    if len(regions) > MOST_REGIONS or any(not _fits(one, count) for one in regions):
        raise Invalid("Tanda bagian yang dihitamkan tidak terbaca. Muat ulang halaman, lalu tandai lagi.")
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=1)
    canvas.setTitle("Salinan dengan bagian yang dihitamkan")
    for number in range(count):
        page = _page(content, number, DPI)
        _paint(page, [one for one in regions if one.page == number])
        size = page.size[0] * POINT / DPI, page.size[1] * POINT / DPI
        canvas.setPageSize(size)
        # Through JPEG and back: what the picture's own file said beside its pixels stays behind.
        canvas.drawImage(ImageReader(_bare(page)), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _paint(page: Image.Image, regions: Sequence[Region]) -> None:
    draw, (wide, high) = ImageDraw.Draw(page), page.size
    for one in regions:
        box = one.left * wide - EDGE, one.top * high - EDGE, one.right * wide + EDGE, one.bottom * high + EDGE
        draw.rectangle(box, fill="black")


def _bare(page: Image.Image) -> io.BytesIO:
    out = io.BytesIO()
    Image.frombytes("RGB", page.size, page.tobytes()).save(out, "JPEG", quality=82)
    out.seek(0)
    return out


def _fits(one: Region, count: int) -> bool:
    across = 0 <= one.left < one.right <= 1
    down = 0 <= one.top < one.bottom <= 1
    return 0 <= one.page < count and across and down


def _page(content: bytes, page: int, dpi: int) -> Image.Image:
    if not _is_pdf(content):
        if page != 0:
            raise NotFound("Halaman itu tidak ada.")
        return _picture(content)
    with _document(content) as document:
        if not 0 <= page < len(document):
            raise NotFound("Halaman itu tidak ada.")
        wide, high = document[page].get_size()
        scale = dpi / POINT
        if wide * high * scale * scale > LARGEST:
            scale = (LARGEST / (wide * high)) ** 0.5
        # Notes and form fields are drawn too: what a reader sees is what can be blacked out.
        document.init_forms()
        found: Image.Image = document[page].render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
        return found


def _is_pdf(content: bytes) -> bool:
    return b"%PDF-" in content[:1024]


@contextmanager
def _document(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Invalid(LOCKED if "password" in str(error).lower() else UNREADABLE) from error
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise Invalid(UNREADABLE) from error
    finally:
        document.close()


def _picture(content: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as found:
            if found.size[0] * found.size[1] > LARGEST:
                raise Invalid("Gambar ini terlalu besar untuk diolah. Kecilkan dulu ukurannya.")
            turned = ImageOps.exif_transpose(found)
            return turned.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Invalid(UNREADABLE) from error
