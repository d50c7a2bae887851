"""Requests for information, wishes for the region, greetings and thanks."""

from omnichannel.domain.case import Kind
from omnichannel.toys.citizens.stories import Story, told

_I, _A, _O = Kind.INFORMATION_REQUEST, Kind.ASPIRATION, Kind.OTHER

REQUESTS: tuple[Story, ...] = (
    *told(
        _I, "lainnya",
        "Dengan hormat, saya memohon salinan Rencana Kerja Pemerintah Daerah tahun 2027 untuk keperluan skripsi.",
        "Mohon informasi rincian APBD Kutai Timur tahun berjalan bidang infrastruktur beserta realisasinya sampai triwulan III.",
        "Saya minta salinan laporan pertanggungjawaban dana desa Sepaso Timur tahun lalu.",
        "min, minta data jumlah penduduk per kecamatan dong, buat tugas kuliah. formatnya excel klo bisa",
        "Selamat pagi PPID. Kami dari kelompok warga meminta dokumen AMDAL jalan hauling di Sekerat. Bagaimana prosedurnya?",
        "Bisakah saya memperoleh daftar penerima hibah pemerintah kabupaten dua tahun terakhir?",
        "Mau minta salinan Perda tentang retribusi pasar, apakah ada di laman resmi?",
        "Saya ingin mendapatkan risalah rapat musrenbang Kecamatan Kaubun. Tujuan: penelitian.",
        "Permohonan informasi: nilai kontrak dan pemenang lelang proyek drainase Jalan Diponegoro.",
        "Permohonan saya tanggal 2 belum dijawab, sudah lewat 10 hari kerja. Mohon kabar atau alasan perpanjangan.",
        "Apakah saya berhak melihat izin lokasi kebun di Desa Pengadan? Saya pemilik lahan yang berbatasan.",
        "Mohon data pencari kerja dan lowongan perusahaan tambang per kecamatan untuk bahan berita kampus.",
    ),
    *told(
        _I, "kependudukan",
        "Syarat pindah KK dari Samarinda ke Sangatta apa saja ya? Bisa diurus online?",
        "bikin KIA anak umur 4 th bayar ga min? bawa apa aja",
        "Jam layanan disdukcapil hari Jumat sampai pukul berapa?",
        "Kalau akta nikah hilang, ngurus gantinya ke mana ya pak?",
    ),
    *told(
        _I, "perizinan",
        "Saya mau buka warung kopi di Teluk Lingga, izinnya apa saja dan berapa lama?",
        "Bagaimana cara mengurus PBG untuk rumah tinggal di Swarga Bara? Berapa retribusinya?",
    ),
    *told(
        _I, "kesehatan",
        "Jadwal dokter spesialis jantung di RSUD Kudungga hari apa aja min?",
        "vaksin meningitis utk umroh bisa di Sangatta apa harus ke Samarinda?",
    ),
    *told(
        _I, "pendidikan",
        "Beasiswa Kutim Tuntas dibuka kapan? Syarat IPK minimal berapa?",
        "PPDB SMP zonasi Sangatta Utara pakai KK minimal setahun kah?",
    ),
    *told(_I, "pajak", "Cek tagihan PBB online lewat mana ya? NOP saya ada.", "Denda PBB tahun 2020 masih dihapus gak?"),
    *told(_I, "bansos", "Cara daftar DTKS gimana ya min, saya baru pindah ke Kandolo."),
    *told(_I, "umkm", "Ada pelatihan gratis untuk pelaku UMKM kue kering tidak, Bu? Daftarnya di mana?"),
    *told(_I, "ketenagakerjaan", "Bikin kartu kuning AK1 sekarang online atau datang?"),
    *told(_I, "kepegawaian", "Formasi CPNS guru di Kutai Timur tahun ini berapa? Apa sudah ada pengumuman resminya?"),
    *told(_I, "lalulintas_parkir", "Jadwal kapal dari Sangkulirang ke Sandaran hari apa saja ya?"),
    *told(_I, "perumahan_tanah", "Untuk mengecek status lahan masuk kawasan hutan atau tidak, suratnya ke dinas mana?"),
    *told(_I, "damkar", "Nomor pos pemadam kebakaran di Bengalon berapa min, mau disimpan."),
)  # fmt: skip

ASPIRATIONS: tuple[Story, ...] = (
    *told(
        _A, "lainnya",
        "Usul: buatkan ruang terbuka untuk anak muda di Bengalon, jangan di Sangatta terus.",
        "Alangkah baiknya kalau papan nama desa memakai tulisan dwibahasa, Indonesia dan Kutai.",
        "Saran saya, pengumuman pemadaman dan air disiarkan sehari sebelumnya di WA warga.",
        "Semoga tahun depan festival budaya Wehea dapat dukungan anggaran lebih besar.",
    ),
    *told(
        _A, "pendidikan",
        "Sebaiknya perpustakaan daerah buka sampai malam, kami pekerja ingin belajar juga.",
        "Usul dong ada kelas bahasa Inggris gratis di tiap kecamatan",
        "Mohon dipertimbangkan asrama pelajar untuk anak Busang dan Long Mesangat di Sangatta.",
    ),
    *told(
        _A, "lalulintas_parkir",
        "Mohon dibuatkan zebra cross dan rambu di depan TK Singa Gembara.",
        "Kapan ada angkutan kota yang jelas jadwalnya? Usul rute pasar – RSUD – Bukit Pelangi.",
        "Usul jalur sepeda di jalan Yos Sudarso, banyak anak sekolah gowes.",
    ),
    *told(
        _A, "kesehatan",
        "Alangkah baik kalau ada dokter gigi keliling ke desa-desa pesisir seperti Sandaran.",
        "Saran: pendaftaran RSUD bisa lewat WA supaya lansia tidak antre dari subuh.",
    ),
    *told(_A, "pertanian_perikanan", "Petani Rantau Pulung berharap ada pasar tani mingguan di Sangatta.",
          "Kami nelayan Kerayaan memohon dibangunkan SPBU khusus solar nelayan."),
    *told(_A, "umkm", "Mohon disediakan lapak tetap untuk UMKM di Folder Ilham Maulana setiap akhir pekan."),
    *told(_A, "sampah_lingkungan", "Usul bank sampah di setiap RT, nanti kami ibu-ibu PKK yang jalankan.",
          "Tolong tanami pohon di sepanjang jalan poros Teluk Pandan, panas sekali."),
    *told(_A, "pju", "Usul PJU tenaga surya untuk kampung yang jauh dari tiang PLN seperti Juk Ayaq."),
    *told(_A, "perumahan_tanah", "Kami pemuda Miau Baru berharap ada lapangan bola yang layak di desa."),
    *told(_A, "jalan_jembatan", "Harapan kami jembatan Telen–Muara Wahau dijadikan dua jalur."),
)  # fmt: skip

OTHERS: tuple[Story, ...] = told(
    _O, "lainnya",
    "Assalamualaikum min", "halo", "Selamat pagi 🙏", "P", "tes", "👍", "Min aktif gak?",
    "Terima kasih banyak, lampunya sudah nyala tadi malam. Sukses selalu!",
    "Alhamdulillah KTP saya sudah jadi, pelayanannya ramah. Terima kasih petugas loket 3.",
    "Mantap kerja tim kebersihan, subuh-subuh sudah menyapu di Bukit Pelangi.",
    "Selamat Hari Jadi Kutai Timur! Maju terus daerahku ❤️",
    "maaf salah kirim", "ok siap", "Ini nomor resmi Pemkab ya?", "Min, ada info kopdar komunitas gowes?",
    "PROMO pinjaman cepat cair tanpa jaminan!!! klik tautan di profil", "🙏🙏🙏",
    "Mohon maaf pesan yang tadi untuk tetangga saya, jangan diproses ya.",
    "Bu, besok jadi rapat RT? eh salah grup",
    "Sugeng enjing, admin. Mugi sehat sedoyo nggih.",
)  # fmt: skip
