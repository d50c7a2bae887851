"""A request for information as the law's form has it: who asks, for what, how they want it, and what is still lacking.

UU 14/2008, Pasal 22 ayat (2): the body notes name, address, subject, form and way of delivery. Identity is a condition of
the formal request, never of a first reply, and never of the number (ayat (4) and (5)).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from omnichannel.domain.forms import ACCESS, APPLICANTS, DELIVERY

PERSON, GROUP, BODY = "perorangan", "kelompok", "badan_hukum"
NIK = re.compile(r"\d{16}")  # Perpres 62/2019, Pasal 1


class ClockStart(StrEnum):
    """Which moment is day zero: the request's arrival, or the day on which nothing lacked any more."""

    RECEIVED = "received"
    COMPLETE = "complete"


class PaperKind(StrEnum):
    """What a file proves."""

    IDENTITY = "identity"
    DEED = "deed"
    ATTORNEY = "attorney"
    OTHER = "other"


PAPERS: Mapping[PaperKind, str] = {
    PaperKind.IDENTITY: "Foto KTP atau identitas lain",
    PaperKind.DEED: "Akta badan hukum dan pengesahannya",
    PaperKind.ATTORNEY: "Surat kuasa",
    PaperKind.OTHER: "Lampiran lain",
}


class Lack(StrEnum):
    """One thing that the formal request still wants."""

    APPLICANT = "applicant"
    NAME = "name"
    ADDRESS = "address"
    CONTACT = "contact"
    IDENTITY = "identity"
    IDENTITY_UNREADABLE = "identity_unreadable"
    DEED = "deed"
    DEED_UNREADABLE = "deed_unreadable"
    ATTORNEY = "attorney"
    DETAILS = "details"
    PURPOSE = "purpose"
    ACCESS = "access"
    DELIVERY = "delivery"


# As a citizen reads them: what is asked for, and why it cannot be passed over.
LACKS: Mapping[Lack, str] = {
    Lack.APPLICANT: "siapa pemohonnya: perorangan, kelompok orang, atau badan hukum",
    Lack.NAME: "nama sesuai KTP",
    Lack.ADDRESS: "alamat",
    Lack.CONTACT: "nomor telepon atau surel",
    Lack.IDENTITY: "NIK atau foto KTP",
    Lack.IDENTITY_UNREADABLE: "foto KTP yang terbaca (yang dikirim belum terbaca)",
    Lack.DEED: "salinan akta badan hukum; tanpa akta, permohonan dapat diajukan atas nama Anda sendiri",
    Lack.DEED_UNREADABLE: "salinan akta yang terbaca (yang dikirim belum terbaca)",
    Lack.ATTORNEY: "surat kuasa dari kelompok yang Anda wakili",
    Lack.DETAILS: "rincian informasi yang diminta",
    Lack.PURPOSE: "tujuan penggunaan informasi",
    Lack.ACCESS: "cara memperoleh informasi (melihat atau salinan)",
    Lack.DELIVERY: "cara mendapat salinan",
}


UNREADABLE = {Lack.IDENTITY_UNREADABLE: PaperKind.IDENTITY, Lack.DEED_UNREADABLE: PaperKind.DEED}
NO_REASON = "belum terbaca"  # a fault whose officer gave no reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PpidRules:
    """`[ppid]` of the configuration: what the law leaves to the office. Each key's basis stands in the example file."""

    clock_starts: ClockStart = ClockStart.RECEIVED
    waiting_stops: bool = False
    ask_at_once: bool = True
    link_days: int = 14
    link_tries: int = 20
    lapse_after: int = 10
    approval: bool = False
    unit_days: int = 5
    superior: str = "Sekretaris Daerah"
    objection_number: str = "KEB-{year}-{n:06d}"
    split: bool = True
    embed_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A stretch in which the citizen had the word: asked on one day, answered on another; None while it lasts."""

    asked_at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The formal part of one case of kind information_request. Empty text: not known yet.

    `received_at` is the citizen's moment and never changes; `complete_at` is when nothing lacked any more. Both are kept,
    because the texts differ on which of them starts the clock (`PpidRules.clock_starts`).
    `version` 0: not stored yet.
    """

    case_id: int
    received_at: datetime
    complete_at: datetime | None = None
    applicant: str = ""
    name: str = ""
    identity: str = ""
    address: str = ""
    job: str = ""
    phone: str = ""
    mail: str = ""
    deed: str = ""
    details: str = ""
    purpose: str = ""
    access: str = ""
    delivery: str = ""
    waits: tuple[Wait, ...] = ()
    extended_at: datetime | None = None
    extension_reason: str = ""
    offered_item: int | None = None
    offered_by: int | None = None
    offered_at: datetime | None = None
    version: int = 0

    @property
    def waiting(self) -> Wait | None:
        """The question that the citizen has not answered yet."""
        return self.waits[-1] if self.waits and self.waits[-1].answered_at is None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A file that belongs to the formal request. `fault` is why staff could not use it, in words for the citizen."""

    id: int
    case_id: int
    kind: PaperKind
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    fault: str = ""


class LinkPurpose(StrEnum):
    """complete: the citizen fills in what lacks · field: an officer in the field answers for their unit."""

    COMPLETE = "complete"
    FIELD = "field"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way in without an account: one case, one purpose, for a while. Only the hash of its token is kept."""

    id: int
    token_hash: str
    purpose: LinkPurpose
    case_id: int
    task_id: int | None
    holder: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    tries_left: int
    revoked_at: datetime | None = None
    used_at: datetime | None = None

    def why_shut(self, now: datetime) -> str | None:
        """Why it opens nothing any more, in words for whoever holds it; None while it is open."""
        if self.revoked_at is not None:
            return "Tautan ini sudah tidak berlaku. Balas pesan kami bila Anda masih memerlukannya."
        if now >= self.expires_at:
            return "Masa berlaku tautan ini sudah habis. Balas pesan kami untuk meminta tautan baru."
        if self.tries_left <= 0:
            return "Tautan ini sudah terlalu sering dipakai. Balas pesan kami untuk meminta tautan baru."
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTask:
    """What the PPID asked of one unit (PPID pelaksana) within the case, with an inner deadline before the law's own."""

    id: int
    case_id: int
    unit: str
    question: str
    due: date
    given_by: str
    given_at: datetime
    answer: str = ""
    held: bool | None = None
    answered_by: str = ""
    answered_at: datetime | None = None
    cancelled_at: datetime | None = None
    version: int = 1

    @property
    def open(self) -> bool:
        """Whether the unit still owes its answer."""
        return self.answered_at is None and self.cancelled_at is None


def lacking(request: Request, papers: Iterable[Paper]) -> tuple[Lack, ...]:
    """What the formal request still wants, in the order of the form. Empty: it is complete."""
    held = list(papers)
    found: list[Lack] = []
    if request.applicant not in APPLICANTS:
        found.append(Lack.APPLICANT)
    for value, lack in ((request.name, Lack.NAME), (request.address, Lack.ADDRESS)):
        if not value:
            found.append(lack)
    if not request.phone and not request.mail:
        found.append(Lack.CONTACT)
    found += _proof(request, held)
    if not request.details:
        found.append(Lack.DETAILS)
    if not request.purpose:
        found.append(Lack.PURPOSE)
    if request.access not in ACCESS:
        found.append(Lack.ACCESS)
    if request.access != "melihat" and request.delivery not in DELIVERY:
        found.append(Lack.DELIVERY)
    return tuple(found)


def _proof(request: Request, papers: list[Paper]) -> list[Lack]:
    """Who stands behind the request: a person's identity, a body's deed, a group's letter of attorney as well."""
    if request.applicant == BODY:
        usable = bool(request.deed) or _usable(papers, PaperKind.DEED)
        if usable:
            return []
        return [Lack.DEED_UNREADABLE if _sent(papers, PaperKind.DEED) else Lack.DEED]
    found = []
    if not request.identity and not _usable(papers, PaperKind.IDENTITY):
        unreadable = _sent(papers, PaperKind.IDENTITY)
        found.append(Lack.IDENTITY_UNREADABLE if unreadable else Lack.IDENTITY)
    if request.applicant == GROUP and not _usable(papers, PaperKind.ATTORNEY):
        found.append(Lack.ATTORNEY)
    return found


def _usable(papers: Iterable[Paper], kind: PaperKind) -> bool:
    return any(paper.kind is kind and not paper.fault for paper in papers)


def _sent(papers: Iterable[Paper], kind: PaperKind) -> bool:
    return any(paper.kind is kind for paper in papers)


def listed(lacks: Iterable[Lack], papers: Iterable[Paper] = ()) -> str:
    """As a message to the citizen names them, a line each."""
    held = list(papers)
    return "\n".join(f"- {said(lack, held)}" for lack in lacks)


def said(lack: Lack, papers: Sequence[Paper]) -> str:
    """One of them; what could not be read also with its reason, as the officer gave it."""
    why = faulty(lack, papers)
    return LACKS[lack].replace("belum terbaca)", f"belum terbaca: {why})") if why else LACKS[lack]


def faulty(lack: Lack, papers: Sequence[Paper]) -> str:
    """Why the last paper of that kind could not be used; empty where nobody said."""
    kind = UNREADABLE.get(lack)
    faults = [paper.fault for paper in papers if paper.kind is kind and paper.fault]
    return faults[-1] if faults and faults[-1] != NO_REASON else ""
