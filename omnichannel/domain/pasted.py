"""A public post that no connector could fetch: staff pasted its address, and it came in as a message all the same.

Who did it and from where stands in the headers of the payload, so the ledger knows it for good; and in the history.
"""

from collections.abc import Mapping
from dataclasses import replace

from omnichannel.domain.message import Event
from omnichannel.domain.people import Staff
from omnichannel.domain.ports import Raw
from omnichannel.domain.work import Actor, Message, Work

VERB = "pasted"
STAFF, NAME, LINK = "x-omnichannel-entered-by", "x-omnichannel-entered-name", "x-omnichannel-link"
LOOK_BACK = 1000  # happenings
WITHHELD = "Kiriman ini dimasukkan petugas dari tautan; kabar otomatis tidak dikirim ke sana. Balas sendiri bila perlu."


def entered(raw: Raw, staff: Staff, url: str) -> Raw:
    """The payload, with who entered it and from which address."""
    return replace(raw, headers={**raw.headers, STAFF: str(staff.id), NAME: staff.name, LINK: url})


def remembered(event: Event, headers: Mapping[str, str]) -> Event:
    """The event of such a payload, which knows how it came."""
    if STAFF not in headers:
        return event
    facts = {"entered_by": headers[STAFF], "entered_name": headers.get(NAME, ""), "link": headers.get(LINK, "")}
    return replace(event, extra={**event.extra, **facts})


def note(work: Work, message: Message, event: Event) -> None:
    """A line of the history: who pasted it, and the address."""
    staff = event.extra.get("entered_by")
    if staff:
        who = Actor(f"staff:{staff}", event.extra.get("entered_name") or None)
        why = event.extra.get("link")
        work.note(
            who, VERB, "message", message.id, at=message.arrived_at, conversation_id=message.conversation_id, why=why
        )


def was(work: Work, conversation_id: int) -> bool:
    """Whether this thread was begun by such a message."""
    return any(one.verb == VERB for one in work.screens.history(conversation_id, LOOK_BACK))
