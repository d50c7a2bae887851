"""Lists of information: sheets in and out with clear faults, found by the public, fed to other sites."""

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator, Sequence
from xml.etree import ElementTree

import pytest
from aiohttp import FormData
from openpyxl import Workbook

from omnichannel.domain.case import Kind
from omnichannel.domain.dip import COLUMNS
from omnichannel.domain.errors import Invalid
from omnichannel.web import workbook
from tests.web.afternoon import Afternoon, Visitor, an_afternoon
from tests.web.cast import a_verdict

HEADS = (
    "Unit",
    "Kategori",
    "Ringkasan isi informasi",
    "Tautan",
    "Dasar hukum",
    "Konsekuensi bila dibuka",
    "Pejabat yang menetapkan",
)
ROWS = (
    ("Dinas Perhubungan", "Berkala", "Laporan kinerja 2025", "https://contoh.id/a", "", "", ""),
    ("dishub", "setiap saat", "Daftar trayek angkutan desa", "", "", "", ""),
    ("BPKAD", "Dikecualikan", "Rincian gaji perorangan", "", "Pasal 17 huruf h", "Rahasia pribadi", "Sekda"),
)


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk"), told=False) as found:
        yield found


def a_sheet(rows: Sequence[Sequence[object]], heads: Sequence[str] = HEADS) -> bytes:
    book, made = Workbook(), io.BytesIO()
    sheet = book.active
    for row in (heads, *rows):
        sheet.append(list(row))
    book.save(made)
    return made.getvalue()


async def upload(visitor: Visitor, content: bytes) -> tuple[int, str]:
    async with visitor._session.get("/sesi") as answer:
        token = (await answer.json())["csrf"]
    form = FormData()
    form.add_field("csrf", token)
    form.add_field("berkas", io.BytesIO(content), filename="dip.xlsx", content_type=workbook.MEDIA_TYPE)
    async with visitor._session.post("/ppid/dip/unggah", data=form) as answer:
        return answer.status, await answer.text()


async def test_a_sheet_comes_in_is_found_and_goes_out_as_it_came(desk: Afternoon) -> None:
    async with desk.visitor("ppid") as p:
        status, _ = await upload(p, a_sheet(ROWS))
        again, _ = await upload(
            p, a_sheet([*ROWS[:2], (*ROWS[2][:4], "Pasal 17 huruf h", "Rahasia keluarga", "Sekda")])
        )
        seen = await p.get("/ppid/dip?cari=trayek")
        async with p._session.get("/ppid/dip/unduh") as answer:
            content = await answer.read()

    assert status == again == 200
    assert "Daftar trayek angkutan desa" in seen.words
    assert "Laporan kinerja" not in seen.words
    table = workbook.read(content)
    assert table[0] == list(COLUMNS)
    assert sorted(row[2] for row in table[1:]) == sorted(row[2] for row in ROWS)
    assert next(row for row in table if row[2].startswith("Rincian"))[10] == "Rahasia keluarga"


async def test_faults_are_told_by_row_and_column_and_nothing_is_kept(desk: Afternoon) -> None:
    bad = [
        ("Dinas Antah", "Berkala", "Satu"),
        ("dishub", "kadang", "Dua"),
        ("dishub", "berkala", ""),
        ("bpkad", "dikecualikan", "Tiga"),
        ("dishub", "berkala", "Empat", "javascript:alert(1)"),
        ("dishub", "berkala", "Lima", "https://contoh.id"),
        ("Dishub", "berkala", "  LIMA "),
    ]
    async with desk.visitor("ppid") as p:
        status, text = await upload(p, a_sheet(bad))
        after = await p.get("/ppid/dip?cari=lima")

    assert status == 422
    told = [re.sub("<[^>]+>", "|", row) for row in re.findall(r'<tr><td class="num">.*?</tr>', text)]
    assert [int(re.findall(r"\d+", row)[0]) for row in told] == [2, 3, 4, 5, 5, 5, 6, 8]
    assert "Dinas Antah" in told[0]
    assert "Sama dengan baris 7" in told[-1]
    assert "Belum ada informasi di sini" in after.words


@pytest.mark.parametrize(
    "content",
    [b"", b"bukan excel", b"PK\x03\x04rusak", a_sheet([], ("Judul", "Isi")), a_sheet([])],
)
async def test_what_is_no_sheet_of_ours_is_refused_in_words(desk: Afternoon, content: bytes) -> None:
    async with desk.visitor("ppid") as p:
        status, text = await upload(p, content)

    assert status == 422
    assert 'role="alert"' in text


async def test_a_sheet_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (workbook.UNPACKED + 1))

    assert len(made.getvalue()) < 200_000
    with pytest.raises(Invalid, match="terlalu besar"):
        workbook.read(made.getvalue())


def test_what_a_citizen_wrote_is_never_computed() -> None:
    nasty = ["=1+1", "@SUM(A1)", "-2+3", "a\x00b\x08c", "x" * 40_000]
    table = workbook.read(workbook.write("Uji", ["Kolom"], [[one] for one in nasty], [20]))

    assert [row[0] for row in table[1:4]] == ["=1+1", "@SUM(A1)", "-2+3"]
    assert table[4][0] == "abc"
    assert len(table[5][0]) == 32_767
    raw = zipfile.ZipFile(io.BytesIO(workbook.write("Uji", ["K"], [["=1+1"]], [20]))).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in raw


async def test_one_row_by_hand_follows_the_same_rules_and_two_do_not_overwrite(desk: Afternoon) -> None:
    row = {"title": "Peta rambu 2026", "unit": "dishub", "category": "berkala"}
    async with desk.visitor("ppid") as p, desk.visitor("m") as m:
        bare = await p.post("/ppid/dip/baru", {**row, "category": "dikecualikan"})
        added = await p.post("/ppid/dip/baru", row)
        twin = await p.post("/ppid/dip/baru", {**row, "title": "PETA  rambu 2026"})
        item = (await desk.read(lambda work: work.catalogue.search("peta rambu")))[0][0]
        first = await p.post(f"/ppid/dip/{item.id}", {**row, "made": "Sangatta 2026", "versi": "1"})
        second = await m.post(f"/ppid/dip/{item.id}", {**row, "made": "Bengalon 2026", "versi": "1"})
        gone = await m.post(f"/ppid/dip/{item.id}/hapus", {"versi": "2"})
    async with desk.visitor("r") as r:
        forbidden = await r.post("/ppid/dip/baru", row)

    assert bare.status == twin.status == 422
    assert "Peta rambu 2026" in bare.html
    assert added.status == first.status == gone.status == 200
    assert second.status == 409
    assert forbidden.status == 403
    assert (await desk.read(lambda work: work.catalogue.search("peta rambu")))[1] == 0


async def test_the_public_searches_pages_and_reads_a_units_own_page(desk: Afternoon) -> None:
    many = [("pupr", "berkala", f"Kontrak jalan nomor {n:02}") for n in range(45)]
    async with desk.visitor("ppid") as p:
        await upload(p, a_sheet(many))
    async with desk.visitor(None) as v:
        first = await v.get("/publik/dip?cari=kontrak&unit=pupr")
        last = await v.get("/publik/dip?cari=kontrak&unit=pupr&mulai=40")
        unit = await v.get("/publik/unit/pupr")
        by_code = await v.get("/publik/unit/64.08.04")
        nobody = await v.get("/publik/unit/tidak-ada")
        odd = await v.get("/publik/dip?cari=%25%00&kategori=apa&mulai=-5&unit=x")
        one = await v.get(re.findall(r"/publik/dip/\d+", first.html)[0])

    assert first.words.count("Kontrak jalan nomor") == 20
    assert "45 informasi" in first.words
    assert last.words.count("Kontrak jalan nomor") == 5
    assert 'rel="next"' not in last.html
    assert "Dinas Pekerjaan Umum" in unit.words
    assert "iframe" in unit.words
    assert "Sangatta Utara" in by_code.words
    assert (nobody.status, odd.status, one.status) == (404, 200, 200)


async def test_the_feed_is_open_and_holds_nothing_exempted(desk: Afternoon) -> None:
    async with desk.visitor("ppid") as p:
        await upload(p, a_sheet([*ROWS, ("dishub", "berkala", 'Aturan <b> & "tanda" ]]>', "", "", "", "")]))
    async with desk.visitor(None) as v:
        async with v._session.get("/publik/dip.json?unit=dishub") as answer:
            found, headers = await answer.json(), answer.headers
        everything = json.loads((await v.get("/publik/dip.json?kategori=dikecualikan")).html)
        atom = (await v.get("/publik/dip.atom")).html

    assert headers["Access-Control-Allow-Origin"] == "*"
    assert {one["unit"] for one in found["items"]} == {"dishub"}
    assert not any(one["category"] == "dikecualikan" for one in everything["items"])
    feed = ElementTree.fromstring(atom)
    titles = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert 'Aturan <b> & "tanda" ]]>' in titles
    assert "Rincian gaji perorangan" not in titles


async def test_the_published_register_names_nobody(desk: Afternoon) -> None:
    await desk.says(
        "Budi Santoso", "tg-humas", "Saya Budi Santoso, NIK 6408010101900001, minta DPA 2025.",
        verdict=a_verdict(Kind.INFORMATION_REQUEST, 0.95, topic="lainnya", unit="bpkad"),
    )  # fmt: skip
    (case,) = await desk.read(lambda work: work.cases.of_conversation(desk.talks["Budi Santoso"]))
    async with desk.visitor(None) as v, desk.visitor("ppid") as p:
        unread = await v.get("/publik/register")
        await p.post(
            f"/ppid/permohonan/{case.number}/putus",
            {"hasil": "granted", "bentuk": "softcopy", "versi": str(case.version)},
        )
        seen = await v.get("/publik/register")

    assert "minta DPA" not in unread.words
    assert "Topik lainnya" in unread.words
    assert "minta DPA 2025" in seen.words
    assert "PPID-2026-" in seen.words
    for secret in ("Budi", "Santoso", "6408010101900001"):
        assert secret not in seen.html


async def test_a_unit_keeps_its_own_list_and_nobody_elses(desk: Afternoon) -> None:
    mine = {"title": "Daftar terminal tipe C", "unit": "dishub", "category": "berkala"}
    async with desk.visitor("ppid") as p:
        await upload(p, a_sheet([("bpkad", "berkala", "Neraca daerah 2025"), *ROWS]))
    theirs = (await desk.read(lambda work: work.catalogue.search("neraca daerah")))[0][0]
    secret = (await desk.read(lambda work: work.catalogue.search("rincian gaji")))[0][0]
    async with desk.visitor("unit") as u:
        listed = await u.get("/ppid/dip")
        blank = await u.get("/ppid/dip/baru")
        added = await u.post("/ppid/dip/baru", mine)
        item = (await desk.read(lambda work: work.catalogue.search("terminal tipe")))[0][0]
        changed = await u.post(f"/ppid/dip/{item.id}", {**mine, "made": "Sangatta 2026", "versi": "1"})
        away = await u.post(f"/ppid/dip/{item.id}", {**mine, "unit": "bpkad", "versi": "2"})
        foreign = await u.post("/ppid/dip/baru", {**mine, "unit": "bpkad"})
        exempt = {"basis": "Pasal 17 huruf h", "consequence": "Rahasia", "approver": "Sekda"}
        hidden = await u.post("/ppid/dip/baru", {**mine, **exempt, "title": "Rahasia kami", "category": "dikecualikan"})
        taken = await u.post(f"/ppid/dip/{theirs.id}", {"title": theirs.title, "unit": "dishub", "category": "berkala", "versi": "1"})  # fmt: skip
        read = await u.get(f"/ppid/dip/{theirs.id}")
        wiped = [await u.post(f"/ppid/dip/{one.id}/hapus", {"versi": str(one.version)}) for one in (theirs, secret)]
        status, text = await upload(u, a_sheet([("dishub", "berkala", "Satu"), ("bpkad", "berkala", "Dua")]))
        fine, _ = await upload(u, a_sheet([("dishub", "serta merta", "Jadwal kapal penyeberangan")]))
        gone = await u.post(f"/ppid/dip/{item.id}/hapus", {"versi": "2"})

    assert "Neraca daerah" not in listed.words
    assert "Daftar trayek angkutan desa" in listed.words
    assert "Tambah informasi" in listed.words
    assert 'value="bpkad"' not in blank.html
    assert 'value="dikecualikan"' not in blank.html
    assert [one.status for one in (added, changed, gone)] == [200, 200, 200]
    assert [one.status for one in (away, foreign, hidden, taken, *wiped)] == [403] * 6
    assert "unit Anda sendiri" in foreign.words
    assert "ditetapkan PPID" in hidden.words
    assert (read.status, "Simpan" in read.words) == (200, False)
    assert (status, fine) == (422, 200)
    assert '<td class="num">3</td><td>Unit</td>' in text
    kept = await desk.read(lambda work: work.catalogue.search("neraca daerah")[0][0])
    assert kept == theirs
    assert (await desk.read(lambda work: work.catalogue.search("terminal tipe")))[1] == 0
    assert (await desk.read(lambda work: work.catalogue.search("jadwal kapal")))[1] == 1
