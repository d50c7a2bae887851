"""A public comment is taken out of everybody's sight, or brought back: asked by staff, carried out by a worker."""

from datetime import datetime

from omnichannel.domain import reach
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.outreach import Sight, Veil
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Message, Work
from omnichannel.inbox.acts import put_veil
from omnichannel.inbox.reply import actor


def hide(
    work: Work,
    staff: Staff,
    message_id: int,
    *,
    capabilities: Capabilities | None,
    now: datetime,
    after: Message | None = None,
) -> Message:
    """Asked twice it is done once. `after`: our answer under it, where the platform takes none once it is hidden. Invalid: the channel cannot, or there is nothing to hide. NotFound."""
    comment, seen = _comment(work, message_id)
    if seen is not None and seen.error is None and seen.sight in (Sight.HIDING, Sight.HIDDEN):
        return comment
    allowance = reach.hiding(capabilities, comment, seen)
    if not allowance.allowed:
        raise Invalid(allowance.reason or reach.NO_HIDING)
    _ask(work, staff, comment, Sight.HIDING, "hid", now, after)
    return comment


def show(work: Work, staff: Staff, message_id: int, *, capabilities: Capabilities | None, now: datetime) -> Message:
    """The other way. Invalid: the channel cannot, or everybody sees it already. NotFound."""
    comment, seen = _comment(work, message_id)
    if seen is not None and seen.error is None and seen.sight is Sight.SHOWING:
        return comment
    allowance = reach.showing(capabilities, comment, seen)
    if not allowance.allowed:
        raise Invalid(allowance.reason or reach.NO_HIDING)
    _ask(work, staff, comment, Sight.SHOWING, "unhid", now)
    return comment


def _comment(work: Work, message_id: int) -> tuple[Message, Veil | None]:
    comment = work.messages.get(message_id)
    if comment is None:
        raise NotFound("Komentar itu tidak ada.")
    return comment, work.outreach.veil_of(message_id)


def _ask(
    work: Work, staff: Staff, comment: Message, sight: Sight, verb: str, now: datetime, after: Message | None = None
) -> None:
    work.outreach.veil(Veil(comment.id, sight, now, staff.id))
    put_veil(work, comment, now, after=after)
    work.note(actor(staff), verb, "message", comment.id, at=now, conversation_id=comment.conversation_id)
