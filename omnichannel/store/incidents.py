"""Many citizens, one event: found by topic, place and time along an index, never by reading everything."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.incident import Earlier, Incident, IncidentState, Member, Neighbour, Part, Told
from omnichannel.domain.study import Reading
from omnichannel.store.hot import Hot
from omnichannel.store.shelf import Row, Shelf, b, on_both
from omnichannel.store.study import READING, reading_of
from omnichannel.store.tables import cases, incident_members, incidents, messages, readings

i, m, r, k, w = incidents.c, incident_members.c, readings.c, cases.c, messages.c
INCIDENT = (i.id, i.topic, i.state, i.title, i.opened_at, i.last_at, i.kecamatan, i.desa)
MEMBER = (m.incident_id, m.conversation_id, m.message_id, m.state, m.likeness, m.at, m.answered_at, m.unanswered)
NEAR = (
    sa.select(m.state.label("part"), *INCIDENT, *READING)
    .select_from(
        readings.outerjoin(incident_members, m.conversation_id == r.conversation_id).outerjoin(
            incidents, i.id == m.incident_id
        )
    )
    .where(r.topic == b("topic"), r.at >= b("since"), r.at <= b("until"))
    .order_by(r.at.desc(), r.message_id.desc(), i.id)
    .limit(b("limit"))
)
PAST = (
    sa.select(r.conversation_id, r.message_id, r.gist)
    .where(r.topic == b("topic"), r.at < b("before"))
    .order_by(r.at.desc(), r.message_id.desc())
    .limit(b("limit"))
)
PAST_THERE = (
    sa.select(r.conversation_id, r.message_id, r.gist)
    .where(r.topic == b("topic"), r.kecamatan == b("kecamatan"), r.at < b("before"))
    .order_by(r.at.desc(), r.message_id.desc())
    .limit(b("limit"))
)
PAST_HOT, PAST_THERE_HOT = Hot(PAST), Hot(PAST_THERE)
OF_IT = k.conversation_id == b("conversation", k.conversation_id.type)
TOLD = Hot(
    sa.select(
        w.text,
        w.withdrawn_at,
        sa.select(k.number).where(OF_IT, k.message_id == w.id).order_by(k.id).limit(1).scalar_subquery(),
        sa.exists().where(OF_IT, sa.or_(k.secret, k.anonymous)),
    ).where(w.id == b("id"))
)
LAST_READING = Hot(
    sa.select(*READING).where(r.conversation_id == b("id")).order_by(r.message_id.desc()).limit(1)
)  # fmt: skip
GET = sa.select(*INCIDENT).where(i.id == b("id"))
LISTED = (
    sa.select(*INCIDENT)
    .where(i.state.in_(sa.bindparam("p_states", expanding=True)))
    .order_by(i.last_at.desc(), i.id.desc())
    .limit(b("limit"))
)
OFFERED = sa.select(sa.func.count()).where(i.state == "offered")
MEMBERS = sa.select(*MEMBER).where(m.incident_id == b("id")).order_by(m.at, m.conversation_id)
OF = Hot(
    sa.select(*INCIDENT, *MEMBER)
    .select_from(incident_members.join(incidents, i.id == m.incident_id))
    .where(m.conversation_id == b("id"))
    .order_by(i.id.desc())
)
STATE = sa.update(incidents).where(i.id == b("id")).values(state=b("state"))
SEEN = sa.update(incidents).where(i.id == b("id"), i.last_at < b("at")).values(last_at=b("at"))
SEEN_BEFORE = sa.update(incidents).where(i.id == b("id"), i.opened_at > b("at")).values(opened_at=b("at"))


def _putting(insert: Any, table: sa.Table) -> sa.Executable:
    statement = insert(table)
    keys = ("incident_id", "conversation_id")
    new = {name: column for name, column in statement.excluded.items() if name not in keys}
    result: sa.Executable = statement.on_conflict_do_update(index_elements=keys, set_=new)
    return result


PUT = on_both(_putting, incident_members)


def _incident(row: Row | Sequence[Any]) -> Incident:
    id_, topic, state, title, opened_at, last_at, kecamatan, desa = row
    return Incident(
        id=id_,
        topic=topic,
        state=IncidentState(state),
        title=title,
        opened_at=opened_at,
        last_at=last_at,
        kecamatan=kecamatan,
        desa=desa,
    )


def _member(row: Row | Sequence[Any]) -> Member:
    incident_id, conversation_id, message_id, part, likeness, at, answered_at, unanswered = row
    return Member(
        incident_id=incident_id,
        conversation_id=conversation_id,
        message_id=message_id,
        part=Part(part),
        likeness=likeness,
        at=at,
        answered_at=answered_at,
        unanswered=unanswered,
    )


class IncidentsShelf(Shelf):
    """Fits `domain.incident.Incidents`."""

    def near(self, topic: str, since: datetime, until: datetime, limit: int) -> list[Neighbour]:
        asked = {"p_topic": topic, "p_since": since, "p_until": until, "p_limit": limit}
        cut = 1 + len(INCIDENT)
        found: dict[int, Neighbour] = {}
        for row in self.run(NEAR, asked):
            one = reading_of(row[cut:])
            # Of several incidents the youngest, which comes last, tells where it stands.
            belongs = () if row[0] is None else (_incident(row[1:cut]), Part(row[0]))
            found[one.message_id] = Neighbour(one, *belongs)
        return list(found.values())

    def past(self, topic: str, kecamatan: str | None, before: datetime, limit: int) -> list[Earlier]:
        asked = {"p_topic": topic, "p_before": before, "p_limit": limit}
        if kecamatan is not None:
            return [Earlier(*row) for row in self.hand.ask(PAST_THERE_HOT, asked | {"p_kecamatan": kecamatan})]
        return [Earlier(*row) for row in self.hand.ask(PAST_HOT, asked)]

    def told(self, conversation_id: int, message_id: int) -> Told | None:
        row = self.ask(TOLD, {"p_conversation": conversation_id, "p_id": message_id})
        return None if row is None else Told(*row)

    def reading_of(self, conversation_id: int) -> Reading | None:
        row = self.ask(LAST_READING, {"p_id": conversation_id})
        return None if row is None else reading_of(row)

    def open(self, topic: str, kecamatan: str | None, desa: str | None, title: str, at: datetime) -> Incident:
        facts = {"topic": topic, "kecamatan": kecamatan, "desa": desa, "title": title, "opened_at": at, "last_at": at}
        row = self.run(sa.insert(incidents).returning(i.id), facts | {"state": "offered"}).one()
        return Incident(id=row[0], state=IncidentState.OFFERED, **facts)  # type: ignore[arg-type]

    def get(self, incident_id: int) -> Incident | None:
        row = self.run(GET, {"p_id": incident_id}).first()
        return None if row is None else _incident(row)

    def set_state(self, incident_id: int, state: IncidentState) -> None:
        self.run(STATE, {"p_id": incident_id, "p_state": state.value})

    def seen(self, incident_id: int, at: datetime) -> None:
        self.run(SEEN, {"p_id": incident_id, "p_at": at})
        self.run(SEEN_BEFORE, {"p_id": incident_id, "p_at": at})  # an old message may arrive late

    def listed(self, states: Sequence[IncidentState], limit: int = 100) -> list[Incident]:
        asked = {"p_states": [state.value for state in states], "p_limit": limit}
        return [_incident(row) for row in self.run(LISTED, asked)]

    def offered(self) -> int:
        return int(self.run(OFFERED).scalar_one())

    def put(self, member: Member) -> None:
        row = {
            "incident_id": member.incident_id,
            "conversation_id": member.conversation_id,
            "message_id": member.message_id,
            "state": member.part.value,
            "likeness": member.likeness,
            "at": member.at,
            "answered_at": member.answered_at,
            "unanswered": member.unanswered,
        }
        self.run(PUT[self.dialect], row)

    def members(self, incident_id: int) -> list[Member]:
        return [_member(row) for row in self.run(MEMBERS, {"p_id": incident_id})]

    def of(self, conversation_id: int) -> list[tuple[Incident, Member]]:
        cut = len(INCIDENT)
        return [(_incident(row[:cut]), _member(row[cut:])) for row in self.hand.ask(OF, {"p_id": conversation_id})]
