"""Danger to life: the citizen is told to call 112, every staff screen shows it, and the 112 desk is told until somebody answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from omnichannel.domain.channel import STANZAS, Capabilities, Channel, Surface
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.errors import NotFound
from omnichannel.domain.message import Author, Delivery
from omnichannel.domain.office import AlarmContact, Office
from omnichannel.domain.outbox import notify, queue_urgent
from omnichannel.domain.people import Contact, Staff
from omnichannel.domain.privacy import mask
from omnichannel.domain.work import MACHINE, Actor, Alarm, Direction, Message, Work
from omnichannel.router.desk import by_staff

ChannelOf = Callable[[str], Channel | None]

LAST_ROUNDS = 50
WORDS = 800  # characters of the citizen's own; short enough for every channel's limit
ON_THE_WAY = (Delivery.QUEUED, Delivery.SENDING)
MAY_HAVE_READ = (Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.UNSURE)


def raise_alarm(
    work: Work,
    office: Office,
    conversation: Conversation,
    message: Message,
    *,
    place: str | None,
    capabilities: Capabilities | None,
    now: datetime,
) -> Alarm | None:
    """One alarm a conversation until it is acknowledged; the citizen hears "hubungi 112" at once, and once.

    A message whose sender was told already raises no second alarm: an edit of it, judged anew, is no new danger.
    """
    told = f"112:{message.id}"
    if work.messages.by_client_key(told) is not None:
        return None
    contact = work.contacts.get(message.contact_id or conversation.contact_id)
    alarm = work.alarms.raise_(
        conversation_id=conversation.id,
        message_id=message.id,
        at=now,
        text=message.text,
        place=place,
        sender=contact.label if contact else "Warga",
        channel=conversation.channel,
    )
    if alarm is None:
        return None
    text = office.notice("darurat")
    notify(work, conversation, text, key=told, capabilities=capabilities, now=now, urgent=True, to=message)
    fresh = work.conversations.get(conversation.id) or conversation
    work.conversations.save(fresh, replace(fresh, urgent=True))
    where, words = conversation.id, mask(message.text)[:200]
    work.note(MACHINE, "alarm", "alarm", alarm.id, at=now, conversation_id=where, why=words)
    work.jobs.put("alarm", {"alarm": alarm.id}, key=f"alarm:{alarm.id}:0", run_at=now)
    work.ring("alarm")
    return alarm


def tell_desk(work: Work, office: Office, alarm_id: int, channel_of: ChannelOf, now: datetime) -> bool:
    """Tell every duty contact once, and set the next round; False once somebody has acknowledged."""
    alarm = work.alarms.get(alarm_id)
    if alarm is None or alarm.acknowledged_at is not None:
        return False
    for duty in office.alarm_contacts:
        channel = channel_of(duty.account)
        if channel is not None:
            _tell(work, office, alarm, duty, channel, now)
    work.alarms.told(alarm.id, now)
    again = now + timedelta(minutes=office.alarm_repeat_minutes)
    work.jobs.put("alarm", {"alarm": alarm.id}, key=f"alarm:{alarm.id}:{alarm.told + 1}", run_at=again)
    return True


def acknowledge(work: Work, staff: Staff, alarm_id: int, *, now: datetime) -> Alarm:
    """Somebody has it in hand; the telling stops, and everybody sees who. NotFound."""
    return _acknowledged(work, alarm_id, by_staff(staff), staff.name, now)


def acknowledged_by_contact(work: Work, office: Office, message: Message, now: datetime) -> bool:
    """A duty contact who answers on their own channel has acknowledged: the alarm they answer to, else every alarm that
    they can have read. One that has not left yet goes on being told.

    True when this message came from a duty contact: it is no citizen's message and is not routed.
    """
    contact = work.contacts.get(message.contact_id) if message.contact_id else None
    duty = next((one for one in office.alarm_contacts if contact is not None and _is(one, contact)), None)
    if duty is None:
        return False
    read = [alarm for alarm in work.alarms.open() if _can_have_read(work, alarm, duty, message)]
    meant = [alarm for alarm in read if message.reply_to and _answers(work, alarm, duty, message)]
    for alarm in meant or read:
        _acknowledged(work, alarm.id, Actor(f"duty:{duty.address}", duty.name), duty.name, now)
    _off_the_list(work, message.conversation_id)
    return True


def _acknowledged(work: Work, alarm_id: int, actor: Actor, by: str, now: datetime) -> Alarm:
    alarm = work.alarms.get(alarm_id)
    if alarm is None:
        raise NotFound("Alarm itu tidak ada.")
    if work.alarms.acknowledge(alarm_id, by, now):
        where = alarm.conversation_id
        work.note(actor, "alarm_acknowledged", "alarm", alarm_id, at=now, conversation_id=where, after=by)
        conversation = work.conversations.get(where)
        if conversation is not None:
            work.conversations.save(conversation, replace(conversation, urgent=False))
    return work.alarms.get(alarm_id) or alarm


def _tell(work: Work, office: Office, alarm: Alarm, duty: AlarmContact, channel: Channel, now: datetime) -> None:
    """An ordinary outbox row in the duty contact's own conversation, so that its ticks are seen like any other's.

    While an earlier round still waits to leave (a broken account), another one would only swell the flood afterwards.
    """
    if any(one.delivery in ON_THE_WAY for one in _rounds(work, alarm, duty)):
        return
    key = _key(alarm, duty, alarm.told)
    person = work.contacts.meet(duty.account, channel, Author(id=duty.address, name=duty.name), now)
    conversation = work.conversations.find(duty.account, duty.address, Surface.DIRECT) or work.conversations.add(
        account=duty.account,
        channel=channel,
        surface=Surface.DIRECT,
        external_id=duty.address,
        contact_id=person.id,
        at=now,
        subject="Darurat 112",
    )
    message = work.messages.add(
        conversation_id=conversation.id,
        account=duty.account,
        external_id=f"out:{key}",
        direction=Direction.OUT,
        text=_words(work, office, alarm),
        sent_at=now,
        arrived_at=now,
        contact_id=person.id,
        subject="Darurat 112",
        automatic=True,
        delivery=Delivery.QUEUED,
        client_key=key,
    )
    queue_urgent(work, message, now)


def _words(work: Work, office: Office, alarm: Alarm) -> str:
    """The alarm as the desk reads it, with what the citizen has added since: the address often comes second."""
    later = work.messages.thread(alarm.conversation_id, after_id=alarm.message_id, limit=20)
    added = [one.text for one in later if one.direction is Direction.IN and one.text.strip()]
    said = "\n".join([alarm.text, *added[-3:]])
    return office.notice(
        "piket",
        tempat=alarm.place or "tidak disebut",
        pengirim=alarm.sender[:80],
        kanal=STANZAS[alarm.channel].word,
        pesan=said if len(said) <= WORDS else said[: WORDS - 1] + "…",
        ke=str(alarm.told + 1),
        tautan=f"{office.public_url}/kotak/semua/{alarm.conversation_id}",
    )


def _key(alarm: Alarm, duty: AlarmContact, round_: int) -> str:
    return f"alarm:{alarm.id}:{round_}:{duty.account}:{duty.address}"


def _is(duty: AlarmContact, contact: Contact) -> bool:
    return duty.account == contact.account and duty.address.casefold() == contact.external_id.casefold()


def _rounds(work: Work, alarm: Alarm, duty: AlarmContact) -> list[Message]:
    """What this contact was told of this alarm."""
    rounds = range(max(0, alarm.told - LAST_ROUNDS), alarm.told)
    told = (work.messages.by_client_key(_key(alarm, duty, round_)) for round_ in rounds)
    return [one for one in told if one is not None]


def _can_have_read(work: Work, alarm: Alarm, duty: AlarmContact, answer: Message) -> bool:
    return any(
        one.delivery in MAY_HAVE_READ and one.arrived_at <= answer.arrived_at for one in _rounds(work, alarm, duty)
    )


def _answers(work: Work, alarm: Alarm, duty: AlarmContact, answer: Message) -> bool:
    return any(answer.reply_to in (one.external_id, one.message_id) for one in _rounds(work, alarm, duty))


def _off_the_list(work: Work, conversation_id: int) -> None:
    """The 112 desk's own thread is nobody's unread mail."""
    conversation = work.conversations.get(conversation_id)
    if conversation is not None:
        after = replace(conversation, unread=0, state=ConversationState.WAITING, needs_person=False)
        work.conversations.save(conversation, after)
