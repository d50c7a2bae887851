"""Every screen of the desk, once: `make pictures` draws them and axe judges them (tests/browser/visiting.py).

The route table decides whether that is all: tests/web/test_screens.py fails on a page that nobody looks at.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Page

from tests.web.evening import Evening

Deed = Callable[[Page], Awaitable[object]]


@dataclass(frozen=True)
class Screen:
    """Who looks (None: a stranger), where, and what they do there before anybody judges."""

    login: str | None
    path: str
    deed: Deed | None = None


# Pages that have no picture here, and who looks at them instead.
ELSEWHERE = {
    "/mulai": "tests/browser/test_first_run.py",  # the house under test has its office already
    "/mulai/kanal": "tests/browser/test_first_run.py",
    "/mulai/kantor": "tests/browser/test_first_run.py",
    "/mulai/siap": "tests/browser/test_first_run.py",
    "/mulai/uji": "tests/browser/test_first_run.py",
    "/l/{token}": "tests/browser/test_ppid_way.py",
    "/publik": "tests/browser/citizens_way.py",
    "/publik/dip": "tests/browser/citizens_way.py",
    "/publik/dip/{item}": "tests/browser/test_ppid_paths.py",
    "/publik/keberatan": "tests/browser/citizens_way.py",
    "/publik/lacak": "tests/browser/citizens_way.py",
    "/publik/register": "tests/browser/citizens_way.py",
    "/publik/sematan/permohonan": "tests/browser/citizens_way.py",
    "/publik/statistik": "tests/browser/citizens_way.py",
    "/publik/unit/{kode}": "tests/browser/citizens_way.py",
    "/publik/{form}": "tests/browser/citizens_way.py",
}
# What answers a script, another program or a download, and what only sends on: nothing to look at.
NO_PAGE = frozenset(
    {
        "/",
        "/alarm/pita",
        "/aplikasi-{size}.png",
        "/aplikasi.webmanifest",
        "/berkas/{file_id}",
        "/healthz",
        "/hitung",
        "/hooks/{account}",
        "/kabar/terbaru",
        "/kanal/gangguan",
        "/kelola",
        "/kotak",
        "/kotak/{view}/baris",
        "/kotak/{view}/{conversation}/panel",
        "/percakapan/{conversation}/tangga/{clock}",
        "/lapor/berkas.xlsx",
        "/live",
        "/live/gap",
        "/live/hadir",
        "/metrics",
        "/palet",
        "/pekerja.js",
        "/percakapan/{conversation}/aliran",
        "/percakapan/{conversation}/aturan",
        "/percakapan/{conversation}/draf",
        "/percakapan/{conversation}/jawab",
        "/percakapan/{conversation}/kepala",
        "/percakapan/{conversation}/tentang",
        "/ppid/dip/saran",
        "/ppid/dip/unduh",
        "/ppid/laporan/baris",
        "/ppid/permohonan/{number}/berkas/{paper}",
        "/ppid/permohonan/{number}/surat/hitamkan/{paper}/halaman/{page}",
        "/ppid/permohonan/{number}/surat/pratinjau",
        "/ppid/permohonan/{number}/surat/salinan/{release}",
        "/ppid/permohonan/{number}/surat/{letter}",
        "/publik/dip.atom",
        "/publik/dip.json",
        "/publik/statistik.csv",
        "/publik/statistik.json",
        "/readyz",
        "/rencana/{plan}/berkas/{nth}",
        "/sesi",
        "/static/{path}",
        "/surat/{token}",
        "/tampilan.css",
    }
)
MACHINES = "/api/"


def screens(evening: Evening) -> dict[str, Screen]:
    """Name → screen."""
    return _all_day(evening) | _together(evening) | _by_law(evening) | _office(evening)


def _all_day(evening: Evening) -> dict[str, Screen]:
    desk = evening.desk
    talk = {name: f"/kotak/semua/{number}" for name, number in desk.talks.items()}
    first = desk.talks["Warga A"]
    return {
        "login": Screen(None, "/login"),
        "luring": Screen(None, "/luring"),
        "meja": Screen("r", f"/kotak/perlu-dibaca/{first}"),
        "daftar": Screen("r", "/kotak/perlu-dibaca"),
        "urut": Screen("r", "/kotak/semua?urut=genting&cari=kanal:tg"),
        "centang": Screen("r", "/kotak/semua", _ticked),
        "komentar": Screen("r", talk["@warga_e"]),
        "komentar-nik": Screen("r", talk["Warga Y"]),
        "komentar-sembunyi": Screen("r", talk["Warga Z"]),
        "jendela-tutup": Screen("s", talk["Warga W"]),
        "album": Screen("r", talk["Warga A"], _in_the_light),
        "disunting": Screen("r", talk["Warga Sunting"]),
        "versi": Screen("r", f"/pesan/{evening.edited.id}/versi"),
        "peta": Screen("r", f"/pesan/{evening.shared.id}/peta"),
        "pindah": Screen("r", f"/pesan/{evening.bansos.id}/pindah"),
        "selesai-publik": Screen("r", f"/pesan/{evening.bansos.id}/selesai-publik"),
        "tidak-ditemukan": Screen("r", "/kotak/semua?cari=zebra"),
        "ditunda-kosong": Screen("r", "/kotak/ditunda?cari=zzz"),
        "cari": Screen("r", f"/kotak/perlu-dibaca/{first}?cari=lampu+status:baru,menunggu,selesai"),
        "cari-salah": Screen("r", "/kotak/semua?cari=lampu+warna:merah"),
        "melabel": Screen("r", f"/kotak/semua/{first}", _labels),
        "palet": Screen("r", f"/kotak/semua/{first}", _palette),
        "saran": Screen("r", f"/percakapan/{desk.talks['Warga F']}/saran"),
        "balasan": Screen("r", f"/balasan?percakapan={first}"),
        "galat": Screen("r", "/kasus/PPID-2026-999999"),
    }


def _together(evening: Evening) -> dict[str, Screen]:
    talk = {name: f"/kotak/semua/{number}" for name, number in evening.desk.talks.items()}
    return {
        "kabar": Screen("r", "/kabar"),
        "gabungan": Screen("r", talk["Siti R"]),
        "pisahkan": Screen("r", f"/percakapan/{evening.desk.talks['Warga A']}/pisahkan"),
        "serah": Screen("r", talk["Warga N"]),
        "rencana": Screen("r", talk["Warga G"]),
        "draf": Screen("r", talk["@warga_i"]),
        "nanti": Screen("r", talk["Warga A"], _later),
        "langkah": Screen("r", f"/percakapan/{evening.desk.talks['Warga A']}/langkah"),
        "peristiwa": Screen("r", "/peristiwa"),
        "satu-peristiwa": Screen("r", "/peristiwa/1"),
        "catat": Screen("r", "/catat"),
        "tanda": Screen("r", evening.slip),
        "tempel": Screen("r", "/tempel"),
        "surel-lepas": Screen("r", "/surel-lepas"),
    }


def _by_law(evening: Evening) -> dict[str, Screen]:
    sheet = f"/ppid/permohonan/{evening.request}"
    return {
        "kasus": Screen("ppid", f"/kasus/{evening.request}"),
        "register": Screen("ppid", "/ppid"),
        "permohonan": Screen("ppid", sheet),
        "surat": Screen("ppid", f"{sheet}/surat"),
        "hitamkan": Screen("ppid", f"{sheet}/surat/hitamkan/{evening.paper}"),
        "keberatan": Screen("ppid", "/ppid/keberatan"),
        "satu-keberatan": Screen("ppid", f"/ppid/keberatan/{evening.objection}"),
        "dip": Screen("ppid", "/ppid/dip"),
        "dip-baru": Screen("ppid", "/ppid/dip/baru"),
        "dip-satu": Screen("ppid", "/ppid/dip/1"),
        "dip-unit": Screen("unit", "/ppid/dip"),
        "tugas": Screen("unit", "/ppid/tugas"),
        "satu-tugas": Screen("unit", f"/ppid/tugas/{evening.task}"),
        "laporan": Screen("ppid", "/ppid/laporan?tahun=2026"),
        "unduh": Screen("ppid", "/unduh"),
        "papan": Screen("lapor", "/lapor"),
        "lembar": Screen("lapor", "/lapor/LAP-2026-000001"),
        "kasus-lapor": Screen("lapor", "/kasus/LAP-2026-000001"),
        "impor": Screen("lapor", "/lapor/impor"),
    }


def _office(evening: Evening) -> dict[str, Screen]:
    return {
        "kanal": Screen("admin", "/kelola/kanal"),
        "belajar": Screen("admin", "/kelola/belajar"),
        "petugas": Screen("admin", "/kelola/petugas"),
        "token": Screen("admin", "/kelola/token"),
        "kelola-langkah": Screen("m", "/kelola/langkah"),
        "label": Screen("m", "/kelola/label"),
        "label-hapus": Screen("m", "/kelola/label/1/hapus"),
        "aturan": Screen("m", "/kelola/aturan"),
        "aturan-baru": Screen("m", "/kelola/aturan/baru"),
        "satu-aturan": Screen("m", "/kelola/aturan/1"),
        "giliran": Screen("m", "/kelola/giliran"),
        "saya": Screen("r", "/saya"),
        "perangkat": Screen("r", "/saya/perangkat"),
    }


async def _ticked(page: Page) -> None:
    for nth in (0, 1):
        await page.locator("#baris .pick").nth(nth).dispatch_event("click")  # a narrow screen ticks by a long press


async def _in_the_light(page: Page) -> None:
    await page.locator("#aliran [data-look=picture]").first.click()


async def _labels(page: Page) -> None:
    await page.keyboard.press("l")


async def _palette(page: Page) -> None:
    await page.keyboard.press("Control+k")
    await page.keyboard.type("wa")


async def _later(page: Page) -> None:
    await page.fill("#tulis", "Besok pukul delapan.")
    await page.locator(".later > summary").click()
