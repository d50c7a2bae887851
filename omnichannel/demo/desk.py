"""The office's side of the past: everything staff did in one stretch, as one story."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from omnichannel.demo.cast import Cast
from omnichannel.demo.papers import Papers
from omnichannel.demo.plan import Act, Do
from omnichannel.domain.case import Case, CaseState, Kind, Outcome, Queue
from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid, Refused
from omnichannel.domain.house import House
from omnichannel.domain.people import Staff
from omnichannel.domain.verdict import NO_TOPIC, TOPICS, Verdict
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import reply, triage
from omnichannel.router.alarm import acknowledge
from omnichannel.router.conclude import conclude
from omnichannel.router.lapor import DONE, keyed_in, note_status
from omnichannel.router.route import confirm, reclassify, route
from omnichannel.toys.citizens import Past
from omnichannel.workers.routing import desk as stories_of

OWNER = "demo"
LEASE = timedelta(days=1)
ROUTED = timedelta(seconds=3)
ACKNOWLEDGED = timedelta(minutes=3)
OBJECTABLE = timedelta(days=5)

NOTES = (
    "Sudah saya telepon RT-nya, tunggu foto dari lapangan.",
    "Mirip laporan minggu lalu di gang sebelah, cek dulu sebelum diteruskan.",
    "Warga minta dihubungi sore hari.",
    "Dinas minta titik koordinat; sudah saya kirim.",
)
FINISHED: Mapping[Kind, tuple[str, ...]] = {
    Kind.COMPLAINT: (
        "Kabar baik: laporan Anda sudah selesai ditangani. Terima kasih sudah mengingatkan kami.",
        "Petugas lapangan melaporkan pekerjaannya selesai. Bila masih ada yang kurang, balas saja pesan ini.",
    ),
    Kind.INFORMATION_REQUEST: (
        "Dokumen yang Anda minta kami kirim bersama pesan ini. Terima kasih sudah menunggu.",
        "Jawaban tertulis atas permohonan Anda sudah terbit dan dapat diambil di meja PPID.",
    ),
    Kind.ASPIRATION: ("Usulan Anda sudah dibahas dan kami teruskan ke perangkat daerah yang membidangi.",),
}
REASONS: Mapping[Outcome, str] = {
    Outcome.PARTLY: "Sebagian memuat data pribadi orang lain dan dihitamkan.",
    Outcome.NOT_HELD: "Dokumen itu dikuasai pemerintah provinsi.",
    Outcome.TRANSFERRED: "Urusan ini wewenang pemerintah provinsi.",
}
PROGRESS = (
    "Tim sudah meninjau lokasi dan menyusun kebutuhan alat.",
    "Menunggu jadwal petugas lapangan pekan ini.",
    "Sudah diterima dinas terkait dan sedang dikerjakan.",
)
OUTCOMES: Mapping[Kind, tuple[Outcome, ...]] = {
    Kind.INFORMATION_REQUEST: (Outcome.GRANTED, Outcome.GRANTED, Outcome.GRANTED, Outcome.PARTLY, Outcome.NOT_HELD),
    Kind.COMPLAINT: (Outcome.RESOLVED,),
    Kind.ASPIRATION: (Outcome.RESOLVED, Outcome.TRANSFERRED),
}


class Desk:
    """Who did what. Threads are known by the message that a citizen began or went on with."""

    def __init__(self, house: House, cast: Cast, rng: Random) -> None:
        self._house = house
        self._stories = stories_of(house)
        self.cast = cast
        self.papers = Papers(house, cast)
        self._rng = rng
        self._last: dict[int, tuple[str, str]] = {}
        self._until = house.clock.now()
        self._does = {
            Do.SAY: self._say,
            Do.SORT: self._sort,
            Do.NOTE: self._note,
            Do.KEY_IN: self._key_in,
            Do.NEWS: self._news,
            Do.CLOSE: self._close,
        }

    def remember(self, heard: Mapping[Past, str]) -> None:
        """Which message of the platform each said line became."""
        self._last |= {past.thread: (past.account, message) for past, message in heard.items()}

    def do(self, work: Work, stretch: Sequence[Act], heard: Mapping[Past, tuple[str, Verdict]]) -> None:
        """One stretch, in order of time."""
        for job in work.jobs.claim("route", OWNER, stretch[-1].at + LEASE, LEASE, 10 * len(stretch)):
            work.jobs.done(job)
        for act in stretch:
            if act.do is not Do.HEAR:
                # The dice may ask for what the stories refuse; then it did not happen.
                with suppress(Conflict, Invalid, Refused):
                    self._does[act.do](work, self.conversation(work, act.past), act)
                continue
            external_id, verdict = heard[act.past]
            message = work.messages.by_external(act.past.account, external_id)
            assert message is not None
            route(work, self._stories, message.id, verdict, act.at + ROUTED)
            self._answer_alarms(work, act.at)

    def conversation(self, work: Work, past: Past) -> Conversation:
        """The conversation a thread of the past became."""
        message = work.messages.by_external(*self._last[past.thread])
        assert message is not None
        return reply.of(work, message.conversation_id)

    def capabilities(self, conversation: Conversation) -> Capabilities | None:
        """What its channel can do."""
        return self._house.capabilities(conversation.account, conversation.surface)

    def answer(self, work: Work, conversation: Conversation, text: str, at: datetime) -> Message:
        """Whoever holds it, or whose table it lies on, answers."""
        staff = self._holder(work, conversation)
        if conversation.surface is Surface.PUBLIC:
            # X refuses a sentence that the account has just published; a real officer names the number as well.
            case = work.cases.get(conversation.case_id) if conversation.case_id else None
            text = f"{text} ({case.number if case else f'rujukan {conversation.id}'})"
        key = f"demo-{conversation.id}-{at.timestamp():.6f}"
        return reply.reply(
            work, staff, conversation.id, text, key=key, capabilities=self.capabilities(conversation), now=at
        )

    def _holder(self, work: Work, conversation: Conversation) -> Staff:
        held = work.people.get(conversation.assignee_id) if conversation.assignee_id else None
        if held is not None:
            return held
        return self.cast.ppid if conversation.queue == Queue.PPID else self._rng.choice(self.cast.agents)

    def _say(self, work: Work, conversation: Conversation, act: Act) -> None:
        self.answer(work, conversation, act.past.text, act.at)

    def _note(self, work: Work, conversation: Conversation, act: Act) -> None:
        staff, text = self._rng.choice(self.cast.agents), self._rng.choice(NOTES)
        reply.note(
            work, staff, conversation.id, text, key=f"demo-note-{conversation.id}-{act.at.timestamp():.6f}", now=act.at
        )

    def _sort(self, work: Work, conversation: Conversation, act: Act) -> None:
        """A person reads what the machine was not sure of, and says what it is."""
        staff = self._rng.choice(self.cast.agents)
        triage.mark_read(work, staff, conversation.id, now=act.at)
        if conversation.needs_person:
            self._judge(work, conversation, act)
        self.papers.completed(work, reply.of(work, conversation.id), act.at)

    def _judge(self, work: Work, conversation: Conversation, act: Act) -> None:
        staff = self._rng.choice(self.cast.agents)
        story = act.past.story
        case = work.cases.get(conversation.case_id) if conversation.case_id else None
        if case is not None and case.kind is story.kind:
            confirm(work, staff, case.id, now=act.at)
            return
        topic = story.topic if story.topic in TOPICS else NO_TOPIC
        unit = conversation.unit
        reclassify(work, self._stories, staff, conversation.id, kind=story.kind, topic=topic, unit=unit, now=act.at)

    def _key_in(self, work: Work, conversation: Conversation, act: Act) -> None:
        case = self._running(work, conversation)
        if case is None or case.queue is not Queue.LAPOR or case.tracking_id is not None:
            return
        number = str(9_000_000 + case.id * 37 % 900_000)
        keyed_in(
            work,
            self.cast.lapor,
            case.id,
            number,
            f"https://www.lapor.go.id/laporan/detil/{number}",
            office=self._house.office,
            capabilities=self.capabilities(conversation),
            now=act.at,
        )

    def _news(self, work: Work, conversation: Conversation, act: Act) -> None:
        """LAPOR shows that somebody works on it; the officer notes that here."""
        case = self._running(work, conversation)
        if case is not None and case.tracking_id is not None:
            self._status(work, case, "Dalam Proses", self._rng.choice(PROGRESS), act.at)

    def _close(self, work: Work, conversation: Conversation, act: Act) -> None:
        """What was asked for is done; lately answered ones stay open, for the citizen may object."""
        case = self._running(work, conversation)
        if case is not None:
            self._answered(work, conversation, case, act.at)
            if self._until - act.at < OBJECTABLE:
                return
            answered = work.cases.get(case.id) or case
            work.cases.save(answered, replace(answered, state=CaseState.CLOSED))
        staff = self._holder(work, reply.of(work, conversation.id))
        triage.resolve(work, staff, conversation.id, now=act.at)

    def _answered(self, work: Work, conversation: Conversation, case: Case, at: datetime) -> None:
        if self.papers.decided(work, case, at):
            return
        said = self._rng.choice(FINISHED[case.kind])
        if case.tracking_id is not None:
            self._status(work, case, DONE, said, at)
            return
        outcome = self._rng.choice(OUTCOMES[case.kind])
        # Where the reply window has shut, the outcome stands in the register all the same.
        with suppress(Refused):
            self.answer(work, conversation, said, at)
        why = REASONS[outcome] if outcome.needs_reason else None
        conclude(work, self._holder(work, conversation), case.id, outcome, now=at, why=why)

    def _status(self, work: Work, case: Case, status: str, said: str, at: datetime) -> None:
        office, able = self._house.office, self.capabilities(reply.of(work, case.conversation_id))
        note_status(work, self.cast.lapor, case.id, status, office=office, capabilities=able, now=at, said=said)

    def _running(self, work: Work, conversation: Conversation) -> Case | None:
        case = work.cases.get(conversation.case_id) if conversation.case_id else None
        return case if case is not None and case.state.running else None

    def _answer_alarms(self, work: Work, at: datetime) -> None:
        """Every emergency of the past was taken in hand within minutes."""
        for alarm in work.alarms.open():
            acknowledge(work, self.cast.agents[0], alarm.id, now=at + ACKNOWLEDGED)
