"""What an officer stores once a report lies in SP4N-LAPOR!: its tracking id, and what LAPOR says of it."""

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from omnichannel.domain.case import Case, CaseState, Outcome, Queue
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.errors import Conflict, Invalid
from omnichannel.domain.forwarding import ForwardState
from omnichannel.domain.office import Office
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Actor, Work
from omnichannel.router.desk import by_staff, case_of
from omnichannel.router.sheet import Sheet, sheet
from omnichannel.router.standing import show_nearest
from omnichannel.router.tell import tell

__all__ = ["STATUSES", "Sheet", "arrived", "correct", "keyed_in", "note_status", "sheet", "with_status"]

SITE = "https://www.lapor.go.id"
TRACKING = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{2,39}")
LINK = re.compile(r"https?://[!-~]{4,500}")
SHORTEST_REASON = 5
OTHERS = "Tracking ID itu sudah dicatat untuk {number}. Cari lagi di SP4N-LAPOR!; bila keduanya memang satu laporan di sana, centang di bawah."
NEW = "Belum Terverifikasi"
DONE = "Selesai"
# As the partner API and the admin guide name them (the union of both; stored as received).
STATUSES = (NEW, "Terverifikasi", "Dalam Proses", DONE, "Ditunda", "Bukan Wewenang", "Diarsipkan", "Ditolak")


def keyed_in(
    work: Work,
    staff: Staff,
    case_id: int,
    tracking_id: str,
    url: str | None,
    *,
    office: Office,
    capabilities: Capabilities | None,
    now: datetime,
    seen: int | None = None,
    shared: bool = False,
) -> Case:
    """The officer has keyed it in: the tracking id is stored, the citizen is told.

    `shared`: it is the id of another report of ours, and the officer says so: LAPOR holds both as one.
    Invalid: no usable id or link, another report's id, or no report for LAPOR. Conflict: it is in LAPOR already under another id, or was
    changed meanwhile.
    """
    case = case_of(work, case_id)
    wanted, link = _tracking(tracking_id), _link(url)
    if case.tracking_id == wanted:
        return case
    case = case_of(work, case_id, seen)
    if case.queue is not Queue.LAPOR:
        raise Invalid(f"{case.number} bukan laporan untuk SP4N-LAPOR!.")
    if case.tracking_id is not None:
        raise Conflict(f"Laporan ini sudah dicatat dengan tracking ID {case.tracking_id}.")
    others = [one.number for one in work.cases.by_tracking(wanted) if one.id != case.id]
    if others and not shared:
        raise Invalid(OTHERS.format(number=others[0]))
    if not case.state.running:
        raise Conflict("Kasus ini sudah selesai atau dibatalkan, jadi tidak diteruskan lagi.")
    forward = work.forwards.get(case_id)
    if forward is not None and forward.state is ForwardState.SENDING:
        raise Conflict("Laporan ini sedang dikirim. Tunggu jawaban SP4N-LAPOR!.")
    after = arrived(work, by_staff(staff), case, wanted, link, office=office, capabilities=capabilities, now=now)
    if forward is not None:
        work.forwards.save(
            replace(forward, state=ForwardState.SENT, complaint_id=forward.complaint_id or wanted, error=None)
        )
    return after


def arrived(
    work: Work,
    who: Actor,
    case: Case,
    tracking_id: str,
    url: str | None,
    *,
    office: Office,
    capabilities: Capabilities | None,
    now: datetime,
) -> Case:
    """It lies in SP4N-LAPOR!: the case waits for news from there, and the citizen is told under which id."""
    after = replace(
        case,
        tracking_id=tracking_id,
        lapor_url=url,
        lapor_at=now,
        state=CaseState.FORWARDED,
        lapor_status=NEW,
        certain=True,
    )
    after = work.cases.save(case, after)
    _note(work, who, after, "forwarded", now, before=case.state.value, after_=tracking_id)
    show_nearest(work, case.conversation_id)
    text = office.notice("diteruskan", nomor=case.number, tracking=tracking_id, tautan=url or SITE)
    tell(work, office, after, text, key=f"lapor:{case.id}:{tracking_id}", capabilities=capabilities, now=now)
    return after


def correct(
    work: Work,
    staff: Staff,
    case_id: int,
    tracking_id: str,
    url: str | None,
    *,
    why: str,
    office: Office,
    capabilities: Capabilities | None,
    now: datetime,
    seen: int | None = None,
) -> Case:
    """The tracking id was mistyped: the right one takes its place, with a reason, and the citizen hears the right one."""
    case = case_of(work, case_id)
    wanted, link = _tracking(tracking_id), _link(url)
    if (case.tracking_id, case.lapor_url) == (wanted, link):
        return case
    case = case_of(work, case_id, seen)
    if case.tracking_id is None:
        raise Conflict("Laporan ini belum punya tracking ID.")
    if len(why.strip()) < SHORTEST_REASON:
        raise Invalid("Tulis alasan perbaikannya; alasan itu tercatat.")
    after = work.cases.save(case, replace(case, tracking_id=wanted, lapor_url=link))
    _note(
        work, by_staff(staff), after, "tracking_corrected", now, before=case.tracking_id, after_=wanted, why=why.strip()
    )
    if wanted != case.tracking_id:
        text = office.notice("diteruskan", nomor=case.number, tracking=wanted, tautan=link or SITE)
        tell(work, office, after, text, key=f"lapor:{case.id}:{wanted}", capabilities=capabilities, now=now)
    return after


def note_status(
    work: Work,
    staff: Staff,
    case_id: int,
    status: str,
    *,
    office: Office,
    capabilities: Capabilities | None,
    now: datetime,
    said: str = "",
    seen: int | None = None,
) -> Case:
    """What LAPOR shows for this report, noted by hand; `said` is its follow-up in words. The citizen is told.

    "Selesai" answers the case; a status of work after that (the reporter answered back) sets its clock running again.
    The same status without new words changes nothing. Invalid: no status of LAPOR's. Conflict: it never was in LAPOR.
    """
    if status not in STATUSES:
        raise Invalid("Pilih status dari daftar SP4N-LAPOR!.")
    case, words = case_of(work, case_id), said.strip()
    if case.lapor_status == status and not words:
        return case
    case = case_of(work, case_id, seen)
    if case.tracking_id is None:
        raise Conflict("Simpan tracking ID-nya dulu; laporan ini belum tercatat di SP4N-LAPOR!.")
    if case.state in (CaseState.VOIDED, CaseState.CLOSED):
        raise Conflict(f"{case.number} sudah ditutup atau dibatalkan.")
    after = work.cases.save(case, with_status(case, status, now))
    _note(work, by_staff(staff), after, "lapor_status", now, before=case.lapor_status, after_=status, why=words or None)
    show_nearest(work, case.conversation_id)
    text = office.notice("kabar_lapor", nomor=case.number, tracking=case.tracking_id, status=status, kabar=words)
    tell(work, office, after, text, key=f"kabar:{case.id}:{after.version}", capabilities=capabilities, now=now)
    return after


def with_status(case: Case, status: str, now: datetime) -> Case:
    if status == DONE:
        return replace(
            case, lapor_status=status, lapor_at=now, state=CaseState.ANSWERED, outcome=Outcome.RESOLVED, closed_at=now
        )
    return replace(case, lapor_status=status, lapor_at=now, state=CaseState.FORWARDED, outcome=None, closed_at=None)


def _tracking(typed: str) -> str:
    wanted = typed.strip().lstrip("#").strip()
    if not TRACKING.fullmatch(wanted):
        raise Invalid("Tracking ID berisi 3 sampai 40 huruf atau angka, seperti yang tampil di SP4N-LAPOR!.")
    return wanted


def _link(typed: str | None) -> str | None:
    """A link that staff click and citizens receive: an address of the web and nothing else."""
    link = (typed or "").strip()
    if not link:
        return None
    if not LINK.fullmatch(link) or not _hosted(link):
        raise Invalid("Tautan laporan harus alamat web yang diawali https://.")
    return link


def _hosted(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return bool(parts.hostname) and parts.username is None


def _note(
    work: Work,
    who: Actor,
    case: Case,
    verb: str,
    now: datetime,
    *,
    before: str | None,
    after_: str | None,
    why: str | None = None,
) -> None:
    work.note(
        who,
        verb,
        "case",
        case.id,
        at=now,
        conversation_id=case.conversation_id,
        before=before,
        after=after_,
        why=why,
    )
