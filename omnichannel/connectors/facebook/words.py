"""What staff read of what happens to comments and posts on our Page."""

VERBS = {
    "hide": "Disembunyikan dari halaman.",
    "unhide": "Ditampilkan kembali di halaman.",
    "block": "Penulisnya diblokir dari halaman.",
    "unblock": "Blokir penulisnya dibuka.",
    "follow": "Penulisnya mulai mengikuti halaman.",
    "mute": "Dibisukan di halaman.",
}
VERB = "Perubahan di halaman: {verb}"
ADVICE = {"positive": "Menyarankan halaman kita.", "negative": "Tidak menyarankan halaman kita."}
STARS = "Penilaian {stars} dari 5."
LIKED = "Seorang warga menyukai halaman kita."
UNLIKED = "Seorang warga tidak lagi menyukai halaman kita."
