"""What stands on paper is what stands in the letter: read out of the PDF again, and never dependent on what was sent us."""

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from omnichannel.domain.case import Outcome
from omnichannel.domain.letter import Choices, Fields, Heading, Letter, LetterKind, LetterRules, Words, numbered
from omnichannel.domain.letter_forms import compose
from omnichannel.printing.printer import OfficePrinter, unusable
from tests.matters import RULES, WHEN, a_matter, a_request, an_objection

PRINTER = OfficePrinter(RULES)


def text_of(pdf: bytes) -> str:
    """Every word of the document, in one line."""
    document = pypdfium2.PdfDocument(pdf)
    found = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(found.split())


def pages_of(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    count = len(document)
    document.close()
    return count


def a_letter(kind: LetterKind = LetterKind.RECEIPT, **facts: object) -> Letter:
    request = a_request(extended_at=WHEN, extension_reason="Dokumen masih dihimpun.", **facts)
    matter = a_matter(Outcome.PARTLY, request=request, objection=an_objection())
    return numbered(compose(kind, matter), RULES.numbered(kind, matter.today, 12))


def words_of(letter: Letter) -> list[str]:
    said = [letter.title, letter.number, letter.place, *letter.to, *letter.head, letter.address]
    for block in letter.body:
        if isinstance(block, Words | Heading):
            said.append(block.text)
        elif isinstance(block, Fields):
            said += [part for row in block.rows for part in row]
        elif isinstance(block, Choices):
            said += [f"[x] {text}" for ticked, text in block.rows if ticked]
    return [" ".join(one.split()) for one in said if one] + [one.name for one in letter.signatures if one.name]


@pytest.mark.parametrize("kind", list(LetterKind))
def test_every_word_of_the_letter_can_be_read_out_of_its_pdf(kind: LetterKind) -> None:
    letter = a_letter(kind)

    text = text_of(PRINTER.letter(letter))

    assert [one for one in words_of(letter) if one not in text] == []


@pytest.mark.parametrize("kind", list(LetterKind))
def test_the_same_letter_gives_the_same_bytes(kind: LetterKind) -> None:
    assert PRINTER.letter(a_letter(kind)) == OfficePrinter(RULES).letter(a_letter(kind))


def test_the_fonts_are_in_the_file() -> None:
    pdf = PRINTER.letter(a_letter())

    assert b"/FontFile2" in pdf
    assert b"/BaseFont /Helvetica " not in pdf.replace(b"\n", b" ") or b"Vera" in pdf


def test_a_preview_says_so_and_a_letter_does_not() -> None:
    assert "PRATINJAU" in text_of(PRINTER.letter(numbered(a_letter(), "")))
    assert "PRATINJAU" not in text_of(PRINTER.letter(a_letter()))


@pytest.mark.parametrize(
    "name",
    [
        "x" * 10_000,
        "kata " * 2_000,
        "مريم بنت علي",
        "Warga 🙂👩‍👩‍👧 Uji",
        "\u202egnalib\u202c <b>tebal</b> & <font size=99>besar</font> </para>",
        "\x00\x07\ud800",
        "測試 테스트 ไทย",
        "\n" * 300,
    ],
)
def test_no_name_breaks_a_letter(name: str) -> None:
    letter = a_letter(name=name, details=name, purpose=name)

    text = text_of(PRINTER.letter(letter))

    assert "PPID-2026-000123" in text
    assert "Pemohon informasi" in text


def test_what_looks_like_markup_stays_words() -> None:
    text = text_of(PRINTER.letter(a_letter(name="<b>Warga</b> & Kawan")))

    assert "<b>Warga</b> & Kawan" in text


def test_a_long_name_stands_whole_among_the_fields() -> None:
    pdf = PRINTER.letter(a_letter(name="x" * 10_000))

    assert text_of(pdf).replace(" ", "").count("x") >= 10_000
    assert pages_of(pdf) < 12


def test_a_huge_answer_runs_over_as_many_pages_as_it_needs() -> None:
    letter = a_letter(details="Anggaran " * 10_000)

    assert 5 < pages_of(PRINTER.letter(letter)) < 60


@pytest.mark.parametrize("content", [None, b"", b"bukan gambar", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_a_coat_of_arms_that_is_missing_or_broken_costs_nobody_a_letter(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "lambang.png"
    if content is not None:
        path.write_bytes(content)

    assert "TANDA BUKTI" in text_of(OfficePrinter(replace(RULES, arms=str(path))).letter(a_letter()))


def test_the_coat_of_arms_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "lambang.png"
    Image.new("RGBA", (40, 60), (200, 0, 0, 255)).save(path)

    pdf = OfficePrinter(replace(RULES, arms=str(path))).letter(a_letter())

    document = pypdfium2.PdfDocument(pdf)
    page = document[0].render(scale=1).to_pil()
    red = [page.getpixel((x, y)) for x in range(60, 130, 3) for y in range(40, 130, 3)]
    assert any(one[0] > 150 and one[1] < 60 for one in red)
    document.close()


def test_an_office_without_a_head_leaves_a_line_to_write_on() -> None:
    matter = a_matter(Outcome.GRANTED, rules=LetterRules())
    letter = numbered(compose(LetterKind.NOTICE, matter), "001")

    assert "(…" in text_of(OfficePrinter(LetterRules()).letter(letter))


def test_the_doctor_is_told_which_files_letters_cannot_use(tmp_path: Path) -> None:
    good, bad, font = tmp_path / "baik.png", tmp_path / "rusak.png", tmp_path / "huruf.ttf"
    Image.new("RGB", (10, 10)).save(good, "PNG")
    bad.write_bytes(b"bukan gambar")
    font.write_bytes(b"bukan huruf")

    assert unusable(replace(RULES, arms=str(good))) == []
    assert unusable(replace(RULES, arms=str(bad), fonts=(str(font),))) == [str(bad), str(font)]
