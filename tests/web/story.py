"""What happened until five past two: every kind of row, bubble and clock that the desk can show, once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from omnichannel.domain.case import Kind
from omnichannel.domain.channel import Health
from omnichannel.domain.message import Attachment, Delivery
from omnichannel.domain.verdict import Area, Place, Verdict
from omnichannel.domain.work import Work
from omnichannel.inbox import reply, triage
from omnichannel.router import lapor, route
from tests.web.cast import ACCOUNTS, FIRST_WORDS, NOW, PIXEL, a_verdict

if TYPE_CHECKING:
    from tests.web.afternoon import Afternoon


async def tell(desk: Afternoon) -> None:
    """The story of design/README: who wrote what, and where each stands at five past two."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    lights = a_verdict(
        Kind.COMPLAINT,
        0.92,
        topic="pju",
        unit="dishub",
        cues=("lampu jalan … mati", "gelap", "mohon diperbaiki"),
        place=Place(Area("64.08.04", "Sangatta Utara"), Area("64.08.04.1001", "Teluk Lingga")),
    )
    roads = a_verdict(Kind.COMPLAINT, 0.9, topic="jalan_jembatan", unit="pupr", cues=("jalan poros", "diperbaiki"))
    papers = a_verdict(Kind.INFORMATION_REQUEST, 0.96, topic="lainnya", unit="bpkad", cues=("salinan", "dokumen"))
    await _talk_with_a(desk, lights)
    await desk.says(
        "Warga C", "surel-layanan", "Mohon salinan notulen rapat pembebasan lahan.", ago=20 * day, verdict=papers
    )
    await desk.says("@warga_b", "x-kutim", "Mohon salinan ringkasan APBD 2026.", ago=14 * day, verdict=papers)
    await desk.says("@warga_b", "x-kutim", "Sudah ada kabar?", ago=1 * hour)
    await desk.says(
        "@warga_e",
        "ig-pemkab",
        "Jadi kapan jalan poros Kaubun diperbaiki, Min? Truk sudah tidak bisa lewat.",
        ago=38 * timedelta(minutes=1),
        public=True,
        verdict=roads,
    )
    await desk.says(
        "Warga F",
        "wa-layanan",
        "Kartu keluarga saya sudah selesai belum?",
        ago=3 * hour,
        verdict=a_verdict(Kind.OTHER, 0.9, topic="kependudukan", unit=None),
    )
    await desk.answers(
        "r",
        "Warga F",
        "Berkas kartu keluarga sudah selesai, silakan diambil di loket 3.",
        Delivery.FAILED,
        ago=26 * timedelta(minutes=1),
        error="Jendela 24 jam sudah tertutup.",
    )
    await desk.says(
        "Warga G",
        "tg-humas",
        "Air PDAM keruh lagi di Singa Gembara, sudah 3 hari",
        ago=6 * timedelta(minutes=1),
        verdict=a_verdict(Kind.COMPLAINT, 0.88, topic="air_bersih", unit="pupr", cues=("air … keruh",)),
    )
    await desk.says(
        "+628125550377",
        "wa-layanan",
        "Mau lapor ada pungutan waktu urus surat tanah",
        ago=1 * hour,
        verdict=a_verdict(Kind.COMPLAINT, 0.93, topic="pungli", unit="inspektorat", cues=("pungutan",)),
    )
    await desk.says(
        "@warga_i",
        "x-kutim",
        "Min, nomor pendaftaran RSUD berapa ya?",
        ago=5 * hour,
        verdict=a_verdict(Kind.OTHER, 0.48, topic="kesehatan", unit=None, doubt=True),
    )
    await desk.says(
        "Warga M",
        "surel-layanan",
        "Permohonan data jumlah siswa SD per kecamatan.",
        ago=5 * hour,
        subject="Permohonan data",
        verdict=a_verdict(
            Kind.INFORMATION_REQUEST, 0.61, topic="pendidikan", unit=None, cues=("permohonan data",), doubt=True
        ),
    )
    await desk.says("Warga N", "tg-humas", "Terima kasih, lampunya sudah menyala", ago=day)
    await desk.write(lambda work: triage.resolve(work, desk.staff["r"], desk.talks["Warga N"], now=NOW))
    await desk.says(
        "Warga K",
        "surel-layanan",
        "Usul jam buka perpustakaan sampai malam",
        ago=day,
        verdict=a_verdict(Kind.ASPIRATION, 0.91, topic="pendidikan", unit="diskominfo", cues=("usul",)),
    )
    await desk.write(lambda work: triage.snooze(work, desk.staff["r"], desk.talks["Warga K"], NOW + day, now=NOW))
    await desk.says(
        "Warga S", "tg-humas", "Jalan poros berlubang besar di dekat jembatan.", ago=25 * day, verdict=roads
    )
    await desk.says(
        "Warga T",
        "fb-pemkab",
        "Sampah menumpuk di belakang pasar induk",
        ago=3 * day,
        verdict=a_verdict(Kind.COMPLAINT, 0.9, topic="sampah_lingkungan", unit="pupr", cues=("sampah menumpuk",)),
    )
    await desk.write(
        lambda work: lapor.keyed_in(
            work,
            desk.staff["lapor"],
            _case(work, desk, "Warga T"),
            "10514471",
            "https://www.lapor.go.id/laporan/10514471",
            office=desk.house.office,
            capabilities=None,
            now=NOW - 2 * day,
        )
    )
    await desk.says("@warga_l", "ig-pemkab", "Stan UMKM di alun-alun masih bisa daftar?", ago=30 * hour)
    wrong = a_verdict(Kind.INFORMATION_REQUEST, 0.85, topic="lainnya", unit="bpkad")
    await desk.says("Warga V", "wa-layanan", "Halo min, selamat pagi", ago=day, verdict=wrong)
    await desk.write(
        lambda work: route.void(
            work, desk.staff["ppid"], _case(work, desk, "Warga V"), "Hanya salam, bukan permohonan informasi", now=NOW
        )
    )
    await desk.says(
        "Warga D",
        "wa-layanan",
        "Ada buaya di bawah jembatan Sangkima, anak-anak masih mandi di situ, tolong cepat",
        ago=2 * timedelta(minutes=1),
        verdict=a_verdict(
            Kind.COMPLAINT,
            0.9,
            topic="keamanan",
            unit=None,
            urgent=True,
            place=Place(Area("64.08.04", "Sangatta Utara"), None),
        ),
    )
    await desk.write(lambda work: work.conversations.shut(NOW))  # as the clockwork does each minute
    await _health(desk)


async def _talk_with_a(desk: Afternoon, verdict: Verdict) -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    await desk.says(
        "Warga A",
        "fb-pemkab",
        FIRST_WORDS,
        ago=3 * day - 5 * hour,
        verdict=verdict,
        quoted="Pemkab menulis: pemeliharaan lampu jalan 14–20 Des",
    )
    number = desk.talks["Warga A"]
    await desk.write(lambda work: triage.assign(work, desk.staff["r"], number, desk.staff["r"].id, now=NOW - 2 * day))
    await desk.write(
        lambda work: reply.note(
            work,
            desk.staff["r"],
            number,
            "Dishub: dua tiang di gang itu memang masuk daftar Rabu. Minta foto nomor tiang.",
            key="n1",
            now=NOW - 2 * day + timedelta(minutes=8),
        )
    )
    voice = await desk.says("Warga A", "fb-pemkab", "", ago=2 * hour)
    await desk.attaches(voice, desk.file(b"OggS" + bytes(2000), "audio/ogg", "pesan-suara.ogg"))
    photo = await desk.says(
        "Warga A",
        "fb-pemkab",
        "Ini fotonya, tiang ketiga dari masjid. Nomornya TL-0312.\nhttps://contoh.id/peta?a=1&b=2",
        ago=2 * hour - timedelta(minutes=1),
    )
    pictures = [desk.file(PIXEL, "image/png", f"tiang-{n}.png") for n in range(1, 6)]
    await desk.attaches(photo, *pictures, Attachment("application/pdf", name="denah-gang.pdf", size=245_000, id="f9"))
    await desk.says(
        "Warga A",
        "fb-pemkab",
        "Titiknya di sini",
        ago=2 * hour - timedelta(minutes=2),
        location={"lat": 0.51234, "lon": 117.53456},
    )
    await desk.answers(
        "r",
        "Warga A",
        "Terima kasih, nomornya jelas sekali. Sudah kami teruskan ke tim lapangan.",
        Delivery.READ,
        ago=hour,
    )
    await desk.answers(
        "r",
        "Warga A",
        "Berikut surat tugas tim yang akan datang.",
        Delivery.FAILED,
        ago=timedelta(minutes=11),
        error="Facebook menolak berkas di atas 25 MB.",
    )
    await desk.answers(
        "r",
        "Warga A",
        "Tim datang besok pukul 09.00 WITA.",
        Delivery.UNSURE,
        ago=timedelta(minutes=8),
        error="Facebook tidak menjawab dalam 30 detik.",
    )
    await desk.answers(
        "r", "Warga A", "Kami kabari lagi begitu lampunya menyala.", Delivery.QUEUED, ago=timedelta(minutes=1)
    )


async def _health(desk: Afternoon) -> None:
    def story(work: Work) -> None:
        for name in ACCOUNTS:
            work.accounts.set_health(name, Health.WELL, None, NOW, whoami=f"@{name}")
        work.accounts.set_health("x-kutim", Health.BROKEN, "401: token tidak berlaku lagi", NOW)
        work.accounts.set_health("tg-humas", Health.TROUBLED, "Telegram belum menjawab", NOW)
        entry = work.ledger.append("tg-humas", b"{", {}, NOW)
        work.ledger.quarantine(entry.id, 0, "tg-humas", "bukan JSON", NOW)

    await desk.write(story)


def _case(work: Work, desk: Afternoon, name: str) -> int:
    found = work.cases.of_conversation(desk.talks[name])
    return found[0].id
