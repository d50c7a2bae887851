"""A merged thread has no row of its own: what is said in it moves the row of the main one."""

from dataclasses import replace

from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.work import Work


def lift(work: Work, conversation_id: int) -> None:
    """Something was said in this thread; nothing to do where it stands by itself."""
    merged = work.joins.merge_of(conversation_id)
    if merged is None:
        return
    side, main = work.conversations.get(conversation_id), work.conversations.get(merged.into_id)
    if side is not None and main is not None:
        lifted(work, side, main)


def lifted(work: Work, side: Conversation, main: Conversation, holder: int | None = None) -> Conversation:
    """The main row takes over what the side's row says. A running case keeps the side among the open ones: a deadline is
    never out of the lists."""
    spoke = side.unread > 0
    answered = side.state is ConversationState.WAITING and side.last_at >= main.last_at
    latest = side if side.last_at >= main.last_at else main
    state = ConversationState.OPEN if spoke else ConversationState.WAITING if answered else main.state
    after = replace(
        main,
        unread=0 if answered and not spoke else main.unread + side.unread,
        state=state,
        last_at=latest.last_at,
        preview=latest.preview,
        snoozed_until=None if spoke else main.snoozed_until,
        assignee_id=main.assignee_id or holder or (side.assignee_id if answered else None),
        urgent=main.urgent or side.urgent,
    )
    rests = ConversationState.WAITING if side.due is not None else ConversationState.RESOLVED
    quiet = replace(side, unread=0, state=rests, snoozed_until=None)
    if quiet != side:
        work.conversations.save(side, quiet)
    return work.conversations.save(main, after) if after != main else main
