"""What staff read of X's own news, and of its refusals."""

ENCRYPTED = "Pesan terenkripsi (X Chat): tidak dapat dibaca di sini. Buka aplikasi X untuk membacanya."
JOINED, LEFT = "bergabung ke percakapan grup.", "meninggalkan percakapan grup."
SHARED = "Membagikan ulang kiriman."
LIKED, UNLIKED = "❤️", ""
READ_ELSEWHERE = "Percakapan ini dibaca di aplikasi X."
REVOKED = "Izin aplikasi ini atas akun X dicabut. Hubungkan lagi akunnya."

# Arrays of the Account Activity API that speak of people, not of words
# (https://docs.x.com/x-api/enterprise-gnip-2.0/fundamentals/account-activity, 2026-11-22).
RELATIONS = {
    "follow_events": "mengikuti",
    "unfollow_events": "berhenti mengikuti",
    "block_events": "memblokir",
    "unblock_events": "membuka blokir",
    "mute_events": "membisukan",
    "unmute_events": "berhenti membisukan",
}
# The same and more as the X Activity API names them (https://docs.x.com/x-api/activity/event-payloads, 2026-11-22).
ACTIVITIES = {
    "follow.follow": "mengikuti",
    "follow.unfollow": "berhenti mengikuti",
    "block.block": "memblokir",
    "block.unblock": "membuka blokir",
    "mute.mute": "membisukan",
    "mute.unmute": "berhenti membisukan",
}
TYPING = "sedang mengetik."
NEWS = {
    "profile.update": "Profil akun X berubah.",
    "spaces.start": "Space dimulai.",
    "spaces.end": "Space berakhir.",
    "news.new": "Berita baru di X.",
    "chat.conversation_join": "Percakapan terenkripsi (X Chat) dimulai; isinya tidak dapat dibaca di sini.",
}

NO_KEYS = "Kunci X belum lengkap. Isi CONSUMER_KEY, CONSUMER_SECRET, ACCESS_TOKEN dan ACCESS_SECRET."
BAD_KEYS = "X menolak kunci akun ini. Buat kunci dan token baru di konsol pengembang X."
NO_CREDITS = "Kredit X habis: X berhenti melayani akun ini. Isi kredit di konsol pengembang X."
MOVED = "Alamat API X mengalihkan. Periksa base_url."
WAIT = "X meminta kita menunggu."
TOO_MANY = "Akun ini sudah mencapai batas kiriman hariannya di X."

# What speaks of our account, by X's own type or code (https://docs.x.com/x-api/fundamentals/response-codes-and-errors, 2026-11-22):
# first fit wins.
OUR_TROUBLE = (
    ("client-forbidden", "Aplikasi X ini tidak berhak atas layanan itu. Periksa paket dan proyeknya di konsol pengembang X."),
    ("client-not-enrolled", "Aplikasi X ini belum terdaftar pada proyek. Periksa konsol pengembang X."),
    ("unsupported-authentication", "Jenis kunci ini tidak diterima X. Periksa kunci dan tokennya."),
    ("oauth1-permissions", "Izin aplikasi X belum mencakup menulis dan pesan langsung. Ubah izinnya, lalu buat token baru."),
    ("oauth1 app permissions", "Izin aplikasi X belum mencakup menulis dan pesan langsung. Ubah izinnya, lalu buat token baru."),
    ("required oauth2 scope", "Izin aplikasi X kurang. Hubungkan lagi akun dengan izin tweet dan dm."),
    ("account is suspended", "Akun X kita ditangguhkan. Hubungi dukungan X."),
    ("account is temporarily locked", "Akun X kita dikunci. Masuk ke x.com untuk membukanya."),
)  # fmt: skip
OUR_CODES = {32, 64, 89, 93, 99, 135, 215, 220, 261, 326, 416}
USAGE_CAP = "usage-capped"

# What speaks of this message or this reader. X says it in English prose, which it changes now and then: since 2026-02-23
# only posts that name us may be answered through the API.
REFUSALS = (
    ("only reply to or quote", "X hanya mengizinkan balasan atas kiriman yang menyebut akun kita. Minta warga menyebut akun ini."),
    ("not been mentioned", "X hanya mengizinkan balasan atas kiriman yang menyebut akun kita. Minta warga menyebut akun ini."),
    ("restricted who can reply", "Penulis membatasi siapa yang boleh membalas kirimannya. Hubungi lewat kanal lain."),
    ("duplicate", "Kalimat yang sama baru saja dikirim. Ubah sedikit kalimatnya."),
    ("deleted or not visible", "Kiriman yang dibalas sudah dihapus atau tidak terlihat oleh kita."),
    ("cannot send messages to this user", "Warga ini tidak menerima pesan langsung dari kita. Minta ia mengikuti atau menulis dulu."),
    ("not following you", "Warga ini tidak menerima pesan langsung dari kita. Minta ia mengikuti atau menulis dulu."),
    ("blocked from", "Warga memblokir akun kita. Hubungi lewat kanal lain."),
    ("looks like it might be automated", "X menahan kiriman ini karena dikira otomatis. Coba lagi nanti dengan kalimat lain."),
    ("protected", "Akun warga ini terkunci; kirimannya tidak terlihat oleh kita."),
    ("has been suspended", "Akun warga ini ditangguhkan X. Hubungi lewat kanal lain."),
    ("not permitted to perform this action", "X tidak mengizinkan kiriman ini."),
)  # fmt: skip
CODES = {
    150: REFUSALS[5][1],
    187: REFUSALS[3][1],
    226: REFUSALS[8][1],
    349: REFUSALS[5][1],
    385: REFUSALS[4][1],
    433: REFUSALS[2][1],
}
GONE = "Kiriman atau percakapan itu tidak ada lagi di X."
