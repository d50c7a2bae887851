"""Labels put on conversations and taken off; labels made, named anew, removed and brought back."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.label import MOST, MOST_ON, Label, Tone, fold, named, united
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Actor, Work
from omnichannel.inbox.reply import actor, of

LABELLED, UNLABELLED = "labelled", "unlabelled"


def change(
    work: Work, who: Actor, conversation_id: int, *, on: Iterable[int] = (), off: Iterable[int] = (), now: datetime
) -> Conversation:
    """Put these on and take those off; what is so already stays so. NotFound for a label that is not in use, Invalid where a
    conversation would bear more than anybody reads."""
    conversation, known = of(work, conversation_id), {one.id: one for one in work.labels.all()}
    held = set(conversation.labels)
    fresh = [one for one in dict.fromkeys(on) if one not in held]
    gone = [one for one in dict.fromkeys(off) if one in held and one not in fresh]
    if any(one not in known for one in fresh):
        raise NotFound("Label itu tidak ada lagi. Muat ulang, lalu pilih lagi.")
    after = (held | set(fresh)) - set(gone)
    if fresh and len(after & known.keys()) > MOST_ON:
        raise Invalid(f"Satu percakapan memuat paling banyak {MOST_ON} label. Lepas dulu salah satunya.")
    if after == held:
        return conversation
    saved = work.conversations.save(conversation, replace(conversation, labels=united(after)))
    where = conversation.id
    for one in fresh:
        _told(work, who, LABELLED, where, known[one].name, now)
    for one in gone:
        if one in known:
            _told(work, who, UNLABELLED, where, known[one].name, now)
    return saved


def unite(work: Work, into: Conversation, *others: Conversation) -> Conversation:
    """What becomes one bears the labels of all."""
    labels = united(into.labels, *(one.labels for one in others))
    return into if labels == into.labels else work.conversations.save(into, replace(into, labels=labels))


def keep(work: Work, staff: Staff, name: str, tone: Tone, *, label_id: int | None = None, now: datetime) -> Label:
    """A new one, or another name and colour for one: it keeps its conversations, rules and moves. Conflict for a name in use."""
    tidy = named(name)
    if label_id is None:
        if len(work.labels.all()) >= MOST:
            raise Invalid(f"Paling banyak {MOST} label. Hapus dulu yang tidak dipakai.")
        made = work.labels.add(
            Label(id=0, name=tidy, folded=fold(tidy), tone=tone, made_by=staff.name, made_at=now, version=1)
        )
        work.note(actor(staff), "label_saved", "label", made.id, at=now, after=made.name)
        return made
    before = in_use(work, label_id)
    after = replace(before, name=tidy, folded=fold(tidy), tone=tone)
    if after == before:
        return before
    saved = work.labels.save(before, after)
    work.note(actor(staff), "label_saved", "label", saved.id, at=now, before=before.name, after=saved.name)
    return saved


def remove(work: Work, staff: Staff, label_id: int, *, now: datetime) -> None:
    """Shown and offered nowhere any more; conversations stay as they are. `restore` brings it back where it was."""
    label = in_use(work, label_id)
    work.labels.save(label, replace(label, removed_at=now))
    work.note(actor(staff), "label_removed", "label", label.id, at=now, before=label.name)


def restore(work: Work, staff: Staff, label_id: int, *, now: datetime) -> Label:
    """In use again, on the conversations that bore it. Conflict where its name is another's by now."""
    label = work.labels.get(label_id)
    if label is None:
        raise NotFound("Label itu tidak ada.")
    if label.removed_at is None:
        return label
    if len(work.labels.all()) >= MOST:
        raise Invalid(f"Paling banyak {MOST} label. Hapus dulu yang tidak dipakai.")
    saved = work.labels.save(label, replace(label, removed_at=None))
    work.note(actor(staff), "label_restored", "label", label.id, at=now, after=label.name)
    return saved


def in_use(work: Work, label_id: int) -> Label:
    """NotFound for one that was removed, too."""
    label = work.labels.get(label_id)
    if label is None:
        raise NotFound("Label itu tidak ada.")
    if label.removed_at is not None:
        raise Conflict("Label itu sudah dihapus. Muat ulang halaman ini.")
    return label


def wanted(work: Work, ids: Collection[int]) -> tuple[int, ...]:
    """Those ids, each in use. Invalid otherwise: for forms that name labels."""
    known = {one.id for one in work.labels.all()}
    if any(one not in known for one in ids):
        raise Invalid("Salah satu label itu tidak ada lagi.")
    return united(ids)


def _told(work: Work, who: Actor, verb: str, conversation_id: int, name: str, now: datetime) -> None:
    put = {"after": name} if verb == LABELLED else {"before": name}
    work.note(who, verb, "conversation", conversation_id, at=now, conversation_id=conversation_id, **put)
