"""What a citizen wrote is text in every sheet, however many rows there are."""

import csv
import io
import tracemalloc
import zipfile
from pathlib import Path

import pypdfium2
import pytest

from omnichannel.domain.letter import LetterRules
from omnichannel.domain.printing import Column, Format, SheetHead
from omnichannel.printing.printer import OfficePrinter
from tests.printing.test_letter import text_of

PRINTER = OfficePrinter(LetterRules())
HEAD = SheetHead(
    "Register", "Dinas Contoh", "2026", (Column("Nomor", 5), Column("Ya", 5, "Dikuasai"), Column("Isi", 20))
)
FORMULAS = [
    '=HYPERLINK("http://x.example","klik")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1", " =1+1", "\n=1", "'=1", "|calc", "＝1+1",
    '"=1',
]  # fmt: skip


def written(path: Path, format: Format, rows: list[tuple[str, str, str]]) -> bytes:
    with PRINTER.sheet(path, format, HEAD) as sheet:
        for start in range(0, len(rows), 500):
            sheet.add(rows[start : start + 500])
    return path.read_bytes()


@pytest.mark.parametrize("words", FORMULAS)
def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path, words: str) -> None:
    content = written(tmp_path / "a.csv", Format.CSV, [("1", "", words)])

    cell = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1][2]
    assert cell.startswith("'")
    assert cell[1:].strip() == words.replace("\x00", " ").strip()


def test_plain_words_stay_as_they_are(tmp_path: Path) -> None:
    content = written(tmp_path / "a.csv", Format.CSV, [("PPID-2026-000001", "✓", 'Kata "dua", tiga\nbaris')])

    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [["Nomor", "Dikuasai: Ya", "Isi"], ["PPID-2026-000001", "✓", 'Kata "dua", tiga\nbaris']]


@pytest.mark.parametrize(
    "words", [*FORMULAS, "x" * 40_000, "\x00\x01\x0b", "http://x.example", "مريم 🙂", "12345678901234567890"]
)
def test_no_cell_of_a_workbook_is_anything_but_text(tmp_path: Path, words: str) -> None:
    content = written(tmp_path / "a.xlsx", Format.XLSX, [("1", "", words)])

    book = zipfile.ZipFile(io.BytesIO(content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert 't="inlineStr"' in sheet


def test_a_register_on_paper_has_its_heads_on_every_page(tmp_path: Path) -> None:
    rows = [(f"PPID-{n:06}", "✓", "Salinan anggaran " * (n % 30)) for n in range(300)]

    pdf = written(tmp_path / "a.pdf", Format.PDF, rows)

    document = pypdfium2.PdfDocument(pdf)
    pages = [one.get_textpage().get_text_range() for one in document]
    document.close()
    assert len(pages) > 3
    assert all("Dikuasai" in one and "Halaman" in one for one in pages)
    assert "PPID-000299" in text_of(pdf)


def test_a_tick_is_a_tick_on_paper_too(tmp_path: Path) -> None:
    text = text_of(written(tmp_path / "a.pdf", Format.PDF, [("1", "✓", "Anggaran")]))

    assert "1 √ Anggaran" in text


@pytest.mark.parametrize("words", ["x" * 10_000, "\n" * 500, "مريم 🙂", "", "\x00"])
def test_no_cell_breaks_the_paper(tmp_path: Path, words: str) -> None:
    pdf = written(tmp_path / "a.pdf", Format.PDF, [("1", words, words)])

    assert pdf.startswith(b"%PDF-")


@pytest.mark.parametrize("format", [Format.CSV, Format.XLSX])
def test_what_is_held_in_memory_does_not_grow_with_the_rows(tmp_path: Path, format: Format) -> None:
    rows = [(f"PPID-2026-{n:06}", "✓", "Salinan dokumen anggaran dinas perhubungan") for n in range(500)]
    tracemalloc.start()
    with PRINTER.sheet(tmp_path / "besar", format, HEAD) as sheet:
        sheet.add(rows)
        early = tracemalloc.get_traced_memory()[0]
        for _ in range(59):
            sheet.add(rows)
        late = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    # 30,000 rows here, the size of the file aside: what is held does not grow with them.
    assert late - early < 1_000_000
