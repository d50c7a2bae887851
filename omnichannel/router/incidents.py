"""Many citizens, one event: the machine offers it, a person confirms, leaves out, closes. Nobody's case is touched by it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from omnichannel.domain.case import Kind
from omnichannel.domain.errors import Conflict, NotFound
from omnichannel.domain.incident import Incident, IncidentState, Member, Neighbour, Part
from omnichannel.domain.people import Staff
from omnichannel.domain.study import Reading
from omnichannel.domain.verdict import NO_TOPIC
from omnichannel.domain.work import MACHINE, Message, Work
from omnichannel.router.alike import nearest
from omnichannel.router.decide import SUPERVISION_TOPICS
from omnichannel.router.desk import by_staff
from omnichannel.router.opening import title_of

WITHIN = timedelta(hours=36)  # of each other; the next day's rain is another flood
LOOKED_AT = 120  # messages of that topic and time
FEWEST = 3  # citizens
# How near in words, by how near in place: the same village asks for little, an unknown place for much.
SAME_DESA, SAME_KECAMATAN, UNKNOWN = 0.10, 0.18, 0.40


def watch(work: Work, message: Message, reading: Reading) -> Incident | None:
    """After a message was read: does it speak of what others speak of? Complaints about officials are nobody's event."""
    if reading.kind is Kind.ASPIRATION or reading.topic in (NO_TOPIC, *SUPERVISION_TOPICS):
        return None
    if any(incident.state.open for incident, _ in work.incidents.of(reading.conversation_id)):
        return None
    near = work.incidents.near(reading.topic, reading.at - WITHIN, reading.at + WITHIN, LOOKED_AT)
    alike = _alike(reading, near)
    joined = next((one for one, _ in alike if one.incident is not None and one.incident.state.open), None)
    if joined is not None and joined.incident is not None:
        incident = joined.incident
        _put(work, incident, reading, max(how for _, how in alike))
        work.incidents.seen(incident.id, reading.at)
        return incident
    fresh = [(one, how) for one, how in alike if one.incident is None]
    citizens = {one.reading.contact_id for one, _ in fresh} | {reading.contact_id}
    if len(citizens) < FEWEST:
        return None
    where = next((one.reading for one, _ in fresh if one.reading.desa), reading)
    began = min([reading.at, *(one.reading.at for one, _ in fresh)])
    incident = work.incidents.open(
        reading.topic, where.kecamatan or reading.kecamatan, where.desa, title_of(message), began
    )
    work.incidents.seen(incident.id, max([reading.at, *(one.reading.at for one, _ in fresh)]))
    for one, how in fresh:
        _put(work, incident, one.reading, how)
    _put(work, incident, reading, max(how for _, how in fresh))
    work.note(MACHINE, "incident_offered", "incident", incident.id, at=reading.at, after=reading.topic)
    return incident


def decide(work: Work, staff: Staff, incident_id: int, chosen: Collection[int], *, now: datetime) -> Incident:
    """A person has looked: the chosen conversations are part of it, the others are not."""
    incident = _of(work, incident_id)
    if not incident.state.open:
        raise Conflict("Peristiwa ini sudah ditutup.")
    for member in work.incidents.members(incident_id):
        part = Part.IN if member.conversation_id in chosen else Part.OUT
        if member.part is not part and member.answered_at is None:
            work.incidents.put(replace(member, part=part))
            verb = "incident_joined" if part is Part.IN else "incident_left"
            where = member.conversation_id
            work.note(
                by_staff(staff), verb, "incident", incident_id, at=now, conversation_id=where, after=incident.title
            )
    if incident.state is IncidentState.OFFERED:
        _move(work, staff, incident, IncidentState.CONFIRMED, now)
    return _of(work, incident_id)


def end(work: Work, staff: Staff, incident_id: int, *, now: datetime) -> Incident:
    """Over, or none at all: nothing joins it any more. Cases go on, each by itself."""
    incident = _of(work, incident_id)
    if incident.state.open:
        offered = incident.state is IncidentState.OFFERED
        _move(work, staff, incident, IncidentState.DISMISSED if offered else IncidentState.CLOSED, now)
    return _of(work, incident_id)


def to_answer(work: Work, incident_id: int) -> list[Member]:
    """Those who are part of it and have not had the answer yet."""
    incident = _of(work, incident_id)
    if incident.state is not IncidentState.CONFIRMED:
        raise Conflict("Pastikan dulu siapa yang termasuk peristiwa ini, lalu jawab.")
    return [one for one in work.incidents.members(incident_id) if one.part is Part.IN]


def told(work: Work, member: Member, now: datetime, why_not: str | None = None) -> None:
    """The one answer is in this citizen's outbox, or why it is not."""
    answered = now if why_not is None else member.answered_at
    work.incidents.put(replace(member, answered_at=answered, unanswered=why_not))


def _alike(reading: Reading, near: list[Neighbour]) -> list[tuple[Neighbour, float]]:
    """Other citizens' messages near enough in words for how near they are in place, each citizen once, likest first."""
    others = [one for one in near if one.reading.contact_id != reading.contact_id and one.part is not Part.OUT]
    others = [one for one in others if one.reading.kind is not Kind.ASPIRATION and _asked(reading, one.reading) <= 1]
    scored = zip(others, nearest(reading.gist, [one.reading.gist for one in others]), strict=True)
    enough = sorted((pair for pair in scored if pair[1] >= _asked(reading, pair[0].reading)), key=lambda pair: -pair[1])
    seen: dict[int | None, tuple[Neighbour, float]] = {}
    for one, how in enough:
        seen.setdefault(one.reading.contact_id, (one, how))
    return list(seen.values())


def _asked(one: Reading, other: Reading) -> float:
    """The likeness that their places ask for; more than 1 can never be."""
    if one.desa and other.desa and one.desa == other.desa:
        return SAME_DESA
    if one.kecamatan is None or other.kecamatan is None:
        return UNKNOWN
    if one.kecamatan != other.kecamatan:
        return 2.0
    return SAME_KECAMATAN


def _put(work: Work, incident: Incident, reading: Reading, how: float) -> None:
    member = Member(
        incident_id=incident.id,
        conversation_id=reading.conversation_id,
        message_id=reading.message_id,
        part=Part.SUGGESTED,
        likeness=round(how, 3),
        at=reading.at,
    )
    work.incidents.put(member)


def _move(work: Work, staff: Staff, incident: Incident, state: IncidentState, now: datetime) -> None:
    work.incidents.set_state(incident.id, state)
    verb = f"incident_{state.value}"
    work.note(by_staff(staff), verb, "incident", incident.id, at=now, before=incident.state.value, after=state.value)


def _of(work: Work, incident_id: int) -> Incident:
    incident = work.incidents.get(incident_id)
    if incident is None:
        raise NotFound("Peristiwa itu tidak ada.")
    return incident
