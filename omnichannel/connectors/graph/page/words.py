"""What staff read of Meta's own news about a thread, and the emoji behind reactions that Meta only names."""

# `reaction` of a direct message and `reaction_type` of a post or comment.
EMOJI = {
    "like": "👍", "yes": "👍", "dislike": "👎", "no": "👎", "love": "❤️", "care": "🤗", "haha": "😆", "smile": "😆",
    "laugh": "😆", "wow": "😮", "sad": "😢", "sorry": "😢", "angry": "😡", "anger": "😡", "pride": "🌈", "thankful": "🌸",
}  # fmt: skip
REFERRAL = "Warga membuka percakapan lewat tautan atau iklan: {ref}"
OPTIN = "Warga mengizinkan pesan lanjutan: {what}"
OPTOUT = "Warga tidak mau lagi menerima pesan lanjutan: {what}"
LINKED = "Warga menautkan akunnya."
UNLINKED = "Warga melepas tautan akunnya."
PASSED = "Percakapan dialihkan ke aplikasi lain (dari {old} ke {new})."
TAKEN = "Kendali percakapan diambil (dari {old})."
ASKED = "Aplikasi {new} meminta kendali percakapan."
ROLES = "Peran aplikasi di Page berubah: {what}"
POLICY = "Meta menegur Page kita ({action}): {reason}"
GAME = "Warga memainkan permainan {what}."
FEEDBACK = "Warga menilai jawaban: {what}"
EDITED_UNSEEN = "Warga mengubah pesannya; Meta tidak meneruskan teks barunya. Buka percakapannya di aplikasi Meta."
