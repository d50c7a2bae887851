"""A file that the platform does not give us (too large, gone): its citizen must not believe that we have it."""

from datetime import datetime, timedelta

from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.house import House
from omnichannel.domain.outbox import notify
from omnichannel.domain.work import File, Message, Work

FRESH = timedelta(days=2)  # whoever wrote longer ago (a mailbox read for the first time) expects no word about it


def tell_lost(work: Work, house: House, file: File, message: Message, now: datetime) -> Message | None:
    """One word for a message, however many of its files were lost; in private, or not at all. None: nothing was said."""
    conversation = work.conversations.get(message.conversation_id)
    if conversation is None or conversation.surface is not Surface.DIRECT or now - message.sent_at > FRESH:
        return None
    able: Capabilities | None = house.capabilities(conversation.account, conversation.surface)
    name = f"{file.name} " if file.name else ""
    text = house.office.notice("berkas_gagal", berkas=name, kantor=house.office.name)
    key = f"berkas-gagal:{message.id}"
    return notify(work, conversation, text, key=key, capabilities=able, now=now, to=message)
