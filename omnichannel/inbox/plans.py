"""An answer that waits for its moment: the few seconds in which it can be taken back, or until tomorrow at eight.

It lies in the database, so a closed tab or a crash changes nothing; it becomes a message only once it leaves. Whoever is
first decides: taken back, or taken by the worker. Alarms and notices never pass here.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from omnichannel.domain import attaching, reach
from omnichannel.domain.aside import answer_aside
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.composing import Deeds, Plan, PlanState, Way
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, TooLong, WindowClosed
from omnichannel.domain.length import length
from omnichannel.domain.message import Attachment
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.work import MACHINE, Message, Work
from omnichannel.inbox import drafts
from omnichannel.inbox.deeds import Classify, carry_out
from omnichannel.inbox.reply import actor, must_be_a_key, must_have_seen, of, parts_of, reply

Ability = Callable[[Conversation], Capabilities | None]
QUEUE = "plan"
FURTHEST = timedelta(days=60)
NO_ACCOUNT = "Akun kanal ini tidak ada lagi di konfigurasi, jadi jawaban tidak dapat dikirim."
SHUT_BY_THEN = "Saat itu jendela balas kanal ini sudah tertutup. Pilih waktu yang lebih awal, atau kirim sekarang."
GONE = "Sudah terlanjur berangkat: pengirim lebih dulu mengambilnya. Lihat status kirimnya di percakapan."
WROTE_FIRST = "Warga menulis lagi sebelum waktunya."
CANNOT = (Refused, Invalid, NotAllowed, NotFound, Conflict)


def plan(
    work: Work,
    staff: Staff,
    conversation_id: int,
    text: str,
    *,
    key: str,
    at: datetime,
    ability: Ability,
    now: datetime,
    brief: bool = False,
    unless: bool = False,
    comment_id: int | None = None,
    files: Sequence[Attachment] = (),
    answered: int | None = None,
    deeds: Deeds | None = None,
) -> Plan:
    """Have it leave at `at`. The same `key` twice is one plan. `brief`: it only waits to be taken back.

    `answered` is the last answer of ours that the page showed: Conflict where a colleague has answered since, or is about to.
    Whatever would be refused then is refused now, with the reason: Invalid, WindowClosed, TooLong, Refused, NotFound.
    """
    words = text.strip()
    must_be_a_key(key)
    known = work.plans.by_key(key)
    if known is not None:
        if known.conversation_id != conversation_id:
            raise Conflict("Kunci formulir ini sudah dipakai di percakapan lain. Muat ulang halaman, lalu kirim lagi.")
        return known
    conversation = of(work, conversation_id)
    if answered is not None:
        must_have_seen(work, staff, conversation, answered)
        _must_be_alone(work, staff, conversation)
    made = Plan(
        id=0,
        conversation_id=conversation.id,
        staff_id=staff.id,
        text=words,
        key=key,
        at=at,
        made_at=now,
        brief=brief,
        unless=unless,
        comment_id=comment_id,
        files=tuple(files),
        deeds=deeds,
    )
    _must_be_able(work, conversation, made, ability, now)
    made = work.plans.add(made)
    _put(work, made)
    verb = "held_back" if brief else "planned"
    where = conversation.id
    work.note(actor(staff), verb, "plan", made.id, at=now, conversation_id=where, after=at.isoformat())
    return made


def change(
    work: Work, staff: Staff, plan_id: int, text: str, at: datetime, unless: bool, *, ability: Ability, now: datetime
) -> Plan:
    """Other words or another moment for what still waits."""
    before = _waiting(work, plan_id)
    after = replace(before, text=text.strip(), at=at, unless=unless, made_at=now)
    _must_be_able(work, of(work, before.conversation_id), after, ability, now)
    after = work.plans.save(before, after)
    _put(work, after)
    where = after.conversation_id
    work.note(actor(staff), "planned", "plan", after.id, at=now, conversation_id=where, after=at.isoformat())
    return after


def cancel(work: Work, staff: Staff, plan_id: int, *, now: datetime) -> Plan:
    """It is not to leave: its words are its writer's draft again, but for a move's, which were nobody's own. Conflict,
    truthfully, when it has left already."""
    before = work.plans.get(plan_id)
    if before is None:
        raise NotFound("Rencana kirim itu tidak ada.")
    if before.state is PlanState.CANCELLED:
        return before
    if before.state is PlanState.SENT:
        raise Conflict(GONE)
    after = work.plans.save(before, replace(before, state=PlanState.CANCELLED))
    if before.state is PlanState.WAITING and before.deeds is None:
        way = Way.ASIDE if before.comment_id is not None else Way.REPLY
        drafts.give_back(work, staff.id, before.conversation_id, before.text, way, now)
    verb = "took_back" if before.brief else "plan_cancelled"
    work.note(actor(staff), verb, "plan", after.id, at=now, conversation_id=after.conversation_id)
    return after


def leave(work: Work, plan_id: int, *, ability: Ability, now: datetime, classify: Classify) -> Message | None:
    """Its moment has come: it becomes a message in the outbox. None: it does not, and its writer is told why.

    With `deeds` whatever refuses (CANNOT) is raised: nothing of a move may stand, so the transaction must not be kept, and
    `give_up` tells its writer in another.
    """
    waiting = work.plans.get(plan_id)
    if waiting is None or waiting.state is not PlanState.WAITING:
        return None
    if waiting.at > now:
        # A clock that was set back hurries every job; what was planned for tomorrow must not leave today.
        _put(work, waiting)
        return None
    conversation, staff = of(work, waiting.conversation_id), work.people.get(waiting.staff_id)
    if waiting.overtaken(conversation.last_in_at):
        _stay(work, conversation, waiting, PlanState.STOPPED, WROTE_FIRST, now)
        return None
    try:
        asked = Action.REPLY if waiting.text or waiting.files else Action.NOTE
        if staff is None or not (decision := may(staff, asked, conversation)):
            raise NotAllowed(decision.why if staff is not None else "Penulisnya tidak ada lagi.")
        _must_be_able(work, conversation, waiting, ability, now)
        if waiting.deeds is not None:
            sent = _carry_out(work, staff, conversation, waiting, ability, classify, now)
        else:
            sent = _send(work, staff, conversation, waiting, ability, now)
    except CANNOT as problem:
        if waiting.deeds is not None:
            raise
        _stay(work, conversation, waiting, PlanState.FAILED, str(problem), now)
        return None
    work.plans.save(waiting, replace(waiting, state=PlanState.SENT, message_id=sent.id if sent else None))
    return sent


def give_up(work: Work, plan_id: int, why: str, *, now: datetime) -> None:
    """A move that was refused on its way: nothing of it was done, and the conversation stands among those to be read."""
    waiting = work.plans.get(plan_id)
    if waiting is not None and waiting.state is PlanState.WAITING:
        _stay(work, of(work, waiting.conversation_id), waiting, PlanState.FAILED, why, now)


def _carry_out(
    work: Work,
    staff: Staff,
    conversation: Conversation,
    waiting: Plan,
    ability: Ability,
    classify: Classify,
    now: datetime,
) -> Message | None:
    assert waiting.deeds is not None
    speak = partial(_send, work, staff, conversation, waiting, ability, now) if waiting.text else None
    where, key = conversation.id, waiting.key
    return carry_out(work, staff, where, waiting.deeds, key=key, speak=speak, classify=classify, now=now)


def _send(
    work: Work, staff: Staff, conversation: Conversation, waiting: Plan, ability: Ability, now: datetime
) -> Message:
    can = ability(conversation)
    if waiting.comment_id is not None:
        comment = _comment(work, conversation, waiting.comment_id)
        return answer_aside(work, comment, waiting.text, key=waiting.key, capabilities=can, now=now, staff=staff)
    return reply(
        work,
        staff,
        conversation.id,
        waiting.text,
        key=waiting.key,
        capabilities=can,
        now=now,
        files=waiting.files,
    )


def _stay(work: Work, conversation: Conversation, waiting: Plan, state: PlanState, why: str, now: datetime) -> None:
    """It does not leave: its words become a draft, and the conversation stands among those to be read."""
    work.plans.save(waiting, replace(waiting, state=state, why=why))
    if waiting.deeds is None:
        way = Way.ASIDE if waiting.comment_id is not None else Way.REPLY
        drafts.give_back(work, waiting.staff_id, conversation.id, waiting.text, way, now)
    work.conversations.save(conversation, replace(conversation, unread=max(1, conversation.unread)))
    verb = "plan_stopped" if state is PlanState.STOPPED else "plan_failed"
    verb = verb if waiting.deeds is None else "move_failed"
    work.note(MACHINE, verb, "plan", waiting.id, at=now, conversation_id=conversation.id, why=why)


def _must_be_able(work: Work, conversation: Conversation, made: Plan, ability: Ability, now: datetime) -> None:
    """What the channel would refuse at that moment is refused beforehand."""
    can = ability(conversation)
    if not made.text and made.deeds is not None:
        return
    if not made.text and not made.files:
        raise Invalid("Tulis dulu jawabannya.")
    if can is None:
        raise Invalid(NO_ACCOUNT)
    if made.at > now + FURTHEST:
        raise Invalid(f"Pilih waktu dalam {FURTHEST.days} hari ke depan.")
    if not made.brief and made.made_at == now and made.at < now:
        raise Invalid("Pilih waktu yang masih akan datang.")
    if made.comment_id is not None:
        _aside_must_fit(work, conversation, made, can)
        return
    allowance = conversation.may_answer(can, max(made.at, now))
    if not allowance.allowed:
        today = conversation.may_answer(can, now)
        raise WindowClosed(SHUT_BY_THEN if today.allowed else today.reason or SHUT_BY_THEN)
    attaching.check(can, made.files)
    for piece in parts_of(made.text, can):
        if (long := length(piece, can.counts)) > can.text_limit:
            raise TooLong(f"Teks {long} huruf; kanal ini menerima paling banyak {can.text_limit}.")


def _must_be_alone(work: Work, staff: Staff, conversation: Conversation) -> None:
    for one in work.plans.shown(conversation.id):
        if one.brief and one.state is PlanState.WAITING and one.staff_id != staff.id:
            colleague = work.people.get(one.staff_id)
            who = colleague.name if colleague else "Petugas lain"
            raise Conflict(
                f"{who} baru saja menjawab di sini. Baca dulu jawabannya; kirim lagi bila jawaban Anda masih perlu."
            )


def _aside_must_fit(work: Work, conversation: Conversation, made: Plan, can: Capabilities) -> None:
    comment = _comment(work, conversation, made.comment_id)
    allowance = reach.private_answer(can, comment, work.outreach.answer_to(comment.id), made.at)
    if not allowance.allowed or can.private is None:
        raise WindowClosed(allowance.reason or reach.NO_PRIVATE)
    if (long := length(made.text, can.private.counts)) > can.private.text_limit:
        raise TooLong(f"Teks {long} huruf; kanal ini menerima paling banyak {can.private.text_limit}.")


def _comment(work: Work, conversation: Conversation, comment_id: int | None) -> Message:
    comment = work.messages.get(comment_id) if comment_id is not None else None
    if comment is None or comment.conversation_id != conversation.id:
        raise NotFound("Komentar itu tidak ada.")
    return comment


def _waiting(work: Work, plan_id: int) -> Plan:
    found = work.plans.get(plan_id)
    if found is None:
        raise NotFound("Rencana kirim itu tidak ada.")
    if found.state is not PlanState.WAITING:
        raise Conflict(GONE if found.state is PlanState.SENT else "Rencana kirim ini sudah dibatalkan.")
    return found


def _put(work: Work, waiting: Plan) -> None:
    stamp = int(waiting.at.timestamp() * 1000)
    work.jobs.put(QUEUE, {"plan": waiting.id}, key=f"plan:{waiting.id}:{stamp}", run_at=waiting.at)
    work.ring(QUEUE)
