"""The yearly report on screen opens its rows, and registers leave as files that somebody is known to have taken."""

import csv
import io
import re
from collections.abc import AsyncIterator

import pytest

from omnichannel.domain.case import Kind
from tests.printing.test_letter import text_of
from tests.web.afternoon import Afternoon, Visitor, an_afternoon
from tests.web.cast import a_verdict

SPAN = {"dari": "2026-01-01", "sampai": "2026-12-31"}


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk"), told=False) as found:
        verdict = a_verdict(Kind.INFORMATION_REQUEST, 0.95, topic="lainnya", unit="bpkad")
        for n in range(3):
            words = f"Mohon laporan keuangan {2020 + n} dalam bentuk digital."
            await found.says(f"Warga {n}", "tg-humas", words, verdict=verdict)
        yield found


async def taken(p: Visitor, what: str, **fields: str) -> tuple[int, str, bytes]:
    async with p._session.get("/sesi") as answer:
        token = (await answer.json())["csrf"]
    async with p._session.post(f"/unduh/{what}", data={"csrf": token, **SPAN, **fields}) as answer:
        return answer.status, answer.content_type, await answer.read()


async def test_each_figure_opens_its_rows(desk: Afternoon) -> None:
    async with desk.visitor("ppid") as p:
        page = await p.get("/ppid/laporan?tahun=2026")
        link = re.search(r'href="(/ppid/laporan/baris\?tahun=2026&amp;angka=masuk)">(\d+)<', page.html)
        assert link is not None
        rows = await p.get(link[1].replace("&amp;", "&"))
        nothing = await p.get("/ppid/laporan/baris?tahun=2026&angka=rahasia")
        past = await p.get("/ppid/laporan?tahun=1999")
        english = await p.get("/ppid/laporan")

    assert int(link[2]) >= 3
    assert rows.html.count('<th scope="row" class="num nw">') == int(link[2])
    assert nothing.status == past.status == 404
    assert english.status == 200


async def test_the_report_comes_as_pdf_with_what_was_written(desk: Afternoon) -> None:
    async with desk.visitor("ppid") as p:
        async with p._session.get("/sesi") as answer:
            token = (await answer.json())["csrf"]
        form = {"csrf": token, "tahun": "2026", "kendala": "Petugas baru dua orang."}
        async with p._session.post("/ppid/laporan", data=form) as answer:
            content = await answer.read()

    assert "Petugas baru dua orang." in text_of(content)
    assert "TAHUN 2026" in text_of(content)


@pytest.mark.parametrize(("format", "head"), [("xlsx", b"PK"), ("pdf", b"%PDF-"), ("csv", b"\xef\xbb\xbf")])
async def test_a_register_is_taken_away_and_that_is_written_down(desk: Afternoon, format: str, head: bytes) -> None:
    async with desk.visitor("ppid") as p:
        page = await p.get("/ppid")
        status, _, content = await taken(p, "permohonan", format=format)

    assert "/unduh?apa=permohonan" in page.html
    assert status == 200
    assert content.startswith(head)
    told = await desk.read(lambda work: work.screens.happened(0, 10_000))
    assert any(one.verb == "exported" and one.after == f"permohonan 2026-01-01 2026-12-31 {format}" for one in told)
    if format == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert len(rows) >= 4


async def test_the_page_of_registers_lists_them_and_stays_live(desk: Afternoon) -> None:
    async with desk.visitor("ppid") as p:
        page = await p.get("/unduh?apa=keberatan")

    assert re.search(r'id="keberatan"><details open', page.html)
    assert page.html.count('action="/unduh/') == 5
    # The day fields once hid the number by which an open page asks for what it missed.
    assert not re.search(r'data-(?:last|seq)="[^"]*-[^"]*"', page.html)


async def test_who_may_not_take_it_gets_nothing(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        refused = await taken(r, "permohonan", format="csv")
        page = await r.get("/ppid")
        report = await r.get("/ppid/laporan")

    assert refused[0] == report.status == 403
    assert "/unduh" not in page.html


@pytest.mark.parametrize(
    "fields",
    [
        {"format": "docx"},
        {"format": "csv", "dari": "kemarin"},
        {"format": "csv", "dari": "2026-02-30"},
        {"format": "csv", "sampai": "2025-01-01"},
    ],
)
async def test_what_makes_no_sense_is_said(desk: Afternoon, fields: dict[str, str]) -> None:
    async with desk.visitor("ppid") as p:
        status, _, _ = await taken(p, "permohonan", **fields)

    assert status == 422
