"""Danger to life: open until somebody acknowledges, and on top of every list while it is."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.channel import Channel
from omnichannel.domain.work import Alarm
from omnichannel.store.shelf import Row, Shelf, b, insert_or_skip
from omnichannel.store.tables import alarms, conversations

a = alarms.c
ALARM = (
    a.id, a.conversation_id, a.message_id, a.at, a.text, a.place, a.sender, a.channel, a.told, a.told_at,
    a.acknowledged_at, a.acknowledged_by,
)  # fmt: skip
RAISE = insert_or_skip(alarms, a.id)
GET = sa.select(*ALARM).where(a.id == b("id"))
OPEN = sa.select(*ALARM).where(a.acknowledged_at.is_(None)).order_by(a.id)
TOLD = sa.update(alarms).where(a.id == b("id")).values(told=a.told + 1, told_at=b("at"))
ACKNOWLEDGE = (
    sa.update(alarms)
    .where(a.id == b("id"), a.acknowledged_at.is_(None))
    .values(acknowledged_at=b("at"), acknowledged_by=b("by"))
    .returning(a.conversation_id)
)
MARK = (
    sa.update(conversations).where(conversations.c.id == b("id")).values(alarm_id=b("alarm"), calm=b("calm"))
)  # fmt: skip


def _alarm(row: Row) -> Alarm:
    id_, conversation_id, message_id, at, text, place, sender, channel, told, told_at, seen_at, seen_by = row
    return Alarm(
        id=id_,
        conversation_id=conversation_id,
        message_id=message_id,
        at=at,
        text=text,
        place=place,
        sender=sender,
        channel=Channel(channel),
        told=told,
        told_at=told_at,
        acknowledged_at=seen_at,
        acknowledged_by=seen_by,
    )


class AlarmsShelf(Shelf):
    """At most one open alarm a conversation: the database's own UNIQUE says so."""

    def raise_(
        self,
        *,
        conversation_id: int,
        message_id: int,
        at: datetime,
        text: str,
        place: str | None,
        sender: str,
        channel: Channel,
    ) -> Alarm | None:
        stated: dict[str, Any] = {"conversation_id": conversation_id, "message_id": message_id, "at": at}
        stated |= {"text": text, "place": place, "sender": sender, "channel": channel}
        row = self.run(RAISE[self.dialect], stated).first()
        if row is None:
            return None
        self.run(MARK, {"p_id": conversation_id, "p_alarm": row[0], "p_calm": 0})
        return Alarm(id=row[0], **stated)

    def get(self, alarm_id: int) -> Alarm | None:
        row = self.run(GET, {"p_id": alarm_id}).first()
        return None if row is None else _alarm(row)

    def open(self) -> list[Alarm]:
        return [_alarm(row) for row in self.run(OPEN)]

    def told(self, alarm_id: int, at: datetime) -> None:
        self.run(TOLD, {"p_id": alarm_id, "p_at": at})

    def acknowledge(self, alarm_id: int, by: str, at: datetime) -> bool:
        row = self.run(ACKNOWLEDGE, {"p_id": alarm_id, "p_by": by, "p_at": at}).first()
        if row is None:
            return False
        self.run(MARK, {"p_id": row[0], "p_alarm": None, "p_calm": 1})
        return True
