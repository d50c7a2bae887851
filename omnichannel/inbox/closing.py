"""Outside the office's hours a citizen hears, once a closing, that we have their message and when somebody reads it."""

from datetime import datetime, timedelta

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.hours import said
from omnichannel.domain.office import Office
from omnichannel.domain.outbox import notify
from omnichannel.domain.work import Direction, Message, Work

LATE = timedelta(minutes=30)  # whoever wrote longer ago is not told now that we have their message


def tell_closed(
    work: Work,
    office: Office,
    calendar: WorkingCalendar,
    message_id: int,
    *,
    capabilities: Capabilities | None,
    now: datetime,
) -> Message | None:
    """None where nothing was said: within hours, in public, to a machine, beside a word about danger, or once already."""
    hours = office.hours
    message = work.messages.get(message_id)
    if hours is None or not hours.notify or message is None or message.auto is not None:
        return None
    closed, opens = hours.closed_since(now, calendar), hours.opens(now, calendar)
    conversation = work.conversations.get(message.conversation_id)
    if closed is None or opens is None or conversation is None or conversation.surface is not Surface.DIRECT:
        return None
    if message.direction is not Direction.IN or now - message.arrived_at > LATE or conversation.aside is not None:
        return None
    # In danger nobody is to read of opening hours; and while a person answers, nobody is away.
    if conversation.urgent or work.messages.by_client_key(f"112:{message.id}") is not None:
        return None
    key = f"tutup:{conversation.id}:{closed:%Y%m%dT%H%M}"
    recent = work.messages.thread(conversation.id, limit=30)
    if any(one.staff_id is not None and one.direction is Direction.OUT and one.arrived_at >= closed for one in recent):
        return None
    if work.messages.by_client_key(key) is not None:
        return None
    text = office.notice("di_luar_jam", buka=said(opens, office.zone_name), kantor=office.name)
    return notify(work, conversation, text, key=key, capabilities=capabilities, now=now, to=message)
