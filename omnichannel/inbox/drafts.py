"""What an officer has begun to write, kept until it has left: on any device, and whichever of two tabs is faster.

A draft writes no event: it is its writer's alone, and nothing has happened yet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from omnichannel.domain.composing import Draft, Rival, Way
from omnichannel.domain.errors import Invalid
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Work
from omnichannel.inbox.reply import of

LONGEST = 100_000  # characters; no channel but mail takes a tenth of it
LONGEST_TAB = 40
MOST_FILES, LONGEST_NAME = 20, 200
MOST_RIVALS = 6
# A machine in the office is shared, and a draft holds a citizen's matter: nobody comes back to it after a month.
KEPT = timedelta(days=30)


def save(
    work: Work,
    staff: Staff,
    conversation_id: int,
    text: str,
    *,
    tab: str,
    seen: int,
    way: Way = Way.REPLY,
    comment_id: int | None = None,
    files: Sequence[str] = (),
    now: datetime,
) -> Draft | None:
    """Keep what the page `tab` has written; `seen` is the version it began from. None: nothing is kept any more.

    What another page had written meanwhile stays beside it as a rival. Saying the same twice changes nothing.
    """
    if len(text) > LONGEST or len(tab) > LONGEST_TAB:
        raise Invalid("Draf ini terlalu panjang untuk disimpan.")
    conversation = of(work, conversation_id)
    before = work.drafts.get(staff.id, conversation.id)
    if comment_id is not None and (comment := work.messages.get(comment_id)) is not None:
        comment_id = comment.id if comment.conversation_id == conversation.id else None
    if before is None:
        work.drafts.forget(staff.id, now - KEPT)
    given = Draft(
        staff_id=staff.id,
        conversation_id=conversation.id,
        text=text,
        way=way,
        comment_id=comment_id if way is Way.ASIDE else None,
        files=tuple(name[:LONGEST_NAME] for name in files[:MOST_FILES]),
        tab=tab,
        saved_at=now,
    )
    return put(work, before, kept(before, given, seen))


def put(work: Work, before: Draft | None, after: Draft | None) -> Draft | None:
    """Write what became of it."""
    if after is not None and after is not before:
        work.drafts.save(after)
    elif after is None and before is not None:
        work.drafts.drop(before.staff_id, before.conversation_id)
    return after


def kept(before: Draft | None, given: Draft, seen: int) -> Draft | None:
    """What stands after a page has said `given`, knowing the version `seen`; None: nothing."""
    now, empty = given.saved_at, not given.text.strip() and not given.files
    if before is None:
        return None if empty else replace(given, version=_next(None, now))
    if before.tab == given.tab and _said(given) == _said(before):
        return before
    known = before.tab == given.tab or before.version == seen
    if empty:
        # A page that has emptied its own text says nothing of a text that it has never seen.
        return emptied(before, now) if known else before
    return replace(given, rivals=_beside(before, given, unseen=not known), version=_next(before, now))


def sent(work: Work, staff: Staff, conversation_id: int, text: str, *, tab: str = "", now: datetime) -> None:
    """It has left, so it is no draft any more. What another page of theirs had written is one still."""
    draft = work.drafts.get(staff.id, conversation_id)
    if draft is None:
        return
    left = text.strip()
    rivals = tuple(one for one in draft.rivals if one.text.strip() != left and one.tab != tab)
    if draft.text.strip() == left or (tab and draft.tab == tab):
        put(work, draft, emptied(replace(draft, rivals=rivals), now))
    elif rivals != draft.rivals:
        work.drafts.save(replace(draft, rivals=rivals, version=_next(draft, now)))


def give_back(work: Work, staff_id: int, conversation_id: int, text: str, way: Way, now: datetime) -> None:
    """A text that did not leave after all is its writer's draft again; what they write meanwhile stays beside it."""
    before = work.drafts.get(staff_id, conversation_id)
    fresh = Draft(
        staff_id=staff_id,
        conversation_id=conversation_id,
        text=text,
        way=way,
        tab="",
        version=_next(before, now),
        saved_at=now,
    )
    if before is None or before.text.strip() == text.strip():
        work.drafts.save(fresh if before is None else replace(fresh, rivals=before.rivals))
        return
    rivals = (*(one for one in before.rivals if one.text.strip() != text.strip()), Rival("", text, now))
    work.drafts.save(replace(before, rivals=rivals[-MOST_RIVALS:], version=_next(before, now)))


def swap(work: Work, staff: Staff, conversation_id: int, at: datetime, *, now: datetime) -> Draft | None:
    """The rival of that moment takes the draft's place, which stays beside it: pressed again, it is as before."""
    draft = work.drafts.get(staff.id, conversation_id)
    chosen = next((one for one in draft.rivals if one.at == at), None) if draft is not None else None
    if draft is None or chosen is None:
        return draft
    others = tuple(one for one in draft.rivals if one != chosen)
    if draft.text.strip():
        others = (*others, Rival(draft.tab, draft.text, draft.saved_at))
    after = replace(
        draft, text=chosen.text, tab=chosen.tab, rivals=others, version=_next(draft, now), saved_at=chosen.at
    )
    work.drafts.save(after)
    return after


def throw_away(work: Work, staff: Staff, conversation_id: int, at: datetime, *, now: datetime) -> Draft | None:
    """A rival that nobody wants."""
    draft = work.drafts.get(staff.id, conversation_id)
    if draft is None:
        return None
    after = replace(draft, rivals=tuple(one for one in draft.rivals if one.at != at), version=_next(draft, now))
    work.drafts.save(after)
    return after


def emptied(draft: Draft, now: datetime) -> Draft | None:
    """The draft is gone; the youngest of its rivals takes its place."""
    if not draft.rivals:
        return None
    *rest, last = draft.rivals
    return replace(
        draft,
        text=last.text,
        tab=last.tab,
        comment_id=None,
        files=(),
        rivals=tuple(rest),
        version=_next(draft, now),
        saved_at=last.at,
    )


def _said(draft: Draft) -> tuple[object, ...]:
    return draft.text, draft.way, draft.files, draft.comment_id


def _beside(before: Draft, given: Draft, *, unseen: bool) -> tuple[Rival, ...]:
    """One text a page. The same words of two pages are two texts: one of them may go on, or be emptied."""
    held: Iterable[Rival] = (one for one in before.rivals if one.tab != given.tab or not given.tab)
    if unseen and before.text.strip():
        held = (*held, Rival(before.tab, before.text, before.saved_at))
    return tuple(held)[-MOST_RIVALS:]


def _next(before: Draft | None, now: datetime) -> int:
    """Grows for good, also over a draft that was dropped: a page that slept must not take a new text for the one it knew."""
    return max(int(now.timestamp() * 1000), before.version + 1 if before is not None else 0)
