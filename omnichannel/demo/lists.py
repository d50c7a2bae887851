"""The lists of information of the demo's office, so that a first look finds something: made up, and given to whichever unit is
competent for the matter."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from omnichannel.domain.dip import COLUMNS
from omnichannel.domain.organisation import Organisation
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Work
from omnichannel.router import listing

HEADS = ("Unit", "Kategori", "Ringkasan isi informasi", "Waktu dan tempat pembuatan", "Bentuk informasi")
# By topic: category, summary, when and where, form.
PUBLIC: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "jalan_jembatan": (
        ("berkala", "Daftar kegiatan pemeliharaan jalan kabupaten 2026", "Sangatta, Januari 2026"),
        ("setiap saat", "Dokumen kontrak pembangunan jembatan 2025", "Sangatta, 2025"),
        ("berkala", "Peta kondisi jalan kabupaten", "Sangatta, 2025"),
    ),
    "pju": (
        ("setiap saat", "Data titik lampu penerangan jalan umum", "Sangatta, 2026"),
        ("berkala", "Laporan kinerja perhubungan 2025", "Sangatta, Februari 2026"),
    ),
    "bansos": (
        ("berkala", "Rekapitulasi penerima bantuan sosial per kecamatan 2025", "Sangatta, Desember 2025"),
        ("setiap saat", "Syarat dan alur pengajuan bantuan sosial", "Sangatta, 2026"),
    ),
    "kesehatan": (("serta merta", "Sebaran kasus demam berdarah dan langkah pencegahan", "Sangatta, November 2026"),),
    "pendidikan": (("berkala", "Daya tampung dan zonasi sekolah 2026", "Sangatta, Mei 2026"),),
    "drainase_banjir": (("serta merta", "Peta rawan banjir dan jalur evakuasi", "Sangatta, 2026"),),
    "pajak": (
        ("berkala", "Ringkasan APBD 2026", "Sangatta, Januari 2026"),
        ("berkala", "Laporan keuangan pemerintah daerah 2025", "Sangatta, Juni 2026"),
    ),
}
EXEMPT = {
    "Kategori": "dikecualikan",
    "Ringkasan isi informasi": "Rincian data pribadi penerima bantuan sosial",
    "Dasar hukum": "UU 14/2008 Pasal 17 huruf h",
    "Konsekuensi bila dibuka": "Membuka rahasia pribadi penerima bantuan.",
    "Jangka waktu pengecualian": "Selama orangnya tidak menyetujui",
    "Pejabat yang menetapkan": "Sekretaris Daerah",
}


def fill(work: Work, organisation: Organisation, staff: Staff, at: datetime) -> int:
    """Take the lists in as one sheet; returns how many rows there were."""
    heads = list(COLUMNS)
    rows = [
        _row(heads, dict(zip(HEADS, (unit, category, title, made, "Berkas digital"), strict=True)))
        for topic, items in PUBLIC.items()
        for category, title, made in items
        if (unit := _competent(organisation, topic))
    ]
    keeper = _competent(organisation, "bansos")
    rows += [_row(heads, {"Unit": keeper, **EXEMPT})] if keeper else []
    entries, _ = listing.check([heads, *rows], organisation)
    return listing.take(work, staff, entries, now=at).added


def _row(heads: Sequence[str], given: Mapping[str, str]) -> list[str]:
    return [given.get(head, "") for head in heads]


def _competent(organisation: Organisation, topic: str) -> str:
    return next((unit.key for unit, _ in organisation.competent(topic)), "")
