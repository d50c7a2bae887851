"""Invented messages for a house that is still empty, so that a newcomer sees what a working day looks like; and their end."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from omnichannel.domain.counter import WAYS
from omnichannel.domain.label import Tone
from omnichannel.domain.records import Message

PREFIX = "contoh-"  # of every sample's name in the ledger
WHY = "Data contoh, bukan laporan warga"
NEVER_LEAVES = "Ini data contoh: tidak pernah diteruskan ke SP4N-LAPOR!."


@dataclass(frozen=True, slots=True)
class Sample:
    """Somebody who came, called or wrote, so long before now."""

    way: str
    ago: timedelta
    name: str
    text: str


def _ago(days: float) -> timedelta:
    return timedelta(days=days)


SAMPLES = (
    Sample("telepon", _ago(9.2), "Contoh: Ibu Melati", "Lampu jalan di depan pasar mati sudah dua minggu, malam gelap sekali."),
    Sample("tatap-muka", _ago(8.1), "Contoh: Pak Randi", "Mau minta salinan rincian anggaran perbaikan jalan desa tahun ini, untuk dibahas di musyawarah."),
    Sample("surat", _ago(7.3), "Contoh: Karang Taruna Melur", "Kami mengusulkan taman bermain di tanah kosong samping balai desa, pemudanya siap bergotong royong."),
    Sample("telepon", _ago(6.4), "Contoh: Bu Sari", "Air PDAM keruh dan berbau sejak Senin, tetangga satu gang mengalami hal yang sama."),
    Sample("tatap-muka", _ago(5.2), "Contoh: Pak Darto", "Sampah di simpang tiga tidak diangkut sepekan, baunya sampai ke sekolah."),
    Sample("telepon", _ago(4.3), "Contoh: Ibu Wulan", "Syarat mengurus akta kelahiran anak yang terlambat apa saja, dan di loket mana?"),
    Sample("surat", _ago(3.4), "Contoh: Kelompok Tani Subur", "Pupuk bersubsidi yang dijatah belum kami terima sampai sekarang, padahal musim tanam sudah mulai."),
    Sample("telepon", _ago(2.2), "Contoh: Pak Yanto", "Jalan poros berlubang besar dekat jembatan. Sekalian, boleh tahu jadwal perbaikannya kapan?"),
    Sample("tatap-muka", _ago(1.4), "Contoh: Bu Rini", "Terima kasih, pengurusan kartu keluarga kemarin cepat dan petugasnya ramah."),
    Sample("telepon", _ago(1.1), "Contoh: Pak Hamdan", "Bantuan sosial ibu saya tahap ini tidak masuk, padahal namanya masih ada di daftar."),
    Sample("telepon", _ago(0.3), "Contoh: Ibu Laras", "Minta jadwal layanan perpustakaan keliling bulan depan untuk sekolah kami."),
    Sample("tatap-muka", _ago(0.1), "Contoh: Pak Bima", "Parkir liar di depan puskesmas membuat ambulans susah masuk, mohon ditertibkan."),
)  # fmt: skip


# Labels that come and go with the samples, and the numbers of those that bear them.
LABELS = (("Contoh: Jalan poros", Tone.BLUE, (8, 1)), ("Contoh: Menunggu lapangan", Tone.BROWN, (4, 5, 12)))


def invented(message: Message | None) -> bool:
    """Whether these words are a sample's: nothing that was opened for them ever leaves the house."""
    return message is not None and message.account in WAYS and message.external_id.startswith(PREFIX)


class Samples(Protocol):
    """The samples in our database."""

    def shown(self) -> bool:
        """Whether there are any; asked by every page."""
        ...

    def conversations(self) -> list[int]: ...
    def alone(self) -> bool:
        """Whether nothing else has ever come in."""
        ...

    def wipe(self) -> None:
        """Empty everything that came in and what became of it: threads, cases, numbers, receipts. Staff and settings stay."""
