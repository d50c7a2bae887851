"""The words of the search field's filters: what each is called, and what its values may be called, in both languages."""

from collections.abc import Mapping

from omnichannel.domain.case import Kind
from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.search import Standing

# What each filter is called: the word on the chip, then every way to write it.
NAMES: Mapping[str, tuple[str, ...]] = {
    "kanal": ("kanal", "channel", "akun", "account"),
    "status": ("status", "state", "is"),
    "unit": ("unit", "opd", "dinas"),
    "jenis": ("jenis", "kind", "type"),
    "topik": ("topik", "topic"),
    "antrean": ("antrean", "queue"),
    "jalur": ("jalur", "surface"),
    "petugas": ("petugas", "staff", "assignee"),
    "warga": ("warga", "nama", "name", "citizen"),
    "nomor": ("nomor", "number", "no"),
    "nik": ("nik",),
    "tempat": ("tempat", "place", "lokasi", "desa", "kecamatan"),
    "dari": ("dari", "since", "after", "sejak"),
    "sebelum": ("sebelum", "before", "until"),
    "label": ("label", "tag"),
    "lampiran": ("lampiran", "has", "attachment", "berkas"),
}
ALIASES = {alias: name for name, aliases in NAMES.items() for alias in aliases}
CHANNELS = {
    "wa": Channel.WHATSAPP, "tg": Channel.TELEGRAM, "fb": Channel.FACEBOOK, "ig": Channel.INSTAGRAM, "twitter": Channel.X,
    "surel": Channel.MAIL, "email": Channel.MAIL, "e-mail": Channel.MAIL, "formulir": Channel.WEB, "loket": Channel.VISIT,
    "visit": Channel.VISIT, "telepon": Channel.PHONE, "surat": Channel.LETTER, **{one.value: one for one in Channel},
}  # fmt: skip
STATUSES = {
    "baru": Standing.NEW, "terbuka": Standing.NEW, "new": Standing.NEW, "open": Standing.NEW,
    "menunggu": Standing.WAITING, "waiting": Standing.WAITING, "ditunda": Standing.SNOOZED, "snoozed": Standing.SNOOZED,
    "selesai": Standing.RESOLVED, "resolved": Standing.RESOLVED, "done": Standing.RESOLVED,
    "disisihkan": Standing.ASIDE, "aside": Standing.ASIDE, "spam": Standing.ASIDE,
    "gagal": Standing.FAILED, "failed": Standing.FAILED, "belum-dibaca": Standing.UNREAD, "unread": Standing.UNREAD,
    "mendesak": Standing.URGENT, "urgent": Standing.URGENT,
}  # fmt: skip
STATUS_WORDS = {
    Standing.NEW: "baru", Standing.WAITING: "menunggu warga", Standing.SNOOZED: "ditunda", Standing.RESOLVED: "selesai",
    Standing.ASIDE: "disisihkan", Standing.FAILED: "gagal kirim", Standing.UNREAD: "belum dibaca",
    Standing.URGENT: "mendesak",
}  # fmt: skip
KINDS = {
    "permohonan": Kind.INFORMATION_REQUEST, "informasi": Kind.INFORMATION_REQUEST, "request": Kind.INFORMATION_REQUEST,
    "pengaduan": Kind.COMPLAINT, "laporan": Kind.COMPLAINT, "aspirasi": Kind.ASPIRATION, "lainnya": Kind.OTHER,
    **{one.value: one for one in Kind},
}  # fmt: skip
SURFACES = {
    "komentar": Surface.PUBLIC, "publik": Surface.PUBLIC, "public": Surface.PUBLIC, "comment": Surface.PUBLIC,
    "langsung": Surface.DIRECT, "pesan": Surface.DIRECT, "direct": Surface.DIRECT, "pribadi": Surface.DIRECT,
}  # fmt: skip
SURFACE_WORDS = {Surface.PUBLIC: "komentar publik", Surface.DIRECT: "pesan langsung"}
YES, NO = ("ada", "yes", "any", "attachment", "file"), ("tidak", "tanpa", "no", "none")
ME, NOBODY = ("saya", "me", "aku"), ("kosong", "none", "nobody", "belum")
WORDS = {
    "kanal": "Kanal", "status": "Status", "unit": "Unit", "jenis": "Jenis", "topik": "Topik", "antrean": "Antrean",
    "jalur": "Jalur", "petugas": "Petugas", "warga": "Warga", "nomor": "Nomor", "nik": "NIK", "tempat": "Tempat",
    "dari": "Sejak", "sebelum": "Sebelum", "lampiran": "Lampiran", "label": "Label",
}  # fmt: skip
