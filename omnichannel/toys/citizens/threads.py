"""Stories of more than one turn: photos, corrections, follow-ups, thanks, and danger to life."""

from omnichannel.domain.case import Kind
from omnichannel.toys.citizens.stories import Story

_C, _I = Kind.COMPLAINT, Kind.INFORMATION_REQUEST

THREADS: tuple[Story, ...] = (
    Story(_C, "jalan_jembatan", (
        "Ini foto lubang di Jalan Hasanuddin, Sangatta Utara. Dalamnya setengah meter.",
        "Letaknya persis di depan bengkel, sebelum tikungan ke arah pelabuhan.",
        "Terima kasih sudah ditanggapi. Semoga cepat ditambal 🙏",
    ), photo=True),
    Story(_C, "pju", (
        "Lampu jalan mati di Jalan Soekarno Hatta",
        "Sudah lima tiang yang mati, dari simpang sampai masjid.",
        "Baik, saya tunggu. Terima kasih.",
    ), edit="Lampu jalan mati di Jalan Soekarno Hatta, Teluk Lingga (bukan Singa Gembara)"),
    Story(_C, "air_bersih", (
        "PDAM mati lagi di Sangatta Selatan.",
        "RT 14, Desa Sangatta Selatan, mulai jam 4 subuh.",
        "Masih mati pak sampai malam ini. Ada mobil tangki tidak?",
        "Alhamdulillah sudah mengalir, terima kasih.",
    )),
    Story(_C, "sampah_lingkungan", (
        "Tumpukan sampah di belakang Pasar Sangkulirang sudah menutup parit.",
        "Kirim foto kedua, ini dari sisi parit.",
        "Sudah diangkut tadi pagi. Cepat sekali, terima kasih!",
    ), photo=True),
    Story(_I, "lainnya", (
        "Selamat siang, saya ingin meminta salinan Laporan Kinerja Pemerintah Kabupaten tahun lalu.",
        "Untuk penelitian tesis. Salinan digital sudah cukup.",
        "Kirim ke surel saja kalau sudah ada. Terima kasih atas bantuannya.",
    )),
    Story(_I, "kependudukan", (
        "Mau tanya cara cetak ulang KK yang hilang.",
        "Harus ada surat kehilangan dari polisi ya?",
        "Oke paham, makasih min.",
    )),
    Story(_C, "kesehatan", (
        "Puskesmas Muara Ancalong tutup padahal hari Rabu. Istri saya hamil 8 bulan mau kontrol.",
        "Kami jauh-jauh dari Long Poq Baru, dua jam perjalanan sungai.",
        "Terima kasih, besok kami datang lagi.",
    )),
    Story(_C, "bansos", (
        "Saya penyandang disabilitas, bantuan saya berhenti sejak Juli tanpa kabar.",
        "NIK saya 6408019999990001, alamat Desa Gemar Baru.",
        "Mohon kabarnya secepatnya, itu untuk beli obat.",
    )),
    Story(_C, "drainase_banjir", (
        "Air sudah masuk rumah kami di Gang Pinang, Sangatta Utara, semata kaki.",
        "Sekarang sudah selutut. Ada perahu karet tidak?",
    )),
    Story(_C, "damkar", (
        "TOLONG ADA KEBAKARAN di Pasar Induk Sangatta, api sudah di atap, masih ada orang di dalam!!!",
        "Damkar sudah datang, alhamdulillah. Korban satu orang sudah dibawa ke rumah sakit.",
    ), urgent=True),
    Story(_C, "kesehatan", (
        "Darurat! Kecelakaan di jalan poros Bengalon km 40, dua orang tidak sadar, ambulans tidak ada sinyal telepon",
    ), urgent=True),
    Story(_C, "drainase_banjir", (
        "Tolong pak, banjir di Muara Bengkal sudah sedada, ibu saya stroke terjebak di rumah, kami tidak punya perahu",
    ), urgent=True),
    Story(_C, "pendidikan", (
        "Anak saya dipukul gurunya di sekolah sampai lebam. Harus lapor ke mana?",
        "Saya belum berani menyebut nama sekolahnya di sini. Bisa dirahasiakan?",
    )),
    Story(_C, "pungli", (
        "Mau lapor oknum minta uang pas urus KTP.",
        "Kejadiannya hari Senin di loket 2, jumlahnya 150 ribu.",
        "Tolong identitas saya dirahasiakan ya.",
    ), edit="Mau lapor oknum minta uang saat urus KTP di kantor kecamatan."),
)  # fmt: skip

# After an answer of the office, when the story has nothing more to say.
THANKS: tuple[str, ...] = (
    "Terima kasih atas tanggapannya 🙏", "Baik pak, ditunggu kabarnya.", "makasih min 🙏", "Siap, terima kasih.",
    "Alhamdulillah ditanggapi. Terima kasih.", "Kira-kira berapa lama ya prosesnya?", "Oke kak",
    "Sampai hari ini belum ada petugas yang datang ya pak.", "Nggih, matur nuwun.", "Inggih, tarima kasih banar.",
    "Kalau belum selesai minggu depan saya lapor lagi ya.", "Nomor laporannya berapa, biar bisa saya cek?",
)  # fmt: skip

# What the office might have said in the month that the demo remembers.
REPLIES: dict[Kind, tuple[str, ...]] = {
    Kind.COMPLAINT: (
        "Terima kasih laporannya. Sudah kami teruskan ke dinas terkait dan akan kami kabari perkembangannya.",
        "Mohon maaf atas ketidaknyamanannya. Boleh kami tahu lokasi tepatnya, RT atau patokan terdekat?",
        "Tim lapangan dijadwalkan memeriksa lusa. Terima kasih sudah melapor.",
    ),
    Kind.INFORMATION_REQUEST: (
        "Permohonan informasi Ibu/Bapak kami terima. Kami sampaikan jawabannya paling lambat 10 hari kerja.",
        "Informasi ini sudah tersedia untuk umum; tautannya kami kirim. Bila belum sesuai, silakan balas pesan ini.",
    ),
    Kind.ASPIRATION: ("Terima kasih usulannya. Kami catat dan sampaikan ke perangkat daerah yang membidangi.",),
    Kind.OTHER: ("Halo, ada yang bisa kami bantu? Silakan tulis laporan, permintaan informasi, atau usulan.",),
}
