"""One citizen beside the conversation: their other threads, merged or not, who they may also be, and what can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.joins import ContactLink, Merge
from omnichannel.domain.people import Contact, Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import kin, merging
from omnichannel.web.stream import Block


@dataclass(frozen=True, slots=True)
class Kin:
    """`group` is all that is shown as one timeline, the main thread first; `others` are the citizen's further threads."""

    group: Sequence[Conversation]
    others: Sequence[tuple[Conversation, str]]
    contacts: Sequence[Contact]
    suggestions: Sequence[kin.Suggestion]
    threads: Mapping[int, Sequence[Conversation]]
    link: ContactLink | None
    merged: Merge | None
    parted_from: int | None

    @property
    def main(self) -> Conversation:
        """The one whose row stands in the lists: taken, put off and finished for all."""
        return self.group[0]

    @property
    def several(self) -> bool:
        return len(self.group) > 1

    @property
    def ids(self) -> str:
        """For the page: news of any of them are news here."""
        return " ".join(str(one.id) for one in self.group)


def find(work: Work, conversation: Conversation, contact: Contact) -> Kin:
    """In the page's own transaction; a public thread is nobody's alone."""
    group, own = merging.group(work, conversation), kin.own(work, contact)
    shown, names = {one.id for one in group}, {one.id: one.label for one in own}
    threads = [one for one in work.joins.threads(sorted(names)) if one.id not in shown and one.last_in_at is not None]
    parted = work.joins.split_of(conversation.id)
    offered = kin.suggestions(work, contact) if conversation.surface == "direct" else []
    return Kin(
        group=group,
        others=[(one, names[one.contact_id]) for one in threads],
        contacts=[one for one in own if one.id != contact.id],
        suggestions=offered,
        threads={one.contact.id: work.joins.threads([one.contact.id], limit=3) for one in offered},
        link=kin.latest(work, contact),
        merged=work.joins.merge_of(conversation.id),
        parted_from=parted.from_id if parted is not None and parted.undone_at is None else None,
    )


def seen_by(found: Kin, staff: Staff) -> Kin:
    """Only what this reader may open; a citizen of another unit is not named to them."""

    def known(contact_id: int) -> bool:
        return any(may(staff, Action.READ, one) for one in found.threads.get(contact_id, ()))

    others = [pair for pair in found.others if may(staff, Action.READ, pair[0])]
    return replace(found, others=others, suggestions=[one for one in found.suggestions if known(one.contact.id)])


def timeline(work: Work, group: Sequence[Conversation], before_id: int | None, limit: int) -> list[Message]:
    """The newest messages of all of them, oldest first; `before_id` may lie in any."""
    found = [one for talk in group for one in work.messages.thread(talk.id, before_id=before_id, limit=limit)]
    return sorted(found, key=lambda one: (one.sent_at, one.id))[-limit:]


def coloured(blocks: Sequence[Block], group: Sequence[Conversation]) -> list[Block]:
    """Each message with the channel it came by."""
    channels: Mapping[int, Conversation] = {one.id: one for one in group}

    def own(block: Block) -> Block:
        talk = channels.get(block.message.conversation_id) if block.message is not None else None
        return block if talk is None else replace(block, channel=talk.channel)

    return [own(block) for block in blocks]
