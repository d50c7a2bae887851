"""One report as the toy LAPOR keeps it, and how its gateway tells of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from omnichannel.toys.base import ToyFile

# Invented ids; names as agencies of any kabupaten have them.
INSTITUTIONS = (
    (501, "Pemerintah Kabupaten Kutai Timur"),
    (502, "Dinas Pekerjaan Umum dan Penataan Ruang Kabupaten Kutai Timur"),
    (503, "Dinas Perhubungan Kabupaten Kutai Timur"),
    (504, "Dinas Lingkungan Hidup Kabupaten Kutai Timur"),
    (505, "Inspektorat Daerah Kabupaten Kutai Timur"),
    (601, "PT PLN (Persero)"),
)
TEMPLATES = (
    {"template_code": "TL-01", "title": "Sedang dikerjakan", "type": "followup", "content": "Laporan sedang kami kerjakan."},
    {"template_code": "TL-02", "title": "Selesai", "type": "followup", "content": "Laporan telah selesai ditangani."},
)  # fmt: skip
# Nobody outside knows the real numbers behind the names: these only have to be told and kept.
CODES = {
    "Belum Terverifikasi": "0", "Terverifikasi": "1", "Dalam Proses": "2", "Selesai": "3",
    "Ditunda": "4", "Bukan Wewenang": "5", "Diarsipkan": "6", "Ditolak": "7",
}  # fmt: skip
MOVED = "Status laporan diubah dari {{status_old}} menjadi {{status_new}} oleh {{institution_from}}"


@dataclass(slots=True)
class Followup:
    """One entry under a report: words of an agency, or a move told by a template."""

    id: int
    at: datetime
    content: str
    files: Sequence[ToyFile] = ()
    old: str | None = None
    new: str | None = None
    mine: bool = False

    def told(self, zone: tzinfo, base: str) -> dict[str, Any]:
        """As the gateway lists it: local time without a zone, a status as an object or nothing."""
        sender = "Pemerintah Kabupaten Kutai Timur"
        return {
            "id": self.id,
            "content": self.content,
            "created_at": f"{self.at.astimezone(zone):%d-%m-%Y %H:%M:%S}",
            "institution_from_name": sender,
            "institution_to_name": None if self.mine else "Pelapor",
            "status_old": {"name": self.old} if self.old else None,
            "status_new": {"name": self.new} if self.new else None,
            "data": json.dumps({"from": sender}),
            "attachments": [
                {
                    "path": f"{base}/berkas/{self.id}/{one.name}",
                    "file_name": one.name,
                    "extension": one.name.rsplit(".", 1)[-1],
                }
                for one in self.files
            ],
        }


@dataclass(slots=True)
class ToyReport:
    """`said` is the body that made it."""

    id: str
    tracking: str
    said: dict[str, Any]
    files: list[ToyFile]
    at: datetime
    state: str = "Belum Terverifikasi"
    code: str = "0"
    institution: str | None = None
    asked_away: tuple[str, str] | None = None
    followups: list[Followup] = field(default_factory=list)
    log: list[tuple[datetime, str]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.said["title"])

    def moves(self, name: str, code: str | None, now: datetime) -> None:
        self.state, self.code = name, code or CODES.get(name, "99")
        self.log.append((now, name))

    def told(self, number: int, words: str, files: Sequence[ToyFile], status: str | None, now: datetime) -> None:
        """Words of an agency; a move without words is told by the platform's own template."""
        old = self.state if status else None
        if status:
            self.moves(status, None, now)
        self.followups.append(Followup(number, now, words or MOVED, tuple(files), old, status))

    def detail(self, zone: tzinfo) -> dict[str, Any]:
        return {
            "id": int(self.id),
            "tracking_id": self.tracking,
            "title": self.title,
            "created_at": f"{self.at.astimezone(zone):%d-%m-%Y %H:%M:%S}",
            "status_code": self.code,
            "status_name": self.state,
            "disposition_id": self.institution or self.said.get("disposition_id"),
            "disposition_name": next(
                (name for number, name in INSTITUTIONS if str(number) == str(self.institution)), None
            ),
            "status_logs": [
                {"note": name, "timestamp": f"{at.astimezone(zone):%d-%m-%Y %H:%M:%S}"} for at, name in self.log
            ],
        }
