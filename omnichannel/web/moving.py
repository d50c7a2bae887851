"""One ready move on one conversation: what it would do, in words, and then all of it in one transaction or none of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from omnichannel.domain.case import Kind
from omnichannel.domain.composing import ME, After, Deeds, Move, Plan
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid, NotAllowed
from omnichannel.domain.house import House
from omnichannel.domain.label import borne
from omnichannel.domain.outbox import said_before
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import reply as answers
from omnichannel.inbox.deeds import Classify, carry_out
from omnichannel.router import route
from omnichannel.router.desk import Desk
from omnichannel.web import filling, labels, planning
from omnichannel.web.planning import Hold
from omnichannel.web.wording import Wording

OPENS = 8
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Step:
    """One act of a move, as staff read it before it is done. `why` is set where it cannot be done."""

    words: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A move as it would go in this conversation now."""

    move: Move
    steps: tuple[Step, ...]
    text: str

    @property
    def why(self) -> str:
        """The first reason why it cannot be done; "" when it can."""
        return next((one.why for one in self.steps if one.why), "")


@dataclass(frozen=True, slots=True)
class Scene:
    """In whose hands, where, and when."""

    work: Work
    parts: House
    staff: Staff
    conversation: Conversation
    wording: Wording


def ahead(scene: Scene, move: Move) -> Ahead:
    """What it would do, each act with its leave."""
    values = _values(scene)
    lacks = filling.lacking(move.text, values) if move.text else ()
    text = move.text.format_map(values) if move.text and not lacks else move.text
    steps = [*_classifying(scene, move), *_answering(scene, move, text, lacks), *_giving(scene, move)]
    return Ahead(move, (*steps, *_marking(scene, move), *_ending(scene, move)), text)


def run(scene: Scene, move: Move, text: str, key: str, hold: Hold | None = None) -> Plan | None:
    """All of it, or with `hold` all of it once its seconds are over; the plan comes back then. Twice the same `key` is once.
    Invalid, NotAllowed: nothing is done. `text` is what the page showed: what changed since is asked again."""
    seen, actions = ahead(scene, move), needed(move)
    if seen.why:
        barred = any(not may(scene.staff, one, scene.conversation) for one in actions)
        raise (NotAllowed if barred else Invalid)(seen.why)
    if seen.text != text:
        raise Invalid("Isi balasan langkah ini berubah sejak Anda membukanya. Lihat lagi, lalu jalankan.")
    work, staff, number, now = scene.work, scene.staff, scene.conversation.id, scene.wording.now
    if said_before(work, number, key) is not None:
        return None
    doing = deeds(scene, move)
    waiting = planning.waits(
        work, staff, scene.conversation, text, hold, key=key, parts=scene.parts, now=now, deeds=doing
    )
    if waiting is not None:
        return waiting
    can = scene.parts.capabilities(scene.conversation.account, scene.conversation.surface)

    def speak() -> Message:
        return answers.reply(work, staff, number, text, key=key, capabilities=can, now=now)

    voice = speak if move.text else None
    carry_out(work, staff, number, doing, key=key, speak=voice, classify=classifying(scene.parts), now=now)
    return None


def deeds(scene: Scene, move: Move) -> Deeds:
    """What it does beside its answer, with names and moments settled now."""
    held = holder(scene.work, scene.staff, move) if move.assign else None
    sleeps = move.after not in (After.STAY, After.RESOLVE)
    return Deeds(
        move_id=move.id,
        name=move.name,
        note=move.note,
        assignee_id=held.id if held is not None else None,
        unit=move.unit,
        kind=move.kind,
        topic=move.topic,
        labels=move.labels,
        unlabels=move.unlabels,
        after=move.after,
        until=until(move.after, scene.wording) if sleeps else None,
    )


def classifying(parts: House) -> Classify:
    """The router's way to set a kind by hand."""
    desk = Desk(office=parts.office, organisation=parts.organisation, clocks=parts.clocks, ability=parts.capabilities)

    def classify(
        work: Work, staff: Staff, number: int, kind: str, topic: str, unit: str | None, now: datetime
    ) -> object:
        return route.reclassify(work, desk, staff, number, kind=Kind(kind), topic=topic, unit=unit, now=now)

    return classify


def needed(move: Move) -> tuple[Action, ...]:
    """What one must be allowed to do to run it."""
    asked = (
        (move.kind, Action.CLASSIFY),
        (move.text, Action.REPLY),
        (move.note, Action.NOTE),
        (move.assign or move.unit, Action.ASSIGN),
        (move.labels or move.unlabels, Action.LABEL),
        (move.after, Action.RESOLVE),
    )
    return tuple(action for wanted, action in asked if wanted)


def until(after: After, wording: Wording) -> datetime:
    """Eight in the morning of the day that is meant, by the office's calendar."""
    morning = wording.now.astimezone(wording.zone).replace(hour=OPENS, minute=0, second=0, microsecond=0)
    if after is After.WORKDAY:
        day = wording.calendar.add(wording.today, 1)
        return morning.replace(year=day.year, month=day.month, day=day.day)
    return morning + (WEEK if after is After.WEEK else timedelta(days=1))


def holder(work: Work, staff: Staff, move: Move) -> Staff | None:
    """Whom it is given to; None where that login is not (or no longer) here."""
    if move.assign == ME:
        return staff
    found = work.people.by_login(move.assign)
    return found[0] if found is not None and found[0].disabled_at is None else None


def _classifying(scene: Scene, move: Move) -> Sequence[Step]:
    if not move.kind:
        return ()
    t = scene.wording.t
    kind = t(labels.KINDS[Kind(move.kind)])
    topic = f", {t(labels.topic(move.topic))}" if move.topic else ""
    return (Step(t("Jenis menjadi {apa}", apa=kind + topic), _leave(scene, Action.CLASSIFY)),)


def _answering(scene: Scene, move: Move, text: str, lacks: Sequence[str]) -> Sequence[Step]:
    t, found = scene.wording.t, []
    if move.text:
        can = scene.parts.capabilities(scene.conversation.account, scene.conversation.surface)
        allowance = scene.conversation.may_answer(can, scene.wording.now) if can is not None else None
        why = _leave(scene, Action.REPLY) or (t("belum ada {apa}", apa=", ".join(lacks)) if lacks else "")
        if not why and (allowance is None or not allowance.allowed):
            why = t((allowance.reason if allowance else None) or "Akun kanal ini tidak ada lagi di konfigurasi.")
        public = scene.conversation.surface == "public"
        found.append(Step(t("Menerbitkan balasan publik") if public else t("Membalas warga"), why))
    if move.note:
        found.append(Step(t("Menulis catatan: {isi}", isi=move.note), _leave(scene, Action.NOTE)))
    return found


def _giving(scene: Scene, move: Move) -> Sequence[Step]:
    t, found = scene.wording.t, []
    if move.unit:
        known = move.unit in scene.parts.organisation
        why = _leave(scene, Action.ASSIGN) or ("" if known else t("Unit itu tidak ada di susunan organisasi."))
        found.append(Step(t("Menyerahkan ke {ke}", ke=labels.unit_name(scene.parts.organisation, move.unit)), why))
    if move.assign:
        whom = holder(scene.work, scene.staff, move)
        gone = "" if whom is not None else t("Petugas itu tidak ada atau sudah dinonaktifkan.")
        name = whom.name if whom is not None else move.assign
        found.append(Step(t("Menugaskan ke {ke}", ke=name), _leave(scene, Action.ASSIGN) or gone))
    return found


def _marking(scene: Scene, move: Move) -> Sequence[Step]:
    """A label that was removed since is left out, in words: the rest of the move is wanted all the same."""
    if not (move.labels or move.unlabels):
        return ()
    t, known, why = scene.wording.t, scene.work.labels.all(), _leave(scene, Action.LABEL)
    found = []
    if on := borne(move.labels, known):
        found.append(Step(t("Memasang label {apa}", apa=", ".join(one.name for one in on)), why))
    if off := borne(move.unlabels, known):
        found.append(Step(t("Melepas label {apa}", apa=", ".join(one.name for one in off)), why))
    if len(on) < len(move.labels):
        found.append(Step(t("Label yang sudah dihapus dilewati")))
    return found


def _ending(scene: Scene, move: Move) -> Sequence[Step]:
    if move.after is After.STAY:
        return ()
    t, why = scene.wording.t, _leave(scene, Action.RESOLVE)
    if move.after is After.RESOLVE:
        return (Step(t("Menandai selesai"), why),)
    return (Step(t("Menunda sampai {saat}", saat=scene.wording.moment(until(move.after, scene.wording))), why),)


def _leave(scene: Scene, action: Action) -> str:
    decision = may(scene.staff, action, scene.conversation)
    return "" if decision else scene.wording.t(decision.why)


def _values(scene: Scene) -> dict[str, str]:
    contact = scene.work.contacts.get(scene.conversation.contact_id)
    cases = scene.work.cases.of_conversation(scene.conversation.id)
    if contact is None:
        return {}
    return filling.known(scene.parts, scene.conversation, contact, cases, scene.wording, scene.staff)
