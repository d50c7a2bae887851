"""The afternoon goes on: what is done together, ahead, by rule or by law, once each, so that every page has something on it."""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from omnichannel.connectors.catalogue import ours
from omnichannel.domain.case import Kind
from omnichannel.domain.message import Template
from omnichannel.domain.ports import Raw
from omnichannel.domain.work import Actor, Message, Work
from omnichannel.inbox import kin, labelling, templates
from omnichannel.inbox.receive import Intake
from tests.web.afternoon import Afternoon, Visitor, an_afternoon, case_of
from tests.web.cast import NOW, a_verdict
from tests.web.test_ppid_letters import a_document

HOUR = timedelta(hours=1)
NIK = "Nama saya Warga Y, NIK 6408012345678901, bansos saya belum turun padahal tetangga sudah semua."
NEWS = Template("kabar_laporan", "id", "approved", "utility", "Halo {{1}}, laporan {{2}} sudah selesai.")
HELD = Template("promo", "id", "rejected", "marketing", "Halo", why="PROMOTIONAL")


@dataclass
class Evening:
    """The desk, and the things whose pages have their number in the address."""

    desk: Afternoon
    edited: Message
    shared: Message
    bansos: Message
    slip: str
    request: str
    objection: str
    paper: int
    task: int  # a question to a unit


@asynccontextmanager
async def an_evening(folder: Path) -> AsyncIterator[Evening]:
    async with an_afternoon(folder, undo=timedelta(seconds=5)) as desk:
        yield await _goes_on(desk)


async def _goes_on(desk: Afternoon) -> Evening:
    desk.house.connectors.update(ours())  # type: ignore[attr-defined]
    await _flood(desk)
    edited = await _edited(desk)
    bansos = await desk.says("Warga Y", "fb-pemkab", NIK, public=True, ago=2 * HOUR)
    gone = await desk.says("Warga Z", "ig-pemkab", "Hubungi saya 081234567890 min", public=True, ago=3 * HOUR)
    await desk.write(lambda work: templates.keep(work, "wa-layanan", (NEWS, HELD), NOW))
    await desk.says("Warga W", "wa-layanan", "Kapan selesai?", ago=30 * HOUR)
    await _one_citizen(desk)
    async with desk.visitor("r") as r, desk.visitor("s") as s, desk.visitor("m") as m:
        await _ok(r, f"/pesan/{gone.id}/sembunyikan", jawab="netral")
        await _beside_each_other(desk, r, s)
        await _ready_made(m)
        await _labelled(desk, m)
        slip = await _counter(r)
    async with desk.visitor("admin") as admin:
        token = {"nama": "Dasbor pimpinan", "petugas": str(desk.staff["m"].id), "masa": "90"}
        await _ok(admin, "/kelola/token", **token)
    talk = await desk.read(lambda work: work.messages.thread(desk.talks["Warga A"]))
    shared = next(message for message in talk if message.location is not None)
    return Evening(desk, edited, shared, bansos, slip, *await _by_law(desk))


async def _ok(who: Visitor, path: str, **fields: str) -> None:
    seen = await who.post(path, fields)
    assert seen.status in (200, 201), f"{path}: {seen.status} {seen.words[:600]}"


async def _flood(desk: Afternoon) -> None:
    """Enough alike for one event, one of them in public and one behind a shut window."""
    verdict = a_verdict(Kind.COMPLAINT, 0.93, topic="drainase_banjir", unit="pupr")
    for name, account, hours, public in (
        ("Warga Banjir Satu", "tg-humas", 2, False),
        ("Warga Banjir Dua", "tg-humas", 1, False),
        ("Warga Banjir Tiga", "fb-pemkab", 1, True),
        ("Warga Banjir Empat", "wa-layanan", 30, False),
    ):
        words = replace(verdict, words=("banjir", "masuk", "rumah", "setinggi", "lutut"))
        said = "Banjir masuk rumah setinggi lutut, hubungi 081234567890"
        await desk.says(name, account, said, ago=hours * HOUR, public=public, verdict=words)


async def _edited(desk: Afternoon) -> Message:
    said = await desk.says("Warga Sunting", "tg-humas", "Jalan rusak di Sangata", ago=HOUR)
    assert said.external_id is not None
    event = {
        "type": "edited",
        "target": said.external_id,
        "thread": "WargaSunting-d",
        "from": {"id": "id-Warga Sunting"},
        "at": NOW.isoformat().replace("+00:00", "Z"),
        "text": "Jalan rusak di Sangatta Selatan, depan pasar",
    }
    body = json.dumps({"events": [event]}).encode()
    connector = desk.house.connectors["tg-humas"]
    await Intake(desk.house.store, desk.house.files, desk.clock).take_in(connector, [Raw(body)])
    return said


async def _one_citizen(desk: Afternoon) -> None:
    """Somebody on two channels, known for one and merged; and somebody of whom it is only guessed."""
    await desk.says("Siti R", "wa-layanan", "Lampu gang mati sejak Senin", ago=5 * HOUR)
    chat = desk.talks["Siti R"]
    await desk.says("Siti R", "surel-layanan", "Menyambung WhatsApp saya tadi pagi", ago=4 * HOUR)
    mail, now, staff = desk.talks["Siti R"], desk.clock.now(), desk.staff["r"]

    def linked(work: Work) -> None:
        one, other = work.conversations.get(chat), work.conversations.get(mail)
        assert one is not None
        assert other is not None
        kin.link(work, staff, one.contact_id, other.contact_id, now)

    await desk.write(linked)
    desk.talks["Siti R"] = chat
    async with desk.visitor("r") as r:
        await _ok(r, f"/percakapan/{chat}/satukan", dengan=str(mail))
    await desk.says("+628125550999", "wa-layanan", "Halo, mau tanya jadwal", ago=3 * HOUR)


async def _beside_each_other(desk: Afternoon, r: Visitor, s: Visitor) -> None:
    """A planned answer, two drafts of one answer, a mention and a handing over."""
    await _ok(
        r,
        f"/percakapan/{desk.talks['Warga G']}/balas",
        text="Tim PDAM datang besok pukul delapan pagi.",
        key=secrets.token_hex(4),
        nanti=(NOW + 18 * HOUR).astimezone().isoformat(),
    )
    for tab, words in (("a", "Nomor pendaftaran ada di loket 2."), ("b", "Nomor pendaftaran RSUD ada di loket 3.")):
        await _ok(r, f"/percakapan/{desk.talks['@warga_i']}/draf", text=words, tab=tab)
    where = f"/percakapan/{desk.talks['Warga A']}"
    await _ok(s, f"{where}/balas", ke="catatan", text="@r tolong cek nomor tiangnya", key=secrets.token_hex(4))
    where = f"/percakapan/{desk.talks['Warga N']}/tugaskan"
    await _ok(s, where, petugas=str(desk.staff["r"].id), pesan="Sudah saya telepon, tinggal dikabari.")


async def _ready_made(m: Visitor) -> None:
    form = {"nama": "PJU ke Dishub", "isi": "Terima kasih, {nama}. Diteruskan ke {unit}.", "jenis": "complaint"}
    await _ok(m, "/kelola/langkah", **form, topik="pju", petugas="saya", akhir="selesai", catatan="Sudah ditelepon.")
    rule = {"nama": "Lampu jalan", "kapan": "pesan", "kata": "lampu jalan", "lakukan-mendesak": "1"}
    await _ok(m, "/kelola/aturan/simpan", **rule)
    await _ok(m, "/kelola/aturan/1/nyala")


async def _labelled(desk: Afternoon, m: Visitor) -> None:
    """Four labels: one conversation bears them all, others one or two; one label was removed."""
    named = (("Banjir Sangatta", "biru"), ("Pilkades", "hijau"), ("Menunggu data lapangan", "cokelat"), ("HUT", "abu"))
    for name, tone in (*named, ("Lama", "abu")):
        await _ok(m, "/kelola/label", nama=name, warna=tone)
    await _ok(m, "/kelola/label/5/hapus")
    worn = {"Warga A": (1, 2, 3, 4), "Warga N": (1,), "@warga_b": (2, 3), "Warga G": (3,)}

    def put(work: Work) -> None:
        for name, ids in worn.items():
            labelling.change(work, Actor("staff:3", "Petugas M"), desk.talks[name], on=ids, now=NOW)

    await desk.write(put)


async def _counter(r: Visitor) -> str:
    visit = {"lewat": "tatap-muka", "jenis": "pengaduan", "nama": "Warga Loket", "kunci": secrets.token_hex(4)}
    visit |= {"telepon": "0812 0000 0001", "diterima": "2026-12-17T10:30", "isi": "Lampu jalan di depan pasar mati."}
    seen = await r.post("/catat", visit)
    assert seen.path.startswith("/catat/"), seen.words[:600]
    return seen.path.partition("?")[0]


async def _by_law(desk: Afternoon) -> tuple[str, str, int, int]:
    """A request with a letter, a paper and a question to a unit; another refused and objected to; a list."""
    async with desk.visitor("ppid") as p:
        case, refused = await case_of(desk, "@warga_b"), await case_of(desk, "Warga C")
        sheet = f"/ppid/permohonan/{case.number}"
        await _ok(p, f"{sheet}/unit", unit="dishub", tanya="Berapa kendaraan dinas yang tercatat?", hari="3")
        await _ok(p, f"{sheet}/surat", jenis="receipt")
        sent = await p.post(f"{sheet}/surat/unggah", files=[("daftar-kendaraan.pdf", a_document())])
        assert sent.status == 200, sent.words
        task = (await desk.read(lambda work: work.errands.tasks(case.id)))[0]
        paper = (await desk.read(lambda work: work.requests.papers(case.id)))[0]
        other = f"/ppid/permohonan/{refused.number}"
        decision = {"hasil": "not_held", "alasan": "Tidak kami kuasai.", "versi": str(refused.version)}
        await _ok(p, f"{other}/putus", kepada="", **decision)
        await _ok(p, f"{other}/keberatan", pasal="e", kasus="Padahal notulen itu ada di dinas.")
        objection = (await desk.read(lambda work: work.objections.of_case(refused.id)))[0]
        item = {"unit": "dishub", "category": "berkala", "title": "Laporan kinerja Dinas Perhubungan 2025"}
        await _ok(p, "/ppid/dip/baru", **item)
    return case.number, objection.number, paper.id, task.id
