"""What the Cloud API's codes mean to staff.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes (of 2026-05-15, seen
2026-11-22). Codes of a template, a recipient or a file speak of this message; those of our number speak of us.
"""

from datetime import timedelta

from omnichannel.connectors.graph import Codes, Meaning, Who

_BUSY = "WhatsApp meminta kita menunggu: terlalu banyak pesan dalam waktu singkat."
_TROUBLED = "Layanan WhatsApp sedang terganggu."
_UNREACHED = (
    "WhatsApp tidak dapat menyampaikan pesan ini: nomornya bukan WhatsApp, aplikasinya lama, atau warga memblokir kita. "
    "Hubungi lewat kanal lain."
)
_GONE = "Berkas ini sudah tidak ada di WhatsApp. Minta warga mengirimnya lagi."
# One citizen may get one message in six seconds (…/whatsapp/about-the-platform#pair-rate-limits, 2026-11-22).
_PAIR = timedelta(seconds=6)


def _account(words: str) -> Meaning:
    return Meaning(Who.ACCOUNT, words)


def _refused(words: str) -> Meaning:
    return Meaning(Who.REFUSED, words)


CODES: Codes = {
    33: _account("Nomor WhatsApp kita sudah dihapus di Meta. Periksa phone_number_id."),
    (100, 33): _account("Meta tidak mengenal phone_number_id ini, atau tokennya tidak boleh memakainya."),
    131005: _account("Token akun ini tidak punya izin WhatsApp. Beri whatsapp_business_messaging."),
    131031: _account("Akun WhatsApp Business kita dikunci Meta. Lihat Business Support Home."),
    131037: _account("Nama tampilan nomor kita belum disetujui Meta."),
    131042: _account("Pembayaran akun WhatsApp Business bermasalah. Periksa di Meta Business Suite."),
    131045: _account("Nomor kita belum terdaftar dengan benar di Cloud API."),
    133010: _account("Nomor kita belum terdaftar di Cloud API."),
    130429: Meaning(Who.LATER, _BUSY),
    131048: Meaning(Who.LATER, "WhatsApp membatasi nomor kita sementara karena laporan spam. Periksa mutu nomor."),
    131056: Meaning(Who.LATER, "Terlalu banyak pesan ke warga ini dalam waktu singkat.", after=_PAIR),
    131000: Meaning(Who.LATER, _TROUBLED),
    131016: Meaning(Who.LATER, _TROUBLED),
    131057: Meaning(Who.LATER, "Nomor kita sedang dalam pemeliharaan Meta."),
    133004: Meaning(Who.LATER, _TROUBLED),
    131047: Meaning(Who.WINDOW, "Jendela 24 jam sudah tertutup. Kirim templat, atau tunggu warga menulis lagi."),
    130403: _refused("Warga sedang tidak dapat menerima pesan ini."),
    130472: _refused(
        "WhatsApp tidak menyampaikan pesan ini karena warga ikut percobaan Meta. Hubungi lewat kanal lain."
    ),
    130497: _refused("Akun kita tidak boleh mengirim ke negara nomor ini."),
    131008: _refused("WhatsApp menolak: ada isian yang kurang."),
    131009: _refused("WhatsApp menolak: alamat atau isian pesan ini tidak berlaku."),
    131021: _refused("Nomor tujuan sama dengan nomor kita sendiri."),
    131026: _refused(_UNREACHED),
    131030: _refused("Nomor ini tidak ada di daftar uji akun Meta yang masih percobaan."),
    131049: _refused("Meta memilih tidak menyampaikan pesan ini, agar warga tidak menerima terlalu banyak pesan."),
    131050: _refused("Warga menolak pesan pemasaran dari kita."),
    131051: _refused("WhatsApp tidak mengenal jenis pesan ini."),
    131052: _refused(_GONE),
    131053: _refused("WhatsApp tidak menerima berkas ini. Ubah menjadi PDF, JPEG, PNG, atau MP4."),
    131062: _refused("Warga ini hanya dikenal lewat nama pengguna; pesan jenis ini perlu nomor telepon."),
    132000: _refused("Jumlah isian templat tidak cocok."),
    132001: _refused("Templat ini tidak ada atau belum disetujui dalam bahasa itu."),
    132005: _refused("Isi templat menjadi terlalu panjang."),
    132007: _refused("Isi templat melanggar kebijakan WhatsApp."),
    132008: _refused("Isian templat belum lengkap."),
    132012: _refused("Bentuk isian templat tidak cocok."),
    132015: _refused("Templat ini dijeda Meta karena mutunya rendah. Pilih templat lain."),
    132016: _refused("Templat ini dimatikan Meta untuk seterusnya. Pilih templat lain."),
    132068: _refused("Formulir (Flow) dalam templat ini diblokir."),
    132069: _refused("Formulir (Flow) dalam templat ini dibatasi; coba lagi satu jam kemudian."),
    135000: _refused("WhatsApp menolak: ada isian yang tidak berlaku."),
}

# Asked about a file, the same codes speak of the file.
MEDIA_CODES: Codes = {33: _refused(_GONE), (100, 33): _refused(_GONE), 100: _refused(_GONE), 131009: _refused(_GONE)}
