"""What the public forms ask, in the words of PPID forms and of SP4N-LAPOR!; shared by the pages and the channel behind them."""

from collections.abc import Mapping

from omnichannel.domain.case import Kind

ACCOUNT = "web"  # The forms are ours: no account of a platform stands behind them, so their name is fixed.

# As it stands in the address, and what it is for us.
KINDS: Mapping[str, Kind] = {"pengaduan": Kind.COMPLAINT, "permohonan": Kind.INFORMATION_REQUEST}

APPLICANTS: Mapping[str, str] = {
    "perorangan": "Perorangan",
    "kelompok": "Kelompok orang",
    "badan_hukum": "Badan hukum",
}
# How the applicant wants to come to know it, and how a copy is to reach them (UU 14/2008, Pasal 22 ayat (2)).
ACCESS: Mapping[str, str] = {
    "salinan_digital": "Salinan digital (berkas)",
    "salinan_cetak": "Salinan cetak",
    "melihat": "Melihat, membaca, mendengarkan, atau mencatat di tempat",
}
DELIVERY: Mapping[str, str] = {
    "surel": "Surel (e-mail)",
    "ambil": "Diambil langsung di kantor",
    "pos": "Pos",
    "kurir": "Kurir",
    "faks": "Faksimile",
}

FILES_MOST = 5
FILE_LARGEST = 10 * 1024 * 1024
