"""What may be decided on a request, and what a refusal must carry.

UU 14/2008: Pasal 17 names what may be withheld, Pasal 19 wants the consequence test before anything is, Pasal 20 lets none
of a to f stand for ever, and Pasal 22 ayat (7) says what the written notice holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from omnichannel.domain.case import Outcome
from omnichannel.domain.errors import Invalid

SHORTEST_REASON = 10
OTHER_LAW = "j"
NO_END = frozenset("abcdef")  # Pasal 20 ayat (1): these are not permanent, so their test names a period

# Pasal 17, by letter.
EXEMPTIONS: Mapping[str, str] = {
    "a": "menghambat proses penegakan hukum",
    "b": "mengganggu perlindungan hak atas kekayaan intelektual dan persaingan usaha yang sehat",
    "c": "membahayakan pertahanan dan keamanan negara",
    "d": "mengungkapkan kekayaan alam Indonesia",
    "e": "merugikan ketahanan ekonomi nasional",
    "f": "merugikan kepentingan hubungan luar negeri",
    "g": "mengungkapkan isi akta otentik yang bersifat pribadi, kemauan terakhir, atau wasiat",
    "h": "mengungkap rahasia pribadi",
    "i": "memorandum atau surat antar- atau intra-badan publik yang menurut sifatnya dirahasiakan",
    "j": "informasi yang tidak boleh diungkapkan berdasarkan undang-undang lain",
}

MEDIA: Mapping[str, str] = {"softcopy": "Berkas digital", "hardcopy": "Cetak", "keduanya": "Digital dan cetak"}


class DecisionState(StrEnum):
    """draft: waits for its approver · final: it is the office's word · returned: the approver wants it otherwise."""

    DRAFT = "draft"
    FINAL = "final"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsequenceTest:
    """One test of Pasal 19: what would follow if this information were opened, by which rule it stays shut, how long, and
    who established that. `basis` is a letter of Pasal 17; `law` names the other law of letter j."""

    id: int
    case_id: int
    information: str
    basis: str
    consequence: str
    period: str
    approver: str
    approver_post: str
    by: str
    at: datetime
    law: str = ""
    item_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What an officer filled in: the parts of the written notice (Pasal 22 ayat (7) huruf a sampai g).

    `held`: a, whether we hold it · `forwarded_to`: b, the body that does · `reason` and `grounds`: c · `redacted`: e, what
    is blacked out and why · `medium`: f · `cost` (rupiah) and `payment`: g. d, the material itself, goes with the letter.
    """

    outcome: Outcome
    reason: str = ""
    grounds: tuple[str, ...] = ()
    held: bool | None = None
    forwarded_to: str = ""
    redacted: str = ""
    medium: str = ""
    cost: int = 0
    payment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A ruling with who drafted and who approved it. A case has at most one that is final and stands."""

    id: int
    case_id: int
    ruling: Ruling
    state: DecisionState
    drafted_by: int
    drafted_by_name: str
    drafted_at: datetime
    approved_by: int | None = None
    approved_by_name: str = ""
    approved_at: datetime | None = None
    remark: str = ""
    version: int = 1


def checked(ruling: Ruling, tests: Sequence[ConsequenceTest]) -> Ruling:
    """The ruling with what follows from it filled in. Invalid, in words for the officer, where the law wants more."""
    if ruling.outcome.needs_reason and len(ruling.reason.strip()) < SHORTEST_REASON:
        raise Invalid("Tulis alasannya; pemohon berhak membacanya (UU 14/2008 Pasal 22 ayat (7)).")
    if ruling.cost < 0:
        raise Invalid("Biaya tidak dapat kurang dari nol.")
    _RULES.get(ruling.outcome, _nothing)(ruling, tests)
    return _consistent(ruling)


def _refused(ruling: Ruling, tests: Sequence[ConsequenceTest]) -> None:
    if not ruling.grounds:
        raise Invalid("Pilih paling sedikit satu alasan pengecualian (UU 14/2008 Pasal 17).")
    for letter in ruling.grounds:
        if letter not in EXEMPTIONS:
            raise Invalid("Alasan pengecualian itu tidak ada di Pasal 17.")
        if not any(test.basis == letter for test in tests):
            raise Invalid(f"Catat dulu uji konsekuensi untuk Pasal 17 huruf {letter} (UU 14/2008 Pasal 19).")


def _partly(ruling: Ruling, tests: Sequence[ConsequenceTest]) -> None:
    _refused(ruling, tests)
    if len(ruling.redacted.strip()) < SHORTEST_REASON:
        raise Invalid("Sebutkan bagian mana yang dihitamkan dan mengapa (Pasal 22 ayat (7) huruf e).")
    _medium(ruling)


def _granted(ruling: Ruling, tests: Sequence[ConsequenceTest]) -> None:
    _medium(ruling)


def _medium(ruling: Ruling) -> None:
    if ruling.medium not in MEDIA:
        raise Invalid("Pilih bentuk informasi yang diberikan (Pasal 22 ayat (7) huruf f).")
    if ruling.cost and not ruling.payment.strip():
        raise Invalid("Tulis cara pembayarannya (Pasal 22 ayat (7) huruf g).")


def _transferred(ruling: Ruling, tests: Sequence[ConsequenceTest]) -> None:
    if not ruling.forwarded_to.strip():
        raise Invalid("Sebutkan badan publik yang menguasai informasinya (Pasal 22 ayat (7) huruf b).")


def _nothing(ruling: Ruling, tests: Sequence[ConsequenceTest]) -> None:
    """Not held wants its reason; withdrawn and lapsed are the citizen's own doing."""


_RULES = {
    Outcome.GRANTED: _granted,
    Outcome.PARTLY: _partly,
    Outcome.REFUSED: _refused,
    Outcome.TRANSFERRED: _transferred,
}


def _consistent(ruling: Ruling) -> Ruling:
    """What is given or withheld is held; what is not held or passed on is not."""
    held: bool | None = {
        Outcome.GRANTED: True,
        Outcome.PARTLY: True,
        Outcome.REFUSED: True,
        Outcome.NOT_HELD: False,
        Outcome.TRANSFERRED: False,
    }.get(ruling.outcome)
    exempting = ruling.outcome in (Outcome.PARTLY, Outcome.REFUSED)
    giving = ruling.outcome in (Outcome.GRANTED, Outcome.PARTLY)
    passing = ruling.outcome in (Outcome.TRANSFERRED, Outcome.NOT_HELD)
    return Ruling(
        outcome=ruling.outcome,
        reason=ruling.reason.strip(),
        grounds=tuple(sorted(set(ruling.grounds))) if exempting else (),
        held=held,
        forwarded_to=ruling.forwarded_to.strip() if passing else "",
        redacted=ruling.redacted.strip() if ruling.outcome is Outcome.PARTLY else "",
        medium=ruling.medium if giving else "",
        cost=ruling.cost if giving else 0,
        payment=ruling.payment.strip() if giving else "",
    )


def flaw_of(test: ConsequenceTest) -> str | None:
    """What a test still wants before it proves anything."""
    if test.basis not in EXEMPTIONS:
        return "Pilih huruf Pasal 17 yang menjadi dasarnya."
    if len(test.information.strip()) < SHORTEST_REASON:
        return "Sebutkan informasi yang diuji."
    if len(test.consequence.strip()) < SHORTEST_REASON:
        return "Tulis akibatnya bila informasi itu dibuka."
    if not test.approver.strip():
        return "Tulis pejabat yang menetapkan."
    if test.basis in NO_END and not test.period.strip():
        return "Huruf a sampai f tidak bersifat permanen (Pasal 20): tulis jangka waktunya."
    if test.basis == OTHER_LAW and not test.law.strip():
        return "Sebutkan undang-undang lain yang menjadi dasarnya."
    return None


def reasons_in_words(ruling: Ruling) -> str:
    """What the citizen is told of why: the grounds with their letter, the reason, what is blacked out, who holds it."""
    parts = [f"UU 14/2008 Pasal 17 huruf {letter} ({EXEMPTIONS[letter]})" for letter in ruling.grounds]
    lines = [ruling.reason] if ruling.reason else []
    if parts:
        lines.append(f"Dasar: {'; '.join(parts)}.")
    if ruling.redacted:
        lines.append(f"Yang dihitamkan: {ruling.redacted}")
    if ruling.forwarded_to:
        lines.append(f"Informasi ini dikuasai {ruling.forwarded_to}.")
    if ruling.cost:
        lines.append(f"Biaya penggandaan Rp{ruling.cost:,}".replace(",", ".") + f", dibayar {ruling.payment}.")
    return " ".join(lines)
