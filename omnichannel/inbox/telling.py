"""Officers tell each other: named in a note, given a conversation with a word, taken over, followed, read."""

from datetime import datetime

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.together import LONGEST_WORD, Nudge, NudgeKind, Seen, named
from omnichannel.domain.work import Actor, Direction, Work

SHOWN = 280  # characters of a note that stand in the news; the note itself has them all


def tell(
    work: Work,
    to: Staff,
    conversation: Conversation,
    kind: NudgeKind,
    by: str,
    now: datetime,
    words: str | None = None,
    message_id: int | None = None,
) -> None:
    """News for one officer."""
    said = " ".join(words.split())[:SHOWN] if words and kind is NudgeKind.MENTION else words
    work.together.nudge(
        Nudge(
            staff_id=to.id,
            conversation_id=conversation.id,
            kind=kind,
            by=by,
            at=now,
            words=said,
            message_id=message_id,
        )
    )


def called_in(work: Work, conversation: Conversation, text: str, staff: Staff) -> list[Staff]:
    """Whom a note names. Invalid when one of them could not open it: they would never know, and the writer would wait."""
    if "@" not in text:
        return []
    called = [one for one in named(text, _present(work)) if one.id != staff.id]
    deaf = next((one for one in called if not may(one, Action.NOTE, conversation)), None)
    if deaf is not None:
        raise Invalid(f"{deaf.name} tidak dapat membuka percakapan ini, jadi tidak akan membaca catatan Anda.")
    return called


def hand_over(work: Work, staff: Staff, conversation: Conversation, to: Staff, word: str, now: datetime) -> None:
    """Whoever gets a conversation from somebody else is told; a word of the giver stands as a note as well."""
    said = word.strip()
    if len(said) > LONGEST_WORD:
        raise Invalid(f"Pesan untuk penerima paling banyak {LONGEST_WORD} huruf.")
    note = None
    if said:
        key = f"serah-{conversation.id}-{to.id}-{now.timestamp():.6f}"
        note = work.messages.add(
            conversation_id=conversation.id,
            account=conversation.account,
            external_id=f"note:{key}",
            direction=Direction.NOTE,
            text=f"@{to.login} {said}",
            sent_at=now,
            arrived_at=now,
            surface=conversation.surface,
            staff_id=staff.id,
            client_key=key,
        )
        where = conversation.id
        work.note(Actor(f"staff:{staff.id}", staff.name), "noted", "message", note.id, at=now, conversation_id=where)
    if to.id != staff.id:
        tell(work, to, conversation, NudgeKind.HANDOVER, staff.name, now, said or None, note.id if note else None)


def taken_from(
    work: Work, staff: Staff, conversation: Conversation, old: Staff, new: Staff | None, now: datetime
) -> None:
    """Whoever held it learns who has it now; None: nobody."""
    tell(work, old, conversation, NudgeKind.TAKEOVER, staff.name, now, new.name if new else None)


def follow(work: Work, staff: Staff, conversation: Conversation, now: datetime) -> None:
    """Hear of everything that happens here, without holding it."""
    if work.together.watch(conversation.id, staff.id, now):
        _note(work, staff, "followed", conversation, now)


def unfollow(work: Work, staff: Staff, conversation: Conversation, now: datetime) -> None:
    """No more of it."""
    if work.together.unwatch(conversation.id, staff.id):
        _note(work, staff, "unfollowed", conversation, now)


def read(
    work: Work, staff: Staff, now: datetime, conversation: Conversation | None = None, *, word: bool = True
) -> int:
    """The officer knows. `word` False: opened only, so that a word handed over stays on top until they say they read it."""
    where = conversation.id if conversation else None
    known = work.together.read(staff.id, now, where, but=None if word else NudgeKind.HANDOVER)
    if known:
        work.note(Actor(f"staff:{staff.id}", staff.name), "caught_up", "staff_news", staff.id, at=now)
    return known


def must_be_as_seen(work: Work, conversation: Conversation, sealed: str, *facets: str) -> None:
    """Conflict when what the page showed (`Seen.seal`) is no longer so; facets: holder, state, heard, unit.

    A form without a seal is of a program or of an old page, and is taken as it is.
    """
    seen, stands = Seen.read(sealed), Seen.of(conversation)
    if seen is None:
        return
    moved = [name for name in facets if getattr(seen, name) != getattr(stands, name)]
    if "heard" in moved:
        raise Conflict("Warga menulis lagi sejak Anda membuka halaman. Baca dulu, lalu putuskan lagi.")
    if "holder" in moved and conversation.assignee_id is not None:
        holder = work.people.get(conversation.assignee_id)
        who = holder.name if holder else "Petugas lain"
        raise Conflict(f"{who} memegang percakapan ini sejak Anda membuka halaman. Muat ulang, lalu putuskan lagi.")
    if moved:
        raise Conflict("Percakapan ini berubah sejak Anda membuka halaman. Lihat dulu, lalu putuskan lagi.")


def _present(work: Work) -> list[Staff]:
    return [one for one in work.people.all() if one.disabled_at is None]


def _note(work: Work, staff: Staff, verb: str, conversation: Conversation, now: datetime) -> None:
    who, where = Actor(f"staff:{staff.id}", staff.name), conversation.id
    work.note(who, verb, "conversation", where, at=now, conversation_id=where)
