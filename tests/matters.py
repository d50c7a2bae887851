"""A request with everything that letters speak of: refused in part, extended, objected to."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from omnichannel.domain.case import Case, CaseState, Kind, Outcome, Queue
from omnichannel.domain.letter import LetterRules
from omnichannel.domain.letter_forms import Matter
from omnichannel.domain.objection import Objection, ObjectionState, Verdict
from omnichannel.domain.ppid import Request
from omnichannel.domain.ppid_decision import ConsequenceTest, Decision, DecisionState, Ruling, checked

WHEN = datetime(2026, 12, 17, 6, 5, tzinfo=UTC)  # 14.05 WITA
ASKED = "Salinan dokumen pelaksanaan anggaran Dinas Perhubungan tahun 2025."
HEAD = ("PEMERINTAH KABUPATEN KUTAI TIMUR", "PEJABAT PENGELOLA INFORMASI DAN DOKUMENTASI")
RULES = LetterRules(head=HEAD, address="Jalan Contoh 1, Sangatta", signer="Pejabat Uji", signer_id="197001012000011001")


def a_case(outcome: Outcome | None = None) -> Case:
    return Case(
        id=1,
        conversation_id=1,
        message_id=1,
        contact_id=1,
        kind=Kind.INFORMATION_REQUEST,
        queue=Queue.PPID,
        number="PPID-2026-000123",
        state=CaseState.OPEN if outcome is None else outcome.state,
        topic="lainnya",
        received_at=WHEN,
        created_at=WHEN,
        due=date(2027, 1, 6),
        provisional=False,
        calendar_version="uji",
        clocks={},
        certain=True,
        confidence=1.0,
        reasons=[],
        title="Mohon anggaran",
        outcome=outcome,
        closed_at=None if outcome is None else WHEN,
    )


def a_request(**facts: Any) -> Request:
    given = Request(
        case_id=1,
        received_at=WHEN,
        applicant="perorangan",
        name="Warga Uji",
        address="Jalan Contoh 2, Teluk Lingga",
        job="Mahasiswa",
        phone="081200000001",
        mail="warga@contoh.id",
        details=ASKED,
        purpose="Penelitian skripsi",
        access="salinan_digital",
        delivery="surel",
    )
    return replace(given, **facts)


def a_test(basis: str, law: str = "") -> ConsequenceTest:
    return ConsequenceTest(
        id=1,
        case_id=1,
        information="Nomor rekening penerima",
        basis=basis,
        law=law,
        consequence="Membuka rahasia pribadi penerima.",
        period="Selama data masih dipakai",
        approver="Pejabat Penetap",
        approver_post="Sekretaris Daerah",
        by="Petugas",
        at=WHEN,
    )


def a_ruling(outcome: Outcome, **facts: Any) -> Ruling:
    """As the law lets it stand, with what follows from it filled in."""
    given: dict[str, Any] = {"reason": "Memuat data pribadi penerima pembayaran.", "medium": "softcopy"}
    if outcome in (Outcome.REFUSED, Outcome.PARTLY):
        given["grounds"] = ("h", "j")
    if outcome is Outcome.PARTLY:
        given["redacted"] = "Nomor rekening pada lampiran 3."
    if outcome is Outcome.TRANSFERRED:
        given["forwarded_to"] = "Dinas Contoh Provinsi"
    proofs = [a_test("h"), a_test("j", "UU 6/1983 Pasal 34")]
    return checked(Ruling(outcome=outcome, **(given | facts)), proofs)


def an_objection(**facts: Any) -> Objection:
    given = Objection(
        id=1,
        case_id=1,
        number="KEB-2027-000004",
        state=ObjectionState.ANSWERED,
        grounds=("a", "d"),
        story="Anggaran adalah informasi publik.",
        proxy="",
        received_at=WHEN,
        found_on=date(2026, 12, 17),
        due=date(2027, 2, 1),
        provisional=False,
        calendar_version="uji",
        clocks={},
        verdict=Verdict.PARTLY,
        answer="Lampiran 1 dan 2 dibuka seluruhnya.",
        superior="Pejabat Atasan, M.Si.",
        superior_post="Sekretaris Daerah",
        answered_at=datetime(2027, 1, 20, 2, 0, tzinfo=UTC),
        dispute_due=date(2027, 2, 9),
    )
    return replace(given, **facts)


def a_matter(outcome: Outcome | None = None, *, ruling: Ruling | None = None, **facts: Any) -> Matter:
    decision = None
    if outcome is not None:
        decision = Decision(
            id=1,
            case_id=1,
            ruling=ruling or a_ruling(outcome),
            state=DecisionState.FINAL,
            drafted_by=1,
            drafted_by_name="Petugas",
            drafted_at=WHEN,
        )
    given = Matter(
        case=a_case(outcome),
        request=a_request(),
        rules=RULES,
        office="Dinas Contoh",
        superior="Sekretaris Daerah",
        zone=ZoneInfo("Asia/Makassar"),
        today=date(2026, 12, 18),
        decision=decision,
        tests=[a_test("h"), a_test("j", "UU 6/1983 Pasal 34")],
        officer="Petugas Uji",
        first_due=date(2027, 1, 6),
    )
    return replace(given, **facts)
