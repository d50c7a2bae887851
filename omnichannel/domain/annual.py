"""The yearly report on information services, counted from the same rows as the registers: every figure has its definition,
and every figure can name the numbers behind it.

Sections as public bodies report them to the Komisi Informasi: requests and how long they took, what was granted and refused
and why, objections and disputes, then obstacles and plans, which people write.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from omnichannel.domain.calendar import MONTHS, WorkingCalendar
from omnichannel.domain.case import Case, CaseState, Outcome
from omnichannel.domain.letter import Block, Fields, Heading, Letter, LetterKind, LetterRules, Signature, Words
from omnichannel.domain.objection import GROUNDS, Objection, ObjectionState, Verdict
from omnichannel.domain.ppid import PpidRules, Request
from omnichannel.domain.ppid_clock import day_zero
from omnichannel.domain.ppid_decision import EXEMPTIONS, Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One request as the report counts it. `days`: working days from day zero to the answer."""

    number: str
    title: str
    month: int
    outcome: Outcome | None
    voided: bool
    running: bool
    late: bool
    extended: bool
    days: int | None
    applicant: str
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its word, what it counts, and whether a request belongs to it."""

    word: str
    meaning: str
    fits: Callable[[Counted], bool]


@dataclass(frozen=True, slots=True)
class ObjectionFigure:
    """The same of objections."""

    word: str
    meaning: str
    fits: Callable[[Objection], bool]


def counted(
    case: Case, request: Request, decision: Decision | None, calendar: WorkingCalendar, rules: PpidRules, today: date
) -> Counted:
    """One request, measured. The day of receipt (or of completeness, where the office counts so) is day zero."""
    answered = calendar.day(case.closed_at) if case.closed_at is not None and case.outcome is not None else None
    start = calendar.day(day_zero(request, rules))
    standing = decision if case.outcome in (Outcome.PARTLY, Outcome.REFUSED) else None
    return Counted(
        number=case.number,
        title=case.title,
        month=calendar.day(case.received_at).month,
        outcome=case.outcome,
        voided=case.state is CaseState.VOIDED,
        running=case.state.running,
        late=(answered or today) > case.due and case.state is not CaseState.VOIDED,
        extended=request.extended_at is not None,
        days=max(0, calendar.working_days_between(start, answered)) if answered is not None else None,
        applicant=request.applicant,
        grounds=standing.ruling.grounds if standing is not None else (),
    )


def _ended(outcome: Outcome) -> Callable[[Counted], bool]:
    return lambda one: one.outcome is outcome and not one.voided


def _asked_by(kind: str) -> Callable[[Counted], bool]:
    return lambda one: one.applicant == kind and not one.voided


def _because(letter: str) -> Callable[[Counted], bool]:
    return lambda one: letter in one.grounds and not one.voided


def _objected(letter: str) -> Callable[[Objection], bool]:
    return lambda one: letter in one.grounds


# What the office answered; withdrawn and never completed ones are the applicant's own doing.
ANSWERED = frozenset({Outcome.GRANTED, Outcome.PARTLY, Outcome.REFUSED, Outcome.NOT_HELD, Outcome.TRANSFERRED})

FIGURES: Mapping[str, Figure] = {
    "masuk": Figure("Permohonan diterima", "bernomor pada tahun itu, tanpa yang dibatalkan", lambda one: not one.voided),
    "dikabulkan": Figure("Dikabulkan seluruhnya", "putusan PPID", _ended(Outcome.GRANTED)),
    "sebagian": Figure("Dikabulkan sebagian", "putusan PPID, sebagian dikecualikan", _ended(Outcome.PARTLY)),
    "ditolak": Figure("Ditolak", "seluruhnya dikecualikan menurut Pasal 17", _ended(Outcome.REFUSED)),
    "tidak-dikuasai": Figure("Tidak dikuasai", "informasinya tidak dikuasai atau belum didokumentasikan", _ended(Outcome.NOT_HELD)),
    "dilimpahkan": Figure("Dilimpahkan", "dikuasai badan publik lain", _ended(Outcome.TRANSFERRED)),
    "dicabut": Figure("Dicabut pemohon", "ditarik oleh pemohonnya", _ended(Outcome.WITHDRAWN)),
    "tidak-dilengkapi": Figure("Tidak dilengkapi", "ditutup karena pemohon tidak melengkapi", _ended(Outcome.LAPSED)),
    "berjalan": Figure("Masih berjalan", "belum dijawab saat laporan dibuat", lambda one: one.running),
    "tepat-waktu": Figure(
        "Dijawab tepat waktu",
        "jawaban sampai dengan batas waktunya",
        lambda one: one.outcome in ANSWERED and not one.late and not one.voided,
    ),
    "terlambat": Figure("Dijawab terlambat", "jawaban sesudah batas waktunya", lambda one: one.outcome in ANSWERED and one.late),
    "lewat": Figure("Lewat batas, belum dijawab", "batasnya sudah lewat", lambda one: one.running and one.late),
    "diperpanjang": Figure("Diperpanjang", "tambahan 7 hari kerja (Pasal 22 ayat (8))", lambda one: one.extended and not one.voided),
    "dibatalkan": Figure("Dibatalkan", "nomor yang salah dibuat, tidak ikut dihitung", lambda one: one.voided),
    "perorangan": Figure("Pemohon perorangan", "menurut isian permohonan", _asked_by("perorangan")),
    "kelompok": Figure("Pemohon kelompok orang", "menurut isian permohonan", _asked_by("kelompok")),
    "badan-hukum": Figure("Pemohon badan hukum", "menurut isian permohonan", _asked_by("badan_hukum")),
    **{
        f"pasal-17-{letter}": Figure(f"Pasal 17 huruf {letter}", words, _because(letter))
        for letter, words in EXEMPTIONS.items()
    },
}  # fmt: skip
OBJECTIONS: Mapping[str, ObjectionFigure] = {
    "keberatan": ObjectionFigure("Keberatan diterima", "bernomor pada tahun itu", lambda one: True),
    "keberatan-diterima": ObjectionFigure("Keberatan dikabulkan", "putusan atasan PPID", lambda one: one.verdict is Verdict.UPHELD),
    "keberatan-sebagian": ObjectionFigure("Dikabulkan sebagian", "putusan atasan PPID", lambda one: one.verdict is Verdict.PARTLY),
    "keberatan-ditolak": ObjectionFigure("Keberatan ditolak", "putusan atasan PPID", lambda one: one.verdict is Verdict.REJECTED),
    "keberatan-berjalan": ObjectionFigure("Menunggu tanggapan", "belum ditanggapi", lambda one: one.state is ObjectionState.OPEN),
    "keberatan-lewat": ObjectionFigure("Diajukan lewat waktu", "sesudah 30 hari kerja", lambda one: one.state is ObjectionState.TOO_LATE),
    "keberatan-dicabut": ObjectionFigure("Dicabut pemohon", "ditarik oleh pemohonnya", lambda one: one.state is ObjectionState.WITHDRAWN),
    "sengketa": ObjectionFigure("Sengketa di Komisi Informasi", "diajukan sesudah tanggapan", lambda one: one.state is ObjectionState.DISPUTED),
    **{
        f"pasal-35-{letter}": ObjectionFigure(f"Pasal 35 huruf {letter}", ground.title, _objected(letter))
        for letter, ground in GROUNDS.items()
    },
}  # fmt: skip


@dataclass(slots=True)
class Annual:
    """The counts of one year, filled row by row."""

    year: int
    counts: Counter[str] = field(default_factory=Counter)
    months: Counter[int] = field(default_factory=Counter)
    days: int = 0
    answered: int = 0

    def take(self, one: Counted) -> None:
        """One request more."""
        self.counts.update(key for key, figure in FIGURES.items() if figure.fits(one))
        if not one.voided:
            self.months[one.month] += 1
        if one.outcome in ANSWERED and one.days is not None and not one.voided:
            self.days += one.days
            self.answered += 1

    def take_objection(self, one: Objection) -> None:
        """One objection more."""
        self.counts.update(key for key, figure in OBJECTIONS.items() if figure.fits(one))

    @property
    def average(self) -> float | None:
        """Working days from day zero to the answer; None while nothing was answered."""
        return round(self.days / self.answered, 1) if self.answered else None


# What people write: the title of the section, and what belongs there.
SECTIONS: Mapping[str, tuple[str, str]] = {
    "kebijakan": ("Gambaran umum kebijakan", "Peraturan, SK PPID, SOP, dan hal baru pada tahun itu."),
    "sarana": ("Sarana dan prasarana", "Ruang layanan, kanal, laman, dan sistem yang dipakai."),
    "sdm": ("Sumber daya manusia dan anggaran", "Jumlah petugas, pelatihan, dan anggaran layanan."),
    "kendala": ("Kendala", "Kendala dari dalam dan dari luar."),
    "rencana": ("Rekomendasi dan rencana tindak lanjut", "Apa yang akan diperbaiki, oleh siapa, kapan."),
}


def report(found: Annual, written: Mapping[str, str], rules: LetterRules, office: str, today: date) -> Letter:
    """The report on paper; a section that nobody wrote has room to write in."""
    body: list[Block] = []
    numbers = iter("ABCDEFGHIJ")
    for key in ("kebijakan", "sarana", "sdm"):
        body += [Heading(f"{next(numbers)}. {SECTIONS[key][0]}"), Words(written.get(key, "").strip())]
    body += [Heading(f"{next(numbers)}. Permohonan informasi"), Fields(_requests(found))]
    refused = tuple(
        (f"{FIGURES[key].word}: {FIGURES[key].meaning}", str(found.counts[key]))
        for key in FIGURES
        if key.startswith("pasal-17-") and found.counts[key]
    )
    body += [Heading(f"{next(numbers)}. Alasan penolakan"), Fields(refused) if refused else Words("Tidak ada.")]
    rows = tuple(
        (one.word, str(found.counts[key])) for key, one in OBJECTIONS.items() if not key.startswith("pasal-35-")
    )
    grounds = tuple(
        (f"{OBJECTIONS[key].word}: {OBJECTIONS[key].meaning}", str(found.counts[key]))
        for key in OBJECTIONS
        if key.startswith("pasal-35-") and found.counts[key]
    )
    body += [Heading(f"{next(numbers)}. Keberatan dan sengketa"), Fields(rows + grounds)]
    for key in ("kendala", "rencana"):
        body += [Heading(f"{next(numbers)}. {SECTIONS[key][0]}"), Words(written.get(key, "").strip())]
    return Letter(
        kind=LetterKind.NOTICE,
        title=f"LAPORAN LAYANAN INFORMASI PUBLIK\nTAHUN {found.year}",
        number="",
        place=rules.place,
        day=today,
        to=(),
        body=tuple(body),
        signatures=(Signature(rules.signer_post, rules.signer, rules.signer_id),),
        head=rules.head or (office.upper(), "PEJABAT PENGELOLA INFORMASI DAN DOKUMENTASI"),
        address=rules.address,
        foot=f"Laporan layanan informasi publik {found.year} · {office}",
        report=True,
    )


def _requests(found: Annual) -> tuple[tuple[str, str], ...]:
    average = "belum ada jawaban" if found.average is None else f"{str(found.average).replace('.', ',')} hari kerja"
    rows = [(one.word, str(found.counts[key])) for key, one in FIGURES.items() if not key.startswith("pasal-17-")]
    months = ", ".join(f"{MONTHS[n - 1]} {found.months[n]}" for n in range(1, 13) if found.months[n])
    return (*rows, ("Waktu rata-rata sampai dijawab", average), ("Menurut bulan", months or "tidak ada"))


def year_of(today: date) -> int:
    """The year that a report made today is about: until April the last one (due within three months of its end)."""
    return today.year - 1 if today.month < 4 else today.year
