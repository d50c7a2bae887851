"""LAPOR's own officers in the demo: they verify, dispose, write and finish, a few seconds apart instead of days."""

from datetime import timedelta
from random import Random

from omnichannel.domain.ports import Clock
from omnichannel.toys.lapor import LaporToy

EVERY = timedelta(seconds=2)
FOR = (
    ("jalan", "502"),
    ("jembatan", "502"),
    ("lampu", "503"),
    ("parkir", "503"),
    ("sampah", "504"),
    ("listrik", "601"),
)
WORKING = (
    "Laporan sudah kami terima dan dijadwalkan untuk ditinjau.",
    "Petugas kami sudah meninjau lokasi dan sedang menyiapkan bahan.",
    "Kami berkoordinasi dengan pemerintah desa setempat.",
)
DONE = (
    "Pekerjaan sudah selesai. Terima kasih atas laporannya.",
    "Sudah ditangani petugas lapangan kemarin sore.",
)


async def officers(toy: LaporToy, clock: Clock, rng: Random, every: timedelta = EVERY) -> None:
    """Somebody moves one report about `every` so often, for ever: cancel it to stop."""
    while True:
        await clock.sleep(every * rng.uniform(0.5, 1.5))
        moving = [number for number, report in toy.reports.items() if report.state not in ("Selesai", "Bukan Wewenang")]
        if moving:
            move(toy, rng.choice(moving[-6:]), rng)


def move(toy: LaporToy, number: str, rng: Random) -> None:
    """The next step in the life of one report."""
    report = toy.reports[number]
    if report.state == "Belum Terverifikasi":
        words = f"{report.title} {report.said['content']}".casefold()
        toy.dispose(number, next((institution for word, institution in FOR if word in words), "501"))
    elif report.state == "Terverifikasi":
        toy.follows_up(number, rng.choice(WORKING), status="Dalam Proses")
    else:
        toy.follows_up(number, rng.choice(DONE), status="Selesai")
