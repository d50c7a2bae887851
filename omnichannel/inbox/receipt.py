"""Number and code of a public form, by mail: for whoever gave an address there and may lose the page that showed them."""

from dataclasses import replace
from datetime import datetime

from omnichannel.domain.channel import Capabilities, Channel, Surface
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.message import Author
from omnichannel.domain.outbox import notify
from omnichannel.domain.work import MACHINE, Message, Work

LONGEST = 254  # characters of an address that any server takes (RFC 5321, 4.5.3.1.3 with its brackets)


def send_receipt(
    work: Work,
    account: str,
    address: str,
    text: str,
    *,
    subject: str,
    key: str,
    capabilities: Capabilities,
    now: datetime,
) -> Message | None:
    """One letter a form, in one thread an address: somebody else's address cannot be flooded, for a thread takes only so
    many notices an hour. Nothing that was typed into the form stands in it. An answer to it is a mail like any other.
    """
    if len(address) > LONGEST or not address.isprintable() or address.count("@") != 1:
        return None
    who = address.lower()
    contact = work.contacts.meet(account, Channel.MAIL, Author(who, address=address), now)
    thread = _thread(work, account, who, contact.id, subject, now)
    said = notify(work, thread, text, key=f"tanda-terima:{key}", capabilities=capabilities, now=now)
    if said is not None:
        work.note(MACHINE, "receipt_mailed", "message", said.id, at=now, conversation_id=thread.id)
    return said


def _thread(work: Work, account: str, who: str, contact_id: int, subject: str, now: datetime) -> Conversation:
    """Done from the start: nobody has written, and nobody has to read it."""
    name = f"tanda-terima:{who}"
    found = work.conversations.find(account, name, Surface.DIRECT)
    if found is not None:
        return found
    made = work.conversations.add(
        account=account,
        channel=Channel.MAIL,
        surface=Surface.DIRECT,
        external_id=name,
        contact_id=contact_id,
        at=now,
        subject=subject,
    )
    return work.conversations.save(made, replace(made, state=ConversationState.RESOLVED))
