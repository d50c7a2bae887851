"""Things to test with, whose defaults read as prose: `a_case(work, kind=Kind.COMPLAINT)`.

Every builder makes a new one unless told otherwise; names and numbers are nobody's.
"""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from omnichannel.domain.case import QUEUE_OF, Case, Kind
from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.message import Author, Event, EventType
from omnichannel.domain.people import Contact, Role, Staff
from omnichannel.domain.work import Actor, Direction, Message, Work

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday, 12.00 WITA
TODAY = date(2026, 11, 23)
ACCOUNT = "wa-humas"
CITIZEN = Actor("citizen:1", "Warga A")

_numbers = itertools.count(1)


def a_number() -> int:
    """One that no other thing of this run has."""
    return next(_numbers)


def an_author(id: str | None = None, *, name: str | None = "Warga A", **attributes: str | None) -> Author:
    return Author(id=id or f"warga-{a_number()}", name=name, **attributes)


def an_incoming(text: str = "Lampu jalan di depan rumah kami mati.", **facts: Any) -> Event:
    """A citizen's direct message; any field of an Event may be given."""
    given: dict[str, Any] = {
        "type": EventType.INCOMING,
        "external_id": f"pesan-{a_number()}",
        "conversation": "utas-1",
        "author": Author(id="warga-1", name="Warga A"),
        "sent_at": NOON,
        "text": text,
    }
    return Event(**(given | facts))


def a_staff(work: Work, *, role: Role = Role.AGENT, login: str | None = None, name: str = "Petugas Satu",
            unit: str | None = None, password_hash: str = "not a hash that any password has") -> Staff:  # fmt: skip
    login = login or f"petugas{a_number()}"
    return work.people.add(login=login, name=name, role=role, unit=unit, password_hash=password_hash, at=NOON)


def a_contact(work: Work, *, account: str = ACCOUNT, channel: Channel = Channel.WHATSAPP, id: str | None = None,
              name: str | None = "Warga A", at: datetime = NOON, **attributes: str | None) -> Contact:  # fmt: skip
    return work.contacts.meet(account, channel, an_author(id, name=name, **attributes), at)


def a_conversation(work: Work, *, contact: Contact | None = None, account: str = ACCOUNT,
                   channel: Channel = Channel.WHATSAPP, surface: Surface = Surface.DIRECT,
                   external_id: str | None = None, at: datetime = NOON, subject: str | None = None,
                   **changes: Any) -> Conversation:  # fmt: skip
    """Open and empty; `changes` are saved on it (state, unread, unit, due, assignee_id …)."""
    contact = contact or a_contact(work, account=account, channel=channel, at=at)
    made = work.conversations.add(
        account=account,
        channel=channel,
        surface=surface,
        external_id=external_id or f"utas-{a_number()}",
        contact_id=contact.id,
        at=at,
        subject=subject,
    )
    return work.conversations.save(made, replace(made, **changes)) if changes else made


def a_message(work: Work, *, conversation: Conversation | None = None, text: str = "Lampu jalan mati.",
              direction: Direction = Direction.IN, external_id: str | None = None, at: datetime = NOON,
              **facts: Any) -> Message:  # fmt: skip
    conversation = conversation or a_conversation(work, at=at)
    given: dict[str, Any] = {
        "conversation_id": conversation.id,
        "account": conversation.account,
        "external_id": external_id or f"pesan-{a_number()}",
        "direction": direction,
        "text": text,
        "sent_at": at,
        "arrived_at": at,
        "surface": conversation.surface,
        "contact_id": conversation.contact_id if direction is Direction.IN else None,
    }
    return work.messages.add(**(given | facts))


def a_case(work: Work, *, kind: Kind = Kind.COMPLAINT, conversation: Conversation | None = None,
           due: date = TODAY + timedelta(days=7), unit: str | None = None, topic: str = "pju",
           title: str = "Lampu jalan mati", received_at: datetime = NOON, certain: bool = True,
           clocks: Mapping[str, Any] | None = None) -> Case:  # fmt: skip
    """Numbered in its register, about the first message of its conversation."""
    conversation = conversation or a_conversation(work)
    said = work.messages.thread(conversation.id, limit=1)
    message = said[0] if said else a_message(work, conversation=conversation)
    queue, year = QUEUE_OF[kind], 2026
    sequence = work.cases.next_number(queue, year)
    return work.cases.add(
        conversation_id=conversation.id,
        message_id=message.id,
        contact_id=conversation.contact_id,
        kind=kind,
        queue=queue,
        number=f"{queue.value.upper()}-{year}-{sequence:06}",
        year=year,
        sequence=sequence,
        topic=topic,
        unit=unit,
        kecamatan=None,
        desa=None,
        received_at=received_at,
        created_at=received_at,
        due=due,
        provisional=False,
        calendar_version="uji-1",
        clocks=clocks or {"due": due.isoformat(), "clocks": []},
        certain=certain,
        confidence=0.92,
        reasons=[{"cue": "mati", "weight": 1.5}],
        title=title,
    )
