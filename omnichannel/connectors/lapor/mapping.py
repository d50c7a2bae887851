"""Every path, header, field and quirk of the LAPOR gateway, in one place: what changes there is mended here.

No public document of the partner API exists. The names are those that one client of it reads and writes (public
repository, seen 2026-07) and that the web form carries (seen 2023–24); what is a guess says so. The institution's own
developer account opens the real document (blog.lapor.go.id/integrasi), against which this file is to be held.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from omnichannel.domain.forwarding import News
from omnichannel.domain.message import Attachment
from omnichannel.domain.partner import Partner

# ---- paths, under base_url (production …/lapor/3.0.0, sandbox …/sandbox-konsolidasi/1.0)
UPLOAD = "/complaints/complaint/file"
CREATE = "/complaints/complaint"
DETAIL = "/complaints/{id}/complaint"
FOLLOWUPS = "/complaints/{id}/followups"
REPLY = "/complaints/followup/add"
REJECT = "/complaints/process/{id}/reject"
TEMPLATES = "/masters/templates"
INSTITUTIONS = "/masters/institutions/external"
ALL = {"page_size": "1000"}
# No known client searches: where the gateway offers it, `[lapor] search` names its path, and this is what is asked.
SEARCH_FIELD = "title"

# ---- times the one client waits
PATIENCE_TELL = timedelta(seconds=90)
PATIENCE_ASK = timedelta(seconds=30)

# ---- the export of LAPOR's own screen, as an office downloads it: column → our word. No public copy of it was found; these
# are the names of its web form, of its admin guide (V3, 2019) and of offices' own lists. A head is compared without
# case, signs and the words "laporan" and "aduan"; what is not named here is passed over.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "tracking_id": ("tracking id", "trackingid", "id tracking", "no tracking", "nomor tracking", "kode tracking", "id", "no", "nomor",
                    "kode", "no tiket", "nomor tiket", "tiket", "id tiket"),
    "complaint_id": ("complaint id", "complaintid", "id complaint"),
    "number": ("nomor kami", "no kami", "nomor register", "no register", "nomor agenda"),
    "title": ("judul", "title", "perihal", "pokok", "topik"),
    "content": ("isi", "content", "uraian", "deskripsi", "detail", "narasi", "pesan", "teks"),
    "at": ("tanggal", "tgl", "tanggal masuk", "tgl masuk", "waktu", "tanggal dibuat", "dibuat", "created at", "tanggal lapor",
           "tanggal diterima", "tanggal disposisi", "tanggal terdisposisi"),
    "happened": ("tanggal kejadian", "tgl kejadian", "date of incident", "waktu kejadian"),
    "status": ("status", "status akhir", "status terakhir", "keadaan", "status tindak lanjut"),
    "follow_up": ("tindak lanjut", "tindak lanjut terakhir", "isi tindak lanjut", "tanggapan", "tanggapan terakhir", "jawaban", "respon",
                  "respons", "tanggapan instansi"),
    "followed_at": ("tanggal tindak lanjut", "tgl tindak lanjut", "tanggal tanggapan", "tanggal update", "terakhir diperbarui",
                    "updated at", "tanggal pembaruan", "tanggal respon"),
    "institution": ("instansi", "instansi terdisposisi", "instansi terlapor", "instansi tujuan", "disposisi", "terdisposisi", "opd",
                    "institusi", "unit"),
    "place": ("lokasi", "lokasi kejadian", "tempat", "tempat kejadian", "wilayah"),
    "classification": ("klasifikasi", "jenis", "class", "tipe"),
    "reporter": ("pelapor", "nama pelapor", "nama"),
    "url": ("tautan", "url", "link", "alamat web"),
    "anonymous": ("anonim", "anonymous"),
    "secret": ("rahasia", "secret"),
}  # fmt: skip
IDLE_WORDS = frozenset({"laporan", "aduan", "pengaduan", "sp4n", "lapor", "bapak", "ibu"})
# As offices and LAPOR's older screens write a state; everything else is kept as it is received.
STATES: Mapping[str, str] = {
    "belum terverifikasi": "Belum Terverifikasi", "belum diverifikasi": "Belum Terverifikasi", "belum ditindaklanjuti": "Belum Terverifikasi",
    "belum ditindak lanjuti": "Belum Terverifikasi", "baru": "Belum Terverifikasi", "menunggu": "Belum Terverifikasi",
    "terverifikasi": "Terverifikasi", "sudah terverifikasi": "Terverifikasi", "terdisposisi": "Terverifikasi", "disposisi": "Terverifikasi",
    "dalam proses": "Dalam Proses", "proses": "Dalam Proses", "diproses": "Dalam Proses", "sedang diproses": "Dalam Proses",
    "sudah ditindaklanjuti": "Dalam Proses", "ditindaklanjuti": "Dalam Proses", "selesai": "Selesai", "closed": "Selesai", "tutup": "Selesai",
    "ditutup": "Selesai", "ditunda": "Ditunda", "tunda": "Ditunda", "bukan wewenang": "Bukan Wewenang", "bukan kewenangan": "Bukan Wewenang",
    "diarsipkan": "Diarsipkan", "arsip": "Diarsipkan", "ditolak": "Ditolak",
}  # fmt: skip
YES = frozenset({"ya", "y", "yes", "true", "1", "benar", "x", "v", "✓", "anonim", "rahasia"})

# ---- values
# Web form: 1 Pengaduan, 2 Permintaan Informasi, 3 Aspirasi. The one client always sends 6, which is its own class.
CLASSIFICATIONS = {"Pengaduan": 1, "Permintaan Informasi": 2, "Aspirasi": 3}
ZONE = ZoneInfo("Asia/Jakarta")  # a guess: times come without a zone from servers in Jakarta
MOMENT = "%d-%m-%Y %H:%M:%S"
DAY = "%Y-%m-%d"
EPOCH = datetime(1970, 1, 1, tzinfo=ZONE)
CUT_FROM = 40  # letters; a title as short as this was not cut there
DOUBLE = re.compile(r"duplikat|duplicate|sudah (?:ada|pernah|terdaftar|dilaporkan)|already", re.IGNORECASE)
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def headers(partner: Partner) -> dict[str, str]:
    """Both keys on every call; the token stands in braces."""
    key = f"Bearer {partner.key}" if partner.header.lower() == "auth" else partner.key
    return {partner.header: key, "token": f"{{{partner.token.strip('{}')}}}", "Accept": "application/json"}


def attachments_field(numbers: Sequence[int]) -> str | bool:
    """The ids as text, not as a list; false for none (the older client sends "[1,2]", the newer false for none)."""
    return f"[{','.join(map(str, numbers))}]" if numbers else False


def uploaded(answer: Any) -> list[int]:
    """The ids of an upload, pictures before documents."""
    results = _table(_table(answer).get("results"))
    found = [*_rows(results.get("images")), *_rows(results.get("docs"))]
    return [int(one["id"]) for one in found if str(one.get("id", "")).isdigit()]


def created(answer: Any) -> tuple[str | None, str | None]:
    """(complaint id, tracking id) from either shape of the answer. The tracking id in it is a guess."""
    told, nested = _table(answer), _table(_table(_table(answer).get("results")).get("complaint"))
    number = told.get("complaint_id") or nested.get("id") or _table(told.get("results")).get("complaint_id")
    tracking = told.get("tracking_id") or nested.get("tracking_id")
    return _word(number), _word(tracking)


def refusal(answer: Any, status: int) -> str:
    """Why not, in LAPOR's words; an HTML page has none."""
    told = _table(answer)
    words = told.get("message") or told.get("error") or told.get("errors")
    said = words if isinstance(words, str) else json.dumps(words, ensure_ascii=False) if words else ""
    return f"SP4N-LAPOR! menolak ({status}): {said[:300]}" if said else f"SP4N-LAPOR! menolak ({status})."


def heard_before(answer: Any, status: int) -> bool:
    """Whether a refusal or a redirection says that there is something already: a conflict, the page that follows a
    form that was taken (302, 303), or words of a double. All three are guesses on the careful side."""
    if status in (302, 303, 409):
        return True
    told = _table(answer)
    words = json.dumps([told.get("message"), told.get("error"), told.get("errors")], ensure_ascii=False)
    return 400 <= status < 500 and DOUBLE.search(words) is not None


def detail(answer: Any, complaint_id: str) -> dict[str, Any] | None:
    """The report itself, None when the answer holds none, or that of another report."""
    data = _table(_table(answer).get("results")).get("data")
    if not isinstance(data, dict):
        return None
    told = _word(data.get("id")) or _word(data.get("complaint_id"))
    return data if told in (None, complaint_id) else None


def is_titled(report: Mapping[str, Any], title: str) -> bool:
    """Whether it bears this title, or may: an answer without one, or with one cut short, says nothing against it."""
    told, ours = (re.sub(r"\W+", "", one).casefold() for one in (_word(report.get("title")) or "", title))
    return told in ("", ours) or (len(told) >= CUT_FROM and ours.startswith(told))


def state_of(report: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
    """(status name, status code, institution) as received: numbers behind the names are known to nobody outside."""
    return _word(report.get("status_name")), _word(report.get("status_code")), _word(report.get("disposition_name"))


def moved_at(report: Mapping[str, Any]) -> datetime | None:
    """When it last changed its state, from its own log."""
    log = _rows(report.get("status_logs"))
    return max((at for at in (moment(one.get("timestamp")) for one in log) if at), default=None)


def tracking_of(report: Mapping[str, Any]) -> str | None:
    """The number that citizens follow their report by; that the detail tells it is a guess."""
    return _word(report.get("tracking_id"))


def found(answer: Any, title: str) -> list[tuple[str, str | None, datetime | None]]:
    """(id, tracking id, made at) of every report with exactly this title."""
    rows = _rows(_table(_table(answer).get("results")).get("data"))
    return [
        (str(one["id"]), _word(one.get("tracking_id")), moment(one.get("created_at")))
        for one in rows
        if one.get("id") and str(one.get("title", "")).strip() == title.strip()
    ]


def followups(answer: Any) -> tuple[list[dict[str, Any]], bool]:
    """The entries of one page, and whether there is another."""
    results = _table(_table(answer).get("results"))
    return _rows(results.get("data")), bool(results.get("next_page_url"))


def news(entry: Mapping[str, Any], now: datetime) -> News | None:
    """One follow-up in our words; None for one without an id. A template's holes are filled from beside it."""
    number = _word(entry.get("id"))
    if number is None:
        return None
    old, new = _name(entry.get("status_old")), _name(entry.get("status_new"))
    source, target = _word(entry.get("institution_from_name")), _word(entry.get("institution_to_name"))
    holes = {
        "institution_from": source or "instansi",
        "institution_to": target or "instansi lain",
        "status_old": old or "-",
        "status_new": new or "-",
    }
    words = PLACEHOLDER.sub(lambda hole: holes.get(hole[1], ""), _word(entry.get("content")) or "")
    return News(
        id=number,
        at=moment(entry.get("created_at")) or now,
        status_name=new,
        status_code=None,
        text=" ".join(re.sub(r"<[^>]+>", " ", words).split()),
        institution=source,
        attachments=tuple(_file(one) for one in _rows(entry.get("attachments")) if one.get("path")),
    )


def moment(told: Any) -> datetime | None:
    """A time as the gateway writes it, or None."""
    try:
        return datetime.strptime(str(told), MOMENT).replace(tzinfo=ZONE)
    except ValueError:
        return None


def masters(answer: Any, key: str, name: str) -> tuple[tuple[str, str], ...]:
    """(id, name) pairs of one of LAPOR's lists."""
    rows = _rows(_table(_table(answer).get("results")).get("data"))
    return tuple((str(one[key]), str(one[name])) for one in rows if one.get(key) and one.get(name))


def taken(answer: Any) -> bool:
    """Whether a change was taken: the client looks for a flag, whose exact name differs between its versions."""
    told = _table(answer)
    return str(told.get("status", told.get("success", ""))).lower() in ("success", "true", "ok", "1")


def _file(told: Mapping[str, Any]) -> Attachment:
    name = _word(told.get("file_name")) or "lampiran"
    kinds = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}
    extension = (_word(told.get("extension")) or name.rpartition(".")[2]).lower()
    return Attachment(media_type=kinds.get(extension, "application/octet-stream"), name=name, url=str(told["path"]))


def _name(told: Any) -> str | None:
    return _word(told.get("name")) if isinstance(told, dict) else _word(told)


def _word(told: Any) -> str | None:
    return str(told).strip() or None if isinstance(told, str | int) and not isinstance(told, bool) else None


def _table(told: Any) -> dict[str, Any]:
    return told if isinstance(told, dict) else {}


def _rows(told: Any) -> list[dict[str, Any]]:
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
