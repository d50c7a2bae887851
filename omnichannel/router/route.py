"""A message becomes a case in a queue, or waits for a person; and a person corrects, confirms or voids what was decided."""

from dataclasses import replace
from datetime import datetime

from omnichannel.domain import stated
from omnichannel.domain.case import Case, CaseState, Kind, Queue
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.office import RoutingMode
from omnichannel.domain.people import Staff
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import MACHINE, Actor, Direction, Message, Work
from omnichannel.router import check, glance, look_first, reply_back, split, wish
from omnichannel.router.alarm import acknowledged_by_contact, raise_alarm
from omnichannel.router.aside import consider, returned
from omnichannel.router.decide import as_stated, decide, decide_stated, unit_for
from omnichannel.router.desk import Desk, by_staff, case_of, conversation_of
from omnichannel.router.incidents import watch
from omnichannel.router.opening import Matter, open_case, retouch
from omnichannel.router.standing import from_comments, show_nearest, still_waits, table_of
from omnichannel.router.trials import read, ruled

__all__ = ["Desk", "confirm", "lay_open", "open_another", "reclassify", "route", "void"]

SHORTEST_REASON = 5
IN_WORDS = {
    Kind.INFORMATION_REQUEST: "permohonan informasi",
    Kind.COMPLAINT: "pengaduan",
    Kind.ASPIRATION: "aspirasi",
    Kind.OTHER: "bukan permohonan, pengaduan, atau aspirasi",
}
LOOK_BACK = 50  # happenings and messages; enough to know whether a message was judged, and what it was taken for


def route(work: Work, desk: Desk, message_id: int, verdict: Verdict, now: datetime) -> Case | None:
    """Put one incoming message where it belongs; returns the case it made or follows. Running it twice changes nothing."""
    message = work.messages.get(message_id)
    if message is None or message.direction is not Direction.IN or message.auto is not None:
        return None
    if acknowledged_by_contact(work, desk.office, message, now):
        return None
    conversation = conversation_of(work, message.conversation_id)
    if check.answered(work, desk, conversation, message, verdict, now):
        return _running(work, conversation)
    accepted = look_first.accepted_by_contact(work, desk, message, now)
    if accepted is not None:
        return accepted
    if not verdict.urgent and wish.answered(work, desk, conversation, message, now):
        return _running(work, conversation)
    conversation = conversation_of(work, conversation.id)
    cases = [*work.cases.of_conversation(conversation.id), *from_comments(work, conversation)]
    mine = next((case for case in cases if case.message_id == message.id), None)
    if _judged_so(work, message, verdict):
        return mine or _running(work, conversation)
    if verdict.urgent:
        able = desk.ability(conversation.account, conversation.surface)
        place = _place_name(verdict)
        raise_alarm(work, desk.office, conversation, message, place=place, capabilities=able, now=now)
        conversation = conversation_of(work, conversation.id)
    elif verdict.perhaps_urgent:
        conversation = glance.ask(work, conversation, message, verdict.perhaps_urgent, now)
    _note_verdict(work, message, verdict, now)
    watch(work, message, read(work, message, verdict, now))
    if mine is not None:
        return mine
    conversation = returned(work, conversation, message, verdict, now)
    ours = [case for case in cases if _same_citizen(case, conversation, message)]
    running = [case for case in ours if case.state.running] + reply_back.awaited(work, desk, ours, now)
    said = stated.of(work, message, LOOK_BACK)
    pair = split.kinds(verdict, desk.office) if said.kind is None and not running else None
    if pair is not None:
        return _both(work, desk, conversation, message, verdict, pair, now)
    if said.kind is not None:
        verdict = as_stated(verdict, said.kind)
        decision = decide_stated(said.kind, said, running)
    else:
        mode = desk.office.routing_mode
        line = work.studies.line(verdict.kind) if mode is RoutingMode.EARNED else None
        decision = decide(verdict, running, mode, desk.office.sure, line)
    if decision.follows is not None:
        if decision.ask and not conversation.needs_person:
            work.conversations.save(conversation, replace(conversation, needs_person=True))
        reply_back.consider(work, desk, decision.follows, message, verdict, now)
        return decision.follows
    if decision.make is None:
        waiting = verdict.kind is Kind.OTHER and still_waits(work, conversation, message)
        if not waiting:
            _mark(work, desk, conversation, verdict, ask=decision.ask)
        consider(work, conversation_of(work, conversation.id), message, verdict, now)
        return None
    matter = _matter(verdict, desk, certain=decision.certain)
    return open_case(work, desk, conversation, message, matter, now, actor=MACHINE)


def _both(
    work: Work,
    desk: Desk,
    conversation: Conversation,
    message: Message,
    verdict: Verdict,
    pair: tuple[Kind, Kind],
    now: datetime,
) -> Case:
    """Two cases out of one message; the request, which the law numbers at once, comes back."""
    made = []
    for kind in pair:
        matter = _matter(split.as_kind(verdict, kind), desk, certain=True)
        conversation = conversation_of(work, conversation.id)
        made.append(open_case(work, desk, conversation, message, matter, now, actor=MACHINE))
    split.joined(work, made[0], made[1], MACHINE, now)
    return made[0]


def lay_open(work: Work, message_id: int, now: datetime, why: str) -> None:
    """The machine could not judge it: a person must."""
    message = work.messages.get(message_id)
    if message is None:
        return
    conversation = conversation_of(work, message.conversation_id)
    if not conversation.needs_person:
        work.conversations.save(conversation, replace(conversation, needs_person=True))
    work.note(MACHINE, "not_judged", "message", message.id, at=now, conversation_id=conversation.id, why=why)


def reclassify(
    work: Work,
    desk: Desk,
    staff: Staff,
    conversation_id: int,
    *,
    kind: Kind,
    topic: str,
    unit: str | None,
    now: datetime,
    seen: int | None = None,
) -> Case | None:
    """A person corrects the machine. A case of the wrong kind is voided, its number stays in the register; the right one
    keeps the clock of the citizen's message. Returns the case that now runs, None for `other`.

    Conflict when the conversation changed since the page was drawn (`seen` is its version), or when the case already
    lies in SP4N-LAPOR!: what another body works on is not taken away by a correction here.
    """
    conversation = conversation_of(work, conversation_id)
    if seen is not None and conversation.version != seen:
        raise Conflict("Percakapan ini berubah sejak Anda membuka halaman. Muat ulang, lalu putuskan lagi.")
    who, current = by_staff(staff), _running(work, conversation)
    matter = by_hand(desk, kind, topic, unit, like=current)
    if current is not None and current.kind is not kind and current.tracking_id is not None:
        raise Conflict(f"{current.number} sudah ada di SP4N-LAPOR! ({current.tracking_id}); batalkan dulu kasusnya.")
    was = current.kind.value if current else conversation.kind
    _note_correction(work, who, conversation, now, before=was, after=f"{kind.value}/{topic}/{unit}")
    message = work.messages.get(current.message_id) if current else None
    message = message or _meant(work, conversation, kind)
    ruled(work, message.id, kind, topic, who, now)
    if current is not None and current.kind is kind:
        after = retouch(work, desk, current, topic, unit)
        show_nearest(work, conversation.id)
        return after
    if current is not None:
        _void(work, who, current, f"Salah jenis: sebenarnya {IN_WORDS[kind]}", now)
    if kind is Kind.OTHER:
        _small_talk(work, conversation_id, topic, unit)
        return None
    received = current.received_at if current else None
    conversation = conversation_of(work, conversation_id)
    return open_case(work, desk, conversation, message, matter, now, actor=who, received_at=received)


def open_another(
    work: Work,
    desk: Desk,
    staff: Staff,
    message_id: int,
    *,
    kind: Kind,
    topic: str,
    unit: str | None,
    now: datetime,
) -> Case:
    """One message may speak of two matters: a person opens a case of its own for the second, with its own number and clock.

    Conflict where that message already has a running case of that kind.
    """
    message = work.messages.get(message_id)
    if message is None or message.direction is not Direction.IN:
        raise NotFound("Pesan warga itu tidak ada.")
    conversation = conversation_of(work, message.conversation_id)
    for case in work.cases.of_conversation(conversation.id):
        if case.message_id == message.id and case.kind is kind and case.state.running:
            raise Conflict(f"Pesan ini sudah bernomor {case.number}.")
    first = next((one for one in work.cases.of_conversation(conversation.id) if one.message_id == message.id), None)
    matter = by_hand(desk, kind, topic, unit)
    made = open_case(work, desk, conversation, message, matter, now, actor=by_staff(staff))
    if first is not None:
        split.joined(work, first, made, by_staff(staff), now)
    return made


def by_hand(desk: Desk, kind: Kind, topic: str, unit: str | None, like: Case | None = None) -> Matter:
    """A person decided; the place is taken from the case that this one replaces. Invalid for a unit that is not ours."""
    if unit is not None and unit not in desk.organisation:
        raise Invalid(f"Unit {unit!r} tidak ada di susunan organisasi.")
    return Matter(
        kind=kind,
        topic=topic,
        unit=unit,
        kecamatan=like.kecamatan if like else None,
        desa=like.desa if like else None,
        certain=True,
        confidence=1.0,
        reasons=[],
    )


def confirm(work: Work, staff: Staff, case_id: int, *, now: datetime) -> Case:
    """A person says that the machine was right."""
    case = case_of(work, case_id)
    if case.state is CaseState.VOIDED:
        raise Conflict(f"{case.number} sudah dibatalkan.")
    if not case.certain:
        case = work.cases.save(case, replace(case, certain=True))
        where = case.conversation_id
        work.note(by_staff(staff), "confirmed", "case", case.id, at=now, conversation_id=where)
        ruled(work, case.message_id, case.kind, case.topic, by_staff(staff), now)
    show_nearest(work, case.conversation_id)
    return case


def void(work: Work, staff: Staff, case_id: int, reason: str, *, now: datetime, seen: int | None = None) -> Case:
    """Take a wrong case out of the count; its number stays in the register with the reason."""
    words = reason.strip()
    if len(words) < SHORTEST_REASON:
        raise Invalid("Tulis alasan pembatalan; alasan itu tercatat di register.")
    case = case_of(work, case_id)
    if case.state is CaseState.VOIDED:
        return case
    case = case_of(work, case_id, seen)
    return _void(work, by_staff(staff), case, words, now)


def _void(work: Work, who: Actor, case: Case, reason: str, now: datetime) -> Case:
    after = work.cases.save(case, replace(case, state=CaseState.VOIDED, void_reason=reason, closed_at=now))
    where = case.conversation_id
    work.note(who, "voided", "case", case.id, at=now, conversation_id=where, before=case.number, why=reason)
    show_nearest(work, where)
    return after


def _small_talk(work: Work, conversation_id: int, topic: str, unit: str | None) -> None:
    """No case at all, unless another one of the conversation still runs and stays on top."""
    conversation = conversation_of(work, conversation_id)
    if conversation.due is not None:
        return
    after = replace(
        conversation,
        kind=Kind.OTHER.value,
        queue=Queue.HUMAS.value,
        topic=topic,
        unit=unit,
        case_id=None,
        confidence=1.0,
        needs_person=False,
    )
    work.conversations.save(conversation, after)


def _mark(work: Work, desk: Desk, conversation: Conversation, verdict: Verdict, *, ask: bool) -> None:
    """What the list shows of a message that made no case. A running case stays on top; an ended one makes room."""
    if conversation.due is not None:
        if ask and not conversation.needs_person:
            work.conversations.save(conversation, replace(conversation, needs_person=True))
        return
    after = replace(
        conversation,
        case_id=None,
        kind=verdict.kind.value,
        queue=Queue.HUMAS.value,
        topic=verdict.topic,
        unit=table_of(work, conversation, verdict, unit_for(verdict, desk.organisation)),
        confidence=verdict.p[verdict.kind],
        needs_person=ask,
    )
    if after != conversation:
        work.conversations.save(conversation, after)


def _running(work: Work, conversation: Conversation) -> Case | None:
    case = work.cases.get(conversation.case_id) if conversation.case_id else None
    return case if case is not None and case.state.running else None


def _same_citizen(case: Case, conversation: Conversation, message: Message) -> bool:
    """In a public thread everybody writes: one citizen's words are no part of another's case."""
    return conversation.surface is Surface.DIRECT or case.contact_id == message.contact_id


def _judged_so(work: Work, message: Message, verdict: Verdict) -> bool:
    """Whether this very verdict was already acted upon. An edit or a late caption brings another verdict."""
    for one in work.screens.history(message.conversation_id, LOOK_BACK):  # newest first
        if one.verb == "classified" and one.thing_id == message.id:
            return (one.after, one.why) == (verdict.kind.value, _why(verdict))
    return False


def _note_verdict(work: Work, message: Message, verdict: Verdict, now: datetime) -> None:
    work.note(
        MACHINE,
        "classified",
        "message",
        message.id,
        at=now,
        conversation_id=message.conversation_id,
        after=verdict.kind.value,
        why=_why(verdict),
    )


def _note_correction(
    work: Work, who: Actor, conversation: Conversation, now: datetime, *, before: str | None, after: str
) -> None:
    work.note(
        who,
        "reclassified",
        "conversation",
        conversation.id,
        at=now,
        conversation_id=conversation.id,
        before=f"{before}/{conversation.topic}/{conversation.unit}",
        after=after,
    )


def _matter(verdict: Verdict, desk: Desk, *, certain: bool) -> Matter:
    place = verdict.place
    return Matter(
        kind=verdict.kind,
        topic=verdict.topic,
        unit=unit_for(verdict, desk.organisation),
        kecamatan=place.kecamatan.code if place else None,
        desa=place.desa.code if place and place.desa else None,
        certain=certain,
        confidence=verdict.p[verdict.kind],
        reasons=[reason.as_json() for reason in verdict.reasons],
    )


def _meant(work: Work, conversation: Conversation, kind: Kind) -> Message:
    """The message that a case by hand is about, for its clock starts there: the earliest since the last case that the
    machine, too, took for that kind, else the citizen's latest. Invalid where the citizen has written nothing."""
    used = max((case.message_id for case in work.cases.of_conversation(conversation.id)), default=0)
    said = [
        one
        for one in work.messages.thread(conversation.id, limit=LOOK_BACK)
        if one.direction is Direction.IN and one.auto is None
    ]
    if not said:
        raise Invalid("Warga belum menulis apa pun di percakapan ini.")
    taken_for = {
        one.thing_id: one.after
        for one in reversed(work.screens.history(conversation.id, 2 * LOOK_BACK))
        if one.verb == "classified"
    }
    fresh = [one for one in said if one.id > used]
    return next((one for one in fresh if taken_for.get(one.id) == kind.value), said[-1])


def _place_name(verdict: Verdict) -> str | None:
    if verdict.place is None:
        return None
    area = verdict.place
    return f"{area.desa.name}, {area.kecamatan.name}" if area.desa else area.kecamatan.name


def _why(verdict: Verdict) -> str:
    sure = round(verdict.p[verdict.kind] * 100)
    return f"{sure} % · {verdict.topic} · {verdict.unit}"
