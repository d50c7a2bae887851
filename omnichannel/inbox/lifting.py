"""A merged thread has no row of its own: what is said in it moves the row of the main one."""

from dataclasses import replace
from datetime import datetime

from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.work import MACHINE, Work

BESIDE = "wrote_beside"  # for whoever follows the main thread, and for pages that show it


def lift(work: Work, conversation_id: int, now: datetime, *, answered: bool = False) -> None:
    """The citizen wrote in this thread (or we `answered`); nothing to do where it stands by itself."""
    merged = work.joins.merge_of(conversation_id)
    if merged is None:
        return
    side, main = work.conversations.get(conversation_id), work.conversations.get(merged.into_id)
    if side is None or main is None:
        return
    lifted(work, side, main, answered=answered)
    if not answered:
        work.note(MACHINE, BESIDE, "conversation", main.id, at=now, conversation_id=main.id)


def lifted(
    work: Work, side: Conversation, main: Conversation, *, holder: int | None = None, answered: bool = False
) -> Conversation:
    """The main row takes over what the side's row says. A running case keeps the side among the open ones: a deadline is
    never out of the lists."""
    spoke = side.unread > 0
    latest = side if side.last_at >= main.last_at else main
    after = replace(
        main,
        unread=0 if answered else main.unread + side.unread,
        state=ConversationState.WAITING if answered else ConversationState.OPEN if spoke else main.state,
        last_at=latest.last_at,
        preview=latest.preview,
        snoozed_until=None if spoke or answered else main.snoozed_until,
        assignee_id=main.assignee_id or holder or (side.assignee_id if answered else None),
        urgent=main.urgent or side.urgent,
    )
    rests = ConversationState.WAITING if side.due is not None else ConversationState.RESOLVED
    quiet = replace(side, unread=0, state=rests, snoozed_until=None)
    if quiet != side:
        work.conversations.save(side, quiet)
    return work.conversations.save(main, after) if after != main else main


def threads_of(work: Work, conversation_id: int) -> list[int]:
    """All threads that are shown as one with it, itself included."""
    merged = work.joins.merge_of(conversation_id)
    root = conversation_id if merged is None else merged.into_id
    return [root, *(one.conversation_id for one in work.joins.merged_into(root))]
