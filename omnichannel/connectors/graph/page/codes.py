"""What the Graph's codes mean when a Page or an Instagram account speaks.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes (of 2026-03-18) and, for
private replies, https://developers.facebook.com/docs/graph-api/reference/object/private_replies (both seen 2026-11-22).
A (code, subcode) about the citizen, the comment or the file is the writer's; one about our Page is the administrator's.
"""

from omnichannel.connectors.graph.refusals import Codes, Meaning, Who

_WINDOW = Meaning(Who.WINDOW, "Jendela balas di Meta sudah tertutup. Tunggu warga menulis lagi.")
_UNREACHED = Meaning(
    Who.REFUSED,
    "Warga ini tidak dapat menerima pesan kita: akunnya tidak aktif, atau ia memblokir kita. Hubungi lewat kanal lain.",
)
_NOBODY = Meaning(Who.REFUSED, "Meta tidak mengenal warga ini di halaman kita. Periksa alamat tujuan.")
_HELD = Meaning(Who.REFUSED, "Percakapan ini sedang dipegang aplikasi lain. Ambil alih dahulu di Meta Business Suite.")
_FILE = Meaning(Who.REFUSED, "Meta tidak menerima berkas ini. Ubah jenisnya (JPEG, PNG, MP4, PDF) atau perkecil.")
_BUSY = Meaning(Who.LATER, "Layanan pesan Meta sedang terganggu.")
_PAGE = Meaning(Who.ACCOUNT, "Meta tidak mengenal page_id ini, atau tokennya tidak boleh memakainya.")
_GONE = Meaning(Who.REFUSED, "Komentar atau kiriman ini sudah tidak ada, atau tersembunyi.")
_UNREPLIABLE = Meaning(Who.REFUSED, "Komentar ini tidak dapat dibalas secara pribadi.")

CODES: Codes = {
    (10, 2018065): _WINDOW,
    (10, 2018278): _WINDOW,
    (10, 2534022): _WINDOW,
    (10, 2018108): _UNREACHED,
    (10, 2018300): _HELD,
    551: _UNREACHED,
    (200, 1545041): _UNREACHED,
    (100, 2018001): _NOBODY,
    (100, 2534014): _NOBODY,
    (100, 33): _PAGE,
    (100, 2018008): _FILE,
    (100, 2018047): _FILE,
    (100, 2018074): _FILE,
    (100, 2018109): _FILE,
    (100, 2018294): _FILE,
    1200: _BUSY,
}

# Said of a comment or a post, an unknown object is that one, and not our Page.
COMMENT_CODES: Codes = {
    33: _GONE,
    (100, 33): _GONE,
    10900: Meaning(Who.REFUSED, "Komentar ini sudah pernah dibalas secara pribadi; Meta mengizinkan sekali saja."),
    10901: Meaning(Who.REFUSED, "Komentar ini lebih dari 7 hari; tidak dapat dibalas lagi secara pribadi."),
    10902: _UNREPLIABLE,
    10903: _UNREPLIABLE,
}

# Asked about a message's files, they speak of that message; whoever may not see it any more has lost the file, too.
FILE_CODES: Codes = dict.fromkeys((10, 33, 100, (100, 33)), Meaning(Who.REFUSED, "Berkas ini sudah tidak ada di Meta."))

# Asked for a citizen's name: 230 is a citizen who never wrote to us (only commented), 33 and 2018218 one that Meta does not
# show (https://developers.facebook.com/documentation/business-messaging/messenger-platform/identity/user-profile and
# …/instagram-messaging/features/user-profile, of 2026-04-01).
_NAMELESS = Meaning(Who.REFUSED, "Meta tidak memberi tahu nama warga ini.")
PROFILE_CODES: Codes = {
    33: _NAMELESS,
    230: _NAMELESS,
    (100, 33): _NAMELESS,
    (100, 2018218): _NAMELESS,
    (100, 2018247): _NAMELESS,
}
