"""The PPID's month on paper: requests completed, decided under the law's rules, extended, objected to; letters made and sent."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta

from omnichannel.demo.cast import Cast
from omnichannel.domain.case import Case, Kind, Outcome, Queue
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid, NotAllowed, Refused
from omnichannel.domain.house import House
from omnichannel.domain.letter import LetterKind
from omnichannel.domain.objection import Objection, Verdict
from omnichannel.domain.ppid_clock import may_lapse
from omnichannel.domain.ppid_decision import ConsequenceTest, Ruling
from omnichannel.domain.work import Actor, Scope, Work
from omnichannel.router import errand, formal, letters, objecting, ruling
from omnichannel.router.desk import by_staff
from omnichannel.workers.routing import desk as stories_of

MOST = 14  # requests that get their papers: a letter takes the machine a moment, and the demo is to be ready soon
LISTED = 200
OPENS, SHUTS = time(9, 30), time(15)
REFUSALS = (Conflict, Invalid, NotAllowed, Refused)
PURPOSES = ("Penelitian skripsi", "Bahan musyawarah RT", "Tugas kuliah", "Mengetahui rencana di kampung kami")
STREETS = ("Jalan Kenyamukan", "Gang Ulin", "Jalan Pendidikan", "Jalan Yos Sudarso", "Desa Sepaso", "Singa Gembara")
JOBS = ("Mahasiswa", "Wiraswasta", "Guru", "Nelayan", "")
NAMES = ("Aliman Kariatoy", "Tini Bukitani", "Markus Maloyan", "Dayang Sandarin", "Kasman Benuari", "Wati Lingganto")
# What has papers is asked for as a paper; how to renew a card is answered in a sentence.
PAPER = re.compile(r"\b(salinan|dokumen|daftar|risalah|rincian|kontrak|laporan|izin lokasi|data)\b", re.IGNORECASE)
# One of each early in the month, so that what follows from it (an objection, its answer) still falls into it.
RULINGS: Sequence[Ruling] = (
    Ruling(outcome=Outcome.GRANTED, medium="softcopy"),
    Ruling(
        outcome=Outcome.PARTLY, medium="softcopy", grounds=("h",),
        reason="Dokumennya diberikan; nomor rekening dan NIK di dalamnya tidak.",
        redacted="Nomor rekening dan NIK perorangan, karena rahasia pribadi.",
    ),
    Ruling(
        outcome=Outcome.REFUSED, grounds=("i",),
        reason="Yang diminta masih rancangan: surat antarinstansi yang belum disepakati.",
    ),
    Ruling(outcome=Outcome.NOT_HELD, reason="Belum pernah didokumentasikan pemerintah kabupaten."),
    Ruling(
        outcome=Outcome.TRANSFERRED, reason="Urusan ini wewenang pemerintah provinsi.",
        forwarded_to="PPID Provinsi Kalimantan Timur",
    ),
    Ruling(outcome=Outcome.GRANTED, medium="hardcopy", cost=12_500, payment="tunai di meja PPID"),
    Ruling(outcome=Outcome.GRANTED, medium="softcopy"),
)  # fmt: skip
TESTED = {
    "h": ("Nomor rekening dan NIK perorangan", "Membuka rahasia pribadi orang yang tidak memintanya.", ""),
    "i": (
        "Surat antarinstansi tentang rancangan",
        "Rancangan yang belum disepakati terbaca sebagai keputusan.",
        "Sampai rancangan disepakati",
    ),
}
SUPERIOR = "Pejabat Contoh, M.Si."
OBJECTIONS = (
    "Nomor rekening tidak saya minta. Saya hanya perlu angka dan kegiatannya, tetapi halamannya ikut hitam.",
    "Rancangan itu sudah dibahas terbuka di musrenbang, jadi bukan lagi surat antarinstansi.",
)
ANSWER = "Angka dan kegiatan pada halaman itu dibuka. Nomor rekening dan NIK tetap tidak dapat diberikan."
SILENCE = "Sudah lewat sepuluh hari kerja dan belum ada jawaban apa pun."
ASKED = "Apakah dokumen ini ada di dinas? Bila ada, mohon disebutkan bentuk dan tahunnya."
LATE = "Dokumen masih dihimpun dari dua bidang dan perlu diperiksa kembali."
NEVER = "Tidak dilengkapi sesudah diminta lewat kanal pemohon."


class Papers:
    """What the PPID wrote in the month."""

    def __init__(self, house: House, cast: Cast) -> None:
        self._house = house
        self._staff = cast.ppid
        self._stories = stories_of(house)
        self._whole: set[int] = set()
        self._ruled = 0

    def completed(self, work: Work, conversation: Conversation, at: datetime) -> None:
        """The citizen filled in what the law wants, and got their receipt."""
        case = work.cases.get(conversation.case_id) if conversation.case_id else None
        if case is None or not self._fits(case, conversation) or len(self._whole) >= MOST:
            return
        contact = work.contacts.get(case.contact_id)
        name = contact.name if contact is not None else None
        given = _form(case.id, name or NAMES[case.id % len(NAMES)])
        with suppress(*REFUSALS):
            formal.fill(work, self._stories, case.id, given, Actor("citizen:link", "Pemohon"), now=at)
            self._whole.add(case.id)
            self._letter(work, case, LetterKind.RECEIPT, at + timedelta(minutes=4))

    def decided(self, work: Work, case: Case, at: datetime) -> bool:
        """The ruling with its letters. False: this request has no papers, and ends like any other matter."""
        if case.id not in self._whole or not case.state.running:
            return False
        chosen = RULINGS[self._ruled % len(RULINGS)]
        self._ruled += 1
        if chosen.grounds:
            ruling.record_test(work, self._staff, _proof(case, chosen.grounds[0], at), now=at)
        seen = (work.cases.get(case.id) or case).version
        ruling.decide(work, self._stories, self._staff, case.id, chosen, now=at, seen=seen)
        self._letter(work, case, LetterKind.NOTICE, at + timedelta(minutes=6))
        if chosen.grounds:
            self._letter(work, case, LetterKind.REFUSAL, at + timedelta(minutes=8))
        return True

    def lately(self, work: Work, now: datetime) -> None:
        """The last days: an objection and its answer, one against silence, an extension, a lapse, a question to a unit."""
        now = self._at_work(now)
        today = self._stories.clocks.calendar.day(now)
        rows = work.screens.cases_list(Queue.PPID, Scope(), state="all", today=today, limit=LISTED).rows
        requests = [row.case for row in rows if row.case.kind is Kind.INFORMATION_REQUEST]
        cases = sorted((one for one in requests if self._private(work, one)), key=lambda one: one.id)
        late = [one for one in cases if one.overdue(today) and one.certain]
        running = [one for one in cases if one.state.running and one.certain and not one.overdue(today)]
        with suppress(*REFUSALS):
            self._object(work, cases, now)
        for one in late[:1]:
            with suppress(*REFUSALS):
                self._file(work, one, "c", SILENCE, now - timedelta(hours=20))
        for one in [one for one in late[1:] if self._may_lapse(work, one, now)][:1]:
            with suppress(*REFUSALS):
                lapse = Ruling(outcome=Outcome.LAPSED, reason=NEVER)
                ruling.decide(work, self._stories, self._staff, one.id, lapse, now=now, seen=one.version)
        for one in sorted(running, key=lambda one: one.due)[:1]:
            with suppress(*REFUSALS):
                formal.extend(work, self._stories, self._staff, one.id, LATE, now=now, seen=one.version)
                self._letter(work, one, LetterKind.EXTENSION, now + timedelta(minutes=3))
        for unit, one in zip(self._units(), sorted(running, key=lambda one: one.due)[1:], strict=False):
            with suppress(*REFUSALS):
                errand.give(work, self._stories, self._staff, one.id, unit, ASKED, now=now)

    def _at_work(self, now: datetime) -> datetime:
        """The last moment at which the PPID sat at a desk."""
        calendar = self._stories.clocks.calendar
        local = now.astimezone(calendar.zone)
        if calendar.is_working(local.date()) and local.time() > OPENS:
            return local if local.time() < SHUTS else local.replace(hour=SHUTS.hour, minute=0)
        day = local.date() - timedelta(days=1)
        while not calendar.is_working(day):
            day -= timedelta(days=1)
        return datetime.combine(day, SHUTS, calendar.zone)

    def _object(self, work: Work, cases: Sequence[Case], now: datetime) -> None:
        """The first that was refused in part or whole, objected to two days later and answered since."""
        refused = [one for one in cases if one.id in self._whole and one.outcome in (Outcome.REFUSED, Outcome.PARTLY)]
        for one, story in zip(refused, OBJECTIONS, strict=False):
            filed = (one.closed_at or now) + timedelta(days=2)
            if filed >= now:
                continue
            made = self._file(work, one, "a", story, filed)
            if one is refused[0]:
                objecting.answer(
                    work, self._stories, self._staff, made.id, Verdict.PARTLY, ANSWER,
                    superior=SUPERIOR, post="", now=max(filed, now - timedelta(hours=6)), seen=made.version,
                )  # fmt: skip
                self._letter(work, one, LetterKind.OBJECTION, now - timedelta(minutes=20), made)

    def _file(self, work: Work, case: Case, ground: str, story: str, at: datetime) -> Objection:
        return objecting.file(work, self._stories, case.id, [ground], story, Actor("citizen:link", "Pemohon"), now=at)

    def _may_lapse(self, work: Work, case: Case, now: datetime) -> bool:
        calendar = self._stories.clocks.calendar
        request, today = formal.request_of(work, case), calendar.day(now)
        first = may_lapse(request, calendar, self._house.office.ppid, today)
        return first is not None and first <= today

    def _units(self) -> list[str]:
        """Those whose officers a visitor can be."""
        able = [self._house.organisation.competent(topic)[:1] for topic in ("jalan_jembatan", "pju")]
        return [unit.key for first in able for unit, _ in first]

    def _letter(
        self, work: Work, case: Case, kind: LetterKind, at: datetime, objection: Objection | None = None
    ) -> None:
        """Numbered, drawn, kept; handed over where the channel lets it out now."""
        who, which = by_staff(self._staff), objection.id if objection is not None else None
        kept, drawn = letters.make(
            work, self._stories, self._house.printer.letter, case.id, kind, who, now=at, objection_id=which
        )
        self._house.files.keep(drawn)
        with suppress(*REFUSALS):
            paper, key = letters.paper_of(kept), f"demo-surat-{kept.id}"
            letters.hand_over(work, self._stories, paper, self._staff, key=key, now=at)

    def _private(self, work: Work, case: Case) -> bool:
        conversation = work.conversations.get(case.conversation_id)
        return conversation is not None and conversation.surface is Surface.DIRECT

    def _fits(self, case: Case, conversation: Conversation) -> bool:
        asked = case.kind is Kind.INFORMATION_REQUEST and case.certain and case.state.running
        return (
            asked
            and PAPER.search(case.title) is not None
            and conversation.surface is Surface.DIRECT
            and not conversation.urgent
        )


def _form(number: int, name: str) -> dict[str, str]:
    """What they filled in: make-believe, and the same in every demo."""
    return {
        "applicant": "perorangan",
        "name": name,
        "identity": f"64080101019{number:05d}",
        "address": f"{STREETS[number % len(STREETS)]} {number % 40 + 1}",
        "job": JOBS[number % len(JOBS)],
        "phone": f"08125000{number:04d}",
        "purpose": PURPOSES[number % len(PURPOSES)],
        "access": "salinan_digital",
        "delivery": "surel",
    }


def _proof(case: Case, basis: str, at: datetime) -> ConsequenceTest:
    information, consequence, period = TESTED[basis]
    return ConsequenceTest(
        id=0, case_id=case.id, information=information, basis=basis, consequence=consequence, period=period,
        approver=SUPERIOR, approver_post="Sekretaris Daerah", by="", at=at,
    )  # fmt: skip
