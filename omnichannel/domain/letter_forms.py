"""The letters of the PPID, field by field as the law's forms have them, composed from the rows alone.

UU 14/2008: Pasal 22 ayat (4) receipt, ayat (7) huruf a sampai g written notice, ayat (8) extension; Pasal 17 to 19 refusal
with its consequence test; Pasal 35 to 37 objection. The forms are those of Perki 1/2021 on standard information services.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from omnichannel.domain.calendar import MONTHS
from omnichannel.domain.case import Case, Outcome
from omnichannel.domain.errors import Invalid
from omnichannel.domain.forms import APPLICANTS, DELIVERY
from omnichannel.domain.letter import (
    Block,
    Choices,
    Fields,
    Heading,
    Letter,
    LetterKind,
    LetterRules,
    Signature,
    Words,
)
from omnichannel.domain.objection import GROUNDS, VERDICTS, Objection
from omnichannel.domain.ppid import Request
from omnichannel.domain.ppid_decision import EXEMPTIONS, ConsequenceTest, Decision, Ruling

TITLES: Mapping[LetterKind, str] = {
    LetterKind.RECEIPT: "TANDA BUKTI PENERIMAAN PERMOHONAN INFORMASI PUBLIK",
    LetterKind.NOTICE: "PEMBERITAHUAN TERTULIS",
    LetterKind.EXTENSION: "PEMBERITAHUAN PERPANJANGAN JANGKA WAKTU",
    LetterKind.REFUSAL: "SURAT KEPUTUSAN PPID\nTENTANG PENOLAKAN PERMOHONAN INFORMASI",
    LetterKind.OBJECTION: "TANGGAPAN ATAS KEBERATAN",
}
RIGHT_TO_OBJECT = (
    "Bila pemohon tidak menerima putusan ini, keberatan dapat diajukan secara tertulis kepada {atasan} selaku atasan PPID "
    "paling lambat 30 (tiga puluh) hari kerja setelah surat ini diterima (UU 14/2008 Pasal 35 dan Pasal 36 ayat (1))."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """The rows that a letter speaks of, and who writes it."""

    case: Case
    request: Request
    rules: LetterRules
    office: str
    superior: str
    zone: tzinfo
    today: date
    decision: Decision | None = None
    tests: Sequence[ConsequenceTest] = ()
    objection: Objection | None = None
    officer: str = ""
    first_due: date | None = None
    zone_name: str = ""

    def day(self, moment: datetime) -> date:
        """The day of a moment where the office is."""
        return moment.astimezone(self.zone).date()

    @property
    def ruling(self) -> Ruling | None:
        """The ruling that stands."""
        return self.decision.ruling if self.decision is not None and self.case.outcome is not None else None


def compose(kind: LetterKind, matter: Matter) -> Letter:
    """One letter. Invalid, in words for the officer, where there is nothing (yet) to write it about."""
    body = _BODIES[kind](matter)
    return Letter(
        kind=kind,
        title=TITLES[kind],
        number="",
        place=matter.rules.place,
        day=matter.today,
        to=_addressee(matter),
        body=body,
        signatures=_signatures(kind, matter),
        head=matter.rules.head or (matter.office.upper(), "PEJABAT PENGELOLA INFORMASI DAN DOKUMENTASI"),
        address=matter.rules.address,
        foot=f"{matter.case.number} · {matter.office}",
    )


def offered(matter: Matter, objections: Sequence[Objection]) -> list[tuple[LetterKind, Objection | None]]:
    """The letters that can be written now."""
    found: list[tuple[LetterKind, Objection | None]] = [(LetterKind.RECEIPT, None)]
    if matter.request.extended_at is not None:
        found.append((LetterKind.EXTENSION, None))
    if matter.ruling is not None and matter.case.outcome not in (Outcome.WITHDRAWN, Outcome.LAPSED):
        found.append((LetterKind.NOTICE, None))
    if matter.ruling is not None and matter.case.outcome in (Outcome.REFUSED, Outcome.PARTLY):
        found.append((LetterKind.REFUSAL, None))
    return found + [(LetterKind.OBJECTION, one) for one in objections if one.verdict is not None]


def _receipt(m: Matter) -> tuple[Block, ...]:
    r = m.request
    at_place = r.access == "melihat"
    return (
        Fields((
            ("Nomor pendaftaran", m.case.number),
            ("Tanggal diterima", _moment(m, r.received_at)),
            ("Kategori pemohon", APPLICANTS.get(r.applicant, "")),
            *_who(m),
            ("Pekerjaan", r.job),
            ("Rincian informasi yang dibutuhkan", _asked(m)),
            ("Tujuan penggunaan informasi", r.purpose),
        )),
        Heading("Cara memperoleh informasi"),
        Choices((
            (at_place, "Melihat, membaca, mendengarkan, atau mencatat"),
            (r.access == "salinan_digital", "Mendapatkan salinan digital (softcopy)"),
            (r.access == "salinan_cetak", "Mendapatkan salinan cetak (hardcopy)"),
        )),
        Heading("Cara mendapatkan salinan informasi"),
        Choices(tuple((r.delivery == code and not at_place, words) for code, words in DELIVERY.items())),
        Words(_until(m)),
    )  # fmt: skip


def _until(m: Matter) -> str:
    """The day of the answer: the tenth, and the new one where it was extended already."""
    law, end = (
        "(UU 14/2008 Pasal 22 ayat (7) dan (8))",
        "Simpan nomor pendaftaran ini untuk menanyakan perkembangan permohonan.",
    )
    if m.request.extended_at is None or m.first_due is None:
        longer = f"dapat diperpanjang satu kali 7 (tujuh) hari kerja dengan alasan tertulis {law}"
    else:
        longer = f"sudah diperpanjang sampai {long_day(m.case.due)} {law}"
    first = long_day(m.first_due or m.case.due)
    return (
        f"Pemberitahuan tertulis disampaikan paling lambat {first}, yaitu 10 (sepuluh) hari kerja, dan {longer}. {end}"
    )


def _notice(m: Matter) -> tuple[Block, ...]:
    ruling = _ruled(m)
    giving = ruling.outcome in (Outcome.GRANTED, Outcome.PARTLY)
    missing = ruling.outcome in (Outcome.NOT_HELD, Outcome.TRANSFERRED)
    body: list[Block] = [
        Words(
            f"Menanggapi permohonan informasi yang diterima pada {_long(m, m.request.received_at)} dengan nomor pendaftaran "
            f"{m.case.number}, kami sampaikan pemberitahuan tertulis sebagai berikut (UU 14/2008 Pasal 22 ayat (7))."
        ),
        Fields((
            ("Nomor pendaftaran", m.case.number),
            *_who(m),
            ("Rincian informasi yang diminta", _asked(m)),
            ("Putusan", OUTCOMES[ruling.outcome]),
        )),
        Heading("A. Penguasaan informasi"),
        Choices((
            (ruling.held is True, "Informasi yang diminta kami kuasai"),
            (ruling.held is False and not ruling.forwarded_to, "Informasi yang diminta tidak kami kuasai atau belum didokumentasikan"),
            (bool(ruling.forwarded_to), _other_body(ruling)),
        )),
    ]  # fmt: skip
    if giving:
        body += _given(ruling)
    if ruling.outcome in (Outcome.PARTLY, Outcome.REFUSED):
        body += _withheld(ruling, "C" if giving else "B")
    if missing:
        body += [Heading("B. Alasan"), Words(ruling.reason)]
    elif ruling.outcome is Outcome.GRANTED and ruling.reason:
        body.append(Words(ruling.reason))
    if ruling.outcome is not Outcome.GRANTED:
        body.append(Words(RIGHT_TO_OBJECT.format(atasan=m.superior)))
    return tuple(body)


def _given(ruling: Ruling) -> list[Block]:
    both = ruling.medium == "keduanya"
    return [
        Heading("B. Informasi yang diberikan"),
        Choices((
            (both or ruling.medium == "softcopy", "Softcopy (berkas digital)"),
            (both or ruling.medium == "hardcopy", "Hardcopy (salinan tercetak)"),
        )),
        Fields((
            ("Materi informasi", "Terlampir bersama surat ini atau disampaikan menurut cara yang diminta"),
            ("Biaya", rupiah(ruling.cost) if ruling.cost else "Tidak dipungut biaya"),
            ("Cara pembayaran", ruling.payment if ruling.cost else "–"),
            ("Bagian yang dihitamkan dan alasannya", ruling.redacted or "Tidak ada"),
        )),
    ]  # fmt: skip


def _withheld(ruling: Ruling, letter: str) -> list[Block]:
    return [
        Heading(f"{letter}. Informasi yang tidak dapat diberikan"),
        Choices(tuple((True, _ground(one)) for one in ruling.grounds)),
        Words(ruling.reason),
    ]


def _extension(m: Matter) -> tuple[Block, ...]:
    r = m.request
    if r.extended_at is None:
        raise Invalid("Permohonan ini belum diperpanjang, jadi surat perpanjangan belum dapat dibuat.")
    return (
        Words(
            f"Permohonan informasi dengan nomor pendaftaran {m.case.number} yang diterima pada {_long(m, r.received_at)} belum "
            "dapat dijawab dalam 10 (sepuluh) hari kerja. Jangka waktunya kami perpanjang satu kali 7 (tujuh) hari kerja "
            "(UU 14/2008 Pasal 22 ayat (8))."
        ),
        Fields((
            ("Nomor pendaftaran", m.case.number),
            *_who(m),
            ("Rincian informasi yang diminta", _asked(m)),
            ("Batas semula", long_day(m.first_due) if m.first_due is not None else ""),
            ("Batas baru", long_day(m.case.due)),
            ("Ditetapkan pada", _long(m, r.extended_at)),
            ("Alasan perpanjangan", r.extension_reason),
        )),
    )  # fmt: skip


def _refusal(m: Matter) -> tuple[Block, ...]:
    ruling = _ruled(m)
    if ruling.outcome not in (Outcome.REFUSED, Outcome.PARTLY):
        raise Invalid("Surat penolakan hanya untuk permohonan yang ditolak, seluruhnya atau sebagian.")
    whole = ruling.outcome is Outcome.REFUSED
    body: list[Block] = [
        Fields((
            ("Nomor pendaftaran", m.case.number),
            *_who(m),
            ("Pekerjaan", m.request.job),
            ("Rincian informasi yang dibutuhkan", _asked(m)),
        )),
        Words("PPID memutuskan bahwa informasi yang dimohon " + ("" if whole else "sebagian ") + "adalah:"),
        Heading("INFORMASI YANG DIKECUALIKAN"),
        Words("Pengecualian informasi didasarkan pada alasan:"),
        Choices(tuple((True, _ground(one, _law(one, m.tests))) for one in ruling.grounds)),
    ]  # fmt: skip
    for test in (one for one in m.tests if one.basis in ruling.grounds):
        body += _test(test)
    if ruling.redacted:
        body += [Heading("Bagian yang dihitamkan"), Words(ruling.redacted)]
    body += [
        Heading("Alasan"),
        Words(ruling.reason),
        Words("Dengan demikian dinyatakan bahwa:"),
        Heading("PERMOHONAN INFORMASI DITOLAK" if whole else "PERMOHONAN INFORMASI DITOLAK SEBAGIAN"),
        Words(RIGHT_TO_OBJECT.format(atasan=m.superior)),
    ]
    return tuple(body)


def _test(test: ConsequenceTest) -> list[Block]:
    return [
        Heading(f"Hasil uji konsekuensi, Pasal 17 huruf {test.basis} (UU 14/2008 Pasal 19)"),
        Fields((
            ("Informasi yang diuji", test.information),
            ("Akibat bila dibuka", test.consequence),
            ("Jangka waktu pengecualian", test.period),
            ("Pejabat yang menetapkan", ", ".join(one for one in (test.approver, test.approver_post) if one)),
        )),
    ]  # fmt: skip


def _objection(m: Matter) -> tuple[Block, ...]:
    o = m.objection
    if o is None or o.verdict is None or o.answered_at is None:
        raise Invalid("Keberatan ini belum ditanggapi atasan PPID, jadi suratnya belum dapat dibuat.")
    due = long_day(o.dispute_due) if o.dispute_due is not None else ""
    return (
        Fields((
            ("Nomor registrasi keberatan", o.number),
            ("Tanggal keberatan diterima", _long(m, o.received_at)),
            ("Nomor pendaftaran permohonan", m.case.number),
            *_who(m),
            ("Kuasa pemohon", o.proxy or "–"),
            ("Informasi yang diminta", _asked(m)),
            ("Tujuan penggunaan informasi", m.request.purpose),
        )),
        Heading("Alasan keberatan (UU 14/2008 Pasal 35 ayat (1))"),
        Choices(tuple((letter in o.grounds, f"{letter}. {ground.title}") for letter, ground in GROUNDS.items())),
        Heading("Kasus posisi"),
        Words(o.story),
        Heading("Tanggapan dan putusan atasan PPID"),
        Fields((("Putusan", _first(VERDICTS[o.verdict])), ("Tanggal tanggapan", _long(m, o.answered_at)))),
        Words(o.answer),
        Words(
            "Bila tanggapan ini tidak memuaskan pemohon, sengketa informasi dapat diajukan kepada Komisi Informasi paling lambat "
            f"{due}, yaitu 14 (empat belas) hari kerja setelah tanggapan ini diterima (UU 14/2008 Pasal 37 ayat (2))."
        ),
    )  # fmt: skip


_BODIES = {
    LetterKind.RECEIPT: _receipt,
    LetterKind.NOTICE: _notice,
    LetterKind.EXTENSION: _extension,
    LetterKind.REFUSAL: _refusal,
    LetterKind.OBJECTION: _objection,
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.GRANTED: "Dikabulkan seluruhnya",
    Outcome.PARTLY: "Dikabulkan sebagian",
    Outcome.REFUSED: "Ditolak",
    Outcome.NOT_HELD: "Informasi tidak dikuasai",
    Outcome.TRANSFERRED: "Dilimpahkan kepada badan publik lain",
}


def _signatures(kind: LetterKind, m: Matter) -> tuple[Signature, ...]:
    if kind is LetterKind.RECEIPT:
        taker = Signature("Petugas pelayanan informasi (penerima permohonan)", m.officer)
        return taker, Signature("Pemohon informasi", m.request.name)
    if kind is LetterKind.OBJECTION and m.objection is not None:
        return (Signature(m.objection.superior_post or m.superior, m.objection.superior),)
    return (Signature(m.rules.signer_post, m.rules.signer, m.rules.signer_id),)


def _addressee(m: Matter) -> tuple[str, ...]:
    return tuple(one for one in (m.request.name or "Pemohon informasi", m.request.address) if one)


def _who(m: Matter) -> tuple[tuple[str, str], ...]:
    r = m.request
    contact = ", ".join(one for one in (r.phone, r.mail) if one)
    return (("Nama", r.name), ("Alamat", r.address), ("Nomor telepon atau surel", contact))


def _ruled(m: Matter) -> Ruling:
    if m.ruling is None:
        raise Invalid("Permohonan ini belum diputus, jadi suratnya belum dapat dibuat.")
    return m.ruling


def _asked(m: Matter) -> str:
    return m.request.details or m.case.title


def _ground(letter: str, law: str = "") -> str:
    words = f"Pasal 17 huruf {letter} UU 14/2008: {EXEMPTIONS[letter]}"
    return f"{words} ({law})" if law else words


def _law(letter: str, tests: Sequence[ConsequenceTest]) -> str:
    return next((one.law for one in tests if one.basis == letter and one.law), "")


def _other_body(ruling: Ruling) -> str:
    return "Dikuasai badan publik lain" + (f", yaitu {ruling.forwarded_to}" if ruling.forwarded_to else "")


def _long(m: Matter, moment: datetime) -> str:
    return long_day(m.day(moment))


def _moment(m: Matter, moment: datetime) -> str:
    local = moment.astimezone(m.zone)
    return f"{long_day(local.date())}, pukul {local:%H.%M} {m.zone_name}".rstrip()


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]


def long_day(day: date) -> str:
    """17 Desember 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def rupiah(amount: int) -> str:
    """Rp12.500."""
    return f"Rp{amount:,}".replace(",", ".")
