"""LAPOR's own export, read by `mapping.COLUMNS`: columns in any order, further ones beside them, a title above the head."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from omnichannel.connectors.lapor import mapping
from omnichannel.domain.errors import Invalid
from omnichannel.domain.forwarding import Exported

HEAD_WITHIN = 20  # rows; offices put their name and a date above
MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan januari january", "feb februari february", "mar maret march", "apr april", "mei may", "jun juni june", "jul juli july",
         "agu agt agustus aug august ags", "sep september sept", "okt oktober oct october", "nov november nopember", "des desember dec december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
SERIAL = date(1899, 12, 30)  # Excel counts days from here
SERIALS = range(36_526, 73_051)  # 2000 to 2099
NO_HEAD = "Kolomnya tidak dikenali. Berkas ini perlu baris judul kolom dengan Tracking ID atau Judul, seperti ekspor SP4N-LAPOR!."
TRACKING = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{2,39}")


def read(table: Sequence[Sequence[str]]) -> tuple[Exported, ...]:
    """Every row that names a report. Invalid where no head row is found."""
    place, columns = _head(table)
    rows = (_row(line, cells, columns) for line, cells in enumerate(table[place + 1 :], start=place + 2))
    return tuple(row for row in rows if row is not None)


def _head(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for place, cells in enumerate(table[:HEAD_WITHIN]):
        columns = _columns(cells)
        if len(columns) >= 2 and {"tracking_id", "title"} & set(columns):
            return place, columns
    raise Invalid(NO_HEAD)


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Our word → its place. The nearest name wins: "Tracking ID" before "No", which elsewhere only counts the rows."""
    found: dict[str, tuple[int, int]] = {}
    for place, cell in enumerate(cells):
        for word, names in mapping.COLUMNS.items():
            rank = next((rank for rank, name in enumerate(names) if _plain(cell) in (name, _plain(name))), None)
            if rank is not None and (word not in found or rank < found[word][0]):
                found[word] = (rank, place)
    return {word: place for word, (_, place) in found.items()}


def _plain(head: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", head.casefold()).split()
    kept = [word for word in words if word not in mapping.IDLE_WORDS]
    return " ".join(kept or (["isi"] if "laporan" in words else words))


def _row(line: int, cells: Sequence[str], columns: dict[str, int]) -> Exported | None:
    def cell(word: str) -> str:
        place = columns.get(word)
        # Our own writing puts nothing before a cell, other programs an apostrophe before what could be a formula.
        return cells[place].strip().removeprefix("'").strip() if place is not None and place < len(cells) else ""

    tracking = cell("tracking_id").lstrip("#").strip().removesuffix(".0")
    known: dict[str, Any] = {
        "tracking_id": tracking if TRACKING.fullmatch(tracking) else None,
        "complaint_id": cell("complaint_id").removesuffix(".0") or None,
        "number": cell("number") or None,
        "title": " ".join(cell("title").split()),
        "content": cell("content"),
        "status": mapping.STATES.get(" ".join(cell("status").casefold().split()), cell("status") or None),
        "follow_up": cell("follow_up"),
        "institution": cell("institution") or None,
        "place": cell("place"),
        "classification": cell("classification"),
        "reporter": cell("reporter") or None,
        "url": cell("url") if cell("url").startswith(("https://", "http://")) else None,
        "anonymous": cell("anonymous").casefold() in mapping.YES,
        "secret": cell("secret").casefold() in mapping.YES,
        "at": moment(cell("at")),
        "followed_at": moment(cell("followed_at")),
    }
    happened = moment(cell("happened"))
    if not (known["tracking_id"] or known["number"] or known["title"]):
        return None
    return Exported(line=line, happened=happened.date() if happened else None, **known)


def moment(told: str) -> datetime | None:
    """A time as people and programs write it, in LAPOR's zone; None where it cannot be read."""
    text = " ".join(told.replace(",", " ").split())
    if re.fullmatch(r"\d{5}(?:[.]\d+)?", text) and int(float(text)) in SERIALS:
        midnight = datetime(SERIAL.year, SERIAL.month, SERIAL.day, tzinfo=mapping.ZONE)
        return midnight + timedelta(days=float(text))
    try:
        if re.match(r"\d{4}-\d\d-\d\d", text):
            at = datetime.fromisoformat(re.sub(r"\s+(?=\d\d:)", "T", text).replace(" ", ""))
            return at if at.tzinfo else at.replace(tzinfo=mapping.ZONE)
        return _local(text)
    except ValueError:
        return None


def _local(text: str) -> datetime | None:
    """Day first, as in Indonesia: 17-11-2026, 17/11/26 06.30, Selasa 17 November 2026 pukul 06:30 WIB."""
    found = re.search(r"(?<!\d)(\d{1,2})[ /.\-]+([A-Za-z]{3,9}|\d{1,2})[ /.\-]+(\d{4}|\d{2})(?!\d)(.*)", text)
    if found is None:
        return None
    month = MONTHS.get(found[2].casefold()) if found[2].isalpha() else int(found[2])
    year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
    if month is None:
        return None
    clock = re.search(r"(?<!\d)(\d{1,2})[.:](\d\d)(?:[.:](\d\d))?", found[4])
    hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    return datetime(year, month, int(found[1]), hour, minute, second, tzinfo=mapping.ZONE)
