"""What every staff page needs around its own content: the rail's numbers, open alarms, words, and what may be done."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from aiohttp import web

from omnichannel.domain.case import Case
from omnichannel.domain.channel import Health
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.dip import Item
from omnichannel.domain.house import House
from omnichannel.domain.label import Label
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may, scope
from omnichannel.domain.search import SavedSearch
from omnichannel.domain.taste import Density
from omnichannel.domain.work import Alarm, Work
from omnichannel.web import care, choices, guard, labels, pages
from omnichannel.web.care import Trouble
from omnichannel.web.keys import house
from omnichannel.web.sights import teller
from omnichannel.web.stream import SAFE_PICTURES
from omnichannel.web.wording import Wording

T = TypeVar("T")
BROKEN = "kanal-rusak"
NEAR = 2  # working days; from here a chip is amber

# What a page says after a form has sent people back to it: `?kabar=` names one of these, nothing else is shown.
NEWS: Mapping[str, tuple[str, str]] = {
    "tempel": ("ok", "Kiriman sudah ada di kotak masuk, dan akan diklasifikasi seperti pesan lain."),
    "batal": ("ok", "Kasus dibatalkan. Nomornya tetap tercatat di register dengan alasannya."),
    "pasti": ("ok", "Terima kasih, klasifikasi dipastikan."),
    "klasifikasi": ("ok", "Terima kasih, klasifikasi diperbaiki. Mesin belajar dari koreksi ini."),
    "hasil": ("ok", "Hasil tersimpan dan jamnya berhenti."),
    "dibuka": ("ok", "Kasus dibuka lagi; batas waktu lamanya tetap berlaku."),
    "kasus-baru": ("ok", "Kasus kedua dibuka dengan nomor dan batas waktunya sendiri."),
    "kabar-lapor": ("ok", "Kabar dari LAPOR tersimpan dan warga dikabari."),
    "tracking": ("ok", "Tracking ID diperbaiki dan warga dikabari."),
    "lapor": ("ok", "Tracking ID tersimpan dan warga dikabari."),
    "peristiwa": ("ok", "Tersimpan. Warga yang dicentang termasuk peristiwa ini."),
    "peristiwa-tutup": ("ok", "Peristiwa ditutup. Kasus setiap warga tetap berjalan sendiri."),
    "peristiwa-jawab": ("ok", "Jawaban masuk antrean kirim untuk setiap warga yang dapat dihubungi."),
    "dikirim-lapor": ("ok", "Laporan dikirim ke SP4N-LAPOR!. Hasilnya tampil di papan dalam beberapa detik."),
    "ditahan-lapor": ("ok", "Laporan tidak diteruskan ke SP4N-LAPOR!. Batas waktunya tetap berjalan."),
    "sisih": ("ok", "Percakapan disisihkan. “Buka lagi” mengembalikannya."),
    "versi": ("ok", "Versi model diganti. Layanan yang berjalan memakainya dalam beberapa detik."),
    "belajar": ("ok", "Permintaan belajar dicatat. Hasilnya muncul di halaman ini dalam beberapa menit."),
    "alarm": ("ok", "Alarm diterima. Semua petugas melihat bahwa Anda menanganinya."),
    "darurat": ("ok", "Warga diarahkan ke 112 dan alarm berbunyi."),
    "bukan-darurat": ("ok", "Dicatat: bukan darurat."),
    "templat": ("ok", "Templat masuk antrean kirim."),
    "templat-diambil": ("ok", "Daftar templat sedang diambil ulang dari platform."),
    "dipindah": ("ok", "Dipindahkan. Setiap langkahnya tampil di percakapan begitu kanal menerimanya."),
    "selesai-publik": ("ok", "Ditandai selesai. Jawabannya terbit di bawah komentar begitu kanal menerimanya."),
    "langkah": ("ok", "Langkah dijalankan seluruhnya."),
    "label-hapus": ("ok", "Label dihapus. Percakapannya tidak berubah, dan label dapat dikembalikan."),
    "label-kembali": ("ok", "Label dipakai lagi, juga di percakapan yang dulu memuatnya."),
    "tunda": ("ok", "Percakapan ditunda. Pesan baru dari warga memanggilnya kembali."),
    "selesai": ("ok", "Percakapan ditandai selesai."),
    "surat": ("ok", "Surat dibuat dan diberi nomor."),
    "surat-kirim": ("ok", "Surat dikirim kepada pemohon lewat kanalnya."),
    "salinan": ("ok", "Salinan yang dihitamkan tersimpan; aslinya tidak berubah."),
    "ppid-isi": ("ok", "Isian permohonan tersimpan."),
    "ppid-minta": ("ok", "Pemohon diminta melengkapi lewat kanalnya."),
    "ppid-berkas": ("ok", "Penilaian berkas tersimpan."),
    "ppid-perpanjang": ("ok", "Jawaban diperpanjang dan pemohon dikabari."),
    "ppid-uji": ("ok", "Uji konsekuensi tercatat."),
    "ppid-rancangan": ("ok", "Rancangan tersimpan dan menunggu persetujuan."),
    "ppid-kembali": ("ok", "Rancangan dikembalikan kepada penyusunnya."),
    "ppid-tawar": ("ok", "Informasi ditawarkan kepada pemohon. Jam tetap berjalan sampai ia menerimanya."),
    "ppid-unit": ("ok", "Pertanyaan dikirim ke unit."),
    "ppid-jawab": ("ok", "Jawaban tersimpan untuk PPID."),
    "ppid-tarik": ("ok", "Tugas ditarik."),
    "ppid-cabut": ("ok", "Tautan dicabut."),
    "keberatan": ("ok", "Keberatan dicatat dengan nomornya sendiri, dan pemohon dikabari."),
    "tanggapan": ("ok", "Tanggapan tersimpan dan pemohon dikabari."),
    "satukan": ("ok", "Percakapan tampil bersama. Keduanya dapat dilepas lagi kapan saja."),
    "lepas-gabung": ("ok", "Percakapan berdiri sendiri lagi."),
    "pisahkan": ("ok", "Pesan yang dipilih sekarang berada di percakapan ini. Klasifikasikan perkaranya."),
    "kembalikan": ("ok", "Pesan kembali ke percakapan asalnya."),
    "warga-sama": ("ok", "Kedua kontak dihubungkan sebagai satu warga. Dapat dilepas lagi."),
    "warga-lain": ("ok", "Dicatat: dua warga yang berbeda. Tidak disarankan lagi."),
    "warga-lepas": ("ok", "Hubungan dilepas; setiap kontak kembali seperti semula."),
    "surel-gabung": ("ok", "Surel digabung ke percakapan ini. “Pisahkan lagi” ada di surel asalnya."),
    "surel-pisah": ("ok", "Surel dipisahkan lagi dan menunggu keputusan."),
    "tersimpan": ("ok", "Tersimpan."),
    "aturan-batal": ("ok", "Yang diubah aturan dikembalikan seperti semula."),
    "aturan-batal-sebagian": (
        "ok",
        "Dikembalikan, kecuali yang sudah diubah orang lain sesudahnya. Catatan dan kabar yang terkirim tetap ada.",
    ),
    "perangkat-uji": ("ok", "Uji dikirim. Pemberitahuan muncul di perangkat itu dalam beberapa detik."),
    "perangkat-lepas": ("ok", "Perangkat dilepas dan tidak dikabari lagi."),
    "limpah-lapor": ("ok", "SP4N-LAPOR! diminta melimpahkan laporan ini."),
    "lapor-jawaban": ("ok", "Jawaban ditandai sudah diketik di SP4N-LAPOR!."),
    "dip": ("ok", "Daftar informasi diperbarui."),
    "contoh-hapus": ("ok", "Data contoh dihapus."),
}


# Pages that the rail does not name: what it marks while one stands there.
PARENTS = {"giliran": "aturan", "langkah": "aturan", "label": "aturan", "token": "petugas", "mulai": "kelola"}


class Days(NamedTuple):
    """The office's today, and the last day that counts as near: what the amber chip says, the list says too."""

    today: date
    near: date


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around every page, read in the same transaction as the page itself."""

    counts: dict[str, int]
    alarms: Sequence[tuple[Alarm, bool]]
    last: int
    troubles: Sequence[Trouble] = ()
    saved: Sequence[SavedSearch] = ()
    drafts: Collection[int] = ()
    density: Density = Density.COMFORTABLE
    samples: bool = False
    labels: Sequence[Label] = ()


def around(work: Work, staff: Staff, days: Days, accounts: Collection[str] = (), now: datetime | None = None) -> Around:
    """Numbers of the rail, open alarms, and up to which happening this page is true."""
    # Read first: whatever happens after this number is told by the stream, so nothing falls between.
    last = work.screens.last_happening()
    counts = dict(work.screens.counts(scope(staff), days.today, days.near))
    counts["peristiwa"] = work.incidents.offered()
    counts["surel-lepas"] = work.guesses.count()
    counts["kabar"] = work.together.count(staff.id)
    found: Sequence[Trouble] = ()
    if may(staff, Action.SEE_ACCOUNTS):
        states = work.accounts.all()
        counts[BROKEN] = sum(1 for one in states if one.health is Health.BROKEN)
        if now is not None and care.shown_to(staff):
            found = [one for one in care.troubles(states, work.watch.all(), accounts, now) if one.loud]
    saved, begun = work.search.saved(staff.id), frozenset(work.drafts.of(staff.id))
    taste = work.tastes.density(staff.id)
    alarms, sampled, known = open_alarms(work, staff), work.samples.shown(), work.labels.all()
    return Around(counts, alarms, last, found, saved, begun, taste, sampled, known)


def days(wording: Wording) -> Days:
    """Today, and two working days from it."""
    return Days(wording.today, wording.calendar.add(wording.today, NEAR))


def open_alarms(work: Work, staff: Staff) -> list[tuple[Alarm, bool]]:
    """Danger to life is everybody's: also an officer of another unit sees the band, but no way into a thread that is not
    theirs to read. The newest stands on top: a narrow screen shows two of them, and the others are known already."""
    if not may(staff, Action.SEE_DESK):
        return []
    return [(alarm, _readable(work, staff, alarm)) for alarm in reversed(work.alarms.open())]


def _readable(work: Work, staff: Staff, alarm: Alarm) -> bool:
    conversation = work.conversations.get(alarm.conversation_id)
    return conversation is not None and bool(may(staff, Action.READ, conversation))


async def read(request: web.Request, question: Callable[[Work], T]) -> tuple[Around, T]:
    """The page's own rows and what stands around them, from one snapshot."""
    parts, staff, when = house(request), guard.staff(request), days(pages.wording(request))
    now = parts.clock.now()
    return await parts.store.read(lambda work: (around(work, staff, when, parts.connectors, now), question(work)))


def abilities(staff: Staff, thing: Conversation | Case | Item | None = None) -> dict[str, bool]:
    """Every action by its name, so that a template asks `can.reply`."""
    return {action.value: bool(may(staff, action, thing)) for action in Action}


def setting(request: web.Request, seen: Around, nav: str) -> dict[str, Any]:
    """The context that the staff layout stands on."""
    staff = guard.staff(request)
    return {
        **words(request),
        "counts": seen.counts,
        "alarms": seen.alarms,
        "troubles": seen.troubles,
        "saved": seen.saved,
        "samples": seen.samples,
        "office_labels": seen.labels,
        "drafts": seen.drafts,
        "density": seen.density.value,
        "last": seen.last,
        "nav": PARENTS.get(nav, nav),
        "view": "",
        "said": news(request),
        "can": abilities(staff),
        "may_alarm": bool(may(staff, Action.ACKNOWLEDGE_ALARM)),
        "here": request.rel_url.raw_path_qs,
        "role_word": labels.ROLES[staff.role],
        "views": labels.VIEWS,
    }


def words(request: web.Request, *, lean: bool = False) -> dict[str, Any]:
    """Names of units, topics and states; fragments need no more than this. `lean`: for a page that stands already."""
    parts: House = house(request)
    wording: Wording = pages.wording(request)
    shared = labels.shared(parts.organisation, wording.t) | choices.menus(parts.organisation, wording.t, lean=lean)
    return {**shared, "SAFE_PICTURES": SAFE_PICTURES, "sights": teller(parts.organisation, wording)}


def news(request: web.Request) -> dict[str, str] | None:
    """What the last form did, if the address says so."""
    found = NEWS.get(request.query.get("kabar", ""))
    return None if found is None else {"tone": found[0], "text": found[1]}


def back(fields: Mapping[str, Any], default: str, told: str | None = None) -> web.Response:
    """After a form: to the page it was on, with a word on what was done."""
    wanted = fields.get("kembali")
    address = guard.local(wanted) if isinstance(wanted, str) and wanted else default
    path, _, query = address.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("kabar=")]
    query = "&".join([*kept, f"kabar={told}"] if told else kept)
    return web.Response(status=303, headers={"Location": f"{path}?{query}" if query else path})
