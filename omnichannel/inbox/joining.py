"""A mail without a thread becomes part of the conversation it belongs to, or stays apart; either can be taken back."""

from dataclasses import replace
from datetime import datetime

from omnichannel.domain.case import CaseState
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.guesses import Guess, Verdict
from omnichannel.domain.outbox import preview
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Direction, Message, Work
from omnichannel.inbox.reply import actor, of

MOST = 500  # messages that one mail's thread may hold to be joined whole


def join(work: Work, staff: Staff, conversation_id: int, other_id: int, now: datetime) -> Conversation:
    """What was written there goes on in the other conversation; the empty shell is put away. Returns the other one.

    NotFound: nobody guessed so. Conflict: somebody has decided already. Invalid: it has a number of its own.
    """
    guess, shell, other = _open(work, conversation_id, other_id), of(work, conversation_id), of(work, other_id)
    running = next((one for one in work.cases.of_conversation(shell.id) if one.state is not CaseState.VOIDED), None)
    if running is not None:
        raise Invalid(f"Surel ini sudah bernomor {running.number}. Batalkan nomornya dulu, lalu gabungkan.")
    if (other.account, other.surface) != (shell.account, shell.surface):
        raise Invalid("Percakapan itu ada di akun lain; surel ini tidak dapat digabung ke sana.")
    held = work.messages.thread(shell.id, limit=MOST)
    moved = tuple(one.id for one in held)
    work.guesses.move(moved, shell.id, other.id)
    for one in work.guesses.of(shell.id):
        mine = one.other_id == other.id
        work.guesses.settle(one, Verdict.JOINED if mine else Verdict.APART, now, moved if mine else ())
    shut = replace(shell, state=ConversationState.RESOLVED, unread=0, failed=0, needs_person=False, snoozed_until=None)
    work.conversations.save(shell, shut)
    joined = as_its_messages_say(work, other)
    fresh = any(one.direction is Direction.IN for one in held)
    joined = replace(
        joined,
        state=ConversationState.OPEN if fresh else other.state,
        unread=other.unread + shell.unread,
        failed=other.failed + shell.failed,
        snoozed_until=None if fresh else other.snoozed_until,
    )
    after = work.conversations.save(other, joined)
    _note(work, staff, "mail_joined", shell, other.id, guess.why, now)
    _note(work, staff, "mail_taken_in", other, shell.id, str(len(moved)), now)
    return after


def part(work: Work, staff: Staff, conversation_id: int, now: datetime) -> Conversation:
    """Taken back: what was moved lies in its own conversation again, and waits for another decision. NotFound."""
    guesses, shell = work.guesses.of(conversation_id), of(work, conversation_id)
    guess = next((one for one in guesses if one.verdict is Verdict.JOINED), None)
    if guess is None:
        raise NotFound("Surel ini tidak digabung ke mana pun.")
    other = of(work, guess.other_id)
    work.guesses.move(guess.moved, other.id, shell.id)
    for one in guesses:
        work.guesses.settle(one, None, now)
    work.conversations.save(other, as_its_messages_say(work, other))
    opened = replace(as_its_messages_say(work, shell), state=ConversationState.OPEN, unread=1)
    after = work.conversations.save(shell, opened)
    _note(work, staff, "mail_parted", shell, other.id, guess.why, now)
    _note(work, staff, "mail_given_back", other, shell.id, str(len(guess.moved)), now)
    return after


def keep_apart(work: Work, staff: Staff, conversation_id: int, now: datetime) -> None:
    """It is a matter of its own: nobody is asked again."""
    waiting = [one for one in work.guesses.of(conversation_id) if one.verdict is None]
    if not waiting:
        raise Conflict("Sudah diputuskan orang lain.")
    for one in waiting:
        work.guesses.settle(one, Verdict.APART, now)
    _note(work, staff, "mail_apart", of(work, conversation_id), waiting[0].other_id, waiting[0].why, now)


def _open(work: Work, conversation_id: int, other_id: int) -> Guess:
    found = next((one for one in work.guesses.of(conversation_id) if one.other_id == other_id), None)
    if found is None:
        raise NotFound("Tebakan itu tidak ada.")
    if found.verdict is not None:
        raise Conflict("Sudah diputuskan orang lain.")
    return found


def as_its_messages_say(work: Work, conversation: Conversation) -> Conversation:
    """What the list shows of it, read anew."""
    recent = [one for one in work.messages.thread(conversation.id, limit=50) if one.direction is not Direction.NOTE]
    if not recent:
        return conversation
    heard = [one for one in recent if one.direction is Direction.IN]
    last = heard[-1].sent_at if heard else conversation.last_in_at
    shuts = conversation.shuts_at
    if shuts is not None and last is not None and conversation.last_in_at is not None:
        shuts += last - conversation.last_in_at
    return replace(
        conversation,
        last_at=recent[-1].sent_at,
        last_in_at=last,
        shuts_at=shuts,
        preview=_line(recent[-1]),
    )


def _line(message: Message) -> str:
    return preview(message.text or message.subject or "Pesan tanpa teks")


def _note(work: Work, staff: Staff, verb: str, where: Conversation, other_id: int, why: str, now: datetime) -> None:
    work.note(
        actor(staff), verb, "conversation", where.id, at=now, conversation_id=where.id, after=str(other_id), why=why
    )
