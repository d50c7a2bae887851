"""How a case is doing, in a few plain sentences for its citizen: where it stands, what was done last, until when, what next."""

from datetime import datetime

from omnichannel.domain.case import Case, CaseState, Kind
from omnichannel.domain.objection import VERDICTS, Objection, ObjectionState, dispute_window
from omnichannel.domain.work import Direction, Work
from omnichannel.router.conclude import WORDS as OUTCOMES
from omnichannel.router.desk import Desk
from omnichannel.router.tell import in_words, track_link

LOOK_BACK = 100  # messages
OBJECTION = (
    "Tidak setuju? Anda berhak mengajukan keberatan kepada atasan PPID paling lambat 30 hari kerja setelah jawaban."
)
NOT_CONTENT = "Belum puas? Tanggapi dalam 10 hari kerja dengan membalas di sini."
ENDED = {
    ObjectionState.ANSWERED: "sudah ditanggapi.",
    ObjectionState.TOO_LATE: "tercatat, tetapi diajukan lewat waktu sehingga tidak dapat diteruskan.",
    ObjectionState.WITHDRAWN: "sudah Anda cabut.",
    ObjectionState.DISPUTED: "sedang disengketakan di Komisi Informasi.",
}


def status_of(work: Work, desk: Desk, case: Case, now: datetime) -> str:
    """Short enough for any channel; names nobody."""
    objected = [_objection(desk, one, now) for one in work.objections.of_case(case.id)]
    lines = [
        f"{case.number}: {state_of(desk, case)}.",
        f"Diterima {_day(desk, case.received_at)}. Langkah terakhir: {_last_step(work, desk, case)}.",
        _until(desk, case, now),
        *(objected or [_next(desk, case)]),
        f"Ada pertanyaan? Balas di sini. Lihat juga {track_link(desk.office, case.number)}",
        desk.office.name,
    ]
    return "\n".join(line for line in lines if line)


def state_of(desk: Desk, case: Case) -> str:
    """In half a sentence."""
    if case.state is CaseState.VOIDED:
        return "nomor ini tidak dipakai lagi"
    if not case.state.running:
        return f"sudah dijawab, {OUTCOMES[case.outcome]}" if case.outcome else "selesai"
    if not case.certain:
        return "diterima, menunggu diperiksa petugas"
    if case.state is CaseState.FORWARDED:
        return "sedang ditindaklanjuti lewat SP4N-LAPOR!"
    unit = desk.organisation.get(case.unit) if case.unit and not case.secret else None
    return f"sedang ditangani {unit.name}" if unit is not None else "sedang ditangani"


def _last_step(work: Work, desk: Desk, case: Case) -> str:
    """The newest of what the record knows."""
    steps = [(case.created_at, "dicatat dan diberi nomor")]
    if case.lapor_at is not None and case.tracking_id is not None:
        word = f" ({case.lapor_status})" if case.lapor_status else ""
        steps.append((case.lapor_at, f"di SP4N-LAPOR! dengan tracking ID {case.tracking_id}{word}"))
    if case.closed_at is not None:
        steps.append((case.closed_at, "dibatalkan" if case.state is CaseState.VOIDED else "dijawab"))
    said = work.messages.thread(case.conversation_id, limit=LOOK_BACK)
    by_staff = [one.sent_at for one in said if one.direction is Direction.OUT and one.staff_id is not None]
    if by_staff and by_staff[-1] >= case.received_at:
        steps.append((by_staff[-1], "petugas menulis kepada Anda"))
    at, words = max(steps, key=lambda step: step[0])
    return f"{words}, {_day(desk, at)}"


def _until(desk: Desk, case: Case, now: datetime) -> str:
    if not case.state.running:
        return ""
    calendar = desk.clocks.calendar
    today = calendar.day(now)
    about = " (perkiraan, daftar libur belum lengkap)" if case.provisional else ""
    if case.overdue(today):
        return f"Batas jawaban {in_words(case.due)} sudah lewat. Mohon maaf; petugas sudah diingatkan."
    left = calendar.working_days_between(today, case.due)
    when = "hari ini" if today == case.due else f"{left} hari kerja lagi"
    return f"Jawaban paling lambat {in_words(case.due)}{about}, {when}."


def _next(desk: Desk, case: Case) -> str:
    if case.state is CaseState.VOIDED or case.state is CaseState.CLOSED:
        return ""
    if case.state is CaseState.ANSWERED:
        return OBJECTION if case.kind is Kind.INFORMATION_REQUEST else NOT_CONTENT
    if not case.certain:
        return "Berikutnya: petugas memeriksanya, lalu meneruskannya kepada yang berwenang."
    if case.state is CaseState.FORWARDED:
        return "Berikutnya: instansi yang menerima menindaklanjuti, dan kabarnya kami sampaikan kepada Anda."
    return "Berikutnya: kami menyiapkan jawaban dan mengirimkannya kepada Anda."


def _objection(desk: Desk, one: Objection, now: datetime) -> str:
    """Where an objection stands, and until when something follows (UU 14/2008, Pasal 36 and 37)."""
    said = f"Keberatan {one.number}, diterima {_day(desk, one.received_at)}: "
    if one.state is ObjectionState.OPEN:
        if one.overdue(desk.clocks.calendar.day(now)):
            until = in_words(dispute_window(one, desk.clocks).due)
            late = (
                f"batas tanggapan {in_words(one.due)} sudah lewat. Anda berhak mengajukan sengketa ke Komisi Informasi"
            )
            return f"{said}{late} paling lambat {until}."
        return f"{said}menunggu tanggapan {desk.office.ppid.superior}, paling lambat {in_words(one.due)}."
    if one.state is ObjectionState.ANSWERED and one.verdict is not None:
        until = (
            f" Bila belum puas, sengketa ke Komisi Informasi paling lambat {in_words(one.dispute_due)}."
            if one.dispute_due
            else ""
        )
        return f"{said}sudah ditanggapi, {VERDICTS[one.verdict]}.{until}"
    return said + ENDED[one.state]


def _day(desk: Desk, at: datetime) -> str:
    return in_words(at.astimezone(desk.office.zone).date())
