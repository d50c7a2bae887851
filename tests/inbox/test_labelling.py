"""Labels put on and taken off, made and removed: told, united where conversations become one, never in each other's way."""

from datetime import timedelta

import pytest

from omnichannel.domain.bulk import Deed, Kept
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.label import MOST_ON, Label, Tone
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.work import Actor, Work
from omnichannel.inbox import bulk, labelling, merging
from omnichannel.inbox.labelling import change
from omnichannel.inbox.reply import actor
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_contact, a_conversation, a_message, a_staff

LATER = NOON + timedelta(minutes=5)


def made(work: Work, name: str, staff: Staff) -> Label:
    return labelling.keep(work, staff, name, Tone.TEAL, now=NOON)


async def test_a_label_is_put_on_once_and_told_with_its_name(store: SqlStore) -> None:
    def story(work: Work) -> tuple[tuple[int, ...], list[tuple[str, str | None, str | None, str | None]]]:
        staff, talk = a_staff(work, name="Sari"), a_conversation(work)
        flood, vote = made(work, "Banjir", staff), made(work, "Pilkades", staff)
        change(work, actor(staff), talk.id, on=(vote.id, flood.id), now=NOON)
        change(work, actor(staff), talk.id, on=(flood.id,), now=NOON)
        after = change(work, actor(staff), talk.id, on=(), off=(vote.id, 999), now=NOON)
        told = [(one.verb, one.before, one.after, one.actor_name) for one in work.screens.history(talk.id)]
        return after.labels, told[::-1]

    labels, told = await store.write(story)

    assert labels == (1,)
    assert told == [
        ("labelled", None, "Pilkades", "Sari"),
        ("labelled", None, "Banjir", "Sari"),
        ("unlabelled", "Pilkades", None, "Sari"),
    ]


async def test_what_is_not_in_use_is_not_put_on_and_nobody_bears_too_many(store: SqlStore) -> None:
    def story(work: Work) -> None:
        staff, talk = a_staff(work), a_conversation(work)
        gone = made(work, "Lama", staff)
        labelling.remove(work, staff, gone.id, now=NOON)
        for wrong in (gone.id, 12345):
            with pytest.raises(NotFound):
                change(work, actor(staff), talk.id, on=(wrong,), now=NOON)
        many = [made(work, f"L{n}", staff).id for n in range(MOST_ON + 1)]
        with pytest.raises(Invalid, match="paling banyak 20"):
            change(work, actor(staff), talk.id, on=many, now=NOON)
        change(work, actor(staff), talk.id, on=many[:MOST_ON], now=NOON)
        change(work, actor(staff), talk.id, on=many[-1:], off=many[:1], now=NOON)

    await store.write(story)


async def test_a_renamed_label_keeps_its_conversations_and_a_removed_one_comes_back_to_them(store: SqlStore) -> None:
    def story(work: Work) -> None:
        staff, talk = a_staff(work), a_conversation(work)
        flood = made(work, "Banjir", staff)
        change(work, actor(staff), talk.id, on=(flood.id,), now=NOON)

        assert labelling.keep(work, staff, "Banjir Rob", Tone.BLUE, label_id=flood.id, now=LATER).id == flood.id
        with pytest.raises(Conflict, match="bernama itu"):
            made(work, "banjir  ROB", staff)
        labelling.remove(work, staff, flood.id, now=LATER)
        assert work.labels.all() == []
        with pytest.raises(Conflict, match="sudah dihapus"):
            labelling.keep(work, staff, "Lagi", Tone.BLUE, label_id=flood.id, now=LATER)
        # A label of the same name meanwhile: the old one cannot come back beside it.
        other = made(work, "Banjir Rob", staff)
        with pytest.raises(Conflict):
            labelling.restore(work, staff, flood.id, now=LATER)
        labelling.keep(work, staff, "Rob lain", Tone.BLUE, label_id=other.id, now=LATER)
        labelling.restore(work, staff, flood.id, now=LATER)
        after = work.conversations.get(talk.id)
        assert after is not None
        assert after.labels == (flood.id,)
        assert work.labels.spread()[flood.id].running == 1

    await store.write(story)


async def test_what_becomes_one_bears_the_labels_of_both(store: SqlStore) -> None:
    def story(work: Work) -> None:
        staff, contact = a_staff(work), a_contact(work)
        one, other = (a_conversation(work, contact=contact) for _ in range(2))
        a, b, c = (made(work, name, staff).id for name in "abc")
        change(work, actor(staff), one.id, on=(a, b), now=NOON)
        change(work, actor(staff), other.id, on=(b, c), now=NOON)

        main = merging.merge(work, staff, other.id, one.id, LATER)
        assert main.labels == (a, b, c)
        merging.unmerge(work, staff, other.id, LATER)
        side = work.conversations.get(other.id)
        assert side is not None
        assert side.labels == (b, c)

        for _ in range(3):
            a_message(work, conversation=one)
        chosen = [work.messages.thread(one.id)[0].id]
        parted = merging.split(work, staff, one.id, chosen, LATER)
        assert parted.labels == ()
        d = made(work, "d", staff).id
        change(work, actor(staff), parted.id, on=(d,), now=LATER)
        assert merging.unsplit(work, staff, parted.id, LATER).labels == (a, b, c, d)

    await store.write(story)


async def test_a_bulk_label_is_undone_unless_somebody_labelled_since(store: SqlStore) -> None:
    def story(work: Work) -> None:
        staff = a_staff(work, role=Role.AGENT)
        label, other = made(work, "Banjir", staff), made(work, "Lain", staff)
        talks = [a_conversation(work, state=ConversationState.OPEN) for _ in range(2)]
        put = lambda work, one: change(work, actor(staff), one.id, on=(label.id,), now=NOON)  # noqa: E731
        changes = [bulk.act(work, staff, one.id, Deed.LABEL, put) for one in talks]
        assert bulk.act(work, staff, talks[0].id, Deed.LABEL, put) is None
        kept = Kept(Deed.LABEL, NOON, [one for one in changes if one is not None])
        number = work.undos.keep(staff.id, kept)
        change(work, Actor("staff:9", "Rina"), talks[1].id, on=(other.id,), now=LATER)

        again = work.undos.take(staff.id, number)
        assert again is not None
        bulk.undo(work, staff, again, again.changes[0], now=LATER)
        with pytest.raises(Conflict, match="Rina"):
            bulk.undo(work, staff, again, again.changes[1], now=LATER)
        assert [work.conversations.get(one.id).labels for one in talks] == [(), (label.id, other.id)]  # type: ignore[union-attr]

    await store.write(story)
