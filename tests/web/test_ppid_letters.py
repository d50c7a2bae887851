"""Letters and released copies as a browser without script uses them."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta

import pypdfium2
import pytest
from aiohttp import FormData
from reportlab.pdfgen.canvas import Canvas

from omnichannel.domain.case import Case, Kind
from tests.printing.test_letter import text_of
from tests.web.afternoon import Afternoon, Visitor, an_afternoon
from tests.web.cast import a_verdict

ASK = "Mohon daftar aset kendaraan dinas tahun 2025 dalam bentuk digital."


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk"), told=False) as found:
        yield found


async def a_request(desk: Afternoon, name: str, account: str = "tg-humas") -> Case:
    verdict = a_verdict(Kind.INFORMATION_REQUEST, 0.95, topic="lainnya", unit="bpkad")
    await desk.says(name, account, ASK, verdict=verdict)
    found = await desk.read(lambda work: work.cases.of_conversation(desk.talks[name]))
    return found[0]


def papers(case: Case, deed: str = "") -> str:
    return f"/ppid/permohonan/{case.number}/surat{deed}"


async def pdf(p: Visitor, path: str) -> bytes:
    async with p._session.get(path) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "application/pdf"
        return await answer.read()


def a_document() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 600), invariant=1)
    canvas.drawString(40, 560, "NIK 6408010101900001")
    canvas.drawString(40, 100, "Bagian yang terbuka")
    canvas.save()
    return out.getvalue()


async def upload(p: Visitor, case: Case, content: bytes, name: str = "daftar.pdf") -> tuple[int, str, str]:
    async with p._session.get("/sesi") as answer:
        token = (await answer.json())["csrf"]
    form = FormData()
    form.add_field("csrf", token)
    form.add_field("berkas", content, filename=name, content_type="application/pdf")
    async with p._session.post(papers(case, "/unggah"), data=form) as answer:
        return answer.status, answer.url.path, await answer.text()


async def test_a_letter_is_looked_at_made_numbered_and_sent(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 1", "ig-pemkab")
    async with desk.visitor("ppid") as p:
        empty = await p.get(papers(case))
        seen = text_of(await pdf(p, papers(case, "/pratinjau?jenis=receipt")))
        made = await p.post(papers(case), {"jenis": "receipt"})
        key = re.search(r'name="kunci" value="([^"]+)"', made.html)
        assert key is not None
        kept = (await desk.read(lambda work: work.letters.of_case(case.id)))[0]
        written = text_of(await pdf(p, papers(case, f"/{kept.id}")))
        sent = await p.post(papers(case, f"/{kept.id}/kirim"), {"kunci": key[1]})
        await p.post(papers(case, f"/{kept.id}/kirim"), {"kunci": key[1]})

    assert "Tanda bukti penerimaan permohonan" in empty.words
    assert "Surat penolakan" not in empty.words
    assert "PRATINJAU" in seen
    assert case.number in seen
    assert kept.number in made.words
    assert kept.number in written
    assert "Kirim lagi" in sent.words
    assert len(await desk.read(lambda work: work.letters.handings(case.id))) == 1
    said = await desk.read(lambda work: work.messages.thread(desk.talks["Warga 1"]))
    # This account takes no files (tests/web/cast): a link went out, and opens without a login.
    link = next(one.text for one in said if "/surat/" in one.text).partition("/surat/")[2].split()[0]
    async with desk.visitor(None) as stranger:
        assert await pdf(stranger, f"/surat/{link}") == await desk_pdf(desk, case, kept.id)
        assert (await stranger.get("/surat/" + "x" * 22)).status == 404
        assert (await stranger.get(papers(case, f"/{kept.id}"))).path.startswith("/login")


async def desk_pdf(desk: Afternoon, case: Case, letter: int) -> bytes:
    async with desk.visitor("ppid") as p:
        return await pdf(p, papers(case, f"/{letter}"))


async def test_where_the_channel_takes_files_the_letter_is_one(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 70")
    async with desk.visitor("ppid") as p:
        await p.post(papers(case), {"jenis": "receipt"})
        kept = (await desk.read(lambda work: work.letters.of_case(case.id)))[0]
        sent = await p.post(papers(case, f"/{kept.id}/kirim"), {"kunci": "kunci-70"})

    said = (await desk.read(lambda work: work.messages.thread(desk.talks["Warga 70"])))[-1]
    assert "sebagai berkas" in sent.words
    assert [one.sha256 for one in said.files] == [kept.sha256]


async def test_a_letter_lost_on_the_disk_is_drawn_again_to_the_byte(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 2")
    async with desk.visitor("ppid") as p:
        await p.post(papers(case), {"jenis": "receipt"})
        kept = (await desk.read(lambda work: work.letters.of_case(case.id)))[0]
        before = await pdf(p, papers(case, f"/{kept.id}"))
        path = desk.house.files._path(kept.sha256)  # type: ignore[attr-defined]
        path.unlink()
        after = await pdf(p, papers(case, f"/{kept.id}"))

    assert before == after


async def test_a_letter_about_nothing_and_one_of_another_case_are_refused(desk: Afternoon) -> None:
    case, other = await a_request(desk, "Warga 3"), await a_request(desk, "Warga 4")
    async with desk.visitor("ppid") as p:
        early = await p.post(papers(case), {"jenis": "refusal"})
        strange = await p.post(papers(case), {"jenis": "surat-cinta"})
        await p.post(papers(other), {"jenis": "receipt"})
        theirs = (await desk.read(lambda work: work.letters.of_case(other.id)))[0]
        wrong = await p.get(papers(case, f"/{theirs.id}"))
    async with desk.visitor("r") as r:
        page = await r.get(papers(case))
        refused = await r.post(papers(case), {"jenis": "receipt"})

    assert early.status == 422
    assert "belum diputus" in early.words
    assert strange.status == 422
    assert wrong.status == 404
    assert page.status == 200
    assert "Buat dan beri nomor" not in page.words
    assert refused.status == 403


async def test_a_document_is_marked_blacked_out_and_released(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 5")
    async with desk.visitor("ppid") as p:
        status, where, html = await upload(p, case, a_document())
        async with p._session.get(f"{where}/halaman/0") as answer:
            picture = (answer.status, answer.content_type)
        unmarked = await p.post(where, {"alasan": "nomor induk, Pasal 17 huruf h"})
        bad = await p.post(
            where, {"hal": "1", "kiri": "abc", "atas": "0", "kanan": "100", "bawah": "20", "alasan": "rahasia pribadi"}
        )
        done = await p.post(
            where, {"hal": "1", "kiri": "0", "atas": "0,0", "kanan": "100", "bawah": "20", "alasan": "rahasia pribadi"}
        )
        copy = (await desk.read(lambda work: work.letters.releases(case.id)))[0]
        content = await pdf(p, papers(case, f"/salinan/{copy.id}"))

    assert (status, picture) == (200, (200, "image/png"))
    assert "Mengapa dihitamkan" in html
    assert unmarked.status == bad.status == 422
    assert "abc" in bad.html
    assert "rahasia pribadi" in done.words
    assert text_of(content) == ""
    assert pypdfium2.PdfDocument(content)[0].get_size() == pytest.approx((400, 600), abs=1)
    original = await desk.read(lambda work: work.requests.papers(case.id))
    assert desk.house.files.read(original[0].sha256) == a_document()
    told = await desk.read(lambda work: [one.verb for one in work.screens.history(case.conversation_id)])
    assert "released" in told


@pytest.mark.parametrize("content", [b"bukan pdf", b"%PDF-1.7 rusak", b""])
async def test_what_cannot_be_read_is_not_taken(desk: Afternoon, content: bytes) -> None:
    case = await a_request(desk, f"Warga {len(content) + 20}")
    async with desk.visitor("ppid") as p:
        status, _, _ = await upload(p, case, content)

    assert status == 422
    assert await desk.read(lambda work: work.requests.papers(case.id)) == []


async def test_the_bundle_of_evidence_holds_everything_and_proves_itself(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 50")
    async with desk.visitor("ppid") as p:
        await p.post(papers(case), {"jenis": "receipt"})
        await upload(p, case, a_document(), "../../daftar.pdf")
        async with p._session.get("/sesi") as answer:
            token = (await answer.json())["csrf"]
        async with p._session.post(f"/ppid/permohonan/{case.number}/bukti", data={"csrf": token}) as answer:
            assert (answer.status, answer.content_type) == (200, "application/zip")
            content = await answer.read()
    async with desk.visitor("r") as r:
        refused = await r.post(f"/ppid/permohonan/{case.number}/bukti")

    file = zipfile.ZipFile(io.BytesIO(content))
    manifest = json.loads(file.read("manifest.json"))
    for one in manifest["files"]:
        assert hashlib.sha256(file.read(one["name"])).hexdigest() == one["sha256"]
    for line in file.read("SHA256SUMS").decode().splitlines():
        assert hashlib.sha256(file.read(line[66:])).hexdigest() == line[:64]
    assert manifest["number"] == case.number
    names = set(file.namelist())
    messages = json.loads(file.read("pesan.json"))
    entry = messages[0]["ledger_id"]
    raw = json.loads(file.read(f"mentah/{entry}.json"))
    assert [name for name in names if ".." in name.split("/") or name.startswith("/")] == []
    chained = "\n".join((raw["previous"] or "", raw["account"], raw["at"], raw["sha256"]))
    kept = (await desk.read(lambda work: work.letters.of_case(case.id)))[0]
    assert text_of(file.read(f"surat/{kept.file_name}")).count(kept.number)
    assert file.read(next(one for one in names if one.endswith("daftar.pdf"))) == a_document()
    assert hashlib.sha256(chained.encode()).hexdigest() == raw["chain"]
    assert hashlib.sha256(file.read(f"mentah/{entry}.bin")).hexdigest() == raw["sha256"]
    assert ASK in file.read(f"mentah/{entry}.bin").decode()
    verbs = [one["verb"] for one in json.loads(file.read("riwayat.json"))]
    assert {"case_opened", "letter_made", "evidence_taken"} <= set(verbs)
    assert json.loads(file.read("perkara.json"))["perkara"]["number"] == case.number
    assert refused.status == 403


async def test_outside_the_window_the_page_says_why_and_nothing_is_sent(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 60", "wa-layanan")
    before = desk.clock.moment
    desk.clock.moment = before + timedelta(days=2)
    async with desk.visitor("ppid") as p:
        await p.post(papers(case), {"jenis": "receipt"})
        kept = (await desk.read(lambda work: work.letters.of_case(case.id)))[0]
        shut = await p.post(papers(case, f"/{kept.id}/kirim"), {"kunci": "kunci-uji"})
        keyless = await p.post(papers(case, f"/{kept.id}/kirim"), {})
    desk.clock.moment = before

    assert (shut.status, keyless.status) == (422, 422)
    assert "sudah tertutup" in shut.words
    assert await desk.read(lambda work: work.letters.handings(case.id)) == []
