"""Registers and lists as rows of text, a page at a time: for the sheet, the paper and the comma-separated file alike."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from omnichannel.domain.books import Span
from omnichannel.domain.calendar import MONTHS, WEEKDAYS
from omnichannel.domain.case import Case, CaseState, Kind, Queue
from omnichannel.domain.channel import STANZAS
from omnichannel.domain.errors import Invalid
from omnichannel.domain.letter_forms import OUTCOMES, rupiah
from omnichannel.domain.objection import GROUNDS
from omnichannel.domain.ports import Store
from omnichannel.domain.ppid_register import ObjectionRow, RequestRow
from omnichannel.domain.printing import Column, Sheet, SheetHead
from omnichannel.domain.work import Actor, Work
from omnichannel.router import registers
from omnichannel.router.desk import Desk

PAGE = 500
YES = "✓"
Rows = tuple[list[Sequence[str]], int | None]


@dataclass(frozen=True, slots=True)
class Extract:
    """One kind of list: its title and columns, and how a page of it is read. The id to go on from is None at the end."""

    title: str
    columns: tuple[Column, ...]
    page: Callable[[Work, Desk, Span, int], Rows]

    def head(self, desk: Desk, since: date, until: date) -> SheetHead:
        """What stands above the rows."""
        return SheetHead(self.title, desk.office.name, f"{_long(since)} sampai {_long(until)}", self.columns)


async def write_out(
    store: Store, desk: Desk, extract: Extract, span: Span, sheet: Sheet, most: int | None = None
) -> int:
    """Every row of the span, page by page; returns how many. Invalid where there are more than `most`."""
    after: int | None = 0
    count = 0
    while after is not None:
        start = after
        rows, after = await store.read(lambda work: extract.page(work, desk, span, start))  # noqa: B023 (read at once)
        count += len(rows)
        if most is not None and count > most:
            raise Invalid(f"Lebih dari {most} baris. Persempit tanggalnya, atau pilih XLSX atau CSV.")
        await asyncio.to_thread(sheet.add, rows)
    return count


def span_of(since: date, until: date, zone: tzinfo) -> Span:
    """Whole days of the office, the last one too. Invalid: the end stands before the beginning."""
    if until < since:
        raise Invalid("Tanggal akhir mendahului tanggal awal.")
    if until == date.max:
        raise Invalid("Tanggal akhir terlalu jauh.")
    start, end = datetime.combine(since, time(), zone), datetime.combine(until + timedelta(days=1), time(), zone)
    return Span(start, end)


def note(work: Work, who: Actor, what: str, since: date, until: date, format: str, now: datetime) -> None:
    """Who took out which data is a line of the history (UU 27/2022, Pasal 31)."""
    work.note(who, "exported", "register", 0, at=now, after=f"{what} {since} {until} {format}")


def _permohonan(work: Work, desk: Desk, span: Span, after: int) -> Rows:
    cases = work.books.cases(span, after, PAGE, kind=Kind.INFORMATION_REQUEST)
    said = registers.request_rows(work, cases)
    return [_request(row, desk.office.zone) for row in said], _next(cases)


def _request(row: RequestRow, zone: tzinfo) -> Sequence[str]:
    soft, hard = (row.medium in (one, "keduanya") for one in ("softcopy", "hardcopy"))
    voided = row.case.state is CaseState.VOIDED
    decision = OUTCOMES.get(row.outcome, ENDS.get(row.outcome, "")) if row.outcome is not None else ""
    return (
        row.number,
        _day(row.received_at, zone),
        row.name,
        row.address,
        row.contact,
        row.job,
        row.details,
        row.purpose,
        YES if row.held is True else "",
        YES if row.held is False else "",
        YES if soft else "",
        YES if hard else "",
        YES if row.access == "melihat" else "",
        YES if row.access and row.access != "melihat" else "",
        f"Dibatalkan: {row.case.void_reason}" if voided else decision,
        row.refusal,
        _weekday(row.notified_at, zone),
        _weekday(row.given_at, zone),
        "" if row.cost is None else rupiah(row.cost) if row.cost else "Tidak dipungut",
        row.payment,
    )


def _keberatan(work: Work, desk: Desk, span: Span, after: int) -> Rows:
    found = work.books.objections(span, after, PAGE)
    said = registers.objection_rows(work, found)
    last = found[-1].id if len(found) == PAGE else None
    return [_objection(row, desk.office.zone) for row in said], last


def _objection(row: ObjectionRow, zone: tzinfo) -> Sequence[str]:
    grounds = "; ".join(f"{letter}. {GROUNDS[letter].title}" for letter in row.grounds if letter in GROUNDS)
    return (
        row.number,
        _day(row.received_at, zone),
        row.applicant + (f" (kuasa: {row.proxy})" if row.proxy else ""),
        row.request_number,
        row.details,
        row.purpose,
        grounds,
        row.decision,
        _weekday(row.answered_at, zone),
        ", ".join(one for one in (row.superior, row.superior_post) if one),
        row.response,
    )


def _lapor(work: Work, desk: Desk, span: Span, after: int) -> Rows:
    cases = work.books.cases(span, after, PAGE, queue=Queue.LAPOR)
    zone = desk.office.zone
    rows = [
        (
            *_case(one, desk),
            one.tracking_id or "",
            one.lapor_status or "",
            _day(one.lapor_at, zone),
            "rahasia" if one.secret else "anonim" if one.anonymous else "",
        )
        for one in cases
    ]
    return list(rows), _next(cases)


def _cases(work: Work, desk: Desk, span: Span, after: int) -> Rows:
    cases = work.books.cases(span, after, PAGE)
    return [(*_case(one, desk), one.queue.value.upper()) for one in cases], _next(cases)


def _case(case: Case, desk: Desk) -> Sequence[str]:
    zone, units = desk.office.zone, desk.organisation
    place = ", ".join(units[key].name for key in (case.desa, case.kecamatan) if key and key in units)
    unit = units.get(case.unit) if case.unit else None
    ended = case.outcome is not None
    return (
        case.number,
        _day(case.received_at, zone),
        KINDS[case.kind],
        case.title,
        case.topic.replace("_", " "),
        unit.name if unit is not None else case.unit or "",
        place,
        f"{case.due:%d-%m-%Y}",
        STATES[case.state],
        (OUTCOMES.get(case.outcome) or ENDS.get(case.outcome, "")) if case.outcome is not None else "",
        _day(case.closed_at, zone) if ended else "",
    )


def _conversations(work: Work, desk: Desk, span: Span, after: int) -> Rows:
    found = work.books.talks(span, after, PAGE)
    zone = desk.office.zone
    rows = [
        (
            str(one.conversation.id),
            _day(one.conversation.created_at, zone),
            _day(one.conversation.last_at, zone),
            STANZAS[one.conversation.channel].word,
            one.conversation.account,
            "publik" if one.conversation.surface == "public" else "pribadi",
            one.contact,
            TALKS.get(one.conversation.state.value, one.conversation.state.value),
            (one.conversation.topic or "").replace("_", " "),
            one.conversation.unit or "",
            one.assignee or "",
        )
        for one in found
    ]
    return list(rows), found[-1].conversation.id if len(found) == PAGE else None


def _next(cases: Sequence[Case]) -> int | None:
    return cases[-1].id if len(cases) == PAGE else None


def _day(moment: datetime | None, zone: tzinfo) -> str:
    return "" if moment is None else f"{moment.astimezone(zone):%d-%m-%Y}"


def _weekday(moment: datetime | None, zone: tzinfo) -> str:
    if moment is None:
        return ""
    day = moment.astimezone(zone).date()
    return f"{WEEKDAYS[day.weekday()]}, {_long(day)}"


def _long(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _columns(*named: tuple[str, int] | tuple[str, int, str]) -> tuple[Column, ...]:
    return tuple(Column(*one) for one in named)


ENDS = {"withdrawn": "Dicabut pemohon", "lapsed": "Tidak dilengkapi pemohon", "resolved": "Selesai ditangani"}
KINDS = {
    Kind.INFORMATION_REQUEST: "Permohonan informasi",
    Kind.COMPLAINT: "Pengaduan",
    Kind.ASPIRATION: "Aspirasi",
    Kind.OTHER: "Lainnya",
}
STATES = {
    CaseState.OPEN: "berjalan",
    CaseState.FORWARDED: "diteruskan",
    CaseState.ANSWERED: "dijawab",
    CaseState.CLOSED: "selesai",
    CaseState.VOIDED: "dibatalkan",
}
TALKS = {"open": "baru", "waiting": "menunggu warga", "resolved": "selesai", "snoozed": "ditunda"}
HELD, FORM, WANTED = "Status informasi, di bawah penguasaan", "Bentuk informasi yang dikuasai", "Jenis permohonan"
TOLD, PAID = "Hari dan tanggal", "Biaya dan cara pembayaran"
CASE = _columns(
    ("Nomor", 11), ("Tanggal", 8), ("Jenis", 9), ("Judul", 24), ("Topik", 9), ("Unit", 14), ("Tempat", 12),
    ("Batas", 8), ("Keadaan", 8), ("Hasil", 10), ("Selesai", 8),
)  # fmt: skip
# The columns of the registers are those of the forms of Perki 1/2021 and of PPID guides after it.
EXTRACTS: Mapping[str, Extract] = {
    "permohonan": Extract(
        "Register permohonan informasi publik",
        _columns(
            ("Nomor pendaftaran", 12),
            ("Tanggal", 8),
            ("Nama", 9),
            ("Alamat", 10),
            ("Nomor kontak", 9),
            ("Pekerjaan", 7),
            ("Informasi yang diminta", 17),
            ("Tujuan penggunaan informasi", 10),
            ("Ya", 8, HELD),
            ("Tidak", 8, HELD),
            ("softcopy", 7, FORM),
            ("hardcopy", 7, FORM),
            ("melihat/mengetahui", 9, WANTED),
            ("meminta salinan", 9, WANTED),
            ("Keputusan", 8),
            ("Alasan penolakan", 14),
            ("pemberitahuan tertulis", 10, TOLD),
            ("pemberian informasi", 8, TOLD),
            ("biaya", 9, PAID),
            ("cara", 9, PAID),
        ),
        _permohonan,
    ),
    "keberatan": Extract(
        "Register keberatan",
        _columns(
            ("Nomor registrasi", 11),
            ("Tanggal diterima", 8),
            ("Identitas pemohon/kuasa", 12),
            ("Nomor pendaftaran permohonan", 10),
            ("Informasi yang diminta", 18),
            ("Tujuan penggunaan informasi", 11),
            ("Alasan keberatan (Pasal 35)", 17),
            ("Keputusan atasan PPID", 12),
            ("Hari dan tanggal tanggapan", 9),
            ("Nama dan posisi atasan PPID", 12),
            ("Tanggapan pemohon", 12),
        ),
        _keberatan,
    ),
    "lapor": Extract(
        "Laporan SP4N-LAPOR!",
        CASE + _columns(("Tracking ID", 9), ("Status LAPOR", 9), ("Tanggal status", 8), ("Sifat", 6)),
        _lapor,
    ),
    "cases": Extract("Daftar kasus", CASE + _columns(("Antrean", 6)), _cases),
    "conversations": Extract(
        "Daftar percakapan",
        _columns(
            ("Nomor", 6),
            ("Mulai", 8),
            ("Terakhir", 8),
            ("Kanal", 8),
            ("Akun", 10),
            ("Sifat", 7),
            ("Warga", 16),
            ("Keadaan", 9),
            ("Topik", 10),
            ("Unit", 10),
            ("Petugas", 12),
        ),
        _conversations,
    ),
}
