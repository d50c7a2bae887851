""" "CEK LAP-2026-000123": how is my case doing? Answered at once, to its owner alone, and never where others read.

Whoever is not known as the owner is asked for the code. A wrong number, a wrong code and somebody else's case are answered
in the same words, so that nothing can be learnt by guessing; guesses are counted for whoever guesses and for the number.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from omnichannel.domain.asking import Asked, asked_in
from omnichannel.domain.case import Case, Queue
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.forms import ACCOUNT
from omnichannel.domain.objection import SERIES
from omnichannel.domain.outbox import notify, said_before
from omnichannel.domain.tracking import ALIKE, HELD, case_code, fits, holder, office_secret, same_code
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import Actor, Message, Work
from omnichannel.router import numbers
from omnichannel.router.desk import Desk
from omnichannel.router.status import status_of
from omnichannel.router.tell import track_link

TRIES_CONTACT, TRIES_NUMBER = 5, 10  # wrong guesses before a wait
WITHIN = timedelta(minutes=15)
MACHINE = Actor("machine:cek", "Sistem")


def answered(
    work: Work, desk: Desk, conversation: Conversation, message: Message, verdict: Verdict, now: datetime
) -> bool:
    """True when the message was nothing but such a question and is dealt with; False: it is routed like any other, and
    answered all the same where it also asks."""
    bare = not message.files and message.location is None
    question = asked_in(message.text, message.subject, conversation.subject) if bare else None
    if question is None or (question.lost and not _asks_for_theirs(work, question, message)):
        return False
    key = f"cek:{message.id}"
    said = said_before(work, conversation.id, key)
    if said is None:
        text, why = _answer(work, desk, conversation, message, question, now)
        able = desk.ability(conversation.account, conversation.surface)
        said = notify(work, conversation, text, key=key, capabilities=able, now=now, to=message)
        work.note(MACHINE, "checked", "message", message.id, at=now, conversation_id=conversation.id, after=why)
    if question.alone and not verdict.urgent and (said is not None or _was_answered_lately(work, conversation, now)):
        return True
    _lay_before_staff(work, conversation.id)
    return False


def _answer(
    work: Work, desk: Desk, conversation: Conversation, message: Message, question: Asked, now: datetime
) -> tuple[str, str]:
    """What to say, and what the history calls it."""

    def say(name: str) -> tuple[str, str]:
        return desk.office.notice(name, tautan=track_link(desk.office)), name

    if conversation.surface is Surface.PUBLIC:
        return say("cek_umum")
    if question.lost:
        return numbers.told(work, desk, conversation, message)
    found = _candidates(work, desk, question, now)
    mine = [case for case in found if _owns(work, conversation, message, case)]
    if len(mine) == 1:
        return status_of(work, desk, mine[0], now), "cek"
    if question.code is None:
        return say("cek_kode")
    names = {
        f"contact:{message.contact_id}": TRIES_CONTACT,
        f"number:{question.thread or (question.series, question.year, question.number)}": TRIES_NUMBER,
    }
    if any(work.tries.count(name, now - WITHIN) >= most for name, most in names.items()):
        return say("cek_tunggu")
    opened = _opened_by(work, found, question)
    if opened is None:
        for name in names:
            work.tries.note(name, now)
        return say("cek_salah")
    return status_of(work, desk, opened, now), "cek"


def _asks_for_theirs(work: Work, question: Asked, message: Message) -> bool:
    """ "Nomor pengaduan berapa?" by whoever has none with us asks for a telephone."""
    return question.own or bool(message.contact_id and work.cases.of_contact(message.contact_id, 1))


def _candidates(work: Work, desk: Desk, question: Asked, now: datetime) -> list[Case]:
    """The cases that may be meant; "CEK 123" may be one of this year or the last, in either register."""
    if question.thread is not None:
        number = question.thread.translate(ALIKE)
        thread = work.conversations.find(ACCOUNT, number, Surface.DIRECT)
        return work.cases.of_conversation(thread.id)[-1:] if thread is not None else []
    year = now.astimezone(desk.office.zone).year
    years = [question.year] if question.year is not None else [year, year - 1]
    if question.series == SERIES:
        return numbers.objected(work, desk, years, question.number)
    queues = [one for one in desk.office.patterns if question.series in (None, one.value)]
    names = [desk.office.number(Queue(queue), one, question.number) for queue in queues for one in years]
    return [case for case in map(work.cases.by_number, names) if case is not None]


def _owns(work: Work, conversation: Conversation, message: Message, case: Case) -> bool:
    """Whoever wrote this is the case's citizen, or linked with them, and reads this thread: in a mail thread of somebody
    else a copied stranger may write, too."""
    return _same(work, message.contact_id, case.contact_id) and _same(work, message.contact_id, conversation.contact_id)


def _same(work: Work, one: int | None, other: int) -> bool:
    if one is None or one == other:
        return one == other
    first, second = work.contacts.get(one), work.contacts.get(other)
    return (
        first is not None and second is not None and first.person_id is not None and first.person_id == second.person_id
    )


def _opened_by(work: Work, found: list[Case], question: Asked) -> Case | None:
    """The case whose code was sent. A guess at a number that nobody has takes as long as one at a number that exists."""
    secret, code = office_secret(work), question.code or ""
    opened: list[Case] = []
    tried: list[Case | None] = [*found] or [None]
    for case in tried:
        fitting = _fits(work, case)
        if fitting(secret, code) and case is not None:
            opened.append(case)
    return opened[0] if len(opened) == 1 else None


def _fits(work: Work, case: Case | None) -> Callable[[str, str], bool]:
    """A form's code is known by its slow hash alone; every other case has a code of its own."""
    conversation = work.conversations.get(case.conversation_id) if case is not None else None
    contact = work.contacts.get(conversation.contact_id) if conversation is not None else None
    thread, held = (conversation.external_id, contact.external_id) if conversation and contact else ("-", None)

    def fitting(secret: str, code: str) -> bool:
        by_form = fits(held, holder(thread, code))
        own = case is not None and not (held or "").startswith(HELD)
        return same_code(case_code(secret, case.number if case is not None else "-"), code) if own else by_form

    return fitting


def _was_answered_lately(work: Work, conversation: Conversation, now: datetime) -> bool:
    """Withheld because this citizen was told so often within the hour: nobody needs to read it. Otherwise (the window shut,
    the account gone) somebody must."""
    recent = work.messages.thread(conversation.id, limit=50)
    return sum(one.automatic and now - one.arrived_at < timedelta(hours=1) for one in recent) >= TRIES_CONTACT


def _lay_before_staff(work: Work, conversation_id: int) -> None:
    """It was kept from the list when it came in, and it says more than a question."""
    conversation = work.conversations.get(conversation_id)
    if conversation is not None and (conversation.state is not ConversationState.OPEN or not conversation.unread):
        after = replace(
            conversation, state=ConversationState.OPEN, snoozed_until=None, unread=max(1, conversation.unread)
        )
        work.conversations.save(conversation, after)
