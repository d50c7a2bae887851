"""Many citizens, one event: offered when enough of them write alike, decided by people, and never more than that."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from omnichannel.domain.case import Kind
from omnichannel.domain.errors import Conflict
from omnichannel.domain.incident import Incident, IncidentState, Part
from omnichannel.domain.people import Staff
from omnichannel.domain.verdict import Area, Place
from omnichannel.domain.work import Work
from omnichannel.inbox.reply import reply
from omnichannel.router.alike import nearest
from omnichannel.router.incidents import decide, end, to_answer, told
from omnichannel.router.precedents import Precedent, precedents
from omnichannel.router.trials import LONGEST_GIST
from omnichannel.store.database import SqlStore
from omnichannel.store.incidents import NEAR, PAST, PAST_THERE
from tests.build import an_author
from tests.desk import a_classifier
from tests.house import HandClock
from tests.plug import OPEN
from tests.router.conftest import Judge, Write

SOUTH = Place(Area("64.08.05", "Sangatta Selatan"), None)
NORTH = Place(Area("64.08.04", "Sangatta Utara"), None)


class Town:
    """Citizens write, each under their own name, and the real reader reads them."""

    def __init__(self, store: SqlStore, write: Write, judge: Judge) -> None:
        self.store, self.write, self.judge = store, write, judge
        self.n = 0

    async def says(self, text: str, place: Place | None = SOUTH, who: str = "", **facts: Any) -> int:
        """Returns the conversation."""
        self.n += 1
        name = who or f"warga-{self.n}"
        message = await self.write(text, conversation=f"utas-{self.n}", author=an_author(id=name), **facts)
        verdict = replace(
            a_classifier().classify(text), topic="drainase_banjir", kind=Kind.COMPLAINT, place=place, urgent=False
        )
        await self.judge(message, verdict)
        return message.conversation_id

    async def incidents(self) -> list[Incident]:
        return await self.store.read(lambda work: work.incidents.listed(tuple(IncidentState)))

    async def members(self, incident: Incident) -> dict[int, Part]:
        found = await self.store.read(lambda work: work.incidents.members(incident.id))
        return {one.conversation_id: one.part for one in found}


@pytest.fixture
def town(quick_store: SqlStore, write: Write, judge: Judge) -> Town:
    return Town(quick_store, write, judge)


FLOOD = (
    "Banjir di Sangatta Selatan sudah masuk rumah, air setinggi lutut",
    "air banjir masuk rumah kami min, sudah setinggi lutut",
    "Tolong banjir Sangatta Selatan airnya naik terus sampai masuk rumah",
)


async def test_three_citizens_of_one_flood_are_offered_as_one_incident(town: Town) -> None:
    where = [await town.says(text) for text in FLOOD[:2]]
    assert await town.incidents() == []

    where.append(await town.says(FLOOD[2]))
    later = await town.says("banjirnya masuk rumah juga di gang kami")

    (incident,) = await town.incidents()
    assert (incident.state, incident.topic, incident.kecamatan) == (
        IncidentState.OFFERED,
        "drainase_banjir",
        "64.08.05",
    )
    assert await town.members(incident) == dict.fromkeys([*where, later], Part.SUGGESTED)


async def test_one_citizen_who_writes_three_times_is_no_event(town: Town) -> None:
    for text in FLOOD:
        await town.says(text, who="yang sama")

    assert await town.incidents() == []


async def test_another_place_another_day_and_other_words_are_another_matter(town: Town, clock: HandClock) -> None:
    await town.says(FLOOD[0])
    await town.says(FLOOD[1], NORTH)
    await town.says("Parit depan sekolah penuh semak dan nyamuk", SOUTH)
    clock.advance(timedelta(hours=40))
    await town.says(FLOOD[2])

    assert await town.incidents() == []


async def test_an_unknown_place_asks_for_nearly_the_same_words(town: Town) -> None:
    for text in FLOOD[:2]:
        await town.says(text, None)
    await town.says("kapan genangan ini surut", None)

    assert await town.incidents() == []


async def test_a_person_decides_who_belongs_and_whoever_was_left_out_stays_out(
    town: Town, staff: Staff, clock: HandClock
) -> None:
    where = [await town.says(text) for text in FLOOD]
    (incident,) = await town.incidents()

    await town.store.write(lambda work: decide(work, staff, incident.id, set(where[:2]), now=clock.now()))
    fourth = await town.says("banjir masuk rumah setinggi lutut")

    assert await town.members(incident) == {
        where[0]: Part.IN,
        where[1]: Part.IN,
        where[2]: Part.OUT,
        fourth: Part.SUGGESTED,
    }
    (after,) = await town.incidents()
    assert after.state is IncidentState.CONFIRMED
    verbs = [one.verb for one in await town.store.read(lambda work: work.screens.happened(0, 500))]
    assert verbs.count("incident_joined") == 2
    assert verbs.count("incident_left") == 1
    assert verbs.count("incident_confirmed") == 1


async def test_only_a_confirmed_incident_is_answered_and_each_citizen_once(
    town: Town, staff: Staff, clock: HandClock
) -> None:
    where = [await town.says(text) for text in FLOOD]
    (incident,) = await town.incidents()
    with pytest.raises(Conflict):
        await town.store.read(lambda work: to_answer(work, incident.id))
    await town.store.write(lambda work: decide(work, staff, incident.id, set(where), now=clock.now()))
    first, second, _ = await town.store.read(lambda work: to_answer(work, incident.id))

    await town.store.write(lambda work: told(work, first, clock.now()))
    await town.store.write(lambda work: told(work, second, clock.now(), "Jendela 24 jam sudah tertutup."))

    members = {one.conversation_id: one for one in await town.store.read(lambda work: to_answer(work, incident.id))}
    assert members[where[0]].answered_at == clock.now()
    assert members[where[1]].answered_at is None
    assert members[where[1]].unanswered == "Jendela 24 jam sudah tertutup."


async def test_what_was_no_event_is_not_offered_again_by_the_same_messages(
    town: Town, staff: Staff, clock: HandClock
) -> None:
    for text in FLOOD:
        await town.says(text)
    (incident,) = await town.incidents()
    await town.store.write(lambda work: end(work, staff, incident.id, now=clock.now()))

    await town.says(FLOOD[0])

    assert [one.state for one in await town.incidents()] == [IncidentState.DISMISSED]


async def precedents_of(town: Town, where: int, *, may: bool = True) -> list[Precedent]:
    conversation = await town.store.read(lambda work: work.conversations.get(where))
    assert conversation is not None
    return await town.store.read(lambda work: precedents(work, conversation, lambda _: may))


async def test_similar_past_cases_come_with_their_answers_and_without_personal_data(
    town: Town, staff: Staff, clock: HandClock
) -> None:
    before = await town.says("Parit di Gang Mawar tersumbat sampah, NIK saya 6408041203880001")
    await town.says("Gorong-gorong runtuh di pasar")
    clock.advance(timedelta(hours=1))
    answer = "Parit sudah dikeruk. Hubungi Budi 081234567890 bila tersumbat lagi."
    facts: dict[str, Any] = {"key": "k1", "capabilities": OPEN, "now": clock.now()}
    await town.store.write(lambda work: reply(work, staff, before, answer, **facts))
    clock.advance(timedelta(days=30))
    now = await town.says("parit depan rumah tersumbat sampah lagi")

    (found,) = await precedents_of(town, now)

    assert found.conversation_id == before
    assert "dikeruk" in found.answered
    assert "6408041203880001" not in found.asked
    assert "081234567890" not in found.answered
    assert await precedents_of(town, now, may=False) == []


async def test_no_number_or_address_is_kept_among_the_words(town: Town) -> None:
    where = await town.says("Banjir, NIK 6408041203880001, hubungi 081234567890 atau budi@contoh.example")

    reading = await town.store.read(lambda work: work.incidents.reading_of(where))

    assert reading is not None
    assert "banjir" in reading.gist
    assert not {"6408041203880001", "081234567890"} & set(reading.gist.split())
    assert "@" not in reading.gist


def test_likeness_is_a_share_and_rare_words_count_more() -> None:
    gist = "banjir masuk rumah lutut"
    same, near, none, empty = nearest(gist, [gist, "banjir masuk pasar", "lampu jalan mati", ""])

    assert same == pytest.approx(1.0)
    assert 0 < near < 1
    assert none == empty == 0.0
    assert nearest("", ["apa saja"]) == [0.0]
    assert LONGEST_GIST > 10


@pytest.mark.parametrize("statement", [NEAR, PAST, PAST_THERE])
async def test_candidates_come_along_an_index_however_many_years_there_are(
    quick_store: SqlStore, statement: sa.Select[*tuple[object, ...]]
) -> None:
    def question(work: Work) -> list[str]:
        connection: sa.Connection = work.connection  # type: ignore[attr-defined]
        text = str(statement.compile(dialect=connection.dialect))
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (0,) * text.count("?"))
        return [row[-1] for row in rows]

    steps = await quick_store.read(question)

    assert any("SEARCH readings USING INDEX ix_readings_" in step for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps
