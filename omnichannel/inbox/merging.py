"""Threads of one citizen become one to look at, and single again; some messages become a thread of their own, and return.

A merged thread keeps its messages, its cases with their clocks, and its address: only the list shows one row instead of two.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from omnichannel.domain.case import CaseState
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import APART, Conversation, ConversationState
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.joins import MOST_SPLIT, Merge, Split
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Actor, Direction, Work
from omnichannel.inbox.joining import as_its_messages_say
from omnichannel.inbox.labelling import unite
from omnichannel.inbox.lifting import lifted
from omnichannel.inbox.reply import of

BACK = 500  # messages of a split that go back when it is undone


def merge(work: Work, staff: Staff, conversation_id: int, into_id: int, now: datetime) -> Conversation:
    """Show the one within the other; returns the one that shows both. Invalid says why they cannot be one."""
    root = root_of(work, into_id)
    side, main = of(work, conversation_id), of(work, root)
    _must_be_one_citizen(work, side, main)
    standing = work.joins.merge_of(side.id)
    if standing is not None:
        raise Conflict("Percakapan itu sudah digabung. Muat ulang untuk melihatnya.")
    for member in (side, *(of(work, one.conversation_id) for one in work.joins.merged_into(side.id))):
        work.joins.merge(Merge(member.id, main.id, now, staff.name, member.state.value))
    after = unite(work, lifted(work, side, main, holder=side.assignee_id), side)
    _note(work, staff, "merged", main, now, _called(work, side))
    _note(work, staff, "merged_into", side, now, _called(work, main))
    return after


def unmerge(work: Work, staff: Staff, conversation_id: int, now: datetime) -> Conversation:
    """By itself again, as it stood, with all that was said in it since."""
    merged = work.joins.merge_of(conversation_id)
    if merged is None:
        raise NotFound("Percakapan itu tidak digabung ke mana pun.")
    work.joins.unmerge(conversation_id)
    side, main = of(work, conversation_id), of(work, merged.into_id)
    fresh = side.last_in_at is not None and side.last_in_at > merged.at and side.state is not ConversationState.WAITING
    state = ConversationState.OPEN if fresh else ConversationState(merged.state)
    alone = replace(as_its_messages_say(work, side), state=state, unread=1 if state is ConversationState.OPEN else 0)
    after = work.conversations.save(side, alone)
    said = as_its_messages_say(work, main)
    if said != main:
        work.conversations.save(main, said)
    _note(work, staff, "unmerged", side, now, _called(work, main))
    _note(work, staff, "unmerged_from", main, now, _called(work, side))
    return after


def group(work: Work, conversation: Conversation) -> list[Conversation]:
    """All that is shown with it, itself included, the main one first. Who reads one reads all: another unit's is left out."""
    root = root_of(work, conversation.id)
    numbers = [root, *(one.conversation_id for one in work.joins.merged_into(root))]
    if len(numbers) == 1:
        return [conversation]
    found = [conversation if one == conversation.id else work.conversations.get(one) for one in numbers]
    return [one for one in found if one is not None and one.unit == conversation.unit]


def root_of(work: Work, conversation_id: int) -> int:
    """The one in whose row it stands."""
    merged = work.joins.merge_of(conversation_id)
    return conversation_id if merged is None else merged.into_id


def split(work: Work, staff: Staff, conversation_id: int, message_ids: Sequence[int], now: datetime) -> Conversation:
    """Take messages out into a thread of their own, answered at the same address. Returns it.

    Invalid: none chosen, all of them, or one that a case was opened for; a case stays with the words it rests on.
    """
    origin, chosen = of(work, conversation_id), sorted(set(message_ids))
    if origin.surface is Surface.PUBLIC:
        raise Invalid("Komentar publik tidak dapat dipisahkan; urutannya milik platform.")
    if not chosen:
        raise Invalid("Pilih dulu pesannya.")
    if len(chosen) > MOST_SPLIT:
        raise Invalid(f"Pilih paling banyak {MOST_SPLIT} pesan sekali pisah.")
    messages = [work.messages.get(one) for one in chosen]
    if any(one is None or one.conversation_id != origin.id for one in messages):
        raise Conflict("Salah satu pesan itu tidak ada lagi di sini. Muat ulang, lalu pilih lagi.")
    rests = [one for one in work.cases.of_conversation(origin.id) if one.state is not CaseState.VOIDED]
    held = next((one for one in rests if one.message_id in chosen), None)
    if held is not None:
        raise Invalid(f"Pesan pembuka {held.number} tetap bersama kasusnya. Pilih pesan yang lain.")
    left = [one for one in work.messages.thread(origin.id, limit=MOST_SPLIT + 1) if one.direction is not Direction.NOTE]
    if all(one.id in chosen for one in left):
        raise Invalid("Sisakan paling sedikit satu pesan di percakapan ini.")
    made = work.conversations.add(
        account=origin.account,
        channel=origin.channel,
        surface=origin.surface,
        external_id=f"{origin.external_id.partition(APART)[0]}{APART}{origin.id}-{chosen[0]}-{int(now.timestamp())}",
        contact_id=origin.contact_id,
        at=now,
        subject=origin.subject,
        unit=origin.unit,
    )
    work.joins.move(chosen, origin.id, made.id)
    work.joins.split(Split(made.id, origin.id, now, staff.name))
    heard = sum(one is not None and one.direction is Direction.IN for one in messages)
    fresh = replace(as_its_messages_say(work, made), unread=max(1, heard), needs_person=True, assignee_id=staff.id)
    work.conversations.save(origin, as_its_messages_say(work, origin))
    after = work.conversations.save(made, fresh)
    _note(work, staff, "split_off", origin, now, str(len(chosen)))
    _note(work, staff, "split_from", after, now, _called(work, origin))
    return after


def unsplit(work: Work, staff: Staff, conversation_id: int, now: datetime) -> Conversation:
    """What was taken out returns, with all that was said there since. Returns where to. Invalid: it has a case by now."""
    parted = work.joins.split_of(conversation_id)
    if parted is None or parted.undone_at is not None:
        raise NotFound("Percakapan itu tidak dipisahkan dari mana pun.")
    made, origin = of(work, conversation_id), of(work, parted.from_id)
    case = next((one for one in work.cases.of_conversation(made.id) if one.state is not CaseState.VOIDED), None)
    if case is not None:
        raise Invalid(f"Percakapan ini sudah bernomor {case.number}. Gabungkan saja supaya keduanya tampil bersama.")
    if work.joins.merge_of(made.id) is not None:
        raise Invalid("Lepas dulu gabungannya, lalu satukan lagi.")
    held = [one.id for one in work.messages.thread(made.id, limit=BACK)]
    work.joins.move(held, made.id, origin.id)
    work.joins.undo_split(made.id, now)
    empty = replace(made, state=ConversationState.RESOLVED, unread=0, failed=0, needs_person=False, snoozed_until=None)
    work.conversations.save(made, empty)
    back = replace(as_its_messages_say(work, origin), failed=origin.failed + made.failed)
    after = unite(work, work.conversations.save(origin, back), made)
    _note(work, staff, "split_undone", origin, now, str(len(held)))
    return after


def _must_be_one_citizen(work: Work, side: Conversation, main: Conversation) -> None:
    if side.id == main.id:
        raise Invalid("Itu percakapan yang sama.")
    if Surface.PUBLIC in (side.surface, main.surface):
        raise Invalid("Komentar publik tidak dapat digabung: semua orang membacanya.")
    one, other = work.contacts.get(side.contact_id), work.contacts.get(main.contact_id)
    known = one is not None and other is not None and one.person_id is not None and one.person_id == other.person_id
    if side.contact_id != main.contact_id and not known:
        raise Invalid("Hubungkan dulu kedua kontak sebagai satu warga, lalu gabungkan percakapannya.")
    if side.unit != main.unit:
        raise Invalid("Kedua percakapan ada di unit berbeda. Serahkan dulu ke unit yang sama.")


def _called(work: Work, conversation: Conversation) -> str:
    """What staff find it by: its case's number, else its channel and its number here."""
    numbers = [case.number for case in work.cases.of_conversation(conversation.id)]
    return numbers[-1] if numbers else f"{conversation.account} #{conversation.id}"


def _note(work: Work, staff: Staff, verb: str, where: Conversation, now: datetime, which: str) -> None:
    who = Actor(f"staff:{staff.id}", staff.name)
    work.note(who, verb, "conversation", where.id, at=now, conversation_id=where.id, after=which)
