"""A request for information at the desk, and what its walks need."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from omnichannel.domain.case import Case, Kind
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.ppid import PaperKind
from omnichannel.domain.ppid_decision import ConsequenceTest
from omnichannel.domain.work import Work
from omnichannel.router import formal, ruling
from omnichannel.router.desk import Desk
from omnichannel.store.database import SqlStore
from tests.build import CITIZEN, a_staff
from tests.desk import a_verdict
from tests.router.conftest import Judge, Write

WORDS = "Mohon salinan dokumen pelaksanaan anggaran Dinas Perhubungan tahun 2025."
WHOLE: Mapping[str, str] = {
    "applicant": "perorangan",
    "name": "Warga Uji",
    "identity": "6408010101900001",
    "address": "Jalan Contoh 1, Sangatta Utara",
    "phone": "081200000001",
    "purpose": "Penelitian skripsi",
    "access": "salinan_digital",
    "delivery": "surel",
    "mail": "warga@contoh.id",
}
SHA = "ab" * 32


async def a_request(write: Write, judge: Judge, text: str = WORDS, *, desk: Desk | None = None, **facts: Any) -> Case:
    message = await write(text, **facts)
    made = await judge(message, a_verdict(Kind.INFORMATION_REQUEST, topic="lainnya", unit="diskominfo"), at_desk=desk)
    assert made is not None
    return made


async def an_officer(store: SqlStore, name: str = "Petugas PPID") -> Staff:
    return await store.write(lambda work: a_staff(work, role=Role.PPID, name=name))


async def fill(store: SqlStore, desk: Desk, case: Case, now: datetime, **given: str) -> Any:
    return await store.write(lambda work: formal.fill(work, desk, case.id, dict(WHOLE) | given, CITIZEN, now=now))


async def fresh(store: SqlStore, case: Case) -> Case:
    found = await store.read(lambda work: work.cases.get(case.id))
    assert found is not None
    return found


def a_paper(kind: PaperKind = PaperKind.IDENTITY) -> tuple[PaperKind, Mapping[str, object]]:
    return kind, {"name": "ktp.jpg", "media_type": "image/jpeg", "size": 1200, "sha256": SHA}


def a_test(case: Case, now: datetime, basis: str = "h", **facts: str) -> ConsequenceTest:
    given: dict[str, Any] = {
        "information": "Nama dan NIK penerima bantuan",
        "consequence": "Membuka rahasia pribadi penerima bantuan.",
        "period": "Selama data masih dipakai",
        "approver": "Sekretaris Daerah",
    }
    return ConsequenceTest(id=0, case_id=case.id, basis=basis, approver_post="", by="", at=now, **(given | facts))


async def proved(store: SqlStore, staff: Staff, case: Case, now: datetime, basis: str = "h") -> None:
    proof = a_test(case, now, basis)

    def story(work: Work) -> None:
        ruling.record_test(work, staff, proof, now=now)

    await store.write(story)
