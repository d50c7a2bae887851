"""One deed to many conversations, each a story of its own; and the way back, which never runs over somebody else's hand."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from omnichannel.domain.bulk import Change, Deed, Kept
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, NotAllowed, NotFound
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.work import Work
from omnichannel.inbox.reply import actor, of

NEEDS: Mapping[Deed, Action] = {
    Deed.ASSIGN: Action.ASSIGN,
    Deed.RESOLVE: Action.RESOLVE,
    Deed.READ: Action.REPLY,
    Deed.UNREAD: Action.REPLY,
    Deed.SNOOZE: Action.RESOLVE,
    Deed.ASIDE: Action.RESOLVE,
    Deed.REOPEN: Action.RESOLVE,
    Deed.LABEL: Action.LABEL,
    Deed.UNLABEL: Action.LABEL,
}
# Whatever a deed of ours may touch. Words and arrivals are the citizen's: they are never put back to what they were.
TOUCHED = ("state", "unread", "snoozed_until", "assignee_id", "aside", "needs_person", "labels")
Story = Callable[[Work, Conversation], object]


def act(work: Work, staff: Staff, conversation_id: int, deed: Deed, story: Story) -> Change | None:
    """Do it to one; None where it was so already. NotAllowed, Invalid, NotFound or Conflict say why not."""
    before = of(work, conversation_id)
    _ask(staff, NEEDS[deed], before)
    story(work, before)
    after = of(work, conversation_id)
    names = [name for name in TOUCHED if getattr(before, name) != getattr(after, name)]
    if not names:
        return None
    was, became = ({name: getattr(one, name) for name in names} for one in (before, after))
    return Change(conversation_id, was, became)


def undo(work: Work, staff: Staff, kept: Kept, change: Change, *, now: datetime) -> None:
    """Put one back exactly as it was. Conflict, with a name, where somebody (or the citizen) has changed it since."""
    held = of(work, change.conversation_id)
    _ask(staff, NEEDS[kept.deed], held)
    if any(getattr(held, name) != value for name, value in change.after.items()):
        raise Conflict(f"Sudah diubah oleh {_last_hand(work, held)} sesudahnya; dibiarkan.")
    back = change.before.get("assignee_id")
    colleague = work.people.get(back) if back is not None else None
    if back is not None and (colleague is None or not may(colleague, Action.READ, held)):
        raise NotFound("Petugas semula tidak dapat memegangnya lagi; dibiarkan.")
    work.conversations.save(held, replace(held, **change.before))
    work.note(actor(staff), "undone", "conversation", held.id, at=now, conversation_id=held.id, before=kept.deed.value)


def _ask(staff: Staff, action: Action, conversation: Conversation) -> None:
    decision = may(staff, action, conversation)
    if not decision:
        raise NotAllowed(decision.why)


def _last_hand(work: Work, conversation: Conversation) -> str:
    last = work.screens.history(conversation.id, 1)
    return (last[0].actor_name or "orang lain") if last else "orang lain"
